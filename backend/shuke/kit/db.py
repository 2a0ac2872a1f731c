"""PostgreSQL: one pool, one way to read (SQL text to slotted rows), one way to be atomic (inner joins outer)."""

import asyncio
import importlib.util
from collections.abc import AsyncIterator, Callable, Coroutine, Iterable, Sequence
from contextlib import asynccontextmanager, suppress
from contextvars import ContextVar
from io import BytesIO
from pathlib import Path
from typing import Any, TypeVar

import asyncpg
from tortoise import Tortoise
from tortoise.connection import get_connections
from tortoise.migrations.api import migrate as run_migrations
from tortoise.transactions import in_transaction

from shuke.kit import pgcopy

T = TypeVar("T")

APP = "shuke"
MIGRATION_LOCK = 0x5348554B45  # "SHUKE"
CACHED = "max_cacheable_statement_size=0"
"""However long a statement is, its plan is kept: that of a brand's rules has a few hundred conditions."""
_statements: ContextVar[list[str] | None] = ContextVar("statements", default=None)


class NewerDatabase(Exception):
    """The database holds migrations that this program does not know."""


class OlderDatabase(Exception):
    """The database lacks migrations that this program has."""


def config(url: str, pool: int = 10) -> dict[str, Any]:
    """Tortoise's configuration for a database URL (postgresql://… or asyncpg://…)."""
    _, _, rest = url.partition("://")
    separator = "&" if "?" in rest else "?"
    rooms = Path(__file__).parent.parent / "domains"
    models = [f"shuke.domains.{path.parent.name}.models" for path in sorted(rooms.glob("*/models.py"))]
    return {
        "connections": {"default": f"asyncpg://{rest}{separator}minsize=1&maxsize={pool}&{CACHED}"},
        "apps": {APP: {"models": ["shuke.kit.models", *models], "migrations": "shuke.migrations"}},
        "use_tz": True,
        "timezone": "UTC",
    }


async def connect(url: str, pool: int = 10) -> None:
    """Opens the process's one pool."""
    await Tortoise.init(config=config(url, pool), _enable_global_fallback=True)


async def disconnect() -> None:
    await Tortoise.close_connections()


def plain_dsn(url: str) -> str:
    """The URL as asyncpg and libpq take it."""
    return "postgresql://" + url.partition("://")[2]


async def migrate(url: str) -> None:
    """Brings the database to this program's schema; two callers at once take turns. Raises NewerDatabase."""
    guard = await asyncpg.connect(plain_dsn(url))
    try:
        await guard.execute("SELECT pg_advisory_lock($1)", MIGRATION_LOCK)
        try:
            await check_schema(guard)
        except OlderDatabase:
            await run_migrations(config=config(url, 1), app_labels=[APP], direction="forward")
            await Tortoise.close_connections()
    finally:
        await guard.close()


async def pending_migrations(url: str) -> list[str]:
    """Names of migrations that the program has and the database lacks."""
    return sorted(known_migrations() - await applied_migrations(url))


async def applied_migrations(url: str) -> set[str]:
    """Names of migrations that the database has had, known to this program or not."""
    guard = await asyncpg.connect(plain_dsn(url))
    try:
        return await applied_on(guard)
    finally:
        await guard.close()


def known_migrations() -> set[str]:
    """Names of the migrations this program ships."""
    spec = importlib.util.find_spec("shuke.migrations")
    assert spec and spec.submodule_search_locations
    return {path.stem for place in spec.submodule_search_locations for path in Path(place).glob("[0-9]*.py")}


async def check_schema(connection: asyncpg.Connection) -> None:
    """Raises NewerDatabase or OlderDatabase unless the database has exactly this program's migrations."""
    applied, known = await applied_on(connection), known_migrations()
    if applied - known:
        raise NewerDatabase
    if known - applied:
        raise OlderDatabase


async def applied_on(connection: asyncpg.Connection) -> set[str]:
    """As `applied_migrations`, over a connection that is there."""
    if not await connection.fetchval("SELECT to_regclass('tortoise_migrations')"):
        return set()
    rows = await connection.fetch("SELECT name FROM tortoise_migrations WHERE app = $1", APP)
    return {row[0] for row in rows}


def _connection() -> Any:
    return get_connections().get("default")


@asynccontextmanager
async def tx() -> AsyncIterator[None]:
    """One transaction; inside another one, that one."""
    if _connection().__class__.__name__ == "TransactionWrapper":
        yield
        return
    async with in_transaction("default"):
        yield


@asynccontextmanager
async def attempt() -> AsyncIterator[None]:
    """Inside a transaction: what raises here takes back what was done here and nothing else."""
    async with in_transaction("default"):
        yield


@asynccontextmanager
async def raw() -> AsyncIterator[asyncpg.Connection]:
    """The current transaction's asyncpg connection, or a pooled one: for COPY, cursors and the functions below."""
    async with _connection().acquire_connection() as connection:
        yield connection


def pool_use() -> dict[str, int]:
    """How many of the pool's connections are busy, idle, and may be opened at most; nothing while there is no pool."""
    with suppress(Exception):  # not connected, or being closed right now
        pool = _connection()._pool
        idle = pool.get_idle_size()
        return {"busy": pool.get_size() - idle, "idle": idle, "limit": pool.get_max_size()}
    return {}


def _note(sql: str) -> None:
    noted = _statements.get()
    if noted is not None:
        noted.append(sql)


async def fetch(sql: str, *args: Any) -> list[asyncpg.Record]:
    _note(sql)
    async with raw() as connection:
        return await connection.fetch(sql, *args)


async def fetch_row(sql: str, *args: Any) -> asyncpg.Record | None:
    _note(sql)
    async with raw() as connection:
        return await connection.fetchrow(sql, *args)


async def fetch_value(sql: str, *args: Any) -> Any:
    _note(sql)
    async with raw() as connection:
        return await connection.fetchval(sql, *args)


async def fetch_as(kind: type[T], sql: str, *args: Any) -> list[T]:
    """Rows by position into a slotted dataclass."""
    return [kind(*row) for row in await fetch(sql, *args)]


async def execute(sql: str, *args: Any) -> int:
    """Runs one statement; the number of rows it touched."""
    _note(sql)
    async with raw() as connection:
        status = await connection.execute(sql, *args)
    count = status.rpartition(" ")[2]
    return int(count) if count.isdigit() else 0


async def copy(table: str, columns: Sequence[str], rows: Sequence[bytes]) -> None:
    """Rows as `kit.pgcopy` encodes them into a table."""
    _note(f"COPY {table}")
    source = BytesIO(b"".join((pgcopy.BEGIN, *rows, pgcopy.END)))
    async with raw() as connection:
        await connection.copy_to_table(table, source=source, columns=columns, format="binary")


async def copy_in(table: str, rows: bytes) -> None:
    """Rows as PostgreSQL's binary COPY writes them into a table that has just these columns."""
    _note(f"COPY {table}")
    async with raw() as connection:
        await connection.copy_to_table(table, source=BytesIO(rows), format="binary")


async def copy_out(sql: str, *args: Any) -> bytes:
    """Rows as PostgreSQL's binary COPY writes them."""
    found = bytearray()

    async def take(data: bytes) -> None:
        found.extend(data)

    await copy_out_to(take, sql, *args)
    return bytes(found)


async def copy_out_to(take: Callable[[bytes], Coroutine[Any, Any, None]], sql: str, *args: Any) -> None:
    """The same, piece by piece as they come; no more comes before a piece is taken."""
    _note(sql)
    async with raw() as connection:
        await connection.copy_from_query(sql, *args, output=take, format="binary")


async def execute_many(sql: str, rows: Iterable[tuple[Any, ...]]) -> None:
    _note(sql)
    async with raw() as connection:
        await connection.executemany(sql, rows)


async def roomy() -> None:
    """Lets what this transaction goes on to group, join and sort take memory enough for a million customers."""
    await execute("SET LOCAL work_mem = '512MB'")


async def planned_anew() -> None:
    """Has what this transaction goes on to ask planned by its values: a plan kept for any list is one for ten."""
    await execute("SET LOCAL plan_cache_mode = force_custom_plan")


async def lock(*key: object) -> None:
    """Waits for, and holds until the transaction's end, the lock of this name."""
    await fetch_value("SELECT pg_advisory_xact_lock(hashtextextended($1, 0))", "/".join(str(part) for part in key))


async def try_lock(*key: object) -> bool:
    """Holds it until the transaction's end unless somebody else does: whether it does."""
    name = "/".join(str(part) for part in key)
    return bool(await fetch_value("SELECT pg_try_advisory_xact_lock(hashtextextended($1, 0))", name))


@asynccontextmanager
async def counting() -> AsyncIterator[list[str]]:
    """Collects the SQL texts that this task (and tasks it starts) sends through this module."""
    noted: list[str] = []
    token = _statements.set(noted)
    try:
        yield noted
    finally:
        _statements.reset(token)


async def listen(url: str, channel: str, woken: asyncio.Event) -> asyncpg.Connection:
    """Sets `woken` whenever something is notified on the channel: see `hear`."""
    return await hear(url, channel, lambda _: woken.set())


async def hear(url: str, channel: str, told: Callable[[str], object]) -> asyncpg.Connection:
    """Calls `told` with every payload that is notified on the channel; the caller closes the connection.

    Raises OSError while the database cannot be reached, whatever it says of that itself.
    """

    def notified(connection: object, pid: int, channel: str, payload: object) -> None:
        told(str(payload))

    try:
        connection = await asyncpg.connect(plain_dsn(url))
        await connection.add_listener(channel, notified)
    except (asyncpg.PostgresError, asyncpg.InterfaceError) as error:
        raise ConnectionError("the database does not take connections") from error
    return connection
