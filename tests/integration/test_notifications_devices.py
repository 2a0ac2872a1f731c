"""Which browsers are reminded: from subscribing to the end of the session."""

from collections.abc import AsyncIterator
from dataclasses import replace

import pytest

from shuke.domains.identity import service as identity
from shuke.domains.notifications import queries, service
from shuke.kit import db
from shuke.kit.errors import ErrorCode, Refusal
from shuke.kit.webpush import Device
from tests.factories import make_world
from tests.factories.notifications import (
    deliveries,
    open_browser,
    remind,
    reminded,
    signed_in,
    subscribe,
    subscription,
)
from tests.push.receiver import PushService, push_service


@pytest.fixture
async def pushes(database: str, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[PushService]:
    async with push_service() as running:
        monkeypatch.setenv("SHUKE_PUSH_HOSTS", running.origin)
        yield running


async def refused(actor: object, wanted: Device) -> Refusal:
    with pytest.raises(Refusal) as caught:
        await service.subscribe(actor, wanted, None)  # type: ignore[arg-type]
    return caught.value


async def test_a_device_is_listed_for_its_owner_alone(pushes: PushService) -> None:
    world = await make_world()
    guide, _ = await reminded(world, pushes)
    (device,) = await queries.devices(guide)
    assert (device.device, device.last_success_at, device.failing) == ("Pixel 9", None, False)
    assert await queries.device(guide, device.id) == device
    colleague = world.staff["colleague"]
    assert await queries.devices(colleague) == [] and await queries.device(colleague, device.id) is None


async def test_addresses_and_keys_that_cannot_be_right_are_refused(pushes: PushService) -> None:
    world = await make_world()
    guide, good = await signed_in(world, "guide"), subscription(await open_browser(pushes))
    unsupported = await refused(guide, replace(good, endpoint="https://169.254.169.254/latest/meta-data"))
    assert (unsupported.code, unsupported.field) == (ErrorCode.UNSUPPORTED, "endpoint")
    off_the_curve = "B" + "A" * 86
    for wrong in ("", "AAAA", off_the_curve, good.p256dh[:-2], "é" * 87, good.p256dh + "\n"):
        assert (await refused(guide, replace(good, p256dh=wrong))).field == "p256dh"
    for wrong in ("", "AAAA", "!" * 22, good.auth + "AAAA"):
        assert (await refused(guide, replace(good, auth=wrong))).field == "auth"
    assert await queries.devices(guide) == []


async def test_only_a_browser_with_a_session_subscribes(pushes: PushService) -> None:
    world = await make_world()
    good = subscription(await open_browser(pushes))
    assert (await refused(world.staff["guide"], good)).code is ErrorCode.FORBIDDEN


async def test_a_browser_that_subscribes_again_stays_one_device(pushes: PushService) -> None:
    world = await make_world()
    guide, browser = await reminded(world, pushes)
    again = await subscribe(guide, browser)
    assert await queries.devices(guide) == [again]
    renewed = await subscribe(guide, await open_browser(pushes))
    assert await queries.devices(guide) == [renewed] and renewed.id != again.id


async def test_a_browser_that_changes_hands_reminds_its_new_owner_only(pushes: PushService) -> None:
    world = await make_world()
    guide, browser = await reminded(world, pushes)
    await remind(world, guide)
    colleague = await signed_in(world, "colleague")
    await subscribe(colleague, browser)
    assert await queries.devices(guide) == []
    await service.sweep_deliveries(100)
    assert browser.messages == [] and await deliveries() == [("gone", 0, None)]
    await remind(world, colleague, count=2)
    await service.sweep_deliveries(100)
    assert [message["count"] for message in browser.messages] == [2]


async def test_unsubscribing_ends_hers_and_nobody_elses(pushes: PushService) -> None:
    world = await make_world()
    guide, browser = await reminded(world, pushes)
    await service.unsubscribe(world.staff["colleague"], browser.endpoint)
    assert len(await queries.devices(guide)) == 1
    await remind(world, guide)
    await service.unsubscribe(guide, browser.endpoint)
    await service.unsubscribe(guide, browser.endpoint)
    assert await queries.devices(guide) == []
    await service.sweep_deliveries(100)
    assert browser.calls == [] and await deliveries() == [("gone", 0, None)]


async def test_reminders_end_with_the_session(pushes: PushService) -> None:
    world = await make_world()
    guide, browser = await reminded(world, pushes)
    await remind(world, guide)
    await identity.sign_out(guide)
    await service.sweep_deliveries(100)
    assert browser.calls == [] and await queries.devices(guide) == []
    await remind(world, guide)
    assert await deliveries() == [("gone", 0, None)]
    assert guide.id and await queries.unread(guide.id) == 2  # the inbox has both


async def test_a_test_goes_to_one_device_and_not_too_often(pushes: PushService) -> None:
    world = await make_world()
    guide, browser = await reminded(world, pushes)
    other = await open_browser(pushes)
    await subscribe(await signed_in(world, "guide", "iPad"), other)
    await service.test_push(guide, browser.endpoint)
    await service.sweep_deliveries(100)
    assert [message["kind"] for message in browser.messages] == ["TEST"] and other.calls == []
    with pytest.raises(Refusal) as foreign:
        await service.test_push(world.staff["colleague"], browser.endpoint)
    assert foreign.value.code is ErrorCode.NOT_FOUND
    for _ in range(4):
        await service.test_push(guide, browser.endpoint)
    with pytest.raises(Refusal) as often:
        await service.test_push(guide, browser.endpoint)
    assert often.value.code is ErrorCode.TOO_MANY


async def test_the_servers_key_is_made_once(pushes: PushService) -> None:
    keys = {await service.public_key() for _ in range(3)}
    assert len(keys) == 1 and len(keys.pop()) == 87
    assert await db.fetch_value("SELECT count(*) FROM secret WHERE name = 'vapid'") == 1
