"""What tests do on a page again and again, and what they look up behind it."""

import asyncio
import json
from typing import Any

from playwright.async_api import Page, expect

from shuke.app.demo.people import PASSWORD
from shuke.kit.ids import new_id

READ = """store => new Promise((done, fail) => {
  const open = indexedDB.open('shuke')
  open.onerror = () => fail(open.error)
  open.onsuccess = () => {
    const all = open.result.transaction(store).objectStore(store).getAll()
    all.onsuccess = () => { open.result.close(); done(JSON.parse(JSON.stringify(all.result))) }
  }
})"""


async def kept(page: Page, store: str) -> list[dict[str, Any]]:
    """All that this device keeps in one of its stores."""
    return list(await page.evaluate(READ, store))


async def waiting(page: Page) -> list[str]:
    """The names and states of writes that the server has not taken, in order."""
    rows = sorted(await kept(page, "outbox"), key=lambda row: row["order"])
    return [f"{row['op']} {row['state']}" for row in rows if row["state"] != "sent"]


async def all_sent(page: Page) -> None:
    """Waits until nothing is left to send."""
    async with asyncio.timeout(15):
        while await waiting(page):
            await asyncio.sleep(0.05)


async def operations(page: Page) -> list[str]:
    """The ids under which the writes on this device go to the server."""
    return [row["id"] for row in await kept(page, "outbox")]


async def ready_for_no_network(page: Page) -> None:
    """The service worker is at work and holds the shell."""
    state = """navigator.serviceWorker.ready.then(({ active }) => new Promise(done => {
      const look = () => active.state === 'activated' ? done(active.state) : undefined
      active.addEventListener('statechange', look); look() }))"""
    assert await page.evaluate(state) == "activated"
    await page.wait_for_function("navigator.serviceWorker.controller !== null")


async def record(page: Page, outcome: str, leave: bool = True) -> None:
    """Two taps on the card in focus; the sheet is then left by the back gesture."""
    await page.get_by_role("button", name="记结果", exact=True).tap()
    await page.get_by_role("button", name=outcome, exact=True).tap()
    await expect(page.get_by_role("button", name=outcome, exact=True)).to_have_attribute("aria-pressed", "true")
    if leave:
        await page.keyboard.press("Escape")
        await expect(page.get_by_role("dialog")).to_have_count(0)


async def left_to_contact(page: Page) -> int:
    """The number in the day's sentence."""
    heading = page.locator("h1").filter(has_text="位要联系")
    return int("".join(filter(str.isdigit, await heading.inner_text())))


class Partner:
    """Somebody else at another computer, asking the API by herself."""

    def __init__(self, page: Page) -> None:
        self._request = page.request

    async def ask(self, query: str, **variables: Any) -> dict[str, Any]:
        headers = {"content-type": "application/json"}
        body = json.dumps({"query": query, "variables": variables})
        answer = await self._request.post("/graphql", data=body, headers=headers)
        found = await answer.json()
        assert "errors" not in found, found
        return dict(found["data"])

    async def sign_in(self, phone: str) -> None:
        entry = {"operationId": str(new_id()), "phone": phone, "password": PASSWORD, "device": "test"}
        await self.ask("mutation($i: SignInInput!) { signIn(input: $i) { userErrors { code } } }", i=entry)
