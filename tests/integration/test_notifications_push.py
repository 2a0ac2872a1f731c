"""Pushing, against a push service that checks the sender and browsers that decrypt."""

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from shuke.domains.notifications import queries, rules, service
from shuke.kit import clock, db, webpush
from tests.factories import make_world
from tests.factories.notifications import (
    deliveries,
    let_waits_end,
    open_browser,
    remind,
    reminded,
    signed_in,
    subscribe,
)
from tests.push.receiver import HANG, PushService, push_service


@pytest.fixture
async def pushes(database: str, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[PushService]:
    async with push_service() as running:
        monkeypatch.setenv("SHUKE_PUSH_HOSTS", f"push.example, {running.origin}")
        yield running


async def wait_until_next() -> timedelta:
    next_at = await db.fetch_value("SELECT max(next_at) FROM push_delivery")
    return next_at - clock.now()


async def test_a_reminder_reaches_every_browser_of_hers_and_holds_nothing_personal(pushes: PushService) -> None:
    world = await make_world()
    guide, phone = await reminded(world, pushes)
    tablet = await open_browser(pushes)
    await subscribe(await signed_in(world, "guide", "iPad"), tablet)
    await remind(world, guide, count=3)
    assert await service.sweep_deliveries(100) == 2
    assert await service.sweep_deliveries(100) == 0
    for browser in (phone, tablet):
        ((message,), (call,)) = browser.messages, browser.calls
        assert {key: message[key] for key in ("kind", "count", "url")} == {"kind": "TASKS_DUE", "count": 3, "url": "/"}
        assert set(message) == {"id", "kind", "count", "url"}
        assert call["Topic"] == message["id"].replace("-", "") and len(call["Topic"]) == 32
        assert int(call["TTL"]) > 0 and call["Urgency"] == "high"
    assert phone.messages[0]["id"] != tablet.messages[0]["id"]
    assert all(device.last_success_at and not device.failing for device in await queries.devices(guide))


@pytest.mark.parametrize("status", [404, 410])
async def test_a_browser_that_is_gone_is_not_called_again(pushes: PushService, status: int) -> None:
    world = await make_world()
    guide, browser = await reminded(world, pushes)
    browser.answers = [(status, {})]
    await remind(world, guide)
    await service.sweep_deliveries(100)
    await remind(world, guide)
    await service.sweep_deliveries(100)
    assert await deliveries() == [("gone", 1, status)] and len(browser.calls) == 1
    assert await queries.devices(guide) == []
    await subscribe(guide, browser)
    await remind(world, guide)
    await service.sweep_deliveries(100)
    assert len(browser.messages) == 1


async def test_too_many_waits_as_long_as_it_was_asked_to(pushes: PushService) -> None:
    world = await make_world()
    guide, browser = await reminded(world, pushes)
    browser.answers = [(429, {"Retry-After": "600"})]
    await remind(world, guide)
    await service.sweep_deliveries(100)
    assert await deliveries() == [("pending", 1, 429)]
    assert timedelta(minutes=9) < await wait_until_next() <= timedelta(minutes=10)
    assert (await queries.devices(guide))[0].failing
    await let_waits_end()
    await service.sweep_deliveries(100)
    assert await deliveries() == [("sent", 2, 201)] and not (await queries.devices(guide))[0].failing
    assert browser.calls[0]["Topic"] == browser.calls[1]["Topic"]


async def test_a_broken_push_service_is_tried_five_times(pushes: PushService) -> None:
    world = await make_world()
    guide, browser = await reminded(world, pushes)
    browser.answers = [(500, {})] * 9
    await remind(world, guide)
    for _ in range(7):
        await service.sweep_deliveries(100)
        await let_waits_end()
    assert await deliveries() == [("failed", 5, 500)] and len(browser.calls) == 5
    assert guide.id and await queries.unread(guide.id) == 1


@pytest.mark.parametrize("status", [400, 403, 302])
async def test_a_refusal_is_final_and_kept_for_the_doctor(pushes: PushService, status: int) -> None:
    world = await make_world()
    guide, browser = await reminded(world, pushes)
    browser.answers = [(status, {"Location": "/push/elsewhere"})]
    await remind(world, guide)
    await service.sweep_deliveries(100)
    assert await deliveries() == [("failed", 1, status)] and len(browser.calls) == 1
    assert (await queries.devices(guide))[0].failing


async def test_silence_and_closed_doors_are_tried_again_and_hold_nobody_else_up(
    pushes: PushService, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(webpush.PATIENCE, "total", 0.5)
    monkeypatch.setenv("SHUKE_PUSH_HOSTS", f"http://127.0.0.1:9 {pushes.origin}")
    world = await make_world()
    silent, browser = await reminded(world, pushes)
    browser.answers = [(HANG, {})]
    closed, nobody = await signed_in(world, "colleague"), await open_browser(pushes)
    nobody.endpoint = "http://127.0.0.1:9/push"
    await subscribe(closed, nobody)
    happy, reached = await reminded(world, pushes, "manager")
    await remind(world, silent, closed, happy)
    await service.sweep_deliveries(100)
    assert len(reached.messages) == 1
    rows = await db.fetch("SELECT state, status, error FROM push_delivery ORDER BY error NULLS LAST")
    assert [tuple(row) for row in rows] == [
        ("pending", None, "ClientConnectorError"),
        ("pending", None, "TimeoutError"),
        ("sent", 201, None),
    ]


async def test_two_workers_at_once_send_each_message_once(pushes: PushService) -> None:
    world = await make_world()
    people = [await reminded(world, pushes, who) for who in ("guide", "colleague", "stranger", "manager", "hq")]
    for _ in range(6):
        await remind(world, *(actor for actor, _ in people))
    swept = await asyncio.gather(*(service.sweep_deliveries(7) for _ in range(6)))
    assert sum(swept) == 30
    for _, browser in people:
        assert len(browser.messages) == len(browser.shown) == 6


KILLED = """
import asyncio, os, signal, sys
from shuke.domains.notifications import service
from shuke.kit import db

async def die(*_):
    os.kill(os.getpid(), signal.SIGKILL)

async def main():
    await db.connect(sys.argv[1])
    service._record = die
    await service.sweep_deliveries(10)

asyncio.run(main())
"""


async def test_a_worker_killed_after_sending_leaves_a_repeat_that_the_person_sees_once(
    pushes: PushService, database: str
) -> None:
    world = await make_world()
    guide, browser = await reminded(world, pushes)
    await remind(world, guide)
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", KILLED, database, env=os.environ, stderr=subprocess.PIPE
    )
    _, said = await process.communicate()
    assert process.returncode == -signal.SIGKILL, said.decode()
    assert len(browser.messages) == 1 and await deliveries() == [("pending", 1, None)]
    assert await service.sweep_deliveries(100) == 0  # leased: perhaps the other worker lives
    await let_waits_end()
    await service.sweep_deliveries(100)
    assert len(browser.messages) == 2 and len(browser.shown) == 1
    assert len({call["Topic"] for call in browser.calls}) == 1
    assert await deliveries() == [("sent", 2, 201)]


async def test_a_delivery_that_kills_every_worker_ends_as_well(pushes: PushService) -> None:
    world = await make_world()
    guide, browser = await reminded(world, pushes)
    await remind(world, guide)
    await db.execute("UPDATE push_delivery SET attempts = $1", rules.MAX_ATTEMPTS)
    await service.sweep_deliveries(100)
    assert browser.calls == [] and (await deliveries())[0][0] == "failed"


async def test_a_reminder_that_is_too_late_is_left_to_the_inbox(pushes: PushService) -> None:
    world = await make_world()
    guide, browser = await reminded(world, pushes)
    await remind(world, guide)
    await db.execute("UPDATE inbox_message SET created_at = $1", clock.now() - rules.STALE_AFTER)
    await service.sweep_deliveries(100)
    assert browser.calls == [] and (await deliveries())[0][0] == "failed"


async def test_a_place_taken_off_the_list_is_not_called(pushes: PushService, monkeypatch: pytest.MonkeyPatch) -> None:
    world = await make_world()
    guide, browser = await reminded(world, pushes)
    await remind(world, guide)
    monkeypatch.delenv("SHUKE_PUSH_HOSTS")
    await service.sweep_deliveries(100)
    assert browser.calls == [] and await deliveries() == [("failed", 1, 403)]
