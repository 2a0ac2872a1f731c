"""Asking the worker for a refresh through the real queue."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any
from urllib.parse import quote
from uuid import UUID

import pytest
from arq import create_pool
from arq.worker import Worker, func

from shuke.domains.segments import handlers, service
from shuke.kit import db, operations, queue
from shuke.kit.errors import ErrorCode, Refusal
from shuke.kit.ids import new_id
from tests.factories import World, make_world
from tests.servers import embedded_for_tests


@pytest.fixture
async def redis_url() -> AsyncIterator[str]:
    url = embedded_for_tests().redis
    async with await create_pool(queue.settings(url)) as pool:
        await pool.flushdb()
    queue.configure(url)
    yield url
    await queue.close()


async def refresh_segments(context: dict[Any, Any], brand_id: str) -> None:
    await handlers.refresh_brand(UUID(brand_id))


async def work_through(url: str) -> int:
    worker = Worker(
        functions=[func(refresh_segments, name=service.JOB)],  # type: ignore[arg-type]
        redis_settings=queue.settings(url),
        burst=True,
        handle_signals=False,
        poll_delay=0.05,
    )
    try:
        await worker.async_run()
        assert not worker.jobs_failed
        return worker.jobs_complete
    finally:
        await worker.close()


async def ask(world: World) -> bool:
    actor = world.staff["hq"]
    return (await service.request_refresh(actor)).queued


async def test_two_wishes_are_one_run_and_a_later_wish_is_another(database: str, redis_url: str) -> None:
    world = await make_world()
    assert await ask(world) and await ask(world)
    assert await work_through(redis_url) == 1
    assert await ask(world)
    assert await work_through(redis_url) == 1
    assert await db.fetch_value("SELECT count(*) FROM segment_run") == 2


async def test_without_a_queue_the_wish_is_refused_and_may_be_repeated_later(database: str, redis_url: str) -> None:
    world, key = await make_world(), new_id()
    actor = world.staff["hq"]

    async def once() -> bool:
        return await operations.once(key, world.brand_id, actor.id, "refreshSegments", {}, bool, lambda: ask(world))

    await queue.close()
    queue.configure("unix:///nowhere/valkey.sock")
    begun = asyncio.get_running_loop().time()
    with pytest.raises(Refusal) as refused:
        await once()
    assert refused.value.code is ErrorCode.UNAVAILABLE
    assert asyncio.get_running_loop().time() - begun < queue.PATIENCE + 1
    queue.configure(redis_url)
    assert await once()
    assert await work_through(redis_url) == 1


async def test_a_queue_that_goes_away_and_comes_back_is_found_again(database: str, redis_url: str) -> None:
    world = await make_world()
    assert await ask(world)
    assert queue._pool is not None
    await queue._pool.connection_pool.disconnect()
    assert await ask(world)
    assert await work_through(redis_url) == 1


async def test_a_wish_that_outlived_its_brand_is_nothing_to_do(database: str, redis_url: str) -> None:
    world = await make_world()
    await queue.enqueue(service.JOB, str(new_id()))  # of the database that stood behind this queue before
    assert await ask(world)
    assert await work_through(redis_url) == 2
    assert [row[0] for row in await db.fetch("SELECT brand_id FROM segment_run")] == [world.brand_id]


async def test_a_guide_may_not_ask(database: str, redis_url: str) -> None:
    world = await make_world()
    with pytest.raises(Refusal) as refused:
        await service.request_refresh(world.staff["guide"])
    assert refused.value.code is ErrorCode.FORBIDDEN
    assert await work_through(redis_url) == 0


def test_addresses_may_be_percent_encoded(tmp_path: object) -> None:
    path = f"{tmp_path}/熟 客/valkey.sock"
    assert queue.settings(f"unix://{quote(path)}?db=0").unix_socket_path == path
    assert queue.settings("redis://:p%40ss@h:1/2").password == "p@ss"
