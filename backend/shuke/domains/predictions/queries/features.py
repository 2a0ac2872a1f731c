"""What customers had done by the end of a day, and what they did afterwards, as SQL. Nothing later than that day stands
in the first, nothing later than the last in the second.
"""

from datetime import date, timedelta
from typing import Any
from uuid import UUID

from shuke.kit import zones

# $1 brand, $2 the day, $3 its end, $4 the brand's zone. A sale counts if refunds that were known by then left something
# of it; those that name no sale weigh in money alone. Who does not want to be profiled is looked at by nobody.
SALES = """d.brand_id = $1 AND d.kind = 'sale' AND d.status = 'completed' AND d.total_minor > 0"""
GIVEN_BACK = """SELECT refund_of_id AS id, sum(total_minor)::float8 AS minor FROM "order" d
  WHERE brand_id = $1 AND refund_of_id IS NOT NULL AND status = 'completed' AND placed_at < {end} GROUP BY 1"""
# orders are gone through once, and their refunds joined to them: looked up one by one they took as long as all the rest
KNOWN = f"""
WITH given_back AS (
  {GIVEN_BACK.format(end="$3")}
), document AS (
  SELECT d.customer_id, CASE d.kind WHEN 'sale' THEN (d.placed_at AT TIME ZONE $4)::date END AS day,
    CASE WHEN d.kind = 'sale' THEN d.total_minor + coalesce(g.minor, 0)
      WHEN d.refund_of_id IS NULL THEN d.total_minor ELSE 0 END AS minor, (d.kind = 'refund')::int AS refunds
  FROM "order" d LEFT JOIN given_back g ON g.id = d.id
  WHERE d.brand_id = $1 AND d.status = 'completed' AND (d.kind = 'refund' OR d.total_minor > 0) AND d.placed_at < $3
    AND {{whom}}
), visit AS (
  SELECT customer_id, day, sum(minor) AS minor, sum(refunds) AS refunds FROM document
  WHERE (minor > 0 OR refunds > 0) AND customer_id NOT IN (
    SELECT id FROM customer WHERE brand_id = $1 AND refusals ? 'profiling/any') GROUP BY 1, 2
), seen AS (
  SELECT customer_id, ($2::date - max(day))::float8 AS silent, count(day)::float8 AS visits,
    sum(minor)::float8 AS minor, ($2::date - min(day))::float8 AS known,
    count(*) FILTER (WHERE day > $2::date - 30)::float8 AS recent_30,
    count(*) FILTER (WHERE day > $2::date - 90)::float8 AS recent_90,
    count(*) FILTER (WHERE day > $2::date - 180)::float8 AS recent_180, sum(refunds)::float8 AS refunds
  FROM visit GROUP BY 1 HAVING count(day) > 0
)
"""
WIDTH = 2 + (4 + 16) + 8 * (4 + 8)
"""Bytes of a row of `seen` in binary COPY: how many columns, then each behind its length."""
# $5 the end of the days after it; $6 whether what is new is asked for
AFTER = f""", given_back_later AS (
  {GIVEN_BACK.format(end="$5")}
), bought AS (
  SELECT d.id, d.customer_id FROM "order" d LEFT JOIN given_back_later g ON g.id = d.id
  WHERE {SALES} AND d.placed_at >= $3 AND d.placed_at < $5 AND d.total_minor + coalesce(g.minor, 0) > 0
), fresh AS (
  SELECT DISTINCT b.customer_id FROM bought b JOIN prediction_line l ON l.order_id = b.id
  LEFT JOIN prediction_launch n ON n.sku = l.sku
  LEFT JOIN (SELECT DISTINCT customer_id, category FROM prediction_line WHERE placed_at < $3) k
    ON k.customer_id = b.customer_id AND k.category = l.category
  WHERE $6::bool AND (n.at >= $3 OR l.category IS NOT NULL AND k.customer_id IS NULL)
)
SELECT s.*, (s.customer_id IN (SELECT customer_id FROM bought))::int::float8,
  (s.customer_id IN (SELECT customer_id FROM fresh))::int::float8
FROM seen s ORDER BY 1
"""

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
# refunds of theirs on which somebody else, or nobody, is named
REFUNDS = """
INSERT INTO prediction_order
SELECT r.id, r.brand_id, NULL, r.kind, r.status, r.total_minor, r.placed_at, r.refund_of_id
FROM prediction_order s JOIN "order" r ON r.refund_of_id = s.id
WHERE r.placed_at < $1 AND (r.customer_id IS NULL OR r.customer_id NOT IN (SELECT customer_id FROM prediction_sample))
"""
# what they bought; of nobody ($2 false) where what is new is not asked for
LINES = """
CREATE TEMP TABLE prediction_line ON COMMIT DROP AS
SELECT o.customer_id, o.id AS order_id, o.placed_at, l.sku, p.category FROM prediction_order o
JOIN order_line l ON l.order_id = o.id AND l.quantity > 0
LEFT JOIN product p ON p.brand_id = $1 AND p.sku = l.sku
WHERE $2::bool AND o.kind = 'sale' AND o.status = 'completed' AND o.total_minor > 0
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
    sql = (KNOWN + AFTER).format(whom="true").replace('"order" d', "prediction_order d")
    return sql, brand_id, day, end_of(day, zone), zone, until, about_new


def asked(brand_id: UUID, day: date, zone: str, after: UUID) -> tuple[Any, ...]:
    """Of everybody whose id comes after one and who had bought by the end of `day`: what she had done, by their ids.

    SQL, then its arguments.
    """
    sql = KNOWN.format(whom="d.customer_id > $5") + "SELECT * FROM seen ORDER BY 1"
    return sql, brand_id, day, end_of(day, zone), zone, after
