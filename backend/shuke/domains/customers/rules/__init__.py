"""Pure decisions: what an edit changes or clashes with, what a bulk of rows comes to, how words are cleaned."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar
from uuid import UUID

from shuke.domains.customers.rules.search import ENDING as ENDING
from shuke.domains.customers.rules.search import Sought as Sought
from shuke.domains.customers.rules.search import sought as sought
from shuke.domains.customers.rules.search import tokens as tokens
from shuke.domains.customers.types import Batch, CustomerRow, IdentityKind, Policy, RowOutcome, RowVerdict
from shuke.kit.text import clean as clean

T = TypeVar("T")

PHONE, MEMBER_NO = IdentityKind.PHONE.value, IdentityKind.MEMBER_NO.value
PROFILE = ("name", "alias", "gender", "birthday", "level", "source", "note")
"""The customer's own columns that a row of a file may fill; everything but her store, her guide and her numbers."""


SCHEMA_NAMES = {"guide_id": "guideId", "member_no": "memberNo", "referrer_id": "referrerId"}


def schema_names(fields: Iterable[str]) -> list[str]:
    """The fields as the schema spells them, in order."""
    return sorted(SCHEMA_NAMES.get(name, name) for name in fields)


def masked_name(name: str | None) -> str:
    """周••: the first character only, for stores that may not open her."""
    return f"{(name or '')[:1]}••"


@dataclass(slots=True, frozen=True)
class Merge:
    """What an edit comes to: the fields that change, and those that somebody else changed since the edit's base."""

    changes: dict[str, Any]
    clashes: list[str]


def merge(
    current: Mapping[str, Any], field_versions: Mapping[str, int], base_version: int, patch: Mapping[str, Any]
) -> Merge:
    """Field by field: the same value is no change; a value over a newer one is a clash; the rest changes."""
    different = {name: value for name, value in patch.items() if value != current[name]}
    clashes = [name for name in different if field_versions.get(name, 1) > base_version]
    return Merge({name: value for name, value in different.items() if name not in clashes}, clashes)


@dataclass(slots=True)
class Known:
    """A customer that a bulk of rows found on file."""

    store_id: UUID
    guide_id: UUID | None
    values: dict[str, Any]
    """PROFILE column -> value, enums as values"""
    member_nos: set[str]
    version: int = 1


@dataclass(slots=True)
class Draft:
    """What all rows about one customer come to, in their order."""

    customer_id: UUID
    is_new: bool
    store_id: UUID
    guide_id: UUID | None
    values: dict[str, Any]
    created_at: Any = None
    changed: set[str] = field(default_factory=set)
    identities: list[tuple[str, str, str]] = field(default_factory=list)
    """(kind, value, as it was typed) that she is not known by yet; of a new customer the first decides a race"""
    rows: list[int] = field(default_factory=list)
    before: dict[str, Any] = field(default_factory=dict)
    """of a known customer, what the columns held that changed"""
    version: int = 0
    """hers before; 0: a new one"""
    author_id: UUID | None = None
    author: str | None = None


@dataclass(slots=True)
class Plan:
    drafts: dict[UUID, Draft]
    verdicts: list[RowVerdict]


def plan(
    rows: Sequence[CustomerRow],
    spare_ids: Sequence[UUID],
    owners: Mapping[tuple[str, str], UUID],
    known: Mapping[UUID, Known],
    taken: frozenset[UUID],
    erased: Collection[tuple[str, str]] = (),
    batch: Batch | None = None,
) -> Plan:
    """What to do with the rows, in their order; a later row sees what the earlier ones of the same bulk do.

    `spare_ids`: one for each row, for a customer that it may create. `owners`: (kind, value) -> customer.
    `taken`: ids that belong to another brand. `erased`: (kind, value) of people who had their data erased.
    `batch`: what may be overwritten; None: everything.
    """
    owners, gone = dict(owners), frozenset(erased)
    made = Plan({}, [])
    members = {key: set(value.member_nos) for key, value in known.items()}
    for index, (row, spare) in enumerate(zip(rows, spare_ids, strict=True)):
        target, reason = _target(row, owners, members, taken)
        if {(MEMBER_NO, row.member_no), (PHONE, row.phone), *(number[:2] for number in row.further)} & gone:
            reason = "erased"
        if reason:
            made.verdicts.append(RowVerdict(RowOutcome.REJECTED, reason=reason))
            continue
        key = target or row.id or spare
        draft = made.drafts.get(key)
        created = target is None
        if draft is None:
            draft = made.drafts[key] = _draft(key, row, None if created else known[key])
        draft.rows.append(index)
        changed, kept = _fill(draft, row, batch)
        changed |= _identify(draft, row, owners, members)
        outcome = RowOutcome.CREATED if created else RowOutcome.UPDATED if changed else RowOutcome.UNCHANGED
        other = _another(key, row, owners)
        reason = "number_of_another" if other else None
        made.verdicts.append(RowVerdict(outcome, key, reason, tuple(sorted(kept)), other))
    return made


def fresh(row: CustomerRow, key: UUID) -> Draft:
    """What a row comes to whose numbers nobody has."""
    draft = _draft(key, row, None)
    _fill(draft, row, None)
    _identify(draft, row, {}, {})
    return draft


def _target(
    row: CustomerRow,
    owners: Mapping[tuple[str, str], UUID],
    members: Mapping[UUID, set[str]],
    taken: frozenset[UUID],
) -> tuple[UUID | None, str | None]:
    """The customer that the row is about (None: a new one), or why it cannot be told."""
    if row.id is None and row.member_no is None and row.phone is None and not row.further:
        return None, "identity_missing"
    if row.id in taken:
        return None, "id_taken"
    by_id = row.id if row.id in members else None
    by_member = owners.get((MEMBER_NO, row.member_no)) if row.member_no else None
    by_phone = owners.get((PHONE, row.phone)) if row.phone else None
    found = {key for key in (by_id, by_member, by_phone) if key}
    if len(found) > 1:
        return None, "two_archives"
    if not found:  # a number beside her first says who she is where nothing else does
        found = {owners[kind, value] for kind, value, _ in row.further if (kind, value) in owners}
        if len(found) > 1:
            return None, "two_archives"
    target = next(iter(found), None)
    if target and row.member_no and not by_member and members[target]:
        return None, "phone_of_another"  # one telephone, two member numbers: a family, not one person
    return target, None


def _draft(key: UUID, row: CustomerRow, current: Known | None) -> Draft:
    if current is None:
        blank = dict.fromkeys(PROFILE, None) | {"gender": "unknown", "source": "import"}
        draft = Draft(key, True, row.store_id, row.guide_id, blank, row.created_at)
        draft.author_id, draft.author = row.author_id, row.author
        return draft
    return Draft(key, False, current.store_id, current.guide_id, dict(current.values), version=current.version)


def _fill(draft: Draft, row: CustomerRow, batch: Batch | None) -> tuple[set[str], set[str]]:
    """Takes over what the row says: the columns that change, and those that stay though it says something else.

    A known customer's store stays, and so does her guide, if she has one.
    """
    said = {name: getattr(value, "value", value) for name in PROFILE if (value := getattr(row, name)) is not None}
    if row.birthday is not None:
        said["birthday"] = str(row.birthday)  # a day's text is canonical, too
    said |= {f"values.{key}": value for key, value in row.custom.items()}
    differs = {name for name, value in said.items() if value != draft.values.get(name)}
    changed = {name for name in differs if _may_change(draft, name, batch)}
    if not draft.is_new:
        draft.before = {name: draft.values.get(name) for name in changed} | draft.before
    draft.values.update({name: said[name] for name in changed})
    kept = differs - changed
    if draft.guide_id is None and row.guide_id is not None and row.store_id == draft.store_id:
        draft.guide_id = row.guide_id
        draft.before.setdefault("guide_id", None)
        changed.add("guide_id")
    draft.changed |= changed
    return changed, kept


NOTHING = {"gender": ("unknown",), "source": ("other", "import")}
"""Values that say as little as none."""


def _may_change(draft: Draft, name: str, batch: Batch | None) -> bool:
    """Whether a row may say something else of this column than what is on file."""
    if batch is None or draft.is_new or name in draft.changed:
        return True
    policy, current = batch.policies.get(name, batch.otherwise), draft.values.get(name)
    if policy in (Policy.TAKE, Policy.KEEP):
        return policy is Policy.TAKE
    if current is None or current in NOTHING.get(name, ()):
        return True
    return policy is Policy.OWN and batch.owned.get(draft.customer_id, {}).get(name) == current


def _identify(
    draft: Draft, row: CustomerRow, owners: dict[tuple[str, str], UUID], members: dict[UUID, set[str]]
) -> set[str]:
    """Adds the numbers of the row that nobody has yet; the names of what was added."""
    mine = members.setdefault(draft.customer_id, set())
    added = set()
    for kind, value, raw in _numbers(row):
        if value and raw and (kind, value) not in owners:
            owners[kind, value] = draft.customer_id
            draft.identities.append((kind, value, raw))
            added.add(kind)
            if kind == MEMBER_NO:
                mine.add(value)
    draft.changed |= added
    return added


def _numbers(row: CustomerRow) -> list[tuple[str, str | None, str | None]]:
    return [(MEMBER_NO, row.member_no, row.member_no), (PHONE, row.phone, row.raw_phone or row.phone), *row.further]


def _another(customer_id: UUID, row: CustomerRow, owners: Mapping[tuple[str, str], UUID]) -> UUID | None:
    """Whose a number of the row is that is not this customer's."""
    held = (owners.get((kind, value)) for kind, value, _ in _numbers(row) if value)
    return next((owner for owner in held if owner not in (None, customer_id)), None)
