"""Orders for tests, as a till says them."""

from datetime import UTC, datetime, timedelta
from typing import Any

from shuke.domains.identity import queries as identity
from shuke.domains.orders import queries, service
from shuke.domains.orders.types import IngestResult, IngestVerdict, LinesIn, OrderIn, OrderKind, PurchaseStats
from shuke.kit import db
from tests.factories import World

BEGIN = datetime(2026, 3, 2, 2, tzinfo=UTC)  # 10:00 in Shanghai


def sale(receipt: str, minor: int = 10000, day: int = 0, **said: Any) -> OrderIn:
    """A sale of one line in the first store, `day` days after BEGIN; everything may be said otherwise."""
    at = said.pop("placed_at", BEGIN + timedelta(days=day))
    plain: dict[str, Any] = {
        "source": "pos",
        "store_code": "S1",
        "terminal": "1",
        "business_date": at.date(),
        "receipt_no": receipt,
        "placed_at": at,
        "lines": LinesIn.of(said.pop("lines", [("NF2", "奶粉", "1" if minor >= 0 else "-1", None, str(minor))])),
        "total_is_minor": True,
    }
    return OrderIn(**plain | said)


def refund(receipt: str, minor: int = -10000, day: int = 1, of: str | None = None, **said: Any) -> OrderIn:
    """A refund of one line; `of`: the receipt number of its sale."""
    return sale(receipt, minor, day, kind=OrderKind.REFUND, refund_of_receipt_no=of, **said)


async def ingest(world: World, *orders: OrderIn, follow_ups: bool = True) -> list[IngestResult]:
    return await service.ingest_orders(world.staff["hq"], world.brand_id, orders, follow_ups)


async def verdicts(world: World, *orders: OrderIn) -> list[IngestVerdict]:
    return [result.verdict for result in await ingest(world, *orders)]


async def stats(world: World, member: str) -> PurchaseStats:
    """Of the customer with this member number."""
    key = await db.fetch_value("SELECT customer_id FROM customer_identity WHERE value = $1", member)
    (found,) = await queries.stats_of(await identity.system_actor(world.brand_id), [key])
    return found


async def money(world: World, member: str) -> tuple[int, int, int]:
    """Counted orders, net and refunded minor units."""
    found = await stats(world, member)
    return found.order_count, found.net.minor, found.refunded.minor
