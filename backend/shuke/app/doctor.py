"""What `shuke doctor` looks at: the folder, the servers, the schema, clocks, workers, work that is stuck, secrets, the
port. It mends nothing.
"""

import asyncio
import errno
import http.client
import importlib.metadata
import os
import platform
import shutil
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import asyncpg
import redis

from shuke.app.console import NEWER, answering, place
from shuke.app.embedded import Urls, running
from shuke.app.heartbeat import FRESH
from shuke.app.heartbeat import STUCK as STUCK_AFTER
from shuke.app.processes import listen
from shuke.app.settings import Settings
from shuke.app.trouble import CannotRun, about_folder
from shuke.kit import clock, db

OLDEST_POSTGRES = 15
OLDEST_REDIS = (6, 2)
LITTLE_ROOM = 500_000_000  # bytes
PATIENCE = 10.0  # seconds for each answer of the database
MOST_SKEW = 2.0  # seconds between two clocks

# Each counts rows that should have been dealt with minutes ago; a table that is not there yet is left out.
STUCK = {
    "event": (
        "SELECT count(*) FROM event WHERE dispatched_at IS NULL AND at < $1::timestamptz - interval '5 minutes'",
        "{} events wait for the worker: is it running (`shuke up` or `shuke worker`)?",
    ),
    "event_delivery": (
        """SELECT count(*) FROM event_delivery
        WHERE done_at IS NULL AND (attempts > 2 OR next_at < $1::timestamptz - interval '5 minutes')""",
        "{} effects of events have not succeeded: read the worker's messages; they are tried again by themselves.",
    ),
    "push_delivery": (
        """SELECT count(*) FROM push_delivery
        WHERE state = 'pending' AND next_at < $1::timestamptz - interval '5 minutes'""",
        "{} reminders wait to be sent: is the worker running, and can it reach the internet?",
    ),
    "push_subscription": (
        """SELECT count(*) FROM push_subscription
        WHERE ended_at IS NULL AND failing_since < $1::timestamptz - interval '1 hour'""",
        "{} devices have not been reached by pushes for an hour: can the worker reach the push services, and is "
        "SHUKE_PUSH_CONTACT an address they accept? The inbox has every reminder all the same.",
    ),
}
# A secret is made when it is first needed; that it is missing later means that it was lost.
SECRETS = {
    "session": (
        "SELECT count(*) FROM session WHERE revoked_at IS NULL AND expires_at > $1",
        "The sessions' secret is missing although {} people are signed in: they stay so, but a sign-in whose answer "
        "was lost cannot be repeated. Restore the table `secret` from a backup; without one, do nothing.",
    ),
    "vapid": (
        "SELECT count(*) FROM push_subscription WHERE ended_at IS NULL AND $1::timestamptz IS NOT NULL",
        "The key for pushes (VAPID) is missing although {} devices were subscribed with it: restore the table "
        "`secret` from a backup, or have people turn reminders off and on again.",
    ),
}
WORKERS = "SELECT host, beat_at, slowest, came_round_at FROM worker_heartbeat ORDER BY beat_at DESC LIMIT 20"


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
    if os.environ.get("SHUKE_CLOCK"):
        yield Finding(False, "SHUKE_CLOCK sets this program's clock: that is for rehearsals; unset it.")
    yield from _port(settings)
    try:
        with running(settings) as urls:
            yield from _tried(lambda: _database(urls, _expected(settings)))
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


def _expected(settings: Settings) -> bool:
    """Whether a worker should be at work: on an operator's own database always, on the embedded one beside `up`."""
    return settings.database_url is not None or _is_shuke(settings)


def _is_shuke(settings: Settings) -> bool:
    connection = http.client.HTTPConnection(settings.host, settings.port, timeout=2)
    try:
        connection.request("GET", "/health/live")
        return connection.getresponse().status == 200
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def _database(urls: Urls, running: bool) -> list[Finding]:
    with answering(urls.database):
        return asyncio.run(_examine_database(urls.database, running))


async def _examine_database(url: str, running: bool) -> list[Finding]:
    """`running`: a worker should be at work on it."""
    findings = []
    async with _connected(url) as connection:
        version = str(await connection.fetchval("SHOW server_version"))
        major = connection.get_server_version().major
        findings.append(Finding(major >= OLDEST_POSTGRES, f"PostgreSQL {version} at {place(url)}"))
        applied, known = await db.applied_on(connection), db.known_migrations()
        if applied - known:
            findings.append(Finding(False, NEWER))
        elif pending := known - applied:
            findings.append(Finding(False, f"{len(pending)} steps are missing in the database: run `shuke migrate`."))
        else:
            findings.append(Finding(True, f"The database has this program's version ({len(applied)} steps)"))
        findings.append(await _clocks(connection))
        findings += await _workers(connection, running)
        findings += await _stuck(connection)
    return findings


async def _clocks(connection: asyncpg.Connection) -> Finding:
    before = time.time()
    theirs = (await connection.fetchval("SELECT clock_timestamp()")).timestamp()
    skew = theirs - (before + time.time()) / 2
    if abs(skew) > MOST_SKEW:
        ahead = f"{abs(skew):.0f} s {'ahead of' if skew > 0 else 'behind'}"
        return Finding(
            False, f"The database's clock is {ahead} this computer's: have both follow the same time server."
        )
    return Finding(True, f"The database's clock and this computer's agree ({abs(skew):.1f} s apart)")


async def _workers(connection: asyncpg.Connection, running: bool) -> list[Finding]:
    if not await connection.fetchval("SELECT to_regclass('worker_heartbeat')"):
        return []
    rows, now = await connection.fetch(WORKERS), clock.now()
    living = [row for row in rows if (now - row["beat_at"]).total_seconds() < FRESH]
    found = [
        Finding(
            False,
            f"The worker on {row['host']} lives, but its {row['slowest']} have not come round for "
            f"{(now - row['came_round_at']).total_seconds():.0f} s: read its messages, then start it anew.",
        )
        for row in living
        if (now - row["came_round_at"]).total_seconds() > STUCK_AFTER
    ]
    if living:
        return [*found, Finding(True, f"{len(living)} workers show signs of life")]
    if not running:
        return []
    minutes = f"{(now - rows[0]['beat_at']).total_seconds() / 60:.0f}" if rows else ""
    seen = f"the last was seen {minutes} minutes ago" if rows else "none is at work"
    return [Finding(False, f"No worker shows signs of life ({seen}): start `shuke worker`, or `shuke up`.")]


async def _stuck(connection: asyncpg.Connection) -> list[Finding]:
    findings, now = [], clock.now()
    for table, (count, words) in STUCK.items():
        if await connection.fetchval("SELECT to_regclass($1)", table):
            number = await connection.fetchval(count, now)
            findings += [Finding(False, words.format(number))] if number else []
    for name, (count, words) in SECRETS.items():
        if not await connection.fetchval("SELECT to_regclass('secret')"):
            break
        if not await connection.fetchval("SELECT EXISTS (SELECT FROM secret WHERE name = $1)", name):
            number = await connection.fetchval(count, now)
            findings += [Finding(False, words.format(number))] if number else []
    return findings


@asynccontextmanager
async def _connected(url: str) -> AsyncIterator[asyncpg.Connection]:
    try:
        connection = await asyncpg.connect(db.plain_dsn(url), timeout=PATIENCE, command_timeout=PATIENCE)
        try:
            yield connection
            await connection.close(timeout=PATIENCE)
        finally:
            connection.terminate()  # a farewell to a frozen server would wait for it
    except TimeoutError as error:
        if error.errno:
            raise  # the network's, which has words of its own
        raise TimeoutError(f"not within {PATIENCE:.0f} s") from error


def _queue(url: str) -> list[Finding]:
    client = redis.Redis.from_url(url, socket_timeout=5)
    try:
        info: Any = client.info("server")
        policy: Any = client.config_get("maxmemory-policy")
    except redis.RedisError as error:
        return [
            Finding(False, f"The queue at {place(url)} does not answer ({error}): start it, or mend SHUKE_REDIS_URL.")
        ]
    finally:
        client.close()
    compatible = str(info["redis_version"])  # what a Valkey claims to be beside its own version
    name = f"Valkey {info['valkey_version']}" if "valkey_version" in info else f"Redis {compatible}"
    found = [Finding(tuple(int(part) for part in compatible.split(".")[:2]) >= OLDEST_REDIS, f"{name} at {place(url)}")]
    kept = policy.get("maxmemory-policy", "noeviction")
    if kept != "noeviction":
        found.append(Finding(False, f"{name} may drop jobs ({kept}): set its maxmemory-policy to noeviction."))
    return found
