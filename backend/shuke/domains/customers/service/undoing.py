"""Taking back what an import did: who came by it goes, what it changed becomes what it was, unless life went on."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum
from typing import Any, TypeAlias
from uuid import UUID

from shuke.domains.customers.rules import PROFILE
from shuke.domains.customers.service import archive
from shuke.domains.customers.service.bulk import CUSTOM
from shuke.domains.customers.service.completeness import refresh_completeness
from shuke.domains.customers.service.search import refresh_search
from shuke.domains.customers.types import RowChange
from shuke.kit import clock, codec, db, events

STANDING = f"""
SELECT c.id, c.version, c.merged_into_id, c.guide_id::text, c.custom_values,
  {", ".join(f"c.{name}" for name in PROFILE)},
  EXISTS (SELECT FROM timeline_entry t WHERE t.customer_id = c.id AND t.data->>'import' IS DISTINCT FROM $3)
FROM customer c WHERE c.brand_id = $1 AND c.id = ANY($2) ORDER BY c.id FOR UPDATE OF c
"""
REFERENCES = """
SELECT DISTINCT c.conrelid::regclass::text AS place, a.attname::text FROM pg_constraint c
JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = ANY(c.conkey)
WHERE c.contype = 'f' AND c.confrelid = 'customer'::regclass
UNION
SELECT quote_ident(table_name), column_name FROM information_schema.columns
WHERE table_schema = 'public' AND udt_name = 'uuid' AND column_name = 'customer_id'
"""
SET = """
UPDATE customer SET version = version + 1, updated_at = $2,
  custom_values = (custom_values || $4) - $5::text[]{settings},
  field_versions = field_versions || (SELECT jsonb_object_agg(f, version + 1) FROM unnest($3::text[]) AS f)
WHERE id = $1
"""
TAKE_CHILDREN = """
DELETE FROM dependant WHERE id = ANY($1) AND customer_id = ANY($2) AND version = 1 RETURNING customer_id
"""
TAKE_ENTRIES = "DELETE FROM timeline_entry WHERE customer_id = ANY($1) AND data->>'import' = $2"


class Undone(Enum):
    """What became of a customer whom an import had touched."""

    REMOVED = "removed"
    RESTORED = "restored"
    STAYED = "stayed"


@dataclass(slots=True)
class TakenBack:
    """A customer's fate; `reasons`: keys of `kit.words`, `fields`: columns that somebody changed since."""

    customer_id: UUID
    fate: Undone
    reasons: list[str] = field(default_factory=list)
    fields: list[str] = field(default_factory=list)


Loose: TypeAlias = Mapping[tuple[str, str], str]
"""(table, column that refers to a customer) -> SQL of which of its rows, as `t`, go with her and hold nobody."""
CHILD = "child"
"""Among what she is known by since, the children that came with her: kind and id."""


async def take_back(brand_id: UUID, batch_id: UUID, changes: Sequence[RowChange], loose: Loose) -> list[TakenBack]:
    """Undoes what an import did to these customers; joins the caller's transaction.

    Who came by it goes, unless anything refers to her that the import did not bring: an order, a visit, a note.
    """
    await db.lock("customers in bulk", brand_id)
    ids = [one.customer_id for one in changes]
    standing = {row[0]: row for row in await db.fetch(STANDING, brand_id, ids, str(batch_id))}
    children = [UUID(value) for one in changes for kind, value in one.identities if kind == CHILD]
    held = await _held([one.customer_id for one in changes if one.created], loose, children)
    done = [_decide(one, standing.get(one.customer_id), held) for one in changes]
    by_id = {one.customer_id: one for one in changes}
    gone = [one.customer_id for one in done if one.fate is Undone.REMOVED]
    merged = {row[0] for row in standing.values() if row[2]}
    await _take_children(brand_id, children, [key for key in ids if key not in merged and key not in held], gone)
    await _remove(gone, loose)
    heirs: list[UUID] = []
    for one in done:
        if one.fate is Undone.RESTORED or (one.fate is Undone.STAYED and not by_id[one.customer_id].created):
            heirs += await _restore(brand_id, by_id[one.customer_id], one)
    kept = [one.customer_id for one in done if one.fate is not Undone.REMOVED and not by_id[one.customer_id].created]
    await db.execute(TAKE_ENTRIES, kept, str(batch_id))
    now_otherwise = [*(key for key in kept if key in standing), *heirs]
    await refresh_search(now_otherwise)
    await refresh_completeness(brand_id, now_otherwise)
    return done


def _decide(change: RowChange, row: Any, held: set[UUID]) -> TakenBack:
    key = change.customer_id
    if row is None:  # she is gone already, by an erasure or an earlier run
        return TakenBack(key, Undone.REMOVED)
    _, version, merged_into, guide, custom, *values, more = row
    if merged_into:
        return TakenBack(key, Undone.STAYED, ["stayed_merged"])
    current = dict(zip(PROFILE, values, strict=True)) | {"guide_id": guide}
    current |= {f"{CUSTOM}{key}": value for key, value in codec.loads(custom).items()}
    if change.created:
        reasons = ["stayed_changed"] if version > change.version else []
        reasons += ["stayed_more"] if more or key in held else []
        return TakenBack(key, Undone.STAYED if reasons else Undone.REMOVED, reasons)
    changed = sorted(name for name, value in change.after.items() if current.get(name) != value)
    return TakenBack(key, Undone.STAYED if changed else Undone.RESTORED, ["stayed_changed"] if changed else [], changed)


async def _take_children(
    brand_id: UUID, children: Sequence[UUID], mothers: Sequence[UUID], gone: Sequence[UUID]
) -> None:
    """The children that came go; of mothers who are not `gone` themselves, that is news."""
    bereft = {row[0] for row in await db.fetch(TAKE_CHILDREN, children, mothers)}
    if stay := sorted(bereft.difference(gone)):
        data = {"customers": stay}
        await events.record(brand_id, "dependants.taken_back", events.SYSTEM, ("brand", brand_id), data)


async def _held(ids: Sequence[UUID], loose: Loose, children: Sequence[UUID]) -> set[UUID]:
    """Whom of these anything refers to that does not go with her. Tables that nobody told of hold as well; `children`:
    those that came with her hold nobody as long as they are as they came.
    """
    held: set[UUID] = set()
    for place, column in await db.fetch(REFERENCES) if ids else []:
        alone = loose.get((place.strip('"'), column), "false")
        if alone != "true":
            sql = f"SELECT DISTINCT {column} FROM {place} t WHERE {column} = ANY($1) AND NOT ({alone})"
            if place == "dependant":
                sql += " AND NOT (id = ANY($2) AND version = 1)"
            held |= {row[0] for row in await db.fetch(sql, ids, *([children] if place == "dependant" else []))}
    return held


async def _remove(ids: Sequence[UUID], loose: Loose) -> None:
    if not ids:
        return
    for place, column in await db.fetch(REFERENCES):
        if (place.strip('"'), column) in loose:
            await db.execute(f"DELETE FROM {place} WHERE {column} = ANY($1)", ids)
    await db.execute("DELETE FROM customer WHERE id = ANY($1)", ids)


async def _restore(brand_id: UUID, change: RowChange, told: TakenBack) -> list[UUID]:
    """Her columns as they were, apart from those that somebody changed since; the numbers that came go, to whoever uses
    one with her by now: these.
    """
    if "stayed_merged" in told.reasons:
        return []
    before = {name: value for name, value in change.before.items() if name not in told.fields}
    if before:
        custom = {name.removeprefix(CUSTOM): value for name, value in before.items() if name.startswith(CUSTOM)}
        columns = {name: value for name, value in before.items() if not name.startswith(CUSTOM)}
        said = codec.dumps({key: value for key, value in custom.items() if value is not None})
        gone = [key for key, value in custom.items() if value is None]
        settings = "".join(f", {name} = ${place}" for place, name in enumerate(columns, 6))
        values = [UUID(value) if name == "guide_id" and value else value for name, value in columns.items()]
        sql = SET.format(settings=settings)
        await db.execute(sql, change.customer_id, clock.now(), list(before), said, gone, *values)
    numbers = [number for number in change.identities if number[0] != CHILD]
    found = [await archive.detach(brand_id, change.customer_id, kind, value) for kind, value in numbers]
    return [heir for group in found for heir in group]
