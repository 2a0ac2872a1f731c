"""Takes the picture of the README anew: `SHUKE_SCREENSHOTS=FOLDER pytest tests/e2e/picture.py`; no test."""

from base64 import b64encode

from playwright.async_api import Browser

from tests.e2e.conftest import DEMO_GUIDE, PICTURES, Site, phone, sign_in

FRAME = """
  body { margin: 24px; display: flex; gap: 36px; background: transparent }
  img { width: 390px; height: 844px; border-radius: 28px; box-shadow: 0 0 0 1px #cfc9be }
"""


async def test_the_picture_of_the_readme(browser: Browser, shop: Site) -> None:
    assert PICTURES, "name a folder in SHUKE_SCREENSHOTS"
    shots: list[bytes] = []
    async with phone(browser, shop, device_scale_factor=2) as page:
        await sign_in(page, DEMO_GUIDE.phone)
        shots.append(await page.screenshot())
        await page.locator(".taskrow").filter(has_text="天没来了").locator("a").first.tap()
        await page.locator("article .who").tap()
        await page.locator(".tl li").first.wait_for()
        shots.append(await page.screenshot())
        await page.goto("/today")
        await page.get_by_role("button", name="记结果", exact=True).tap()
        await page.get_by_role("button", name="约到店", exact=True).tap()
        await page.get_by_role("button", name="明天 10:00").tap()
        await page.locator(".toast").wait_for()
        shots.append(await page.screenshot())
    framed = "".join(f'<img src="data:image/png;base64,{b64encode(shot).decode()}">' for shot in shots)
    context = await browser.new_context(viewport={"width": 1290, "height": 892}, device_scale_factor=2)
    page = await context.new_page()
    await page.set_content(f"<style>{FRAME}</style>{framed}")
    await page.screenshot(path=PICTURES / "screens.png", omit_background=True)
    await context.close()
