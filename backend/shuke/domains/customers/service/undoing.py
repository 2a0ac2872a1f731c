"""Taking back what an import did: who came by it goes, what it changed becomes what it was, unless life went on."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum
from typing import Any
from uuid import UUID

from shuke.domains.customers.rules import PROFILE
from shuke.domains.customers.service.completeness import refresh_completeness
from shuke.domains.customers.service.search import refresh_search
from shuke.domains.customers.types import RowChange
from shuke.kit import clock, db

STANDING = f"""
SELECT c.id, c.version, c.merged_into_id, c.guide_id::text, {", ".join(f"c.{name}" for name in PROFILE)},
  EXISTS (SELECT FROM timeline_entry t WHERE t.customer_id = c.id AND t.data->>'import' IS DISTINCT FROM $3)
FROM customer c WHERE c.brand_id = $1 AND c.id = ANY($2) ORDER BY c.id FOR UPDATE OF c
"""
OWN = ("customer_identity", "timeline_entry", "search_token", "search_waiting")
"""Tables of this room whose rows came with her and go with her."""
REFERENCES = """
SELECT DISTINCT c.conrelid::regclass::text AS place, a.attname::text FROM pg_constraint c
JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = ANY(c.conkey)
WHERE c.contype = 'f' AND c.confrelid = 'customer'::regclass
UNION
SELECT quote_ident(table_name), column_name FROM information_schema.columns
WHERE table_schema = 'public' AND udt_name = 'uuid' AND column_name = 'customer_id'
"""
SET = """
UPDATE customer SET {settings}, version = version + 1, updated_at = $2,
  field_versions = field_versions || (SELECT jsonb_object_agg(f, version + 1) FROM unnest($3::text[]) AS f)
WHERE id = $1
"""
TAKE_NUMBERS = """
DELETE FROM customer_identity i USING unnest($2::text[], $3::text[]) AS w(kind, value)
WHERE i.customer_id = $1 AND i.kind = w.kind AND i.value = w.value
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


async def take_back(
    brand_id: UUID, batch_id: UUID, changes: Sequence[RowChange], loose: Iterable[str] = ()
) -> list[TakenBack]:
    """Undoes what an import did to these customers; joins the caller's transaction.

    Who came by it goes, unless anything refers to her that the import did not bring: an order, a visit, a note.
    `loose`: tables of rooms above whose rows about her are computed or offered, and hold nobody.
    """
    await db.lock("customers in bulk", brand_id)
    ids = [one.customer_id for one in changes]
    standing = {row[0]: row for row in await db.fetch(STANDING, brand_id, ids, str(batch_id))}
    held = await _held([one.customer_id for one in changes if one.created], set(loose) | set(OWN))
    done = [_decide(one, standing.get(one.customer_id), held) for one in changes]
    by_id = {one.customer_id: one for one in changes}
    gone = [one.customer_id for one in done if one.fate is Undone.REMOVED]
    await _remove(gone, loose)
    for one in done:
        if one.fate is Undone.RESTORED or (one.fate is Undone.STAYED and not by_id[one.customer_id].created):
            await _restore(by_id[one.customer_id], one)
    kept = [one.customer_id for one in done if one.fate is not Undone.REMOVED and not by_id[one.customer_id].created]
    await db.execute(TAKE_ENTRIES, kept, str(batch_id))
    await refresh_search([key for key in kept if key in standing])
    await refresh_completeness(brand_id, [key for key in kept if key in standing])
    return done


def _decide(change: RowChange, row: Any, held: set[UUID]) -> TakenBack:
    key = change.customer_id
    if row is None:  # she is gone already, by an erasure or an earlier run
        return TakenBack(key, Undone.REMOVED)
    _, version, merged_into, guide, *values, more = row
    if merged_into:
        return TakenBack(key, Undone.STAYED, ["stayed_merged"])
    current = dict(zip(PROFILE, values, strict=True)) | {"guide_id": guide}
    if change.created:
        reasons = ["stayed_changed"] if version > change.version else []
        reasons += ["stayed_more"] if more or key in held else []
        return TakenBack(key, Undone.STAYED if reasons else Undone.REMOVED, reasons)
    changed = sorted(name for name, value in change.after.items() if current[name] != value)
    return TakenBack(key, Undone.STAYED if changed else Undone.RESTORED, ["stayed_changed"] if changed else [], changed)


async def _held(ids: Sequence[UUID], loose: set[str]) -> set[UUID]:
    """Whom of these anything refers to that does not go with her. Tables that nobody told of hold as well."""
    held: set[UUID] = set()
    for place, column in await db.fetch(REFERENCES) if ids else []:
        if place not in loose:
            sql = f"SELECT DISTINCT {column} FROM {place} WHERE {column} = ANY($1)"
            held |= {row[0] for row in await db.fetch(sql, ids)}
    return held


async def _remove(ids: Sequence[UUID], loose: Iterable[str]) -> None:
    if not ids:
        return
    for place, column in await db.fetch(REFERENCES):
        if place in (*OWN, *loose):
            await db.execute(f"DELETE FROM {place} WHERE {column} = ANY($1)", ids)
    await db.execute("DELETE FROM customer WHERE id = ANY($1)", ids)


async def _restore(change: RowChange, told: TakenBack) -> None:
    """Her columns as they were, apart from those that somebody changed since; the numbers that came go."""
    columns = {name: value for name, value in change.before.items() if name not in told.fields}
    if columns and "stayed_merged" not in told.reasons:
        await db.execute(
            SET.format(settings=_settings(columns)), change.customer_id, clock.now(), list(columns), *_values(columns)
        )
    if change.identities and "stayed_merged" not in told.reasons:
        kinds, values = zip(*change.identities, strict=True)
        await db.execute(TAKE_NUMBERS, change.customer_id, list(kinds), list(values))


def _settings(columns: Mapping[str, Any]) -> str:
    return ", ".join(f"{name} = ${place}" for place, name in enumerate(columns, 4))


def _values(columns: Mapping[str, Any]) -> list[Any]:
    return [UUID(value) if name == "guide_id" and value else value for name, value in columns.items()]
