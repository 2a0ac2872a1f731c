"""Excel workbooks: every sheet that can be read is, cells say what people see, and no file takes the machine down."""

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from shuke.domains.orders import service as orders
from shuke.domains.records import service
from shuke.domains.records.types import Tally, Wish
from shuke.kit import db
from tests.factories.files import read_report, refused_import, shuke_import
from tests.factories.workbooks import write_bomb, write_xlsx

HEADER = ("单号", "时间", "数量", "单价", "会员号")
AT = datetime(2026, 3, 2, 10, 30)


def three_sheets(folder: Path) -> Path:
    return write_xlsx(
        folder / "=三月.xlsx",
        {
            "一店": [
                HEADER,
                (1001.0, AT, 2, 9.9, 880001.0),
                (1002, AT, 1, 0.1 + 0.2, "0007"),
                (1001.0, AT, 1, 5, 880001),
            ],
            "说明": [("每月五号前交",)],
            "二店": [
                (),
                ("会员号", "单价", "备注", "数量", "单号", "时间"),
                ("0007", "=1+1|2", "x", 3, "2001", AT),
                (),
                (None, 1, None, "三", "2002", AT),
                (880001, 1, None, 1, 1001, AT),
            ],
            "旧数据": [HEADER, (1, AT, 1, 1, None)],
            "空": [],
        },
        hidden=["旧数据"],
    )


async def take(path: Path, report: Path | None = None) -> Tally:
    return await service.import_orders(Wish(path, report=report), lambda what, rows: None)


async def test_every_sheet_with_the_headings_is_read_and_the_others_are_named(database: str, tmp_path: Path) -> None:
    path, report = three_sheets(tmp_path), tmp_path / "report.csv"
    assert await take(path, report) == Tally(6, created=5, rejected=1)
    told = read_report(report)
    assert {row["file"] for row in told} == {"'=三月.xlsx"}
    skipped = {row["sheet"]: row["reason"] for row in told if row["verdict"] == "skipped"}
    assert skipped == {"说明": "file_columns", "旧数据": "sheet_hidden", "空": "sheet_empty"}
    lines = sorted((row["sheet"], int(row["row"]), row["verdict"]) for row in told if row["verdict"] != "skipped")
    assert lines == [
        ("一店", 2, "created"),
        ("一店", 3, "created"),
        ("一店", 4, "created"),
        ("二店", 3, "created"),
        ("二店", 5, "rejected"),
        ("二店", 6, "created"),
    ]
    receipt = 'SELECT receipt_no, placed_at, total_minor FROM "order" ORDER BY 1'
    moment = datetime(2026, 3, 2, 2, 30, tzinfo=UTC)
    rows = [tuple(row) for row in await db.fetch(receipt)]
    assert rows == [("1001", moment, 2580), ("1002", moment, 30), ("2001", moment, 600)]  # one over two sheets
    members = await db.fetch("SELECT value FROM customer_identity ORDER BY 1")
    assert [row[0] for row in members] == ["0007", "880001"]
    assert await take(path) == Tally(6, unchanged=5, rejected=1)
    assert await orders.rebuild_stats(await db.fetch_value("SELECT id FROM brand")) == 0


async def test_the_command_reads_customers_from_a_workbook(database: str, tmp_path: Path) -> None:
    rows = [
        ("姓名", "手机号", "生日", "会员号"),
        ("小满", 13800138000.0, date(1990, 5, 1), "A1"),
        ("谷雨", "13800138001", 33000, 12.0),
        ("立夏", "1380013800", "1991年2月3日", None),
    ]
    path = write_xlsx(tmp_path / "people.xlsx", {"Sheet1": rows})
    counts = shuke_import(database, "customers", path, "--report", tmp_path / "r.csv")
    assert (counts["created"], counts["rejected"]) == (2, 1)
    rejected = [row for row in read_report(tmp_path / "r.csv") if row["verdict"] == "rejected"]
    assert [(row["sheet"], row["row"], row["reason"]) for row in rejected] == [("Sheet1", "4", "phone_invalid")]
    found = await db.fetch(
        "SELECT c.birthday, i.value FROM customer c JOIN customer_identity i ON i.customer_id = c.id"
    )
    assert {(row[0], row[1]) for row in found} == {
        ("1990-05-01", "+8613800138000"),
        ("1990-05-01", "A1"),
        ("1990-05-07", "+8613800138001"),
        ("1990-05-07", "12"),
    }


@pytest.mark.parametrize("claim", [None, 1000])
async def test_a_zip_bomb_is_refused_at_once_even_if_it_lies(database: str, tmp_path: Path, claim: int | None) -> None:
    path = write_bomb(tmp_path / "bomb.xlsx", three_sheets(tmp_path), 1100 if claim is None else 40, claim)
    assert path.stat().st_size < 2 << 20
    assert "bomb.xlsx is too large once unpacked" in refused_import(database, "orders", path)
    assert await db.fetch_value("SELECT count(*) FROM brand") == 0


async def test_a_sheet_as_large_as_excel_can_say_is_one_sentence(database: str, tmp_path: Path) -> None:
    import xlsxwriter

    path = tmp_path / "wide.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, HEADER)
        sheet.write(1048575, 16383, "x")
    assert "wide.xlsx is too large once unpacked" in refused_import(database, "orders", path)


async def test_a_workbook_without_a_usable_sheet_says_what_is_missing(database: str, tmp_path: Path) -> None:
    one = write_xlsx(tmp_path / "one.xlsx", {"a": [("x", "y")]})
    two = write_xlsx(tmp_path / "two.xlsx", {"a": [("x", "y")], "b": []})
    assert "Missing columns: 单号" in refused_import(database, "orders", one)
    assert "two.xlsx has no sheet that can be used; there are: a、b" in refused_import(database, "orders", two)
    broken = tmp_path / "broken.xlsx"
    broken.write_bytes(one.read_bytes()[:-200])
    assert "broken.xlsx cannot be opened" in refused_import(database, "orders", broken)
