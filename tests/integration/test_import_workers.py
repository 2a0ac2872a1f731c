"""Imports of customers by several workers, by one that is killed, and of files that mean harm."""

import asyncio
import zipfile
from pathlib import Path

import pytest

from shuke.domains.records import queries, service
from shuke.domains.records.types import Choices, ImportKind, ImportState, Tally, Wish
from shuke.kit import db
from shuke.kit.errors import Refusal
from tests.factories import World, make_world
from tests.factories.files import write_csv
from tests.factories.workbooks import write_xlsx
from tests.integration.test_import_jobs import asked, ended, worker

HEADER = "姓名 手机号 门店 跟进记录"
DOUBLES = "SELECT kind, value, count(*) FROM customer_identity GROUP BY 1, 2 HAVING count(*) > 1"


@pytest.fixture
async def world(database: str) -> World:
    return await make_world()


def crowd(path: Path, count: int, first: int = 0, turned: bool = False) -> Path:
    rows = [[f"第{n}位", f"139{n:08}", "S1", f"来过 {n}"] for n in range(first, first + count)]
    return write_csv(path, HEADER, rows[::-1] if turned else rows)


def in_earnest() -> Choices:
    return Choices(ImportKind.CUSTOMERS, dry_run=False)


async def test_two_workers_with_the_same_phones_at_once_make_everybody_once(
    world: World, database: str, tmp_path: Path
) -> None:
    hq = world.staff["hq"]
    files = [crowd(tmp_path / "a.csv", 6000), crowd(tmp_path / "b.csv", 6000, 2000, turned=True)]
    jobs = [await asked(hq, path, in_earnest()) for path in files]
    async with worker(database), worker(database):
        done = await asyncio.gather(*(ended(hq, job, 240) for job in jobs))
    assert [job.state for job in done] == [ImportState.DONE] * 2
    assert sum(job.tally.created for job in done) == 8000 == await db.fetch_value("SELECT count(*) FROM customer")
    assert [job.tally.read for job in done] == [6000, 6000] and sum(job.tally.rejected for job in done) == 0
    assert await db.fetch(DOUBLES) == []
    assert await db.fetch_value("SELECT count(*) FROM timeline_entry WHERE kind = 'note'") == 8000


async def test_a_worker_killed_in_the_middle_is_followed_by_another(
    world: World, database: str, tmp_path: Path
) -> None:
    hq = world.staff["hq"]
    job_id = await asked(hq, crowd(tmp_path / "a.csv", 6000), in_earnest())
    async with worker(database) as first:
        async with asyncio.timeout(120):
            while (await queries.import_job(hq, job_id)).tally.read == 0:
                await asyncio.sleep(0.01)
        first.process.kill()
        await asyncio.to_thread(first.wait)
    stored = await db.fetch_value("SELECT count(*) FROM customer")
    assert 0 < stored < 6000 and stored == (await queries.import_job(hq, job_id)).tally.created
    async with worker(database):
        job = await ended(hq, job_id, 240)
    assert (job.state, job.tally) == (ImportState.DONE, Tally(6000, created=6000))
    assert await db.fetch_value("SELECT count(*) FROM customer") == 6000
    assert await db.fetch_value("SELECT count(*) FROM timeline_entry WHERE kind = 'note'") == 6000


def repacked(path: Path, source: Path, sheet: str) -> Path:
    """A copy of a workbook with another text as its sheet."""
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as new:
        for one in old.infolist():
            new.writestr(one, sheet if one.filename == "xl/worksheets/sheet1.xml" else old.read(one))
    return path


def rows_of(*rows: str) -> str:
    head = (
        '<?xml version="1.0"?><worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
    )
    return f"{head}{''.join(rows)}</sheetData></worksheet>"


def row(number: int, *cells: tuple[str, str]) -> str:
    inner = "".join(f'<c r="{column}{number}" t="inlineStr"><is><t>{text}</t></is></c>' for column, text in cells)
    return f'<row r="{number}">{inner}</row>'


GOOD = (row(1, ("A", "姓名"), ("B", "手机号"), ("C", "门店")), row(2, ("A", "小满"), ("B", "13800138000"), ("C", "S1")))


async def take(path: Path) -> Tally:
    return await service.import_customers(Wish(path), lambda what, rows: None)


async def test_a_million_empty_rows_with_a_colour_are_nothing(world: World, tmp_path: Path) -> None:
    plain = write_xlsx(tmp_path / "plain.xlsx", {"a": [("x",)]})
    styled = "".join(f'<row r="{n}" s="1"><c r="A{n}" s="1"/></row>' for n in range(3, 1_000_003))
    path = repacked(tmp_path / "styled.xlsx", plain, rows_of(*GOOD, styled))
    assert await take(path) == Tally(1, created=1)


async def test_a_customer_on_the_last_row_there_can_be_is_found(world: World, tmp_path: Path) -> None:
    plain = write_xlsx(tmp_path / "plain.xlsx", {"a": [("x",)]})
    last = row(1_048_576, ("A", "谷雨"), ("B", "13800138001"), ("C", "S1"))
    assert await take(repacked(tmp_path / "long.xlsx", plain, rows_of(*GOOD, last))) == Tally(2, created=2)


async def test_sheets_too_wide_or_too_large_are_told_and_take_nothing_down(world: World, tmp_path: Path) -> None:
    plain = write_xlsx(tmp_path / "plain.xlsx", {"a": [("x",)]})
    wide = rows_of(row(1, ("A", "手机号"), ("XFD", "姓名")), row(2, ("A", "13800138000")))
    with pytest.raises(Refusal, match="sheet_wide"):
        await take(repacked(tmp_path / "wide.xlsx", plain, wide))
    corners = rows_of(row(1, ("A", "手机号")), row(1_048_576, ("XFD", "1")))
    with pytest.raises(Refusal, match="workbook_large"):
        await take(repacked(tmp_path / "corners.xlsx", plain, corners))


async def test_entities_are_not_unfolded(world: World, tmp_path: Path) -> None:
    plain = write_xlsx(tmp_path / "plain.xlsx", {"a": [("x",)]})
    laughs = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    dtd = f'<!DOCTYPE x [<!ENTITY l0 "ha"><!ENTITY file SYSTEM "file:///etc/passwd">{laughs}]>'
    sheet = rows_of(GOOD[0], row(2, ("A", "&l9;&file;"), ("B", "13800138000"), ("C", "S1")))
    path = repacked(tmp_path / "laughs.xlsx", plain, sheet.replace("<worksheet", f"{dtd}<worksheet"))
    try:
        await take(path)
    except Refusal as refusal:
        assert refusal.reason == "workbook_wrong"
    assert not await db.fetch_value("SELECT count(*) FROM customer WHERE name LIKE '%root%' OR length(name) > 20")
