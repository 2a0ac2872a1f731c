"""A number that somebody has already: a family that uses it, a number that changed hands, another store's customer."""

import pytest
from playwright.async_api import Browser, Page, expect

from tests.e2e.conftest import PHONE, Site, phone, sign_in
from tests.e2e.looking import TABLET, Eyes
from tests.e2e.steps import all_sent
from tests.e2e.test_board import counter

HERS = """SELECT i.value, coalesce(c.name, c.alias) AS name FROM customer_identity i
JOIN customer c ON c.id = i.customer_id JOIN store s ON s.id = c.store_id
JOIN staff g ON g.id = c.guide_id WHERE i.kind = 'phone' AND c.name IS NOT NULL AND g.phone = $1
ORDER BY c.id LIMIT 1 OFFSET 3"""
VIEWS = {"zh": [("light", PHONE), ("dark", TABLET)], "en": [("dark", PHONE), ("light", TABLET)]}


async def type_number(page: Page, number: str, name: str) -> None:
    await page.goto("/customers/new")
    await page.locator("input[name=customer-phone]").fill(number)
    await page.locator("input[name=customer-name]").fill(name)


async def with_a_child(page: Page, name: str) -> None:
    await page.locator("button.party").tap()
    await page.locator("input[name=child-name]").fill(name)
    await page.locator("input[name=child-day]").fill("2025-05-01")


async def save(page: Page) -> None:
    await page.locator(".foot button[type=submit]").tap()


async def test_a_family_uses_one_number_and_a_number_changes_hands(browser: Browser, shop: Site) -> None:
    guide = counter(14).here
    (row,) = await shop.fetch(HERS, f"+86{guide.phone}")
    number, owner = row["value"].removeprefix("+86"), row["name"]
    async with phone(browser, shop) as page:
        eyes = Eyes(page, "zh", VIEWS["zh"])
        await sign_in(page, guide.phone)
        await type_number(page, number, "不知道是她")
        await with_a_child(page, "小豆丁")
        same = page.get_by_role("button", name="就是她，1 个孩子也记上")
        await same.wait_for()
        await eyes.look("taken-with-a-child")
        await same.tap()
        await expect(page.locator(".hero h1")).to_contain_text(owner)
        await all_sent(page)
        await expect(page.locator(".childrow").filter(has_text="小豆丁")).to_have_count(1)
        assert await shop.value("SELECT count(*) FROM customer WHERE name = '不知道是她'") == 0
        await type_number(page, number, "何奶奶")
        await page.get_by_role("button", name="家人共用").tap()
        await page.get_by_role("button", name="奶奶 / 外婆").tap()
        await expect(page.locator(".hero")).to_contain_text(f"通过 {owner}")
        await all_sent(page)
        await page.locator(".hero .tel button").tap()
        await page.get_by_role("button", name="她要我们打").tap()
        await expect(page.locator(".hero .tel a")).to_have_attribute("href", f"tel:+86{number}")
        await page.locator(".numbers .more").tap()
        await expect(page.locator(".hero h1")).to_contain_text(owner)
        await expect(page.locator(".numbers .who")).to_contain_text("何奶奶")

        await type_number(page, number, "新机主")
        await page.get_by_role("button", name="号码换人了").tap()
        await expect(page.locator(".hero h1")).to_contain_text("新机主")
        await expect(page.locator(".numbers .value")).to_have_count(1)
        assert not eyes.troubles, "\n".join(eyes.troubles)


@pytest.mark.parametrize("language", ["zh", "en"])
async def test_another_store_is_asked_and_shares(browser: Browser, shop: Site, language: str) -> None:
    chinese = language == "zh"
    ours, theirs = counter(10 if chinese else 12), counter(11 if chinese else 13)
    guide = ours.here
    (row,) = await shop.fetch(HERS, f"+86{theirs.here.phone}")
    number, name = row["value"].removeprefix("+86"), row["name"]
    speaks = "UPDATE staff SET locale = $2 WHERE phone = $1"
    for person in (guide, theirs.manager):
        await shop.fetch(speaks, f"+86{person.phone}", "zh-CN" if chinese else "en")
    locale = "zh-CN" if chinese else "en-GB"
    async with phone(browser, shop, locale=locale) as page, phone(browser, shop, locale=locale) as hers:
        eyes, manager = Eyes(page, language, VIEWS[language]), Eyes(hers, language, VIEWS[language])
        await sign_in(page, guide.phone)
        await type_number(page, number, "不知道")
        await with_a_child(page, f"豆豆{language}")
        await save(page)
        await page.locator(".taken button").wait_for()
        await expect(page.locator(".existing")).not_to_contain_text(name)
        await eyes.look("taken-elsewhere")
        await page.locator(".taken button").tap()
        await page.locator(".taken .note").wait_for()
        await eyes.look("taken-asked")

        await sign_in(hers, theirs.manager.phone)
        await hers.goto("/inbox")
        await hers.locator(".message.unread").first.tap()
        await hers.get_by_role("dialog").locator(".asked").wait_for()
        await manager.look("share-request")
        await hers.get_by_role("dialog").get_by_role("button", name="共享给他们" if chinese else "Share her").tap()
        await expect(hers.get_by_role("dialog")).to_have_count(0)

        await page.goto("/customers")
        await page.get_by_role("button", name="共享" if chinese else "Shared", exact=True).tap()
        await page.locator(".customer").first.wait_for()
        await eyes.look("customers-shared")
        await page.get_by_role("link").filter(has_text=name).first.tap()
        await expect(page.locator(".childrow").filter(has_text=f"豆豆{language}")).to_have_count(1)
        await page.locator(".numbers .line").first.wait_for()
        await page.locator(".numbers").scroll_into_view_if_needed()
        await eyes.look("customer-shared")
        assert not eyes.troubles + manager.troubles, "\n".join(eyes.troubles + manager.troubles)
