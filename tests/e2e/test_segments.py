"""Segments on screen: head office makes a nested rule by hand, sees whom it finds, and why; a guide sees it on a page."""

import re
from collections.abc import AsyncIterator
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from playwright.async_api import Browser, Locator, Page, expect

from shuke.app.demo.people import STAFF, TIMEZONE
from shuke.domains.identity.types import Role
from tests.e2e.conftest import DEMO_GUIDE, PHONE, PICTURES, Site, command, environment_on, phone, sign_in, site_on
from tests.e2e.looking import TABLET, Eyes, Views, in_english
from tests.servers import fresh_database

BOSS = next(one for one in STAFF if one.role is Role.HQ)
VIEWS: Views = [("light", PHONE), ("light", TABLET)]
ROW = "[data-row=rule]"
HANDLE = f"{ROW}:has(> .rulecondition .fact:text-is('{{}}')) .draghandle"
FACTS = ".rulecard .token.fact"
# somebody of the demo guide's who bought twice, and somebody who did not
HERS = """SELECT c.id, c.name FROM customer c JOIN staff s ON s.id = c.guide_id
  JOIN customer_stats t ON t.customer_id = c.id WHERE s.phone = $1 AND c.name IS NOT NULL AND c.problems = '{}'
  AND NOT c.refusals ? 'profiling/any' AND CASE WHEN $2 THEN t.order_count >= 3 ELSE t.order_count = 1 END
  ORDER BY c.id LIMIT 1"""


@pytest.fixture
async def chain(browser: Browser, migrated: str, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Site]:
    folder = tmp_path_factory.mktemp("segments")
    morning = datetime.now(ZoneInfo(TIMEZONE)).replace(hour=10, minute=0)
    async with fresh_database(migrated) as url:
        environment = environment_on(url, morning, queue=13)
        command(folder, environment, "demo", "--customers", "600", "--json")
        async with site_on(environment, folder) as site:
            yield site


async def middle(place: Locator) -> tuple[float, float]:
    box = await place.bounding_box()
    assert box
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


async def drag(page: Page, handle: Locator, onto: Locator, up: float = 4) -> None:
    """With a finger, to a little above the middle of another row."""
    await handle.evaluate("one => one.scrollIntoView({ block: 'center' })")
    finger = await page.context.new_cdp_session(page)
    x, y = await middle(handle)
    for step in range(10):
        to_x, to_y = await middle(onto)
        share = step / 9
        at = {"x": x + (to_x - x) * share, "y": y + (to_y - up - y) * share}
        kind = "touchMove" if step else "touchStart"
        await finger.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": [at]})
        await page.wait_for_timeout(60)
    if PICTURES:
        await page.screenshot(path=PICTURES / f"rule-held-{y:.0f}.png")
    await finger.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})


async def test_look_first(browser: Browser, chain: Site) -> None:
    async with phone(browser, chain, viewport=TABLET) as page:
        eyes = Eyes(page, "zh", VIEWS)
        await sign_in(page, BOSS.phone)
        await page.goto("/segments")
        await page.locator(".segmentitem").first.wait_for()
        await eyes.look("segments")
        await page.locator(".segmentitem", has_text="花得多").click()
        await page.locator(".memberlist .item").first.wait_for()
        await eyes.look("segment")
        await page.get_by_role("link", name="改条件").click()
        await page.locator(".rulecount:has-text('位')").first.wait_for()
        await page.wait_for_timeout(1500)
        await eyes.look("rule")
        await page.set_viewport_size(TABLET)
        await page.get_by_role("button", name="条件").last.click()
        await eyes.look("rule-fact")
        await page.get_by_role("dialog").get_by_role("button", name="RFM 分层").click()
        await eyes.look("rule-cells")
        await page.get_by_role("dialog").get_by_role("button", name="好了").click()
        await page.wait_for_timeout(1500)
        await eyes.look("rule-wrong")
        print("\n".join(eyes.troubles))
