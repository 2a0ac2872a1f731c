"""Signed-in people with browsers that want to be reminded, and news for them."""

import itertools
from uuid import UUID

from shuke.domains.identity import service as identity
from shuke.domains.identity.types import Actor
from shuke.domains.notifications import handlers, rules, service
from shuke.domains.notifications.types import PushDevice
from shuke.kit import clock, codec, db
from shuke.kit.events import EventRow
from shuke.kit.ids import new_id
from shuke.kit.webpush import Device
from tests.factories import PASSWORD, World
from tests.push.receiver import Browser, PushService

_addresses = itertools.count(1)


async def signed_in(world: World, who: str, device: str = "Pixel 9") -> Actor:
    """The person with a session of her own."""
    address = f"10.1.{next(_addresses) % 250}.{next(_addresses) % 250}"
    signed = await identity.sign_in(new_id(), world.phones[who], PASSWORD, device, address)
    actor = await identity.by_session(signed.token)
    assert actor
    return actor


async def open_browser(pushes: PushService) -> Browser:
    return pushes.browser(await service.public_key())


def subscription(browser: Browser) -> Device:
    return Device(browser.endpoint, browser.p256dh, "MDEyMzQ1Njc4OWFiY2RlZg")


async def subscribe(actor: Actor, browser: Browser) -> PushDevice:
    return await service.subscribe(actor, subscription(browser), None)


async def reminded(world: World, pushes: PushService, who: str = "guide") -> tuple[Actor, Browser]:
    """Somebody who signed in and switched reminders on."""
    actor, browser = await signed_in(world, who), await open_browser(pushes)
    await subscribe(actor, browser)
    return actor, browser


def due(world: World, staff: dict[UUID, int]) -> EventRow:
    """The news that so many cards of these people are due."""
    tasks = {str(key): [str(new_id()) for _ in range(count)] for key, count in staff.items()}
    data = codec.loads(codec.dumps({"staff": tasks}))
    return EventRow(new_id(), world.brand_id, "tasks.due", "system", None, "task", None, data, clock.now())


async def remind(world: World, *actors: Actor, count: int = 1) -> EventRow:
    """The news reaches them, so long after the last that it is a message of its own."""
    await db.execute("UPDATE inbox_message SET created_at = created_at - $1::interval", rules.GROWS_FOR)
    event = due(world, {actor.id: count for actor in actors if actor.id})
    await handlers.on_tasks_due(event)
    return event


async def let_waits_end() -> None:
    """Every delivery that waits for its next try, or for a dead worker's lease to end, is due now."""
    await db.execute("UPDATE push_delivery SET next_at = $1 WHERE state = 'pending'", clock.now())


async def deliveries() -> list[tuple[str, int, int | None]]:
    """State, tries and last HTTP status of every delivery."""
    rows = await db.fetch("SELECT state, attempts, status FROM push_delivery ORDER BY id")
    return [(row[0], row[1], row[2]) for row in rows]
