"""The servers tests run on: a real PostgreSQL (fsync off) and a real Valkey in a throw-away folder, once per process.

SHUKE_TEST_DATABASE_URL and SHUKE_TEST_REDIS_URL name other servers; the database's user must be allowed to create
databases.
"""

import atexit
import functools
import os
import tempfile
import uuid
from collections.abc import AsyncIterator
from contextlib import ExitStack, asynccontextmanager
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import asyncpg

from shuke.app.embedded import Urls, running
from shuke.app.settings import Settings


@functools.cache
def embedded_for_tests() -> Urls:
    """`.database` and `.redis`. The servers stop when this process ends, however it ends, and their folder goes with
    them.
    """
    settings = Settings(
        data=Path(tempfile.gettempdir()) / f"shuke-tests-{uuid.uuid4().hex[:12]}",
        database_url=os.environ.get("SHUKE_TEST_DATABASE_URL") or None,
        redis_url=os.environ.get("SHUKE_TEST_REDIS_URL") or None,
    )
    stack = ExitStack()
    atexit.register(stack.close)
    return stack.enter_context(running(settings, throw_away=True))


@asynccontextmanager
async def fresh_database(template: str | None = None) -> AsyncIterator[str]:
    """The URL of a new database, dropped afterwards; a copy of `template` (URL or name), which nobody may be connected
    to meanwhile.
    """
    url = await new_database(template)
    try:
        yield url
    finally:
        await _administer(f'DROP DATABASE IF EXISTS "{database_name(url)}" WITH (FORCE)')


async def new_database(template: str | None = None) -> str:
    """The same, kept as long as its server."""
    name = f"t_{uuid.uuid4().hex[:16]}"
    source = f' TEMPLATE "{database_name(template)}" STRATEGY FILE_COPY' if template else ""
    await _administer(f'CREATE DATABASE "{name}"{source}')
    return url_of(name)


def url_of(name: str) -> str:
    """The URL of another database of the test server."""
    return urlunsplit(urlsplit(embedded_for_tests().database)._replace(path=f"/{name}"))


def database_name(url: str) -> str:
    return urlsplit(url).path.lstrip("/") if "://" in url else url


async def _administer(statement: str) -> None:
    connection = await asyncpg.connect(url_of("postgres"))
    try:
        await connection.execute(statement)
    finally:
        await connection.close()
