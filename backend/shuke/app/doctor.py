"""What `shuke doctor` looks at: the folder, the servers, the schema, work that is stuck, the port. It mends nothing."""

import asyncio
import errno
import http.client
import importlib.metadata
import os
import platform
import shutil
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import asyncpg
import redis

from shuke.app.console import NEWER, answering, place
from shuke.app.embedded import Urls, running
from shuke.app.processes import listen
from shuke.app.settings import Settings
from shuke.app.trouble import CannotRun, about_folder
from shuke.kit import db

OLDEST_POSTGRES = 15
OLDEST_REDIS = (6, 2)
LITTLE_ROOM = 500_000_000  # bytes

# Each counts rows that should have been dealt with minutes ago; a table that is not there yet is left out.
STUCK = {
    "event": (
        "SELECT count(*) FROM event WHERE dispatched_at IS NULL AND at < now() - interval '5 minutes'",
        "{} events wait for the worker: is it running (`shuke up` or `shuke worker`)?",
    ),
    "event_delivery": (
        """SELECT count(*) FROM event_delivery
        WHERE done_at IS NULL AND (attempts > 2 OR next_at < now() - interval '5 minutes')""",
        "{} effects of events have not succeeded: read the worker's messages; they are tried again by themselves.",
    ),
    "push_delivery": (
        "SELECT count(*) FROM push_delivery WHERE state = 'pending' AND next_at < now() - interval '5 minutes'",
        "{} reminders wait to be sent: is the worker running, and can it reach the internet?",
    ),
}


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at; `words` say what was found and, unless all is well, what to do."""

    well: bool
    words: str


def examine(settings: Settings) -> Iterator[Finding]:
    """Looks at everything in turn; starts the embedded servers for it when none runs."""
    yield Finding(True, f"Shuke {importlib.metadata.version('shuke')}, Python {platform.python_version()}")
    if not (settings.database_url and settings.redis_url):
        yield from _folder(settings.data)
    yield from _port(settings)
    try:
        with running(settings) as urls:
            yield from _tried(lambda: _database(urls))
            yield from _tried(lambda: _queue(urls.redis))
    except CannotRun as trouble:
        yield Finding(False, str(trouble))


def _tried(look: Callable[[], list[Finding]]) -> list[Finding]:
    try:
        return look()
    except CannotRun as trouble:
        return [Finding(False, str(trouble))]


def _folder(data: Path) -> Iterator[Finding]:
    try:
        data.mkdir(mode=0o700, parents=True, exist_ok=True)
        free = shutil.disk_usage(data).free
    except OSError as error:
        yield Finding(False, str(about_folder(data, error)))
        return
    if not os.access(data, os.W_OK | os.X_OK):
        yield Finding(False, str(about_folder(data, PermissionError(errno.EACCES, ""))))
    elif free < LITTLE_ROOM:
        yield Finding(False, f"Only {free // 1_000_000} MB are free where {data} lies: make room soon.")
    else:
        yield Finding(True, f"Data folder {data}, {free / 1e9:.1f} GB free")


def _port(settings: Settings) -> Iterator[Finding]:
    try:
        listen(settings.host, settings.port).close()
        yield Finding(True, f"Port {settings.port} on {settings.host} is free")
    except CannotRun as trouble:
        ours = _is_shuke(settings)
        yield Finding(ours, f"Shuke answers on port {settings.port}" if ours else str(trouble))


def _is_shuke(settings: Settings) -> bool:
    connection = http.client.HTTPConnection(settings.host, settings.port, timeout=2)
    try:
        connection.request("GET", "/health/live")
        return connection.getresponse().status == 200
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def _database(urls: Urls) -> list[Finding]:
    with answering(urls.database):
        return asyncio.run(_examine_database(urls.database))


async def _examine_database(url: str) -> list[Finding]:
    findings = []
    async with _connected(url) as connection:
        version = await connection.fetchval("SHOW server_version")
        major = connection.get_server_version().major
        findings.append(Finding(major >= OLDEST_POSTGRES, f"PostgreSQL {version} at {place(url)}"))
        applied = await db.applied_migrations(url)
        if applied - db.known_migrations():
            findings.append(Finding(False, NEWER))
        elif pending := await db.pending_migrations(url):
            findings.append(Finding(False, f"{len(pending)} steps are missing in the database: run `shuke migrate`."))
        else:
            findings.append(Finding(True, f"The database has this program's version ({len(applied)} steps)"))
        for table, (count, words) in STUCK.items():
            if await connection.fetchval("SELECT to_regclass($1)", table):
                number = await connection.fetchval(count)
                findings += [Finding(False, words.format(number))] if number else []
    return findings


@asynccontextmanager
async def _connected(url: str) -> AsyncIterator[asyncpg.Connection]:
    connection = await asyncpg.connect(db.plain_dsn(url))
    try:
        yield connection
    finally:
        await connection.close()


def _queue(url: str) -> list[Finding]:
    client = redis.Redis.from_url(url, socket_timeout=5)
    try:
        info: Any = client.info("server")
        policy: Any = client.config_get("maxmemory-policy")
    except redis.RedisError as error:
        return [Finding(False, f"The queue at {place(url)} does not answer ({error}).")]
    finally:
        client.close()
    compatible = str(info["redis_version"])  # what a Valkey claims to be beside its own version
    name = f"Valkey {info['valkey_version']}" if "valkey_version" in info else f"Redis {compatible}"
    found = [Finding(tuple(int(part) for part in compatible.split(".")[:2]) >= OLDEST_REDIS, f"{name} at {place(url)}")]
    kept = policy.get("maxmemory-policy", "noeviction")
    if kept != "noeviction":
        found.append(Finding(False, f"{name} may drop jobs ({kept}): set its maxmemory-policy to noeviction."))
    return found
