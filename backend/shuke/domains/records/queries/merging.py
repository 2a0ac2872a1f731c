"""Reads of merges: both archives side by side, what would move, and the merges of a customer."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from msgspec import Struct

from shuke.domains.customers import queries as customers
from shuke.domains.customers.queries.view import PHONE, PHONE_ID
from shuke.domains.customers.rules import PROFILE
from shuke.domains.identity.service import allow
from shuke.domains.identity.types import Actor
from shuke.domains.records.rules import merging as rules
from shuke.domains.records.types.merging import Merge, Origin, Said
from shuke.kit import clock, codec, db
from shuke.kit.errors import Refusal

FIELDS = (*PROFILE, "phone", "guide_id")
"""What a merge may take from either archive, beside the values of head office's own fields."""

CUSTOM = "values."
"""What the name of such a field begins with."""

COLUMNS = (*(f"c.{name}" for name in PROFILE), PHONE, "c.guide_id")
# who said each field last, as far as the timelines tell: a file, the program or somebody; what nobody changed since is
# of the day when she was entered
SIDES = f"""
SELECT c.id, c.version, c.store_id, g.name, c.created_at, c.source = 'import', (
  SELECT jsonb_object_agg(f.name, jsonb_build_array(t.actor_id IS NOT NULL, t.at) ORDER BY t.at, t.id)
  FROM timeline_entry t CROSS JOIN jsonb_array_elements_text(t.data -> 'fields') f(name)
  WHERE t.customer_id = c.id AND t.kind = 'profile'), c.custom_values, {PHONE_ID}, {", ".join(COLUMNS)}
FROM customer c LEFT JOIN staff g ON g.id = c.guide_id
WHERE c.brand_id = $1 AND c.id = ANY($2) AND c.merged_into_id IS NULL
"""
MERGES = """
SELECT m.id, m.winner_id, m.loser_id, coalesce(l.name, l.alias), s.name, m.merged_at
FROM merge_record m JOIN customer l ON l.id = m.loser_id LEFT JOIN staff s ON s.id = m.staff_id
WHERE m.brand_id = $1 AND m.undone_at IS NULL
"""
OF = f"{MERGES} AND m.winner_id = ANY($2) AND m.snapshot IS NOT NULL AND m.merged_at > $3 ORDER BY m.id DESC"
ONE = f"{MERGES} AND m.id = $2"


class SideRow(Struct, frozen=True):
    """One of the two archives, field by field."""

    id: UUID
    version: int
    store_id: UUID
    guide: str | None
    custom: Mapping[str, Any]
    phone_id: UUID | None
    """of the number that is shown"""
    said: Mapping[str, Said]
    """FIELDS and custom fields -> what is on file, the phone in E.164"""


async def sides(brand_id: UUID, ids: tuple[UUID, UUID]) -> list[SideRow]:
    """Both archives in this order; one that is missing was merged away, or is not there."""
    found = {}
    for row in await db.fetch(SIDES, brand_id, list(ids)):
        key, version, store_id, guide, created_at, imported, told, custom, phone_id = row[:9]
        last, custom = codec.loads(told) if told else {}, codec.loads(custom)
        first = Origin.IMPORT if imported else Origin.STAFF
        values = dict(zip(FIELDS, row[9:], strict=True)) | {CUSTOM + name: value for name, value in custom.items()}
        said = {name: _said(name, value, last, first, created_at) for name, value in values.items()}
        found[key] = SideRow(key, version, store_id, guide, custom, phone_id, said)
    return [found[key] for key in ids if key in found]


def _said(name: str, value: Any, last: Mapping[str, Any], first: Origin, created_at: datetime) -> Said:
    by_staff, at = last.get(SCHEMA.get(name, name), (None, None))
    if at is None:
        return Said(value, first, created_at)
    return Said(value, Origin.STAFF if by_staff else Origin.IMPORT, datetime.fromisoformat(at))


SCHEMA = {"guide_id": "guideId"}
"""Columns that the schema spells otherwise."""


async def merges_of(actor: Actor, ids: list[UUID]) -> list[list[Merge]]:
    """The merges of each of these customers that can still be undone, the latest first; none for who may not undo."""
    if not can_merge(actor):
        return [[] for _ in ids]
    found: dict[UUID, list[Merge]] = {key: [] for key in ids}
    since = clock.now() - rules.UNDO_WITHIN
    for row in await db.fetch(OF, actor.brand_id, ids, since):
        found[row[1]].append(_merge(row))
    return [found[key] for key in ids]


async def merge(actor: Actor, merge_id: UUID) -> Merge | None:
    """A merge that stands, of a customer within the caller's reach."""
    reach = allow(actor, "undoMerge")
    row = await db.fetch_row(ONE, actor.brand_id, merge_id)
    view = await customers.customer(actor, row[1]) if row else None
    return _merge(row) if row and view and customers.may_touch(reach, view) else None


def _merge(row: Any) -> Merge:
    key, winner, loser, name, by, at = row
    return Merge(key, winner, loser, name, by, at, at + rules.UNDO_WITHIN)


def can_merge(actor: Actor) -> bool:
    """May this person merge anybody at all?"""
    try:
        allow(actor, "undoMerge")
    except Refusal:
        return False
    return True
