"""Timers under a kill -9, and in great number."""

import asyncio
import sys
import time
from datetime import UTC, date, datetime, timedelta

from shuke.domains.journeys import service
from shuke.kit import clock, db
from tests.factories import make_world
from tests.factories.children import make_child
from tests.factories.tasks import add_buyers, bought

NOON = datetime(2026, 11, 22, 4, tzinfo=UTC)
WORKER = """
import asyncio, sys
from shuke.domains.journeys import service
from shuke.kit import db

async def main():
    await db.connect(sys.argv[1])
    while await service.sweep_enrolments(25):
        print("batch", flush=True)
    await db.disconnect()

asyncio.run(main())
"""


async def work(url: str, batches: int | None) -> None:
    """A worker process of its own, killed after so many batches, in the middle of the next."""
    command = [sys.executable, "-c", WORKER, url]
    process = await asyncio.create_subprocess_exec(
        *command, stdout=asyncio.subprocess.PIPE, env={"SHUKE_CLOCK": NOON.isoformat()}
    )
    assert process.stdout
    for _ in range(batches or 0):
        await process.stdout.readline()
    if batches:
        await asyncio.sleep(0.02)
        process.kill()
    await process.wait()
    assert batches or process.returncode == 0


async def test_workers_that_are_killed_in_the_middle_leave_no_second_effect(database: str) -> None:
    world = await make_world()
    buyers = await add_buyers(world, 600)
    await bought(world, buyers, NOON - timedelta(days=100))
    with clock.pretended(NOON):
        await service.enrol(world.brand_id, buyers, follow_ups=True)
    await asyncio.gather(*(work(database, batches) for batches in (1, 2, 4)))
    left = await db.fetch_value("SELECT count(*) FROM enrolment WHERE wake_at IS NOT NULL")
    assert left > 0
    while await db.fetch_value("SELECT count(*) FROM enrolment WHERE wake_at <= $1", NOON):
        await work(database, None)
    assert tuple(await db.fetch_row("SELECT count(*), sum(jsonb_array_length(reasons)) FROM task") or ()) == (600, 600)
    assert await db.fetch_value("SELECT count(*) FROM journey_effect WHERE result = 'task'") == 600


async def test_killed_workers_announce_each_milestone_once(database: str) -> None:
    world = await make_world()
    mothers = await add_buyers(world, 400)
    with clock.pretended(NOON - timedelta(days=30)):
        for mother in mothers:
            await make_child(world, mother, born_on=date(2026, 10, 11))  # 42 days old at noon
        await service.follow_children(world.brand_id, mothers)
    await asyncio.gather(*(work(database, batches) for batches in (1, 2, 4)))
    while await db.fetch_value("SELECT count(*) FROM enrolment WHERE wake_at <= $1", NOON):
        await work(database, None)
    assert tuple(await db.fetch_row("SELECT count(*), sum(jsonb_array_length(reasons)) FROM task") or ()) == (400, 400)
    assert await db.fetch_value("SELECT count(*) FROM journey_effect WHERE result = 'task'") == 400


async def test_ten_thousand_wake_ups_take_seconds(database: str) -> None:
    world = await make_world()
    buyers = await add_buyers(world, 10_000)
    await bought(world, buyers, NOON - timedelta(days=100))
    with clock.pretended(NOON):
        for begin in range(0, len(buyers), 2000):
            await service.enrol(world.brand_id, buyers[begin : begin + 2000], follow_ups=True)
        started = time.perf_counter()
        while await service.sweep_enrolments(200):
            pass
    assert await db.fetch_value("SELECT count(*) FROM task WHERE state = 'open'") == 10_000
    assert time.perf_counter() - started < 30  # a fifth of that, unless others share the cores
