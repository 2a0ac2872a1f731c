"""A worker that is told to stop in the middle of a job: the job is given up and done by the next one, never failed."""

import asyncio
import logging
from uuid import UUID

import asyncpg
import pytest

from shuke.app import worker
from shuke.domains.segments import service
from shuke.kit import db, queue
from shuke.kit.ids import new_id
from tests.factories import make_world
from tests.servers import embedded_for_tests, fresh_database

WAITS = """SELECT EXISTS (SELECT FROM pg_locks JOIN pg_database d ON d.oid = database
  WHERE locktype = 'advisory' AND NOT granted AND datname = current_database())"""


async def until(holder: asyncpg.Connection, sql: str) -> None:
    async with asyncio.timeout(20):
        while not await holder.fetchval(sql):
            await asyncio.sleep(0.05)


@pytest.mark.parametrize("grace", [0.5, 2.0, 3.1])
async def test_a_job_that_outlasts_the_time_it_has_is_done_by_the_next_worker(
    migrated: str, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, grace: float
) -> None:
    """Whether its time is up before the worker gives it up, meanwhile, or after: as on a machine that is slow."""
    redis = embedded_for_tests().redis
    async with fresh_database(migrated) as url:
        brand_id = await a_brand_that_wants_a_refresh(url, redis)
        holder = await asyncpg.connect(db.plain_dsn(url))
        await holder.execute("SELECT pg_advisory_lock(hashtextextended($1, 0))", f"segments/{brand_id}")
        monkeypatch.setattr(worker, "GRACE", grace)
        with caplog.at_level(logging.WARNING):
            stop = asyncio.Event()
            work = asyncio.create_task(worker.run(url, redis, stop))
            await until(holder, WAITS)
            stop.set()
            await asyncio.wait_for(work, 15)
            assert not [record for record in caplog.records if record.levelno >= logging.ERROR], caplog.text
        await holder.execute("SELECT pg_advisory_unlock_all()")
        stop = asyncio.Event()
        work = asyncio.create_task(worker.run(url, redis, stop))
        await until(holder, f"SELECT count(*) = 1 FROM segment_run WHERE brand_id = '{brand_id}'")
        stop.set()
        await asyncio.wait_for(work, 15)
        await holder.close()


async def a_brand_that_wants_a_refresh(url: str, redis: str) -> UUID:
    await db.connect(url)
    try:
        brand_id = (await make_world()).brand_id
        queue.configure(redis)
        await queue.enqueue(service.JOB, str(brand_id), job_id=f"{service.JOB}/{brand_id}/{new_id()}")
        await queue.close()
        return brand_id
    finally:
        await db.disconnect()
