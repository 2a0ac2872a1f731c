"""Backup and restore: all of it comes back, or nothing changes."""

import asyncio
import json
import zipfile
from collections.abc import AsyncIterator
from pathlib import Path

import asyncpg
import pytest

from shuke.app.backup import back_up, restore
from shuke.app.trouble import CannotRun
from shuke.kit import db
from tests.factories import make_world
from tests.servers import fresh_database


@pytest.fixture
async def origin(database: str) -> str:
    """The URL of a database with a brand in it."""
    await make_world()
    await db.disconnect()
    return database


@pytest.fixture
async def empty() -> AsyncIterator[str]:
    async with fresh_database() as url:
        yield url


async def ask(url: str, statement: str) -> object:
    connection = await asyncpg.connect(url)
    try:
        return await connection.fetchval(statement)
    finally:
        await connection.close()


PEOPLE = "SELECT md5(string_agg(staff::text, '' ORDER BY id)) FROM staff"


async def test_a_backup_restored_elsewhere_is_the_same_again(origin: str, empty: str, tmp_path: Path) -> None:
    file = tmp_path / "shop.backup"
    await back_up(origin, file)
    assert file.stat().st_mode & 0o777 == 0o600
    assert [path.name for path in tmp_path.iterdir()] == ["shop.backup"]
    manifest = await restore(empty, file)
    assert set(manifest.migrations) == db.known_migrations()
    assert await ask(empty, PEOPLE) == await ask(origin, PEOPLE)
    assert await db.pending_migrations(empty) == []


async def test_a_brand_is_not_overwritten_unless_told_to(origin: str, empty: str, tmp_path: Path) -> None:
    file = tmp_path / "shop.backup"
    await back_up(origin, file)
    before = await ask(origin, PEOPLE)
    await ask(origin, "UPDATE staff SET name = 'somebody else'")
    with pytest.raises(CannotRun, match=r"holds the brand .* already: --force replaces all of it"):
        await restore(origin, file)
    await restore(origin, file, replace=True)
    assert await ask(origin, PEOPLE) == before


async def test_a_file_is_not_overwritten_unless_told_to(origin: str, tmp_path: Path) -> None:
    file = tmp_path / "precious.xlsx"
    file.write_text("precious")
    with pytest.raises(CannotRun, match="exists already: choose another name"):
        await back_up(origin, file)
    assert file.read_text() == "precious"
    await back_up(origin, file, replace=True)
    assert zipfile.is_zipfile(file)


async def test_nothing_is_restored_while_somebody_uses_the_database(origin: str, tmp_path: Path) -> None:
    file = tmp_path / "shop.backup"
    await back_up(origin, file)
    connection = await asyncpg.connect(origin)
    with pytest.raises(CannotRun, match="Shuke is running on this database: stop it"):
        await restore(origin, file, replace=True)
    await connection.close()


async def test_an_empty_database_has_nothing_to_back_up(empty: str, tmp_path: Path) -> None:
    with pytest.raises(CannotRun, match="nothing to back up"):
        await back_up(empty, tmp_path / "file")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("how", ["cut", "flipped", "foreign", "none", "other zip"])
async def test_a_damaged_or_foreign_file_changes_nothing(origin: str, tmp_path: Path, how: str) -> None:
    file = tmp_path / "shop.backup"
    await back_up(origin, file)
    before = await ask(origin, PEOPLE)
    content = bytearray(file.read_bytes())
    if how == "cut":
        content = content[: len(content) // 2]
    elif how == "flipped":
        content[len(content) // 2] ^= 0xFF
    elif how == "foreign":
        content = bytearray(b"member no,phone\n")
    file.write_bytes(content)
    if how == "none":
        file.unlink()
    if how == "other zip":
        with zipfile.ZipFile(file, "w") as archive:
            archive.writestr("sheet.xml", "<x/>")
    with pytest.raises(CannotRun, match=r"damaged|not a whole backup|There is no file"):
        await restore(origin, file, replace=True)
    assert await ask(origin, PEOPLE) == before


async def test_a_dump_that_fails_half_way_changes_nothing(origin: str, tmp_path: Path) -> None:
    file, broken = tmp_path / "shop.backup", tmp_path / "broken.backup"
    await back_up(origin, file)
    before = await ask(origin, PEOPLE)
    with zipfile.ZipFile(file) as good, zipfile.ZipFile(broken, "w") as bad:
        bad.writestr("manifest.json", good.read("manifest.json"))
        dump = good.read("database.dump")
        bad.writestr("database.dump", dump[: len(dump) * 2 // 3])
    with pytest.raises(CannotRun, match=r"could not be restored: .* Nothing was changed\."):
        await restore(origin, broken, replace=True)
    assert await ask(origin, PEOPLE) == before


async def test_a_backup_of_a_newer_program_is_refused(origin: str, empty: str, tmp_path: Path) -> None:
    file, newer = tmp_path / "shop.backup", tmp_path / "newer.backup"
    await back_up(origin, file)
    with zipfile.ZipFile(file) as good, zipfile.ZipFile(newer, "w") as changed:
        manifest = json.loads(good.read("manifest.json"))
        changed.writestr("manifest.json", json.dumps(manifest | {"migrations": [*manifest["migrations"], "9999_x"]}))
        changed.writestr("database.dump", good.read("database.dump"))
    with pytest.raises(CannotRun, match="was made by a newer Shuke"):
        await restore(empty, newer)


async def test_a_backup_made_while_people_write_is_one_moment(origin: str, empty: str, tmp_path: Path) -> None:
    await ask(origin, "CREATE TABLE pair (a int, b int)")
    await ask(origin, "INSERT INTO pair VALUES (0, 0)")
    stop = asyncio.Event()

    async def write() -> None:
        connection = await asyncpg.connect(origin)
        while not stop.is_set():
            await connection.execute("UPDATE pair SET a = a + 1, b = b + 1")
            await asyncio.sleep(0)
        await connection.close()

    writer = asyncio.create_task(write())
    await asyncio.to_thread(asyncio.run, back_up(origin, tmp_path / "file"))
    stop.set()
    await writer
    await restore(empty, tmp_path / "file")
    assert await ask(empty, "SELECT a = b AND a >= 0 FROM pair")
