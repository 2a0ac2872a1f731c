"""A guide's day in the demo chain: her cards, her inbox."""

import re

from playwright.async_api import Browser, Page, expect

from tests.e2e.conftest import DEMO_GUIDE, Guide, Site, phone, sign_in
from tests.e2e.steps import all_sent, kept, left_to_contact, record

REVEALED = "SELECT count(*) FROM event JOIN staff ON staff.id = actor_id WHERE kind = $1 AND staff.phone = $2"


async def focused(page: Page) -> str:
    return await page.locator("article .name").inner_text()


async def test_a_guide_works_through_her_day_and_takes_one_outcome_back(browser: Browser, shop: Site) -> None:
    guide = DEMO_GUIDE
    async with phone(browser, shop) as page:
        await sign_in(page, guide.phone)
        heading = page.get_by_role("heading", level=1)
        await expect(heading).to_have_text("还有 5 位要联系")
        await expect(page.locator("article .why")).to_have_text(re.compile("天没来|第一次"))
        await expect(page.locator("article .say p")).to_have_text(re.compile("您好"))
        await expect(page.locator("article .due")).to_have_text(re.compile("迟 1 天"))

        revealed = await shop.value(REVEALED, "customer.phone_revealed", "+86" + guide.phone)
        async with page.expect_response("**/graphql") as asked:
            await page.get_by_role("button", name="打电话", exact=True).tap()
        answer = (await (await asked.value).json())["data"]["revealPhone"]
        assert re.fullmatch(r"\+86134\d{8}", answer["phone"]), answer
        await page.wait_for_function("dialled.length")
        assert await page.evaluate("dialled") == ["tel:" + answer["phone"]]
        assert await shop.value(REVEALED, "customer.phone_revealed", "+86" + guide.phone) == int(str(revealed)) + 1

        name = await focused(page)
        taps = await page.evaluate("taps")
        await record(page, "接通", leave=False)
        assert await page.evaluate("taps") - taps == 2
        await page.get_by_role("button", name="撤销").tap()
        await page.get_by_role("button", name="关上").tap()
        await expect(heading).to_have_text("还有 5 位要联系")
        await expect(page.locator("article .name")).to_have_text(name)

        await record(page, "约到店", leave=False)
        await page.get_by_role("button", name="明天 10:00").tap()
        await page.get_by_role("button", name="下一位").tap()
        await expect(heading).to_have_text("还有 4 位要联系")
        done = page.get_by_role("list", name="今天联系过的")
        await expect(done).to_contain_text(re.compile(f"{name}.*约到店 · 明天 10:00", re.S))
        await all_sent(page)
        await page.reload()
        await expect(done).to_contain_text(re.compile(f"{name}.*约到店 · 明天 10:00", re.S))

        for left in (3, 2, 1):
            await record(page, "接通")
            await expect(heading).to_have_text(f"还有 {left} 位要联系")
        await record(page, "拒绝")
        await expect(heading).to_have_text("今天的都联系好了")
        await expect(page.get_by_text("辛苦了，晓禾")).to_be_visible()
        await expect(page.get_by_text("有 1 位说好要来，记得备货")).to_be_visible()


async def test_a_card_that_the_server_has_is_taken_back_by_its_row(browser: Browser, shop: Site, guide: Guide) -> None:
    async with phone(browser, shop) as page:
        await sign_in(page, guide.phone)
        left, name = await left_to_contact(page), await focused(page)
        await record(page, "未接")
        await all_sent(page)
        assert await left_to_contact(page) == left - 1
        await page.reload()
        await page.locator(".today .columns").wait_for()
        assert await left_to_contact(page) == left - 1
        assert await focused(page) != name
        row = "SELECT t.outcome, t.state, t.attempts FROM task t JOIN customer c ON c.id = t.customer_id"
        found = await shop.fetch(row + " WHERE c.name = $1 AND t.outcome IS NOT NULL ORDER BY t.updated_at DESC", name)
        assert tuple(found[0]) == ("no_answer", "open", 1)


async def test_a_reminder_in_the_inbox_opens_the_card(browser: Browser, shop: Site, guide: Guide) -> None:
    async with phone(browser, shop) as page:
        await sign_in(page, guide.phone)
        await page.get_by_role("link", name="消息").tap()
        first = page.locator(".message").first
        await expect(first).to_have_class(re.compile("unread"))
        await expect(first).to_contain_text("联系")
        unread = int("".join(filter(str.isdigit, await page.locator(".top .sm").inner_text())))
        await first.tap()
        await expect(page.get_by_role("article")).to_be_visible()
        await expect(page).to_have_url(re.compile("/tasks/|/today"))
        await expect(page.get_by_role("button", name="记结果", exact=True)).to_be_visible()
        await page.get_by_role("link", name="消息").tap()
        await expect(page.locator(".top .sm")).to_have_text(f"{unread - 1} 条未读" if unread > 1 else "都看过了")
        await all_sent(page)
        assert [row["op"] for row in await kept(page, "outbox")] == ["MarkInboxRead"]
        read = (
            "SELECT count(*) FROM inbox_message m JOIN staff s ON s.id = m.staff_id WHERE s.phone = $1 AND read_at IS"
        )
        assert await shop.value(read + " NOT NULL", "+86" + guide.phone) == 1
