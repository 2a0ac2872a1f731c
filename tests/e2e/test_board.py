"""The manager's day: a number, its people, their cards in other hands and back, and everything as it happens."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta

import pytest
from playwright.async_api import Browser, Page, expect

from shuke.app.demo.people import REGIONS, SHOPS, STAFF, Employee, counter_of
from shuke.domains.identity.types import Role
from tests.e2e.conftest import PHONE, Site, phone, sign_in
from tests.e2e.looking import TABLET, Eyes
from tests.e2e.steps import all_sent, left_to_contact, record, waiting

LATE = """UPDATE task SET due_at = $2 WHERE id IN (
  SELECT t.id FROM task t JOIN staff s ON s.id = t.assignee_id
  WHERE s.phone = $1 AND t.state = 'open' ORDER BY t.due_at LIMIT $3) RETURNING id"""
OWNER = "SELECT s.name FROM task t LEFT JOIN staff s ON s.id = t.assignee_id WHERE t.id = ANY($1)"


@dataclass(slots=True, frozen=True)
class Counter:
    """A store's manager and two who serve there."""

    name: str
    manager: Employee
    away: Employee
    here: Employee


def counter(shop: int) -> Counter:
    boss = next(one for one in STAFF if one.role is Role.STORE_MANAGER and one.shops == (shop,))
    away, here = (STAFF[n] for n in counter_of(shop)[:2])
    return Counter(SHOPS[shop].name, boss, away, here)


async def make_late(site: Site, person: Employee, cards: int) -> list[object]:
    rows = await site.fetch(LATE, "+86" + person.phone, site.now - timedelta(hours=2), cards)
    assert len(rows) == cards
    return [row["id"] for row in rows]


@asynccontextmanager
async def tablet(browser: Browser, site: Site, person: Employee, **options: object) -> AsyncIterator[Page]:
    """A manager's, with the board open."""
    async with phone(browser, site, **({"viewport": TABLET} | options)) as page:
        await sign_in(page, person.phone)
        await page.locator(".tabs a.board").tap()
        await page.locator(".boardtable tbody tr").first.wait_for()
        yield page


async def test_a_number_leads_to_its_people_who_change_hands_and_come_back(browser: Browser, shop: Site) -> None:
    store = counter(11)
    (card,) = await make_late(shop, store.away, 1)
    async with phone(browser, shop) as hers, tablet(browser, shop, store.manager) as board:
        await sign_in(hers, store.here.phone)
        before = await left_to_contact(hers)
        await board.get_by_role("button", name=f"{store.away.name} 迟了 1 位").tap()
        pane = board.get_by_role("complementary", name="迟了的人")
        await expect(pane.get_by_role("listitem")).to_have_count(1)
        await pane.locator(".tick").tap()
        await pane.get_by_role("button", name=store.here.name).tap()
        await expect(board.get_by_text(f"1 位转给{store.here.name}")).to_be_visible()
        await all_sent(board)
        assert await shop.value(OWNER, [card]) == store.here.name
        await hers.reload()
        await expect(hers.locator("h1").filter(has_text=str(before + 1))).to_be_visible()

        await board.get_by_role("button", name="撤销").tap()
        await expect(board.get_by_text("放回去了")).to_be_visible()
        await all_sent(board)
        assert await shop.value(OWNER, [card]) == store.away.name
        await hers.reload()
        await expect(hers.locator("h1").filter(has_text=str(before))).to_be_visible()
        await expect(board.get_by_role("button", name=f"{store.away.name} 迟了 1 位")).to_be_visible()


async def test_one_tap_gives_an_absent_guides_late_cards_to_who_is_there(browser: Browser, shop: Site) -> None:
    store = counter(12)
    cards = await make_late(shop, store.away, 3)
    async with phone(browser, shop) as hers:
        await sign_in(hers, store.here.phone)
        async with tablet(browser, shop, store.manager) as board:
            pane = board.get_by_role("complementary", name=store.name)
            await expect(pane.get_by_text(f"{store.away.name}今天没来过，她名下 3 位还没人接")).to_be_visible()
            await board.context.set_offline(True)
            await pane.get_by_role("button", name=f"3 位转给{store.here.name}").tap()
            await expect(pane.get_by_text("她名下 3 位还没人接")).to_have_count(0)
            assert [row.split()[0] for row in await waiting(board)] == ["ReassignTasks"]
            await board.context.set_offline(False)
            await all_sent(board)
            owners = {row["name"] for row in await shop.fetch(OWNER, cards)}
            assert owners == {store.here.name}


async def test_what_a_guide_does_is_on_the_board_within_two_seconds(browser: Browser, shop: Site) -> None:
    store = counter(13)
    async with phone(browser, shop) as hers, tablet(browser, shop, store.manager) as board:
        await sign_in(hers, store.here.phone)
        done = board.locator(".boardsum .fig b")
        before = int(await done.inner_text())
        await record(hers, "接通", leave=False)
        await all_sent(hers)
        await expect(done).to_have_text(str(before + 1), timeout=2000)
        await expect(board.locator("[role=status]").filter(has_text="数字更新了")).to_have_count(1)


async def test_a_nudge_reaches_her_inbox_and_its_bell_then_rests(browser: Browser, shop: Site) -> None:
    store = counter(14)
    await make_late(shop, store.away, 2)
    async with phone(browser, shop) as hers, tablet(browser, shop, store.manager) as board:
        await sign_in(hers, store.away.phone)
        await board.get_by_role("button", name=f"{store.away.name} 迟了 2 位").tap()
        bell = board.get_by_role("button", name=f"提醒{store.away.name}")
        await bell.tap()
        await all_sent(board)
        await expect(board.get_by_role("button", name="提醒过")).to_be_disabled()
        told = (
            "SELECT count(*) FROM inbox_message m JOIN staff s ON s.id = m.staff_id WHERE s.phone = $1 AND m.kind = $2"
        )
        assert await shop.value(told, "+86" + store.away.phone, "nudge") == 1


async def test_head_office_goes_from_a_region_to_a_store_to_a_card_and_from_a_cell_to_its_customers(
    browser: Browser, shop: Site
) -> None:
    office = next(one for one in STAFF if one.role is Role.HQ)
    await make_late(shop, counter(15).away, 1)
    async with tablet(browser, shop, office) as board:
        for region, *_ in REGIONS:
            await expect(board.get_by_role("button", name=region, exact=True)).to_be_visible()
        await board.get_by_role("button", name="东沙区", exact=True).tap()
        await board.get_by_role("button", name=SHOPS[15].name, exact=True).tap()
        pane = board.get_by_role("complementary", name=SHOPS[15].name)
        await pane.get_by_role("button", name=counter(15).away.name).first.tap()
        await board.get_by_role("complementary", name="迟了的人").locator("li a").first.tap()
        await board.locator(".hero").wait_for()
        await board.go_back()
        await board.go_back()
        await board.locator(".segcell").first.tap()
        await expect(board.get_by_role("button", name="高价值")).to_have_attribute("aria-pressed", "true")
        assert "region=" in board.url
        await board.locator(".customer").first.tap()
        await board.locator(".hero").wait_for()
        await expect(board.get_by_role("button", name="高价值")).to_have_attribute("aria-pressed", "true")


async def test_a_person_is_one_step_below_her_store_and_named(browser: Browser, shop: Site) -> None:
    store = counter(6)
    await make_late(shop, store.away, 3)
    boss = next(one for one in STAFF if one.role is Role.REGIONAL_MANAGER and one.region == SHOPS[6].region)
    async with tablet(browser, shop, boss) as board:
        wide = await board.locator(".boardsum").bounding_box()
        await board.get_by_role("button", name=store.name, exact=True).tap()
        pane = board.get_by_role("complementary", name=store.name)
        await pane.get_by_role("button", name=store.away.name).first.tap()
        hers = board.get_by_role("complementary", name="迟了的人")
        await expect(hers.get_by_text(f"{store.away.name} · {store.name}")).to_be_visible()
        await expect(board.get_by_role("button", name=store.name, exact=True)).to_have_attribute("aria-current", "true")
        beside = await board.locator(".boardsum").bounding_box()
        assert wide and beside and wide["x"] == beside["x"]
        await hers.get_by_role("button", name="关上").tap()
        await expect(pane).to_be_visible()

        await board.set_viewport_size(PHONE)  # type: ignore[arg-type]
        sheet = board.get_by_role("dialog", name=store.name)
        foot = await sheet.locator(".paneacts").bounding_box()
        assert foot and foot["y"] + foot["height"] <= PHONE["height"]
        await sheet.get_by_role("button", name="关上").tap()
        await expect(sheet).to_have_count(0)


@pytest.mark.parametrize("language", ["zh", "en"])
async def test_the_board_is_readable_and_reachable(browser: Browser, shop: Site, language: str) -> None:
    store = counter(10)
    views = [(theme, size) for theme in ("light", "dark") for size in (PHONE, TABLET)]
    await make_late(shop, store.away, 2)
    locale = "zh-CN" if language == "zh" else "en-GB"
    async with tablet(browser, shop, store.manager, locale=locale) as board:
        eyes = Eyes(board, language, views)
        await eyes.look("board")
        await board.set_viewport_size(TABLET)  # type: ignore[arg-type]
        await board.locator(".boardpane .g").first.wait_for()
        await eyes.look("board-store")
        await board.locator(".boardtable .latemark").first.tap()
        await board.locator(".tick").first.wait_for()
        await eyes.look("board-cards")
        await board.locator(".tick").first.tap()
        await board.locator(".givebar").wait_for()
        await eyes.look("board-give")
        assert not eyes.troubles, "\n".join(eyes.troubles)


async def test_guides_neither_see_nor_load_it(browser: Browser, shop: Site) -> None:
    async with phone(browser, shop) as page:
        loaded: list[str] = []
        page.on("request", lambda asked: loaded.append(asked.url))
        await sign_in(page, counter(9).here.phone)
        await expect(page.locator(".tabs a.board")).to_have_count(0)
        await page.goto("/board")
        await expect(page.get_by_text("这里没有东西")).to_be_visible()
        assert not [url for url in loaded if "/managers/" in url]
