"""`shuke backup` and `shuke restore`: the whole database in one file.

The file is a zip of `manifest.json` (what made it) and `database.dump` (pg_dump's custom format). It is written
beside its final name and renamed when whole; it is restored in one transaction, so that either all of it is there or
nothing has changed. The queue is not in it: it can be lost at any time without loss.
"""

import importlib.metadata
import json
import os
import shutil
import subprocess
import tempfile
import zipfile
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO, Any
from urllib.parse import unquote, urlsplit, urlunsplit

import asyncpg

from shuke.app import programs
from shuke.app.console import NEWER, answering, place
from shuke.app.trouble import CannotRun, about_folder
from shuke.kit import clock, db

FORMAT = 1
DUMP = "database.dump"
MANIFEST = "manifest.json"
# Everything goes in the restoring transaction; whoever uses the tables makes it give up instead of waiting for ever.
BEGIN = b"BEGIN; SET LOCAL lock_timeout = '10s'; DROP SCHEMA public CASCADE; CREATE SCHEMA public;\n"
COMMIT = b"COMMIT;\n"
UNKNOWN_BEFORE_17 = b"SET transaction_timeout = 0;\n"

OTHERS = """
SELECT count(*) FROM pg_stat_activity
WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend'
"""


@dataclass(frozen=True, slots=True)
class Manifest:
    """What made the backup. `migrations` are those applied to the database when it was made."""

    format: int
    shuke: str
    postgres: str
    made_at: str
    migrations: list[str]


async def back_up(database_url: str, file: Path, replace: bool = False) -> None:
    """Writes a backup; everything else may go on meanwhile. Raises CannotRun."""
    if file.exists() and not replace:
        raise CannotRun(f"{file} exists already: choose another name, or replace it with --force.")
    manifest = await _describe(database_url)
    part = file.with_name(f".{file.name}.{os.getpid()}.part")
    try:
        with open(os.open(part, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600), "wb") as output:
            with zipfile.ZipFile(output, "w") as archive:
                archive.writestr(MANIFEST, json.dumps(asdict(manifest), indent=2))
                with archive.open(DUMP, "w", force_zip64=True) as member:
                    _dump(database_url, member)
            output.flush()
            os.fsync(output.fileno())
        os.replace(part, file)
    except OSError as error:
        raise about_folder(file.parent, error, "choose another place for the backup") from error
    finally:
        part.unlink(missing_ok=True)


async def restore(database_url: str, file: Path, replace: bool = False) -> Manifest:
    """Puts the backup in the database's place and brings it to this program's version. Raises CannotRun.

    A database that holds a brand is refused unless `replace` is set. Whatever goes wrong, the database stays as it was.
    """
    with _opened(file) as archive:
        manifest = _manifest(archive, file)
        if set(manifest.migrations) - db.known_migrations():
            raise CannotRun(
                f"{file} was made by a newer Shuke ({manifest.shuke}): install that version, then restore it."
            )
        with answering(database_url):
            await _refuse_if_used(database_url, replace)
        with tempfile.TemporaryDirectory(prefix="shuke-restore-") as folder:
            dump = Path(folder) / DUMP
            try:
                with archive.open(DUMP) as member, open(dump, "wb") as output:
                    shutil.copyfileobj(member, output, 1 << 20)
            except zipfile.BadZipFile as error:
                raise CannotRun(f"{file} is damaged: its check sum is wrong. Nothing was changed.") from error
            except OSError as error:
                raise about_folder(Path(folder), error, "set TMPDIR to a folder with more room") from error
            _load(database_url, dump)
    await db.migrate(database_url)
    return manifest


async def _describe(database_url: str) -> Manifest:
    with answering(database_url):
        applied = await db.applied_migrations(database_url)
        connection = await asyncpg.connect(db.plain_dsn(database_url))
        try:
            version = await connection.fetchval("SHOW server_version")
        finally:
            await connection.close()
    if not applied:
        raise CannotRun(f"There is nothing to back up in the database at {place(database_url)}.")
    if applied - db.known_migrations():
        raise CannotRun(NEWER)
    made_at = clock.now().isoformat(timespec="seconds")
    return Manifest(FORMAT, importlib.metadata.version("shuke"), version, made_at, sorted(applied))


async def _refuse_if_used(database_url: str, replace: bool) -> None:
    connection = await asyncpg.connect(db.plain_dsn(database_url))
    try:
        if await connection.fetchval(OTHERS):
            raise CannotRun("Shuke is running on this database: stop it before restoring a backup.")
        if replace or not await connection.fetchval("SELECT to_regclass('public.brand')"):
            return
        name = await connection.fetchval("SELECT name FROM brand ORDER BY created_at LIMIT 1")
    finally:
        await connection.close()
    if name is not None:
        raise CannotRun(f"The database holds the brand {name} already: --force replaces all of it by the backup.")


def _opened(file: Path) -> zipfile.ZipFile:
    try:
        return zipfile.ZipFile(file)
    except FileNotFoundError as error:
        raise CannotRun(f"There is no file {file}.") from error
    except zipfile.BadZipFile as error:
        raise CannotRun(f"{file} is not a whole backup made by `shuke backup`. Nothing was changed.") from error
    except OSError as error:
        raise CannotRun(f"Cannot read {file}: {error.strerror}.") from error


def _manifest(archive: zipfile.ZipFile, file: Path) -> Manifest:
    try:
        manifest = Manifest(**json.loads(archive.read(MANIFEST)))
        archive.getinfo(DUMP)
    except (KeyError, ValueError, TypeError, zipfile.BadZipFile) as error:
        raise CannotRun(f"{file} is not a whole backup made by `shuke backup`. Nothing was changed.") from error
    if manifest.format != FORMAT:
        raise CannotRun(f"{file} was made by a newer Shuke ({manifest.shuke}): install that version, then restore it.")
    return manifest


def _dump(database_url: str, output: IO[bytes]) -> None:
    dsn, environment = _connection(database_url)
    command: list[str | Path] = [
        programs.postgres("pg_dump"),
        "--format=custom",
        "--no-owner",
        "--no-privileges",
        "--dbname",
        dsn,
    ]
    with tempfile.TemporaryFile() as words:
        with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=words, env=environment) as dump:
            assert dump.stdout is not None
            try:
                shutil.copyfileobj(dump.stdout, output, 1 << 20)
            except BaseException:
                dump.kill()
                raise
        if dump.returncode != 0:
            raise CannotRun(f"PostgreSQL could not write the backup: {_last_line(words)}")


def _load(database_url: str, dump: Path) -> None:
    """Has psql run the dump as SQL in one transaction, which is committed only when pg_restore came to its end."""
    dsn, environment = _connection(database_url)
    make_sql: list[str | Path] = [programs.postgres("pg_restore"), "--no-owner", "--no-privileges", "--file=-", dump]
    run_sql: list[str | Path] = [programs.postgres("psql"), "--no-psqlrc", "--quiet", "--output=/dev/null"]
    run_sql += ["--set=ON_ERROR_STOP=1", "--dbname", dsn]
    with (
        tempfile.TemporaryFile() as words,
        subprocess.Popen(make_sql, stdout=subprocess.PIPE, stderr=words, env=environment) as maker,
        subprocess.Popen(run_sql, stdin=subprocess.PIPE, stderr=words, env=environment) as runner,
    ):
        assert maker.stdout is not None and runner.stdin is not None
        try:
            runner.stdin.write(BEGIN)
            runner.stdin.write(maker.stdout.read(1 << 16).replace(UNKNOWN_BEFORE_17, b""))
            shutil.copyfileobj(maker.stdout, runner.stdin, 1 << 20)
            if maker.wait() == 0:
                runner.stdin.write(COMMIT)
            runner.stdin.close()
        except BrokenPipeError:
            maker.kill()  # psql has stopped at an error, which is told below
        if runner.wait() != 0 or maker.wait() != 0:
            raise CannotRun(f"The backup could not be restored: {_last_line(words)} Nothing was changed.")


def _connection(database_url: str) -> tuple[str, Mapping[str, str]]:
    """The URL for PostgreSQL's programs and their environment, which carries the password: arguments are public."""
    parts = urlsplit(db.plain_dsn(database_url))
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PG")}
    if parts.password is not None:
        environment["PGPASSWORD"] = unquote(parts.password)
        user, _, server = parts.netloc.rpartition("@")
        parts = parts._replace(netloc=f"{user.partition(':')[0]}@{server}")
    return urlunsplit(parts), environment


def _last_line(words: IO[Any]) -> str:
    words.seek(0)
    lines = words.read().decode(errors="replace").split("\n")
    told = [line.rpartition("ERROR:  ")[2].strip() for line in lines if "ERROR:" in line or "error:" in line]
    return f"{told[-1] if told else 'no reason given'}."
