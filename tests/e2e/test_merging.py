"""A manager finds two archives of one person, makes them one, and parts them again."""

import pytest
from playwright.async_api import Browser, Page, expect

from shuke.app.demo.people import STAFF
from shuke.domains.identity.types import Role
from tests.e2e.conftest import PHONE, Site, phone, sign_in
from tests.e2e.looking import TABLET, Eyes

SPEAKS = "UPDATE staff SET locale = $2 WHERE phone = $1"
VIEWS = {"zh": [("light", PHONE), ("dark", TABLET)], "en": [("dark", PHONE), ("light", TABLET)]}
WORDS = {
    "zh": ("合并成一份", "合并好了", "拆开", "拆成两份", "疑似重复"),
    "en": ("Merge into one", "Merged", "Part", "Make two again", "Possible duplicates"),
}


@pytest.mark.parametrize("language", ["zh", "en"])
async def test_two_archives_become_one_and_are_parted_again(browser: Browser, shop: Site, language: str) -> None:
    boss = next(one for one in STAFF if one.role is Role.HQ)
    await shop.fetch(SPEAKS, "+86" + boss.phone, "zh-CN" if language == "zh" else "en")
    merge, merged, part, two, title = WORDS[language]
    async with phone(browser, shop, locale="zh-CN" if language == "zh" else "en-GB") as page:
        await sign_in(page, boss.phone)
        eyes = Eyes(page, language, VIEWS[language])
        await page.goto("/me")
        await page.get_by_role("link", name=title).click()
        await looked(page, eyes, "duplicates", ".pairs li")
        count = await page.locator(".pairs li").count()
        await page.locator(".pairs a").first.click()
        await looked(page, eyes, "compare", ".two .side")
        await page.get_by_role("button", name=merge).click()
        await expect(page.get_by_role("status").get_by_text(merged)).to_be_visible()
        await looked(page, eyes, "merged", ".mergedlines")
        await page.locator(".mergedlines").get_by_role("button", name=part, exact=True).click()
        await looked(page, eyes, "part", ".partask")
        await page.get_by_role("button", name=two).click()
        await expect(page.locator(".mergedlines")).to_have_count(0)
        await page.goto("/duplicates")
        await expect(page.locator(".pairs li")).to_have_count(count)
        assert not eyes.troubles, "\n".join(eyes.troubles)


async def looked(page: Page, eyes: Eyes, name: str, there: str) -> None:
    await expect(page.locator(there).first).to_be_visible()
    await eyes.look(name)
    await page.set_viewport_size(PHONE)  # type: ignore[arg-type]
