"""A guide holds a code out; on a phone of her own, without any session, the customer fills in her card and is done."""

import re

from playwright.async_api import Browser, Page, expect

from shuke.app.demo.people import STAFF
from shuke.domains.identity.types import Role
from tests.e2e.conftest import PHONE, Guide, Site, phone, sign_in
from tests.e2e.looking import TABLET, Eyes, in_english

HERS = """SELECT c.id FROM customer c JOIN staff s ON s.id = c.guide_id WHERE s.phone = $1 AND c.name IS NOT NULL
  AND c.gender = 'female' AND NOT c.custom_values ? 'occupation' ORDER BY c.id DESC LIMIT 1"""
LEDGER = """SELECT e.purpose, e.state, e.evidence ->> 'how', t.version FROM consent_entry e
  JOIN consent_text t ON t.id = e.text_id WHERE e.customer_id = $1 AND e.evidence ? 'link' ORDER BY 1"""
BOUGHT = """SELECT c.id, o.receipt_no FROM customer c JOIN staff s ON s.id = c.guide_id JOIN "order" o
  ON o.customer_id = c.id AND o.kind = 'sale' AND o.status <> 'cancelled' AND o.store_id = c.store_id
  WHERE s.phone = $1 ORDER BY o.placed_at DESC LIMIT 1"""
# as if she had bought it just now: on an old receipt a code is of no use
YOUNG = """UPDATE timeline_entry t SET at = now() FROM "order" o
WHERE o.id = t.id AND o.customer_id = $1 AND o.receipt_no = $2"""
AS_IT_WAS = YOUNG.replace("now()", "o.placed_at")
OF_RECEIPT = """SELECT o.receipt_no, l.single_use FROM customer_link l JOIN "order" o ON o.id = l.order_id
  WHERE l.customer_id = $1"""
VIEWS = [("light", PHONE), ("dark", PHONE), ("light", TABLET), ("dark", TABLET)]


async def test_she_scans_fills_in_and_is_done_and_the_guide_decides_what_differs(
    browser: Browser, shop: Site, guide: Guide
) -> None:
    customer = await shop.value(HERS, "+86" + guide.phone)
    async with phone(browser, shop) as counter:
        eyes = Eyes(counter, "zh", VIEWS)
        await sign_in(counter, guide.phone)
        await counter.goto(f"/customers/{customer}")
        await counter.get_by_role("button", name="请她自己填").tap()
        await expect(counter.get_by_alt_text("二维码")).to_be_visible()
        await eyes.look("link-code")
        address = (await counter.locator(".qrurl").inner_text()).strip()
        async with phone(browser, shop) as hers:
            public = Eyes(hers, "zh", VIEWS)
            await hers.goto(address)
            await she_fills_in_two_steps(hers, public)
        await expect(counter.get_by_role("status").filter(has_text="收到了")).to_be_visible()
        async with phone(browser, shop, locale="en-GB") as later:  # she comes back to it, in another browser
            public_en = Eyes(later, "en", VIEWS)
            await later.goto(f"{address}?step=consents")
            await she_agrees_and_is_done(later, public_en)
        await expect(counter.get_by_role("status").filter(has_text="她填好了")).to_be_visible()
        await counter.keyboard.press("Escape")
        sheet = f"{shop.address}/customers/{customer}?sheet=answers"
        async with in_english(counter, shop, guide.phone, VIEWS) as english:
            await counter.goto(sheet)
            await expect(counter.get_by_role("dialog")).to_contain_text("林小满")
            await english.look("answers-sheet")
        await counter.goto(f"{shop.address}/customers/{customer}")
        await the_guide_decides(counter, eyes, sheet)
        assert [tuple(row) for row in await shop.fetch(LEDGER, customer)] == [
            ("marketing", "granted", "form", 1),
            ("profiling", "refused", "form", 1),
        ]
        kept = await shop.fetch("SELECT name, custom_values ->> 'occupation' FROM customer WHERE id = $1", customer)
        assert [tuple(row) for row in kept] == [("林小满", "教师")]
        assert not (trouble := [*eyes.troubles, *public.troubles, *public_en.troubles]), "\n".join(trouble)


async def she_fills_in_two_steps(hers: Page, public: Eyes) -> None:
    """A number that is none is said beside it."""
    await public.look("public-basics")
    await hers.get_by_label("姓名").fill("林小满")
    await hers.get_by_label("手机").fill("12")
    await hers.get_by_role("button", name="保存，下一步").tap()
    await expect(hers.get_by_role("alert")).to_be_visible()
    await public.look("public-mend")
    await hers.get_by_label("手机").fill("13700137111")
    for label, value in (("年", "1990"), ("月", "3"), ("日", "8")):
        await hers.get_by_label(label, exact=True).select_option(value)
    await hers.get_by_role("button", name="保存，下一步").tap()
    await expect(hers.get_by_label("职业")).to_be_visible()
    await public.look("public-more")
    await hers.get_by_label("职业").fill("教师")
    await hers.get_by_role("button", name="保存，下一步").tap()
    await expect(hers.get_by_role("button", name="填好了")).to_be_visible()


async def she_agrees_and_is_done(later: Page, public: Eyes) -> None:
    """Nothing of what she filled in before is shown."""
    assert "教师" not in await later.content() and "林小满" not in await later.content()
    await later.get_by_role("radio", name="Yes").first.check(force=True)
    await later.get_by_role("radio", name="No").nth(1).check(force=True)
    await public.look("public-consents")
    await later.get_by_role("button", name="Done").tap()
    await expect(later.get_by_role("heading", name="Thank you")).to_be_visible()
    await public.look("public-thanks")


async def the_guide_decides(counter: Page, eyes: Eyes, sheet_of_answers: str) -> None:
    """What differs waits on the card, and a message that names nobody leads there."""
    answers = counter.locator(".waitinganswers")
    await expect(answers).to_contain_text("林小满")
    await answers.scroll_into_view_if_needed()
    await eyes.look("link-answers")
    await counter.goto("/inbox")
    await counter.get_by_role("link", name="有客人自己填了资料").tap()
    await expect(counter).to_have_url(sheet_of_answers)
    sheet = counter.get_by_role("dialog")
    await expect(sheet).to_contain_text("林小满")
    await eyes.look("answers-sheet")
    await sheet.get_by_role("button", name="采用 姓名").tap()
    await sheet.get_by_role("button", name="就这样").tap()
    await expect(sheet).to_have_count(0)
    await expect(answers).to_have_count(0)
    await expect(counter.get_by_text("林小满").first).to_be_visible()


async def test_the_stores_code_brings_leads_and_head_office_words_what_is_given(browser: Browser, shop: Site) -> None:
    boss = next(one for one in STAFF if one.role is Role.HQ)
    async with phone(browser, shop) as office:
        eyes = Eyes(office, "zh", VIEWS)
        await sign_in(office, boss.phone)
        await office.goto("/me")
        await office.get_by_role("link", name="填资料的回馈").tap()
        await expect(office.get_by_label("中文").first).to_have_value("会员 9 折")
        await office.get_by_role("button", name="加一样").tap()
        await office.get_by_label("中文").last.fill("到店一杯热茶")
        await eyes.look("offers")
        await office.get_by_role("button", name="存好").tap()
        await expect(office.get_by_text("存好了")).to_be_visible()
        await office.goto("/me")
        await office.get_by_role("button", name="本店二维码").tap()
        await expect(office.get_by_alt_text("二维码")).to_be_visible()
        await eyes.look("store-code")
        address = (await office.locator(".qrurl").inner_text()).strip()
        async with phone(browser, shop) as hers:
            await hers.goto(address)
            await expect(hers.get_by_text("到店一杯热茶")).to_be_visible()
            await hers.get_by_label("姓名").fill("程女士")
            await hers.get_by_label("手机").fill("13655520471")
            await hers.get_by_role("button", name="保存，下一步").tap()
            await hers.get_by_role("button", name="保存，下一步").tap()
            await hers.get_by_role("button", name="填好了").tap()
            await expect(hers.get_by_role("heading", name="收到了，谢谢您")).to_be_visible()
        rows = await shop.fetch("SELECT source, name FROM customer WHERE name = '程女士' AND source = 'online'")
        assert len(rows) == 1
        assert not eyes.troubles, "\n".join(eyes.troubles)


async def test_a_code_of_a_receipt_or_for_one_use_is_a_place_that_back_leaves(
    browser: Browser, shop: Site, guide: Guide
) -> None:
    customer, receipt = (await shop.fetch(BOUGHT, "+86" + guide.phone))[0]
    async with phone(browser, shop) as counter:
        zh, en = Eyes(counter, "zh", VIEWS), Eyes(counter, "en", VIEWS)
        await sign_in(counter, guide.phone)
        await counter.goto(f"/customers/{customer}")
        await a_code_for_one_use(counter, zh, f"{shop.address}/customers/{customer}?sheet=code")
        await a_code_waits_for_the_network(counter)
        await a_code_of_a_receipt(counter, zh, receipt)
        made = await shop.fetch(OF_RECEIPT, customer)
        assert [tuple(row) for row in made] == [(receipt, True)]
        await shop.fetch(YOUNG, customer, receipt)
        await a_code_from_the_timeline(counter, zh)
        assert [tuple(row) for row in await shop.fetch(OF_RECEIPT, customer)] == [(receipt, True)]
        await shop.fetch(AS_IT_WAS, customer, receipt)
        await shop.fetch("UPDATE staff SET locale = 'en' WHERE phone = $1", "+86" + guide.phone)
        await counter.evaluate("localStorage.setItem('shuke.locale', 'en')")
        await counter.goto(f"/customers/{customer}?sheet=code")  # opened by its address, as from a message
        await expect(counter.get_by_role("switch", name="For one use")).to_be_visible()
        await en.look("link-code")
        await counter.goto(f"/customers/{customer}?sheet=orders")
        await expect(counter.get_by_role("button", name=f"Receipt {receipt}: her card by code")).to_be_visible()
        await en.look("orders-with-codes")
        assert not (trouble := [*zh.troubles, *en.troubles]), "\n".join(trouble)


async def a_code_for_one_use(counter: Page, eyes: Eyes, address: str) -> None:
    """Another than the one for many, which comes back as it was."""
    await counter.get_by_role("button", name="请她自己填").tap()
    await expect(counter).to_have_url(address)
    many = await counter.locator(".qrurl").inner_text()
    once = counter.get_by_role("switch", name="只用一次")
    await once.tap()
    await expect(once).to_have_attribute("aria-checked", "true")
    assert await counter.locator(".qrurl").inner_text() != many
    await eyes.look("link-once")
    await once.tap()
    await expect(counter.locator(".qrurl")).to_have_text(many)


async def a_code_waits_for_the_network(counter: Page) -> None:
    await counter.context.set_offline(True)
    await counter.reload()
    await expect(counter.get_by_role("alert").filter(has_text="二维码要有网才能做")).to_be_visible()
    await counter.context.set_offline(False)
    await counter.get_by_role("button", name="再试").tap()
    await expect(counter.get_by_alt_text("二维码")).to_be_visible()
    await counter.go_back()
    await expect(counter.get_by_role("dialog")).to_have_count(0)


async def a_code_of_a_receipt(counter: Page, eyes: Eyes, receipt: str) -> None:
    """Whoever has the receipt may fill in once."""
    await counter.get_by_role("button", name=re.compile("^全部 .* 单$")).tap()
    code = counter.get_by_role("button", name=f"小票 {receipt}：请她填资料")
    await expect(code).to_be_visible()
    await eyes.look("orders-with-codes")
    await code.tap()
    await expect(counter.get_by_alt_text("二维码")).to_be_visible()
    await expect(counter.get_by_role("switch", name="只用一次")).to_have_attribute("aria-checked", "true")
    await eyes.look("receipt-code")
    await counter.go_back()
    await expect(counter.get_by_role("dialog")).to_have_count(0)


async def a_code_from_the_timeline(counter: Page, eyes: Eyes) -> None:
    """The same as beside the receipt."""
    await counter.reload()
    entry = counter.locator(".tl li").filter(has_text="请她填资料").first
    await expect(entry).to_be_visible()
    await eyes.look("timeline-with-a-code")
    await entry.get_by_role("button").tap()
    await expect(counter.get_by_alt_text("二维码")).to_be_visible()
