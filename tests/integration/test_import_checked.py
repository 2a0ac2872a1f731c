"""What rows of a file are held to: head office's rules for built-in fields, references to who is there, numbers that
are another's.
"""

from pathlib import Path
from uuid import UUID

import pytest

from shuke.domains.customers import service as archive
from shuke.domains.customers.types import CustomerRow, IdentityKind
from shuke.domains.records import queries
from shuke.domains.records.types import ImportJob, RowFate, Tally
from shuke.kit import codec, db, i18n
from shuke.kit.ids import new_id
from tests.factories import World, make_world
from tests.factories.customers import make_customer
from tests.factories.files import read_report, write_csv
from tests.factories.merging import merge
from tests.factories.profile import add_fields, new_field, read_template, save_template
from tests.integration.test_import_people import fates, take, taken

REFERENCES = (new_field("陪同的人", "STAFF"), new_field("常去的店", "STORE"), new_field("邻居", "CUSTOMER"))
NAMED = "姓名 手机号 门店 陪同的人 常去的店 邻居"
RULES = {
    "name": [{"code": "MIN_LENGTH", "value": "2", "messages": {"zhCn": "写全名，至少两个字"}}],
    "level": [{"code": "ONE_OF", "values": ["金卡", "银卡"]}],
    "birthday": [{"code": "MIN", "value": "1930-01-01"}],
    "wechat": [{"code": "MIN_LENGTH", "value": "8"}],
}


@pytest.fixture
async def world(database: str) -> World:
    return await make_world()


async def rule(world: World) -> None:
    """Head office has RULES from now on."""
    template = await read_template(world.staff["hq"])
    for field in template["fields"]:
        field["rules"] = RULES.get(field["key"], field["rules"])
    assert (await save_template(world.staff["hq"], template))["userErrors"] == []


async def test_rows_keep_head_offices_rules_for_built_in_fields(world: World, tmp_path: Path) -> None:
    await rule(world)
    known = await make_customer(world, phone="13800000009", name="旧名")
    rows = [
        ["周雨桐", "13800000001", "S1", "金卡", "1990-03-08", "yutong_88"],
        ["", "13800000002", "S1", "", "", ""],  # what is left empty breaks no rule
        ["何佳", "13800000003", "S1", "", "3月8日", ""],  # nor does a birthday without its year
        ["周", "13800000004", "S1", "", "", ""],
        ["林珊", "13800000005", "S1", "钻石", "", ""],
        ["林珊", "13800000006", "S1", "", "1920-03-08", ""],
        ["林珊", "13800000007", "S1", "", "", "linshan"],
        ["", "13800000009", "S1", "铜卡", "", ""],
    ]
    path, report = write_csv(tmp_path / "a.csv", "姓名 手机号 门店 等级 生日 微信", rows), tmp_path / "report.csv"
    assert await take(path, report=report) == Tally(8, created=3, rejected=5)
    said = [(row["reason"], row["message"]) for row in read_report(report) if row["verdict"] == "rejected"]
    assert [reason for reason, _ in said] == [
        *("value_says", "value_one_of", "value_min", "value_min_length", "value_one_of")
    ]
    assert "写全名，至少两个字" in said[0][1] and "金卡、银卡" in said[1][1]
    assert await db.fetch_value("SELECT level FROM customer WHERE id = $1", known) is None


async def test_rows_are_held_to_what_is_asked_when_they_are_read_again(world: World, tmp_path: Path) -> None:
    path = write_csv(tmp_path / "a.csv", "姓名 手机号 门店", [["周", "13800000001", "S1"]])
    assert await take(path) == Tally(1, created=1)
    await rule(world)
    told = write_csv(tmp_path / "b.csv", "姓名 手机号 门店 备注", [["周", "13800000001", "S1", "爱喝温水"]])
    assert await take(told) == Tally(1, rejected=1)


async def values_of(name: str) -> list[str]:
    """What her fields of REFERENCES hold."""
    row = await db.fetch_value("SELECT custom_values FROM customer WHERE name = $1", name)
    return sorted(codec.loads(row).values())


async def test_references_are_taken_by_name_and_number_and_refused_where_nobody_is_meant(
    world: World, tmp_path: Path
) -> None:
    away = await make_world("别家")
    theirs = await make_customer(away, phone="13800000090", name="别家客")
    await add_fields(world.staff["hq"], *REFERENCES)
    friend = await make_customer(world, phone="13800000091", name="何佳")
    (member,) = await archive.upsert_many(world.brand_id, [CustomerRow(world.stores[0], member_no="V0007")])
    gone = await make_customer(world, name="并走的")
    await merge(world, friend, gone)
    guide, shop = world.staff["guide"].id, world.stores[1]
    refused = {
        "不是同事": [str(away.staff["guide"].id), "", ""],
        "没这同事": [str(new_id()), "", ""],
        "不是门店": ["", str(away.stores[0]), ""],
        "别家客人": ["", "", str(theirs)],
        "别家号码": ["", "", "13800000090"],
        "没有号码": ["", "", "V9999"],
        "没有编号": ["", "", str(new_id())],
    }
    accepted = {
        "按名字": ["guide", "滨江店", "138 0000 0091"],
        "按编号": [str(guide).upper(), str(shop), str(friend)],
        "按会员": ["", "S2", "V0007"],
        "旧编号": ["", "", str(gone)],
    }
    rows = [[name, f"1390000{n:04}", "S1", *said] for n, (name, said) in enumerate((refused | accepted).items())]
    job = await taken(world, write_csv(tmp_path / "a.csv", NAMED, rows))
    verdicts = list((await fates(job)).values())
    assert verdicts == [("rejected", "value_gone")] * len(refused) + [("created", "")] * len(accepted)
    for name in ("按名字", "按编号"):
        assert await values_of(name) == sorted(map(str, (guide, shop, friend))), name
    assert await values_of("按会员") == sorted(map(str, (shop, member.customer_id)))
    assert await values_of("旧编号") == [str(friend)]
    told = await queries.job_rows(job, RowFate.REJECTED, 9, 0)
    words = {i18n.say("zh-CN", row.reason, **row.params) for row in told}
    assert words == {f"{label}：没找到您选的，重新选一个" for label in ("陪同的人", "常去的店", "邻居")}
    kept = {cells["name"] for _, cells in await queries.failed_rows(job)}
    assert kept == set(refused)  # they come back as a workbook to be mended


async def test_a_reference_changes_with_the_file_and_stays_without_one(world: World, tmp_path: Path) -> None:
    await add_fields(world.staff["hq"], REFERENCES[2])
    first, second = [await make_customer(world, phone=f"1380000009{n}") for n in (1, 2)]
    header = "姓名 手机号 门店 邻居"

    async def row(friend: str) -> ImportJob:
        return await taken(world, write_csv(tmp_path / "a.csv", header, [["甲", "13900000001", "S1", friend]]))

    assert (await row("13800000091")).tally == Tally(1, created=1)
    assert await values_of("甲") == [str(first)]
    assert (await row("13800000091")).tally == Tally(1, unchanged=1)
    assert (await row("13800000092")).tally == Tally(1, updated=1)
    assert (await row("")).tally == Tally(1, unchanged=1)
    assert await values_of("甲") == [str(second)]


async def numbers_of(key: UUID) -> set[str]:
    return {row[0] for row in await db.fetch("SELECT value FROM customer_identity WHERE customer_id = $1", key)}


async def test_a_number_that_is_anothers_stays_hers_and_is_told(world: World, tmp_path: Path) -> None:
    a = await make_customer(world, phone="13800000001", name="甲", note=None)
    b = await make_customer(world, phone="13800000002", name="乙")
    await archive.add_identity(world.staff["guide"], b, IdentityKind.WECHAT, "yi_mama_88")
    rows = [
        ["甲", "13800000001", "S1", "yi_mama_88", "", "爱喝温水"],
        ["甲", "13800000001", "S1", "", "13800000002", ""],
        ["甲", "13800000001", "S1", "", "13800000003", ""],
        ["乙", "13800000002", "S1", "yi_mama_88", "", ""],
    ]
    job = await taken(world, write_csv(tmp_path / "a.csv", "姓名 手机号 门店 微信 备用手机 备注", rows))
    found = {row.row: row for row in await queries.job_rows(job, None, 9, 0)}
    assert {n: (row.verdict.value, row.reason) for n, row in found.items()} == {
        2: ("updated", "number_of_another"),
        3: ("unchanged", "number_of_another"),
        4: ("updated", ""),
        5: ("unchanged", ""),
    }
    assert [(found[n].subject_id, found[n].twin_id) for n in (2, 3)] == [(a, b)] * 2
    for locale, word in (("zh-CN", "合并"), ("en", "Merge")):
        assert word in i18n.say(locale, "number_of_another")
    assert await numbers_of(a) == {"+8613800000001", "+8613800000003"}
    assert await numbers_of(b) == {"+8613800000002", "yi_mama_88"}
