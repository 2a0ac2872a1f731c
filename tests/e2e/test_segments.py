"""Segments on screen: head office makes a nested rule by hand and sees whom it finds and why; a guide sees it, too."""

import asyncio
import re
from collections.abc import AsyncIterator
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from playwright.async_api import Browser, Locator, Page, expect

from shuke.app.demo.people import STAFF, TIMEZONE
from shuke.domains.identity.types import Role
from tests.e2e.conftest import DEMO_GUIDE, PHONE, PICTURES, Site, command, environment_on, phone, sign_in, site_on
from tests.e2e.looking import TABLET, Eyes, Views, in_english
from tests.servers import fresh_database

BOSS = next(one for one in STAFF if one.role is Role.HQ)
VIEWS: Views = [("light", PHONE), ("dark", PHONE), ("light", TABLET), ("dark", TABLET)]
SOME: Views = [("light", PHONE), ("dark", TABLET)]
NAME = "买得多的"
# somebody of the demo guide's who bought so often: three times or more, or exactly
HERS = """SELECT c.id, c.name FROM customer c JOIN staff s ON s.id = c.guide_id
  JOIN customer_stats t ON t.id = c.id WHERE s.phone = $1 AND c.name IS NOT NULL AND c.problems = '{}'
  AND NOT c.refusals ? 'profiling/any' AND CASE WHEN $2 < 3 THEN t.order_count = $2 ELSE t.order_count >= $2 END
  ORDER BY c.id LIMIT 1"""


@pytest.fixture
async def chain(browser: Browser, migrated: str, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Site]:
    folder = tmp_path_factory.mktemp("segments")
    morning = datetime.now(ZoneInfo(TIMEZONE)).replace(hour=10, minute=0)
    async with fresh_database(migrated) as url:
        environment = environment_on(url, morning, queue=13)
        command(folder, environment, "demo", "--customers", "600", "--json")
        async with site_on(environment, folder) as site:
            yield site


async def middle(place: Locator) -> tuple[float, float]:
    box = await place.bounding_box()
    assert box
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def row(page: Page, fact: str) -> Locator:
    """The condition on this fact."""
    return page.locator("[data-row=rule]:not(.nested)").filter(has=page.get_by_role("button", name=fact, exact=True))


async def facts(page: Page) -> list[str]:
    return [text.strip() for text in await page.locator(".rulecard .token.fact").all_inner_texts()]


async def by_finger(page: Page, fact: str, onto: str) -> None:
    """By its handle, to a little below the middle of another row."""
    handle = row(page, fact).locator(".draghandle")
    await handle.evaluate("one => one.scrollIntoView({ block: 'center' })")
    finger = await page.context.new_cdp_session(page)
    x, y = await middle(handle)
    for step in range(10):
        to_x, to_y = await middle(row(page, onto).locator(".draghandle"))
        share = step / 9
        at = {"x": x + (to_x - x) * share, "y": y + (to_y + 24 - y) * share}
        kind = "touchMove" if step else "touchStart"
        await finger.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": [at]})
        await page.wait_for_timeout(60)
    if PICTURES:
        await page.screenshot(path=PICTURES / "rule-held.png")
    await finger.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})


async def by_mouse(page: Page, fact: str, onto: str) -> None:
    """By its handle, to above another row's middle."""
    handle = row(page, fact).locator(".draghandle")
    await handle.evaluate("one => one.scrollIntoView({ block: 'center' })")
    await page.mouse.move(*await middle(handle))
    await page.mouse.down()
    x, y = await middle(row(page, onto).locator(".draghandle"))
    await page.mouse.move(x, y - 20, steps=8)
    await page.wait_for_timeout(100)
    await page.mouse.up()


async def add(page: Page, fact: str, button: Locator) -> None:
    await button.click()
    await page.get_by_role("dialog").get_by_role("button", name=fact, exact=True).click()


async def build(page: Page, eyes: Eyes) -> None:
    """Bought twice or more, and is of the best cell or has spent something: by hand, nested by a finger."""
    await page.get_by_label("名称").fill(NAME)
    outer = page.locator(".rulecard > .rulegroup > .ruleadd")
    await add(page, "购买次数", outer.get_by_role("button", name="条件"))
    await expect(row(page, "购买次数").locator(".hint")).to_have_text("这一条还没填完")
    await expect(page.locator(".ruleside")).to_contain_text("填好标出的那一条")
    await page.get_by_label("购买次数的值").fill("两")
    await expect(row(page, "购买次数").locator(".hint")).to_have_text("填一个数，最多四位小数")
    await eyes.look("rule-to-mend")
    await page.set_viewport_size(TABLET)  # type: ignore[arg-type]
    await page.get_by_label("购买次数的值").fill("2")
    await expect(row(page, "购买次数").locator(".rulecount")).to_contain_text(re.compile(r"单看这条 \d+ 位"))
    await outer.get_by_role("button", name="一组").click()
    await eyes.look("rule-facts")
    await page.set_viewport_size(TABLET)  # type: ignore[arg-type]
    await page.get_by_role("dialog").get_by_label("找条件").fill("rfm")
    await page.get_by_role("dialog").get_by_role("button", name="RFM 分层", exact=True).click()
    await page.get_by_role("dialog").locator("label.item").first.click()
    await eyes.look("rule-cells")
    await page.set_viewport_size(TABLET)  # type: ignore[arg-type]
    await page.get_by_role("dialog").get_by_role("button", name="好了").click()
    await add(page, "消费金额", outer.get_by_role("button", name="条件"))
    await page.get_by_label("消费金额的值").fill("1")
    await row(page, "消费金额").get_by_label("消费金额只算哪些").select_option("days")
    await page.get_by_role("textbox", name="最近几天").fill("3650")
    assert await facts(page) == ["购买次数", "RFM 分层", "消费金额"]


async def rearrange(page: Page) -> None:
    """By finger, mouse and keys; what was removed comes back where it stood."""
    sentence = page.locator(".rulesentence")
    await expect(sentence).to_contain_text("，并且最近 3650 天消费金额至少 1 元")
    await by_finger(page, "消费金额", "RFM 分层")
    await expect(sentence).to_contain_text("，或者最近 3650 天消费金额至少 1 元）")
    await by_mouse(page, "消费金额", "购买次数")
    assert await facts(page) == ["消费金额", "购买次数", "RFM 分层"]
    down = row(page, "消费金额").locator(".down")
    await down.focus()
    for _ in range(2):  # past its neighbour, into the group
        await page.keyboard.press("Enter")
        await expect(down).to_be_focused()
    assert await facts(page) == ["购买次数", "消费金额", "RFM 分层"]
    await expect(sentence).to_contain_text("（最近 3650 天消费金额至少 1 元，或者")
    await row(page, "消费金额").get_by_role("button", name="去掉").click()
    assert await facts(page) == ["购买次数", "RFM 分层"]
    await page.get_by_role("button", name="撤销").click()
    assert await facts(page) == ["购买次数", "消费金额", "RFM 分层"]
    await row(page, "RFM 分层").get_by_role("button", name="还能怎样").click()
    await page.get_by_role("dialog").get_by_role("button", name="反过来").click()
    await expect(sentence).to_contain_text("不是（RFM 分层是")
    await row(page, "RFM 分层").get_by_role("button", name="不再除去").click()
    await expect(sentence).not_to_contain_text("不是")


async def nothing_is_lost(page: Page, site: Site) -> None:
    """Who leaves is asked, and what is not saved is there when she comes back."""
    await page.get_by_role("button", name="返回").click()
    await expect(page.get_by_role("dialog")).to_contain_text("还有改动没存")
    await page.get_by_role("dialog").get_by_role("button", name="接着改").click()
    await page.get_by_role("button", name="返回").click()
    await page.get_by_role("dialog").get_by_role("button", name="留着，先离开").click()
    await expect(page).to_have_url(f"{site.address}/segments")
    await page.get_by_role("link", name="新分群").click()
    await expect(page.get_by_label("名称")).to_have_value(NAME)
    assert await facts(page) == ["购买次数", "消费金额", "RFM 分层"]


async def why(page: Page, name: str) -> Locator:
    await page.get_by_label("按姓名").fill(name)
    await page.locator(".whyfind .item").filter(has_text=name).first.click()
    sheet = page.get_by_role("dialog")
    await sheet.locator(".answers li").first.wait_for()
    return sheet


async def close(page: Page) -> None:
    await page.get_by_role("dialog").get_by_role("button", name="关上").click()
    await expect(page.get_by_role("dialog")).to_have_count(0)


async def ask_why(page: Page, eyes: Eyes, inside: str, outside: str) -> None:
    sheet = await why(page, inside)
    await expect(sheet.get_by_role("heading").first).to_have_text(f"{inside}在里面")
    await expect(sheet.locator(".answers li").first).to_contain_text(re.compile(r"购买次数至少 2\s*符合 · "))
    await expect(sheet.locator(".answers .fails")).to_have_count(0)
    await close(page)
    sheet = await why(page, outside)
    await expect(sheet.get_by_role("heading").first).to_have_text(f"{outside}不在里面")
    answers = sheet.locator(".answers li")  # what decides comes first; of the others one was enough
    await expect(answers).to_have_class(["fails", "beside", "beside"])
    await expect(answers.first).to_contain_text(re.compile(r"购买次数至少 2\s*不符合 · 实际：购买次数：1"))
    await expect(answers.filter(has_text="消费金额")).to_contain_text(re.compile(r"至少 1 元\s*符合 · "))
    await eyes.look("segment-why-not")
    await page.set_viewport_size(TABLET)  # type: ignore[arg-type]
    await close(page)


async def take_out(page: Page, site: Site, key: str) -> None:
    """Her segment as a spreadsheet, and nobody else."""
    await page.get_by_role("button", name="导出", exact=True).click()
    sheet = page.get_by_role("dialog")
    await sheet.get_by_label("用来做什么").fill("双旦活动名单")
    await sheet.get_by_role("button", name="导出", exact=True).click()
    await expect(sheet.get_by_text(re.compile(r"共 \d+ 位"))).to_be_visible()
    held = "SELECT count(*) FROM segment_member WHERE segment_id = $1::uuid AND left_at IS NULL"
    (job,) = await site.fetch("SELECT rows, wish ->> 'segment_id' AS segment FROM export_job")
    assert (job["segment"], job["rows"]) == (key, await site.value(held, key))
    await close(page)


async def why_not_from_her_page(page: Page, eyes: Eyes, customer: object) -> None:
    """Head office asks of a segment that she is not in."""
    at = page.url
    await page.goto(f"/customers/{customer}")
    hers = page.get_by_role("region", name="她在哪些分群")
    await hers.get_by_role("button", name="为什么不在").click()
    await hers.get_by_label("想看哪个分群").select_option(label=NAME)
    await expect(page.get_by_role("dialog").get_by_role("heading").first).to_contain_text("不在里面")
    await page.get_by_role("dialog").locator(".answers li").first.wait_for()
    await eyes.look("her-why-not")
    await page.set_viewport_size(TABLET)  # type: ignore[arg-type]
    await page.goto(at)


async def overtaken(page: Page, site: Site, key: str) -> None:
    """Somebody else saves while she changes it: told, and hers stands after she says so."""
    await page.get_by_role("link", name="改条件").click()
    await page.get_by_label("购买次数的值").fill("3")
    await site.fetch("UPDATE segment SET version = version + 1 WHERE id = $1::uuid", key)
    await page.get_by_role("button", name="存好").click()
    await expect(page.locator(".note.warn")).to_contain_text("刚刚改过，现在是：购买次数至少 2")
    await page.get_by_role("button", name="用我的").click()
    await page.get_by_role("button", name="存好").click()
    await expect(page).to_have_url(f"{site.address}/segments/{key}")
    await expect(page.locator(".segmenthead .rulesentence")).to_contain_text("购买次数至少 3")


async def she_left(page: Page, eyes: Eyes, site: Site, key: str, her: Any) -> None:
    """Who bought twice was in it, and is told of as such."""
    gone = (
        "SELECT count(*) FROM segment_member WHERE segment_id = $1::uuid AND customer_id = $2 AND left_at IS NOT NULL"
    )
    async with asyncio.timeout(60):
        while not await site.value(gone, key, her["id"]):
            await asyncio.sleep(0.2)
    sheet = await why(page, her["name"])
    await expect(sheet.get_by_role("heading", name="以前在过")).to_be_visible()
    await expect(sheet.locator(".thens li")).to_have_text(
        re.compile(r"^\d+月\d+日进来，\d+月\d+日离开 · 离开时购买次数：2 · ")
    )
    await eyes.look("segment-why-left")
    await page.set_viewport_size(TABLET)  # type: ignore[arg-type]
    await close(page)


async def freeze_and_archive(page: Page, eyes: Eyes, site: Site, key: str) -> None:
    await page.get_by_role("button", name="定格成名单").click()
    await eyes.look("segment-freeze")
    await page.set_viewport_size(TABLET)  # type: ignore[arg-type]
    await page.get_by_role("dialog").get_by_label("名称").fill("双旦名单")
    await page.get_by_role("dialog").get_by_role("button", name="定格", exact=True).click()
    await expect(page.get_by_role("heading", name="双旦名单")).to_be_visible()
    await expect(page.locator(".segmenthead .chip")).to_have_text("定格名单")
    await page.goto(f"/segments/{key}")
    await page.get_by_role("button", name="归档", exact=True).click()
    await expect(page.locator(".segmenthead .chip")).to_have_text("已归档")
    await page.goto("/segments")
    await expect(page.locator(".segmentitem").filter(has_text=NAME)).to_have_count(0)
    await page.get_by_role("button", name="看归档的（1）").click()
    await page.locator(".segmentitem").filter(has_text=NAME).click()
    await page.get_by_role("button", name="重新启用").click()
    await page.locator(".memberlist .item").first.wait_for()


async def test_head_office_builds_a_segment_by_hand_and_a_guide_sees_it(browser: Browser, chain: Site) -> None:
    outside, former, inside = [(await chain.fetch(HERS, "+86" + DEMO_GUIDE.phone, often))[0] for often in (1, 2, 3)]
    async with phone(browser, chain, viewport=TABLET) as page:
        eyes, some = Eyes(page, "zh", VIEWS), Eyes(page, "zh", SOME)
        await sign_in(page, BOSS.phone)
        await page.goto("/me")
        await page.get_by_role("link", name="客户分群").click()
        await page.locator(".segmentitem").first.wait_for()
        await eyes.look("segments")
        await page.set_viewport_size(TABLET)  # type: ignore[arg-type]
        await page.get_by_role("link", name="新分群").click()
        await build(page, some)
        await rearrange(page)
        await page.locator(".samples .item").first.wait_for()
        found = int(await page.locator(".ruleside .resultfig b").inner_text())
        await eyes.look("rule")
        await page.get_by_role("button", name="看看都是谁").click()
        await some.look("rule-result")
        await close(page)
        await page.set_viewport_size(TABLET)  # type: ignore[arg-type]
        await nothing_is_lost(page, chain)
        await page.get_by_role("button", name="存好").click()
        await page.wait_for_url(re.compile("/segments/[0-9a-f-]{36}$"))
        await page.locator(".memberlist .item").first.wait_for()
        key = page.url.rpartition("/")[2]
        held = "SELECT count(*) FROM segment_member WHERE segment_id = $1::uuid AND left_at IS NULL"
        assert await chain.value(held, key) == found
        await expect(page.locator(".memberlist .d").first).to_contain_text(re.compile("购买次数：\\d+ · "))
        await ask_why(page, some, inside["name"], outside["name"])
        await eyes.look("segment")
        await page.set_viewport_size(TABLET)  # type: ignore[arg-type]
        await take_out(page, chain, key)
        await why_not_from_her_page(page, some, outside["id"])
        await overtaken(page, chain, key)
        await she_left(page, some, chain, key, former)
        await freeze_and_archive(page, some, chain, key)
        assert not eyes.troubles + some.troubles, "\n".join(eyes.troubles + some.troubles)
        async with in_english(page, chain, BOSS.phone, SOME) as english:
            for name, path in (("segments", ""), ("segment", f"/{key}"), ("rule", f"/{key}/edit")):
                await page.goto(f"/segments{path}")
                await page.locator(".segmentfig, .memberlist .item, .rulecount:not(:empty)").first.wait_for()
                await english.look(name)
    async with phone(browser, chain) as page:
        eyes = Eyes(page, "zh", VIEWS)
        await sign_in(page, DEMO_GUIDE.phone)
        await page.goto(f"/customers/{inside['id']}")
        await expect(page.locator(".tags + .sm")).to_have_text(
            re.compile(r"^(\d+ 天没来|[今昨]天来过) · \d+ 次 · 共 ¥")
        )
        hers = page.get_by_role("region", name="她在哪些分群")
        await expect(hers.get_by_role("button", name="为什么不在")).to_have_count(0)
        line = hers.get_by_role("button", name=NAME)
        await expect(line).to_contain_text("购买次数：")
        await line.scroll_into_view_if_needed()
        await eyes.look("her-segments")
        await line.tap()
        await expect(page.get_by_role("dialog")).to_contain_text("在里面")
        await page.locator(".answers li").first.wait_for()
        await eyes.look("her-why")
        assert not eyes.troubles, "\n".join(eyes.troubles)
