"""Which orders set journeys off: purchases do; refunds, cancellations and corrections only end them or mend them."""

from datetime import timedelta
from typing import Any

from shuke.app.wiring import WIRING
from shuke.domains.journeys import service
from shuke.domains.orders.types import OrderIn, OrderStatus
from shuke.kit import clock, db
from shuke.kit.events import Dispatcher
from tests.factories import World, make_world
from tests.factories.customers import make_customer
from tests.factories.orders import ingest, refund, sale

PHONE = "13800002047"


async def took(world: World, *orders: OrderIn, follow_ups: bool = True) -> None:
    """A till's batch comes in, and everything that follows at once has happened."""
    await ingest(world, *orders, follow_ups=follow_ups)
    await Dispatcher(WIRING).drain()
    while await service.sweep_enrolments(200):
        pass


def ago(receipt: str, days: int, **said: Any) -> OrderIn:
    return sale(receipt, placed_at=clock.now() - timedelta(days=days), **({"member_no": "M1"} | said))


def back(receipt: str, of: str) -> OrderIn:
    """Some of it is brought back now."""
    return refund(receipt, -4000, of=of, placed_at=clock.now() - timedelta(minutes=5))


async def enrolled() -> list[str | None]:
    """How each silence ended; None: it runs."""
    return [row[0] for row in await db.fetch("SELECT end_reason FROM enrolment ORDER BY started_at")]


async def cards() -> int:
    return int(await db.fetch_value("SELECT count(*) FROM task WHERE state = 'open'"))


async def test_who_brings_something_back_after_a_long_time_is_not_woken(database: str) -> None:
    world = await make_world()
    await took(world, ago("1", 235), follow_ups=False)
    await took(world, back("2", of="1"))
    assert await enrolled() == [] and await cards() == 0


async def test_a_refund_before_its_sale_neither(database: str) -> None:
    world = await make_world()
    await took(world, back("2", of="1"))
    await took(world, ago("1", 235), follow_ups=False)
    assert await enrolled() == [] and await cards() == 0


async def test_a_cancelled_or_corrected_or_unpaid_sale_wakes_nobody(database: str) -> None:
    world = await make_world()
    await took(world, ago("1", 235), ago("2", 1), follow_ups=False)
    await took(world, ago("2", 1, status=OrderStatus.CANCELLED))
    await took(world, ago("1", 235, minor=9000))
    await took(world, ago("3", 0, minor=0))
    assert await enrolled() == ["undone"] and await cards() == 0


async def test_a_cancelled_sale_gives_the_silence_before_it_back_its_time(database: str) -> None:
    world = await make_world()
    await took(world, ago("1", 30), ago("2", 1), follow_ups=False)
    await took(world, ago("2", 1, status=OrderStatus.CANCELLED))
    assert await enrolled() == [None, "undone"] and await cards() == 0


async def test_a_purchase_starts_them_beside_the_refund_of_another(database: str) -> None:
    world = await make_world()
    await took(world, ago("1", 235), follow_ups=False)
    await took(world, back("2", of="1"), ago("3", 0, member_no="M2"))
    thanked = "SELECT i.value FROM task t JOIN customer_identity i ON i.customer_id = t.customer_id"
    assert [row[0] for row in await db.fetch(thanked)] == ["M2"]


async def test_a_sale_starts_them_once_it_is_known_to_be_hers(database: str) -> None:
    world = await make_world()
    nameless = ago("1", 0, member_no=None, phone=PHONE)
    await took(world, nameless)
    assert await cards() == 0
    await make_customer(world, phone=PHONE)
    await took(world, nameless)
    assert await cards() == 1
