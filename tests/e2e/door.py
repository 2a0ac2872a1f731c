"""A walk past the door: a visit with two taps, what passed with her, who brought her, a paper card."""

import re
from typing import TYPE_CHECKING

from playwright.async_api import expect

from tests.factories.visits import PNG

if TYPE_CHECKING:
    from tests.e2e.test_look import Tour


async def walk(tour: "Tour") -> None:
    page, eyes, word = tour.page, tour.eyes, tour.word
    await page.goto("/today")
    for turn in range(2):
        await tour.press("到店 / 咨询", "Came in / asked")
        if not turn:
            await eyes.look("visit")
        await tour.press("到店，没买", "Came in, bought nothing")
        await page.get_by_role("dialog").get_by_text(word("给她建档", "File her")).wait_for()
        if not turn:
            await eyes.look("visit-kept")
        await tour.press("等会儿再说", "Later")
        await expect(page.get_by_role("dialog")).to_have_count(0)
    await page.locator(".unfiled").wait_for()
    await eyes.look("today-unfiled")
    await page.locator(".unfiled").tap()
    await page.get_by_role("dialog").wait_for()
    await eyes.look("unfiled")
    await tour.close()
    await page.goto("/paper")
    await page.locator(".camera input").set_input_files({"name": "card.png", "mimeType": "image/png", "buffer": PNG})
    await page.locator(".paper img").wait_for()
    await page.locator(".desk .field").first.wait_for()
    await eyes.look("paper")
    await tour.press("看不清，不录", "Unreadable: leave it")
    await expect(page.locator(".paper")).to_have_count(0)
    await eyes.look("paper-none")


async def with_her(tour: "Tour") -> None:
    """On the page of the customer in focus: what passed, shown kind by kind, and who brought her."""
    page, eyes, word = tour.page, tour.eyes, tour.word
    await page.goto("/today")
    await page.locator("article .who").tap()
    await page.locator(".tl li").first.wait_for()
    plus = page.get_by_role("button", name=re.compile(word("^和.*的来往$", "^What passed with")))
    await plus.tap()
    await eyes.look("touch")
    await tour.press("投诉", "Complaint")
    await page.get_by_role("dialog").get_by_role("textbox").fill("少发了一罐")
    await eyes.look("touch-kept")
    await tour.press("好了", "Done")
    await tour.press("偏好投诉", "Likes, complaints")
    await page.locator(".tl .sm", has_text="少发了一罐").wait_for()
    await eyes.look("timeline-kind")
    await page.locator(".refs .more").tap()
    await page.get_by_role("dialog").get_by_role("searchbox").fill("a")
    await page.get_by_role("dialog").locator(".item, p[role=status]").first.wait_for()
    await eyes.look("referrer")
    if await page.get_by_role("dialog").locator(".item").count():
        await page.get_by_role("dialog").locator(".item").first.tap()
        await page.locator(".refby").wait_for()
        await page.locator(".refs").scroll_into_view_if_needed()
        await eyes.look("referrals")
