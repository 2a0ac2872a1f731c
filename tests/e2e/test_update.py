"""A new version of the app is served while phones are in use: it is offered, never forced, and loses nothing."""

import asyncio
import re
import shutil
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from hashlib import sha256
from pathlib import Path

from playwright.async_api import Browser, Error, Page, Route, expect

from tests.e2e.conftest import ROOT, Guide, Site, answers, phone, sign_in
from tests.e2e.steps import all_sent, operations, ready_for_no_network, record, waiting
from tests.programs import Program, eventually, free_port

DIST = ROOT / "pwa" / "dist"
LOOK_FOR_NEWS = "document.dispatchEvent(new Event('visibilitychange'))"
APPLIED = "SELECT count(*) FROM operation WHERE id::text = ANY($1)"
WORDS = "下个月生日，喜欢茶"


def next_build(folder: Path) -> None:
    """Another build: one script has other words, and so another name, and the service worker knows."""
    shutil.copytree(DIST, folder)
    (old,) = (path.name for path in (folder / "assets").glob("base-*.js"))
    new = "base-another1.js"
    (folder / "assets" / old).rename(folder / "assets" / new)
    for path in (*folder.glob("*.html"), *folder.glob("*.js"), *(folder / "assets").glob("*.js")):
        path.write_text(path.read_text().replace(old, new))
    script = folder / "assets" / new
    script.write_text(script.read_text() + "\nwindow.newVersion = true\n")
    worker, revision = folder / "sw.js", sha256(script.read_bytes()).hexdigest()[:12]
    told, changes = re.subn(r"(?<=[`'\"])[0-9a-f]{12}(?=[`'\"])", revision, worker.read_text())
    assert changes == 1, "the service worker no longer names its build as this test knows it"
    worker.write_text(told)


@contextmanager
def serving(shop: Site, folder: Path, port: int) -> Iterator[None]:
    """One more server of the shop, with this build of the app."""
    own = {"SHUKE_PORT": str(port), "SHUKE_PWA": str(folder)}
    program = Program(shop.folder / "data", "serve", env=shop.environment | own)
    try:
        eventually(lambda: answers(port), 60, program.said)
        yield
    finally:
        program.stop()


@asynccontextmanager
async def api_down(page: Page) -> AsyncIterator[None]:
    """The API is out of reach, the app's files are not."""

    async def refuse(route: Route) -> None:
        await route.abort("connectionrefused")

    await page.context.route("**/graphql", refuse)
    try:
        yield
    finally:
        await page.context.unroute("**/graphql", refuse)


def site_at(shop: Site, port: int) -> Site:
    return Site(f"http://127.0.0.1:{port}", shop.environment, shop.folder, shop.ahead)


async def test_a_new_version_is_offered_and_takes_over_when_she_says_so_with_all_she_typed_and_did(
    browser: Browser, shop: Site, guide: Guide, tmp_path: Path
) -> None:
    port = free_port()
    next_build(tmp_path / "next")
    async with phone(browser, site_at(shop, port)) as page:
        with serving(shop, DIST, port):
            await sign_in(page, guide.phone)
            await ready_for_no_network(page)
            other = await page.context.new_page()
            await other.goto("/today")
            await other.locator("article").wait_for()
            offer = page.get_by_role("button", name="换上")
            await page.evaluate(LOOK_FOR_NEWS)
        async with api_down(page):
            await record(page, "接通")
            await page.get_by_role("link", name="新客户").tap()
            await type_in(page)
            await page.evaluate("window.same = true")
            with serving(shop, tmp_path / "next", port):
                await expect(offer).to_have_count(0)
                await page.evaluate(LOOK_FOR_NEWS)
                await expect(offer).to_be_visible()
                await expect(other.get_by_role("button", name="换上")).to_be_visible()
                await nothing_lost(page)
                assert await page.evaluate("[window.same, window.newVersion]") == [True, None]
                assert await page.evaluate("navigator.serviceWorker.controller.state") == "activated"

                await other.get_by_role("button", name="换上").tap()  # a colleague's tab: this one stays as it is
                await runs_the_new_version(other)
                await nothing_lost(page)
                assert await page.evaluate("window.same") is True

                await page.get_by_role("textbox", name=re.compile("^备注")).press_sequentially("！")
                await offer.tap()
                await runs_the_new_version(page)
                await nothing_lost(page, WORDS + "！")
                assert await page.evaluate("window.same") is None
                await ready_for_no_network(page)
                await expect(offer).to_have_count(0)
                assert len(await page.evaluate("caches.keys()")) == 1
                await send_all(page, shop)


async def send_all(page: Page, shop: Site) -> None:
    """With the API back, what waited arrives once."""
    ids = await operations(page)
    await page.context.unroute_all()
    await page.evaluate("dispatchEvent(new Event('online'))")
    await all_sent(page)
    assert await shop.value(APPLIED, ids) == len(ids) == 1


async def runs_the_new_version(page: Page) -> None:
    async with asyncio.timeout(15):
        found = False
        while not found:
            with suppress(Error):  # it is on its way from the old one
                found = await page.evaluate("window.newVersion === true")
            await asyncio.sleep(0.1)
    await page.locator("h1").first.wait_for()


async def type_in(page: Page) -> None:
    for label, text in {"手机号": "13499993301", "姓名": "卫清", "备注": WORDS}.items():
        await page.get_by_role("textbox", name=re.compile(f"^{label}")).fill(text)


async def nothing_lost(page: Page, words: str = WORDS) -> None:
    await expect(page.get_by_role("textbox", name=re.compile("^备注"))).to_have_value(words)
    await expect(page.get_by_role("textbox", name=re.compile("^姓名"))).to_have_value("卫清")
    assert [write.split()[0] for write in await waiting(page)] == ["RecordOutcome"]  # pending, or tried just now


async def test_a_version_that_waits_is_taken_by_nobody_when_the_app_is_only_opened_again(
    browser: Browser, shop: Site, guide: Guide, tmp_path: Path
) -> None:
    port = free_port()
    next_build(tmp_path / "next")
    async with phone(browser, site_at(shop, port)) as page:
        with serving(shop, DIST, port):
            await sign_in(page, guide.phone)
            await ready_for_no_network(page)
        with serving(shop, tmp_path / "next", port):
            await page.evaluate(LOOK_FOR_NEWS)
            await expect(page.get_by_role("button", name="换上")).to_be_visible()
            await page.reload()
            await expect(page.get_by_role("button", name="换上")).to_be_visible()
            assert await page.evaluate("window.newVersion") is None
            await page.get_by_role("link", name="客户", exact=True).tap()  # whose files this server does not have
            await page.locator(".customer").first.wait_for()
