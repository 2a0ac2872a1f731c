"""An operator's own database is migrated when the operator says so; until then nothing runs on it, and all say why."""

import asyncio

import asyncpg
import pytest

from shuke.kit import db
from tests.api.real import Browser, serving
from tests.programs import data_folder, free_port, run
from tests.servers import embedded_for_tests, fresh_database

OLDER = "shuke: The database is not at this program's version: run `shuke migrate` first.\n"
NEWER = "shuke: The database was made by a newer Shuke than this one: install that version"
OF_TOMORROW = "INSERT INTO tortoise_migrations (app, name, applied_at) VALUES ('shuke', '9999_of_tomorrow', now())"
LAST_UNDONE = """
DELETE FROM tortoise_migrations WHERE app = 'shuke'
  AND name = (SELECT max(name) FROM tortoise_migrations WHERE app = 'shuke')
"""


async def change(url: str, sql: str) -> None:
    connection = await asyncpg.connect(url)
    await connection.execute(sql)
    await connection.close()


async def shuke(url: str, command: str) -> tuple[int, str]:
    env = {"SHUKE_DATABASE_URL": url, "SHUKE_REDIS_URL": embedded_for_tests().redis, "SHUKE_PORT": str(free_port())}
    with data_folder() as data:
        return await asyncio.to_thread(run, data, command, env=env)


@pytest.mark.parametrize("command", ["serve", "worker"])
async def test_programs_refuse_a_database_that_is_empty_or_half_migrated(database_url: str, command: str) -> None:
    async with fresh_database() as empty:
        assert await shuke(empty, command) == (1, OLDER)
        assert await db.applied_migrations(empty) == set()
    await change(database_url, LAST_UNDONE)
    assert await shuke(database_url, command) == (1, OLDER)


@pytest.mark.parametrize("command", ["serve", "worker"])
async def test_programs_refuse_a_database_of_a_newer_program(database_url: str, command: str) -> None:
    await change(database_url, OF_TOMORROW)
    status, said = await shuke(database_url, command)
    assert status == 1 and said.startswith(NEWER) and said.count("\n") == 1


async def test_ready_says_when_the_database_is_of_another_version(database: str) -> None:
    async with serving() as app:
        http = Browser(app).http

        async def ready() -> tuple[int, str]:
            answer = await http.get("/health/ready")
            parts = answer.json()["status"]
            assert parts["queue"] == "up"
            return answer.status_code, parts["database"]

        assert await ready() == (200, "up")
        await change(database, OF_TOMORROW)
        assert await ready() == (503, "newer than this program")
        await change(database, "DELETE FROM tortoise_migrations WHERE name = '9999_of_tomorrow'")
        await change(database, LAST_UNDONE)
        assert await ready() == (503, "not migrated")
        await change(database, "DROP TABLE tortoise_migrations")
        assert await ready() == (503, "not migrated")
