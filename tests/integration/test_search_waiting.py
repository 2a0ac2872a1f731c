"""After an update that finds people by more: a worker writes what is missing, and an edit meanwhile is not undone."""

import asyncio
from contextvars import Context

from tortoise import Tortoise
from tortoise.migrations.api import migrate as run_migrations

from shuke.domains.customers import queries, service
from shuke.domains.customers.types import Filters
from shuke.domains.identity.types import Actor
from shuke.kit import db
from tests.factories import make_world
from tests.factories.customers import make_customer
from tests.integration.test_migrations import earlier
from tests.servers import fresh_database

WAIT = "INSERT INTO search_waiting SELECT id FROM customer"


async def found(actor: Actor, typed: str) -> list[str | None]:
    return [view.name for view in await queries.customers(actor, Filters(search=typed), 9)]


async def test_those_on_file_are_found_in_pinyin_once_a_worker_came_by() -> None:
    """0016, on a database as 0015 left it."""
    async with fresh_database() as url:
        before = "shuke.0015_exports_in_the_background"
        await run_migrations(config=db.config(url, 1), app_labels=["shuke"], target=before, direction="forward")
        await Tortoise.close_connections()
        await db.connect(url)
        world = await make_world()
        for name in ("周雨桐", "曾子墨", "何佳"):
            key = await earlier(world, name)
            sql = "INSERT INTO search_token (store_id, customer_id, token) VALUES ($1, $2, $3)"
            await db.execute_many(sql, [(world.stores[0], key, name[place:]) for place in range(len(name))])
        await db.disconnect()
        await db.migrate(url)
        await db.connect(url)
        guide = world.staff["guide"]
        assert await found(guide, "zyt") == [] and await found(guide, "雨桐") == ["周雨桐"]
        assert [await service.sweep_search(2) for _ in range(3)] == [2, 1, 0]
        assert await found(guide, "zyt") == ["周雨桐"] and await found(guide, "雨桐") == ["周雨桐"]
        assert await found(guide, "zeng") == ["曾子墨"]
        await db.disconnect()


async def test_a_customer_whom_somebody_edits_right_now_is_left_for_later(database: str) -> None:
    world = await make_world()
    key = await make_customer(world, name="周雨桐")
    await db.execute(WAIT)
    async with db.tx():
        await db.execute("SELECT FROM customer WHERE id = $1 FOR NO KEY UPDATE", key)
        sweeping = asyncio.get_running_loop().create_task(service.sweep_search(9), context=Context())
        assert await sweeping == 0
    assert await service.sweep_search(9) == 1
    assert await found(world.staff["guide"], "zhouy") == ["周雨桐"]
