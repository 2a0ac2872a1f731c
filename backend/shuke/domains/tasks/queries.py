"""Reads: a person's day, cards by id, the open card of a customer."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

import msgspec

from shuke.domains.customers import queries as customers
from shuke.domains.identity.service import allow
from shuke.domains.identity.types import Actor, Reach, Staff, Store
from shuke.domains.segments.types import RfmCell
from shuke.domains.tasks.types import Outcome, Reason, TaskState, TaskView, TodayView
from shuke.kit import clock, db, zones

MOST_COUNTED = 100
MOST_DONE = 50

COLUMNS = f"""
t.id, t.reasons, t.due_at, t.state, t.outcome, t.note, t.follow_up_at, t.attempts, t.closed_at, t.version,
t_store.id, t_store.name, t_store.code, t_region.name, t_store.timezone,
t_staff.id, t_staff.name, t_closer.id, t_closer.name, {customers.COLUMNS}
"""
WIDTH = 19 + customers.WIDTH
JOINS = f"""
JOIN store t_store ON t_store.id = t.store_id LEFT JOIN region t_region ON t_region.id = t_store.region_id
LEFT JOIN staff t_staff ON t_staff.id = t.assignee_id LEFT JOIN staff t_closer ON t_closer.id = t.closed_by_id
JOIN customer c ON c.id = t.customer_id {customers.JOINS}
"""
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
BY_IDS = f"SELECT {COLUMNS} FROM task t {JOINS} WHERE t.brand_id = $1 AND t.id = ANY($2)"
OPEN_OF = f"""
SELECT {COLUMNS} FROM task t {JOINS} WHERE t.brand_id = $1 AND t.customer_id = ANY($2) AND t.state = 'open'
"""

_reasons = msgspec.json.Decoder(tuple[Reason, ...])


def from_row(row: Any) -> TaskView:
    """The card in WIDTH values, as COLUMNS has them."""
    return TaskView(
        row[0],
        customers.from_row(row[19:WIDTH]),
        Store(*row[10:15]),
        Staff(row[15], row[16]) if row[15] else None,
        _reasons.decode(row[1]),
        row[2],
        TaskState(row[3]),
        Outcome(row[4]) if row[4] else None,
        row[5],
        row[6],
        row[7],
        row[8],
        Staff(row[17], row[18]) if row[17] else None,
        row[9],
    )


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
    return [view for view in map(from_row, rows) if _may_read(reach, view)]


async def task(actor: Actor, task_id: UUID) -> TaskView | None:
    """The card; None when there is none within the caller's reach."""
    return (await tasks_by_id(actor, [task_id]))[0]


async def tasks_by_id(actor: Actor, ids: Iterable[UUID]) -> list[TaskView | None]:
    """A batch, in the order of `ids`."""
    reach, wanted = allow(actor, "task"), list(ids)
    rows = await db.fetch(BY_IDS, actor.brand_id, wanted)
    seen = {view.id: view for view in map(from_row, rows) if _may_read(reach, view)}
    return [seen.get(key) for key in wanted]


async def open_tasks_of(actor: Actor, ids: Iterable[UUID]) -> list[TaskView | None]:
    """A batch by customer: the open card of each, in the order of `ids`."""
    reach, wanted = allow(actor, "task"), list(ids)
    rows = await db.fetch(OPEN_OF, actor.brand_id, wanted)
    seen = {view.customer.id: view for view in map(from_row, rows) if _may_read(reach, view)}
    return [seen.get(key) for key in wanted]


def _may_read(reach: Reach, view: TaskView) -> bool:
    """A closed card stays with its store; it shows the customer only to who may open her now."""
    card = reach.covers(view.store.id, view.assignee.id if view.assignee else None)
    return card and customers.may_touch(reach, view.customer)
