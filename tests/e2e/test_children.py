"""A family on a guide's phone: a child entered without a network, born in one tap, silenced and taken back; and what
head office asks about children, by the fields of the customer's own form.
"""

import json
from collections.abc import AsyncIterator
from datetime import date, timedelta
from zoneinfo import ZoneInfo

import pytest
from playwright.async_api import Browser, Page, expect

from shuke.app.demo.people import TIMEZONE
from tests.e2e.conftest import PHONE, Guide, Site, phone, sign_in
from tests.e2e.looking import TABLET, Eyes, in_english
from tests.e2e.steps import all_sent, ready_for_no_network, waiting

CHILDLESS = """SELECT c.id FROM customer c JOIN staff s ON s.id = c.guide_id
WHERE s.phone = $1 AND NOT EXISTS (SELECT FROM dependant d WHERE d.customer_id = c.id) ORDER BY c.id DESC LIMIT 1"""
CHILDREN = (
    "SELECT name, born_on, due_on, stopped_at IS NOT NULL, removed_at IS NOT NULL FROM dependant WHERE customer_id = $1"
)

OWN_FIELDS = [
    {
        "key": "feeding",
        "kind": "choice",
        "group": "relations",
        "subject": "dependant",
        "required": True,
        "label": {"zh-CN": "喂养方式", "en": "Feeding"},
        "options": [
            {"key": "breast", "label": {"zh-CN": "母乳", "en": "Breast"}},
            {"key": "formula", "label": {"zh-CN": "奶粉", "en": "Formula"}},
        ],
    },
    {
        "key": "allergy",
        "kind": "text",
        "group": "relations",
        "subject": "dependant",
        "label": {"zh-CN": "过敏", "en": "Allergies"},
        "rules": [{"code": "max_length", "value": "6"}],
    },
]
ASK = """INSERT INTO profile_template (id, brand_id, version, document, created_at, updated_at, swept_at)
SELECT gen_random_uuid(), brand_id, version + 1,
  jsonb_set(document, '{fields}', document -> 'fields' || $1::text::jsonb), now(), now(), now()
FROM profile_template ORDER BY version DESC LIMIT 1"""
ARCHIVE = """INSERT INTO profile_template (id, brand_id, version, document, created_at, updated_at, swept_at)
SELECT gen_random_uuid(), brand_id, version + 1, jsonb_set(document, '{fields}', (
    SELECT jsonb_agg(
      CASE WHEN $1::text::jsonb ? (f ->> 'key') THEN f || jsonb_build_object('archived_at', now()) ELSE f END)
    FROM jsonb_array_elements(document -> 'fields') f)), now(), now(), now()
FROM profile_template ORDER BY version DESC LIMIT 1"""
SAID = "SELECT custom_values::text FROM dependant WHERE customer_id = $1"


@pytest.fixture
async def asked_of_children(shop: Site) -> AsyncIterator[None]:
    """Head office asks so as long as the test lasts: the shop is everybody's."""
    await shop.fetch(ASK, json.dumps(OWN_FIELDS))
    yield
    await shop.fetch(ARCHIVE, json.dumps(["feeding", "allergy"]))


async def test_a_child_is_entered_offline_born_in_one_tap_and_silenced_with_an_undo(
    browser: Browser, shop: Site, guide: Guide
) -> None:
    customer = await shop.value(CHILDLESS, "+86" + guide.phone)
    today = shop.now.astimezone(ZoneInfo(TIMEZONE)).date()
    async with phone(browser, shop) as page:
        eyes = Eyes(page, "zh", [("light", PHONE), ("dark", TABLET)])
        await sign_in(page, guide.phone)
        await ready_for_no_network(page)
        await page.goto(f"/customers/{customer}")
        await page.get_by_role("button", name="加宝宝").wait_for()
        await eyes.look("children-none")
        await entered_offline_with_a_due_date(page, eyes, today + timedelta(days=20))
        await born_in_one_tap(page, eyes)
        await silenced_after_an_undo(page, eyes)
        rows = [tuple(row) for row in await shop.fetch(CHILDREN, customer)]
        assert rows == [("小满", today, None, True, False)]
        await removed_and_taken_back(page)
        assert not eyes.troubles, "\n".join(eyes.troubles)


async def on_a_phone(page: Page) -> None:
    """As before somebody looked at it in other sizes."""
    await page.set_viewport_size({"width": 390, "height": 844})


async def entered_offline_with_a_due_date(page: Page, eyes: Eyes, due: date) -> None:
    await on_a_phone(page)
    await page.context.set_offline(True)
    await page.get_by_role("button", name="加宝宝").tap()
    await page.locator("input[name=child-day]").fill(due.isoformat())
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


async def born_in_one_tap(page: Page, eyes: Eyes) -> None:
    await on_a_phone(page)
    await page.get_by_role("button", name="已出生").tap()
    await all_sent(page)
    await expect(page.locator(".childrow")).to_contain_text("今天出生 · 42 天")
    await eyes.look("child-born")


async def silenced_after_an_undo(page: Page, eyes: Eyes) -> None:
    await on_a_phone(page)
    await page.locator(".childrow .item").tap()
    switch = page.get_by_role("switch", name="成长提醒")
    await switch.tap()
    await expect(switch).to_have_attribute("aria-checked", "false")
    await page.get_by_role("button", name="撤销").tap()
    await expect(switch).to_have_attribute("aria-checked", "true")
    await switch.tap()
    await all_sent(page)
    await eyes.look("child-stopped")
    await on_a_phone(page)
    await page.keyboard.press("Escape")
    await expect(page.locator(".childrow")).to_contain_text("不再提起")


async def removed_and_taken_back(page: Page) -> None:
    await page.locator(".childrow .item").tap()
    await page.get_by_role("button", name="不记这个宝宝了").tap()
    await expect(page.locator(".childrow")).to_have_count(0)
    await page.get_by_role("button", name="撤销").tap()
    await all_sent(page)
    await expect(page.locator(".childrow")).to_contain_text("小满")


async def test_what_head_office_asks_about_children_is_filled_in_and_changed(
    browser: Browser, shop: Site, guide: Guide, asked_of_children: None
) -> None:
    customer = await shop.value(CHILDLESS, "+86" + guide.phone)
    today = shop.now.astimezone(ZoneInfo(TIMEZONE)).date()
    async with phone(browser, shop) as page:
        eyes = Eyes(page, "zh", [("light", PHONE), ("dark", TABLET)])
        await sign_in(page, guide.phone)
        await ready_for_no_network(page)
        await page.goto(f"/customers/{customer}")
        await page.get_by_role("button", name="加宝宝").tap()
        await page.get_by_role("radio", name="母乳").wait_for()
        await page.context.set_offline(True)
        dialog = page.get_by_role("dialog")
        await page.locator("input[name=child-day]").fill((today - timedelta(days=60)).isoformat())
        await dialog.get_by_role("textbox", name="过敏").fill("牛奶和鸡蛋还有花生")
        await dialog.get_by_role("button", name="存好").tap()
        await expect(dialog.get_by_role("alert")).to_have_count(2)
        await expect(dialog).to_contain_text("喂养方式要填上")
        await eyes.look("child-own")
        await dialog.get_by_text("母乳", exact=True).tap()
        await dialog.get_by_role("textbox", name="过敏").fill("鸡蛋")
        await dialog.get_by_role("button", name="存好").tap()
        await page.locator(".childrow .item").tap()
        await expect(dialog.get_by_role("radio", name="母乳")).to_be_checked()  # from the write that waits
        await page.keyboard.press("Escape")
        assert [one.split()[0] for one in await waiting(page)] == ["AddDependant"]
        await page.context.set_offline(False)
        await all_sent(page)
        assert json.loads(str(await shop.value(SAID, customer))) == {"feeding": "breast", "allergy": "鸡蛋"}
        async with in_english(page, shop, guide.phone, eyes.views) as english:
            await page.reload()
            await page.locator(".childrow .item").tap()
            await expect(dialog.get_by_role("radio", name="Breast")).to_be_checked()
            await english.look("child-own")
            await on_a_phone(page)
            await page.keyboard.press("Escape")
        await page.reload()
        await page.locator(".childrow .item").tap()
        await dialog.get_by_text("奶粉", exact=True).tap()
        await expect(dialog.get_by_role("textbox", name="过敏")).to_have_value("鸡蛋")
        await dialog.get_by_role("textbox", name="过敏").fill("")
        await eyes.look("child-own-again")
        await dialog.get_by_role("button", name="存好").tap()
        await all_sent(page)
        assert json.loads(str(await shop.value(SAID, customer))) == {"feeding": "formula"}
        assert not eyes.troubles, "\n".join(eyes.troubles)
