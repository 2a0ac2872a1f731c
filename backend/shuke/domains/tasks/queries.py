"""Reads: a person's day, cards by id, the open card of a customer."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

import msgspec

from shuke.domains.customers import queries as customers
from shuke.domains.identity.service import allow
from shuke.domains.identity.types import Actor, Reach, Staff, Store
from shuke.domains.segments.types import RfmCell
from shuke.domains.tasks.rules import local_day
from shuke.domains.tasks.types import Outcome, Reason, TaskState, TaskView, TodayView
from shuke.kit import clock, db

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
# $2: now. A store's day ends at its own midnight, which is never more than 25 hours away: that bounds the index.
DAY_BEGAN = "(($2::timestamptz AT TIME ZONE s.timezone)::date::timestamp AT TIME ZONE s.timezone)"
DUE_TODAY = """t.state = 'open' AND t.due_at < $2::timestamptz + interval '25 hours'
  AND t.due_at < ((($2::timestamptz AT TIME ZONE s.timezone)::date + 1)::timestamp AT TIME ZONE s.timezone)"""
# $1 actor, $3 brand, $4 her stores (null: all), $5 page, $6 most that are counted. Each branch reads one partial index
# in order and stops, however many cards there are.
TODAY = f"""
WITH due AS (
  (SELECT t.id, t.due_at FROM task t JOIN store s ON s.id = t.store_id
   WHERE t.assignee_id = $1 AND {DUE_TODAY} AND t.brand_id = $3 AND ($4::uuid[] IS NULL OR t.store_id = ANY($4))
   ORDER BY t.due_at, t.id LIMIT $6)
  UNION ALL
  (SELECT p.id, p.due_at FROM store s CROSS JOIN LATERAL (
     SELECT t.id, t.due_at FROM task t WHERE t.store_id = s.id AND t.assignee_id IS NULL AND {DUE_TODAY}
     ORDER BY t.due_at, t.id LIMIT $6) p
   WHERE s.brand_id = $3 AND ($4::uuid[] IS NULL OR s.id = ANY($4)))
), page AS (SELECT id, due_at FROM due ORDER BY due_at, id LIMIT $5)
SELECT (SELECT least(count(*), $6) FROM due),
  coalesce((SELECT timezone FROM store WHERE id = ($4::uuid[])[1]), (SELECT timezone FROM brand WHERE id = $3)),
  x.*
FROM (SELECT) head LEFT JOIN LATERAL (
  SELECT m.cell, {COLUMNS} FROM page JOIN task t ON t.id = page.id {JOINS}
  LEFT JOIN segment_membership m ON m.customer_id = c.id AND m.left_at IS NULL
  ORDER BY page.due_at, page.id) AS x ON true
"""
DONE_TODAY = f"""
SELECT {COLUMNS} FROM (
  SELECT t.* FROM task t JOIN store s ON s.id = t.store_id
  WHERE t.brand_id = $3 AND t.closed_by_id = $1 AND t.closed_at > $2::timestamptz - interval '25 hours'
    AND t.closed_at >= {DAY_BEGAN} AND t.state = 'done'
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
    rows = await db.fetch(TODAY, actor.id, now, actor.brand_id, actor.store_ids, first, MOST_COUNTED)
    found = [(from_row(row[3:]), row[2]) for row in rows if row[3] is not None]
    cells = {task.customer.id: RfmCell(cell) if cell else None for task, cell in found}
    return TodayView(local_day(now, rows[0][1]), [task for task, _ in found], rows[0][0], cells)


async def done_today(actor: Actor) -> list[TaskView]:
    """What she closed since the store's midnight, the latest first, at most 50."""
    allow(actor, "today")
    rows = await db.fetch(DONE_TODAY, actor.id, clock.now(), actor.brand_id, MOST_DONE)
    return [from_row(row) for row in rows]


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
    return reach.covers(view.store.id, view.assignee.id if view.assignee else None)
