"""A new customer with a child and who brought her, in one write: typed without a network, mended, sent once."""

import re
from datetime import timedelta
from zoneinfo import ZoneInfo

from playwright.async_api import Browser, expect

from shuke.app.demo.people import TIMEZONE
from tests.e2e.conftest import PHONE, Guide, Site, phone, sign_in
from tests.e2e.looking import TABLET, Eyes
from tests.e2e.steps import all_sent, ready_for_no_network, waiting

FAMILY = """SELECT c.name, coalesce(r.name, r.alias), d.name, d.born_on, d.due_on FROM customer c
JOIN dependant d ON d.customer_id = c.id LEFT JOIN customer r ON r.id = c.referrer_id
JOIN customer_identity i ON i.customer_id = c.id WHERE i.value = $1"""


async def test_a_new_customer_brings_her_child_and_who_brought_her_without_a_network(
    browser: Browser, shop: Site, guide: Guide
) -> None:
    today = shop.now.astimezone(ZoneInfo(TIMEZONE)).date()
    due = today + timedelta(days=40)
    async with phone(browser, shop) as page:
        eyes = Eyes(page, "zh", [("light", PHONE), ("dark", TABLET)])
        await sign_in(page, guide.phone)
        await ready_for_no_network(page)
        await page.goto("/customers")
        friend = str(await page.locator(".customer .t").first.evaluate("one => one.firstChild.textContent.trim()"))
        await page.context.set_offline(True)
        await page.get_by_role("link", name="新客户").tap()
        await page.get_by_role("textbox", name=re.compile("^手机号")).fill("13499971101")
        await page.get_by_role("textbox", name=re.compile("^姓名")).fill("周小棠")
        await expect(page.locator("input[name=child-day]")).to_have_count(0)
        await page.get_by_role("button", name="加宝宝、介绍人").tap()
        await page.locator("input[name=child-name]").fill("豆豆")
        await page.get_by_role("button", name="存好", exact=True).tap()
        await expect(page.get_by_role("alert")).to_have_text("填上这一天就能存")
        await page.locator("input[name=child-day]").fill(due.isoformat())
        await eyes.look("newcomer-child")
        await page.get_by_role("button", name="改成预产期").tap()
        search = page.get_by_role("searchbox", name="谁介绍她来的？")
        await search.fill(friend)
        hit = page.locator(".personfield .hits button").first
        await expect(hit).to_contain_text(friend)
        await eyes.look("newcomer-referrer")
        await hit.tap()
        await eyes.look("newcomer-whole")
        await page.get_by_role("button", name="存好", exact=True).tap()
        await expect(page.get_by_role("heading", level=1)).to_contain_text("周小棠")
        await expect(page.locator(".childrow")).to_contain_text("离预产期 40 天")
        assert await waiting(page) == ["CreateCustomer pending"]
        await page.reload()
        await expect(page.locator(".childrow")).to_contain_text("豆豆")
        await page.context.set_offline(False)
        await all_sent(page)
        await expect(page.locator(".childrow .chip")).to_have_text("孕期")
        rows = [tuple(row) for row in await shop.fetch(FAMILY, "+8613499971101")]
        assert rows == [("周小棠", friend, "豆豆", None, due)]
        assert not eyes.troubles, "\n".join(eyes.troubles)


async def test_what_the_server_would_not_take_is_mended_with_all_that_was_typed(
    browser: Browser, shop: Site, guide: Guide
) -> None:
    taken = await shop.value("SELECT value FROM customer_identity WHERE kind = 'phone' ORDER BY id LIMIT 1")
    async with phone(browser, shop) as page:
        await sign_in(page, guide.phone)
        await ready_for_no_network(page)
        await page.context.set_offline(True)
        await page.goto("/customers/new")
        await page.get_by_role("textbox", name=re.compile("^手机号")).fill(str(taken).removeprefix("+86"))
        await page.get_by_role("button", name="加宝宝、介绍人").tap()
        await page.locator("input[name=child-day]").fill("2025-05-01")
        await page.locator("input[name=child-name]").fill("小满")
        await page.get_by_role("button", name="加宝宝", exact=True).tap()
        await page.locator("input[name=child-day]").nth(1).fill("2025-05-01")
        await page.get_by_role("button", name="存好", exact=True).tap()
        await expect(page).to_have_url(re.compile("/customers/[0-9a-f-]{36}$"))
        await page.context.set_offline(False)
        await page.get_by_role("link", name="改一改").click()
        await expect(page.locator("input[name=child-name]").first).to_have_value("小满")
        await expect(page.locator("input[name=child-day]")).to_have_count(2)
        await page.get_by_role("textbox", name=re.compile("^手机号")).fill("13499971102")
        await page.get_by_role("button", name="存好", exact=True).tap()
        await all_sent(page)
        rows = [tuple(row) for row in await shop.fetch(FAMILY + " ORDER BY d.name", "+8613499971102")]
        assert [(row[2], str(row[3])) for row in rows] == [("小满", "2025-05-01"), (None, "2025-05-01")]
