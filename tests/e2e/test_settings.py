"""What a guide may set on her phone, and a lost phone signed out from another."""

from playwright.async_api import Browser, Page, expect

from tests.e2e.conftest import Guide, Site, only_device, phone, sign_in
from tests.e2e.steps import kept

SECRET = "a-new-start-2026"


async def open_settings(page: Page) -> None:
    await page.get_by_role("link", name="我的", exact=True).tap()
    await page.get_by_role("heading", name="语言").wait_for()


async def test_language_and_theme_change_at_once_and_stay(browser: Browser, shop: Site, guide: Guide) -> None:
    async with phone(browser, shop) as page:
        await sign_in(page, guide.phone)
        await open_settings(page)
        await page.get_by_role("button", name="English").tap()
        await expect(page.get_by_role("button", name="Sign out", exact=True)).to_be_visible()
        await page.get_by_role("button", name="Dark", exact=True).tap()
        dark = await page.evaluate("getComputedStyle(document.body).backgroundColor")
        await page.get_by_role("link", name="Today", exact=True).tap()
        await expect(page.get_by_role("heading", level=1)).to_contain_text("left to contact")
        await page.reload()
        await expect(page.get_by_role("heading", level=1)).to_contain_text("left to contact")
        assert await page.evaluate("getComputedStyle(document.body).backgroundColor") == dark
        assert await page.evaluate("document.documentElement.lang") == "en"
        await page.get_by_role("link", name="Me", exact=True).tap()
        await page.get_by_role("button", name="Light", exact=True).tap()
        assert await page.evaluate("getComputedStyle(document.body).backgroundColor") != dark
    chosen = "SELECT locale FROM staff WHERE phone = $1"
    assert await shop.value(chosen, "+86" + guide.phone) == "en"


async def test_a_lost_phone_is_signed_out_and_wiped_at_its_next_start(
    browser: Browser, shop: Site, guide: Guide
) -> None:
    await only_device(shop, guide.phone)
    async with phone(browser, shop) as lost, phone(browser, shop) as page:
        await sign_in(lost, guide.phone)
        assert {row["key"] for row in await kept(lost, "snapshots")} >= {"me", "today"}
        await lost.goto("about:blank")
        await sign_in(page, guide.phone)
        await open_settings(page)
        await expect(page.get_by_text("就是这台")).to_have_count(1)
        await page.get_by_role("button", name="退出它", exact=False).tap()
        await expect(page.get_by_text("已经退出")).to_be_visible()
        await expect(page.get_by_role("button", name="退出它", exact=False)).to_have_count(0)

        await lost.goto("/today")
        await expect(lost.locator("input[type=tel]")).to_be_visible()
        assert await kept(lost, "snapshots") == []


async def test_a_new_password_signs_her_other_devices_out(browser: Browser, shop: Site, guide: Guide) -> None:
    number = "+86" + guide.phone
    before = await shop.value("SELECT password_hash FROM staff WHERE phone = $1", number)
    await only_device(shop, guide.phone)
    try:
        async with phone(browser, shop) as other, phone(browser, shop) as page:
            await sign_in(other, guide.phone)
            await sign_in(page, guide.phone)
            await open_settings(page)
            await page.get_by_role("link", name="改密码").tap()
            await change_password(page, "not the one", SECRET)
            await expect(page.get_by_label("现在的密码")).to_have_attribute("aria-invalid", "true")
            await change_password(page, guide.password, "short")
            await expect(page.get_by_label("新密码")).to_have_attribute("aria-invalid", "true")
            await change_password(page, guide.password, SECRET)
            await expect(page.get_by_text("密码改好了，别的设备都退出了")).to_be_visible()
            await expect(page.get_by_role("heading", name="语言")).to_be_visible()
            for store in ("snapshots", "drafts", "outbox", "meta"):
                assert not any(SECRET in str(row) for row in await kept(page, store))
            await page.goto("/today")
            await expect(page.get_by_role("article")).to_be_visible()

            await other.reload()
            await expect(other.locator("input[type=tel]")).to_be_visible()
            await sign_in(other, guide.phone, SECRET)
    finally:
        await shop.fetch("UPDATE staff SET password_hash = $2 WHERE phone = $1", number, before)


async def change_password(page: Page, current: str, new: str) -> None:
    await page.get_by_label("现在的密码").fill(current)
    await page.get_by_label("新密码").fill(new)
    await page.get_by_role("button", name="改好", exact=True).tap()


async def test_signing_out_leaves_nothing_but_a_first_name(browser: Browser, shop: Site, guide: Guide) -> None:
    async with phone(browser, shop) as page:
        await sign_in(page, guide.phone)
        await open_settings(page)
        await page.get_by_role("button", name="退出登录", exact=True).tap()
        await expect(page.locator("input[type=tel]")).to_be_visible()
        for store in ("snapshots", "drafts", "outbox"):
            assert await kept(page, store) == []
        await expect(page.get_by_role("button", name=guide.name[-1])).to_be_visible()
        await page.goto("/today")
        await expect(page.locator("input[type=tel]")).to_be_visible()
