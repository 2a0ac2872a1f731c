"""Every screen and overlay, in both languages, light and dark, on a phone and on a tablet: nothing is out of reach."""

import re
from collections.abc import Callable

import pytest
from playwright.async_api import Browser, Page, expect

from shuke.kit.ids import new_id
from tests.e2e.conftest import Guide, Site, phone, sign_in
from tests.e2e.door import walk
from tests.e2e.looking import VIEWS, Eyes
from tests.e2e.places import route_of, routes, sheets
from tests.e2e.steps import Partner, ready_for_no_network

Word = Callable[[str, str], str]
ELSEWHERE = {"visit", "unfiled", "touch", "code"}
"""Sheets that test_door and test_links look at."""
CREATE = """mutation($i: CreateCustomerInput!) { createCustomer(input: $i) { customer { id } userErrors { code } } }"""
UPDATE = """mutation($i: UpdateCustomerInput!) { updateCustomer(input: $i) { customer { version } } }"""


@pytest.mark.parametrize("language", ["zh", "en"])
async def test_every_screen_is_readable_reachable_and_stays_at_home(
    browser: Browser, shop: Site, guide: Guide, language: str
) -> None:
    chinese = language == "zh"
    await shop.fetch("UPDATE staff SET locale = $2 WHERE phone = $1", "+86" + guide.phone, "zh-CN" if chinese else "en")
    async with phone(browser, shop, locale="zh-CN" if chinese else "en-GB") as page:
        strangers: list[str] = []
        page.context.on("request", lambda asked: note_strangers(shop, asked.url, strangers))
        eyes = Eyes(page, language, VIEWS)
        tour = Tour(page, eyes, lambda zh, en: zh if chinese else en, f"134999{3 if chinese else 4}")
        await tour.sign_in(guide)
        await tour.day()
        await tour.customers()
        await walk(tour)
        await tour.forms()
        await tour.the_rest()
        await tour.without_network()
        assert not eyes.troubles, "\n".join(eyes.troubles)
        assert not strangers, strangers
        known = routes(managers=False)
        assert known - {route_of(path, known) for path in eyes.paths} == set(), "pages nobody looked at: add a step"
        assert sheets(managers=False) - eyes.sheets - ELSEWHERE == set(), "sheets nobody looked at: add a step"


def note_strangers(site: Site, url: str, strangers: list[str]) -> None:
    if not url.startswith((site.address + "/", "data:", "blob:", "tel:")):
        strangers.append(url)


class Tour:
    """A walk through the app; `word` picks the language, `numbers` begins phone numbers that are free."""

    def __init__(self, page: Page, eyes: Eyes, word: Word, numbers: str) -> None:
        self.page, self.eyes, self.word, self.numbers = page, eyes, word, numbers

    async def press(self, zh: str, en: str) -> None:
        await self.page.get_by_role("button", name=self.word(zh, en), exact=True).tap()

    async def close(self) -> None:
        await self.page.keyboard.press("Escape")
        await expect(self.page.get_by_role("dialog")).to_have_count(0)

    async def sign_in(self, guide: Guide) -> None:
        await self.page.goto("/")
        await self.page.locator("input[type=tel]").wait_for()
        await self.eyes.look("sign-in")
        await self.page.locator("input[type=tel]").fill(guide.phone)
        await self.page.locator("input[autocomplete=current-password]").fill("wrong")
        await self.page.locator("button[type=submit]").tap()
        await expect(self.page.locator("[aria-invalid=true]")).to_be_visible()
        await self.eyes.look("sign-in-wrong")
        await sign_in(self.page, guide.phone)
        await ready_for_no_network(self.page)

    async def day(self) -> None:
        await self.eyes.look("today")
        await self.press("记结果", "Outcome")
        await self.page.get_by_role("dialog").wait_for()
        await self.eyes.look("outcome")
        await self.press("约到店", "Visit booked")
        await self.page.locator(".toast").wait_for()
        await self.eyes.look("outcome-chosen")
        await self.press("晚点再打", "Call later")
        await self.eyes.look("outcome-later")
        await self.press("选日子", "Pick a day")
        await self.eyes.look("outcome-own-time")
        await self.close()
        await self.press("记结果", "Outcome")
        await self.press("接通", "Reached")
        await self.close()
        await self.eyes.look("today-after")
        await self.page.locator(".taskrow.done a").first.tap()
        await self.page.locator(".outcome").wait_for()
        await self.eyes.look("task-done")
        await self.page.locator(".outcome button").tap()
        await self.page.locator(".toast").wait_for()
        await self.eyes.look("task-undone")

    async def customers(self) -> None:
        await self.page.goto("/customers")
        await self.page.locator(".customer").first.wait_for()
        await self.eyes.look("customers")
        await self.page.get_by_role("searchbox").fill("查无此人")
        await self.page.locator(".empty").wait_for()
        await self.eyes.look("customers-none")
        await self.page.goto("/clean")
        await self.page.locator(".tally").wait_for()
        await self.eyes.look("clean")
        await self.page.goto("/today")
        await self.page.locator("article .who").tap()
        await self.page.locator(".tl li").first.wait_for()
        await self.eyes.look("customer")
        await self.page.locator(".profilecard").scroll_into_view_if_needed()
        await self.page.locator(".numbers").wait_for()
        await self.eyes.look("customer-low")
        await self.press("加一个", "Add one")
        await self.page.get_by_role("dialog").wait_for()
        await self.eyes.look("number-new")
        await self.close()
        await self.page.locator(".numbers .line").first.tap()
        await self.page.get_by_role("dialog").wait_for()
        await self.eyes.look("number")
        await self.close()
        await self.page.locator(".hero .tel button").tap()
        await self.page.get_by_role("dialog").wait_for()
        await self.eyes.look("reveal")
        await self.page.go_back()
        await expect(self.page.get_by_role("dialog")).to_have_count(0)
        await self.press("记一笔", "Note")
        await self.page.get_by_role("dialog").wait_for()
        await self.eyes.look("note")
        await self.page.get_by_role("dialog").get_by_role("textbox").fill("茶")
        await self.press("存好", "Save")
        await expect(self.page.get_by_role("dialog")).to_have_count(0)
        await self.page.locator(".toast").wait_for()
        await self.eyes.look("note-kept")
        await self.page.locator(".hero .tel button").tap()
        await self.press("她要我们打", "She asked for a call")
        await self.page.locator(".hero .tel a").wait_for()
        await self.eyes.look("number-shown")
        await self.page.get_by_role("button", name=re.compile(self.word(r"^全部 \d", r"^(All \d|1 order)"))).tap()
        await self.page.locator(".orders > li").first.wait_for()
        await self.eyes.look("orders")
        await self.close()

    async def forms(self) -> None:
        await self.page.goto("/customers/new")
        phone = self.page.get_by_role("textbox", name=re.compile(self.word("^手机号", "^Phone")))
        await phone.fill("134")
        await self.press("存好", "Save")
        await expect(self.page.locator("[aria-invalid=true]").first).to_be_visible()
        await self.eyes.look("new-wrong")
        colleague, number = Partner(self.page), self.numbers + "0001"
        new = {"operationId": str(new_id()), "id": str(new_id()), "phone": number, "name": "沈佳宁"}
        made = (await colleague.ask(CREATE, i=new))["createCustomer"]["customer"]
        await phone.fill(number)
        await self.page.locator(".existing").wait_for()
        await self.page.get_by_role("button", name=self.word("家人共用", "Family, same number")).tap()
        await self.eyes.look("new-known")

        await self.page.goto(f"/customers/{new['id']}/edit")
        level = self.page.get_by_role("textbox", name=re.compile(self.word("^等级", "^Level")))
        await level.fill("钻石")
        await self.eyes.look("edit")
        change = {"operationId": str(new_id()), "id": made["id"], "baseVersion": 1, "level": "铂金"}
        await colleague.ask(UPDATE, i=change)
        await self.press("存好", "Save")
        await self.page.get_by_role("radiogroup", name=self.word("等级", "Level")).wait_for()
        await self.eyes.look("conflict")

    async def the_rest(self) -> None:
        await self.page.goto("/paper")
        await self.page.locator(".desk").wait_for()
        await self.eyes.look("paper")
        await self.page.goto("/inbox")
        await self.page.locator(".message").first.wait_for()
        await self.eyes.look("inbox")
        await self.page.goto("/me")
        await self.page.locator(".setting").first.wait_for()
        await self.eyes.look("me")
        await self.page.locator(".btn.block").last.scroll_into_view_if_needed()
        await self.eyes.look("me-low")
        await self.page.get_by_role("link", name=self.word("改密码", "Change password")).tap()
        await self.page.locator("input[autocomplete=new-password]").fill("short")
        await self.page.locator("button[type=submit]").tap()
        await expect(self.page.locator("[aria-invalid=true]")).to_be_visible()
        await self.eyes.look("password-wrong")
        await self.page.goto("/join")
        await self.page.locator("h1").wait_for()
        await self.eyes.look("join")
        await self.page.goto("/nowhere")
        await self.page.locator(".empty").wait_for()
        await self.eyes.look("lost")

    async def without_network(self) -> None:
        await self.page.goto("/today")
        await self.page.locator("article").wait_for()
        await self.page.context.set_offline(True)
        await self.press("记结果", "Outcome")
        await self.press("拒绝", "Refused")
        await self.close()
        await self.page.locator(".badge").wait_for()
        await self.eyes.look("today-offline")
        await self.page.locator(".badge").tap()
        await self.page.locator(".waiting").first.wait_for()
        await self.eyes.look("outbox")
        await self.page.goto("/me")
        await self.press("退出登录", "Sign out")
        await self.page.get_by_role("dialog").wait_for()
        await self.eyes.look("sign-out")
        await self.close()
        await self.page.goto(f"/customers/{new_id()}")
        await self.page.locator(".detail .empty, .detail .trouble, .detail h2").first.wait_for()
        await self.eyes.look("unreachable")
        await self.page.context.set_offline(False)
