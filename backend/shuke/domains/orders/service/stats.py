"""Purchase statistics: of the customers of a chunk, and of everybody."""

from collections.abc import Sequence
from uuid import UUID

from shuke.domains.orders.facts import DOCUMENTS
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
# of everybody, in one pass over the index of customers' orders, those that differ; a table made of a query is made by
# several processes
DIFFERENT = """
CREATE TEMP TABLE different_stats ON COMMIT DROP AS
WITH given_back AS (
  SELECT refund_of_id AS id, sum(total_minor)::bigint AS minor FROM "order"
  WHERE brand_id = $1 AND refund_of_id IS NOT NULL AND status = 'completed' GROUP BY 1
), document AS (
  SELECT o.customer_id AS id, o.kind = 'sale' AS sold, o.total_minor, o.placed_at,
    o.kind = 'sale' AND o.total_minor > 0 AND o.total_minor + coalesce(g.minor, 0) > 0 AS counts
  FROM "order" o JOIN customer c ON c.id = o.customer_id AND c.brand_id = $1 LEFT JOIN given_back g ON g.id = o.id
  WHERE o.customer_id IS NOT NULL AND o.status = 'completed'
), fresh AS (
  SELECT id, count(*) FILTER (WHERE counts) AS many, (sum(total_minor) FILTER (WHERE sold))::bigint AS gross,
    (sum(total_minor) FILTER (WHERE NOT sold))::bigint AS refunded, min(placed_at) FILTER (WHERE counts) AS first_at,
    max(placed_at) FILTER (WHERE counts) AS last_at
  FROM document GROUP BY 1
)
SELECT id, coalesce(n.many, 0) AS many, coalesce(n.gross, 0) AS gross, coalesce(n.refunded, 0) AS refunded, n.first_at,
  n.last_at
FROM fresh n FULL JOIN (SELECT * FROM customer_stats WHERE brand_id = $1) s USING (id)
WHERE (s.order_count, s.gross_minor, s.refunded_minor, s.first_order_at, s.last_order_at)
  IS DISTINCT FROM (coalesce(n.many, 0), coalesce(n.gross, 0), coalesce(n.refunded, 0), n.first_at, n.last_at)
"""
EVERYBODY = """
INSERT INTO customer_stats AS mine (id, brand_id, order_count, gross_minor, refunded_minor, first_order_at,
  last_order_at, created_at, updated_at)
SELECT id, $1, many, gross, refunded, first_at, last_at, $2, $2 FROM different_stats
ON CONFLICT (id) DO UPDATE SET order_count = excluded.order_count, gross_minor = excluded.gross_minor,
  refunded_minor = excluded.refunded_minor, first_order_at = excluded.first_order_at,
  last_order_at = excluded.last_order_at, updated_at = excluded.updated_at
"""


async def rebuild_stats(brand_id: UUID, customer_ids: Sequence[UUID] | None = None) -> int:
    """Purchase statistics from the orders as they stand, of these customers or (None) of everybody; rows changed."""
    if customer_ids is None:
        async with db.tx():
            await db.roomy()
            await db.execute(DIFFERENT, brand_id)
            changed = await db.execute(EVERYBODY, brand_id, clock.now())
            await db.execute("DROP TABLE different_stats")
            return changed
    return await db.execute(THESE, brand_id, clock.now(), customer_ids)
