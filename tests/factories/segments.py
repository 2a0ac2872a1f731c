"""Orders straight into their table, which the segments are computed from, and the command that does it."""

import os
import subprocess
import sys
from datetime import datetime, timedelta
from uuid import UUID

from shuke.kit import db
from shuke.kit.ids import new_id
from tests.factories import World
from tests.servers import embedded_for_tests

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


def refresh_command(url: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    """`shuke segments refresh ARGUMENTS…` on this database, and what it said."""
    environment = os.environ | {"SHUKE_DATABASE_URL": url, "SHUKE_REDIS_URL": embedded_for_tests().redis}
    command = [sys.executable, "-m", "shuke.app.cli", "segments", "refresh", *arguments]
    return subprocess.run(command, env=environment, capture_output=True, text=True, timeout=60, check=False)
