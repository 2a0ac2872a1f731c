"""What a customer's card asks for: head office adds two fields of her own, a guide fills them in without a network."""

import json
import re
from collections.abc import AsyncIterator
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from playwright.async_api import Browser, Locator, Page, expect

from shuke.app.demo.people import STAFF, TIMEZONE
from shuke.domains.identity.types import Role
from tests.e2e.conftest import DEMO_GUIDE, PICTURES, Site, command, environment_on, phone, sign_in, site_on
from tests.e2e.looking import TABLET, Eyes
from tests.e2e.steps import all_sent, kept, ready_for_no_network, waiting
from tests.servers import fresh_database

HANDLE = ".fieldgroup li:has-text('{}') .draghandle"
VALUES = "SELECT custom_values::text FROM customer WHERE name = '沈青禾'"


@pytest.fixture
async def chain(browser: Browser, migrated: str, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Site]:
    """A chain whose cards ask for what ships, and no more."""
    folder = tmp_path_factory.mktemp("cards")
    morning = datetime.now(ZoneInfo(TIMEZONE)).replace(hour=10, minute=0)
    async with fresh_database(migrated) as url:
        environment = environment_on(url, morning, queue=12)
        command(folder, environment, "demo", "--customers", "100", "--json")
        async with site_on(environment, folder) as site:
            await site.fetch("DELETE FROM profile_template WHERE version > 1")
            await site.fetch("UPDATE customer SET custom_values = '{}'")
            yield site


async def drag(page: Page, label: str, onto: str) -> None:
    """By the handle, with a finger, to where another field is."""
    await page.locator(HANDLE.format(label)).evaluate("one => one.scrollIntoView({ block: 'center' })")
    await draw(page, await middle(page.locator(HANDLE.format(label))), page.locator(HANDLE.format(onto)))


async def draw(page: Page, start: tuple[float, float], onto: Locator) -> None:
    """A finger from here to wherever that is by then, and a little above its middle."""
    finger = await page.context.new_cdp_session(page)
    for step in range(10):
        end, share = await middle(onto), step / 9
        at = {"x": start[0] + (end[0] - start[0]) * share, "y": start[1] + (end[1] - 4 - start[1]) * share}
        kind = "touchMove" if step else "touchStart"
        await finger.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": [at]})
        await page.wait_for_timeout(60)
    if PICTURES:
        await page.screenshot(path=PICTURES / f"held-{start[1]:.0f}.png")
    await finger.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})


async def middle(place: Locator) -> tuple[float, float]:
    box = await place.bounding_box()
    assert box
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


async def add(page: Page, group: str, label: str) -> Locator:
    """A new field under a group, named; its sheet stays open."""
    section = page.locator(".fieldgroup").filter(has=page.get_by_role("heading", name=group, exact=True))
    await section.get_by_role("button", name="加一个字段").click()
    sheet = page.get_by_role("dialog")
    await sheet.get_by_label("名称 · 中文").fill(label)
    return sheet


async def done(page: Page) -> None:
    await page.get_by_role("dialog").get_by_role("button", name="好了").click()
    await expect(page.get_by_role("dialog")).to_have_count(0)


async def save(page: Page) -> None:
    await page.get_by_role("button", name="存好", exact=True).click()
    await expect(page.get_by_role("button", name="存好", exact=True)).to_have_count(0)


async def two_fields_of_her_own(page: Page, eyes: Eyes) -> None:
    sheet = await add(page, "身份", "居住社区")
    await sheet.get_by_label("填了有什么好处 · 中文").fill("能约同小区的妈妈一起来")
    await sheet.get_by_role("switch", name="必填").click()
    await sheet.get_by_label("完整度权重").fill("10")
    await sheet.get_by_label("最少几个字").fill("2")
    await eyes.look("template-text")
    await done(page)
    sheet = await add(page, "互动与偏好", "竞品使用情况")
    await sheet.get_by_role("radio", name=re.compile("^单选")).click()
    for place, option in enumerate(("线上平台", "大超市"), 1):
        await sheet.get_by_role("button", name="加一个选项").click()
        await sheet.get_by_label(f"选项 {place} 中文").fill(option)
    await eyes.look("template-choice")
    await done(page)
    await page.set_viewport_size(TABLET)  # type: ignore[arg-type]
    await drag(page, "居住社区", "家庭结构")
    rows = page.locator(".fieldgroup").first.locator("li .t")
    order = [text.strip() for text in await rows.all_inner_texts()]
    assert order.index("居住社区") < order.index("家庭结构"), order
    await page.evaluate("scrollTo(0, document.documentElement.scrollHeight)")
    await Eyes(page, eyes.tag, [("light", TABLET), ("dark", TABLET)], eyes.troubles).look("template-changed")
    await page.set_viewport_size(TABLET)  # type: ignore[arg-type]
    await save(page)


async def a_form_without_a_network(page: Page, eyes: Eyes) -> None:
    await page.context.set_offline(True)
    await page.goto("/customers/new")
    await page.get_by_label("手机号").fill("13899902047")
    await page.get_by_label("姓名").fill("沈青禾")
    await page.get_by_role("button", name="存好", exact=True).tap()
    field = page.locator(".field").filter(has_text="居住社区")
    await expect(field.locator(".hint.err")).to_have_text("居住社区要填上")
    await on_device(page, "drafts", "沈青禾")
    await page.reload()
    await expect(page.get_by_label("姓名")).to_have_value("沈青禾")
    await field.locator("textarea").fill("阳")
    await expect(field.locator(".hint.warn")).to_have_text("居住社区至少写 2 个字")  # softly, while typing
    await eyes.look("form-warns")
    await field.locator("textarea").fill("阳光花园")
    await expect(field.locator(".hint.warn")).to_have_count(0)
    await page.get_by_text("线上平台", exact=True).tap()
    await eyes.look("form-filled")
    await page.get_by_role("button", name="存好", exact=True).tap()
    await page.wait_for_url("**/customers/*-*")
    card = page.locator(".profilecard")
    await expect(card).to_contain_text("阳光花园")
    await expect(card).to_contain_text("线上平台")
    assert await waiting(page) == ["CreateCustomer pending"]
    await page.context.set_offline(False)
    await all_sent(page)
    await expect(card.locator(".ring")).to_contain_text("%")
    await expect(card).to_contain_text("阳光花园")
    await eyes.look("card-ring")


async def test_head_office_adds_fields_and_a_guide_fills_them_in_offline(browser: Browser, chain: Site) -> None:
    boss = next(one for one in STAFF if one.role is Role.HQ)
    views = [("light", {"width": 390, "height": 844}), ("dark", {"width": 390, "height": 844})]
    views += [("light", TABLET), ("dark", TABLET)]
    async with phone(browser, chain) as page, phone(browser, chain, viewport=TABLET) as office:
        of_office, of_guide = Eyes(office, "zh", views), Eyes(page, "zh", views)
        await sign_in(office, boss.phone)
        await office.goto("/card-template")
        await office.locator(".fieldgroup").first.wait_for()
        await of_office.look("template")
        await two_fields_of_her_own(office, of_office)

        await sign_in(page, DEMO_GUIDE.phone)
        await ready_for_no_network(page)
        await page.wait_for_function("() => document.readyState === 'complete'")
        async with page.expect_response("**/graphql"):
            await page.goto("/customers")
        await on_device(page, "snapshots", "card-template")
        await a_form_without_a_network(page, of_guide)
        said = json.loads(str(await chain.value(VALUES)))
        assert sorted(said.values()) == ["xian_shang_ping_tai", "阳光花园"]

        await office.get_by_role("button", name="居住社区").first.click()
        await office.get_by_role("button", name="停用这个字段").click()
        uses = office.locator(".archivebox")
        await expect(uses.locator("li").first).to_have_text("建档表单")
        await expect(uses).to_contain_text("1 位客户填过，停用后内容还在")
        await of_office.look("template-archive")
        await office.get_by_role("button", name="停用，保存后生效").click()
        await save(office)
        await page.goto("/customers/new")
        await expect(page.get_by_text("竞品使用情况")).to_be_visible()
        await expect(page.get_by_text("居住社区")).to_have_count(0)
        assert "阳光花园" in str(await chain.value(VALUES))
        assert not of_office.troubles + of_guide.troubles, "\n".join(of_office.troubles + of_guide.troubles)


async def on_device(page: Page, store: str, words: str) -> None:
    """Waits until this device keeps it."""
    for _ in range(100):
        if any(words in str(row) for row in await kept(page, store)):
            return
        await page.wait_for_timeout(100)
    raise AssertionError(f"{words} was never kept")
