"""Pure decisions about merges: whose value holds, what a merge changed, and what its undo makes of what came since."""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from shuke.domains.records.types.merging import Change, Origin, Said, Side, Tally

UNDO_WITHIN = timedelta(days=30)

COUNTED_ON = frozenset({"version", "field_versions"})
"""Columns that no undo takes back: a phone that has read the merged card must not take it for today's."""

BLANK = {"gender": "unknown", "source": "other"}
"""What a field holds when nobody said anything."""

LEAST = datetime.min.replace(tzinfo=UTC)

Key = tuple[str, str]
"""A table and a row's key in it, as JSON."""
Rows = Mapping[Key, Mapping[str, Any]]

COUNTED_ENTRIES = ("order", "refund", "visit", "inquiry", "consent", "merged")
"""Entries of a timeline that tell of rows which are counted elsewhere."""


def empty(field: str, value: Any) -> bool:
    return value is None or value == "" or value == BLANK.get(field)


def default_side(field: str, winner: Said, loser: Said) -> Side:
    """Whose value is proposed: the only one there is, else the more trusted, else the newer."""
    if empty(field, loser.value) or winner.value == loser.value:
        return Side.WINNER
    if empty(field, winner.value):
        return Side.LOSER
    ranks = list(Origin)
    hers, other = ((-ranks.index(said.origin), said.at or LEAST) for said in (winner, loser))
    return Side.LOSER if other > hers else Side.WINNER


def conflict(field: str, winner: Said, loser: Said) -> bool:
    """Both say something, and not the same: somebody has to look."""
    return winner.value != loser.value and not empty(field, winner.value) and not empty(field, loser.value)


def diff(before: Rows, after: Rows) -> Iterable[tuple[Key, Mapping[str, Any] | None, Mapping[str, Any] | None]]:
    """Rows that came, went or changed; of changed ones the columns that differ."""
    for key in sorted(before.keys() | after.keys()):
        old, new = before.get(key), after.get(key)
        if old is None or new is None:
            yield key, old, new
            continue
        names = [name for name in old if old[name] != new[name] and name not in COUNTED_ON]
        if names:
            yield key, {name: old[name] for name in names}, {name: new[name] for name in names}


def three_way(before: Any, after: Any, current: Any) -> Any:
    """What an undo makes of a value: what it was before, unless somebody changed it since.

    Lists of things with an id, and objects, are taken apart: only what the merge did to them is taken back.
    """
    if current == after:
        return before
    if all(isinstance(value, dict) for value in (before, after, current)):
        return _objects(before, after, current)
    if all(_things(value) for value in (before, after, current)):
        old, new = ({thing["id"]: thing for thing in value} for value in (before, after))
        kept = [thing for thing in current if thing["id"] not in new.keys() - old.keys()]
        return kept + [old[key] for key in old if key not in new and key not in {thing["id"] for thing in kept}]
    return current


def _objects(before: Mapping[str, Any], after: Mapping[str, Any], current: Mapping[str, Any]) -> dict[str, Any]:
    nothing = object()
    made = {
        name: three_way(before.get(name, nothing), after.get(name, nothing), current.get(name, nothing))
        for name in dict.fromkeys((*before, *after, *current))
    }
    return {name: value for name, value in made.items() if value is not nothing}


def _things(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(thing, dict) and "id" in thing for thing in value)


def restored(change: Change, current: Mapping[str, Any]) -> tuple[dict[str, Any], list[str]]:
    """The columns of a changed row as an undo leaves them, and those of them that stay as somebody made them since."""
    assert change.before is not None and change.after is not None
    made = {
        name: three_way(value, change.after[name], current[name])
        for name, value in change.before.items()
        if name in current
    }
    stays = (name for name in made if made[name] == current[name] != change.before[name])
    return made, [name for name in stays if name != "updated_at"]


def kind_of(table: str, row: Mapping[str, Any]) -> str | None:
    """Under which word a row is counted, in a preview and in an undo's report; None: it is not told of."""
    if table == "timeline_entry":
        return None if row["kind"] in COUNTED_ENTRIES else _entry(row["kind"])
    if table == "order":
        return "moving_refund" if row["kind"] == "refund" else "moving_order"
    if table == "dependant" and row["removed_at"]:
        return None
    return KINDS.get(table, "moving_other")


def _entry(kind: str) -> str:
    return {"note": "moving_note", "contact": "moving_contact", "profile": "moving_edit"}.get(kind, "moving_entry")


KINDS = {
    "customer_identity": "moving_number",
    "task": "moving_card",
    "customer": None,
    "customer_stats": None,
    "segment_membership": None,
    "customer_tag": "moving_tag",
    "visit": "moving_visit",
    "dependant": "moving_child",
    "consent_entry": "moving_consent",
    "customer_link": "moving_link",
    "enrolment": None,
    "duplicate_pair": None,
}
"""Tables whose rows are counted under a word of their own, or (None) not at all: nobody put them down."""


def counted(kinds: Iterable[str | None]) -> tuple[Tally, ...]:
    """How many of each kind, in the order of the words."""
    tally: dict[str, int] = {}
    for kind in kinds:
        if kind:
            tally[kind] = tally.get(kind, 0) + 1
    return tuple(Tally(kind, tally[kind]) for kind in ORDER if kind in tally)


ORDER = (
    "moving_order",
    "moving_refund",
    "moving_visit",
    "moving_note",
    "moving_contact",
    "moving_card",
    "moving_child",
    "moving_number",
    "moving_consent",
    "moving_link",
    "moving_edit",
    "moving_entry",
    "moving_tag",
    "moving_other",
)
