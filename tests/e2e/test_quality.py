"""How complete cards were, of stores and people, as a line that is said as well; queues of one store of many."""

import re

from playwright.async_api import Browser, Page, expect

from shuke.app.demo.people import STAFF
from shuke.domains.identity.types import Role
from tests.e2e.conftest import Guide, Site, phone, sign_in
from tests.e2e.looking import VIEWS, Eyes, in_english

PAIRS = """SELECT s.name, count(DISTINCT p.id) FROM duplicate_pair p JOIN customer a ON a.id = p.a_id
  JOIN customer b ON b.id = p.b_id JOIN store s ON s.id IN (a.store_id, b.store_id) WHERE p.state = 'open'
  GROUP BY 1 ORDER BY 2, 1 LIMIT 1"""

# where customers of nobody have been counted for days: one who came today has no line yet
LINED = """SELECT s.name FROM quality_day d JOIN store s ON s.id = d.store_id WHERE d.guide_id IS NULL
GROUP BY 1 HAVING count(DISTINCT d.day) > 1 ORDER BY 1 LIMIT 1"""
POOL = """SELECT sum(d.score)::float8 / sum(d.customers) FROM quality_day d JOIN store s ON s.id = d.store_id
WHERE s.name = $1 AND d.guide_id IS NULL GROUP BY d.day ORDER BY d.day DESC LIMIT 30"""


async def line(page: Page, whose: str) -> str:
    """What the picture of this region says."""
    drawn = page.get_by_role("region", name=whose, exact=True).get_by_role("img")
    await expect(drawn).to_be_visible()
    return await drawn.get_attribute("aria-label") or ""


async def test_a_line_over_time_of_the_chain_a_store_and_a_person(browser: Browser, shop: Site) -> None:
    boss = next(one for one in STAFF if one.role is Role.HQ)
    async with phone(browser, shop) as page:
        eyes = Eyes(page, "zh", VIEWS)
        await sign_in(page, boss.phone)
        await page.goto("/board")
        await page.get_by_role("link", name="走势").tap()
        await expect(page).to_have_url(f"{shop.address}/quality")
        assert re.search(r"所有门店：\S+ \d+%，\S+ \d+%；最低 \d+%，最高 \d+%", await line(page, "所有门店"))
        await eyes.look("quality")
        ((store,),) = await shop.fetch(LINED)
        await page.locator(".qualityrows").get_by_role("button", name=store, exact=True).tap()
        await expect(page).to_have_url(re.compile(r"/quality\?store="))
        of_store = await line(page, store)
        await expect(page.get_by_label("门店", exact=True)).not_to_have_value("")
        person = page.locator(".qualityrows .rowname").first
        name = (await person.inner_text()).strip()
        await person.tap()
        assert await line(page, name) != of_store
        await page.reload()  # known by the address alone
        await line(page, name)
        await page.get_by_text("看数字").tap()
        await expect(page.get_by_role("row")).not_to_have_count(0)
        await eyes.look("quality-person")
        await page.go_back()
        assert await line(page, store) == of_store
        await page.get_by_role("button", name="门店公共").tap()
        await expect(page).to_have_url(re.compile(r"pool=1"))
        drawn = [int(percent) for percent in re.findall(r"(\d+)%", await line(page, f"{store} · 门店公共"))]
        days = [float(row[0]) for row in await shop.fetch(POOL, store)]
        assert abs(drawn[-2] - min(days)) < 1 and abs(drawn[-1] - max(days)) < 1  # may be all but the store's own
        await page.reload()
        await expect(page.get_by_role("button", name="门店公共", pressed=True)).to_be_visible()
        await page.get_by_role("button", name=store, exact=True).tap()
        assert await line(page, store) == of_store
        await page.get_by_role("button", name="90 天").tap()
        await line(page, store)
        async with in_english(page, shop, boss.phone, VIEWS) as english:
            await page.goto("/quality?by=guide")
            assert "lowest" in await line(page, "All stores")
            await english.look("quality")
        assert not eyes.troubles, "\n".join(eyes.troubles)


async def test_queues_of_one_store_of_many(browser: Browser, shop: Site) -> None:
    boss = next(one for one in STAFF if one.role is Role.HQ)
    store, count = (await shop.fetch(PAIRS))[0]
    async with phone(browser, shop) as page:
        eyes = Eyes(page, "zh", VIEWS)
        await sign_in(page, boss.phone)
        await page.goto("/duplicates")
        await page.get_by_label("门店", exact=True).select_option(label=store)
        await expect(page).to_have_url(re.compile(r"/duplicates\?store="))
        await expect(page.locator(".pairs li")).to_have_count(count)
        await page.reload()
        await expect(page.locator(".pairs li")).to_have_count(count)
        await eyes.look("duplicates-of-a-store")
        await page.goto("/clean")
        await page.get_by_label("门店", exact=True).select_option(label=store)
        await expect(page).to_have_url(re.compile(r"/clean\?store="))
        await expect(page.get_by_role("region", name=store, exact=True)).to_be_visible()
        await expect(page.locator(".cleancard, .clean .empty")).to_be_visible()
        await eyes.look("clean-of-a-store")
        assert not eyes.troubles, "\n".join(eyes.troubles)


async def test_a_guide_sees_how_her_own_customers_came_along(browser: Browser, shop: Site, guide: Guide) -> None:
    async with phone(browser, shop) as page:
        await sign_in(page, guide.phone)
        await page.goto("/clean?mine=1")
        assert "我的客户" in await line(page, "我的客户")
        await expect(page.get_by_label("门店", exact=True)).to_have_count(0)
