"""Customers on a guide's phone: finding, reading, opening an archive, editing beside a colleague."""

import re
from typing import Any

from playwright.async_api import Browser, Page, expect

from shuke.kit.ids import new_id
from tests.e2e.conftest import Guide, Site, phone, sign_in
from tests.e2e.steps import Partner

MINE = """
SELECT c.id, c.name, i.value AS phone, s.order_count FROM customer c JOIN staff g ON g.id = c.guide_id
JOIN customer_identity i ON i.customer_id = c.id AND i.kind = 'phone' JOIN customer_stats s ON s.id = c.id
WHERE g.phone = $1 AND s.order_count > 3 AND c.name IS NOT NULL
  AND (SELECT count(*) FROM customer_identity n WHERE n.customer_id = c.id AND n.kind = 'phone') = 1
ORDER BY c.id LIMIT 1
"""
UPDATE = """mutation($i: UpdateCustomerInput!) {
  updateCustomer(input: $i) { customer { version } userErrors { code } conflicts { field } } }"""


async def one_of(site: Site, guide: Guide) -> Any:
    return (await site.fetch(MINE, "+86" + guide.phone))[0]


async def fill(page: Page, **fields: str) -> None:
    for label, text in fields.items():
        await page.get_by_role("textbox", name=re.compile(f"^{label}")).fill(text)


async def test_a_customer_is_found_by_name_and_by_the_last_four_digits(
    browser: Browser, shop: Site, guide: Guide
) -> None:
    her = await one_of(shop, guide)
    async with phone(browser, shop) as page:
        await sign_in(page, guide.phone)
        await page.get_by_role("link", name="客户", exact=True).tap()
        rows = page.locator(".customer")
        await expect(rows.first).to_be_visible()
        assert await rows.count() > 3
        for words in (her["name"], her["phone"][-4:]):
            await page.get_by_role("searchbox").fill(words)
            await expect(rows.filter(has_text=her["name"]).filter(has_text=her["phone"][-4:])).to_have_count(1)
            await expect(rows).not_to_have_count(0)
        await page.get_by_role("searchbox").fill("查无此人")
        await expect(page.get_by_role("heading", name="没找到")).to_be_visible()
        assert her["phone"] not in await page.content()


async def test_her_page_shows_who_she_is_and_what_she_bought(browser: Browser, shop: Site, guide: Guide) -> None:
    her = await one_of(shop, guide)
    async with phone(browser, shop) as page:
        await sign_in(page, guide.phone)
        await page.goto(f"/customers/{her['id']}")
        await expect(page.get_by_role("heading", level=1)).to_contain_text(her["name"])
        masked, full = page.locator(".tel"), her["phone"].removeprefix("+86")
        await expect(masked).to_contain_text(re.compile(r"\*{4}|•{4}|…"))
        await expect(page.get_by_role("button", name=f"全部 {her['order_count']} 单")).to_be_visible()
        await expect(page.locator(".tl li").first).to_be_visible()
        await page.get_by_role("button", name="显示", exact=True).tap()
        await page.get_by_role("button", name="订单的事").tap()
        await expect(masked).to_contain_text(f"{full[:3]} {full[3:7]} {full[7:]}")
        revealed = "SELECT count(*) FROM event WHERE kind = 'customer.phone_revealed' AND subject_id = $1"
        assert await shop.value(revealed, her["id"]) == 1

        await page.get_by_role("button", name="单", exact=False).tap()
        await expect(page.locator(".orders > li").first).to_be_visible()
        await page.go_back()
        await expect(page.get_by_role("dialog")).to_have_count(0)
        await page.get_by_role("button", name="记一笔", exact=True).tap()
        await fill(page, 记什么="下周来拿奶粉")
        await page.get_by_role("button", name="存好", exact=True).tap()
        await expect(page.locator(".tl")).to_contain_text("下周来拿奶粉")


async def test_a_new_customer_is_opened_once_and_a_known_number_shows_whose_it_is(
    browser: Browser, shop: Site, guide: Guide
) -> None:
    her = await one_of(shop, guide)
    async with phone(browser, shop) as page:
        await sign_in(page, guide.phone)
        await page.get_by_role("link", name="新客户").tap()
        await fill(page, 手机号=her["phone"].removeprefix("+86"))
        known = page.locator(".existing")
        await expect(known).to_contain_text(her["name"])
        await expect(known).not_to_contain_text(her["phone"].removeprefix("+86"))
        await fill(page, 手机号="134 9999 0001", 姓名="沈佳宁")
        await expect(known).to_have_count(0)
        await page.get_by_role("radio", name="女", exact=True).tap()
        await page.get_by_role("button", name="存好", exact=True).tap()
        await expect(page.get_by_role("heading", level=1)).to_contain_text("沈佳宁")
        made = "SELECT c.gender, g.phone FROM customer c JOIN staff g ON g.id = c.guide_id WHERE c.name = '沈佳宁'"
        assert [tuple(row) for row in await shop.fetch(made)] == [("female", "+86" + guide.phone)]

        await page.get_by_role("link", name="新客户").tap()
        await expect(page.get_by_label("姓名", exact=True)).to_have_value("")
        await fill(page, 手机号="13499990001", 姓名="沈佳柠")
        await page.get_by_role("button", name="存好", exact=True).tap()
        await expect(page.get_by_role("alert")).to_contain_text("这个号码")
        await expect(known).to_contain_text("沈佳宁")
        await page.get_by_role("link", name="就是她").tap()
        await expect(page.get_by_role("heading", level=1)).to_contain_text("沈佳宁")


async def test_two_who_change_the_same_field_choose_one_and_other_fields_merge(
    browser: Browser, shop: Site, guide: Guide
) -> None:
    her = await one_of(shop, guide)
    async with phone(browser, shop) as page:
        await sign_in(page, guide.phone)
        await page.goto(f"/customers/{her['id']}")
        await page.get_by_role("link", name="编辑").tap()
        await fill(page, 等级="钻石", 店里怎么叫她="多多妈妈")

        found = "{ customer(id: $id) { id version } }"
        colleague = Partner(page)
        card = (await colleague.ask(f"query($id: ID!) {found}", id=customer_id(her["id"])))["customer"]
        change = {"operationId": str(new_id()), "id": card["id"], "baseVersion": card["version"]}
        answer = await colleague.ask(UPDATE, i=change | {"level": "铂金", "note": "爱喝茶"})
        assert not answer["updateCustomer"]["userErrors"] and not answer["updateCustomer"]["conflicts"]

        await page.get_by_role("button", name="存好", exact=True).tap()
        choice = page.get_by_role("radiogroup", name="等级")
        await expect(choice).to_contain_text("铂金")
        await choice.get_by_role("radio", name="您的").tap()
        await page.get_by_role("button", name="就这样存").tap()
        await expect(page.get_by_role("heading", level=1)).to_contain_text("多多妈妈")
        kept = await shop.fetch("SELECT level, alias, note FROM customer WHERE id = $1", her["id"])
        assert tuple(kept[0]) == ("钻石", "多多妈妈", "爱喝茶")


def customer_id(uuid: object) -> str:
    import base64

    return base64.b64encode(f"Customer:{uuid}".encode()).decode()
