"""What merges, their undoing and erasures do to the cells."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from shuke.domains.segments.service.members import tell_left
from shuke.domains.segments.service.tag_merging import absorb_tags, forget_tags
from shuke.kit import db

# of two customers who become one, hers stays; the other's is left, or hers if she has none until the next computation
ABSORB = """
UPDATE segment_membership m SET updated_at = $3, left_at = CASE WHEN h.id IS NULL THEN m.left_at ELSE $3 END,
  customer_id = CASE WHEN h.id IS NULL THEN $1 ELSE m.customer_id END
FROM segment_membership his LEFT JOIN segment_membership h ON h.customer_id = $1 AND h.left_at IS NULL
WHERE his.customer_id = $2 AND his.left_at IS NULL AND m.id = his.id
"""
# the segments first, as whoever looks at their members does
HOLD_SEGMENTS = """
SELECT id FROM segment WHERE id IN (SELECT segment_id FROM segment_member WHERE customer_id = ANY($1)
  AND left_at IS NULL) ORDER BY id FOR NO KEY UPDATE
"""
FORGET_MEMBER = """
WITH gone AS (DELETE FROM segment_member WHERE customer_id = ANY($1)
  RETURNING brand_id, segment_id, customer_id, left_at
), counted AS (
  UPDATE segment s SET members = members - g.many FROM (
    SELECT segment_id, count(*) AS many FROM gone WHERE left_at IS NULL GROUP BY 1) g WHERE s.id = g.segment_id
)
SELECT brand_id, segment_id, customer_id FROM gone WHERE left_at IS NULL ORDER BY segment_id, customer_id
"""
PLACES = """
SELECT brand_id, store_id, cell, count(*) FROM segment_membership
WHERE customer_id = ANY($1) AND left_at IS NULL GROUP BY 1, 2, 3
"""
SHIFT = """
INSERT INTO segment_store_count AS n (brand_id, store_id, cell, customers)
SELECT w.brand, w.store, w.cell, sum(w.by) FROM unnest($1::uuid[], $2::uuid[], $3::text[], $4::int[])
  AS w(brand, store, cell, by) GROUP BY 1, 2, 3 HAVING sum(w.by) <> 0
ON CONFLICT (brand_id, store_id, cell) DO UPDATE SET customers = n.customers + excluded.customers
"""

Held = tuple[UUID, UUID, str, int]
"""Brand, store, cell, and how many customers stand there."""


async def absorb(winner_id: UUID, loser_id: UUID, now: datetime) -> None:
    """Of two customers who become one, one is in a cell: where the winner is, else where the loser was. What they were
    in before stays with each. Joins the caller's transaction, which holds `hold_cells`.
    """
    await db.execute(ABSORB, winner_id, loser_id, now)
    await absorb_tags(winner_id, loser_id, now)


async def hold_cells(brand_id: UUID) -> None:
    """Waits for, and keeps away until the transaction's end, a computation of the brand's cells."""
    await db.lock("segments", brand_id)


async def cells_held(customer_ids: Sequence[UUID]) -> list[Held]:
    """The present places of these customers, for `shift_counts`."""
    return [(row[0], row[1], row[2], row[3]) for row in await db.fetch(PLACES, list(customer_ids))]


async def shift_counts(before: Sequence[Held], after: Sequence[Held]) -> None:
    """Keeps the stores' counts true when a merge, or its undo, has moved customers between cells."""
    rows = [(*place, -many) for *place, many in before] + [*after]
    if rows:
        await db.execute(SHIFT, *map(list, zip(*rows, strict=True)))


async def forget(customer_ids: Sequence[UUID]) -> None:
    """Somebody is erased: she is in no cell and no segment, and none counts her. Joins the caller's transaction, which
    holds `hold_cells` and `hold_watched`.
    """
    await shift_counts(await cells_held(customer_ids), [])
    await db.execute("DELETE FROM segment_membership WHERE customer_id = ANY($1)", list(customer_ids))
    for table in ("rfm_figure", "rfm_touched"):
        await db.execute(f"DELETE FROM {table} WHERE customer_id = ANY($1)", list(customer_ids))
    await db.fetch(HOLD_SEGMENTS, list(customer_ids))
    gone = await db.fetch(FORGET_MEMBER, list(customer_ids))
    if gone:
        await tell_left(gone[0][0], [(row[1], row[2]) for row in gone])
    await forget_tags(customer_ids)
