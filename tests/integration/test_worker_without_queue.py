"""The queue may go away under a running worker: timers and events go on, and so does the worker."""

import asyncio
import os
import signal

from shuke.app import worker
from shuke.app.embedded import running
from shuke.app.settings import Settings
from shuke.kit import db, events
from tests.factories import make_world
from tests.programs import alive, data_folder


async def until(sql: str, seconds: float = 20) -> None:
    async with asyncio.timeout(seconds):
        while not await db.fetch_value(sql):
            await asyncio.sleep(0.05)


async def test_a_worker_outlives_its_queue_and_goes_on_with_events(database_url: str) -> None:
    with data_folder() as folder, running(Settings(data=folder, database_url=database_url), throw_away=True) as urls:
        stop = asyncio.Event()
        work = asyncio.create_task(worker.run(database_url, urls.redis, stop))
        await asyncio.sleep(1)
        world = await make_world()
        delivered = "SELECT NOT EXISTS (SELECT FROM event WHERE dispatched_at IS NULL)"
        await until(delivered)
        for pid in alive(folder, "valkey"):
            os.kill(pid, signal.SIGKILL)
        await asyncio.sleep(3)
        await events.record(world.brand_id, "thing.done", ("system", None), ("thing", None))
        await until(delivered)
        assert not work.done()
        stop.set()
        async with asyncio.timeout(15):
            await work
