"""Files of customers as shops have them: every trap told row by row, twice the same, undone as if it had not been."""

from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest

from shuke.domains.customers import service as archive
from shuke.domains.customers.types import Policy
from shuke.domains.records import queries, service
from shuke.domains.records.service import undoing
from shuke.domains.records.types import Choices, Doubles, ImportJob, ImportKind, ImportState, RowFate, Tally, Undo, Wish
from shuke.kit import clock, db
from shuke.kit.errors import Refusal
from tests.factories import World, make_world
from tests.factories.customers import make_customer
from tests.factories.files import read_report, write_csv
from tests.factories.messy import MESSY, messy, write_xls
from tests.factories.orders import ingest, sale
from tests.integration.test_import_jobs import asked

HEADER = "姓名 手机号 门店 生日 备注"
EVERYTHING = """
SELECT (SELECT jsonb_agg(to_jsonb(c) - 'updated_at' ORDER BY c.id) FROM customer c),
  (SELECT jsonb_agg(to_jsonb(i) ORDER BY i.id) FROM customer_identity i),
  (SELECT jsonb_agg(to_jsonb(t) ORDER BY t.id) FROM timeline_entry t),
  (SELECT jsonb_agg(to_jsonb(p) ORDER BY p.id) FROM duplicate_pair p)
"""


@pytest.fixture
async def world(database: str) -> World:
    return await make_world()


async def take(path: Path, **wishes: object) -> Tally:
    return await service.import_customers(Wish(path, **wishes), lambda what, rows: None)  # type: ignore[arg-type]


async def taken(world: World, path: Path, **choices: object) -> ImportJob:
    """An import of this file, done."""
    hq = world.staff["hq"]
    choices = {"dry_run": False, "store_id": world.stores[0]} | choices
    job_id = await asked(hq, path, Choices(ImportKind.CUSTOMERS, **choices))  # type: ignore[arg-type]
    await service.run_import(job_id)
    return await queries.import_job(hq, job_id)


async def undone(world: World, job: ImportJob) -> ImportJob:
    async with db.tx():
        await service.undo_import(world.staff["hq"], job.id)
    await service.run_import(job.id)
    return await queries.import_job(world.staff["hq"], job.id)


async def fates(job: ImportJob) -> dict[tuple[str, int], tuple[str, str]]:
    rows = [row async for batch in queries.every_row(job, False) for row in batch]
    return {(row.sheet, row.row): (row.verdict.value, row.reason) for row in rows}


async def test_a_messy_workbook_is_told_row_by_row_and_the_second_time_changes_nothing(
    world: World, tmp_path: Path
) -> None:
    path, report = messy(tmp_path / "客户.xlsx"), tmp_path / "report.csv"
    tally = await take(path, report=report)
    rows = read_report(report)
    told = {(row["sheet"], int(row["row"] or 0)): (row["verdict"], row["reason"]) for row in rows}
    assert told == MESSY and len(rows) == len(MESSY)
    counts = [verdict for verdict, _ in MESSY.values()]
    assert tally.read == len(counts) - counts.count("skipped")
    assert (tally.created, tally.rejected) == (counts.count("created"), counts.count("rejected"))
    assert all(row["message"] for row in rows if row["reason"]) and all(row["file"] == "客户.xlsx" for row in rows)
    ids = {row["id"] for row in rows if row["verdict"] in ("created", "duplicate")}
    assert ids == {str(row[0]) for row in await db.fetch("SELECT id FROM customer")}
    before = await db.fetch_row(EVERYTHING)
    again = await take(path, report=report)
    assert (again.created, again.updated, again.duplicates) == (0, 0, 0) and again.rejected == tally.rejected
    assert await db.fetch_row(EVERYTHING) == before


async def test_what_the_messy_workbook_says_stands_on_the_cards(world: World, tmp_path: Path) -> None:
    await take(messy(tmp_path / "x.xlsx"))
    sql = """SELECT c.name, c.birthday, c.gender, i.raw_value, i.value, c.created_at::date::text FROM customer c
      JOIN customer_identity i ON i.customer_id = c.id AND i.kind = 'phone' WHERE c.name = $1 ORDER BY i.value"""
    row, _ = await db.fetch(sql, "王若溪")
    assert tuple(row)[:5] == ("王若溪", "1990-03-08", "female", "'138 0000 0001", "+8613800000001")
    assert [row[4] for row in await db.fetch(sql, "全角")] == ["+8613800000004", "+8613900000004"]
    (serial,) = await db.fetch(sql, "序列号")
    assert serial[1] == "1990-03-08"
    notes = """SELECT t.data->>'text', (t.at AT TIME ZONE 'Asia/Shanghai')::date::text, st.name, t.data->>'author'
      FROM timeline_entry t LEFT JOIN staff st ON st.id = t.actor_id WHERE t.kind = 'note' ORDER BY t.at"""
    assert [tuple(row) for row in await db.fetch(notes)] == [
        ("问了推车", "2023-05-01", None, "早已离开的人"),
        ("喜欢蓝色", "2023-06-01", "guide", None),
    ]
    author = "SELECT st.name FROM timeline_entry t JOIN staff st ON st.id = t.actor_id WHERE t.kind = 'created'"
    assert await db.fetch_value(author) == "guide"
    pair = """SELECT a.name, b.name, p.reasons::text FROM duplicate_pair p
      JOIN customer a ON a.id = p.a_id JOIN customer b ON b.id = p.b_id"""
    assert [tuple(row) for row in await db.fetch(pair)] == [("王若溪", "王若溪", '["same_birthday"]')]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gbk", "gb18030", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", "\t", ";"])
async def test_text_files_are_read_in_whatever_they_were_saved(
    world: World, tmp_path: Path, encoding: str, delimiter: str
) -> None:
    path = tmp_path / "x.csv"
    lines = ["客户档案", "姓名,手机号码（必填）,所属门店", "小满,13800138000,文三路店", ",,", "合计,1,"]
    path.write_text("\r\n".join(lines).replace(",", delimiter), encoding=encoding)
    assert await take(path) == Tally(1, created=1)
    assert await db.fetch_value("SELECT name FROM customer") == "小满"


async def test_an_old_workbook_is_read_too(world: World, tmp_path: Path) -> None:
    path = write_xls(tmp_path / "x.xls", [["姓名", "手机号", "门店"], ["小满", 13800138000, "S1"]])
    assert await take(path) == Tally(1, created=1)


async def test_several_files_make_one_report(world: World, tmp_path: Path) -> None:
    one = write_csv(tmp_path / "1.csv", HEADER, [["甲", "13800000001", "S1", "", ""]])
    two = write_csv(
        tmp_path / "2.csv", HEADER, [["甲", "13800000001", "S1", "", "爱喝温水"], ["乙", "1", "S1", "", ""]]
    )
    report = tmp_path / "report.csv"
    tally = await take(one, more=(two,), report=report, dry_run=True)
    assert tally == Tally(3, created=1, updated=1, rejected=1)
    assert [(row["file"], row["row"], row["verdict"]) for row in read_report(report)] == [
        ("1.csv", "2", "created"),
        ("2.csv", "2", "updated"),
        ("2.csv", "3", "rejected"),
    ]
    assert await db.fetch_value("SELECT count(*) FROM customer") == 0


async def test_what_the_shop_has_changed_stays_unless_the_file_is_to_hold(world: World, tmp_path: Path) -> None:
    rows = [["甲", "13800000001", "S1", "", "旧"], ["乙", "13800000002", "S1", "", ""]]
    await take(write_csv(tmp_path / "1.csv", HEADER, rows))
    key = await db.fetch_value("SELECT id FROM customer WHERE name = '甲'")
    await archive.update_customer(world.staff["hq"], key, 1, {"name": "甲改"})
    rows = [["甲甲", "13800000001", "S1", "1990-03-08", "新"], ["乙乙", "13800000002", "S1", "", ""]]
    path = write_csv(tmp_path / "2.csv", HEADER, rows)
    job = await taken(world, path)
    assert (await fates(job))["", 2] == ("updated", "row_kept")
    sql = "SELECT name, birthday, note FROM customer ORDER BY name"
    assert [tuple(row) for row in await db.fetch(sql)] == [("乙乙", None, None), ("甲改", "1990-03-08", "新")]
    for policy, name in ((Policy.KEEP, "甲改"), (Policy.FILL, "甲改"), (Policy.TAKE, "甲甲")):
        await taken(world, path, overwrite={"name": policy})
        assert await db.fetch_value("SELECT name FROM customer WHERE id = $1", key) == name
    again = await taken(world, path, overwrite={"name": Policy.TAKE})
    assert again.tally == Tally(2, unchanged=2)


async def test_two_rows_about_one_customer_change_nothing_the_second_time(world: World, tmp_path: Path) -> None:
    rows = [["甲", "13800000001", "S1", "", ""], ["乙", "13800000001", "S1", "", ""]]
    path = write_csv(tmp_path / "1.csv", HEADER, rows)
    assert await take(path) == Tally(2, created=1, updated=1)
    assert await take(path) == Tally(2, unchanged=2)


async def test_who_is_probably_on_file_is_offered_as_a_pair_or_left_out(world: World, tmp_path: Path) -> None:
    await make_customer(world, phone="13800000001", name="王若溪", birthday="1990-03-08")
    rows = [
        ["王若溪", "13900000009", "S1", "1990-03-08", ""],
        ["王若溪", "13800000011", "S1", "", ""],
        ["王若溪", "13700000000", "S1", "1991-01-01", ""],
    ]
    path = write_csv(tmp_path / "1.csv", HEADER, rows)
    left = await taken(world, path, doubles=Doubles.SKIP)
    assert left.tally == Tally(3, created=1, duplicates=2)
    assert await db.fetch_value("SELECT count(*) FROM duplicate_pair") == 0
    job = await taken(world, path)
    assert job.tally == Tally(3, duplicates=2, unchanged=0, created=0, updated=0) or job.tally.duplicates == 2
    assert await db.fetch_value("SELECT count(*) FROM duplicate_pair WHERE state = 'open'") == 2
    found = await queries.job_rows(job, RowFate.DUPLICATE, 10, 0)
    assert all(row.twin_id and row.subject_id and row.twin_id != row.subject_id for row in found)


async def test_columns_once_chosen_are_found_again(world: World, tmp_path: Path) -> None:
    path = write_csv(tmp_path / "1.csv", "甲列 乙列 丙列", [["小满", "13800138000", "S1"]])
    job = await taken(world, path)
    assert job.state is ImportState.FAILED and [column[0] for column in job.found[0].columns] == [
        "甲列",
        "乙列",
        "丙列",
    ]
    assert job.found[0].columns[1] == ("乙列", None, ["13800138000"])
    columns = {"name": "甲列", "phone": "乙列", "store": "丙列"}
    assert (await taken(world, path, columns=columns, dry_run=True)).tally == Tally(1, created=1)
    job = await taken(world, path)
    assert job.saved_mapping and job.tally == Tally(1, created=1)


async def test_an_undone_import_leaves_nothing(world: World, tmp_path: Path) -> None:
    await make_customer(world, phone="13800000001", name="甲", note=None)
    before = await db.fetch_row(EVERYTHING.replace("'updated_at'", "'{updated_at,version,field_versions}'::text[]"))
    rows = [["甲", "13800000001", "S1", "1990-03-08", "新"], ["乙", "13800000002", "S1", "", ""]]
    rows += [[f"第{n}位", f"139{n:08}", "S1", "", ""] for n in range(1200)]
    path = write_csv(tmp_path / "1.csv", HEADER, rows)
    job = await undone(world, await taken(world, path))
    assert (job.state, job.undo) == (ImportState.UNDONE, Undo(removed=1201, restored=1))
    after = await db.fetch_row(EVERYTHING.replace("'updated_at'", "'{updated_at,version,field_versions}'::text[]"))
    assert after == before
    assert (await taken(world, path)).tally == Tally(1202, created=1201, updated=1)


async def test_what_life_went_on_with_stays_and_is_told(world: World, tmp_path: Path) -> None:
    key = await make_customer(world, phone="13800000001", name="甲", note=None)
    rows = [["甲", "13800000001", "S1", "1990-03-08", "新"]]
    rows += [[name, f"1380000000{n}", "S1", "", ""] for n, name in enumerate("乙丙丁戊", 2)]
    job = await taken(world, write_csv(tmp_path / "1.csv", HEADER, rows))
    ids: dict[str, UUID] = {row[0]: row[1] for row in await db.fetch("SELECT name, id FROM customer")}
    hq = world.staff["hq"]
    await archive.update_customer(hq, key, 2, {"note": "店里写的"})
    await archive.add_note(hq, ids["乙"], UUID(int=7), "来过")
    await archive.update_customer(hq, ids["丙"], 1, {"alias": "小丙"})
    await ingest(world, sale("1", phone="13800000004"))
    job = await undone(world, job)
    assert job.undo == Undo(removed=1, restored=0, stayed=4)
    told = {one.customer_id: one for one in await queries.stayed(job, 10, 0)}
    assert {ids[name]: told[ids[name]].reasons for name in "乙丙丁"} == {
        ids["乙"]: ("stayed_more",),
        ids["丙"]: ("stayed_changed", "stayed_more"),
        ids["丁"]: ("stayed_more",),
    }
    assert told[key].fields == ("note",)
    row = await db.fetch_row("SELECT birthday, note FROM customer WHERE id = $1", key)
    assert row and tuple(row) == (None, "店里写的")
    assert not await db.fetch_value("SELECT count(*) FROM customer WHERE name = '戊'")


async def test_an_undo_that_was_killed_goes_on_and_one_too_late_is_refused(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = [[f"第{n}位", f"139{n:08}", "S1", "", ""] for n in range(30)]
    job = await taken(world, write_csv(tmp_path / "1.csv", HEADER, rows))
    hq = world.staff["hq"]
    with clock.pretended(clock.now() + timedelta(days=31)), pytest.raises(Refusal, match="undo_late"):
        await service.undo_import(hq, job.id)
    await service.undo_import(hq, job.id)
    monkeypatch.setattr(undoing, "NEXT", undoing.NEXT.replace("LIMIT 500", "LIMIT 10"))
    with monkeypatch.context() as patched:
        calls = []

        async def breaks(*args: object) -> Undo | None:
            calls.append(1)
            if len(calls) == 3:
                raise ConnectionError
            return await undoing.undo_chunk(*args)  # type: ignore[arg-type]

        patched.setattr("shuke.domains.records.service.running.undo_chunk", breaks)
        with pytest.raises(ConnectionError):
            await service.run_import(job.id)
    assert await db.fetch_value("SELECT count(*) FROM customer") == 10
    with clock.pretended(clock.now() + timedelta(seconds=11)):
        await service.run_import(job.id)
    assert (await queries.import_job(hq, job.id)).undo == Undo(removed=30)
    assert await db.fetch_value("SELECT count(*) FROM customer") == 0
