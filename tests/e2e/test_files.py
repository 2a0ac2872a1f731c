"""The app's files over a real connection: what is missing is missing, what is a place in the app opens the app; the
service worker works, and nothing jumps while a page fills.
"""

import asyncio

import pytest
from playwright.async_api import Browser, Page, Route, expect

from tests.e2e.conftest import Guide, Site, phone, sign_in
from tests.e2e.steps import ready_for_no_network

GONE = ["/assets/base-gone.js", "/assets/gone", "/assets/", "/icons/gone.png", "/icons/gone", "/gone.js", "/gone.css"]
GONE += ["/assets/base-gone.js.map", "/customers/gone.map", "/sw.js.map", "/imports/1/gone.csv"]
PLACES = ["/nowhere", "/customers/nobody", "/tasks/x/y/z", "/board/nothing"]
SHIFTS = """() => {
  window.shifts = []
  new PerformanceObserver(list => {
    for (const { value, hadRecentInput, sources } of list.getEntries())
      if (!hadRecentInput) window.shifts.push(`${value} ${sources.map(({ node }) => node?.className)}`)
  }).observe({ type: 'layout-shift', buffered: true })
}"""


@pytest.mark.parametrize("opened_before", [False, True])
async def test_missing_files_are_missing_and_unknown_places_open_the_app(
    browser: Browser, shop: Site, opened_before: bool
) -> None:
    """`opened_before`: the service worker stands between."""
    async with phone(browser, shop) as page:
        if opened_before:
            await page.goto("/sign-in")
            await ready_for_no_network(page)
        for path in GONE:
            answer = await page.goto(path)
            assert answer and answer.status == 404, path
            assert "<div id" not in await answer.text(), path
        for path in PLACES:
            answer = await page.goto(path)
            assert answer and answer.status == 200, path
            await expect(page.get_by_role("textbox", name="手机号")).to_be_visible()


async def test_missing_files_are_missing_for_scripts_too(browser: Browser, shop: Site) -> None:
    fetched = """paths => Promise.all(paths.map(path => fetch(path).then(answer => `${answer.status} ${path}`)))"""
    async with phone(browser, shop) as page:
        await page.goto("/sign-in")
        await ready_for_no_network(page)
        assert await page.evaluate(fetched, GONE) == [f"404 {path}" for path in GONE]


async def test_the_service_worker_is_activated_and_keeps_every_file_of_the_shell(browser: Browser, shop: Site) -> None:
    async with phone(browser, shop) as page:
        await page.goto("/sign-in")
        await ready_for_no_network(page)
        kept = await page.evaluate("""async () => {
          const [name] = await caches.keys()
          return (await (await caches.open(name)).keys()).map(({ url }) => new URL(url).pathname) }""")
        assert {"/index.html", "/manifest.webmanifest"} <= set(kept)
        assert any(path.startswith("/assets/TodayPage") for path in kept)


async def slowly(page: Page) -> None:
    """The API takes its time, so that what stands before its answer is seen."""

    async def late(route: Route) -> None:
        await asyncio.sleep(0.7)
        await route.continue_()

    await page.route("**/graphql", late)


@pytest.mark.parametrize(
    "size", [{"width": 390, "height": 844}, {"width": 1024, "height": 768}], ids=["phone", "tablet"]
)
async def test_nothing_jumps_while_today_and_a_customer_fill(
    browser: Browser, shop: Site, guide: Guide, size: dict[str, int]
) -> None:
    async with phone(browser, shop, viewport=size) as page:
        await page.add_init_script(f"({SHIFTS})()")
        await sign_in(page, guide.phone)
        her = await page.locator("article .who").get_attribute("href")
        assert her
        await slowly(page)
        for path, filled in (("/today", "article .say"), (her, ".tl li")):
            for cold in (True, False):  # nothing known of it; known from the last time
                if cold:
                    await page.evaluate(FORGET)
                await page.goto(path)
                await page.locator(filled).first.wait_for()
                await asyncio.sleep(1)  # what comes late
                assert await page.evaluate("shifts") == [], (path, cold)


FORGET = """() => new Promise(done => {
  const open = indexedDB.open('shuke')
  open.onsuccess = () => {
    const store = open.result.transaction('snapshots', 'readwrite').objectStore('snapshots')
    const all = store.openCursor()
    all.onsuccess = () => {
      const at = all.result
      if (!at) { open.result.close(); return done() }
      if (at.value.key !== 'me') at.delete()
      at.continue()
    }
  }
})"""
