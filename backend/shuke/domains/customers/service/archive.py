"""The statements that write customers and their numbers, for one and for many."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from shuke.domains.customers.rules.completeness import measure
from shuke.domains.customers.rules.drafts import Record as Record
from shuke.domains.customers.types.profile import Field
from shuke.kit import codec, db
from shuke.kit.ids import new_id, new_ids

# The number goes in first and decides every race; only its winner's customer is made. Both are one statement, at whose
# end the foreign key is checked. In order, so that two callers wait for each other and never in a circle.
CREATE = """
WITH wanted AS (
  SELECT * FROM json_to_recordset($2) AS w(id uuid, identity_id uuid, kind text, value text, raw text,
    store_id uuid, guide_id uuid, name text, alias text, gender text, birthday text, level text, source text, note text,
    at timestamptz, custom jsonb, score smallint, problems text[])
), won AS (
  INSERT INTO customer_identity (id, brand_id, customer_id, kind, value, raw_value, created_at, updated_at)
  SELECT identity_id, $1, id, kind, value, raw, $3, $3 FROM wanted WHERE kind IS NOT NULL ORDER BY kind, value
  ON CONFLICT (brand_id, kind, value) DO NOTHING RETURNING customer_id
)
INSERT INTO customer (id, brand_id, store_id, guide_id, name, alias, gender, birthday, level, source, note,
  created_at, updated_at, custom_values, completeness, problems)
SELECT w.id, $1, store_id, guide_id, name, alias, gender, birthday, level, source, note, w.at, $3, w.custom, w.score,
  w.problems
FROM wanted w WHERE w.kind IS NULL OR EXISTS (SELECT FROM won WHERE won.customer_id = w.id) ORDER BY w.id
ON CONFLICT (id) DO NOTHING RETURNING id
"""
ATTACH = """
INSERT INTO customer_identity (id, brand_id, customer_id, kind, value, raw_value, created_at, updated_at)
SELECT w.id, $1, w.customer_id, w.kind, w.value, w.raw, $7, $7
FROM unnest($2::uuid[], $3::uuid[], $4::text[], $5::text[], $6::text[]) AS w(id, customer_id, kind, value, raw)
ORDER BY w.kind, w.value ON CONFLICT (brand_id, kind, value) DO NOTHING
"""
CHOOSE = """
UPDATE customer_identity SET chosen_at = $5, updated_at = $5
WHERE brand_id = $1 AND customer_id = $2 AND kind = $3 AND value = $4
"""
DETACH = "DELETE FROM customer_identity i WHERE i.brand_id = $1 AND i.customer_id = $2 AND i.kind = $3"
# whoever used it first with her has it from now on
INHERIT = """
WITH heir AS (
  SELECT DISTINCT ON (x.identity_id) x.id, x.identity_id, x.customer_id FROM identity_contact x
  JOIN customer_identity i ON i.id = x.identity_id JOIN customer c ON c.id = x.customer_id AND c.merged_into_id IS NULL
  WHERE i.brand_id = $1 AND i.customer_id = $2 AND i.kind = $3 AND x.customer_id <> $2 {further}
  ORDER BY x.identity_id, x.id
), gone AS (DELETE FROM identity_contact x USING heir h WHERE x.id = h.id)
UPDATE customer_identity i SET customer_id = h.customer_id FROM heir h WHERE i.id = h.identity_id
RETURNING i.customer_id
"""


async def create(brand_id: UUID, records: Sequence[Record], now: datetime, asked: Sequence[Field]) -> set[UUID]:
    """The ids of those that were made. One that is missing lost its number to somebody, or its id stands already; in
    the latter case its number now hangs on the other's row, so the caller must take the transaction back.
    `asked`: the fields that completeness is measured by.
    """
    rows = codec.dumps([_row(record, asked) for record in records])
    return {row[0] for row in await db.fetch(CREATE, brand_id, rows, now)}


def _row(record: Record, asked: Sequence[Field]) -> dict[str, Any]:
    kind, value, raw = record.identity or (None, None, None)
    full = measure(asked, record.facts())
    return record.values | {
        "id": record.id,
        "identity_id": new_id(),
        "kind": kind,
        "value": value,
        "raw": raw and raw[:200],
        "store_id": record.store_id,
        "guide_id": record.guide_id,
        "at": record.created_at,
        "custom": record.custom,
        "score": full.score,
        "problems": full.problems,
    }


async def attach(brand_id: UUID, identities: Sequence[tuple[UUID, str, str, str]], now: datetime) -> int:
    """Gives customers further numbers: (customer, kind, value, as typed). How many were still free."""
    owners, kinds, values, raws = (
        [list(column) for column in zip(*identities, strict=True)] if identities else [[], [], [], []]
    )
    ids = new_ids(len(identities))  # ascending: the one said last is the one shown
    return await db.execute(ATTACH, brand_id, ids, owners, kinds, values, [raw[:200] for raw in raws], now)


async def choose(brand_id: UUID, customer_id: UUID, kind: str, value: str, now: datetime) -> bool:
    """Of what she is known by this is the one that is shown. False: she is not known by it."""
    return bool(await db.execute(CHOOSE, brand_id, customer_id, kind, value, now))


async def detach(
    brand_id: UUID, customer_id: UUID, kind: str, value: str | None = None, *, inherit: bool = True
) -> list[UUID]:
    """Takes one number from a customer, or (None) all of the kind. Where somebody else uses it too (and `inherit`), it
    becomes that one's; else nobody's. Who has one now.
    """
    heirs = await hand_on(brand_id, customer_id, kind, value) if inherit else []
    of, args = _which(value)
    await db.execute(f"{DETACH} {of}", brand_id, customer_id, kind, *args)
    return heirs


async def hand_on(brand_id: UUID, customer_id: UUID, kind: str, value: str | None = None) -> list[UUID]:
    """One number of hers that somebody else uses, or (None) each of the kind, becomes that one's. Who has one now."""
    of, args = _which(value)
    return [row[0] for row in await db.fetch(INHERIT.format(further=of), brand_id, customer_id, kind, *args)]


def _which(value: str | None) -> tuple[str, tuple[str, ...]]:
    return ("", ()) if value is None else ("AND i.value = $4", (value,))
