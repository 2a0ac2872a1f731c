"""Exports: in the background, what the caller may see and no more, fetched by her alone, for a week."""

import csv
import io
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from uuid import UUID, uuid4

import pytest
import python_calamine

from shuke.api.pagination import global_id, split_id
from shuke.domains.identity.types import Grant, Role
from shuke.domains.records import queries, service
from shuke.domains.records.service import exports
from shuke.domains.records.types import ExportFormat, ExportKind, ExportState, ExportWish
from shuke.domains.segments.service import save_segment
from shuke.domains.segments.types.rules import NewSegment
from shuke.kit import clock, codec, db, files
from shuke.kit.ids import new_id
from tests.api.real import Browser, browser_of, partner, serving, signed_in
from tests.factories import World, make_staff, make_world
from tests.factories.customers import make_customer
from tests.factories.profile import add_fields, new_field
from tests.integration.test_segments_live import settle

START = """mutation ($input: StartExportInput!) { startExport(input: $input) {
  job { id state } userErrors { code field } } }"""
WISH = {"kind": "CUSTOMERS", "reason": "对一对会员名单"}
JOB = (
    """query ($id: ID!) { export(id: $id) { state rows rowsTotal fileName fileBytes expiresAt path problem reason } }"""
)


@pytest.fixture
async def world(database: str) -> World:
    world = await make_world()
    await make_customer(world, phone="13800001111", name="=HYPERLINK(1)", alias="小满妈妈")
    await make_customer(world, phone="13800002222", name="周雨桐", alias=None)
    await make_customer(world, guide="stranger", phone="13800003333", name="别店的人")
    return world


async def taken(browser: Browser, **said: object) -> tuple[str, dict[str, object]]:
    """The id of an export that was asked for and done, and what is told of it."""
    said = {"operationId": str(uuid4()), **WISH, **said}
    job = (await browser.ask(START, input=said))["startExport"]["job"]
    await service.run_export(split_id(job["id"])[1])
    return job["id"], (await browser.ask(JOB, id=job["id"]))["export"]


async def test_a_manager_takes_out_what_her_stores_have_and_nobody_else_fetches_it(world: World) -> None:
    async with serving() as app:
        manager = await signed_in(app, world, "manager")
        _, job = await taken(manager, format="CSV", fields=["name", "phone", "store", "created_at"])
        assert (job["state"], job["rows"], job["rowsTotal"], job["problem"]) == ("DONE", 2, 2, None)
        answer = await manager.http.get(str(job["path"]))
        assert answer.status_code == 200 and len(answer.content) == job["fileBytes"]
        assert "filename*=UTF-8''%E5%AE%A2%E6%88%B7" in answer.headers["content-disposition"]
        assert answer.headers["cache-control"] == "no-store"
        rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
        assert rows[0] == ["姓名", "手机号", "门店编码", "建档时间"]
        assert [row[:3] for row in rows[1:3]] == [
            ["周雨桐", "138 •••• 2222", "S1"],
            ["'=HYPERLINK(1)", "138 •••• 1111", "S1"],
        ]
        assert "manager" in rows[3][0] and "对一对会员名单" in rows[4][0]  # who, when, what for
        others = [Browser(app), await partner(app, world, "read")]
        others += [await signed_in(app, world, who) for who in ("hq", "guide", "regional")]
        for who in others:
            assert (await who.http.get(str(job["path"]))).status_code in (401, 403, 404)
        assert (await manager.http.get("/exports/nothing")).status_code == 404
    kinds = await db.fetch("SELECT kind, actor_id, data::text FROM event WHERE kind LIKE 'export.%' ORDER BY at, id")
    assert [row[0] for row in kinds] == ["export.started", "export.ended", "export.fetched"]
    assert not any("会员" in row[2] for row in kinds)


async def test_a_workbook_has_text_alone_and_says_where_it_comes_from(world: World, tmp_path: Path) -> None:
    async with serving() as app:
        hq = await signed_in(app, world, "hq")
        store = global_id("Store", world.stores[1])
        _, job = await taken(hq, format="XLSX", storeId=store)
        path = tmp_path / "x.xlsx"
        path.write_bytes((await hq.http.get(str(job["path"]))).content)
    book = python_calamine.CalamineWorkbook.from_path(path)
    sheet, about = (book.get_sheet_by_name(name).to_python() for name in book.sheet_names)
    assert len(sheet) == 2 and sheet[1][0] == "别店的人" and all(isinstance(cell, str) for row in sheet for cell in row)
    assert "hq" in str(about[0][0]) and "滨江店" in str(about[2][0])


async def test_a_segment_is_taken_out_within_her_stores(world: World) -> None:
    hq = world.staff["hq"]
    segment = await save_segment(hq, NewSegment(new_id(), "有名字", {"fact": "customer.name", "op": "known"}))
    await settle()
    segment_id = global_id("Segment", segment)
    async with serving() as app:
        office, manager = await signed_in(app, world, "hq"), await signed_in(app, world, "manager")
        await db.execute("UPDATE segment_member SET left_at = entered_at WHERE customer_id = $1", await named("周雨桐"))
        _, all_of_it = await taken(office, format="CSV", segmentId=segment_id)
        _, her_stores = await taken(manager, format="CSV", segmentId=segment_id, fields=["name"])
        assert (all_of_it["rows"], her_stores["rows"]) == (2, 1)
        file = (await manager.http.get(str(her_stores["path"]))).content.decode("utf-8-sig")
        assert "HYPERLINK" in file and "别店的人" not in file and "有名字" in file
        nobody = {"operationId": str(uuid4()), **WISH, "format": "CSV", "segmentId": global_id("Segment", uuid4())}
        refused = (await office.ask(START, input=nobody))["startExport"]
        assert refused == {"job": None, "userErrors": [{"code": "NOT_FOUND", "field": "segmentId"}]}


async def named(name: str) -> UUID:
    found: UUID = await db.fetch_value("SELECT id FROM customer WHERE name = $1", name)
    return found


async def test_a_file_goes_after_a_week_and_what_was_searched_for_with_it(world: World) -> None:
    async with serving() as app:
        hq = await signed_in(app, world, "hq")
        _, job = await taken(hq, format="CSV", search="13800002222")
        assert job["rows"] == 1
        with clock.pretended(clock.now() + exports.KEPT + timedelta(minutes=1)):
            assert (await files.purge(), await service.tidy_exports()) == (1, 1)
        (left,) = (await hq.ask("{ exports { edges { node { state path fileName reason } } } }"))["exports"]["edges"]
        assert left["node"] == {"state": "DONE", "path": None, "fileName": None, "reason": WISH["reason"]}
        assert (await hq.http.get(str(job["path"]))).status_code == 404
    assert "13800002222" not in await db.fetch_value("SELECT wish::text FROM export_job")


async def test_what_she_may_no_longer_see_she_may_no_longer_fetch(world: World) -> None:
    mover, _ = await make_staff(world.brand_id, "要调走的店长", Role.STORE_MANAGER, world.stores[0])
    job = await service.start_export(mover, ExportWish(ExportKind.CUSTOMERS, ExportFormat.CSV, "月度盘点"))
    await service.run_export(job.id)
    assert (await service.fetch_export(mover, job.id)).size > 0
    async with serving() as app:
        await db.execute("UPDATE staff_role SET store_id = $2 WHERE staff_id = $1", mover.id, world.stores[1])
        browser = await browser_of(app, mover)
        assert (await browser.http.get(f"/exports/{job.id}")).status_code == 403


async def test_a_store_where_she_is_a_guide_only_is_not_in_it(world: World) -> None:
    both, _ = await make_staff(world.brand_id, "两头跑", Role.STORE_MANAGER, world.stores[0])
    sql = "INSERT INTO staff_role (id, brand_id, staff_id, role, store_id) VALUES ($1, $2, $3, 'guide', $4)"
    await db.execute(sql, uuid4(), world.brand_id, both.id, world.stores[1])
    grants = (*both.grants, Grant(Role.GUIDE, (world.stores[1],)))
    both = replace(both, grants=grants)
    job = await service.start_export(both, ExportWish(ExportKind.CUSTOMERS, ExportFormat.CSV, "月度盘点"))
    await service.run_export(job.id)
    assert (await queries.export(both, job.id)).rows == 2


async def test_head_offices_own_fields_go_along_and_nothing_sensitive_or_hidden(world: World) -> None:
    hq = world.staff["hq"]
    wishes = [new_field("居住小区"), new_field("病史", sensitivity="SENSITIVE"), new_field("总部看的", sees=["ADMIN"])]
    keys = await add_fields(hq, *wishes)
    values = dict.fromkeys(keys, "翠苑")
    await db.execute("UPDATE customer SET custom_values = $1 WHERE name = '周雨桐'", codec.dumps(values))
    async with serving() as app:
        browser = await signed_in(app, world, "manager")
        offered = {
            one["key"]: one for one in (await browser.ask("{ exportColumns { key label own } }"))["exportColumns"]
        }
        assert offered["phone"] == {"key": "phone", "label": "Phone", "own": False}
        assert offered[f"values.{keys[0]}"] == {"key": f"values.{keys[0]}", "label": "居住小区", "own": True}
        assert not {f"values.{key}" for key in keys[1:]} & offered.keys()
        _, job = await taken(browser, format="CSV")
        text = (await browser.http.get(str(job["path"]))).content.decode("utf-8-sig")
        head = next(csv.reader(io.StringIO(text)))
        assert "居住小区" in head and not {"病史", "总部看的"} & set(head) and text.count("翠苑") == 1
        wish = {"operationId": str(uuid4()), **WISH, "format": "CSV", "fields": [f"values.{keys[1]}"]}
        assert (await browser.ask(START, input=wish))["startExport"]["userErrors"][0]["code"] == "INVALID"


async def test_refusals_are_told(world: World) -> None:
    async with serving() as app:
        hq = await signed_in(app, world, "hq")
        for said, code in (({"reason": " "}, "REQUIRED"), ({"fields": ["password"]}, "INVALID")):
            wish = {"operationId": str(uuid4()), **WISH, "format": "CSV", **said}
            answer = (await hq.ask(START, input=wish))["startExport"]
            assert [error["code"] for error in answer["userErrors"]] == [code]


async def test_a_run_that_broke_off_is_begun_again_and_one_at_a_time_writes(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    hq = world.staff["hq"]
    job = await service.start_export(hq, ExportWish(ExportKind.CUSTOMERS, ExportFormat.XLSX, "月度盘点"))
    with monkeypatch.context() as patched:
        patched.setattr(exports, "PAGE", 1)
        beats = exports._Run.beat

        async def breaks(run: exports._Run, rows: int) -> None:
            await beats(run, rows)
            if rows == 2:
                await service.run_export(job.id)  # somebody else comes by: nothing happens, it is held
                raise ConnectionError

        patched.setattr(exports._Run, "beat", breaks)
        with pytest.raises(ConnectionError):
            await service.run_export(job.id)
    assert (await queries.export(hq, job.id)).rows == 2
    with clock.pretended(clock.now() + timedelta(seconds=11)):
        await service.run_export(job.id)
    done = await queries.export(hq, job.id)
    assert (done.state, done.rows) == (ExportState.DONE, 3)
    assert await db.fetch_value("SELECT count(*) FROM stored_file") == 1
    assert isinstance(done.file_id, UUID)
