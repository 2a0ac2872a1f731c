"""The eight cells: who is in them, what they are called and how they are divided, by head office's own hand."""

import asyncio
import re

from playwright.async_api import Browser, Page, expect

from shuke.app.demo.people import STAFF
from shuke.domains.identity.types import Role
from tests.e2e.conftest import Site, phone, sign_in
from tests.e2e.looking import VIEWS, Eyes, in_english

CONFIG = "SELECT document->'cuts'->'r'->>'value' FROM rfm_config ORDER BY number DESC LIMIT 1"
IN_IT = """SELECT count(*) FROM segment_membership m WHERE m.left_at IS NULL AND m.cell = 'HHH'"""


def staff(role: Role) -> str:
    return next(one.phone for one in STAFF if one.role is role)


async def figure(page: Page, name: str) -> int:
    """How many a cell's card says are in it."""
    card = page.locator(".rfmcard", has=page.get_by_role("heading", name=name, exact=True))
    said = await card.locator(".rfmcount b").inner_text()
    return int(re.sub(r"\D", "", said))


async def until(shop: Site, promised: int) -> None:
    """Waits for the worker, which divides everybody anew."""
    async with asyncio.timeout(60):
        while await shop.value(IN_IT) != promised:
            await asyncio.sleep(0.2)


async def test_cells_are_seen_named_and_divided_anew(browser: Browser, shop: Site) -> None:
    boss = staff(Role.HQ)
    async with phone(browser, shop) as page:
        await sign_in(page, boss)
        await page.goto("/board")
        await page.get_by_role("link", name="看分层").tap()
        await expect(page).to_have_url(f"{shop.address}/rfm")
        await expect(page.locator(".rfmcard")).to_have_count(8)
        assert await figure(page, "高价值") == await shop.value(IN_IT)
        eyes = Eyes(page, "zh", VIEWS)
        await eyes.look("rfm")

        await page.get_by_role("button", name="改高价值的叫法").tap()
        sheet = page.get_by_role("dialog")
        await sheet.get_by_role("group", name="叫什么").get_by_label("中文").fill("金主")
        await eyes.look("rfm-words")
        await sheet.get_by_role("button", name="存好").tap()
        await expect(page.get_by_role("heading", name="金主", exact=True)).to_be_visible()
        await page.get_by_role("link", name=re.compile("金主")).tap()  # its customers, under its own name
        await expect(page).to_have_url(re.compile(r"/customers\?cell=HHH"))
        await expect(page.get_by_text("金主").first).to_be_visible()
        await page.go_back()

        await page.get_by_role("button", name="怎么分").tap()
        recency = sheet.get_by_role("group", name="最近一次来，几天内算高")
        await expect(recency.get_by_text("现在是 90 天以内")).to_be_visible()
        await recency.get_by_label("天", exact=True).fill("99999")  # everybody would be high
        await expect(recency.get_by_role("alert")).to_contain_text("分不出谁是谁")
        await expect(sheet.get_by_role("button", name="存好")).to_be_disabled()
        await eyes.look("rfm-stuck")
        await recency.get_by_role("button", name="改成").tap()
        await expect(recency.get_by_role("alert")).to_have_count(0)
        await recency.get_by_label("天", exact=True).fill("45")
        would = sheet.locator(".wouldbe .segcell", has_text="金主").locator("b")
        await expect(sheet.locator(".wouldbe")).to_have_attribute("aria-busy", "false")
        await expect(recency.get_by_text("现在是 45 天以内")).to_be_visible()
        promised = int((await would.inner_text()).replace(",", ""))
        await eyes.look("rfm-config")
        await sheet.get_by_role("button", name="存好").tap()
        await expect(sheet).to_have_count(0)
        assert await shop.value(CONFIG) == "45"
        await until(shop, promised)
        await page.reload()
        await expect(page.locator(".rfmmoves tbody tr")).not_to_have_count(0)  # who was moved by it
        assert await figure(page, "金主") == promised
        await eyes.look("rfm-moved")

        async with in_english(page, shop, boss, VIEWS) as english:
            await page.goto("/rfm")
            await expect(page.get_by_role("heading", name="Customer cells")).to_have_count(1)
            await english.look("rfm")
            await page.get_by_role("button", name="How it divides").tap()
            await expect(page.get_by_role("dialog").locator(".wouldbe .segcell")).to_have_count(8)
            await english.look("rfm-config")
        assert not eyes.troubles, "\n".join(eyes.troubles)


async def test_who_leads_a_store_sees_cells_and_changes_nothing(browser: Browser, shop: Site) -> None:
    async with phone(browser, shop) as page:
        await sign_in(page, staff(Role.STORE_MANAGER))
        await page.goto("/rfm")
        await expect(page.locator(".rfmcard")).to_have_count(8)
        await expect(page.get_by_role("button", name="怎么分")).to_have_count(0)
        await expect(page.locator(".rfmedit")).to_have_count(0)
