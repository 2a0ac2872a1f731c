"""Cards that fall due minutes apart: one reminder that grows, as long as it was not read."""

import asyncio
from datetime import timedelta

import pytest

from shuke.domains.identity.types import Actor
from shuke.domains.notifications import handlers, queries, rules, service
from shuke.domains.notifications.types import InboxMessage
from shuke.kit import clock, webpush
from tests.factories import World, make_world
from tests.factories.notifications import (
    deliveries,
    due,
    open_browser,
    reminded,
    signed_in,
    subscribe,
)
from tests.integration.test_notifications_push import pushes as pushes
from tests.push.receiver import HANG, PushService

MINUTE = timedelta(minutes=1)


async def falls_due(world: World, actor: Actor, count: int = 1, after: timedelta = MINUTE) -> list[str]:
    """So many cards of hers, so long from now; their ids."""
    assert actor.id
    event = due(world, {actor.id: count})
    with clock.pretended(clock.now() + after):
        await handlers.on_tasks_due(event)
    cards: list[str] = event.data["staff"][str(actor.id)]
    return cards


async def messages(actor: Actor) -> list[InboxMessage]:
    return await queries.inbox(actor, 30)


async def test_an_unread_reminder_grows_by_what_falls_due_minutes_later(database: str) -> None:
    world = await make_world()
    guide, colleague = world.staff["guide"], world.staff["colleague"]
    first = await falls_due(world, guide)
    (alone,) = await messages(guide)
    assert alone.url.startswith("/tasks/")
    second = await falls_due(world, guide, 2, 20 * MINUTE)
    await falls_due(world, colleague)
    (grown,) = await messages(guide)
    assert (grown.id, grown.created_at) == (alone.id, alone.created_at)
    assert (grown.data, grown.url) == ({"count": 3, "taskIds": first + second}, "/")
    assert [message.data["count"] for message in await messages(colleague)] == [1]


async def test_a_reminder_that_was_read_or_is_older_stays_as_it_is(database: str) -> None:
    world = await make_world()
    guide = world.staff["guide"]
    await falls_due(world, guide)
    await service.mark_read(guide)
    await falls_due(world, guide, 2, 2 * MINUTE)
    await falls_due(world, guide, 3, 2 * MINUTE + rules.GROWS_FOR)
    assert sorted(message.data["count"] for message in await messages(guide)) == [1, 2, 3]


async def test_news_that_comes_again_adds_nothing_to_a_reminder_that_has_grown(database: str) -> None:
    world = await make_world()
    guide = world.staff["guide"]
    assert guide.id
    first, second = due(world, {guide.id: 2}), due(world, {guide.id: 1})
    for event in (first, second):
        await asyncio.gather(*(handlers.on_tasks_due(event) for _ in range(3)))
    await handlers.on_tasks_due(first)
    assert [message.data["count"] for message in await messages(guide)] == [3]


async def test_a_grown_reminder_takes_its_own_place_on_her_devices_and_reaches_a_new_one(pushes: PushService) -> None:
    world = await make_world()
    guide, phone = await reminded(world, pushes)
    await falls_due(world, guide, after=-MINUTE)
    await service.sweep_deliveries(100)
    tablet = await open_browser(pushes)
    await subscribe(await signed_in(world, "guide", "iPad"), tablet)
    await falls_due(world, guide, after=timedelta(0))
    assert await service.sweep_deliveries(100) == 2
    assert [message["count"] for message in phone.messages] == [1, 2] and len(phone.shown) == 1
    assert [message["count"] for message in tablet.messages] == [2]
    assert await deliveries() == [("sent", 1, 201)] * 2
    await handlers.on_tasks_due(due(world, {}))
    assert await service.sweep_deliveries(100) == 0


async def test_a_try_that_is_under_way_does_not_pass_for_the_grown_reminder(
    pushes: PushService, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(webpush.PATIENCE, "total", 1)
    world = await make_world()
    guide, phone = await reminded(world, pushes)
    phone.answers = [(HANG, {})]
    await falls_due(world, guide, after=-MINUTE)
    sweep = asyncio.create_task(service.sweep_deliveries(100))
    while not phone.calls:
        await asyncio.sleep(0.01)
    await falls_due(world, guide, after=timedelta(0))
    assert await service.sweep_deliveries(100) == 1
    await sweep
    assert [message["count"] for message in phone.messages] == [2] and len(phone.calls) == 2
    assert await deliveries() == [("sent", 3, 201)]
