"""Who comes through the door, as a guide puts it down on her phone, and what her manager sees of it."""

from playwright.async_api import Browser, expect

from tests.e2e.conftest import Guide, Site, phone, sign_in
from tests.e2e.door import walk, with_her
from tests.e2e.looking import VIEWS, Eyes
from tests.e2e.steps import all_sent
from tests.e2e.test_look import Tour


async def test_a_visit_is_two_taps_without_a_network_and_is_filed_with_one_more(
    browser: Browser, shop: Site, guide: Guide
) -> None:
    async with phone(browser, shop) as page:
        await page.goto("/")
        await sign_in(page, guide.phone)
        await page.get_by_role("button", name="到店 / 咨询").wait_for()
        await page.context.set_offline(True)
        taps = await page.evaluate("window.taps")
        await page.get_by_role("button", name="到店 / 咨询").tap()
        await page.get_by_role("button", name="到店，买了").tap()
        await page.get_by_role("button", name="等会儿再说").wait_for()
        assert await page.evaluate("window.taps") - taps == 2
        await page.get_by_role("button", name="等会儿再说").tap()
        await page.context.set_offline(False)
        await page.locator("a.unfiled").tap()
        await page.get_by_role("textbox", name="手机号").fill("13499970001")
        await page.get_by_role("button", name="存好").tap()
        await page.locator(".detail .hero").wait_for()
        await all_sent(page)
        row = (await shop.fetch("SELECT customer_id, is_new, bought, filed_at IS NOT NULL FROM visit"))[-1]
        assert row[0] is not None and tuple(row)[1:] == (True, True, True)
        await page.goto("/today")
        await page.get_by_role("button", name="到店 / 咨询").wait_for()
        await expect(page.locator(".unfiled")).to_have_count(0)


async def test_everything_at_the_door_is_readable_and_reachable(browser: Browser, shop: Site, guide: Guide) -> None:
    async with phone(browser, shop) as page:
        eyes = Eyes(page, "door", VIEWS)
        tour = Tour(page, eyes, lambda zh, en: zh, "1349996")
        await page.goto("/")
        await sign_in(page, guide.phone)
        await walk(tour)
        await with_her(tour)
        assert not eyes.troubles, "\n".join(eyes.troubles)
