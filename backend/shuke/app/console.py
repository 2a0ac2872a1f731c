"""What commands share: servers that answer, a database of this program's version, and a connected `shuke.kit.db`."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from typing import TypeVar
from urllib.parse import parse_qs, urlsplit

from shuke.app.embedded import Urls, running
from shuke.app.settings import Settings
from shuke.app.trouble import CannotRun

T = TypeVar("T")

NEWER = (
    "The database was made by a newer Shuke than this one: install that version, "
    "or restore a backup of this version into another folder (SHUKE_DATA)."
)
OLDER = "The database is not at this program's version: run `shuke migrate` first."
FULL = "The database's disk is full: make room and do it again; nothing saved is lost."


@contextmanager
def prepared(settings: Settings | None = None) -> Iterator[Urls]:
    """The servers run and the database has this program's tables. Raises CannotRun."""
    with running(settings or Settings.load()) as urls:
        migrate(urls)
        yield urls


def migrate(urls: Urls) -> None:
    """Brings the database to this program's version. Raises CannotRun."""
    from shuke.kit import db

    with answering(urls.database):
        try:
            asyncio.run(db.migrate(urls.database))
        except db.NewerDatabase as error:
            raise CannotRun(NEWER) from error


def check_schema(urls: Urls) -> None:
    """Changes nothing. Raises CannotRun unless the database is at this program's version."""
    import asyncpg

    from shuke.kit import db

    async def check() -> None:
        connection = await asyncpg.connect(db.plain_dsn(urls.database))
        try:
            await db.check_schema(connection)
        finally:
            await connection.close()

    with answering(urls.database):
        try:
            asyncio.run(check())
        except db.NewerDatabase as error:
            raise CannotRun(NEWER) from error
        except db.OlderDatabase as error:
            raise CannotRun(OLDER) from error


def run_with_database(work: Callable[[], Awaitable[T]], settings: Settings | None = None, pool: int = 4) -> T:
    """Runs one piece of work inside `prepared`, with `shuke.kit.db` connected. Raises CannotRun, for a refusal too."""
    from shuke.kit import db, i18n
    from shuke.kit.errors import Refusal

    async def connected(database_url: str) -> T:
        await db.connect(database_url, pool)
        try:
            return await work()
        finally:
            await db.disconnect()

    with prepared(settings) as urls:
        try:
            return asyncio.run(connected(urls.database))
        except Refusal as refusal:
            raise CannotRun(i18n.say("en", refusal.reason, **refusal.params)) from refusal
        except Exception as error:
            if _disk_is_full(error):
                raise CannotRun(FULL) from error
            raise


@contextmanager
def answering(database_url: str) -> Iterator[None]:
    """Turns a database that cannot be reached, or whose disk is full, into a sentence."""
    import asyncpg

    try:
        yield
    except (OSError, asyncpg.InvalidAuthorizationSpecificationError, asyncpg.InvalidCatalogNameError) as error:
        why = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        raise CannotRun(
            f"The database at {place(database_url)} does not answer ({why}): start it, or mend SHUKE_DATABASE_URL."
        ) from error
    except Exception as error:
        if _disk_is_full(error):
            raise CannotRun(FULL) from error
        raise


def _disk_is_full(error: BaseException) -> bool:
    """Whether PostgreSQL says so (SQLSTATE 53100), be it through another library's exception."""
    cause: BaseException | None = error
    while cause is not None:
        if getattr(cause, "sqlstate", None) == "53100":
            return True
        cause = cause.__cause__ or cause.__context__
    return False


def place(url: str) -> str:
    """Where a URL points, without its user and password: host, port and database, or the path of a socket."""
    parts = urlsplit(url)
    host = parts.hostname or parse_qs(parts.query).get("host", [""])[0]
    return f"{host}{f':{parts.port}' if parts.port else ''}{parts.path.rstrip('/')}" or "localhost"
