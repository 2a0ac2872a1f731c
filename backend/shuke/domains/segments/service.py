"""Use cases: recompute the cells, or ask the worker to."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from uuid import UUID

from shuke.domains.identity import queries as identity
from shuke.domains.identity.service import allow
from shuke.domains.identity.types import Actor, Brand
from shuke.domains.segments import queries, rules
from shuke.domains.segments.types import Cut, CutOffs, Options, Refunds, Requested, RfmCell, Run, RunConfig
from shuke.kit import clock, codec, db, events, queue, zones
from shuke.kit.errors import ErrorCode, Refusal
from shuke.kit.ids import new_id

JOB = "refresh_segments"
"""Name of the worker's job; its argument: the brand's id as text."""

TABLE = """
CREATE TEMP TABLE rfm (customer_id UUID, days INT, orders BIGINT, minor BIGINT, cell TEXT) ON COMMIT DROP
"""
FILL = "INSERT INTO rfm (customer_id, days, orders, minor)" + queries.FIGURES
CUT = """
SELECT
  CASE WHEN $1 THEN percentile_cont(CASE WHEN $1 THEN $2::float8 ELSE 0 END) WITHIN GROUP (ORDER BY days)
    ELSE $2::float8 END,
  CASE WHEN $3 THEN percentile_cont(CASE WHEN $3 THEN $4::float8 ELSE 0 END) WITHIN GROUP (ORDER BY orders)
    ELSE $4::float8 END,
  CASE WHEN $5 THEN percentile_cont(CASE WHEN $5 THEN $6::float8 ELSE 0 END) WITHIN GROUP (ORDER BY minor)
    ELSE $6::float8 END
FROM rfm HAVING count(*) > 0
"""
PLACE = """
UPDATE rfm SET cell = CASE WHEN days <= $1::float8 THEN 'H' ELSE 'L' END
  || CASE WHEN orders >= $2::float8 THEN 'H' ELSE 'L' END || CASE WHEN minor >= $3::float8 THEN 'H' ELSE 'L' END
"""
LEAVE = """
UPDATE segment_membership m SET left_at = $2, updated_at = $2 WHERE m.brand_id = $1 AND m.left_at IS NULL
  AND NOT EXISTS (SELECT FROM rfm WHERE rfm.customer_id = m.customer_id AND rfm.cell = m.cell)
"""
# the id is a UUIDv7 made here: random bits, then the milliseconds in front, then the version
ENTER = """
INSERT INTO segment_membership (id, brand_id, customer_id, cell, entered_at, reason, created_at, updated_at)
SELECT encode(set_bit(set_bit(overlay(uuid_send(gen_random_uuid()) PLACING
      substring(int8send((extract(epoch FROM $2::timestamptz) * 1000)::bigint) FROM 3) FROM 1 FOR 6
    ), 52, 1), 53, 1), 'hex')::uuid, $1, rfm.customer_id, rfm.cell, $2,
  jsonb_build_object('days', days, 'orders', orders, 'netMinor', minor), $2, $2
FROM rfm LEFT JOIN segment_membership m ON m.customer_id = rfm.customer_id AND m.left_at IS NULL
WHERE m.id IS NULL ORDER BY rfm.customer_id
"""
# what a board adds up: a few rows a store, however many customers it has
FORGET_COUNTS = "DELETE FROM segment_store_count WHERE brand_id = $1"
KEEP_COUNTS = """
INSERT INTO segment_store_count (brand_id, store_id, cell, customers)
SELECT $1, c.store_id, rfm.cell, count(*) FROM rfm JOIN customer c ON c.id = rfm.customer_id
WHERE rfm.cell IS NOT NULL GROUP BY 2, 3
"""
# of two customers who become one, hers stays; the other's is left, or hers if she has none until the next computation
ABSORB = """
UPDATE segment_membership m SET updated_at = $3, left_at = CASE WHEN h.id IS NULL THEN m.left_at ELSE $3 END,
  customer_id = CASE WHEN h.id IS NULL THEN $1 ELSE m.customer_id END
FROM segment_membership his LEFT JOIN segment_membership h ON h.customer_id = $1 AND h.left_at IS NULL
WHERE his.customer_id = $2 AND his.left_at IS NULL AND m.id = his.id
"""
PLACES = """
SELECT m.brand_id, c.store_id, m.cell FROM segment_membership m JOIN customer c ON c.id = m.customer_id
WHERE m.customer_id = ANY($1) AND m.left_at IS NULL
"""
SHIFT = """
INSERT INTO segment_store_count AS n (brand_id, store_id, cell, customers)
SELECT w.brand, w.store, w.cell, sum(w.by) FROM unnest($1::uuid[], $2::uuid[], $3::text[], $4::int[])
  AS w(brand, store, cell, by) GROUP BY 1, 2, 3 HAVING sum(w.by) <> 0
ON CONFLICT (brand_id, store_id, cell) DO UPDATE SET customers = n.customers + excluded.customers
"""
KEEP = """
INSERT INTO segment_run (id, brand_id, as_of, config, cells, customers, created_at, updated_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $7)
"""


async def refresh(actor: Actor, as_of: date | None = None, options: Options | None = None) -> Run:
    """Computes every customer's cell as of the end of a day (None: today in the brand's zone) and keeps the result.

    Memberships follow unless a later day has been computed already. Options left out are those of the last run that
    was made for its own day. Raises Refusal INVALID for a day that has not begun.
    """
    allow(actor, "refreshSegments")
    async with db.tx():
        await db.lock("segments", actor.brand_id)  # two runs take turns; the second sees the first one's memberships
        brand, now = await identity.brand(actor.brand_id), clock.now()
        today = zones.local_date(now, brand.timezone)
        day = as_of or today
        if day > today:
            raise Refusal(ErrorCode.INVALID, "asOf", "as_of_future")
        options = options or await queries.standing_options(brand.id, brand.timezone)
        latest = await queries.last_applied(brand.id)
        cut_offs = await _compute(brand, day, options)
        applied = latest is None or day >= latest
        left = await db.execute(LEAVE, brand.id, now) if applied else 0
        entered = await db.execute(ENTER, brand.id, now) if applied else 0
        if applied:
            await db.execute(FORGET_COUNTS, brand.id)
            await db.execute(KEEP_COUNTS, brand.id)
        counts = {row[0]: row[1] for row in await db.fetch("SELECT cell, count(*) FROM rfm GROUP BY 1")}
        cells = {cell: counts.get(cell.value, 0) for cell in RfmCell}
        config = RunConfig(options, cut_offs, applied)
        run = Run(new_id(), day, sum(cells.values()), cells, config, entered, left)
        await db.execute(KEEP, run.id, brand.id, day, codec.dumps(config), codec.dumps(cells), run.customers, now)
        data = {"asOf": day, "customers": run.customers, "entered": entered, "left": left, "applied": applied}
        await events.record(brand.id, "segments.refreshed", actor.ref, ("segment_run", run.id), data)
        return run


async def _compute(brand: Brand, day: date, options: Options) -> CutOffs | None:
    """Fills the temporary table `rfm` with figures and cells; None when nobody has bought."""
    await db.execute("DROP TABLE IF EXISTS pg_temp.rfm")
    await db.execute(TABLE)
    end = zones.at_local(day + timedelta(days=1), 0, brand.timezone)
    await db.execute(FILL, brand.id, end, options.refunds is Refunds.NET, day, brand.timezone)
    cuts = options.cuts
    row = await db.fetch_row(CUT, *_pair(cuts.r), *_pair(cuts.f), *_pair(rules.in_minor_units(cuts.m, brand.currency)))
    if row is None:
        return None
    cut_offs = CutOffs(*row)
    await db.execute(PLACE, cut_offs.days, cut_offs.orders, cut_offs.minor)
    return cut_offs


async def absorb(winner_id: UUID, loser_id: UUID, now: datetime) -> None:
    """Of two customers who become one, one is in a cell: where the winner is, else where the loser was. What they were
    in before stays with each. Joins the caller's transaction, which holds `hold_cells`.
    """
    await db.execute(ABSORB, winner_id, loser_id, now)


async def hold_cells(brand_id: UUID) -> None:
    """Waits for, and keeps away until the transaction's end, a computation of the brand's cells."""
    await db.lock("segments", brand_id)


async def cells_held(customer_ids: Sequence[UUID]) -> list[tuple[UUID, UUID, str]]:
    """The present places (brand, store, cell) of these customers, for `shift_counts`."""
    return [(row[0], row[1], row[2]) for row in await db.fetch(PLACES, list(customer_ids))]


async def shift_counts(before: Sequence[tuple[UUID, UUID, str]], after: Sequence[tuple[UUID, UUID, str]]) -> None:
    """Keeps the stores' counts true when a merge, or its undo, has moved customers between cells."""
    rows = [(*place, -1) for place in before] + [(*place, 1) for place in after]
    if rows:
        await db.execute(SHIFT, *map(list, zip(*rows, strict=True)))


async def forget(customer_ids: Sequence[UUID]) -> None:
    """Somebody is erased: she is in no cell, and none counts her. Joins the caller's transaction, which holds
    `hold_cells`.
    """
    await shift_counts(await cells_held(customer_ids), [])
    await db.execute("DELETE FROM segment_membership WHERE customer_id = ANY($1)", list(customer_ids))


def _pair(cut: Cut) -> tuple[bool, float]:
    return cut.quantile, float(cut.value)


async def request_refresh(actor: Actor) -> Requested:
    """Puts a refresh of the actor's brand into the queue; one that waits there already serves both.

    Raises Refusal UNAVAILABLE while the queue cannot be reached.
    """
    allow(actor, "refreshSegments")
    await queue.enqueue(JOB, str(actor.brand_id), job_id=f"{JOB}/{actor.brand_id}")
    return Requested(queued=True)
