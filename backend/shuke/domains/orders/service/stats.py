"""Purchase statistics: one SQL text, for the customers of a chunk and for everybody."""

from collections.abc import Sequence
from uuid import UUID

from shuke.domains.orders.queries import DOCUMENTS
from shuke.kit import clock, db

# Purchase statistics of whom {whom} says.
REBUILD = """
INSERT INTO customer_stats AS mine (id, brand_id, order_count, gross_minor, refunded_minor, first_order_at,
  last_order_at, created_at, updated_at)
SELECT c.id, $1, count(*) FILTER (WHERE o.counts), coalesce(sum(o.total_minor) FILTER (WHERE o.kind = 'sale'), 0),
  coalesce(sum(o.total_minor) FILTER (WHERE o.kind = 'refund'), 0),
  min(o.placed_at) FILTER (WHERE o.counts), max(o.placed_at) FILTER (WHERE o.counts), $2, $2
FROM customer c LEFT JOIN LATERAL ({documents}) o ON true
WHERE c.brand_id = $1 AND {whom}
GROUP BY c.id
ON CONFLICT (id) DO UPDATE SET order_count = excluded.order_count, gross_minor = excluded.gross_minor,
  refunded_minor = excluded.refunded_minor, first_order_at = excluded.first_order_at,
  last_order_at = excluded.last_order_at, updated_at = excluded.updated_at
WHERE (mine.order_count, mine.gross_minor, mine.refunded_minor, mine.first_order_at, mine.last_order_at)
  IS DISTINCT FROM (excluded.order_count, excluded.gross_minor, excluded.refunded_minor, excluded.first_order_at,
    excluded.last_order_at)
"""
THESE = REBUILD.format(documents=DOCUMENTS, whom="c.id = ANY($3)")
EVERYBODY = REBUILD.format(
    documents=DOCUMENTS,
    whom="""(EXISTS (SELECT FROM "order" d WHERE d.customer_id = c.id)
  OR EXISTS (SELECT FROM customer_stats s WHERE s.id = c.id))""",
)


async def rebuild_stats(brand_id: UUID, customer_ids: Sequence[UUID] | None = None) -> int:
    """Purchase statistics from the orders as they stand, of these customers or (None) of everybody; rows changed."""
    if customer_ids is None:
        return await db.execute(EVERYBODY, brand_id, clock.now())
    return await db.execute(THESE, brand_id, clock.now(), customer_ids)
