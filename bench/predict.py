"""Everybody scored anew by models that are there: against one GROUP BY of the same orders into a bare table. In a
process of its own, for its memory.
"""

import asyncio
import json
import subprocess
import sys
from time import perf_counter

from bench import chain
from bench.table import Row
from shuke.domains.identity import queries as identity
from shuke.domains.predictions import service
from shuke.kit import db
from tests.memory import peak

SIZES = (10_000, 100_000, 1_000_000)  # customers; ten times as many orders
SECONDS = 60
"""In which 1,000,000 customers are to be scored."""
FLOOR = """
CREATE UNLOGGED TABLE floor AS SELECT customer_id, max(placed_at), min(placed_at) AS first, count(*) AS many,
  sum(total_minor), count(*) FILTER (WHERE placed_at > now() - interval '90 days') AS lately FROM "order" GROUP BY 1
"""
LEARNED = "SELECT count(*) FROM prediction_model WHERE state <> 'too_little'"


async def measured(url: str) -> dict[str, float]:
    """Seconds of learning and of scoring, and customers scored."""
    await db.connect(url)
    (brand,) = await identity.brands()
    await service.retrain(await identity.system_actor(brand.id))
    began = perf_counter()
    await service.sweep_predictions(1)
    assert await db.fetch_value(LEARNED) == 3
    learned = perf_counter()
    while await service.sweep_predictions(1):
        pass
    ended = perf_counter()
    scored = await db.fetch_value("SELECT count(*) FROM customer_prediction")
    await db.execute(FLOOR)
    floor = perf_counter() - ended
    await db.disconnect()
    return {"learn": learned - began, "score": ended - learned, "scored": scored, "floor": floor}


def told(url: str) -> tuple[dict[str, float], float]:
    """What `measured` found, and the most memory that its processes held together, in MB."""
    with subprocess.Popen([sys.executable, "-m", "bench.predict", url], stdout=subprocess.PIPE, text=True) as process:
        megabytes = peak(process)
        assert process.stdout and process.returncode == 0
        return json.loads(process.stdout.read()), megabytes


async def of_a_chain(n: int) -> tuple[dict[str, float], float]:
    async with chain.of(n) as url:
        return await asyncio.to_thread(told, url)


def run() -> list[Row]:
    sizes = [int(word) for word in sys.argv[1:] if word.isdigit()] or SIZES
    rows = []
    for n in sizes:
        found, memory = asyncio.run(of_a_chain(n))
        rate, floor = (found["scored"] / found[key] for key in ("score", "floor"))
        goal = 1_000_000 / SECONDS
        what = f"customers scored, {n:,} of them with ten orders each"
        rows += [
            Row(what, f"{rate:,.0f}/s", f"{floor:,.0f}/s", rate / floor, f"≥ {goal:,.0f}/s", rate >= goal),
            Row(f"three models learned, {n:,} customers", f"{found['learn']:.1f} s", "", None, "", True),
            Row(
                f"memory of both, all its processes, {n:,} customers",
                f"{memory:.0f} MB",
                "",
                None,
                "< 300 MB",
                memory < 300,
            ),
        ]
    return rows


if __name__ == "__main__":
    print(json.dumps(asyncio.run(measured(sys.argv[1]))))
