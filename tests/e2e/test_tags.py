"""Head office keeps its tags and tags a whole segment; a guide tags in two taps, without a network too."""

import re

from playwright.async_api import Browser, Page, expect

from shuke.app.demo.people import STAFF
from shuke.domains.identity.types import Role
from tests.e2e.conftest import DEMO_GUIDE, Site, phone, sign_in
from tests.e2e.looking import TABLET, VIEWS, Eyes, in_english
from tests.e2e.steps import all_sent, ready_for_no_network
from tests.e2e.test_card_template import chain as chain
from tests.e2e.test_card_template import draw, middle

BOSS = next(one for one in STAFF if one.role is Role.HQ)
HERS = """
SELECT c.id FROM customer c JOIN staff s ON s.id = c.guide_id
WHERE s.phone LIKE '%' || $1 AND c.merged_into_id IS NULL AND NOT EXISTS (
  SELECT FROM customer_tag x WHERE x.customer_id = c.id AND x.removed_at IS NULL)
  AND NOT EXISTS (SELECT FROM segment_member m WHERE m.customer_id = c.id AND m.left_at IS NULL
    AND m.segment_id IN (SELECT segment_id FROM tag))
ORDER BY c.id LIMIT 1
"""
NOW = """
SELECT string_agg(t.name, ' ' ORDER BY t.name) FROM customer_tag x JOIN tag t ON t.id = x.tag_id
WHERE x.customer_id = $1 AND x.removed_at IS NULL
"""
HANDLE = ".tagrows li:has-text('{}') .draghandle"


async def rows_of(page: Page, group: str) -> list[str]:
    section = page.locator(".fieldgroup").filter(has=page.get_by_role("heading", name=re.compile(f"^{group}")))
    return [text.strip() for text in await section.locator("li .t").all_inner_texts()]


async def open_her(page: Page, key: object) -> None:
    await page.goto(f"/customers/{key}")
    await page.locator(".tagsection").wait_for()


async def test_a_guide_tags_in_two_taps_and_takes_it_back(browser: Browser, chain: Site) -> None:
    her = (await chain.fetch(HERS, DEMO_GUIDE.phone))[0][0]
    async with phone(browser, chain) as page:
        await sign_in(page, DEMO_GUIDE.phone)
        eyes = Eyes(page, "tags", VIEWS)
        await open_her(page, her)
        await page.locator(".tagsection").get_by_role("button", name="打标签").tap()
        sheet = page.get_by_role("dialog")
        await sheet.get_by_role("button", name="双胞胎").tap()
        await expect(sheet.get_by_role("button", name="双胞胎")).to_have_attribute("aria-pressed", "true")
        await eyes.look("tags-picker")
        await sheet.get_by_role("button", name="配方奶").tap()
        await sheet.get_by_role("button", name="母乳", exact=True).tap()
        await expect(sheet.get_by_role("status")).to_contain_text("原来是「配方奶」")
        await sheet.get_by_role("button", name="关上").tap()
        await all_sent(page)
        assert (await chain.fetch(NOW, her))[0][0] == "双胞胎 母乳"
        await page.reload()
        await expect(page.locator(".tagline .chip")).to_have_text(["母乳", "双胞胎"])
        await eyes.look("tags-on-her-page")
        await page.locator(".tagline").get_by_role("button", name="双胞胎").tap()
        await expect(page.get_by_role("dialog")).to_contain_text("打上")
        await eyes.look("tags-why")
        await page.get_by_role("dialog").get_by_role("button", name="去掉这个标签").tap()
        await expect(page.locator(".tagline .chip")).to_have_text(["母乳"])
        await all_sent(page)
        assert (await chain.fetch(NOW, her))[0][0] == "母乳"
        assert not eyes.troubles, "\n".join(eyes.troubles)


async def test_what_is_tagged_without_a_network_is_sent_later(browser: Browser, chain: Site) -> None:
    her = (await chain.fetch(HERS, DEMO_GUIDE.phone))[0][0]
    async with phone(browser, chain) as page:
        await sign_in(page, DEMO_GUIDE.phone)
        await ready_for_no_network(page)
        await open_her(page, her)
        await page.locator(".tagsection").get_by_role("button", name="打标签").tap()
        sheet = page.get_by_role("dialog")
        await sheet.get_by_role("button", name="双胞胎").wait_for()
        await page.context.set_offline(True)
        await sheet.get_by_role("button", name="双胞胎").tap()
        await sheet.get_by_role("button", name="关上").tap()
        await expect(page.locator(".tagline .chip")).to_have_text(["双胞胎"])
        assert (await chain.fetch(NOW, her))[0][0] is None
        await page.context.set_offline(False)
        await all_sent(page)
        assert (await chain.fetch(NOW, her))[0][0] == "双胞胎"


async def test_head_office_keeps_its_tags_and_tags_a_segment_with_an_undo(browser: Browser, chain: Site) -> None:
    async with phone(browser, chain, viewport=TABLET) as page:
        await sign_in(page, BOSS.phone)
        await page.goto("/me")
        await page.get_by_role("link", name="标签").click()
        eyes = Eyes(page, "tags-office", VIEWS)
        await page.locator(".fieldgroup").first.wait_for()
        await eyes.look("tags-manager")
        assert await rows_of(page, "喂养方式") == ["母乳", "配方奶", "混合喂养"]
        handle = page.locator(HANDLE.format("要发票"))
        await handle.evaluate("one => one.scrollIntoView({ block: 'center' })")
        await draw(page, await middle(handle), page.locator(HANDLE.format("早产")))
        await expect(page.locator(".fieldgroup").nth(1).locator("li .t")).to_have_text(
            ["双胞胎", "要发票", "早产", "乳糖不耐"]
        )
        section = page.locator(".fieldgroup").filter(has=page.get_by_role("heading", name="服务"))
        await section.get_by_role("button", name="加标签").click()
        sheet = page.get_by_role("dialog")
        await sheet.get_by_label("标签的名称").fill("请来试用")
        await eyes.look("tags-new")
        await sheet.get_by_role("button", name="存好").click()
        await expect(page.get_by_role("dialog")).to_have_count(0)
        await page.get_by_role("button", name="给一批客人打标签").click()
        sheet = page.get_by_role("dialog")
        await sheet.get_by_label("打哪个标签").select_option(label="请来试用")
        await sheet.get_by_label("给谁").select_option(label="一家店的")
        await expect(sheet.get_by_role("status").first).to_contain_text("会看到")
        await eyes.look("tags-bulk")
        await sheet.get_by_role("button", name="打上标签").click()
        batches = page.get_by_role("region", name="最近一批一批打的")
        await expect(batches.locator(".t").first).to_contain_text("打上了「请来试用」")
        await eyes.look("tags-done")
        await batches.get_by_role("button", name="撤销").first.click()
        await expect(batches.locator(".d").first).to_contain_text("已撤销")
        await page.locator(".tagrows").get_by_text("请来试用").click()
        sheet = page.get_by_role("dialog")
        await sheet.get_by_text("并到另一个标签里").click()
        await sheet.get_by_label("并到哪个标签").select_option(label="爱参加活动")
        await eyes.look("tags-merge")
        await sheet.get_by_role("button", name="合并", exact=True).click()
        await expect(page.locator(".tagrows").get_by_text("请来试用")).to_have_count(0)
        assert not eyes.troubles, "\n".join(eyes.troubles)
        async with in_english(page, chain, BOSS.phone, VIEWS) as english:
            await page.goto("/tags")
            await page.get_by_role("button", name="Tag many customers").wait_for()
            await english.look("tags-manager")
            await page.locator(".tagrows li .t").first.click()
            await page.get_by_role("dialog").wait_for()
            await english.look("tags-one")


async def test_no_tags_yet_and_no_answer_say_what_to_do(browser: Browser, chain: Site) -> None:
    async with phone(browser, chain) as page:
        await sign_in(page, BOSS.phone)
        eyes = Eyes(page, "tags-office", VIEWS)
        async with in_english(page, chain, BOSS.phone, VIEWS) as english:
            await page.route("**/graphql", lambda route: route.abort())
            await page.goto("/tags")
            await page.get_by_role("button", name="Try again").wait_for()
            await english.look("tags-unreachable")
            await page.unroute("**/graphql")
            await page.get_by_role("button", name="Try again").tap()
            await page.locator(".tagrows").first.wait_for()
        await chain.fetch("UPDATE tag SET archived_at = now()")
        await chain.fetch("UPDATE tag_group SET archived_at = now()")
        await page.goto("/tags")
        await expect(page.locator(".empty")).to_be_visible()
        await expect(page.get_by_role("button", name="给一批客人打标签")).to_have_count(0)
        await eyes.look("tags-none")
        await page.locator(".newgroup").tap()
        await page.get_by_role("dialog").get_by_label("标签组的名称").fill("称呼")
        await page.get_by_role("dialog").get_by_role("button", name="存好").tap()
        await expect(page.get_by_role("heading", name="称呼")).to_be_visible()
        assert not eyes.troubles, "\n".join(eyes.troubles)
