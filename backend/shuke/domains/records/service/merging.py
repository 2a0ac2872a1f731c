"""Use cases: look at two archives side by side, make them one, and take that back within thirty days."""

from collections.abc import Mapping
from datetime import datetime
from enum import Enum
from typing import Any
from uuid import UUID

from shuke.domains.customers import queries as customer_queries
from shuke.domains.customers import service as customers
from shuke.domains.customers.rules.profile import may_see, shows
from shuke.domains.customers.types import CustomerSource, CustomerView, Gender, TimelineKind
from shuke.domains.customers.types.profile import Field
from shuke.domains.identity.service import allow
from shuke.domains.identity.types import Actor
from shuke.domains.journeys import service as journeys
from shuke.domains.orders import service as orders
from shuke.domains.records.queries import merging as queries
from shuke.domains.records.queries.merging import CUSTOM, FIELDS, SCHEMA, SideRow
from shuke.domains.records.rules import merging as rules
from shuke.domains.records.service import snapshots
from shuke.domains.records.service.pairs import settle_pairs
from shuke.domains.records.types.merging import FieldChoice, MergePreview, Origin, Said, Side
from shuke.domains.segments import service as segments
from shuke.domains.tasks import service as tasks
from shuke.kit import clock, codec, db, events, phones
from shuke.kit.errors import ErrorCode, Refusal
from shuke.kit.ids import new_id

KEEP = """
INSERT INTO merge_record (id, brand_id, winner_id, loser_id, staff_id, merged_at, picks, snapshot)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
"""
UNSAID = Said(None, Origin.STAFF, None)
WORDS: Mapping[str, type[Enum]] = {"gender": Gender, "source": CustomerSource}


async def merge_preview(actor: Actor, winner_id: UUID, loser_id: UUID) -> MergePreview:
    """Both archives side by side, what holds of each field unless somebody picks otherwise, and what would move.

    Raises what `merge_customers` raises but for the versions.
    """
    views = await _both(actor, "mergePreview", winner_id, loser_id)
    winner, loser = await _sides(actor, winner_id, loser_id)
    rows = await snapshots.capture([loser_id])
    moves = rules.counted(rules.kind_of(table, row) for (table, _), row in rows.items())
    document = (await customer_queries.latest(actor.brand_id)).document
    roles = customer_queries.roles_at(actor, winner.store_id)
    own = {f"{CUSTOM}{one.key}": one for one in document.fields if not one.archived_at and may_see(one, roles)}
    names = [
        name
        for name in _fields(winner, loser)
        if name in own or (not name.startswith(CUSTOM) and shows(document, name, roles))
    ]
    return MergePreview(*views, tuple(_choice(name, own.get(name), winner, loser) for name in names), moves)


async def merge_customers(
    actor: Actor, winner_id: UUID, loser_id: UUID, picks: Mapping[str, Side], versions: tuple[int, int]
) -> UUID:
    """Makes the loser's archive the winner's, in one transaction; the merge's id.

    `picks`: field, as the schema spells it, -> whose value holds; what is not picked holds as the preview proposed.
    `versions`: the winner's and the loser's, as the caller saw them. Whatever knew the loser's id leads to the winner.
    Raises Refusal NOT_FOUND or FORBIDDEN (one of them is out of reach), INVALID (they are one already, one of them was
    merged away, a field that is none), CONFLICT (one of them has changed since).
    """
    ids = [winner_id, loser_id]
    async with db.tx():
        await hold(actor.brand_id, ids)
        await _both(actor, "mergeCustomers", winner_id, loser_id)
        winner, loser = await _sides(actor, winner_id, loser_id)
        if (winner.version, loser.version) != versions:
            raise Refusal(ErrorCode.CONFLICT, reason="merge_changed")
        values, chosen = _values(winner, loser, picks)
        before, cells, now = await snapshots.capture(ids), await segments.cells_held(ids), clock.now()
        merge_id = new_id()
        shown = loser.phone_id if "phone" in values else winner.phone_id or loser.phone_id
        values.pop("phone", None)
        await _join(actor, winner_id, loser_id, values, shown, now)
        await settle_pairs(winner_id, loser_id, actor.id, now)
        said = {"merge": merge_id}
        await customers.append_timeline(actor.brand_id, winner_id, TimelineKind.MERGED, now, actor.id, said)
        await segments.shift_counts(cells, await segments.cells_held(ids))
        taken = await snapshots.snapshot(before, await snapshots.capture(ids), winner_id)
        row = (merge_id, actor.brand_id, winner_id, loser_id, actor.id, now, codec.dumps(chosen), codec.dumps(taken))
        await db.execute(KEEP, *row)
        data = {"merge": merge_id, "loser": loser_id}
        await events.record(actor.brand_id, "customer.merged", actor.ref, ("customer", winner_id), data)
    return merge_id


async def hold(brand_id: UUID, ids: list[UUID]) -> None:
    """Keeps everybody away who writes of these two, in the order in which the others take the same locks: imports,
    tills, journeys, cells, cards, then the customers by their ids.
    """
    await customers.hold_bulk(brand_id)
    await orders.hold_orders(brand_id)
    await segments.hold_cells(brand_id)
    await journeys.hold_enrolments(brand_id, ids)
    await tasks.hold_cards(ids)
    await customers.hold_customers(brand_id, ids)


async def _both(actor: Actor, operation: str, *ids: UUID) -> tuple[CustomerView, CustomerView]:
    """Both customers, each within the reach of the operation and still an archive of her own."""
    reach = allow(actor, operation)
    if ids[0] == ids[1]:
        raise Refusal(ErrorCode.INVALID, "loserId", "merge_same")
    views = await customer_queries.customers_by_id(actor, ids)
    for view, key, name in zip(views, ids, ("winnerId", "loserId"), strict=True):
        if view is None:
            raise Refusal(ErrorCode.NOT_FOUND, name)
        if not customer_queries.may_touch(reach, view):
            raise Refusal(ErrorCode.FORBIDDEN, name)
        if view.id != key:
            raise Refusal(ErrorCode.INVALID, name, "merge_gone")
    first, second = views
    assert first and second
    return first, second


async def _sides(actor: Actor, winner_id: UUID, loser_id: UUID) -> tuple[SideRow, SideRow]:
    found = await queries.sides(actor.brand_id, (winner_id, loser_id))
    if len(found) < 2:  # merged away between two statements of a preview
        raise Refusal(ErrorCode.INVALID, "loserId", "merge_gone")
    return found[0], found[1]


def _fields(winner: SideRow, loser: SideRow) -> list[str]:
    """What can be picked; a guide only where she works."""
    plain = [name for name in FIELDS if name != "guide_id" or winner.store_id == loser.store_id]
    return plain + [f"{CUSTOM}{key}" for key in dict.fromkeys((*winner.custom, *loser.custom))]


def _choice(name: str, own: Field | None, winner: SideRow, loser: SideRow) -> FieldChoice:
    hers, other = winner.said.get(name, UNSAID), loser.said.get(name, UNSAID)
    shown = (winner.guide, loser.guide) if name == "guide_id" else (_shown(name, hers.value), _shown(name, other.value))
    return FieldChoice(
        SCHEMA.get(name, name),
        own,
        shown[0],
        shown[1],
        hers.origin,
        other.origin,
        rules.default_side(name, hers, other),
        rules.conflict(name, hers, other),
    )


def _shown(name: str, value: Any) -> Any:
    if rules.empty(name, value):
        return None
    if name.startswith(CUSTOM):
        return value
    if name == "phone":
        return phones.masked(value)
    return WORDS[name](value).name if name in WORDS else str(value)


def _values(winner: SideRow, loser: SideRow, picks: Mapping[str, Side]) -> tuple[dict[str, Any], dict[str, str]]:
    """The winner's columns that become the loser's, and whose value was taken of every field in which they differed."""
    fields = {SCHEMA.get(name, name): name for name in _fields(winner, loser)}
    for field in picks:
        if field not in fields:
            raise Refusal(ErrorCode.INVALID, "picks", "merge_field", name=field)
    values, chosen = {}, {}
    for field, name in fields.items():
        hers, other = winner.said.get(name, UNSAID), loser.said.get(name, UNSAID)
        if hers.value == other.value:
            continue
        side = picks.get(field) or rules.default_side(name, hers, other)
        chosen[field] = side.value
        if side is Side.LOSER:
            values[name] = other.value
    own = {name.removeprefix(CUSTOM): values.pop(name) for name in list(values) if name.startswith(CUSTOM)}
    if own:
        kept = {key: value for key, value in (dict(winner.custom) | own).items() if value is not None}
        values["custom_values"] = codec.dumps(kept)
    return values, chosen


async def _join(
    actor: Actor, winner_id: UUID, loser_id: UUID, values: Mapping[str, Any], phone_id: UUID | None, now: datetime
) -> None:
    """Every table as its part says: what is just relinked first, then what a room decides or computes."""
    brand_id, ids = actor.brand_id, [winner_id, loser_id]
    fields = (*(name for name in values if name != "custom_values"), "phone", *_own(values))
    await customers.absorb(brand_id, winner_id, loser_id, values, fields, now)
    await snapshots.relink(winner_id, loser_id)
    await customers.settle_merged(winner_id, loser_id, phone_id, now)
    await customers.relink_referrals(brand_id, winner_id, loser_id, now)
    await customers.join_consents(brand_id, winner_id, [loser_id])
    await orders.rebuild_stats(brand_id, ids)
    await segments.absorb(winner_id, loser_id, now)
    await tasks.absorb(winner_id, loser_id, now)
    await journeys.absorb(brand_id, winner_id, loser_id, now)
    await customers.refresh_completeness(brand_id, [winner_id])
    await customers.refresh_search(ids)


def _own(values: Mapping[str, Any]) -> list[str]:
    """The names of head office's own fields among the winner's new values."""
    return [f"{CUSTOM}{key}" for key in codec.loads(values["custom_values"])] if "custom_values" in values else []
