"""Reminders and expiry: whom they reach, at what hour, once."""

import asyncio
from datetime import UTC, datetime, timedelta

from shuke.domains.tasks import service
from shuke.kit import clock, codec, db
from tests.factories import make_world
from tests.factories.tasks import add_buyers, make_card

AFTERNOON = datetime(2026, 11, 22, 8, tzinfo=UTC)  # 16:00 in Shanghai


async def reminded() -> list[dict[str, list[str]]]:
    rows = await db.fetch("SELECT data FROM event WHERE kind = 'tasks.due' ORDER BY at, id")
    return [codec.loads(row[0])["staff"] for row in rows]


async def sweep(moment: datetime, limit: int = 100) -> int:
    with clock.pretended(moment):
        return await service.sweep_reminders(limit)


async def test_a_guide_is_told_of_her_cards_and_the_store_of_the_pools(database: str) -> None:
    world = await make_world()
    (hers,), (pools,) = await add_buyers(world), await add_buyers(world, guide=None)
    with clock.pretended(AFTERNOON):
        mine, free = [str(await make_card(world, one, AFTERNOON + timedelta(hours=2))) for one in (hers, pools)]
    assert await sweep(AFTERNOON + timedelta(minutes=89)) == 0
    assert await sweep(AFTERNOON + timedelta(minutes=91)) == 2
    assert await sweep(AFTERNOON + timedelta(minutes=92)) == 0
    (staff,) = await reminded()
    person = {str(world.staff[who].id): who for who in world.staff}
    assert {person[key]: set(cards) for key, cards in staff.items()} == {
        "guide": {mine, free},
        "colleague": {free},
        "manager": {free},
    }


async def test_a_worker_that_comes_at_night_waits_for_the_morning(database: str) -> None:
    world = await make_world()
    (customer,) = await add_buyers(world)
    with clock.pretended(AFTERNOON):
        await make_card(world, customer, AFTERNOON + timedelta(hours=1))
    night, morning = datetime(2026, 11, 22, 14, tzinfo=UTC), datetime(2026, 11, 23, 1, tzinfo=UTC)
    assert await sweep(night) == 1 and await sweep(night) == 0 and await reminded() == []
    assert await sweep(morning - timedelta(seconds=1)) == 0
    assert await sweep(morning) == 1 and len(await reminded()) == 1


async def test_two_workers_remind_once(database: str) -> None:
    world = await make_world()
    with clock.pretended(AFTERNOON):
        for customer in await add_buyers(world, 40):
            await make_card(world, customer, AFTERNOON)
    counts = await asyncio.gather(*(sweep(AFTERNOON, 7) for _ in range(8)))
    while more := await sweep(AFTERNOON, 7):
        counts.append(more)
    told = [card for staff in await reminded() for cards in staff.values() for card in cards]
    assert sum(counts) == 40 and len(told) == len(set(told)) == 40


async def test_a_card_whose_time_has_passed_leaves_the_lists_once(database: str) -> None:
    world = await make_world()
    first, second = await add_buyers(world, 2)
    with clock.pretended(AFTERNOON):
        gone, kept = await make_card(world, first, lasts=timedelta(days=1)), await make_card(world, second)
    with clock.pretended(AFTERNOON + timedelta(days=2)):
        assert sum(await asyncio.gather(service.sweep_expired(10), service.sweep_expired(10))) == 1
    states = {row[0]: row[1] for row in await db.fetch("SELECT id, state FROM task")}
    assert states == {gone: "expired", kept: "open"}
    assert await db.fetch_value("SELECT count(*) FROM event WHERE kind = 'tasks.expired'") == 1
