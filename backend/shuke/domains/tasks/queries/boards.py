"""The managers' board, and the cards behind each of its numbers."""

from datetime import datetime
from typing import Any
from uuid import UUID

from shuke.domains.identity.service import allow
from shuke.domains.identity.types import Actor, Reach, Region, Staff, Store
from shuke.domains.tasks.queries.cards import COLUMNS, JOINS, from_row
from shuke.domains.tasks.types import (
    Board,
    BoardChoice,
    BoardCounts,
    BoardGrouping,
    BoardReason,
    BoardRow,
    BoardScope,
    BoardState,
    TaskView,
)
from shuke.kit import clock, db

MOST_ROWS = 200

# The clock of each chosen store: when the period began and ends there, and the same stretch of the one before.
SHOPS = """
asked AS MATERIALIZED (SELECT $1::uuid AS brand, $2::timestamptz AS now, $4::text AS unit),
shop AS MATERIALIZED (
  SELECT s.id, s.region_id, now, brand, date_trunc(unit, wall) AT TIME ZONE s.timezone AS begins,
    (date_trunc(unit, wall) + one) AT TIME ZONE s.timezone AS ends,
    (date_trunc(unit, wall) - one) AT TIME ZONE s.timezone AS begun_before,
    (wall - one) AT TIME ZONE s.timezone AS so_far
  FROM asked JOIN store s ON s.brand_id = brand AND ($3::uuid[] IS NULL OR s.id = ANY($3))
    AND ($5::uuid IS NULL OR s.region_id = $5) AND (NOT $6::bool OR s.region_id IS NULL)
    AND ($7::uuid IS NULL OR s.id = $7)
  CROSS JOIN LATERAL (SELECT now AT TIME ZONE s.timezone AS wall, ('1 ' || unit)::interval AS one) clock)
"""
OPEN_CARD = "t.brand_id = s.brand AND t.store_id = s.id AND t.state = 'open'"
# A closed card stays with its store, but shows the customer only to who may open her now: see `may_read`.
CLOSED_CARD = """t.brand_id = s.brand AND t.store_id = s.id AND t.state = 'done' AND (
    $3::uuid[] IS NULL OR (SELECT c.store_id FROM customer c WHERE c.id = t.customer_id) = ANY($3))"""
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
  UNION ALL SELECT s.id, NULL, 0, 0, 0, 0 FROM shop s WHERE $8::text <> 'guide'
  UNION ALL SELECT r.store_id, r.staff_id, 0, 0, 0, 0 FROM shop s JOIN staff_role r
    ON r.brand_id = s.brand AND r.store_id = s.id JOIN staff st ON st.id = r.staff_id AND st.left_at IS NULL
    WHERE $8 = 'guide'
), line AS (
  SELECT s.region_id, CASE WHEN $8 <> 'region' THEN s.id END AS store_id,
    CASE WHEN $8 = 'guide' THEN x.staff_id END AS staff_id,
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
      AND ($9::text IS NULL OR EXISTS (SELECT FROM jsonb_array_elements(t.reasons) r WHERE r ->> 'key' = $9))
      AND ($10::timestamptz IS NULL OR ({{place}}, t.id) {{behind}} ($10, $11::uuid))
    ORDER BY {{place}} {{order}}, t.id {{order}} LIMIT $12) t
  ORDER BY t.place {{order}}, t.id {{order}} LIMIT $12)
SELECT {COLUMNS} FROM page JOIN task t ON t.id = page.id {JOINS} ORDER BY page.place {{order}}, page.id {{order}}
"""


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
    return actor.brand_id, now, reach.all_stores, scope.period.value, scope.region_id, scope.no_region, scope.store_id


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
        whose=f"{person} IS NULL AND $8::uuid IS NULL" if chosen.pool else f"($8::uuid IS NULL OR {person} = $8)",
        behind="<" if done else ">",
        order="DESC" if done else "ASC",
    )
    args = (*_chosen(actor, reach, clock.now(), chosen.scope), chosen.staff_id, chosen.reason)
    return [from_row(row) for row in await db.fetch(sql, *args, *(after or (None, None)), first + 1)]


def place_of(view: TaskView, state: BoardState) -> datetime:
    """By what the list of this state is ordered."""
    return view.closed_at if state is BoardState.DONE and view.closed_at else view.due_at
