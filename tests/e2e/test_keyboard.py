"""Guide's and manager's main jobs without a finger or a mouse: keys alone, by the names that a screen reader says."""

import re

from playwright.async_api import Browser, Locator, Page, expect

from tests.e2e.conftest import Guide, Site, phone
from tests.e2e.looking import TABLET
from tests.e2e.steps import all_sent
from tests.e2e.test_board import OWNER, counter, make_late

FOCUS = """() => {
  const at = document.activeElement
  return { tag: at.tagName, inside: !!at.closest('dialog'), words: at.ariaLabel ?? at.textContent.trim() }
}"""
MOST_LATE = """SELECT t.id FROM task t JOIN staff s ON s.id = t.assignee_id
WHERE s.phone = $1 AND t.state = 'open' ORDER BY t.due_at, t.id LIMIT 1"""
MOST = 60
"""So many presses of Tab reach anything on a screen, or it cannot be reached."""
SAID = """() => {
  window.said = []
  const told = region => { const words = region.textContent.trim(); if (words) window.said.push(words) }
  new MutationObserver(changes => {
    for (const { target } of changes) {
      const region = (target.nodeType === 1 ? target : target.parentElement)?.closest('[role=status], [aria-live]')
      if (region) told(region)
    }
  }).observe(document.body, { subtree: true, childList: true, characterData: true })
}"""
"""Notes what comes into live regions that are there already: what comes with its region may be said by nobody."""


async def tab_to(page: Page, target: Locator, key: str = "Tab") -> None:
    """Presses Tab until it is focused."""
    await target.wait_for()
    for _ in range(MOST):
        if await target.evaluate("element => element === document.activeElement"):
            await expect(target).to_be_focused()
            return
        await page.keyboard.press(key)
    raise AssertionError(f"no {key} reaches {target}")


async def press(page: Page, role: str, name: str, key: str = "Enter") -> None:
    target = page.get_by_role(role, name=name, exact=True)  # type: ignore[arg-type]
    await tab_to(page, target)
    await page.keyboard.press(key)


async def says(page: Page, words: str) -> None:
    """A live region said it."""
    await expect(page.locator("body")).to_contain_text(words)
    assert any(words in said for said in await page.evaluate("said")), await page.evaluate("said")


async def sign_in_by_keys(page: Page, guide: Guide) -> None:
    await page.goto("/")
    await tab_to(page, page.get_by_role("textbox", name="手机号"))
    await page.keyboard.type(guide.phone)
    await tab_to(page, page.get_by_label("密码", exact=True))
    await page.keyboard.type(guide.password)
    await page.keyboard.press("Enter")
    await page.locator(".today .columns").wait_for()
    await page.evaluate(SAID)


async def test_a_day_and_a_new_customer_by_keys_alone(browser: Browser, shop: Site, guide: Guide) -> None:
    async with phone(browser, shop, has_touch=False) as page:
        await sign_in_by_keys(page, guide)
        heading = page.get_by_role("heading", level=1)
        left = await heading.inner_text()
        name = await page.get_by_role("article").get_attribute("aria-label")

        await press(page, "button", "记结果")
        await page.get_by_role("dialog").wait_for()
        await page.keyboard.press("Escape")
        await focus_is_back(page, "记结果")
        await press(page, "button", "记结果")
        sheet = page.get_by_role("dialog", name=re.compile("聊得怎么样"))
        await focus_stays_in(page, sheet)
        await tab_to(page, sheet.get_by_role("group", name="结果").get_by_role("button", name="接通", exact=True))
        await page.keyboard.press("Space")
        await says(page, "已记「接通」")
        await expect(sheet.get_by_role("button", name="接通", exact=True, pressed=True)).to_be_visible()
        await tab_to(page, sheet.get_by_role("button", name="撤销"))
        await page.keyboard.press("Enter")
        await expect(sheet.get_by_role("button", pressed=True)).to_have_count(0)
        await says(page, "已撤销")
        await page.keyboard.press("Escape")
        await expect(heading).to_be_focused()  # the button that opened the sheet went with the card and came anew
        await expect(heading).to_have_text(left)
        await expect(page.get_by_role("article", name=name or "")).to_be_visible()

        await press(page, "button", "记结果")
        await tab_to(page, page.get_by_role("button", name="拒绝", exact=True))
        await page.keyboard.press("Enter")
        await page.keyboard.press("Escape")
        await expect(heading).not_to_have_text(left)
        await expect(heading).to_be_focused()
        await expect(page.get_by_role("list", name="今天联系过的")).to_contain_text(name or "")
        await all_sent(page)

        await new_customer_by_keys(page)
        await all_sent(page)
    made = "SELECT c.gender FROM customer c JOIN staff g ON g.id = c.guide_id WHERE c.name = '季青' AND g.phone = $1"
    assert await shop.value(made, "+86" + guide.phone) == "female"


async def new_customer_by_keys(page: Page) -> None:
    await tab_to(page, page.get_by_role("navigation", name="主导航").get_by_role("link", name="新客户"))
    await page.keyboard.press("Enter")
    await press(page, "button", "存好")
    number = page.get_by_role("textbox", name=re.compile("^手机号"))
    await expect(number).to_be_focused()  # what is missing, with its reason
    await expect(number).to_have_accessible_description(re.compile("要有手机号"))
    await page.keyboard.type("13499994401")
    await tab_to(page, page.get_by_role("textbox", name="姓名"))
    await page.keyboard.type("季青")
    await tab_to(page, page.get_by_role("radiogroup", name="性别").get_by_role("radio").first)
    await page.keyboard.press("Space")
    await expect(page.get_by_role("radio", name="女", exact=True)).to_be_checked()
    await press(page, "button", "存好")
    await expect(page.get_by_role("heading", level=1)).to_contain_text("季青")
    await says(page, "存好了")


async def focus_stays_in(page: Page, sheet: Locator) -> None:
    """It comes into the sheet by itself and goes round in it (past the browser's own bar), never to the page behind."""
    await sheet.wait_for()
    assert (await page.evaluate(FOCUS))["inside"], await page.evaluate(FOCUS)
    seen = set()
    for key in ["Tab"] * 14 + ["Shift+Tab"] * 14:
        await page.keyboard.press(key)
        at = await page.evaluate(FOCUS)
        assert at["inside"] or at["tag"] == "BODY", at
        seen.add(at["words"])
    assert {"关上", "接通", "不是本人"} <= seen, seen


async def focus_is_back(page: Page, name: str) -> None:
    await expect(page.get_by_role("dialog")).to_have_count(0)
    await expect(page.get_by_role("button", name=name, exact=True)).to_be_focused()


async def test_a_note_and_an_edit_give_the_focus_back(browser: Browser, shop: Site, guide: Guide) -> None:
    async with phone(browser, shop, has_touch=False) as page:
        await sign_in_by_keys(page, guide)
        await tab_to(page, page.get_by_role("article").get_by_role("link"))
        await page.keyboard.press("Enter")
        await press(page, "button", "记一笔")
        sheet = page.get_by_role("dialog", name=re.compile("^记一笔"))
        await tab_to(page, sheet.get_by_role("textbox", name="记什么"))
        await page.keyboard.type("钥匙记的")
        await tab_to(page, sheet.get_by_role("button", name="存好", exact=True))
        await page.keyboard.press("Enter")
        await focus_is_back(page, "记一笔")
        await says(page, "记好了")
        await expect(page.locator(".tl")).to_contain_text("钥匙记的")
        await press(page, "button", "返回")
        await expect(page.get_by_role("article")).to_be_visible()


async def test_a_manager_gives_a_card_and_takes_it_back_by_keys_alone(browser: Browser, shop: Site) -> None:
    store = counter(5)
    await make_late(shop, store.away, 1)
    card = await shop.value(MOST_LATE, "+86" + store.away.phone)
    async with phone(browser, shop, has_touch=False, viewport=TABLET) as page:
        await sign_in_by_keys(page, Guide(store.manager.name, store.manager.phone))
        await press(page, "link", "看板")
        await tab_to(page, page.get_by_role("button", name=re.compile(f"^{store.away.name} 迟了")))
        await page.keyboard.press("Enter")
        pane = page.get_by_role("complementary", name="迟了的人")
        await tab_to(page, pane.get_by_role("checkbox", name=re.compile("^选上")).first)
        await page.keyboard.press("Space")
        await tab_to(page, pane.get_by_role("button", name=re.compile(f"^{store.here.name}")))
        await page.keyboard.press("Enter")
        await says(page, f"1 位转给{store.here.name}")
        await all_sent(page)
        assert await shop.value(OWNER, [card]) == store.here.name
        await press(page, "button", "撤销")
        await says(page, "放回去了")
        await all_sent(page)
        assert await shop.value(OWNER, [card]) == store.away.name
