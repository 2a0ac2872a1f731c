"""Managers' places as axe, a ruler and a thumb see them: all that their router has, with what their buttons open."""

import json
import re
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.async_api import Browser, Page, Route

from shuke.app.demo.people import STAFF
from shuke.domains.identity.types import Role
from tests.e2e.conftest import Site, phone, sign_in
from tests.e2e.looking import VIEWS, Eyes
from tests.e2e.places import OFFICE_TOO, route_of, routes, sheets

LINKS = "() => [...document.querySelectorAll('.view a[href^=\"/\"]')].map(link => new URL(link.href).pathname)"
BUTTONS = ".view main button:visible:enabled"
KINDS = """buttons => buttons.map(button =>
  [button, button.parentElement, button.parentElement.parentElement].map(one => one.tagName + one.className)
    .join(' < '))"""
"""Buttons that stand alike, as those of a list's rows do, do alike."""
SPEAKS = "UPDATE staff SET locale = $2 WHERE phone = $1"
FURTHER_DOWN = ["/board?by=store", "/board?by=guide"]
"""What a place shows by a choice of its own, with sheets that it opens only then."""
FORGET = """() => new Promise((done, fail) => {
  const open = indexedDB.open('shuke')
  open.onsuccess = () => {
    const change = open.result.transaction('drafts', 'readwrite')
    change.objectStore('drafts').clear()
    change.oncomplete = () => { open.result.close(); done() }
  }
  open.onerror = () => fail(open.error)
})"""
"""What was changed by a button and is not saved is not there for the next one."""


async def nothing_changes(page: Page) -> None:
    """Whatever is pressed, the shop stays as it is."""

    async def pass_questions(route: Route) -> None:
        asked = json.loads(route.request.post_data or "{}")
        if re.match(r"\s*mutation", str(asked.get("query", ""))) and asked.get("operationName") != "SignIn":
            await route.abort()
        else:
            await route.continue_()

    await page.route("**/graphql", pass_questions)


@pytest.mark.parametrize("language", ["zh", "en"])
async def test_every_place_of_managers_is_readable_and_reachable(browser: Browser, shop: Site, language: str) -> None:
    boss = next(one for one in STAFF if one.role is Role.ADMIN)
    await shop.fetch(SPEAKS, "+86" + boss.phone, "zh-CN" if language == "zh" else "en")
    known = routes(managers=True) | OFFICE_TOO
    if not known:
        pytest.skip("managers have no places of their own yet")
    async with phone(browser, shop, locale="zh-CN" if language == "zh" else "en-GB") as page:
        await sign_in(page, boss.phone)
        await nothing_changes(page)
        eyes = Eyes(page, language, VIEWS)
        looked = await walk(page, eyes, known)
        (one,) = await shop.fetch("SELECT id FROM customer WHERE erased_at IS NULL ORDER BY id LIMIT 1")
        await page.goto(f"/customers/{one[0]}/privacy")  # linked from her page, which is everybody's
        await page.locator(".erase").wait_for()
        await eyes.look("privacy")
        assert not eyes.troubles, "\n".join(eyes.troubles)
        assert known - {route_of(path, known) for path in eyes.paths} == set(), (
            "places that no link leads to: add a step"
        )
        assert sheets(managers=True) - eyes.sheets == set(), "sheets nobody looked at: add a step"
        assert {("/board", "cards"), ("/board", "store"), ("/stores", "store")} <= looked  # one name, two sheets


async def walk(page: Page, eyes: Eyes, known: set[str]) -> set[tuple[str, str]]:
    """Every place without a parameter, and one of every kind that is linked from those; which sheets lay over which."""
    looked: set[tuple[str, str]] = set()
    ahead, seen = (
        sorted(re.sub(r"/:\w+\?$", "", route) for route in known if not re.search(r":\w+(?!\w*\?)", route)),
        set(),
    )
    while ahead:
        path = ahead.pop(0)
        route = route_of(path, known)
        if route in seen:
            continue
        seen.add(route)
        await page.goto(path)
        await at_rest(page)
        await eyes.look(path.strip("/").partition("/")[0])
        for link in await page.evaluate(LINKS):
            if route_of(link, known) in known - seen:
                ahead.append(link)
        await open_sheets(page, eyes, path, looked)
    for path in FURTHER_DOWN:
        await page.goto(path)
        await at_rest(page)
        await open_sheets(page, eyes, path, looked)
    return looked


async def open_sheets(page: Page, eyes: Eyes, path: str, looked: set[tuple[str, str]]) -> None:
    """Looks at each sheet that a button of the place opens on a phone, where it lies over the place."""
    place = urlsplit(path).path
    kinds: list[str] = await page.locator(BUTTONS).evaluate_all(KINDS)
    for turn in sorted(kinds.index(kind) for kind in set(kinds)):
        await page.locator(BUTTONS).nth(turn).tap()
        await at_rest(page)
        (sheet,) = parse_qs(urlsplit(page.url).query).get("sheet", [""])
        if await page.get_by_role("dialog").count() and (place, sheet) not in looked:
            await eyes.look(f"{place.strip('/').replace('/', '-')}-{sheet}")
            looked.add((place, sheet))
        await page.evaluate(FORGET)
        await page.goto(path)
        await at_rest(page)


async def at_rest(page: Page) -> None:
    await page.locator("h1").first.wait_for()
    await page.wait_for_load_state("networkidle")
