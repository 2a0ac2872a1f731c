"""What imports of customers put down: whom they changed and how, which rows were taken before, which column is what."""

import re
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from shuke.domains.customers.types import RowChange
from shuke.domains.records.rules.doubles import RULES
from shuke.domains.records.rules.duplicates import score
from shuke.domains.records.rules.people import CHANGE, numbers_in
from shuke.kit import codec, db
from shuke.kit.ids import new_ids

OWNED = """
SELECT DISTINCT ON (c.customer_id, v.key) c.customer_id, v.key, v.value FROM import_change c
CROSS JOIN LATERAL jsonb_each(c.after) v WHERE c.customer_id = ANY($1) AND c.undone_at IS NULL
ORDER BY c.customer_id, v.key, c.id DESC
"""
# a customer whom one import changes twice: what she was stays, what she is comes anew
PUT_DOWN = """
INSERT INTO import_change (id, brand_id, batch_id, customer_id, created, version, before, after, identities, created_at)
SELECT w.id, $1, $2, w.customer_id, w.created, w.version, w.before, w.after, w.identities, $4
FROM json_to_recordset($3)
  AS w(id uuid, customer_id uuid, created bool, version int, before jsonb, after jsonb, identities jsonb)
ON CONFLICT (batch_id, customer_id) DO UPDATE SET
  version = greatest(import_change.version, excluded.version),
  before = excluded.before || import_change.before, after = import_change.after || excluded.after,
  identities = import_change.identities || excluded.identities, updated_at = excluded.created_at
"""
SAID = RowChange.__struct_fields__
TAKEN = """
SELECT d.digest, coalesce(c.merged_into_id, c.id) FROM import_digest d JOIN customer c ON c.id = d.customer_id
WHERE d.brand_id = $1 AND d.digest = ANY($2)
"""
REMEMBER = """
INSERT INTO import_digest (brand_id, digest, customer_id, batch_id)
SELECT $1, w.digest, w.customer_id, $2 FROM unnest($3::bytea[], $4::uuid[]) AS w(digest, customer_id)
ON CONFLICT (brand_id, digest) DO UPDATE SET customer_id = excluded.customer_id, batch_id = excluded.batch_id
"""
SAVE = """
INSERT INTO import_mapping (id, brand_id, staff_id, fingerprint, columns) VALUES ($1, $2, $3, $4, $5)
ON CONFLICT (brand_id, fingerprint) DO UPDATE SET columns = excluded.columns, staff_id = excluded.staff_id,
  updated_at = now()
"""
SAVED = "SELECT fingerprint, columns FROM import_mapping WHERE brand_id = $1 ORDER BY updated_at DESC LIMIT 500"
# the ends of numbers, however they are spaced: what they are found by is looked at more closely
QUOTING = """
SELECT v.job_id, v.first_row, v.cells FROM import_job j JOIN import_verdict v ON v.job_id = j.id
WHERE j.brand_id = $1 AND v.verdict = 'rejected' AND v.cells IS NOT NULL
  AND regexp_replace(lower(normalize(v.cells, NFKC)), '[^0-9a-z]', '', 'g') LIKE ANY($2)
"""
UNQUOTE = """
UPDATE import_verdict v SET cells = NULL FROM unnest($1::uuid[], $2::int[]) AS w(job_id, first_row)
WHERE v.job_id = w.job_id AND v.first_row = w.first_row
"""
PAIR = """
INSERT INTO duplicate_pair (id, brand_id, a_id, b_id, reasons, score)
SELECT w.id, $1, least(w.a, w.b), greatest(w.a, w.b), w.reasons, w.score
FROM unnest($2::uuid[], $3::uuid[], $4::uuid[], $5::jsonb[], $6::int[]) AS w(id, a, b, reasons, score)
ON CONFLICT (a_id, b_id) DO NOTHING
"""


async def taken_before(brand_id: UUID, digests: Sequence[bytes]) -> dict[bytes, UUID]:
    """Digest -> customer, of rows that were taken before and whose customer is there."""
    return {row[0]: row[1] for row in await db.fetch(TAKEN, brand_id, list(digests))}


async def remember(brand_id: UUID, batch_id: UUID, rows: Mapping[bytes, UUID]) -> None:
    """Digest -> customer: these rows are taken."""
    if rows:
        await db.execute(REMEMBER, brand_id, batch_id, list(rows), list(rows.values()))


async def owned(customer_ids: Sequence[UUID]) -> dict[UUID, dict[str, Any]]:
    """Customer -> column -> what an import put there last."""
    found: dict[UUID, dict[str, Any]] = {}
    for customer_id, column, value in await db.fetch(OWNED, list(customer_ids)):
        found.setdefault(customer_id, {})[column] = codec.loads(value)
    return found


async def put_down_new(rows: Sequence[bytes]) -> None:
    """The same for customers who came just now, as `rules.people` encodes what was done to them."""
    await db.copy("import_change", CHANGE, rows)


async def put_down(brand_id: UUID, batch_id: UUID, changes: Sequence[RowChange], now: datetime) -> None:
    """Keeps what an import did to each customer; of one who stands here twice, both."""
    last: dict[UUID, RowChange] = {}
    for one in changes:
        before = last.get(one.customer_id)
        last[one.customer_id] = _joined(before, one) if before else one
    if last:
        ids = new_ids(len(last))
        rows = [
            {"id": key} | {name: getattr(one, name) for name in SAID}
            for key, one in zip(ids, last.values(), strict=True)
        ]
        await db.execute(PUT_DOWN, brand_id, batch_id, codec.dumps(rows), now)


def _joined(first: RowChange, then: RowChange) -> RowChange:
    before, after = {**then.before, **first.before}, {**first.after, **then.after}
    numbers = [*first.identities, *then.identities]
    return RowChange(first.customer_id, first.created, max(first.version, then.version), before, after, numbers)


async def save_mapping(brand_id: UUID, staff_id: UUID, fingerprints: Sequence[str], columns: Mapping[str, str]) -> None:
    """Offers these columns whenever such headings come again."""
    for key, fingerprint in zip(new_ids(len(fingerprints)), fingerprints, strict=True):
        await db.execute(SAVE, key, brand_id, staff_id, fingerprint, codec.dumps(columns))


async def saved_mappings(brand_id: UUID) -> dict[str, dict[str, str]]:
    """Fingerprint of headings -> field -> heading."""
    return {row[0]: codec.loads(row[1]) for row in await db.fetch(SAVED, brand_id)}


async def continued(brand_id: UUID, ref: str | None) -> UUID | None:
    """The import whose rejected rows a file has, mended; None: it does not say, or there is none."""
    try:
        key = UUID(ref) if ref else None
    except ValueError:
        return None
    sql = "SELECT id FROM import_job WHERE brand_id = $1 AND id = $2"
    found: UUID | None = await db.fetch_value(sql, brand_id, key) if key else None
    return found


async def unquote(brand_id: UUID, numbers: Collection[tuple[str, str]]) -> None:
    """Forgets what stood in rows that were not taken and have one of these numbers, (kind, normalised value). Joins the
    caller's transaction.
    """
    ends = {re.sub("[^0-9a-z]", "", value.lower())[-8:] for _, value in numbers}
    rows = await db.fetch(QUOTING, brand_id, [f"%{end}%" for end in ends]) if ends else []
    hers = [row for row in rows if not numbers_in(codec.loads(row[2])).isdisjoint(numbers)]
    await db.execute(UNQUOTE, [row[0] for row in hers], [row[1] for row in hers])


async def offer_pairs(brand_id: UUID, pairs: Sequence[tuple[UUID, UUID, str]]) -> None:
    """(one, the other, why): puts them into the queue of pairs, unless they stand there or were told apart."""
    if pairs:
        rules = [RULES[why] for _, _, why in pairs]
        reasons, scores = [codec.dumps([rule]) for rule in rules], [score([rule]) for rule in rules]
        ids = [pair[0] for pair in pairs], [pair[1] for pair in pairs]
        await db.lock("duplicates", brand_id)
        await db.execute(PAIR, brand_id, new_ids(len(pairs)), *ids, reasons, scores)
