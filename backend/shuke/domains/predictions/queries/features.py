"""What customers had done by the end of a day, and what they did afterwards, as SQL. Nothing later than that day stands
in the first, nothing later than the last in the second.
"""

from datetime import date, timedelta
from typing import Any
from uuid import UUID

from shuke.kit import zones

# $1 brand, $2 the day, $3 its end, $4 the brand's zone. A sale counts if refunds that were known by then left something
# of it; those that name no sale weigh in money alone. Who does not want to be profiled is looked at by nobody.
NET = """d.total_minor + coalesce((SELECT sum(r.total_minor) FROM "order" r
    WHERE r.refund_of_id = d.id AND r.status = 'completed' AND r.placed_at < {end}), 0)"""
SALES = """d.brand_id = $1 AND d.kind = 'sale' AND d.status = 'completed' AND d.total_minor > 0"""
# One grouping and no joins: a database that was filled a minute ago knows nothing of its sizes, and would go through
# one table for every row of another.
KNOWN = f"""
WITH document AS (
  SELECT d.customer_id, (d.placed_at AT TIME ZONE $4)::date AS day, {NET.format(end="$3")} AS minor, 0 AS refunds
  FROM "order" d WHERE {SALES} AND d.placed_at < $3 AND {{whom}}
  UNION ALL SELECT d.customer_id, NULL, CASE WHEN d.refund_of_id IS NULL THEN d.total_minor ELSE 0 END, 1
  FROM "order" d WHERE d.brand_id = $1 AND d.kind = 'refund' AND d.status = 'completed' AND d.placed_at < $3
    AND {{whom}}
), visit AS (
  SELECT customer_id, day, sum(minor) AS minor, sum(refunds) AS refunds FROM document
  WHERE (minor > 0 OR refunds > 0) AND customer_id NOT IN (
    SELECT id FROM customer d WHERE d.brand_id = $1 AND d.refusals ? 'profiling/any' AND {{people}}) GROUP BY 1, 2
), seen AS (
  SELECT customer_id, ($2::date - max(day))::float8 AS silent, count(day)::float8 AS visits,
    sum(minor)::float8 AS minor, ($2::date - min(day))::float8 AS known,
    count(*) FILTER (WHERE day > $2::date - 30)::float8 AS recent_30,
    count(*) FILTER (WHERE day > $2::date - 90)::float8 AS recent_90,
    count(*) FILTER (WHERE day > $2::date - 180)::float8 AS recent_180, sum(refunds)::float8 AS refunds
  FROM visit GROUP BY 1 HAVING count(day) > 0
)
"""
# $5 the end of the days after it; $6 whether what is new is asked for
AFTER = f""", bought AS (
  SELECT d.id, d.customer_id FROM "order" d
  WHERE {SALES} AND d.placed_at >= $3 AND d.placed_at < $5 AND {{whom}} AND {NET.format(end="$5")} > 0
), fresh AS (
  SELECT DISTINCT b.customer_id FROM bought b JOIN order_line l ON l.order_id = b.id AND l.quantity > 0
  LEFT JOIN prediction_launch n ON n.sku = l.sku LEFT JOIN product p ON p.brand_id = $1 AND p.sku = l.sku
  WHERE $6::bool AND (n.at >= $3 OR p.category IS NOT NULL AND NOT EXISTS (
    SELECT FROM "order" d JOIN order_line x ON x.order_id = d.id AND x.quantity > 0
    JOIN product q ON q.brand_id = $1 AND q.sku = x.sku AND q.category = p.category
    WHERE d.customer_id = b.customer_id AND {SALES} AND d.placed_at < $3))
)
SELECT s.*, (s.customer_id IN (SELECT customer_id FROM bought))::int::float8,
  (s.customer_id IN (SELECT customer_id FROM fresh))::int::float8
FROM seen s ORDER BY 1
"""
BETWEEN = "d.{} > $5 AND d.{} <= $6"

# of many customers some, by their id: the same whatever happens later
SAMPLE = """
CREATE TEMP TABLE prediction_sample ON COMMIT DROP AS
SELECT customer_id FROM (
  SELECT customer_id, count(*) OVER () AS everybody FROM "order"
  WHERE brand_id = $1 AND customer_id IS NOT NULL AND placed_at < $2 GROUP BY 1) x
WHERE (hashtextextended(customer_id::text, 0) & 1048575) * everybody < $3::bigint * 1048576
"""
# all that they bought and brought back: a dozen windows look at it, and a brand's orders are read once
ORDERS = """
CREATE TEMP TABLE prediction_order ON COMMIT DROP AS
SELECT id, brand_id, customer_id, kind, status, total_minor, placed_at, refund_of_id FROM "order"
WHERE brand_id = $1 AND placed_at < $2 AND customer_id IN (SELECT customer_id FROM prediction_sample)
"""
# an article's first sale; only those that sold after $3, so that the table stays small
LAUNCHES = """
CREATE TEMP TABLE prediction_launch ON COMMIT DROP AS
SELECT l.sku, min(d.placed_at) AS at FROM "order" d JOIN order_line l ON l.order_id = d.id
WHERE d.brand_id = $1 AND d.kind = 'sale' AND d.status = 'completed' AND d.placed_at < $2 AND l.sku IS NOT NULL
GROUP BY 1 HAVING min(d.placed_at) >= $3
"""


def end_of(day: date, zone: str) -> Any:
    """The first moment after a day."""
    return zones.at_local(day + timedelta(days=1), 0, zone)


def answered(brand_id: UUID, day: date, days: int, zone: str, about_new: bool) -> tuple[Any, ...]:
    """Of the sample, who had bought by the end of `day`: what she had done, and what she did in the `days` after it.

    SQL, then its arguments.
    """
    until = end_of(day + timedelta(days=days), zone)
    sql = (KNOWN + AFTER).format(whom="true", people="true").replace('"order" d', "prediction_order d")
    return sql, brand_id, day, end_of(day, zone), zone, until, about_new


def asked(brand_id: UUID, day: date, zone: str, after: UUID, to: UUID) -> tuple[Any, ...]:
    """Of these customers (ids after one, up to another), who had bought by the end of `day`: what she had done.

    SQL, then its arguments.
    """
    sql = KNOWN.format(whom=BETWEEN.replace("{}", "customer_id"), people=BETWEEN.replace("{}", "id"))
    sql += "SELECT * FROM seen ORDER BY 1"
    return sql, brand_id, day, end_of(day, zone), zone, after, to
