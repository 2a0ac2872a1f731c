"""RFM of whole chains: purchase statistics against the GROUP BY that they need, cells from the figures against NTILE
over the same rows, and what a hundredth of the customers costs. In a process of its own, for its memory.
"""

import asyncio
import json
import resource
import subprocess
import sys
from collections.abc import Awaitable, Callable
from decimal import Decimal
from functools import partial
from statistics import median
from time import perf_counter
from typing import Any

from bench import chain
from bench.table import Row
from shuke.domains.identity import queries as identity
from shuke.domains.identity.types import Actor, Brand
from shuke.domains.orders import service as orders
from shuke.domains.segments import queries, service
from shuke.domains.segments.service import figures, placing
from shuke.domains.segments.types import Cut, Cuts, Options
from shuke.kit import clock, db, zones

SIZES = (10_000, 100_000, 1_000_000)  # customers; ten times as many orders
ROUNDS = 3
# what the statistics add up, without returns being set against their sales
ADDED_UP = """
SELECT customer_id, count(*) AS a, sum(total_minor) FILTER (WHERE kind = 'sale') AS b,
  sum(total_minor) FILTER (WHERE kind = 'refund') AS c, min(placed_at) AS d, max(placed_at) AS e FROM "order"
WHERE {brand}status = 'completed' AND customer_id IS NOT NULL GROUP BY 1
"""
GROUPED = f"""
SELECT count(*), sum(a), sum(b), sum(c), max(d), max(e) FROM ({ADDED_UP.format(brand="brand_id = $1 AND ")}) x
"""
BARE = f"CREATE TABLE bare AS {ADDED_UP.format(brand='')}"
TILED = """
SELECT sum(r + f + m) FROM (
  SELECT ntile(5) OVER (ORDER BY last_on) AS r, ntile(5) OVER (ORDER BY visits) AS f,
    ntile(5) OVER (ORDER BY minor) AS m
  FROM rfm_figure WHERE brand_id = $1) x
"""
WANTED = "UPDATE rfm_state SET wanted = true"
# a hundredth of the customers buy
BOUGHT = """
INSERT INTO "order" (id, brand_id, store_id, customer_id, source, business_date, receipt_no, kind, status, placed_at,
  currency, total_minor, digest)
SELECT gen_random_uuid(), c.brand_id, c.store_id, c.id, 'till', now()::date, gen_random_uuid()::text, 'sale',
  'completed', now(), 'CNY', 12345, '\\x00'
FROM generate_series(0, $1::bigint - 1, 100) i JOIN customer c ON c.id = lpad(to_hex(i), 32, '0')::uuid
"""


async def timed(act: Callable[[], Awaitable[Any]]) -> float:
    """Seconds."""
    began = perf_counter()
    await act()
    return perf_counter() - began


async def often(act: Callable[[], Awaitable[Any]]) -> float:
    return median([await timed(act) for _ in range(ROUNDS)])


async def moved(actor: Actor, turn: int) -> None:
    """A tenth of the people move, there and back: the money's cut is another quantile each turn."""
    cuts = Cuts(m=Cut(Decimal("0.5" if turn % 2 else "0.6"), quantile=True))
    await service.refresh(actor, options=Options(cuts))


async def placed(brand: Brand) -> float:
    """Seconds in which those with marks get their cells, once their figures are what they are."""
    latest, now, spent = await queries.latest_run(brand.id), clock.now(), 0.0
    assert latest and latest.config.cut_offs
    place = placing.Place(brand.id, zones.local_date(now, brand.timezone), latest.config.cut_offs, 0)
    while True:
        began = perf_counter()
        async with db.tx():
            ids = await figures.claim(brand.id, now, figures.A_CHUNK)
            if not ids:
                return spent
            claimed = perf_counter()
            await figures.write(brand.id, brand.timezone, latest.config.options.basis, now, ids)
            spent -= perf_counter() - claimed
            await placing.place_these(place, ids, now)
        spent += perf_counter() - began


async def measured(url: str, n: int) -> dict[str, float]:
    """Seconds, and megabytes at the most."""
    await db.connect(url)
    (brand,) = await identity.brands()
    actor = await identity.system_actor(brand.id)

    async def anew() -> None:
        await db.execute(WANTED)
        await service.refresh(actor)

    async def floor(sql: str) -> None:
        async with db.tx():
            await db.roomy()
            await db.fetch(sql, brand.id)

    async def worked_off() -> None:
        while await service.sweep_cells(figures.A_CHUNK):
            pass

    found = {"first": await timed(lambda: service.refresh(actor))}
    await db.execute("VACUUM ANALYZE")
    found["grouped"] = await often(lambda: floor(GROUPED))
    found["stats"] = await often(lambda: orders.rebuild_stats(brand.id))
    found["anew"] = await often(anew)
    found["tiled"] = await often(lambda: floor(TILED))
    found["full"] = await often(lambda: service.refresh(actor))
    changed = []
    for _ in range(ROUNDS):
        await db.execute(BOUGHT, n)
        changed.append(await timed(worked_off))
    found["changed"] = median(changed)
    await db.execute(BOUGHT, n)
    found["placed"] = await placed(brand)
    found["night"] = await timed(lambda: service.refresh_by_night(actor))
    await moved(actor, 0)
    found["moved"] = median([await timed(partial(moved, actor, turn)) for turn in range(1, ROUNDS + 1)])
    await db.execute("DELETE FROM customer_stats")
    found["stats_filled"] = await timed(lambda: orders.rebuild_stats(brand.id))
    found["bare"] = await timed(lambda: db.execute(BARE))
    found["memory"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    await db.disconnect()
    return found


async def of_a_chain(n: int) -> dict[str, float]:
    async with chain.of(n) as url:
        command = [sys.executable, "-m", "bench.rfm", url, str(n)]
        done = await asyncio.to_thread(subprocess.run, command, capture_output=True, check=True)
        found: dict[str, float] = json.loads(done.stdout)
        return found


def rows_of(n: int, found: dict[str, float]) -> list[Row]:
    def row(what: str, ours: str, floor: str, goal: float | None) -> Row:
        ratio, goal = found[ours] / found[floor], goal if n == max(SIZES) else None  # smaller ones show how it grows
        mine, other = (f"{found[key] * 1000:,.0f} ms" for key in (ours, floor))
        said = "" if goal is None else f"≤ {goal:g}"
        return Row(f"{what}, {n:,} customers", mine, other, ratio, said, goal is None or ratio <= goal)

    memory = found["memory"]
    return [
        row("statistics anew; their GROUP BY", "stats", "grouped", 1.5),
        row("RFM from the figures, everybody; NTILE over the same rows", "full", "tiled", 2),
        row("RFM of the 1 % who bought, from their orders; everybody's from the orders", "changed", "anew", 0.05),
        row("cells of the 1 % who bought, from their figures; everybody's from the figures", "placed", "full", 0.05),
        row("both, of the 1 % who bought; everybody's cells from the figures", "changed", "full", None),
        row("RFM from the figures where a tenth of the people move; NTILE", "moved", "tiled", None),
        row("statistics where there were none; a table made of their GROUP BY", "stats_filled", "bare", None),
        row("RFM of a night that moves nobody; everybody's from the figures", "night", "full", 0.05),
        Row(f"memory of RFM, {n:,} customers", f"{memory:.0f} MB", "", None, "< 300 MB", memory < 300),
    ]


def run() -> list[Row]:
    return [row for n in SIZES for row in rows_of(n, asyncio.run(of_a_chain(n)))]


if __name__ == "__main__":
    print(json.dumps(asyncio.run(measured(sys.argv[1], int(sys.argv[2])))))
