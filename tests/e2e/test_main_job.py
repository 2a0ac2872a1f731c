"""The whole job on a fresh installation: a file of orders becomes segments and cards, the guide's phone reminds her of
them, and she closes each in two taps.
"""

import asyncio
import re
from datetime import UTC, datetime
from pathlib import Path

from playwright.async_api import Browser, Page, expect

from tests.e2e.conftest import ROOT, Site, command, environment_on, phone, sign_in, site_on
from tests.e2e.steps import all_sent
from tests.servers import fresh_database

EXTRACT = ROOT / "tests" / "data" / "online_retail_extract.csv"
MAPPING = ROOT / "examples" / "online-retail.toml"
EVENING = datetime(2011, 12, 10, 19, 35, tzinfo=UTC)  # half an hour before the day's cards are due, reminders go out
ADMIN, GUIDE, PASSWORD = "+44 20 7946 0123", "+44 20 7946 0456", "a-long-password"
FOUNDED = "Corner Shop", "Ada Byron", "GBP", "Europe/London"
OUTCOMES = ("Reached", "Visit booked", "Refused", "Wrong person")
OPEN = "SELECT count(*) FROM task WHERE state = 'open'"
WAKE_UPS = OPEN + " AND reasons->0->>'key' = 'wake_up'"


async def test_orders_from_a_spreadsheet_become_cards_that_their_guide_is_reminded_of_and_closes_in_two_taps_each(
    browser: Browser, migrated: str, tmp_path: Path
) -> None:
    async with fresh_database(migrated) as url:
        environment = environment_on(url, EVENING)
        found_shop(tmp_path, environment)
        orders = [str(EXTRACT), "--mapping", str(MAPPING), "--follow-ups"]
        command(tmp_path, environment, "import", "orders", *orders)
        command(tmp_path, environment, "segments", "refresh")
        async with site_on(environment, tmp_path) as site:
            silent, cards = await all_silent_ones_have_a_card(site)
            await she_has_one_message_about_all(site, cards)
            async with phone(browser, site, locale="en-GB", timezone_id=FOUNDED[3]) as page:
                await sign_in(page, GUIDE, PASSWORD)
                await her_phone_says_so(page, cards)
                await close_all(page, cards, silent)
            await each_was_closed_once_by_her(site, cards)


def found_shop(folder: Path, environment: dict[str, str]) -> None:
    """A brand with the store to which the file's orders belong, and the guide who works there."""
    brand, admin, currency, zone = FOUNDED
    who = ["--brand", brand, "--admin", admin, "--phone", ADMIN, "--password", PASSWORD]
    command(folder, environment, "init", *who, "--currency", currency, "--timezone", zone, "--locale", "en")
    command(folder, environment, "store", "add", "WEB", "Web shop")
    joining = ["--phone", GUIDE, "--role", "guide", "--store", "WEB", "--password", PASSWORD]
    command(folder, environment, "staff", "add", "Grace Hopper", *joining)


async def all_silent_ones_have_a_card(site: Site) -> tuple[int, int]:
    """How many bought last 90 days or longer ago, and how many cards there are once each of those has one."""
    last_paid = "SELECT count(*) FROM customer_stats WHERE last_order_at < '2011-09-12 00:00 Europe/London'"
    silent = int(str(await site.value(last_paid)))
    async with asyncio.timeout(60):
        while await site.value(WAKE_UPS) != silent:
            await asyncio.sleep(0.1)
    assert silent > 40
    return silent, int(str(await site.value(OPEN)))


async def she_has_one_message_about_all(site: Site, cards: int) -> None:
    hers = "SELECT m.data ->> 'count' FROM inbox_message m JOIN staff s ON s.id = m.staff_id WHERE s.name LIKE 'Grace%'"
    async with asyncio.timeout(30):
        while [row[0] for row in await site.fetch(hers)] != [str(cards)]:
            await asyncio.sleep(0.1)


async def her_phone_says_so(page: Page, cards: int) -> None:
    await page.get_by_role("link", name="Inbox").tap()
    message = page.locator(".message")
    await expect(message).to_contain_text(f"{cards} customers are waiting for you")
    await expect(message).to_have_class(re.compile("unread"))
    await message.tap()
    await expect(page.get_by_text("days without a purchase").first).to_be_visible()


async def close_all(page: Page, cards: int, silent: int) -> None:
    heading, why = page.get_by_role("heading", level=1), list[str]()
    for left in range(cards, 0, -1):
        await expect(heading).to_have_text(f"{left} people left to contact" if left > 1 else "1 person left to contact")
        await expect(page.locator(".focus .cell")).to_be_visible()  # her segment
        why.append(await page.locator(".focus .why").inner_text())
        taps = await page.evaluate("taps")
        await page.get_by_role("button", name="Outcome", exact=True).tap()
        tile = page.get_by_role("button", name=OUTCOMES[left % len(OUTCOMES)], exact=True)
        await tile.tap()
        await expect(tile).to_have_attribute("aria-pressed", "true")
        assert await page.evaluate("taps") - taps == 2
        await page.keyboard.press("Escape")
    assert sum("days without a purchase" in reason for reason in why) == silent
    await expect(heading).to_have_text("Everyone's been contacted")
    await expect(page.get_by_text("Well done, Grace")).to_be_visible()
    await all_sent(page)


async def each_was_closed_once_by_her(site: Site, cards: int) -> None:
    assert await site.value(OPEN) == 0
    hers = "SELECT count(*) FROM task t JOIN staff s ON s.id = t.closed_by_id WHERE s.name LIKE 'Grace%'"
    assert await site.value(hers + " AND t.state = 'done' AND t.outcome IS NOT NULL") == cards
    assert await site.value("SELECT count(*) FROM event WHERE kind = 'task.outcome'") == cards
    per_customer = "SELECT max(n) FROM (SELECT count(*) AS n FROM task GROUP BY customer_id) per"
    assert await site.value(per_customer) == 1
