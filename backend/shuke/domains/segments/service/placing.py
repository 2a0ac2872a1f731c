"""Putting customers into cells by their figures and a run's cut-offs; only what changes is written."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from math import floor
from typing import Any
from uuid import UUID

from shuke.domains.segments import rules
from shuke.domains.segments.types import Cut, CutOffs, Cuts, RfmCell
from shuke.kit import db, events

KEPT, REPORTED = "rfm_figure", "rfm_report"
"""Where figures stand: as they are now, or as of another day (a temporary table)."""

MOVED = """
CREATE TEMP TABLE IF NOT EXISTS rfm_moved (customer_id UUID, membership UUID, former TEXT, cell TEXT, former_store UUID,
  store_id UUID, last_on DATE, visits BIGINT, minor BIGINT) ON COMMIT DELETE ROWS
"""
# $1 brand, $2 day, $3 $4 $5 the cut-offs, $6 the band, from $7 on who. The cut itself is high, so that those who tie
# stand on one side; who is high stays so until she is by the band beyond it.
PLACED = """
SELECT customer_id, m.id AS membership, m.cell AS former, m.store_id AS former_store,
  f.store_id, f.last_on, f.visits, f.minor,
  CASE WHEN f.last_on IS NOT NULL THEN
    CASE WHEN $2::date - f.last_on <= $3::float8 + CASE WHEN m.cell LIKE 'H__' THEN $3 * $6::float8 ELSE 0 END
      THEN 'H' ELSE 'L' END
    || CASE WHEN f.visits >= $4::float8 - CASE WHEN m.cell LIKE '_H_' THEN $4 * $6 ELSE 0 END THEN 'H' ELSE 'L' END
    || CASE WHEN f.minor >= $5::float8 - CASE WHEN m.cell LIKE '__H' THEN abs($5) * $6 ELSE 0 END THEN 'H' ELSE 'L' END
  END AS cell
FROM (SELECT customer_id, store_id, last_on, visits, minor FROM {figures} WHERE brand_id = $1{her}) f
{join} (SELECT customer_id, id, cell, store_id FROM segment_membership WHERE brand_id = $1 AND left_at IS NULL{his}) m
  USING (customer_id)
"""
# who stays in her cell may be counted under another store
KEEP_MOVED = """
INSERT INTO rfm_moved (customer_id, membership, former, former_store, store_id, last_on, visits, minor, cell)
SELECT * FROM ({placed}) p WHERE (cell, store_id) IS DISTINCT FROM (former, former_store)
"""
LEAVE = """
UPDATE segment_membership m SET left_at = $1, updated_at = $1 FROM rfm_moved w
WHERE m.id = w.membership AND w.cell IS DISTINCT FROM w.former
"""
STAY = """
UPDATE segment_membership m SET store_id = w.store_id FROM rfm_moved w WHERE m.id = w.membership AND w.cell = w.former
"""
# the id is a UUIDv7 made here: random bits, then the milliseconds in front, then the version
ENTER = """
INSERT INTO segment_membership (id, brand_id, customer_id, cell, store_id, entered_at, reason, created_at,
  updated_at)
SELECT encode(set_bit(set_bit(overlay(uuid_send(gen_random_uuid()) PLACING
      substring(int8send((extract(epoch FROM $2::timestamptz) * 1000)::bigint) FROM 3) FROM 1 FOR 6
    ), 52, 1), 53, 1), 'hex')::uuid, $1, customer_id, cell, store_id, $2,
  jsonb_build_object('days', $3::date - last_on, 'orders', visits, 'netMinor', minor), $2, $2
FROM rfm_moved WHERE cell IS NOT NULL AND cell IS DISTINCT FROM former ORDER BY customer_id
"""
# whoever has changed cells is looked at by the rules that ask for cells
TOUCH = """
INSERT INTO segment_watch AS w (customer_id, brand_id, due_at)
SELECT customer_id, $1::uuid, $2::timestamptz FROM rfm_moved
WHERE cell IS DISTINCT FROM former
  AND EXISTS (SELECT FROM segment WHERE brand_id = $1 AND kind = 'rule' AND archived_at IS NULL)
ORDER BY customer_id ON CONFLICT (customer_id) DO UPDATE SET due_at = least(w.due_at, excluded.due_at)
"""
# what a board adds up: a few rows a store, however many customers it has
SHIFT = """
INSERT INTO segment_store_count AS n (brand_id, store_id, cell, customers)
SELECT $1, x.store_id, x.cell, sum(x.n) FROM rfm_moved w
CROSS JOIN LATERAL (VALUES (w.former_store, w.former, -1), (w.store_id, w.cell, 1)) x (store_id, cell, n)
WHERE x.cell IS NOT NULL GROUP BY 2, 3 HAVING sum(x.n) <> 0
ON CONFLICT (brand_id, store_id, cell) DO UPDATE SET customers = n.customers + excluded.customers
"""
MOVES = (
    "DECLARE rfm_moves NO SCROLL CURSOR FOR SELECT customer_id, former, cell FROM rfm_moved "
    "WHERE cell IS DISTINCT FROM former"
)
MOST_TOLD = 1000
"""Customers whom one event names."""
NOBODY = CutOffs(0, 0, 0)
"""Where there is nobody to place."""
NUMBERS = "SELECT cell, count(*) FROM ({placed}) p WHERE cell IS NOT NULL GROUP BY 1"
COUNTED = "SELECT cell, sum(customers)::int FROM segment_store_count WHERE brand_id = $1 GROUP BY 1"
COMING = """
SELECT cell, sum(customers)::int FROM (
  SELECT cell, customers FROM segment_store_count WHERE brand_id = $1
  UNION ALL SELECT x.cell, x.n FROM rfm_moved w CROSS JOIN LATERAL (VALUES (w.former, -1), (w.cell, 1)) x (cell, n)
) c WHERE cell IS NOT NULL GROUP BY 1
"""


@dataclass(slots=True, frozen=True)
class Place:
    """What decides: the day, the cut-offs, the band; and where the figures stand."""

    brand_id: UUID
    day: date
    cut_offs: CutOffs
    band: float
    figures: str = KEPT

    def ask(self, whom: str = "", *more: object, join: str = "FULL JOIN", his: str = "") -> tuple[str, list[object]]:
        sql = PLACED.format(figures=self.figures, join=join, her=whom, his=his)
        offs = self.cut_offs
        return sql, [self.brand_id, self.day, offs.days, offs.orders, offs.minor, self.band, *more]


async def cut(brand_id: UUID, day: date, cuts: Cuts, currency: str, figures: str = KEPT) -> CutOffs | None:
    """What the cuts come to: numbers as they are, quantiles of those who have figures; None: nobody has."""
    money = rules.in_minor_units(cuts.m, currency)
    args: list[object] = [brand_id, day]
    columns = [
        _cut_sql(one, column, args)
        for one, column in ((cuts.r, "$2::date - last_on"), (cuts.f, "visits"), (money, "minor"))
    ]
    sql = f"SELECT {', '.join(columns)}, $2::date FROM {figures} WHERE brand_id = $1 HAVING count(*) > 0"
    row = await db.fetch_row(sql, *args)
    return CutOffs(*row[:3]) if row else None


def _cut_sql(one: Cut, column: str, args: list[object]) -> str:
    args.append(float(one.value))
    part = f"${len(args)}::float8"
    return f"percentile_cont({part}) WITHIN GROUP (ORDER BY {column})" if one.quantile else part


async def numbers(place: Place) -> dict[RfmCell, int]:
    """How many would stand in each cell; moves nobody."""
    sql, args = place.ask()
    return _cells(await db.fetch(NUMBERS.format(placed=sql), *args))


async def sort_all(place: Place) -> dict[RfmCell, int]:
    """Finds those of everybody who are to move; how many will be in each cell when `move` has moved them."""
    await db.roomy()
    await _find(*place.ask())
    return _cells(await db.fetch(COMING, place.brand_id))


async def place_these(place: Place, ids: Sequence[UUID], now: datetime) -> tuple[int, int]:
    """These customers; how many entered a cell and left one."""
    hers = " AND customer_id = ANY($7)"
    return await move(place, now) if await _find(*place.ask(hers, list(ids), his=hers)) else (0, 0)


async def place_aged(place: Place, since: date, now: datetime) -> tuple[int, int]:
    """Those alone whose last purchase has grown older than the cut-off since that day."""
    oldest = since - timedelta(days=floor(place.cut_offs.days * (1 + place.band)))
    until = place.day - timedelta(days=floor(place.cut_offs.days))
    await _find(*place.ask(" AND last_on >= $7 AND last_on < $8", oldest, until, join="LEFT JOIN"))
    return await move(place, now)


async def tell_moves(brand_id: UUID, actor: tuple[str, UUID | None], run_id: UUID | None) -> None:
    """News of those whom this transaction's last placing moved, each with the cell that she left and the one that she
    came into; null: none. `run_id`: of the run that did it.
    """
    await db.execute(MOVES)
    while rows := await db.fetch(f"FETCH {MOST_TOLD} FROM rfm_moves"):
        moved = [{"customer": row[0], "former": row[1], "cell": row[2]} for row in rows]
        counts = {
            name: sum(one[at] is not None for one in moved) for name, at in (("entered", "cell"), ("left", "former"))
        }
        await events.record(brand_id, "segments.moved", actor, ("segment_run", run_id), counts | {"moved": moved})
    await db.execute("CLOSE rfm_moves")


async def counted(brand_id: UUID) -> dict[RfmCell, int]:
    """How many are in each cell, as the stores' counts have it."""
    return _cells(await db.fetch(COUNTED, brand_id))


def _cells(rows: Sequence[Any]) -> dict[RfmCell, int]:
    found = {row[0]: row[1] for row in rows}
    return {cell: found.get(cell.value, 0) for cell in RfmCell}


async def _find(placed: str, args: Sequence[object]) -> int:
    """Keeps in `rfm_moved` who is to move; how many."""
    await db.execute(MOVED)
    await db.execute("DELETE FROM rfm_moved")
    return await db.execute(KEEP_MOVED.format(placed=placed), *args)


async def move(place: Place, now: datetime) -> tuple[int, int]:
    """Those who were found, with the stores' counts; how many entered a cell and left one."""
    left = await db.execute(LEAVE, now)
    await db.execute(STAY)
    await db.execute(SHIFT, place.brand_id)
    entered = await db.execute(ENTER, place.brand_id, now, place.day)
    await db.execute(TOUCH, place.brand_id, now)
    return entered, left
