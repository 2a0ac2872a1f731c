"""Reads: a person's day, cards by id, the open card of a customer."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from shuke.domains.customers import queries as customers
from shuke.domains.identity.service import allow
from shuke.domains.identity.types import Actor, Reach, Region, Staff, Store
from shuke.domains.segments.types import RfmCell
from shuke.domains.tasks.types import (
    Board,
    BoardChoice,
    BoardCounts,
    BoardGrouping,
    BoardReason,
    BoardRow,
    BoardScope,
    BoardState,
    Outcome,
    Reason,
    TaskState,
    TaskView,
    TodayView,
)
from shuke.kit import clock, db, zones

MOST_COUNTED = 100
MOST_DONE = 50
MOST_ROWS = 200

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
# The clock of each chosen store: when the period began and ends there, and the same stretch of the one before.
SHOPS = """
asked AS MATERIALIZED (SELECT $1::uuid AS brand, $2::timestamptz AS now, $4::text AS unit),
shop AS MATERIALIZED (
  SELECT s.id, s.region_id, now, brand, date_trunc(unit, wall) AT TIME ZONE s.timezone AS begins,
    (date_trunc(unit, wall) + one) AT TIME ZONE s.timezone AS ends,
    (date_trunc(unit, wall) - one) AT TIME ZONE s.timezone AS begun_before,
    (wall - one) AT TIME ZONE s.timezone AS so_far
  FROM asked JOIN store s ON s.brand_id = brand AND ($3::uuid[] IS NULL OR s.id = ANY($3))
    AND ($5::uuid IS NULL OR s.region_id = $5) AND ($6::uuid IS NULL OR s.id = $6)
  CROSS JOIN LATERAL (SELECT now AT TIME ZONE s.timezone AS wall, ('1 ' || unit)::interval AS one) clock)
"""
OPEN_CARD = "t.brand_id = s.brand AND t.store_id = s.id AND t.state = 'open'"
CLOSED_CARD = "t.brand_id = s.brand AND t.store_id = s.id AND t.state = 'done'"
NOBODY = ", ".join(["NULL"] * 8)
# Only open cards due by the period's end and those closed since it began are read, each by its store's index range.
# Every line of the answer: what it is, region, store, person, rule, the four counts, and when she was seen and nudged.
BOARD = f"""
WITH {SHOPS}, card AS MATERIALIZED (
  SELECT s.id AS store_id, t.assignee_id AS staff_id, t.reasons, 0 AS done, (t.due_at >= s.now)::int AS due,
    (t.due_at < s.now)::int AS late, 0 AS punctual
  FROM shop s JOIN task t ON {OPEN_CARD} AND t.due_at < s.ends
  UNION ALL
  SELECT s.id, t.closed_by_id, t.reasons, 1, 0, 0, (t.closed_at <= t.due_at)::int
  FROM shop s JOIN task t ON {CLOSED_CARD} AND t.closed_at >= s.begins AND t.closed_at <= s.now
), share AS (
  SELECT store_id, staff_id, done, due, late, punctual FROM card
  UNION ALL SELECT s.id, NULL, 0, 0, 0, 0 FROM shop s WHERE $7::text <> 'guide'
  UNION ALL SELECT r.store_id, r.staff_id, 0, 0, 0, 0 FROM shop s JOIN staff_role r
    ON r.brand_id = s.brand AND r.store_id = s.id JOIN staff st ON st.id = r.staff_id AND st.left_at IS NULL
    WHERE $7 = 'guide'
), line AS (
  SELECT s.region_id, CASE WHEN $7 <> 'region' THEN s.id END AS store_id,
    CASE WHEN $7 = 'guide' THEN x.staff_id END AS staff_id,
    sum(done) AS done, sum(due) AS due, sum(late) AS late, sum(punctual) AS punctual
  FROM share x JOIN shop s ON s.id = x.store_id GROUP BY 1, 2, 3
), named AS (
  SELECT l.*, r.name AS region, s.name AS store, s.code, s.timezone, st.name AS staff,
    row_number() OVER (ORDER BY late DESC, concat_ws(' ', st.name, s.name, r.name), l.store_id, l.staff_id) AS place
  FROM line l LEFT JOIN region r ON r.id = l.region_id LEFT JOIN store s ON s.id = l.store_id
  LEFT JOIN staff st ON st.id = l.staff_id ORDER BY place LIMIT {MOST_ROWS}
)
SELECT 'row', region_id, region, store_id, store, code, timezone, staff_id, staff, NULL, done, due, late, punctual,
  (SELECT max(x.last_seen_at) FROM session x WHERE x.staff_id = n.staff_id),
  (SELECT max(m.created_at) FROM inbox_message m WHERE m.staff_id = n.staff_id AND m.kind = 'nudge'
    AND m.created_at >= date_trunc('day', (SELECT now FROM asked) AT TIME ZONE n.timezone) AT TIME ZONE n.timezone),
  place
FROM named n
UNION ALL
SELECT 'all', {NOBODY}, NULL, coalesce(sum(done), 0), coalesce(sum(due), 0), coalesce(sum(late), 0),
  coalesce(sum(punctual), 0), NULL, NULL, 0 FROM card
UNION ALL
SELECT 'reason', {NOBODY}, k.key, sum(done), sum(due), sum(late), sum(punctual), NULL, NULL, 0 FROM card
CROSS JOIN LATERAL (SELECT DISTINCT r ->> 'key' AS key FROM jsonb_array_elements(card.reasons) r) k GROUP BY k.key
UNION ALL
SELECT 'before', {NOBODY}, NULL, (SELECT count(*) FROM shop s JOIN task t
    ON {CLOSED_CARD} AND t.closed_at >= s.begun_before AND t.closed_at <= least(s.so_far, s.begins)),
  0, 0, 0, NULL, NULL, 0
WHERE EXISTS (SELECT FROM shop s CROSS JOIN LATERAL (
  SELECT FROM task t WHERE {CLOSED_CARD} AND t.closed_at < s.begins ORDER BY t.closed_at LIMIT 1) t)
ORDER BY place
"""
# Each store's own first cards by its index, then the first of these.
BOARD_CARDS = f"""
WITH {SHOPS}, page AS (
  SELECT t.id, t.place FROM shop s CROSS JOIN LATERAL (
    SELECT t.id, {{place}} AS place FROM task t WHERE {{of}} AND {{within}} AND {{whose}}
      AND ($8::text IS NULL OR EXISTS (SELECT FROM jsonb_array_elements(t.reasons) r WHERE r ->> 'key' = $8))
      AND ($9::timestamptz IS NULL OR ({{place}}, t.id) {{behind}} ($9, $10::uuid))
    ORDER BY {{place}} {{order}}, t.id {{order}} LIMIT $11) t
  ORDER BY t.place {{order}}, t.id {{order}} LIMIT $11)
SELECT {COLUMNS} FROM page JOIN task t ON t.id = page.id {JOINS} ORDER BY page.place {{order}}, page.id {{order}}
"""
OPEN_CARDS_OF = """
SELECT assignee_id, count(*) FROM task WHERE state = 'open' AND assignee_id = ANY($2) AND brand_id = $1
  AND ($3::uuid[] IS NULL OR store_id = ANY($3)) GROUP BY 1
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


async def board(actor: Actor, scope: BoardScope, by: BoardGrouping) -> Board:
    """Cards done, due and late in the caller's stores, or those chosen of them; rows by region, store or person.

    One statement, whatever there is to show.
    """
    reach, now = allow(actor, "board"), clock.now()
    lines = await db.fetch(BOARD, *_chosen(actor, reach, now, scope), by.value)
    rows = [_board_row(line, by) for line in lines if line[0] == "row"]
    reasons = [BoardReason(line[9], _counts(line)) for line in lines if line[0] == "reason"]
    reasons.sort(key=lambda reason: (-reason.counts.late, reason.key))
    before = next((_counts(line) for line in lines if line[0] == "before"), None)
    total = next(_counts(line) for line in lines if line[0] == "all")
    return Board(scope, now, total, before, rows, reasons)


def _chosen(actor: Actor, reach: Reach, now: datetime, scope: BoardScope) -> tuple[Any, ...]:
    """SHOPS' arguments."""
    return actor.brand_id, now, reach.all_stores, scope.period.value, scope.region_id, scope.store_id


def _counts(line: Any) -> BoardCounts:
    done, due, late, punctual = map(int, tuple(line)[10:14])
    return BoardCounts(done, due, late, punctual / done if done else None)


def _board_row(line: Any, by: BoardGrouping) -> BoardRow:
    region = Region(line[1], line[2]) if line[1] else None
    store = Store(line[3], line[4], line[5], line[2], line[6]) if line[3] else None
    staff = Staff(line[7], line[8]) if line[7] else None
    return BoardRow(by, region, store, staff, _counts(line), line[14], line[15])


async def board_cards(
    actor: Actor, chosen: BoardChoice, first: int, after: tuple[datetime, UUID] | None = None
) -> list[TaskView]:
    """The cards that a number of the board counts: `first` and, when there are more, one further.

    Of DONE the last closed first, else the first due first. `after`: `place_of` and id of the last one before.
    """
    reach = allow(actor, "boardCards")
    done = chosen.state is BoardState.DONE
    person = "t.closed_by_id" if done else "t.assignee_id"
    within = {
        BoardState.DONE: "t.closed_at >= s.begins AND t.closed_at <= s.now",
        BoardState.DUE: "t.due_at >= s.now AND t.due_at < s.ends",
        BoardState.LATE: "t.due_at < s.now",
    }[chosen.state]
    sql = BOARD_CARDS.format(
        place="t.closed_at" if done else "t.due_at",
        of=CLOSED_CARD if done else OPEN_CARD,
        within=within,
        whose=f"{person} IS NULL AND $7::uuid IS NULL" if chosen.pool else f"($7::uuid IS NULL OR {person} = $7)",
        behind="<" if done else ">",
        order="DESC" if done else "ASC",
    )
    args = (*_chosen(actor, reach, clock.now(), chosen.scope), chosen.staff_id, chosen.reason)
    return [from_row(row) for row in await db.fetch(sql, *args, *(after or (None, None)), first + 1)]


def place_of(view: TaskView, state: BoardState) -> datetime:
    """By what the list of this state is ordered."""
    return view.closed_at if state is BoardState.DONE and view.closed_at else view.due_at


async def open_cards_of(actor: Actor, ids: list[UUID]) -> list[int]:
    """A batch by staff: how many open cards each has in the stores whose people the caller sees."""
    reach = allow(actor, "staffMember")
    found = {row[0]: row[1] for row in await db.fetch(OPEN_CARDS_OF, actor.brand_id, ids, reach.all_stores)}
    return [found.get(key, 0) for key in ids]


def _may_read(reach: Reach, view: TaskView) -> bool:
    """A closed card stays with its store; it shows the customer only to who may open her now."""
    card = reach.covers(view.store.id, view.assignee.id if view.assignee else None)
    return card and customers.may_touch(reach, view.customer)
