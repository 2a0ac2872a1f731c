"""Work without a network: nothing is lost, nothing is applied twice, whatever happens between tap and server."""

import re
from typing import Any
from uuid import UUID

from playwright.async_api import Browser, BrowserContext, Page, Request, Route, expect

from shuke.kit.ids import new_id
from tests.e2e.conftest import Guide, Site, phone, sign_in
from tests.e2e.steps import Partner, all_sent, left_to_contact, operations, ready_for_no_network, record, waiting

APPLIED = "SELECT id, name FROM operation WHERE id = ANY($1)"
CREATE = """mutation($i: CreateCustomerInput!) { createCustomer(input: $i) { userErrors { code } } }"""


class Sent:
    """How often each write left this device."""

    def __init__(self, context: BrowserContext) -> None:
        self.times: dict[str, int] = {}
        context.on("request", self._count)

    def _count(self, request: Request) -> None:
        if (operation := operation_of(request)) is not None:
            self.times[operation] = self.times.get(operation, 0) + 1


def operation_of(request: Request) -> str | None:
    body: Any = request.post_data_json if request.url.endswith("/graphql") else None
    return ((body or {}).get("variables") or {}).get("input", {}).get("operationId")


async def applied(site: Site, ids: list[str]) -> dict[str, str]:
    """Which of these operations the server carried out."""
    return {str(row["id"]): row["name"] for row in await site.fetch(APPLIED, [UUID(key) for key in ids])}


async def outcomes(site: Site, guide: Guide) -> int:
    hers = "SELECT count(*) FROM event JOIN staff ON staff.id = actor_id WHERE kind = 'task.outcome' AND phone = $1"
    return int(str(await site.value(hers, "+86" + guide.phone)))


async def ready(page: Page, guide: Guide) -> int:
    """Signed in, with the shell kept; the number of people left to contact."""
    await sign_in(page, guide.phone)
    await ready_for_no_network(page)
    return await left_to_contact(page)


async def no_network(page: Page, off: bool = True) -> None:
    await page.context.set_offline(off)


async def test_a_day_without_a_network_reaches_the_server_once_each(browser: Browser, shop: Site, guide: Guide) -> None:
    async with phone(browser, shop) as page:
        left = await ready(page, guide)
        first = await page.locator("article .who").get_attribute("href")
        assert first
        await page.goto(first)  # opened once, so this phone knows her
        await expect(page.locator(".tl")).to_be_visible()
        sent = Sent(page.context)
        await no_network(page)
        await page.goto("/today")
        await expect(page.get_by_role("heading", level=1)).to_have_text(f"还有 {left} 位要联系")

        for done, outcome in enumerate(("接通", "约到店", "拒绝"), 1):
            await record(page, outcome)
            await expect(page.get_by_role("heading", level=1)).to_have_text(f"还有 {left - done} 位要联系")
        await page.goto(first)
        await write_note(page, "没网时记的一句")
        await new_customer(page, "13499990101", "林下没网")
        waits = page.get_by_role("link", name="5 条待同步")
        await expect(waits).to_be_visible()
        kept = ["RecordOutcome pending"] * 3 + ["AddNote pending", "CreateCustomer pending"]
        assert await waiting(page) == kept

        await page.reload()
        await expect(page.get_by_role("heading", level=1)).to_contain_text("林下没网")
        await page.goto("/today")
        await expect(page.get_by_role("heading", level=1)).to_have_text(f"还有 {left - 3} 位要联系")
        await expect(waits).to_be_visible()
        assert await waiting(page) == kept

        ids = await operations(page)
        assert await applied(shop, ids) == {}
        sent.times.clear()
        await no_network(page, False)
        await expect(page.get_by_text("都发出了")).to_be_visible()
        assert await waiting(page) == []
        assert sent.times == dict.fromkeys(ids, 1)
        assert sorted((await applied(shop, ids)).values()) == sorted(
            ["recordOutcome"] * 3 + ["addNote", "createCustomer"]
        )
        assert await shop.value("SELECT count(*) FROM timeline_entry WHERE data->>'text' = '没网时记的一句'") == 1
        assert await shop.value("SELECT count(*) FROM customer WHERE name = '林下没网'") == 1
        await page.reload()
        await expect(page.get_by_role("heading", level=1)).to_have_text(f"还有 {left - 3} 位要联系")


async def write_note(page: Page, words: str) -> None:
    await page.get_by_role("button", name="记一笔", exact=True).tap()
    await page.get_by_role("textbox", name="记什么").fill(words)
    await page.get_by_role("button", name="存好", exact=True).tap()
    await expect(page.locator(".tl")).to_contain_text(words)


async def new_customer(page: Page, number: str, name: str) -> None:
    await page.get_by_role("link", name="新客户").tap()
    await page.get_by_role("textbox", name=re.compile("^手机号")).fill(number)
    await page.get_by_role("textbox", name=re.compile("^姓名")).fill(name)
    await page.get_by_role("button", name="存好", exact=True).tap()
    await expect(page.get_by_role("heading", level=1)).to_contain_text(name)


async def test_a_lost_answer_is_asked_for_again_and_applied_once(browser: Browser, shop: Site, guide: Guide) -> None:
    async with phone(browser, shop) as page:
        left = await ready(page, guide)
        lost: list[str] = []

        async def lose_the_first_answer(route: Route) -> None:
            operation = operation_of(route.request)
            if operation and not lost:
                lost.append(operation)
                answer = await route.fetch()
                assert answer.ok
                await route.abort("connectionreset")
            else:
                await route.continue_()

        await page.route("**/graphql", lose_the_first_answer)
        sent, before = Sent(page.context), await outcomes(shop, guide)
        await record(page, "接通")
        await expect(page.get_by_role("heading", level=1)).to_have_text(f"还有 {left - 1} 位要联系")
        await all_sent(page)
        assert sent.times == {lost[0]: 2}
        assert list(await applied(shop, lost)) == lost
        assert await outcomes(shop, guide) == before + 1


async def test_a_tab_killed_right_after_the_tap_keeps_the_outcome(browser: Browser, shop: Site, guide: Guide) -> None:
    async with phone(browser, shop) as page:
        left = await ready(page, guide)
        await no_network(page)
        await page.get_by_role("button", name="记结果", exact=True).tap()
        await page.get_by_role("button", name="接通", exact=True).tap()
        await page.close()

        again = await page.context.new_page()
        await again.goto("/today")
        await expect(again.get_by_role("heading", level=1)).to_have_text(f"还有 {left - 1} 位要联系")
        await expect(again.get_by_role("link", name="1 条待同步")).to_be_visible()
        ids = await operations(again)
        await no_network(again, False)
        await all_sent(again)
        assert list((await applied(shop, ids)).values()) == ["recordOutcome"]


async def test_a_refused_write_is_kept_with_its_reason_and_can_be_mended(
    browser: Browser, shop: Site, guide: Guide
) -> None:
    async with phone(browser, shop) as page:
        left = await ready(page, guide)
        await no_network(page)
        await new_customer(page, "13499990202", "苏晚")
        await page.goto("/today")
        await record(page, "接通")
        taken = {"operationId": str(new_id()), "id": str(new_id()), "phone": "13499990202", "name": "程早"}
        assert not (await Partner(page).ask(CREATE, i=taken))["createCustomer"]["userErrors"]

        await no_network(page, False)
        badge = page.get_by_role("link", name="1 条要您看看")
        await badge.tap()
        row = page.locator(".waiting")
        await expect(row).to_have_count(1)
        await expect(row).to_contain_text("苏晚")
        await expect(row).to_contain_text("这个号码")
        assert await waiting(page) == ["CreateCustomer rejected"]
        await page.reload()
        await expect(row).to_contain_text("这个号码")

        await page.get_by_role("link", name="改一改").tap()
        number = page.get_by_role("textbox", name=re.compile("^手机号"))
        await expect(number).to_have_value("134 9999 0202")
        await number.fill("13499990203")
        await page.get_by_role("button", name="存好", exact=True).tap()
        await expect(page.get_by_role("heading", level=1)).to_contain_text("苏晚")
        await all_sent(page)
        owners = "SELECT c.name FROM customer c JOIN customer_identity i ON i.customer_id = c.id WHERE i.value = $1"
        assert await shop.value(owners, "+8613499990202") == "程早"
        assert await shop.value(owners, "+8613499990203") == "苏晚"
        await page.goto("/today")
        await expect(page.get_by_role("heading", level=1)).to_have_text(f"还有 {left - 1} 位要联系")
