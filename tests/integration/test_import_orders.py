"""`shuke import orders`: the shipped examples and a real retailer's odd lines."""

import csv
from collections import Counter
from datetime import UTC, datetime
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

from shuke.app.wiring import WIRING
from shuke.domains.journeys import service as journeys
from shuke.domains.records import service
from shuke.domains.records.types import Tally, Wish
from shuke.kit import clock, db
from shuke.kit.events import Dispatcher
from tests.factories.files import EXAMPLES, EXTRACT, RETAILER, read_report, shuke_import, write_csv

HEADER = "receipt_no placed_at quantity unit_price member_no"


async def take(path: Path, **wishes: object) -> Tally:
    return await service.import_orders(Wish(path, **wishes), lambda what, rows: None)  # type: ignore[arg-type]


async def snapshot() -> dict[str, object]:
    """Everything an import leaves, as far as it can be compared."""
    sums = {
        "orders": 'SELECT count(*), sum(total_minor), count(customer_id) FROM "order"',
        "lines": "SELECT count(*), sum(total_minor), sum(quantity), sum(position) FROM order_line",
        "stats": "SELECT count(*), sum(order_count), sum(gross_minor), sum(refunded_minor) FROM customer_stats",
        "customers": "SELECT count(*) FROM customer",
        "timeline": "SELECT count(*) FROM timeline_entry",
        "brands": "SELECT count(*) FROM brand",
    }
    return {name: tuple(await db.fetch_row(sql) or ()) for name, sql in sums.items()}


async def test_the_examples_come_in_by_the_command(database: str, tmp_path: Path) -> None:
    report = tmp_path / "report.csv"
    people = (EXAMPLES / "customers.csv", "--mapping", EXAMPLES / "customers.toml", "--report", report)
    assert shuke_import(database, "customers", *people) == counts(40, created=38, rejected=2)
    assert [(row["row"], row["reason"]) for row in read_report(report) if row["verdict"] == "rejected"] == [
        ("14", "phone_invalid"),
        ("29", "birthday_wrong"),
    ]
    receipts = (EXAMPLES / "orders.csv", "--mapping", EXAMPLES / "orders.toml")
    assert shuke_import(database, "orders", *receipts) == counts(103, created=103)
    rows = await db.fetch('SELECT kind, status, count(*), count(refund_of_id) FROM "order" GROUP BY 1, 2 ORDER BY 1, 2')
    assert [tuple(row) for row in rows] == [
        ("refund", "completed", 2, 1),
        ("sale", "cancelled", 1, 0),
        ("sale", "completed", 43, 0),
    ]
    assert await db.fetch_value('SELECT count(*) FROM "order" WHERE customer_id IS NULL') == 2
    before = await snapshot()
    assert shuke_import(database, "customers", *people) == counts(40, unchanged=38, rejected=2)
    assert shuke_import(database, "orders", *receipts) == counts(103, unchanged=103)
    assert await snapshot() == before


async def test_the_extract_reconciles_and_a_second_time_changes_nothing(database: str, tmp_path: Path) -> None:
    assert await take(EXTRACT, mapping=RETAILER, report=tmp_path / "first.csv") == Tally(2000, created=2000)
    before = await snapshot()
    with EXTRACT.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    orders: Counter[tuple[str, str]] = Counter()
    for row in rows:
        total = (Decimal(row["Quantity"]) * Decimal(row["UnitPrice"])).scaleb(2).quantize(Decimal(1), ROUND_HALF_UP)
        orders[row["InvoiceNo"], row["CustomerID"]] += int(total)
    known = {key: total for key, total in orders.items() if key[1]}
    sales = {key: total for key, total in known.items() if not key[0].startswith("C")}
    people = len({customer for _, customer in known})
    assert before["orders"] == (214, sum(orders.values()), len(known)) == (214, 3489754, 180)
    assert before["lines"][:2] == (2000, 3489754)  # type: ignore[index]
    counted, gross = sum(total > 0 for total in sales.values()), sum(sales.values())
    assert before["stats"] == (people, counted, gross, sum(known.values()) - gross)
    assert before["customers"] == (people,) == (112,)
    assert await take(EXTRACT, mapping=RETAILER) == Tally(2000, unchanged=2000)
    assert await snapshot() == before
    torn = """SELECT l.position, l.sku FROM order_line l JOIN "order" o ON o.id = l.order_id
      WHERE o.receipt_no = '542806' ORDER BY 1"""
    assert [row[0] for row in await db.fetch(torn)] == list(range(1, len(await db.fetch(torn)) + 1))
    report = read_report(tmp_path / "first.csv")
    assert sorted(int(row["row"]) for row in report) == list(range(2, 2002))
    assert len({row["id"] for row in report}) == 214


async def test_a_dry_run_gives_the_same_verdicts_and_writes_nothing(database: str, tmp_path: Path) -> None:
    empty = await snapshot()
    reports = [tmp_path / "dry.csv", tmp_path / "wet.csv"]
    assert await take(EXTRACT, mapping=RETAILER, dry_run=True, report=reports[0]) == Tally(2000, created=2000)
    assert await snapshot() == empty
    await take(EXTRACT, mapping=RETAILER, report=reports[1])
    dry, wet = map(read_report, reports)
    assert [(r["row"], r["verdict"], r["reason"]) for r in dry] == [(r["row"], r["verdict"], r["reason"]) for r in wet]
    full = await snapshot()
    assert await take(EXTRACT, mapping=RETAILER, dry_run=True) == Tally(2000, unchanged=2000)
    assert await snapshot() == full


async def followed() -> tuple[int, int, int]:
    """Silences that are noticed one day, silences that have been noticed, and cards, once all that is due is done."""
    await Dispatcher(WIRING).drain()
    while await journeys.sweep_enrolments(500):
        pass
    row = await db.fetch_row(
        "SELECT count(*) FILTER (WHERE e.wake_at IS NOT NULL), count(*) FILTER (WHERE e.end_reason = 'completed'),"
        " (SELECT count(*) FROM task) FROM enrolment e JOIN journey j ON j.id = e.journey_id"
        " WHERE j.key = 'silent_90_days'"
    )
    assert row is not None
    return row[0], row[1], row[2]


async def test_history_wakes_nobody_who_is_silent_already_until_it_is_asked_to(database: str) -> None:
    with clock.pretended(datetime(2011, 12, 10, 12, tzinfo=UTC)):
        await take(EXTRACT, mapping=RETAILER)
        silent, recent = await db.fetch_row(
            "SELECT count(*) FILTER (WHERE last_order_at < '2011-09-12 Europe/London'),"
            " count(*) FILTER (WHERE last_order_at >= '2011-09-12 Europe/London') FROM customer_stats"
        ) or (0, 0)
        assert silent > 40 and recent > 40
        assert await followed() == (recent, 0, 0)
        for _ in range(2):
            assert await take(EXTRACT, mapping=RETAILER, follow_ups=True) == Tally(2000, unchanged=2000)
            noticed_later, noticed, cards = await followed()
            assert (noticed_later, noticed) == (recent, silent) and cards >= silent
    first_thanks = cards - silent
    assert first_thanks == await db.fetch_value("SELECT count(*) FROM task WHERE reasons -> 0 ->> 'key' <> 'wake_up'")


async def test_a_bad_row_rejects_its_whole_receipt_and_nothing_else(database: str, tmp_path: Path) -> None:
    path = write_csv(
        tmp_path / "lines.csv",
        HEADER,
        [
            ["1", "2026-03-02 10:00", "1", "9.90", "M1"],
            ["2", "2026-03-02 10:05", "1", "1,234.50", "M1"],
            ["1", "2026-03-02 10:00", "one", "9.90", "M1"],
            ["", "2026-03-02 10:00", "1", "9.90", "M1"],
            ["3", "yesterday", "1", "9.90", "=1+1"],
            ["4", "2026-03-02"],
            [],
            ["5", "2026-03-02T10:06:00+08:00", "2", "", "M2"],
        ],
    )
    report = tmp_path / "report.csv"
    assert await take(path, report=report, brand="=好孕来") == Tally(7, created=1, rejected=6)
    told = {row["row"]: row for row in read_report(report)}
    assert {number: row["reason"] for number, row in told.items()} == {
        "2": "receipt_spoiled",
        "3": "",
        "4": "quantity_wrong",
        "5": "receipt_missing",
        "6": "moment_wrong",
        "7": "row_cells",
        "9": "total_wrong",
    }
    assert "第 4 行" in told["2"]["message"] and told["3"]["id"]
    assert await db.fetch_value('SELECT sum(total_minor) FROM "order"') == 123450


async def test_stores_come_from_a_column_and_an_unknown_code_is_rejected(database: str, tmp_path: Path) -> None:
    mapping = tmp_path / "mapping.toml"
    mapping.write_text('empty = ["-"]\n[store]\ncode = "A"\n', encoding="utf-8")
    row = ["2026-03-02 10:00", "1", "1"]
    path = write_csv(
        tmp_path / "lines.csv",
        "receipt_no placed_at quantity unit_price store member_no",
        [["1", *row, "A", "-"], ["1", *row, "", "-"], ["1", *row, "B", "-"]],
    )
    assert await take(path, mapping=mapping) == Tally(3, created=2, rejected=1)
    assert await db.fetch_value('SELECT count(*) FROM "order"') == 1
    assert await db.fetch_value("SELECT count(*) FROM customer") == 0


async def test_receipts_whose_rows_lie_scattered_are_stored_whole(database: str, tmp_path: Path) -> None:
    lines = [[str(receipt), "2026-03-02 10:00", str(n), "1", ""] for n in range(1, 6) for receipt in range(200)]
    path = write_csv(tmp_path / "lines.csv", HEADER, lines)
    assert await take(path) == Tally(1000, created=1000)
    rows = await db.fetch("SELECT array_agg(quantity::int ORDER BY position) FROM order_line GROUP BY order_id")
    assert len(rows) == 200 and all(row[0] == [1, 2, 3, 4, 5] for row in rows)


def counts(read: int, created: int = 0, updated: int = 0, unchanged: int = 0, rejected: int = 0) -> dict[str, int]:
    return {"read": read, "created": created, "updated": updated, "unchanged": unchanged, "rejected": rejected}
