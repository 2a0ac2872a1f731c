"""A person's day: what is due, and what she has done."""

from shuke.domains.identity.service import allow
from shuke.domains.identity.types import Actor
from shuke.domains.segments.types import RfmCell
from shuke.domains.tasks.queries.cards import COLUMNS, JOINS, from_row, may_read
from shuke.domains.tasks.types import TaskView, TodayView
from shuke.kit import clock, db, zones

MOST_COUNTED = 100
MOST_DONE = 50

# Each branch of `due` reads one partial index in order and stops, however many cards there are. A store's day ends at
# its own midnight, which is never more than 25 hours away: that bounds the index. What is asked for stands in a table
# of its own, out of the planner's sight: else it would think a plan made for the values at hand better than the general
# one, and plan a dozen joins anew for each request, which takes longer than running them.
DUE = """t.state = 'open' AND t.due_at < (SELECT now + interval '25 hours' FROM asked)
  AND t.due_at < (
    SELECT ((a.now AT TIME ZONE s.timezone)::date + 1)::timestamp AT TIME ZONE s.timezone FROM {source})"""
TODAY = f"""
WITH asked AS MATERIALIZED (
  SELECT $1::uuid AS me, $2::timestamptz AS now, $3::uuid AS brand, $4::uuid[] AS stores, $5::int AS page,
    coalesce((SELECT timezone FROM store WHERE id = ($4::uuid[])[1]),
      (SELECT timezone FROM brand WHERE id = $3)) AS zone
), due AS (
  (SELECT t.id, t.due_at FROM task t
   WHERE t.assignee_id = (SELECT me FROM asked) AND {DUE.format(source="asked a JOIN store s ON s.id = t.store_id")}
     AND t.brand_id = (SELECT brand FROM asked)
     AND ((SELECT stores IS NULL FROM asked) OR t.store_id = ANY((SELECT stores FROM asked)::uuid[]))
   ORDER BY t.due_at, t.id LIMIT {MOST_COUNTED})
  UNION ALL
  (SELECT p.id, p.due_at FROM store s CROSS JOIN LATERAL (
     SELECT t.id, t.due_at FROM task t
     WHERE t.store_id = s.id AND t.assignee_id IS NULL AND {DUE.format(source="asked a")}
     ORDER BY t.due_at, t.id LIMIT {MOST_COUNTED}) p
   WHERE s.brand_id = (SELECT brand FROM asked)
     AND ((SELECT stores IS NULL FROM asked) OR s.id = ANY((SELECT stores FROM asked)::uuid[])))
), page AS (SELECT id, due_at FROM due ORDER BY due_at, id LIMIT (SELECT page FROM asked))
SELECT (SELECT least(count(*), {MOST_COUNTED}) FROM due), a.zone, x.*
FROM asked a LEFT JOIN LATERAL (
  SELECT m.cell, {COLUMNS} FROM page JOIN task t ON t.id = page.id {JOINS}
  LEFT JOIN segment_membership m ON m.customer_id = c.id AND m.left_at IS NULL
  ORDER BY page.due_at, page.id) AS x ON true
"""
DONE_TODAY = f"""
SELECT {COLUMNS} FROM (
  SELECT t.* FROM task t JOIN store s ON s.id = t.store_id
  WHERE t.brand_id = $3 AND t.closed_by_id = $1 AND t.closed_at > $2::timestamptz - interval '25 hours'
    AND t.closed_at >= (($2 AT TIME ZONE s.timezone)::date::timestamp AT TIME ZONE s.timezone)
    AND t.state = 'done'
  ORDER BY t.closed_at DESC, t.id DESC LIMIT $4) t {JOINS}
ORDER BY t.closed_at DESC, t.id DESC
"""


async def today(actor: Actor, first: int) -> TodayView:
    """Her own cards and those of her stores' pools that are due by the end of the store's day, the most urgent first.

    One statement; `open` holds `first` of them.
    """
    allow(actor, "today")
    now = clock.now()
    rows = await db.fetch(TODAY, actor.id, now, actor.brand_id, actor.store_ids, first)
    found = [(from_row(row[3:]), row[2]) for row in rows if row[3] is not None]
    cells = {task.customer.id: RfmCell(cell) if cell else None for task, cell in found}
    return TodayView(zones.local_date(now, rows[0][1]), [task for task, _ in found], rows[0][0], cells)


async def done_today(actor: Actor) -> list[TaskView]:
    """What she closed since the store's midnight, the latest first, at most 50."""
    reach = allow(actor, "today")
    rows = await db.fetch(DONE_TODAY, actor.id, clock.now(), actor.brand_id, MOST_DONE)
    return [view for view in map(from_row, rows) if may_read(reach, view)]
