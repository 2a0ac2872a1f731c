"""The clean day in a real browser: three mended, one no problem, one taken back, one put off by a finger."""

from playwright.async_api import Browser, Page, expect

from tests.e2e.conftest import PHONE, Guide, Site, phone, sign_in
from tests.e2e.looking import TABLET, Eyes
from tests.e2e.steps import all_sent, waiting

MESS = """WITH hers AS (SELECT c.id FROM customer c JOIN staff s ON s.id = c.guide_id WHERE s.phone = $1
  AND c.merged_into_id IS NULL ORDER BY c.id DESC LIMIT 6), others AS (
  UPDATE customer SET problems = '{}' FROM staff s WHERE s.id = guide_id AND s.phone = $1
    AND customer.id NOT IN (SELECT id FROM hers))
UPDATE customer SET birthday = '1990-01-01', problems = '{default_birthday}' FROM hers WHERE customer.id = hers.id"""
STAND = """SELECT c.birthday, c.problems, (SELECT count(*) FROM dismissed_problem d WHERE d.customer_id = c.id)
FROM customer c JOIN staff s ON s.id = c.guide_id WHERE s.phone = $1 ORDER BY c.id DESC LIMIT 6"""


async def test_three_are_mended_one_is_fine_one_is_taken_back_and_one_put_off(
    browser: Browser, shop: Site, guide: Guide
) -> None:
    await shop.fetch(MESS, "+86" + guide.phone)
    async with phone(browser, shop) as page:
        eyes = Eyes(page, "zh", [("light", PHONE), ("dark", PHONE), ("light", TABLET), ("dark", TABLET)])
        await sign_in(page, guide.phone)
        await page.goto("/customers")
        await page.get_by_role("link", name="6 位待清理").click()
        await expect(page).to_have_url("/clean?mine=1")
        await expect(page.get_by_role("article")).to_contain_text("生日像是随手填的")
        await eyes.look("clean")
        await page.set_viewport_size(TABLET)  # type: ignore[arg-type]
        mended = [await fix(page, f"1991-05-0{n}", n) for n in (1, 2, 3)]
        assert len(set(mended)) == 3
        await expect(page.get_by_role("region", name="今天谁修好了多少")).to_contain_text("我修好 3")
        await page.get_by_role("heading", name="生日像是随手填的").press("ArrowRight")
        await expect(page.get_by_text("已处理 4 / 6").first).to_be_visible()
        fifth = await fix(page, "1991-05-05", 5)
        await page.get_by_role("button", name="撤销").click()
        await expect(page.get_by_text("已处理 4 / 6").first).to_be_visible()
        assert await name_of(page) == fifth
        await page.get_by_role("button", name="改好，下一个").click()
        await expect(page.get_by_text("填上再下一个")).to_be_visible()
        await page.locator("input[name=mend]").fill("2090-01-01")
        await expect(page.get_by_role("alert")).to_contain_text("还没到这天")
        await eyes.look("clean-wrong")
        await swipe(page, -180)
        await expect(page.get_by_role("article").get_by_text(fifth, exact=True)).to_have_count(0)
        await swipe(page, -180)
        await expect(page.get_by_role("heading", name="这一轮都看过了")).to_be_visible()
        await eyes.look("clean-round")
        await all_sent(page)
        assert await waiting(page) == []
        rows = [(row[0], list(row[1]), row[2]) for row in await shop.fetch(STAND, "+86" + guide.phone)]
        assert [row[0] for row in rows[:3]] == ["1991-05-01", "1991-05-02", "1991-05-03"]
        assert rows[3:] == [
            ("1990-01-01", [], 1),
            *[("1990-01-01", ["default_birthday"], 0)] * 2,
        ]
        await page.get_by_role("button", name="再来一遍").click()
        assert await name_of(page) == fifth
        assert not eyes.troubles, "\n".join(eyes.troubles)


async def fix(page: Page, day: str, done: int) -> str:
    """Mends the card on top; whose it was."""
    name = await name_of(page)
    await page.locator("input[name=mend]").fill(day)
    await page.get_by_role("button", name="改好，下一个").click()
    await expect(page.get_by_text(f"已处理 {done} / 6").first).to_be_visible()
    return name


async def name_of(page: Page) -> str:
    return await page.locator(".cleancard .name").inner_text()


async def swipe(page: Page, far: int) -> None:
    await page.set_viewport_size(PHONE)  # type: ignore[arg-type]
    box = await page.locator(".cleancard h2").bounding_box()
    assert box
    x, y = box["x"] + box["width"] - 40, box["y"] + box["height"] / 2
    await page.mouse.move(x, y)
    await page.mouse.down()
    await page.mouse.move(x + far / 2, y + 4)
    await page.mouse.move(x + far, y + 8)
    await page.mouse.up()
