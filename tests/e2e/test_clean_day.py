"""The clean day in a real browser: three mended, one no problem, one taken back, one put off by a finger; and what the
customer's form has inputs of its own for, mended on the spot.
"""

import json
from typing import Any

from playwright.async_api import Browser, Page, expect

from tests.e2e.conftest import PHONE, Guide, Site, phone, sign_in
from tests.e2e.looking import TABLET, Eyes, in_english
from tests.e2e.steps import all_sent, waiting
from tests.e2e.test_children import ASK

MESS = """WITH hers AS (SELECT c.id FROM customer c JOIN staff s ON s.id = c.guide_id WHERE s.phone = $1
  AND c.merged_into_id IS NULL ORDER BY c.id DESC LIMIT 6), others AS (
  UPDATE customer SET problems = '{}' FROM staff s WHERE s.id = guide_id AND s.phone = $1
    AND customer.id NOT IN (SELECT id FROM hers))
UPDATE customer SET birthday = '1990-01-01', problems = '{default_birthday}' FROM hers WHERE customer.id = hers.id"""
STAND = """SELECT c.birthday, c.problems, (SELECT count(*) FROM dismissed_problem d WHERE d.customer_id = c.id)
FROM customer c JOIN staff s ON s.id = c.guide_id WHERE s.phone = $1 ORDER BY c.id DESC LIMIT 6"""

OWN_FIELDS = [
    {"key": "budget", "kind": "money", "group": "transactions", "label": {"zh-CN": "每月预算", "en": "Monthly budget"}},
    {"key": "adviser", "kind": "staff", "group": "interaction", "label": {"zh-CN": "营养顾问", "en": "Adviser"}},
    {"key": "outlet", "kind": "store", "group": "interaction", "label": {"zh-CN": "常去的店", "en": "Usual store"}},
    {"key": "sister", "kind": "customer", "group": "relations", "label": {"zh-CN": "她的姐妹", "en": "Her sister"}},
]
FLAWED = """WITH hers AS (SELECT c.id, row_number() OVER (ORDER BY c.id DESC) n FROM customer c JOIN staff s
  ON s.id = c.guide_id WHERE s.phone = $1 AND c.merged_into_id IS NULL ORDER BY c.id DESC LIMIT 4), others AS (
  UPDATE customer SET problems = '{}' FROM staff s WHERE s.id = guide_id AND s.phone = $1
    AND customer.id NOT IN (SELECT id FROM hers))
UPDATE customer SET problems = ARRAY['missing:' || ($2::text[])[hers.n]] FROM hers WHERE customer.id = hers.id"""
KEPT = """SELECT c.custom_values::text, c.problems FROM customer c JOIN staff s ON s.id = c.guide_id
WHERE s.phone = $1 ORDER BY c.id DESC LIMIT 4"""
SISTER = """SELECT c.id, c.name FROM customer c JOIN staff s ON s.id = c.guide_id
WHERE s.phone = $1 AND c.name IS NOT NULL AND c.merged_into_id IS NULL ORDER BY c.id LIMIT 1"""


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
        async with in_english(page, shop, guide.phone, eyes.views) as english:
            await page.goto("/clean?mine=1")
            await expect(page.get_by_role("article")).to_be_visible()
            await english.look("clean")
        await page.goto("/clean?mine=1")
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


async def test_an_amount_a_colleague_a_store_and_a_customer_are_mended_on_the_spot(
    browser: Browser, shop: Site, guide: Guide
) -> None:
    await shop.fetch(ASK, json.dumps(OWN_FIELDS))
    keys = [str(one["key"]) for one in OWN_FIELDS]
    await shop.fetch(FLAWED, "+86" + guide.phone, keys)
    sister = (await shop.fetch(SISTER, "+86" + guide.phone))[0]
    async with phone(browser, shop) as page:
        eyes = Eyes(page, "zh", [("light", PHONE), ("dark", TABLET)])
        await sign_in(page, guide.phone)
        await page.goto("/clean?mine=1")
        box = page.locator(".mendfield")
        for done in range(1, 5):
            problem = await page.locator(".cleancard h2").inner_text()
            if "每月预算" in problem:
                await box.get_by_role("textbox").fill("很多")
                await page.get_by_role("button", name="改好，下一个").click()
                await expect(page.get_by_role("alert")).to_contain_text("要填金额")
                await eyes.look("clean-money")
                await box.get_by_role("textbox").fill("1280.5")
            elif "她的姐妹" in problem:
                await box.get_by_role("searchbox").fill(str(sister["name"]))
                await box.locator(".hits button").first.click()
                await eyes.look("clean-person")
            else:
                await page.get_by_role("button", name="改好，下一个").click()
                await expect(page.get_by_text("填上再下一个")).to_be_visible()
                await box.get_by_role("combobox").select_option(index=1)
                await eyes.look("clean-place")
            await page.get_by_role("button", name="改好，下一个").click()
            await expect(page.get_by_text(f"已处理 {done} / 4").first).to_be_visible()
        await all_sent(page)
        rows = await shop.fetch(KEPT, "+86" + guide.phone)
        found: dict[str, Any] = {}
        for place, row in enumerate(rows):
            assert list(row[1]) == []
            found |= {keys[place]: json.loads(row[0])[keys[place]]}
        assert found["budget"] == 128050
        assert await shop.value("SELECT name FROM customer WHERE id::text = $1", found["sister"]) == sister["name"]
        assert await shop.value("SELECT count(*) FROM staff WHERE id::text = $1", found["adviser"]) == 1
        assert await shop.value("SELECT count(*) FROM store WHERE id::text = $1", found["outlet"]) == 1
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
