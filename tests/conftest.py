"""Fixtures: every test that touches data gets a database of its own, copied from one that was migrated once."""

import signal
from collections.abc import AsyncIterator

import pytest

from shuke.kit import db
from tests.servers import fresh_database

# A shell starts what it puts into the background deaf to Ctrl-C, and programs that tests start inherit that.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture(scope="session")
async def migrated() -> AsyncIterator[str]:
    """The URL of a migrated, empty database; a template only."""
    async with fresh_database() as url:
        await db.migrate(url)
        yield url


@pytest.fixture
async def database_url(migrated: str) -> AsyncIterator[str]:
    """The URL of a migrated, empty database of the test's own."""
    async with fresh_database(migrated) as url:
        yield url


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[str]:
    """The same, with `shuke.kit.db` connected to it."""
    await db.connect(database_url)
    try:
        yield database_url
    finally:
        await db.disconnect()
