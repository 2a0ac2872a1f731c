"""Head office arranges the card in English: groups in another order, a field in another group, a rule in its own words;
and what she words for the page that customers fill in, and own fields that differ when two archives become one.
"""

from playwright.async_api import Browser, Page, expect

from shuke.app.demo.people import STAFF
from shuke.domains.identity.types import Role
from tests.e2e.conftest import DEMO_GUIDE, PHONE, Site, phone, sign_in
from tests.e2e.looking import TABLET, Eyes
from tests.e2e.test_card_template import chain as chain
from tests.e2e.test_card_template import drag, draw, middle

ALL = [(theme, size) for theme in ("light", "dark") for size in (PHONE, TABLET)]
BOSS = next(one for one in STAFF if one.role is Role.HQ)
TITLES = ".fieldgroup .sec h2"
TEMPLATE = "SELECT document->>'groups' FROM profile_template ORDER BY version DESC LIMIT 1"


async def titles(page: Page) -> list[str]:
    return [text.strip() for text in await page.locator(TITLES).all_inner_texts()]


async def order_groups(page: Page, eyes: Eyes) -> None:
    """The second group becomes the first one."""
    first, second, *rest = await titles(page)
    section = page.locator(".fieldgroup").nth(1)
    await section.get_by_role("button", name="Edit group").click()
    sheet = page.get_by_role("dialog")
    await sheet.get_by_role("button", name="Move up").click()
    await expect(sheet.get_by_role("status")).to_have_text(" · ".join([second, first, *rest]))
    await eyes.look("template-group")
    await page.set_viewport_size(TABLET)  # type: ignore[arg-type]
    await sheet.get_by_role("button", name="Done").click()
    await expect(page.locator(TITLES).first).to_have_text(second)
    assert await titles(page) == [second, first, *rest]


async def rows_of(page: Page, group: str) -> list[str]:
    section = page.locator(".fieldgroup").filter(has=page.get_by_role("heading", name=group, exact=True))
    return [text.strip() for text in await section.locator("li .t").all_inner_texts()]


async def test_a_finger_carries_a_field_into_another_group_and_a_group_past_others(
    browser: Browser, chain: Site
) -> None:
    await chain.fetch("UPDATE staff SET locale = 'en'")
    async with phone(browser, chain, viewport=TABLET, locale="en-GB") as office:
        await sign_in(office, BOSS.phone)
        await office.goto("/card-template")
        await office.locator(".fieldgroup").first.wait_for()
        there = await rows_of(office, "Purchases")
        await drag(office, "Living area", "Spent in all")
        place = there.index("Spent in all")
        assert await rows_of(office, "Purchases") == [*there[:place], "Living area", *there[place:]]
        assert "Living area" not in await rows_of(office, "Identity")
        await drag(office, "Living area", "Last purchase")  # and on, within its group
        assert (await rows_of(office, "Purchases"))[0] == "Living area"

        first, second, *rest = await titles(office)
        handle = ".fieldgroup .sec:has-text('{}') .draghandle"
        await office.locator(handle.format(rest[-1])).evaluate("one => one.scrollIntoView({ block: 'center' })")
        start = await middle(office.locator(handle.format(rest[-1])))
        await draw(office, start, office.locator(handle.format(second)))
        assert await titles(office) == [first, rest[-1], second, *rest[:-1]]
        await office.get_by_role("button", name="Save", exact=True).click()
        await expect(office.get_by_role("button", name="Save", exact=True)).to_have_count(0)
        saved = str(await chain.value(TEMPLATE))
        assert saved.index('"relations"') < saved.index('"transactions"')
        await office.reload()
        await office.locator(".fieldgroup").first.wait_for()
        await expect(office.locator(TITLES).nth(1)).to_have_text(rest[-1])
        assert await titles(office) == [first, rest[-1], second, *rest[:-1]]
        assert (await rows_of(office, second))[0] == "Living area"


async def word_a_rule(page: Page, eyes: Eyes) -> None:
    await page.get_by_role("button", name="Occupation").first.click()
    sheet = page.get_by_role("dialog")
    least = sheet.get_by_label("At least so many characters", exact=True)
    await least.fill("3")
    await least.blur()
    await sheet.get_by_text("What to say when it is not kept").first.click()
    await sheet.get_by_label("At least so many characters · English").fill("Write what she does, not just a letter")
    await eyes.look("template-rule")
    await page.set_viewport_size(TABLET)  # type: ignore[arg-type]
    await sheet.get_by_role("button", name="Done").click()


async def keep_the_note(page: Page, eyes: Eyes) -> None:
    """What must be known of her is for managers and head office; her number is for everybody."""
    await page.get_by_role("button", name="Phone number").first.click()
    sheet = page.get_by_role("dialog")
    await expect(sheet).to_contain_text("Phone number is for everybody")
    await expect(sheet.get_by_role("group", name="Who sees it")).to_have_count(0)
    await eyes.look("template-open")
    await page.set_viewport_size(TABLET)  # type: ignore[arg-type]
    await sheet.get_by_role("button", name="Done").click()
    await page.get_by_role("button", name="Note").first.click()
    sees = sheet.get_by_role("group", name="Who sees it")
    for role in ("Store manager", "Head office"):
        await sees.get_by_text(role, exact=True).click()
    await eyes.look("template-kept")
    await page.set_viewport_size(TABLET)  # type: ignore[arg-type]
    await sheet.get_by_role("button", name="Done").click()


async def test_groups_are_ordered_a_field_changes_groups_and_a_rule_says_what_to_do(
    browser: Browser, chain: Site
) -> None:
    await chain.fetch("UPDATE staff SET locale = 'en'")
    async with phone(browser, chain, viewport=TABLET, locale="en-GB") as office:
        eyes = Eyes(office, "en", ALL)
        await sign_in(office, BOSS.phone)
        await office.goto("/card-template")
        await office.locator(".fieldgroup").first.wait_for()
        await eyes.look("template")
        await office.set_viewport_size(TABLET)  # type: ignore[arg-type]
        before = await titles(office)
        await order_groups(office, eyes)
        await word_a_rule(office, eyes)
        await keep_the_note(office, eyes)
        rows_before = [text.strip() for text in await office.locator(".fieldgroup li .t").all_inner_texts()]
        await drag(office, "Living area", "Line of business")
        rows = [text.strip() for text in await office.locator(".fieldgroup li .t").all_inner_texts()]
        assert rows.index("Living area") < rows_before.index("Living area")
        where = office.get_by_label("Move Living area to another group")
        await where.select_option(label="Contact and preferences")
        there = office.locator(".fieldgroup").filter(has_text="Prefers to be reached by")
        await expect(there.locator("li .t").filter(has_text="Living area")).to_have_count(1)
        await eyes.look("template-arranged")
        await office.set_viewport_size(TABLET)  # type: ignore[arg-type]
        await office.get_by_role("button", name="Save", exact=True).click()
        await expect(office.get_by_role("button", name="Save", exact=True)).to_have_count(0)
        saved = str(await chain.value(TEMPLATE))
        assert saved.index('"transactions"') < saved.index('"identity"')
        await office.reload()
        await office.locator(".fieldgroup").first.wait_for()
        assert await titles(office) == [before[1], before[0], *before[2:]]
        async with phone(browser, chain, locale="en-GB") as page:
            await sign_in(page, DEMO_GUIDE.phone)
            await page.goto("/customers/new")
            field = page.locator(".field").filter(has_text="Occupation")
            await field.locator("input, textarea").fill("x")
            await expect(field.locator(".hint.warn")).to_contain_text("Write what she does, not just a letter")
            await expect(page.locator(".field").filter(has_text="What the shop calls her")).to_have_count(1)
            await expect(page.locator(".field").filter(has_text="Note")).to_have_count(0)
        assert not eyes.troubles, "\n".join(eyes.troubles)


async def test_offers_and_own_fields_of_two_archives_are_fit_to_be_seen(browser: Browser, chain: Site) -> None:
    await chain.fetch("UPDATE staff SET locale = 'en' WHERE phone = $1", "+86" + BOSS.phone)
    values = (
        "jsonb_build_object('occupation', 'Teacher of class ' || right(id::text, 4), 'industry', right(id::text, 4))"
    )
    await chain.fetch(f"UPDATE customer SET custom_values = {values}")
    async with phone(browser, chain, locale="en-GB") as page:
        eyes = Eyes(page, "en", ALL)
        await sign_in(page, BOSS.phone)
        await page.goto("/offers")
        await page.locator(".offer, .empty, form").first.wait_for()
        await eyes.look("offers")
        await page.goto("/duplicates")
        await page.locator(".pairs a").first.click()
        own = page.locator(".fieldpick").filter(has_text="Occupation")
        await expect(own).to_contain_text("Teacher of")
        await eyes.look("merge-own-fields")
        await own.locator("label").last.click()
        await expect(own.locator("input").last).to_be_checked()
        await page.get_by_role("button", name="Merge into one").click()
        await expect(page.get_by_role("status").get_by_text("Merged")).to_be_visible()
        assert not eyes.troubles, "\n".join(eyes.troubles)
