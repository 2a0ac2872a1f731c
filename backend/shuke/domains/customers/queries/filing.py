"""How soon new customers are filed after their visit, and the visits behind each number.

Counted are new customers whom somebody in the shop put down; an inquiry that came in by itself has its record at once.
Filed within the hour: the record was linked at most an hour after the visit.
"""

from datetime import datetime
from typing import Any
from uuid import UUID

from shuke.domains.customers.queries.visits import COLUMNS, JOINS, from_row
from shuke.domains.customers.types.visits import (
    Filing,
    FilingChoice,
    FilingCounts,
    FilingDay,
    FilingRow,
    FilingScope,
    FilingState,
    VisitView,
)
from shuke.domains.identity.service import allow
from shuke.domains.identity.types import Actor, Reach, Region, Staff, Store
from shuke.kit import clock, db

MOST_ROWS = 200

# the clock of each chosen store: when the period began there
SHOPS = """
asked AS MATERIALIZED (SELECT $1::uuid AS brand, $2::timestamptz AS now, $4::text AS unit),
shop AS MATERIALIZED (
  SELECT s.id, s.region_id, s.timezone, now,
    date_trunc(unit, now AT TIME ZONE s.timezone) AT TIME ZONE s.timezone AS begins
  FROM asked JOIN store s ON s.brand_id = brand AND ($3::uuid[] IS NULL OR s.id = ANY($3))
    AND ($5::uuid IS NULL OR s.region_id = $5) AND (NOT $6::bool OR s.region_id IS NULL)
    AND ($7::uuid IS NULL OR s.id = $7))
"""
NEWCOMER = "v.store_id = s.id AND v.is_new AND v.staff_id IS NOT NULL AND v.at >= s.begins AND v.at <= s.now"
DEADLINE = "v.at + interval '1 hour'"
STATES = {
    FilingState.ON_TIME: f"v.filed_at <= {DEADLINE}",
    FilingState.LATE: f"v.filed_at > {DEADLINE}",
    FilingState.WAITING: f"v.filed_at IS NULL AND {DEADLINE} > s.now",
    FilingState.MISSING: f"v.filed_at IS NULL AND {DEADLINE} <= s.now",
}
COUNTS = ", ".join(f"count(*) FILTER (WHERE state = '{state.value}') AS {state.value}" for state in STATES)
STATE = " ".join(f"WHEN {condition} THEN '{state.value}'" for state, condition in STATES.items())
KEPT = ", ".join(state.value for state in STATES)
NOBODY = ", ".join(["NULL"] * 8)
# Every line of the answer: what it is, the day, region, store, person, and the four counts.
FILING = f"""
WITH {SHOPS}, newcomer AS MATERIALIZED (
  SELECT s.region_id, s.id AS store_id, v.staff_id, (v.at AT TIME ZONE s.timezone)::date AS day,
    CASE {STATE} END AS state
  FROM shop s JOIN visit v ON {NEWCOMER}
), line AS (
  SELECT region_id, CASE WHEN $8::text <> 'region' THEN store_id END AS store_id,
    CASE WHEN $8 = 'guide' THEN staff_id END AS staff_id, {COUNTS}
  FROM newcomer GROUP BY 1, 2, 3
)
SELECT 'row' AS what, NULL::date AS day, l.region_id, r.name, l.store_id, s.name AS store, s.code, s.timezone,
  l.staff_id, st.name AS staff, {KEPT}
FROM (SELECT * FROM line ORDER BY missing DESC, late DESC, store_id, staff_id LIMIT {MOST_ROWS}) l
LEFT JOIN region r ON r.id = l.region_id LEFT JOIN store s ON s.id = l.store_id LEFT JOIN staff st ON st.id = l.staff_id
UNION ALL SELECT 'day', day, {NOBODY}, {COUNTS} FROM newcomer GROUP BY day
UNION ALL SELECT 'all', NULL, {NOBODY}, {COUNTS} FROM newcomer
ORDER BY what, day, missing DESC, late DESC, store, staff
"""
# Each store's own latest by its index, then the latest of these.
VISITS = f"""
WITH {SHOPS}, page AS (
  SELECT v.id, v.at FROM shop s CROSS JOIN LATERAL (
    SELECT v.id, v.at FROM visit v WHERE {NEWCOMER} AND {{state}}
      AND ($8::uuid IS NULL OR v.staff_id = $8)
      AND ($9::date IS NULL OR (v.at AT TIME ZONE s.timezone)::date = $9)
      AND ($10::timestamptz IS NULL OR (v.at, v.id) < ($10, $11::uuid))
    ORDER BY v.at DESC, v.id DESC LIMIT $12) v
  ORDER BY v.at DESC, v.id DESC LIMIT $12)
SELECT {COLUMNS} FROM page JOIN visit v ON v.id = page.id {JOINS} ORDER BY v.at DESC, v.id DESC
"""


async def filing(actor: Actor, scope: FilingScope, by: str) -> Filing:
    """New customers of the caller's stores in the period and how soon they were filed; rows by region, store or guide.

    One statement. Rows where nobody new came in are left out; the days are those of the stores.
    """
    reach, now = allow(actor, "filing"), clock.now()
    lines = await db.fetch(FILING, *_chosen(actor, reach, now, scope), by)
    days = [FilingDay(line[1], _counts(line)) for line in lines if line[0] == "day"]
    total = next(_counts(line) for line in lines if line[0] == "all")
    return Filing(now, total, [_row(line) for line in lines if line[0] == "row"], days)


async def filing_visits(
    actor: Actor, chosen: FilingChoice, first: int, after: tuple[datetime, UUID] | None = None
) -> list[VisitView]:
    """The visits that a number of `filing` counts, the latest first: `first` and, when there are more, one further.

    `after`: time and id of the last one before.
    """
    reach = allow(actor, "filingVisits")
    sql = VISITS.format(state=STATES[chosen.state] if chosen.state else "true")
    args = (*_chosen(actor, reach, clock.now(), chosen.scope), chosen.staff_id, chosen.day)
    return [from_row(row) for row in await db.fetch(sql, *args, *(after or (None, None)), first + 1)]


def _chosen(actor: Actor, reach: Reach, now: datetime, scope: FilingScope) -> tuple[Any, ...]:
    """SHOPS' arguments."""
    return actor.brand_id, now, reach.all_stores, scope.unit, scope.region_id, scope.no_region, scope.store_id


def _counts(line: Any) -> FilingCounts:
    return FilingCounts(*map(int, tuple(line)[10:14]))


def _row(line: Any) -> FilingRow:
    region = Region(line[2], line[3]) if line[2] else None
    store = Store(line[4], line[5], line[6], line[3], line[7]) if line[4] else None
    return FilingRow(region, store, Staff(line[8], line[9]) if line[8] else None, _counts(line))
