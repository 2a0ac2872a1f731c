"""People come in by a link, devices go out by a tap, colleagues leave, stores open."""

from urllib.parse import urlsplit

import pytest
from playwright.async_api import Browser, Page, expect

from shuke.app.demo.people import STAFF, Employee
from shuke.domains.identity.types import Role
from tests.e2e.conftest import PHONE, Site, only_device, phone, sign_in
from tests.e2e.looking import TABLET, Eyes
from tests.e2e.steps import kept, record, waiting
from tests.e2e.test_board import counter

SECRET = "a-new-start-2026"


async def open_people(page: Page, person: Employee) -> None:
    await sign_in(page, person.phone)
    await page.locator(".tabs a.me").tap()
    await page.get_by_role("link", name="同事和门店").tap()
    await page.locator(".list .item").first.wait_for()


async def invite(page: Page, name: str, number: str) -> str:
    """Its link."""
    await page.get_by_role("link", name="请同事进来").tap()
    await page.get_by_label("姓名").fill(name)
    await page.get_by_label("手机号").fill(number)
    await page.get_by_role("button", name="做好邀请链接").tap()
    return await page.locator(".linkbox").inner_text()


async def test_an_invitation_opens_the_door_once_and_leaves_the_address_at_once(browser: Browser, shop: Site) -> None:
    store = counter(16)
    async with phone(browser, shop) as page, phone(browser, shop) as hers:
        await open_people(page, store.manager)
        link = await invite(page, "温念安", "13499990001")
        assert "#" in link
        await hers.goto(link)
        await expect(hers.get_by_role("heading", level=1)).to_contain_text("设一个密码")
        assert urlsplit(hers.url).fragment == ""
        await hers.get_by_label("新密码").fill("short")
        await hers.get_by_role("button", name="存好，进去").tap()
        await expect(hers.locator("[aria-invalid=true]")).to_be_visible()
        await hers.get_by_label("新密码").fill(SECRET)
        await hers.get_by_role("button", name="存好，进去").tap()
        await expect(hers.locator(".tabs")).to_be_visible()
        await expect(hers).to_have_url(f"{shop.address}/today")

        await page.get_by_role("button", name="好了").tap()
        await expect(page.get_by_role("heading", name="温念安")).to_be_visible()
        await expect(page.locator(".linkbox")).to_have_count(0)
        await page.get_by_role("button", name="改名字、手机号").tap()
        await page.get_by_label("姓名").fill("温念恩")
        await page.get_by_label("新手机号").fill("13499990009")
        await page.get_by_role("button", name="存好", exact=True).tap()
        await expect(page.get_by_role("heading", name="温念恩")).to_be_visible()
        await expect(page.get_by_text("134 •••• 0009")).to_be_visible()
    async with phone(browser, shop) as late:
        await late.goto(link)
        await late.get_by_label("新密码").fill(SECRET)
        await late.get_by_role("button", name="存好，进去").tap()
        await expect(late.get_by_role("alert")).to_be_visible()


async def test_a_phone_revoked_by_the_manager_forgets_what_it_read_and_keeps_what_she_wrote(
    browser: Browser, shop: Site
) -> None:
    store = counter(16)
    guide = store.away
    await only_device(shop, guide.phone)
    async with phone(browser, shop) as lost, phone(browser, shop) as page:
        await sign_in(lost, guide.phone)
        await lost.context.set_offline(True)
        await record(lost, "接通")
        assert [row.split()[0] for row in await waiting(lost)] == ["RecordOutcome"]
        await lost.goto("about:blank")

        await open_people(page, store.manager)
        await page.get_by_role("link", name=guide.name).tap()
        await page.get_by_role("button", name="退出它", exact=False).first.tap()
        await expect(page.get_by_text("那台设备下次打开会清空")).to_be_visible()
        await expect(page.get_by_text("没有登录着的设备")).to_be_visible()

        await lost.context.set_offline(False)
        await lost.goto("/today")
        await expect(lost.locator("input[type=tel]")).to_be_visible()
        assert await kept(lost, "snapshots") == []
        assert await waiting(lost) == ["RecordOutcome pending"]
        await sign_in(lost, guide.phone)
        await expect(lost.locator(".tabs")).to_be_visible()


async def test_who_leaves_hands_over_and_is_out_at_once(browser: Browser, shop: Site) -> None:
    store = counter(8)
    async with phone(browser, shop) as hers, phone(browser, shop) as page:
        await sign_in(hers, store.away.phone)
        await open_people(page, store.manager)
        await page.get_by_role("link", name=store.away.name).tap()
        await page.get_by_role("button", name="不在这里做了").tap()
        await page.get_by_role("button", name=f"交给{store.here.name}").tap()
        await expect(page.get_by_text(f"{store.away.name}已经离开")).to_be_visible()
        hers_now = (
            "SELECT count(*) FROM task t JOIN staff s ON s.id = t.assignee_id WHERE s.phone = $1 AND t.state = 'open'"
        )
        assert await shop.value(hers_now, "+86" + store.away.phone) == 0
        await hers.reload()
        await expect(hers.locator("input[type=tel]")).to_be_visible()


async def test_head_office_opens_a_store_and_gives_it_another_name(browser: Browser, shop: Site) -> None:
    admin = next(one for one in STAFF if one.role is Role.ADMIN)
    async with phone(browser, shop) as page:
        await open_people(page, admin)
        await page.get_by_role("link", name="门店", exact=True).tap()
        await page.get_by_role("button", name="开一家店").tap()
        await page.get_by_label("店名").fill("云栖店")
        await page.get_by_label("收银编号").fill("YX01")
        await page.get_by_role("button", name="开店", exact=True).tap()
        await page.get_by_role("button", name="云栖店").tap()
        await page.get_by_label("店名").fill("云栖二店")
        await page.get_by_role("button", name="存好", exact=True).tap()
        await expect(page.get_by_role("button", name="云栖二店")).to_be_visible()


async def test_without_a_connection_it_says_what_it_needs(browser: Browser, shop: Site) -> None:
    store = counter(7)
    async with phone(browser, shop) as page:
        await open_people(page, store.manager)
        await page.get_by_role("link", name=store.here.name).tap()
        await page.get_by_role("button", name="换密码的链接").wait_for()
        await page.context.set_offline(True)
        await page.get_by_role("button", name="换密码的链接").tap()
        await expect(page.get_by_text("没连上，这一步要有网").first).to_be_visible()
        assert await waiting(page) == []


@pytest.mark.parametrize("language", ["zh", "en"])
async def test_peoples_pages_are_readable_and_reachable(browser: Browser, shop: Site, language: str) -> None:
    admin = next(one for one in STAFF if one.role is Role.ADMIN)
    views = [(theme, size) for theme in ("light", "dark") for size in (PHONE, TABLET)]
    locale = "zh-CN" if language == "zh" else "en-GB"
    async with phone(browser, shop, locale=locale) as page:
        await page.goto("/join#not-a-token")
        eyes = Eyes(page, language, views)
        await page.locator("input[type=password]").wait_for()
        await eyes.look("join")
        await sign_in(page, admin.phone)
        for path, ready in (("/people", ".list .item"), ("/people/new", "select"), ("/stores", ".list .item")):
            await page.goto(path)
            await page.locator(ready).first.wait_for()
            await eyes.look(path.strip("/").replace("/", "-"))
        await page.goto("/people")
        await page.locator(".list .item").first.tap()
        await page.locator(".top h1").wait_for()
        await eyes.look("person")
        await page.locator(".stack.padded .btn.quiet").tap()
        await page.get_by_role("dialog").wait_for()
        await eyes.look("person-end")
        assert not eyes.troubles, "\n".join(eyes.troubles)
