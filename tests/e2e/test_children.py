"""A family on a guide's phone: a child entered without a network, born in one tap, silenced and taken back."""

from datetime import timedelta
from zoneinfo import ZoneInfo

from playwright.async_api import Browser, expect

from shuke.app.demo.people import TIMEZONE
from tests.e2e.conftest import Guide, Site, phone, sign_in
from tests.e2e.looking import TABLET, Eyes
from tests.e2e.steps import all_sent, ready_for_no_network, waiting

CHILDLESS = """SELECT c.id FROM customer c JOIN staff s ON s.id = c.guide_id
WHERE s.phone = $1 AND NOT EXISTS (SELECT FROM dependant d WHERE d.customer_id = c.id) ORDER BY c.id DESC LIMIT 1"""
CHILDREN = (
    "SELECT name, born_on, due_on, stopped_at IS NOT NULL, removed_at IS NOT NULL FROM dependant WHERE customer_id = $1"
)


async def test_a_child_is_entered_offline_born_in_one_tap_and_silenced_with_an_undo(
    browser: Browser, shop: Site, guide: Guide
) -> None:
    customer = await shop.value(CHILDLESS, "+86" + guide.phone)
    today = shop.now.astimezone(ZoneInfo(TIMEZONE)).date()
    async with phone(browser, shop) as page:
        eyes = Eyes(page, "zh", [("light", {"width": 390, "height": 844}), ("dark", TABLET)])
        await sign_in(page, guide.phone)
        await ready_for_no_network(page)
        await page.goto(f"/customers/{customer}")
        await page.get_by_role("button", name="加宝宝").wait_for()
        await eyes.look("children-none")
        await page.set_viewport_size({"width": 390, "height": 844})
        await page.context.set_offline(True)
        await page.get_by_role("button", name="加宝宝").tap()
        await page.locator("input[name=child-day]").fill((today + timedelta(days=20)).isoformat())
        await page.locator("input[name=child-name]").fill("小满")
        await eyes.look("child-future")
        await page.get_by_role("button", name="改成预产期").tap()
        await page.get_by_role("dialog").get_by_role("button", name="存好").tap()
        await expect(page.locator(".childrow")).to_contain_text("离预产期 20 天")
        assert [one.split()[0] for one in await waiting(page)] == ["AddDependant"]
        await page.context.set_offline(False)
        await all_sent(page)
        await expect(page.locator(".childrow .chip")).to_have_text("孕期")
        await eyes.look("child-due")
        await page.set_viewport_size({"width": 390, "height": 844})
        await page.get_by_role("button", name="已出生").tap()
        await all_sent(page)
        await expect(page.locator(".childrow")).to_contain_text("今天出生 · 42 天")
        await eyes.look("child-born")
        await page.set_viewport_size({"width": 390, "height": 844})
        await page.locator(".childrow .item").tap()
        await page.get_by_role("switch", name="成长提醒").tap()
        switch = page.get_by_role("switch", name="成长提醒")
        await expect(switch).to_have_attribute("aria-checked", "false")
        await page.get_by_role("button", name="撤销").tap()
        await expect(switch).to_have_attribute("aria-checked", "true")
        await switch.tap()
        await all_sent(page)
        await eyes.look("child-stopped")
        await page.set_viewport_size({"width": 390, "height": 844})
        await page.keyboard.press("Escape")
        await expect(page.locator(".childrow")).to_contain_text("不再提起")
        rows = [tuple(row) for row in await shop.fetch(CHILDREN, customer)]
        assert rows == [("小满", today, None, True, False)]
        await page.locator(".childrow .item").tap()
        await page.get_by_role("button", name="不记这个宝宝了").tap()
        await expect(page.locator(".childrow")).to_have_count(0)
        await page.get_by_role("button", name="撤销").tap()
        await all_sent(page)
        await expect(page.locator(".childrow")).to_contain_text("小满")
        assert not eyes.troubles, "\n".join(eyes.troubles)
