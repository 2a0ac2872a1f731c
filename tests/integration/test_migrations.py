"""Migrations: from nothing, on a database with data, two at once, and never behind the models."""

import asyncio

import asyncpg
import pytest
from tortoise import Tortoise
from tortoise.migrations.autodetector import MigrationAutodetector

from shuke.kit import db
from tests.factories import make_world
from tests.servers import fresh_database

INVENTORY = """
SELECT 'index ' || indexdef FROM pg_indexes WHERE schemaname = 'public'
UNION ALL SELECT 'constraint ' || conname || pg_get_constraintdef(oid) FROM pg_constraint
  WHERE connamespace = 'public'::regnamespace
UNION ALL SELECT 'column ' || table_name || column_name || data_type || is_nullable FROM information_schema.columns
  WHERE table_schema = 'public'
"""


async def inventory(url: str) -> set[str]:
    connection = await asyncpg.connect(db.plain_dsn(url))
    try:
        return {row[0] for row in await connection.fetch(INVENTORY)}
    finally:
        await connection.close()


async def counts(url: str) -> dict[str, int]:
    connection = await asyncpg.connect(db.plain_dsn(url))
    try:
        tables = await connection.fetch("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        return {row[0]: await connection.fetchval(f'SELECT count(*) FROM "{row[0]}"') for row in tables}
    finally:
        await connection.close()


async def test_two_processes_that_migrate_at_once_take_turns() -> None:
    async with fresh_database() as url:
        code = f"import asyncio; from shuke.kit import db; asyncio.run(db.migrate({url!r}))"
        import sys

        runs = [await asyncio.create_subprocess_exec(sys.executable, "-c", code) for _ in range(2)]
        assert [await process.wait() for process in runs] == [0, 0]
        assert await db.pending_migrations(url) == []


async def test_migrating_a_database_with_data_keeps_every_row_and_index(database_url: str) -> None:
    await db.connect(database_url)
    await make_world()
    await db.disconnect()
    rows, shape = await counts(database_url), await inventory(database_url)
    assert rows["staff"] > 0 and rows["event"] > 0
    await db.migrate(database_url)
    assert (await counts(database_url), await inventory(database_url)) == (rows, shape)


async def test_a_newer_database_is_refused(database_url: str) -> None:
    connection = await asyncpg.connect(db.plain_dsn(database_url))
    await connection.execute(
        "INSERT INTO tortoise_migrations (app, name, applied_at) VALUES ('shuke', '9999_later', now())"
    )
    await connection.close()
    with pytest.raises(db.NewerDatabase):
        await db.migrate(database_url)


async def test_the_migrations_say_all_that_the_models_say(database: str) -> None:
    detector = MigrationAutodetector(Tortoise.apps, db.config(database)["apps"])
    assert await detector.changes() == []
