"""Reminders on a phone: from the server through a push service to a notification that leads to the card.

No push service delivers to a browser under test, so the last step is the browser's own door for developers, with what
the push service received and decrypted.
"""

import asyncio
import json
import re
from collections.abc import Callable
from typing import Any

from playwright.async_api import Browser, CDPSession, Page, Worker, expect

from shuke.kit.ids import new_id
from tests.e2e.conftest import Guide, Site, phone, sign_in
from tests.e2e.steps import Partner, ready_for_no_network
from tests.push.receiver import Browser as Subscriber
from tests.push.receiver import PushService, b64

SUBSCRIBE = """({ endpoint, keys }) => {
  let made = null
  PushManager.prototype.getSubscription = async () => made
  PushManager.prototype.subscribe = async options => {
    window.serverKey = [...new Uint8Array(options.applicationServerKey)]
    made = { endpoint, toJSON: () => ({ endpoint, keys }), unsubscribe: async () => !(made = null) }
    return made
  }
}"""
# A browser that never shows notifications (some headless builds) records them instead.
RECORD = """() => {
  self.recorded = []
  registration.showNotification = async (title, options) => {
    const shown = { title, ...options, close: () => { self.recorded = self.recorded.filter(one => one !== shown) } }
    self.recorded = [...self.recorded.filter(({ tag }) => tag !== shown.tag), shown]
  }
  registration.getNotifications = async () => self.recorded
}"""
ALLOW = """() => {
  Object.defineProperty(Notification, 'permission', { value: 'granted' })
  Notification.requestPermission = async () => 'granted'
}"""
SHOWN = """registration.getNotifications().then(all =>
  all.map(({ title, body, tag, data }) => ({ title, body, tag, data })))"""
CLICK = """registration.getNotifications().then(([notification]) => {
  const event = notification instanceof Notification
    ? new NotificationEvent('notificationclick', { notification })
    : Object.assign(new ExtendableEvent('notificationclick'), { notification })
  self.dispatchEvent(event)
})"""


class Device:
    """A page's service worker, and the door through which pushes reach it."""

    def __init__(self, page: Page, worker: Worker, door: CDPSession, registration: str) -> None:
        self._page, self._worker, self._door, self._registration = page, worker, door, registration

    async def deliver(self, message: dict[str, Any]) -> None:
        target = {"origin": self._page.url.split("/", 3)[0] + "//" + self._page.url.split("/", 3)[2]}
        data = {"registrationId": self._registration, "data": json.dumps(message)}
        await self._door.send("ServiceWorker.deliverPushMessage", target | data)

    async def shown(self, enough: Callable[[list[dict[str, Any]]], bool]) -> list[dict[str, Any]]:
        async with asyncio.timeout(10):
            while not enough(found := await self._worker.evaluate(SHOWN)):
                await asyncio.sleep(0.05)
        return list(found)

    async def click(self) -> None:
        await self._worker.evaluate(CLICK)


async def device_of(page: Page) -> Device:
    await ready_for_no_network(page)
    door = await page.context.new_cdp_session(page)
    told: asyncio.Future[str] = asyncio.get_running_loop().create_future()

    def on_registrations(event: dict[str, Any]) -> None:
        for registration in event["registrations"]:
            if not told.done() and page.url.startswith(registration["scopeURL"]):
                told.set_result(registration["registrationId"])

    door.on("ServiceWorker.workerRegistrationUpdated", on_registrations)
    await door.send("ServiceWorker.enable")
    worker = page.context.service_workers[0]
    if await page.evaluate("Notification.permission") != "granted":
        await worker.evaluate(RECORD)
        await page.evaluate(ALLOW)
    return Device(page, worker, door, await asyncio.wait_for(told, 10))


async def subscribed(page: Page, post: PushService) -> Subscriber:
    """Turns reminders on in the settings; the browser's subscription is one of our push service's."""
    subscriber = post.browser("")
    keys = {"p256dh": subscriber.p256dh, "auth": b64(subscriber.auth)}
    await page.evaluate(SUBSCRIBE, {"endpoint": subscriber.endpoint, "keys": keys})
    await page.get_by_role("link", name="我的", exact=True).tap()
    switch = page.get_by_role("switch", name="这台设备提醒我")
    await switch.tap()
    await expect(switch).to_have_attribute("aria-checked", "true")
    subscriber.server_key = b64(bytes(await page.evaluate("serverKey")))
    return subscriber


async def test_a_pushed_reminder_names_nobody_and_leads_to_the_card(browser: Browser, shop: Site, guide: Guide) -> None:
    async with phone(browser, shop, permissions=["notifications"]) as page:
        await sign_in(page, guide.phone)
        device = await device_of(page)
        day = await Partner(page).ask("{ today(first: 1) { open { id customer { name } } } }")
        task, name = day["today"]["open"][0]["id"], day["today"]["open"][0]["customer"]["name"]
        await page.get_by_role("link", name="我的", exact=True).tap()

        message = {"id": str(new_id()), "kind": "TASKS_DUE", "count": 1, "url": f"/tasks/{task}"}
        await device.deliver(message)
        await device.deliver(message)
        (shown,) = await device.shown(bool)
        assert (shown["title"], shown["body"]) == ("熟客", "有一位在等您联系")
        assert shown["tag"] == message["id"]
        assert name not in json.dumps(shown, ensure_ascii=False) and not re.search(r"\d{11}", shown["body"])

        await device.click()
        await expect(page).to_have_url(re.compile("/tasks/"))
        await expect(page.get_by_role("article", name=name)).to_be_visible()
        await expect(page.get_by_role("button", name="记结果", exact=True)).to_be_visible()
        assert await device.shown(lambda left: not left) == []


async def test_a_phone_subscribes_and_a_trial_reminder_comes_from_the_server(
    browser: Browser, shop: Site, guide: Guide, post: PushService
) -> None:
    async with phone(browser, shop, permissions=["notifications"]) as page:
        await sign_in(page, guide.phone)
        device = await device_of(page)
        subscriber = await subscribed(page, post)
        await page.get_by_role("button", name="试一下").tap()
        await expect(page.get_by_text("发出了，一会儿就到")).to_be_visible()
        async with asyncio.timeout(15):
            while not subscriber.messages:
                await asyncio.sleep(0.05)
        (message,) = subscriber.messages
        assert set(message) == {"id", "kind", "count", "url"}
        await device.deliver(message)
        (shown,) = await device.shown(bool)
        assert shown["body"] == "提醒通了，快到时间才叫您"

        switch = page.get_by_role("switch", name="这台设备提醒我")
        await switch.tap()
        await expect(switch).to_have_attribute("aria-checked", "false")
        ended = "SELECT ended_at IS NOT NULL FROM push_subscription WHERE endpoint = $1"
        assert await shop.value(ended, subscriber.endpoint) is True
