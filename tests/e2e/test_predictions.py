"""Head office has predictions made, sees whether they keep their word, and goes on to a customer of whom they speak."""

import re
from urllib.parse import urlsplit

from playwright.async_api import Browser, expect

from shuke.app.demo.people import STAFF
from shuke.domains.identity.types import Role
from tests.e2e.conftest import Site, phone, sign_in
from tests.e2e.looking import VIEWS, Eyes, in_english


async def test_from_models_to_a_customer(browser: Browser, shop: Site) -> None:
    boss = next(one for one in STAFF if one.role is Role.HQ)
    async with phone(browser, shop) as page:
        eyes = Eyes(page, "zh", VIEWS)
        await sign_in(page, boss.phone)
        await page.goto("/board")
        await page.get_by_role("link", name="预测").tap()
        await expect(page).to_have_url(f"{shop.address}/predictions")
        await expect(page.get_by_text("还没有算过")).to_be_visible()
        await eyes.look("predictions-before")
        await page.get_by_role("button", name="现在重算").tap()
        status = page.get_by_role("status").filter(has_text="位客人")
        for _ in range(60):
            if await status.count():
                break
            await page.wait_for_timeout(1000)
            await page.reload()
            await page.get_by_role("button", name="回看板").or_(page.locator("h1")).first.wait_for()
        await expect(status).to_be_visible()
        drawn = page.get_by_role("region", name="说得准不准").get_by_role("img")
        said = await drawn.get_attribute("aria-label") or ""
        assert re.search(r"把 \d+ 位客人按把握分成 \d+ 份：最低一份说 \d+%", said)
        await eyes.look("predictions")
        await page.get_by_text("看数字").tap()
        await expect(page.get_by_role("row")).not_to_have_count(0)
        label = page.get_by_role("button", name="潜在复购用户")
        await label.tap()
        await expect(label).to_have_attribute("aria-pressed", "true")
        await page.locator(".predcols .list .item").first.tap()
        await expect(page).to_have_url(re.compile(r"/customers/"))
        card = page.get_by_role("region", name="推算")
        await expect(card).to_be_visible()
        assert 1 <= await card.get_by_role("listitem").count() <= 3  # one where recency alone decides
        await card.scroll_into_view_if_needed()
        await eyes.look("predictions-customer")
        tag = page.get_by_role("region", name="标签").get_by_role("button", name="潜在复购用户")
        for _ in range(20):  # everybody's tags follow the run
            if await tag.count():
                break
            await page.wait_for_timeout(1000)
            await page.reload()
            await expect(card).to_be_visible()
        await expect(card.get_by_text("潜在复购用户")).to_have_count(0)  # the tag says so
        await tag.tap()
        await expect(card).to_be_focused()
        await expect(page.get_by_role("dialog")).to_have_count(0)
        await eyes.look("predictions-from-tag")
        her = urlsplit(page.url).path
        async with in_english(page, shop, boss.phone, VIEWS) as english:
            await page.goto("/predictions")
            await page.get_by_role("button", name="Compute now").wait_for()
            await english.look("predictions")
            await page.goto(her)
            await page.get_by_role("region", name="A guess").scroll_into_view_if_needed()
            await english.look("predictions-customer")
        assert not eyes.troubles, "\n".join(eyes.troubles)
