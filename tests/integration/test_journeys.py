"""The shop's own journeys on real PostgreSQL: entering, steps, leaving."""

import asyncio
from datetime import UTC, datetime, timedelta
from uuid import UUID

from shuke.domains.journeys import handlers, service
from shuke.domains.tasks.service import record_outcome
from shuke.domains.tasks.types import Outcome
from shuke.kit import clock, db
from shuke.kit.events import Dispatcher, EventRow
from shuke.kit.ids import new_id
from tests.factories import World, make_world
from tests.factories.tasks import add_buyers, bought, cards_of

NOON = datetime(2026, 11, 22, 4, tzinfo=UTC)  # in Shanghai
DAY = timedelta(days=1)


async def tell(world: World, customers: list[UUID], follow_ups: bool, now: datetime) -> None:
    data = {"customers": [str(one) for one in customers], "followUps": follow_ups}
    event = EventRow(new_id(), world.brand_id, "orders.recorded", "system", None, "order", None, data, now)
    with clock.pretended(now):
        await handlers.on_orders_recorded(event)


async def sweep(now: datetime, limit: int = 200) -> int:
    with clock.pretended(now):
        return await service.sweep_enrolments(limit)


async def enrolments(customer: UUID) -> list[tuple[str, str, str | None]]:
    rows = await db.fetch(
        "SELECT j.key, e.occurrence, e.end_reason FROM enrolment e JOIN journey j ON j.id = e.journey_id"
        " WHERE e.customer_id = $1 ORDER BY j.key, e.occurrence",
        customer,
    )
    return [tuple(row) for row in rows]


async def test_a_brand_begins_with_the_shops_own_journeys(database: str) -> None:
    world = await make_world()
    await Dispatcher({"brand.created": [handlers.on_brand_created]}).drain()
    await asyncio.gather(*(service.ensure_default_journeys(world.brand_id) for _ in range(4)))
    assert await db.fetch_value("SELECT count(*) FROM journey") == 3
    assert await db.fetch_value("SELECT count(*) FROM journey_version") == 3


async def test_a_first_order_brings_thanks_then_a_call_on_one_card(database: str) -> None:
    world = await make_world()
    (customer,) = await add_buyers(world)
    await bought(world, [customer], NOON)
    for _ in range(3):
        await tell(world, [customer], True, NOON)
    assert await enrolments(customer) == [("first_purchase", "1", None), ("silent_90_days", "2026-11-22", None)]
    assert await sweep(NOON) == 1 and await sweep(NOON) == 0
    assert await cards_of(customer) == [("open", 1)]
    assert await sweep(NOON + 3 * DAY) == 1
    assert await cards_of(customer) == [("open", 2)]
    assert (await enrolments(customer))[0] == ("first_purchase", "1", "completed")


async def test_filed_history_thanks_and_wakes_nobody(database: str) -> None:
    world = await make_world()
    silent, recent = await add_buyers(world, 2)
    await bought(world, [silent], NOON - 200 * DAY)
    await bought(world, [recent], NOON - 30 * DAY)
    await tell(world, [silent, recent], False, NOON)
    assert await enrolments(silent) == [] and [row[0] for row in await enrolments(recent)] == ["silent_90_days"]
    assert await sweep(NOON) == 0
    await tell(world, [silent, recent], True, NOON)
    assert await sweep(NOON) == 3  # the thanks for both are too late, the wake-up is not
    assert await cards_of(silent) == [("open", 1)] and await cards_of(recent) == []


async def test_a_new_order_ends_a_silence_and_takes_its_reason_off_the_card(database: str) -> None:
    world = await make_world()
    (customer,) = await add_buyers(world)
    await bought(world, [customer], NOON - 100 * DAY)
    await tell(world, [customer], True, NOON)
    await sweep(NOON)
    assert await cards_of(customer) == [("open", 1)]
    await bought(world, [customer], NOON - 100 * DAY, NOON + DAY, orders=2)
    await tell(world, [customer], True, NOON + DAY)
    assert await cards_of(customer) == [("expired", 1)]
    assert (await enrolments(customer))[1:] == [
        ("silent_90_days", "2026-08-14", "completed"),
        ("silent_90_days", "2026-11-23", None),
    ]


async def test_a_running_silence_ends_when_she_orders_even_if_nobody_told(database: str) -> None:
    world = await make_world()
    (customer,) = await add_buyers(world)
    await bought(world, [customer], NOON)
    await tell(world, [customer], False, NOON)
    await bought(world, [customer], NOON, NOON + 40 * DAY, orders=2)
    assert await sweep(NOON + 90 * DAY) == 1
    assert (
        await enrolments(customer) == [("silent_90_days", "2026-11-22", "ordered")] and await cards_of(customer) == []
    )


async def test_an_order_that_was_given_back_is_not_thanked_for(database: str) -> None:
    world = await make_world()
    (customer,) = await add_buyers(world)
    await bought(world, [customer], NOON)
    await tell(world, [customer], True, NOON)
    await bought(world, [customer], None)
    await sweep(NOON)
    assert (await enrolments(customer))[0] == ("first_purchase", "1", "undone") and await cards_of(customer) == []


async def test_each_silence_is_noticed_once_and_each_again(database: str) -> None:
    world = await make_world()
    (customer,) = await add_buyers(world)
    for begin in (NOON, NOON + 120 * DAY):
        await bought(world, [customer], NOON, begin)
        await tell(world, [customer], False, begin)
        for late in range(90, 93):
            await sweep(begin + late * DAY)
        (card_id,) = [row[0] for row in await db.fetch("SELECT id FROM task WHERE state = 'open'")]
        await record_outcome(world.staff["guide"], new_id(), card_id, Outcome.REACHED)
    assert await cards_of(customer) == [("done", 1), ("done", 1)]


async def test_an_enrolment_keeps_its_version_and_a_paused_journey_waits(database: str) -> None:
    world = await make_world()
    (customer,) = await add_buyers(world)
    await bought(world, [customer], NOON)
    await tell(world, [customer], True, NOON)
    await db.execute("UPDATE journey SET active = false")
    assert await sweep(NOON) == 0
    await db.execute("UPDATE journey SET active = true, version = 2")
    await db.execute(
        "INSERT INTO journey_version (id, brand_id, journey_id, number, definition)"
        " SELECT gen_random_uuid(), brand_id, journey_id, 2, jsonb_set(definition, '{steps,0,key}', '\"changed\"')"
        " FROM journey_version"
    )
    await sweep(NOON)
    assert await db.fetch_value("SELECT reasons -> 0 ->> 'key' FROM task") == "thanks"


async def test_workers_and_repeats_at_once_double_nothing(database: str) -> None:
    world = await make_world()
    buyers = await add_buyers(world, 150)
    await bought(world, buyers, NOON)
    await asyncio.gather(*(tell(world, buyers[:: (-1) ** n], True, NOON) for n in range(4)))
    assert await db.fetch_value("SELECT count(*) FROM enrolment") == 300
    counts = await asyncio.gather(*(sweep(NOON, 20) for _ in range(8)))
    while more := await sweep(NOON, 20):
        counts.append(more)
    assert sum(counts) == 150
    assert tuple(await db.fetch_row("SELECT count(*), sum(jsonb_array_length(reasons)) FROM task") or ()) == (150, 150)
    assert await db.fetch_value("SELECT count(*) FROM journey_effect") == 150


async def test_a_customer_of_two_stores_zones_is_asked_by_her_own(database: str) -> None:
    world = await make_world()
    await db.execute("UPDATE store SET timezone = 'Europe/London' WHERE id = $1", world.stores[1])
    here, there = await add_buyers(world), await add_buyers(world, guide=None, store=1)
    evening = datetime(2026, 11, 22, 17, tzinfo=UTC)  # the 23rd in Shanghai, the 22nd in London
    await bought(world, here + there, evening)
    await tell(world, here + there, False, evening)
    wakes = {row[0]: row[1] for row in await db.fetch("SELECT customer_id, wake_at FROM enrolment")}
    assert wakes == {
        here[0]: datetime(2027, 2, 21, 1, tzinfo=UTC),
        there[0]: datetime(2027, 2, 20, 9, tzinfo=UTC),
    }
