"""What an order's lines are worth, and what tells one order from another."""

from datetime import UTC, date, datetime
from decimal import Decimal
from uuid import UUID

import pytest
from msgspec.structs import replace

from shuke.domains.orders import rules
from shuke.domains.orders.types import Document, House, LinesIn, OrderIn, OrderKind
from shuke.kit import pgcopy

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
ID = UUID(int=7)
HOUSE = House("CNY", {"S1": UUID(int=1)}, NOW)


Line = tuple[str, str | None, str, str | None, str | None]


def order(*lines: Line, **said: object) -> OrderIn:
    plain = OrderIn("pos", "S1", "", date(2026, 11, 22), "1", NOW, LinesIn.of(lines))
    return replace(plain, **said)


@pytest.mark.parametrize(
    ("quantity", "price", "currency", "minor"),
    [
        ("3", "0.001", "CNY", 0),
        ("5", "0.001", "CNY", 1),  # half a fen goes up
        ("-5", "0.001", "CNY", -1),  # and away from zero
        ("-1", "11062.06", "GBP", -1106206),
        ("6", "2.55", "GBP", 1530),
        ("0.5", "3", "JPY", 2),
        ("１２", "1,234.5", "CNY", 1481400),
        ("-0", "9.9", "CNY", 0),
        ("1", "0", "CNY", 0),
    ],
)
def test_a_line_is_worth_quantity_times_price_half_up(quantity: str, price: str, currency: str, minor: int) -> None:
    measured = rules.measure(quantity, price, None, 2, currency)
    assert measured[1:] == (minor, None)


@pytest.mark.parametrize("text", ["", "x", "1e3", "1_000", "١", "--1", "1.", "12,34", "1.0001", "1" * 19, "NaN", "∞"])
def test_what_is_no_quantity_is_refused(text: str) -> None:
    found = rules.measure(text, "1", None, 2, "CNY")
    assert found[2] and found[2].reason == "quantity_wrong"


def test_a_said_total_wins_over_the_arithmetic_and_needs_no_price() -> None:
    for total, scale, minor in (("9.99", 2, 999), ("999", 0, 999), ("-0.5", 2, -50)):
        found = rules.measure("3", "3.33", total, scale, "CNY")
        assert found[1:] == (minor, None)
        assert rules.measure("3", None, total, scale, "CNY")[1:] == (minor, None)
    for total, scale in (("9.999", 2), ("9.9", 0), ("many", 2)):
        assert rules.measure("3", "3.33", total, scale, "CNY")[2]
    assert rules.measure("3", None, None, 2, "CNY")[2]


def test_everything_the_source_says_is_in_the_digest_and_spelling_is_not() -> None:
    line: Line = ("A", "奶粉", "1", "9.90", None)
    plain = rules.check(order(line, line), HOUSE, ID)
    assert isinstance(plain, Document)
    same = [
        order(("A ", "奶粉", "1.000", "9.9", None), line),
        order(line, line, terminal="2"),
        order(line, line, phone="x"),
    ]
    other = [
        order(line),
        order(("A", "奶粉", "1", "9.91", "9.90"), line),
        order(("A", "奶粉", "1", "9.90", "9.91"), line),
        order(("A", None, "1", "9.90", None), line),
        order(line, line, member_no="M1"),
        order(line, line, phone="13800138000"),
        order(line, line, placed_at=NOW.replace(hour=1)),
        order(line, line, refund_of_receipt_no="0"),
    ]
    digests = [
        found.digest
        for found in (rules.check(one, HOUSE, ID) for one in [*same, *other])
        if isinstance(found, Document)
    ]
    assert digests[: len(same)] == [plain.digest] * len(same)
    assert len({plain.digest, *digests[len(same) :]}) == len(other) + 1


def test_every_problem_of_an_order_is_told_at_once() -> None:
    bad = order(("A", None, "?", "1", None), ("B", None, "1", "1", None), store_code="S9", currency="EUR", source="")
    found = rules.check(bad, HOUSE, ID)
    assert isinstance(found, list)
    assert [(problem.field, problem.line) for problem in found] == [
        ("source", None),
        ("storeCode", None),
        ("currency", None),
        ("quantity", 0),
    ]


def test_a_business_date_may_be_tomorrow_somewhere_on_earth_but_not_later() -> None:
    assert isinstance(
        rules.check(order(("A", None, "1", "1", None), business_date=date(2026, 11, 23)), HOUSE, ID), Document
    )
    late = rules.check(order(("A", None, "1", "1", None), business_date=date(2026, 11, 24)), HOUSE, ID)
    assert isinstance(late, list) and [(one.field, one.reason) for one in late] == [("businessDate", "in_future")]


def test_a_refund_may_come_to_nothing_but_not_to_more() -> None:
    for price, fits in (("-1", True), ("0", True), ("1", False)):
        found = rules.check(order(("A", None, "1", None, price), kind=OrderKind.REFUND), HOUSE, ID)
        assert isinstance(found, Document) is fits


def test_months_and_gaps_are_the_stores() -> None:
    months = rules.last_months(datetime(2026, 12, 31, 17, tzinfo=UTC), "Asia/Shanghai")
    assert (months[0], months[-1], len(months)) == ("2026-02", "2027-01", 12)
    assert rules.average_gap(1, NOW.date(), NOW.date()) is None
    assert rules.average_gap(3, date(2026, 1, 1), date(2026, 1, 6)) == 3  # two and a half days


@pytest.mark.parametrize(
    ("value", "payload"),
    [
        ("0", "0000 0000 0000 0000"),
        ("1", "0001 0000 0000 0000 0001"),
        ("-12345.67", "0003 0001 4000 0002 0001 0929 1a2c"),
        ("0.001", "0001 ffff 0000 0003 000a"),
        ("10000", "0002 0001 0000 0000 0001 0000"),
    ],
)
def test_numbers_are_written_as_the_server_reads_them(value: str, payload: str) -> None:
    raw = bytes.fromhex(payload)
    assert pgcopy.numeric(Decimal(value)) == len(raw).to_bytes(4, "big") + raw
