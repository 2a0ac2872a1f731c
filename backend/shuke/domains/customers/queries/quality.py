"""How complete the caller's customers are, live and day by day; the cards on which something is wrong; who mended some.

A guide's are her own; who leads sees everybody of her stores.
"""

from typing import Any
from uuid import UUID

from shuke.domains.customers.queries.profile import latest
from shuke.domains.customers.queries.view import COLUMNS, JOINS, WIDTH, from_row
from shuke.domains.customers.types.quality import (
    FlawedCard,
    FlawScope,
    Mended,
    ProblemCount,
    Quality,
    QualityCounts,
    QualityDay,
    QualityRow,
    QualityScope,
)
from shuke.domains.identity.service import allow
from shuke.domains.identity.types import Actor, Reach, Region, Staff, Store
from shuke.kit import clock, db

MOST_ROWS, MOST_PEOPLE = 200, 50

# the stores within reach: `whole` where everybody counts, else the caller's own
SHOPS = """
shop AS MATERIALIZED (
  SELECT s.id, s.region_id, s.timezone, $2::uuid AS me, $3::uuid[] IS NULL OR s.id = ANY($3) AS whole FROM store s
  WHERE s.brand_id = $1 AND ($3::uuid[] IS NULL OR $4::uuid[] IS NULL OR s.id = ANY($3) OR s.id = ANY($4))
    AND ($5::uuid IS NULL OR s.id = $5))
"""
# both are what the indexes `customer_measured` and `customer_flawed` are of
LIVE = "c.store_id = s.id AND c.merged_into_id IS NULL AND c.erased_at IS NULL"
FLAWED = f"{LIVE} AND c.problems <> '{{}}'"
COUNTS = ", ".join(f"coalesce(sum({{0}}{name}), 0)" for name in ("customers", "score", "complete", "flawed"))
NOBODY = ", ".join(["NULL"] * 8)
# whose they are: a person's, the pools' (which a guide mends too), or everybody's that count for the caller
OWNER = """CASE WHEN $13::bool THEN {0}.guide_id IS NULL
  ELSE (s.whole OR {0}.guide_id = s.me) AND ($8::uuid IS NULL OR {0}.guide_id = $8) END"""
# Every line of the answer: what it is, the day, region, store, person, and the four counts.
QUALITY = f"""
WITH {SHOPS}, chosen AS MATERIALIZED (
  SELECT * FROM shop s WHERE ($6::uuid IS NULL OR s.region_id = $6) AND (NOT $7::bool OR s.region_id IS NULL)
), part AS MATERIALIZED (
  SELECT s.region_id, s.id AS store_id, c.guide_id, count(*) AS customers, sum(c.completeness) AS score,
    count(*) FILTER (WHERE c.completeness >= $9) AS complete, count(*) FILTER (WHERE c.problems <> '{{}}') AS flawed
  FROM chosen s JOIN customer c ON {LIVE} AND {OWNER.format("c")}
  GROUP BY 1, 2, 3
), line AS (
  SELECT region_id, CASE WHEN $10::text <> 'region' THEN store_id END AS store_id,
    CASE WHEN $10 = 'guide' THEN guide_id END AS guide_id, sum(customers) AS customers, sum(score) AS score,
    sum(complete) AS complete, sum(flawed) AS flawed
  FROM part GROUP BY 1, 2, 3
)
SELECT 'row' AS what, NULL::date AS day, l.region_id, r.name, l.store_id, s.name AS store, s.code, s.timezone,
  l.guide_id, st.name AS staff, l.customers, l.score, l.complete, l.flawed
FROM (SELECT * FROM line ORDER BY flawed DESC, store_id, guide_id LIMIT {MOST_ROWS}) l
LEFT JOIN region r ON r.id = l.region_id LEFT JOIN store s ON s.id = l.store_id LEFT JOIN staff st ON st.id = l.guide_id
UNION ALL
SELECT 'day', q.day, {NOBODY}, {COUNTS.format("q.")}
FROM chosen s JOIN quality_day q ON q.store_id = s.id
  AND q.day > ($11::timestamptz AT TIME ZONE s.timezone)::date - $12::int
  AND {OWNER.format("q")}
GROUP BY q.day
UNION ALL SELECT 'all', NULL, {NOBODY}, {COUNTS.format("")} FROM part
ORDER BY what, day, flawed DESC, store, staff
"""
# what the caller may mend: her own and the pool's, or everybody's of the stores that she leads
MINE = "(s.whole OR c.guide_id IS NULL OR c.guide_id = s.me) AND (NOT $6::bool OR c.guide_id = s.me)"
# each store's own newest by its index, then the newest of these
CARDS = f"""
WITH {SHOPS}, page AS (
  SELECT c.id, c.problems FROM shop s CROSS JOIN LATERAL (
    SELECT c.id, c.problems FROM customer c WHERE {FLAWED} AND {MINE}
      AND ($7::text IS NULL OR c.problems @> ARRAY[$7::text]) AND ($8::uuid IS NULL OR c.id < $8)
    ORDER BY c.id DESC LIMIT $9) c
  ORDER BY c.id DESC LIMIT $9)
SELECT {COLUMNS}, page.problems FROM page JOIN customer c ON c.id = page.id {JOINS} ORDER BY c.id DESC
"""
KINDS = f"""
WITH {SHOPS} SELECT p.code, count(*) FROM shop s JOIN customer c ON {FLAWED} AND {MINE}
CROSS JOIN LATERAL unnest(c.problems) p(code) GROUP BY 1 ORDER BY 2 DESC, 1
"""
# what was there before an edit and not after it, and is not there now: mending twice counts once
MENDED = f"""
WITH {SHOPS} SELECT st.id, st.name, count(DISTINCT (c.id, p.code)) FROM shop s
JOIN event e ON e.brand_id = $1 AND e.kind = 'customer.updated' AND e.at > $6::timestamptz - interval '1 day'
  AND e.at >= date_trunc('day', $6 AT TIME ZONE s.timezone) AT TIME ZONE s.timezone
JOIN customer asked ON asked.id = e.subject_id JOIN customer c ON c.id = coalesce(asked.merged_into_id, asked.id)
  AND c.store_id = s.id AND c.erased_at IS NULL
JOIN staff st ON st.id = e.actor_id AND e.actor_kind = 'staff'
CROSS JOIN LATERAL jsonb_array_elements_text(e.data -> 'mended') p(code)
WHERE NOT c.problems @> ARRAY[p.code] GROUP BY st.id ORDER BY 3 DESC, st.id LIMIT {MOST_PEOPLE}
"""


async def quality(actor: Actor, scope: QualityScope, by: str, days: int) -> Quality:
    """The caller's customers as they stand now, in rows by region, store or guide, those with most problems first, and
    each of the last `days` days that was kept. A guide's are her own, or her stores' pools'. Two statements, whatever
    there is.
    """
    reach, now = allow(actor, "quality"), clock.now()
    full_from = (await latest(actor.brand_id)).document.full_from
    chosen = (scope.region_id, scope.no_region, scope.staff_id, full_from, by, now, days, scope.pool)
    lines = await db.fetch(QUALITY, *_shops(actor, reach, scope.store_id), *chosen)
    kept = [QualityDay(line[1], _counts(line)) for line in lines if line[0] == "day"]
    total = next(_counts(line) for line in lines if line[0] == "all")
    return Quality(now, full_from, total, [_row(line, by) for line in lines if line[0] == "row"], kept)


async def flawed_cards(actor: Actor, scope: FlawScope, first: int, after: UUID | None = None) -> list[FlawedCard]:
    """Customers on whose card something is wrong and who are the caller's to mend, the newest first: `first` and, when
    there are more, one further. `after`: the last one before.
    """
    args = _shops(actor, allow(actor, "problemCards"), scope.store_id)
    rows = await db.fetch(CARDS, *args, scope.mine, scope.code, after, first + 1)
    return [FlawedCard(from_row(row[:WIDTH]), tuple(row[WIDTH])) for row in rows]


async def problem_counts(actor: Actor, scope: FlawScope) -> list[ProblemCount]:
    """How many cards have each problem, the most frequent first; whichever one the scope names."""
    args = _shops(actor, allow(actor, "problemCards"), scope.store_id)
    return [ProblemCount(*row) for row in await db.fetch(KINDS, *args, scope.mine)]


async def mended_today(actor: Actor, store_id: UUID | None) -> list[Mended]:
    """Who of the caller's stores mended how many problems today, the most first; at most 50."""
    args = _shops(actor, allow(actor, "problemCards"), store_id)
    rows = await db.fetch(MENDED, *args, clock.now())
    return [Mended(Staff(row[0], row[1]), row[2]) for row in rows]


def _shops(actor: Actor, reach: Reach, store_id: UUID | None) -> tuple[Any, ...]:
    """SHOPS' arguments, and whose own counts."""
    return actor.brand_id, reach.actor_id, reach.all_stores, reach.own_stores, store_id


def _counts(line: Any) -> QualityCounts:
    return QualityCounts(*map(int, tuple(line)[10:14]))


def _row(line: Any, by: str) -> QualityRow:
    region = Region(line[2], line[3]) if line[2] else None
    store = Store(line[4], line[5], line[6], line[3], line[7]) if line[4] else None
    return QualityRow(by, region, store, Staff(line[8], line[9]) if line[8] else None, _counts(line))
