"""`shuke import customers`: rows of a file become customers, and what is wrong with a row is said."""

from pathlib import Path

from shuke.app.commands.import_ import command
from shuke.domains.records import service
from shuke.domains.records.types import Tally, Wish
from shuke.kit import db
from tests.factories import make_world
from tests.factories.files import EXAMPLES, read_report, write_csv

HEADER = "姓名 手机号 会员号 门店 性别 生日 来源 导购手机"


async def take(path: Path, **wishes: object) -> Tally:
    return await service.import_customers(Wish(path, **wishes), lambda what, rows: None)  # type: ignore[arg-type]


async def test_what_a_row_leaves_empty_stays_as_it_is_on_file(database: str, tmp_path: Path) -> None:
    world = await make_world()
    guide = world.phones["guide"]
    first = [
        ["王若溪", "138 0000 0001", "V1", "S1", "女", "1990年3月8日", "到店", guide],
        ["李佳", "13800000002", "", "S2", *[""] * 4],
    ]
    assert await take(write_csv(tmp_path / "a.csv", HEADER, first)) == Tally(2, created=2)
    second = [
        ["", "13800000001", "", "S1", "", "", "", ""],
        ["李佳怡", "13800000002", "", "S2", *[""] * 4],
        ["赵敏", "13800000003", "", "", *[""] * 4],  # no store, and the brand has three
    ]
    report = tmp_path / "report.csv"
    tally = await take(write_csv(tmp_path / "b.csv", HEADER, second), report=report)
    assert tally == Tally(3, updated=1, unchanged=1, rejected=1)
    assert {row["row"]: row["verdict"] for row in read_report(report)} == {
        "2": "unchanged",
        "3": "updated",
        "4": "rejected",
    }
    row = await db.fetch_row(
        "SELECT name, gender, birthday::text, source, guide_id FROM customer WHERE name = '王若溪'"
    )
    assert row is not None and tuple(row) == ("王若溪", "female", "1990-03-08", "walk_in", world.staff["guide"].id)


async def test_each_bad_row_is_told_by_its_reason(database: str, tmp_path: Path) -> None:
    await make_world()
    rows = [
        (["甲", "", "", "S1", "", "", "", ""], "identity_missing"),
        (["乙", "1.38E+10", "", "S1", "", "", "", ""], "number_scientific"),
        (["丙", "", "V1", "S9", "", "", "", ""], "store_unknown"),
        (["丁", "", "V2", "S1", "", "3030-01-01", "", ""], "birthday_wrong"),
        (["丁", "", "V7", "S1", "", "四月十五", "", ""], "birthday_wrong"),  # by the sun or by the moon?
        (["丁", "", "V8", "S1", "", "农历2024年闰二月初三", "", ""], "birthday_wrong"),  # 2024 has no leap month
        (["戊", "", "V3", "S1", "雌", "", "", ""], "word_unknown"),
        (["己", "", "V4", "S1", "", "", "", "13999999999"], "guide_unknown"),
        (["庚" * 121, "", "V5", "S1", "", "", "", ""], "text_long"),
        (["辛", "", "V6"], "row_cells"),
    ]
    report = tmp_path / "report.csv"
    tally = await take(write_csv(tmp_path / "a.csv", HEADER, [row for row, _ in rows]), report=report)
    assert tally == Tally(len(rows), rejected=len(rows))
    assert {row["row"]: row["reason"] for row in read_report(report)} == {
        str(number): reason for number, (_, reason) in enumerate(rows, 2)
    }
    assert await db.fetch_value("SELECT count(*) FROM customer") == 0


async def test_a_dry_run_leaves_no_trace_not_even_a_brand(database: str) -> None:
    wish = {"mapping": EXAMPLES / "customers.toml", "dry_run": True}
    assert await take(EXAMPLES / "customers.csv", **wish) == Tally(40, created=38, rejected=2)
    for table in ("brand", "store", "customer", "event", "timeline_entry"):
        assert await db.fetch_value(f"SELECT count(*) FROM {table}") == 0


def test_follow_ups_are_offered_for_orders_only() -> None:
    options = {
        of: {name for one in command.commands[of].params for name in one.opts if name[0] == "-"}
        for of in command.commands
    }
    assert options["orders"] - options["customers"] == {"--follow-ups"}


async def test_orders_before_customers_find_each_other_by_member_number(database: str) -> None:
    people = (EXAMPLES / "customers.csv", EXAMPLES / "customers.toml")
    receipts = Wish(EXAMPLES / "orders.csv", EXAMPLES / "orders.toml")
    await service.import_orders(receipts, lambda what, rows: None)
    nameless = await db.fetch_value("SELECT count(*) FROM customer WHERE name IS NULL")
    assert nameless > 20
    assert await take(people[0], mapping=people[1]) == Tally(40, created=38 - nameless, updated=nameless, rejected=2)
    # orders that named a phone which nobody had then find their customer the second time
    again = await service.import_orders(receipts, lambda what, rows: None)
    assert again.updated > 0 and again.updated + again.unchanged == 103
    last = await service.import_orders(receipts, lambda what, rows: None)
    assert last == Tally(103, unchanged=103)


async def test_birthdays_come_in_as_people_write_them(database: str, tmp_path: Path) -> None:
    await make_world()
    said = {
        "农历四月十五": "lunar:--04-15",
        "闰二月初三": "lunar:--leap-02-03",
        "农历1990年4月15日": "lunar:1990-04-15",
        "3月8日": "--03-08",
        "1990/3/8": "1990-03-08",
        "32936": "1990-03-04",
    }
    rows = [["甲", "", f"V{n}", "S1", "", text, "", ""] for n, text in enumerate(said)]
    path = write_csv(tmp_path / "a.csv", HEADER, rows)
    assert await take(path) == Tally(len(rows), created=len(rows))
    assert await take(path) == Tally(len(rows), unchanged=len(rows))
    kept = await db.fetch("SELECT birthday FROM customer")
    assert {row[0] for row in kept} == set(said.values())
