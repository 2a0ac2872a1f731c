"""Every customer's three figures, kept: of those who left a mark, or of everybody. All of it under `hold_cells`."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from shuke.domains.segments import queries
from shuke.domains.segments.types import Options
from shuke.kit import codec, db, zones

STATE = "SELECT basis, wanted FROM rfm_state WHERE brand_id = $1"
KEEP_STATE = """
INSERT INTO rfm_state (brand_id, basis) VALUES ($1, $2) ON CONFLICT (brand_id) DO UPDATE
SET basis = excluded.basis, wanted = false
"""
MANY = """
SELECT count(*) FROM (SELECT FROM rfm_touched WHERE brand_id = $1 AND due_at <= $2 LIMIT $3) t
"""
CLAIM = """
SELECT DISTINCT customer_id FROM (SELECT customer_id FROM rfm_touched WHERE brand_id = $1 AND due_at <= $2
  ORDER BY due_at LIMIT $3) t ORDER BY 1
"""
WORKED_OFF = "DELETE FROM rfm_touched WHERE customer_id = ANY($1)"
# only what differs is written; of some customers every table is asked for just these, or it is gone through whole.
# {figures} has its arguments first, then come the moment and the window
WRITE = """
WITH fresh AS MATERIALIZED ({figures}), gone AS (
  DELETE FROM rfm_figure f WHERE f.brand_id = $1{whom} AND NOT EXISTS (
    SELECT FROM fresh n WHERE n.customer_id = f.customer_id)
){timers}
INSERT INTO rfm_figure AS f (customer_id, brand_id, store_id, last_on, visits, minor, changed_at)
SELECT n.customer_id, $1, n.store_id, n.last_on, n.visits, n.minor, {now}
FROM fresh n LEFT JOIN rfm_figure o ON o.customer_id = n.customer_id{his}
WHERE (o.store_id, o.last_on, o.visits, o.minor) IS DISTINCT FROM (n.store_id, n.last_on, n.visits, n.minor)
ON CONFLICT (customer_id) DO UPDATE SET store_id = excluded.store_id, last_on = excluded.last_on,
  visits = excluded.visits, minor = excluded.minor, changed_at = excluded.changed_at
"""
# when something of hers leaves the window
TIMERS = """, timers AS (
  INSERT INTO rfm_touched (brand_id, customer_id, due_at)
  SELECT $1, customer_id, (first_on + {window})::timestamp AT TIME ZONE $3 FROM fresh
)"""
# what a till's clock put into tomorrow, which counts from tomorrow's first minute; $2: today's end, $4: the zone
LATER = """
INSERT INTO rfm_touched (brand_id, customer_id, due_at)
SELECT $1, x.customer_id, min((o.placed_at AT TIME ZONE $4)::date)::timestamp AT TIME ZONE $4
FROM store t JOIN "order" o ON o.store_id = t.id AND o.placed_at >= $2
LEFT JOIN "order" s ON s.id = o.refund_of_id
CROSS JOIN LATERAL (VALUES (o.customer_id), (s.customer_id)) x (customer_id)
WHERE t.brand_id = $1 AND x.customer_id IS NOT NULL AND ($3::uuid[] IS NULL OR x.customer_id = ANY($3)) GROUP BY 2
"""
A_CHUNK = 10_000
"""Customers who are looked at in one statement."""
TOO_MANY = 50_000
"""Marks beyond which everybody is looked at, in one statement."""


async def basis_of(brand_id: UUID) -> tuple[Options | None, bool]:
    """What the figures on file are made of (None: there are none), and whether a full run is wanted."""
    row = await db.fetch_row(STATE, brand_id)
    return (codec.load(row[0], Options), row[1]) if row else (None, False)


async def settle(brand_id: UUID, zone: str, options: Options, now: datetime) -> None:
    """Brings the figures up to date: of those with marks, or of everybody where they were made of something else."""
    basis, wanted = await basis_of(brand_id)
    many = await db.fetch_value(MANY, brand_id, now, TOO_MANY)
    if basis != options.basis or wanted or many == TOO_MANY:
        await db.roomy()
        await db.execute("DELETE FROM rfm_touched WHERE brand_id = $1", brand_id)
        await write(brand_id, zone, options, now)
        await db.execute(KEEP_STATE, brand_id, codec.dumps(options.basis))
        return
    while ids := await claim(brand_id, now, A_CHUNK):
        await write(brand_id, zone, options, now, ids)


async def claim(brand_id: UUID, now: datetime, limit: int) -> list[UUID]:
    """The next customers whose marks are due, without their marks; what follows is planned for as many."""
    await db.planned_anew()
    ids = [row[0] for row in await db.fetch(CLAIM, brand_id, now, limit)]
    if ids:
        await db.execute(WORKED_OFF, ids)
    return ids


async def write(brand_id: UUID, zone: str, options: Options, now: datetime, ids: Sequence[UUID] | None = None) -> None:
    """Computes figures as of today from the orders; of these customers or (None) of everybody."""
    day = zones.local_date(now, zone)
    sql, args = queries.figures(options, brand_id, day, zone, ids)
    whom = his = ""
    if ids is not None:
        args.append(list(ids))
        whom, his = (f" AND {table}.customer_id = ANY(${len(args)}::uuid[])" for table in "fo")
    args.append(now)
    timers = "" if options.window_days is None else TIMERS.format(window=options.window_days)
    await db.execute(
        WRITE.format(figures=sql, whom=whom, his=his, timers=timers, now=f"${len(args)}::timestamptz"), *args
    )
    await db.execute(LATER, brand_id, _end(day, zone), None if ids is None else list(ids), zone)


async def report(brand_id: UUID, zone: str, options: Options, day: date) -> None:
    """Fills the temporary table `rfm_report` with figures as of another day."""
    await db.roomy()
    await db.execute(REPORT)
    await db.execute("DELETE FROM rfm_report")
    sql, args = queries.figures(options, brand_id, day, zone)
    await db.execute(f"{REPORT_ROWS} SELECT customer_id, $1, store_id, last_on, visits, minor FROM ({sql}) n", *args)


REPORT = """
CREATE TEMP TABLE IF NOT EXISTS rfm_report (customer_id UUID, brand_id UUID, store_id UUID, last_on DATE,
  visits BIGINT, minor BIGINT) ON COMMIT DELETE ROWS
"""
REPORT_ROWS = "INSERT INTO rfm_report (customer_id, brand_id, store_id, last_on, visits, minor)"


def _end(day: date, zone: str) -> Any:
    return zones.at_local(day + timedelta(days=1), 0, zone)
