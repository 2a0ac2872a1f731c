"""Orders straight into their table: what the segments are computed from."""

import csv
import lzma
import os
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest

from shuke.kit import db
from shuke.kit.ids import new_id
from tests.factories import World

COLUMNS = (
    *("id", "brand_id", "store_id", "customer_id", "source", "terminal", "business_date", "receipt_no", "kind"),
    *("status", "refund_of_id", "placed_at", "currency", "total_minor", "digest"),
)


async def add_customers(world: World, count: int, store: int = 0) -> list[UUID]:
    """Customers of a store, known by nothing."""
    ids = [new_id() for _ in range(count)]
    await db.execute(
        "INSERT INTO customer (id, brand_id, store_id) SELECT x, $2, $3 FROM unnest($1::uuid[]) x",
        *(ids, world.brand_id, world.stores[store]),
    )
    return ids


def order_row(
    world: World,
    customer: UUID | None,
    at: datetime,
    minor: int,
    kind: str = "sale",
    of: UUID | None = None,
    status: str = "completed",
    currency: str = "CNY",
) -> tuple[object, ...]:
    """A row for COLUMNS; its first value is the order's id."""
    key = new_id()
    return (
        *(key, world.brand_id, world.stores[0], customer, "test", "", at.date(), key.hex, kind),
        *(status, of, at, currency, minor, b""),
    )


async def add_orders(rows: list[tuple[object, ...]]) -> None:
    async with db.raw() as connection:
        await connection.copy_records_to_table("order", records=rows, columns=COLUMNS)


async def buy(world: World, customer: UUID, days_ago: float, minor: int, now: datetime, **options: object) -> UUID:
    """One order; its id."""
    row = order_row(world, customer, now - timedelta(days=days_ago), minor, **options)  # type: ignore[arg-type]
    await add_orders([row])
    assert isinstance(row[0], UUID)
    return row[0]


def retailer_lines() -> Iterator[dict[str, str]]:
    """The real retailer's order lines from the folder named by SHUKE_TEST_DATA; skips the test without it."""
    folder = os.environ.get("SHUKE_TEST_DATA")
    path = Path(folder or "/nowhere") / "online_retail_lines.csv.xz"
    if not path.is_file():
        pytest.skip("SHUKE_TEST_DATA names no folder that holds online_retail_lines.csv.xz")
    with lzma.open(path, "rt", encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


async def load_retailer(world: World) -> None:
    """Every invoice of the real retailer as one order; C-invoices are refunds that name no sale."""
    members: dict[str, UUID] = {}
    heads: dict[str, tuple[str, datetime]] = {}
    totals: dict[str, int] = {}
    for line in retailer_lines():
        number, member = line["InvoiceNo"], line["CustomerID"]
        if number not in heads:
            at = datetime.fromisoformat(line["InvoiceDate"]).replace(tzinfo=ZoneInfo("Europe/London"))
            heads[number] = member, at.astimezone(UTC)
        amount = Decimal(line["Quantity"]) * Decimal(line["UnitPrice"])
        totals[number] = totals.get(number, 0) + int((amount * 100).quantize(Decimal(1), ROUND_HALF_UP))
        if member:
            members.setdefault(member, new_id())
    await db.execute(
        "INSERT INTO customer (id, brand_id, store_id) SELECT x, $2, $3 FROM unnest($1::uuid[]) x",
        *(list(members.values()), world.brand_id, world.stores[0]),
    )
    rows = []
    for number, (member, at) in heads.items():
        kind = "refund" if number.startswith("C") else "sale"
        rows.append(order_row(world, members.get(member), at, totals[number], kind, currency="GBP"))
    await add_orders(rows)
