"""Head office and an import of customers: its columns and rows, what failed mended, and all of it taken back."""

import io
from pathlib import Path
from uuid import UUID

import python_calamine

from shuke.api.pagination import split_id
from shuke.domains.records import service
from shuke.kit import codec, db
from tests.api.real import Browser, partner, serving, signed_in
from tests.factories import make_world
from tests.factories.profile import add_fields, new_field

KIND = {"content-type": "application/octet-stream", "x-file-name": "people.csv"}
LINES = (
    "姓名,手机号,门店,备注,宝宝生日,身高",
    *("小满,13800138000,S1,=1+1,2024-03-01,", "谷雨,1.38E+10,S1,-怕辣,,", "立夏,13800138001,S9,,,"),
)
JOB = """query ($id: ID!) { importJob(id: $id) { state mapped continues undoUntil
  counts { read created updated unchanged rejected duplicates } undo { removed restored stayed }
  sheets { sheet header columns { heading field samples } }
  rows(verdict: CREATED, first: 5) { edges { node { row verdict message customer { name } twin { name } } } }
  stayed { edges { node { message fields customer { name } } } } } }"""


async def done(browser: Browser, content: bytes, **said: object) -> dict[str, object]:
    upload = (await browser.http.post("/imports", content=content, headers=KIND)).json()["id"]
    chosen = {"uploadId": upload, "kind": "CUSTOMERS", "dryRun": False} | said
    job_id = (await browser.do("startImport", "job { id }", **chosen))["job"]["id"]
    await service.run_import(split_id(job_id)[1])
    return {"id": job_id, **(await browser.ask(JOB, id=job_id))["importJob"]}


async def test_from_columns_to_mended_rows_to_an_undo(database: str, tmp_path: Path) -> None:
    world = await make_world()
    async with serving() as app:
        hq = await signed_in(app, world, "hq")
        job = await done(hq, "\n".join(LINES).encode())
        columns = job["sheets"][0]["columns"]  # type: ignore[index]
        assert [(one["heading"], one["field"]) for one in columns] == [
            *(("姓名", "name"), ("手机号", "phone"), ("门店", "store"), ("备注", "note")),
            *(("宝宝生日", "child_birthday"), ("身高", None)),
        ]
        assert job["counts"]["created"] == 1 and job["counts"]["rejected"] == 2  # type: ignore[index]
        assert job["rows"]["edges"][0]["node"]["customer"] == {"name": "小满"}  # type: ignore[index]
        assert await db.fetch_value("SELECT count(*) FROM dependant") == 1
        local = UUID(str(split_id(str(job["id"]))[1]))
        failed = await hq.http.get(f"/imports/{local}/failed.xlsx")
        rows = (
            python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(failed.content)).get_sheet_by_index(0).to_python()
        )
        assert rows[0] == ["Name", "Phone", "Store", "Note", "Problem", "Import batch"]
        assert rows[1][:4] == ["谷雨", "1.38E+10", "S1", "'-怕辣"] and rows[2][2] == "S9"
        for who in (await signed_in(app, world, "manager"), Browser(app), await partner(app, world, "read")):
            assert (await who.http.get(f"/imports/{local}/failed.xlsx")).status_code in (401, 403, 404)
        mended = (
            "\n".join(",".join(map(str, row)) for row in rows).replace("1.38E+10", "13800138002").replace("S9", "S2")
        )
        again = await done(hq, mended.encode())
        assert again["continues"] == job["id"] and again["counts"]["created"] == 2  # type: ignore[index]
        assert await db.fetch_value("SELECT note FROM customer WHERE name = '谷雨'") == "-怕辣"
        answer = await hq.do("undoImport", "job { state }", id=job["id"])
        assert answer["job"]["state"] == "UNDOING" and job["undoUntil"]
        await service.run_import(local)
        undone = (await hq.ask(JOB, id=job["id"]))["importJob"]
        assert undone["state"] == "UNDONE" and undone["undo"] == {"removed": 1, "restored": 0, "stayed": 0}
        assert undone["undoUntil"] is None
        assert await db.fetch_value("SELECT count(*) FROM customer") == 2
        assert await db.fetch_value("SELECT count(*) FROM dependant") == 0
        refused = await hq.do("undoImport", "job { state }", id=job["id"])
        assert [error["code"] for error in refused["userErrors"]] == ["NOT_UNDOABLE"]


async def test_head_offices_own_fields_and_further_numbers_come_in_by_their_names(database: str) -> None:
    world = await make_world()
    options = [{"labels": {"zhCn": "牛奶"}}, {"labels": {"zhCn": "鸡蛋"}}]
    hq = world.staff["hq"]
    wishes = [new_field("居住小区"), new_field("过敏原", "CHOICES", options=options), new_field("办卡日", "DATE")]
    keys = await add_fields(hq, *wishes)
    lines = (
        "姓名,手机号,门店,微信号,邮箱,居住小区,过敏原,办卡日",
        "小满,13800138000,S1,Xiaoman_88,A@Example.com,翠苑,牛奶、鸡蛋,2024/3/1",
        "谷雨,13800138001,S1,,,,花生,",
        "立夏,,S1,lixia_2020,,,,",
        "小雪,13800138003,S1,不是微信,,,,",
    )
    async with serving() as app:
        browser = await signed_in(app, world, "hq")
        offered = (await browser.ask("{ importFields { key label overwritable } }"))["importFields"]
        assert {f"custom:{key}" for key in keys} <= {one["key"] for one in offered}
        job = await done(browser, "\n".join(lines).encode())
        assert job["counts"] == {"read": 4, "created": 2, "rejected": 2} | dict.fromkeys(
            ("updated", "unchanged", "duplicates"), 0
        )
        again = await done(browser, "\n".join(lines).encode())
        assert again["counts"]["unchanged"] == 2  # type: ignore[index]
    numbers = await db.fetch("SELECT kind, value FROM customer_identity WHERE kind <> 'phone' ORDER BY kind, value")
    assert [tuple(row) for row in numbers] == [
        *(("email", "a@example.com"), ("wechat", "lixia_2020"), ("wechat", "xiaoman_88")),
    ]
    values = codec.loads(await db.fetch_value("SELECT custom_values FROM customer WHERE name = '小满'"))
    assert (values[keys[0]], values[keys[2]], len(values[keys[1]])) == ("翠苑", "2024-03-01", 2)
    reasons = {row[0] for row in await db.fetch("SELECT reason FROM import_verdict WHERE verdict = 'rejected'")}
    assert reasons == {"value_not_offered", "identity_wrong"}
