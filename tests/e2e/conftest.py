"""A real browser on a real installation: API and worker as processes, their database a fresh one of the test's own."""

import os
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.async_api import Browser, BrowserContext, Page, async_playwright

from tests.programs import Program, eventually, free_port
from tests.servers import embedded_for_tests

PHONE = {"width": 390, "height": 844}
TABLET = {"width": 1024, "height": 768}
QUIET = [  # no calls home, nothing that needs a screen
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
ROOT = Path(__file__).parent.parent.parent


def chrome() -> str | None:
    named = os.environ.get("CHROME")
    return named or shutil.which("chromium") or shutil.which("google-chrome")


@pytest.fixture(scope="session")
async def browser() -> AsyncIterator[Browser]:
    path = chrome()
    if path is None:
        pytest.skip("no browser: `make test` installs one, or name it in CHROME")
    assert (ROOT / "pwa" / "dist" / "index.html").is_file(), "build the app first: make pwa"
    async with async_playwright() as playwright:
        launched = await playwright.chromium.launch(executable_path=path, args=QUIET)
        yield launched
        await launched.close()


@dataclass(slots=True)
class Site:
    """A running installation."""

    address: str
    environment: dict[str, str]
    folder: Path

    def run(self, *arguments: str) -> str:
        """A `shuke` command beside it; what it printed."""
        program = Program(self.folder / "data", *arguments, env=self.environment)
        assert program.wait(120) == 0, program.said()
        return program.said()


@asynccontextmanager
async def site_on(
    database_url: str, folder: Path, clock: str | None = None, worker: bool = True
) -> AsyncIterator[Site]:
    """API and worker on this database; `clock` starts their time elsewhere."""
    port = free_port()
    environment = {
        "SHUKE_DATABASE_URL": database_url,
        "SHUKE_REDIS_URL": embedded_for_tests().redis,
        "SHUKE_PORT": str(port),
    }
    if clock:
        environment["SHUKE_CLOCK"] = clock
    folder.mkdir(exist_ok=True)
    programs = [
        Program(folder / "data", name, env=environment) for name in (["serve", "worker"] if worker else ["serve"])
    ]
    try:
        eventually(lambda: answers(port), 30, programs[0].said)
        yield Site(f"http://127.0.0.1:{port}", environment, folder)
    finally:
        for program in programs:
            program.stop()


def answers(port: int) -> bool:
    import urllib.request

    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/health/ready", timeout=1) as answer:
            return bool(answer.status == 200)
    except OSError:
        return False


@asynccontextmanager
async def phone(browser: Browser, site: Site, **options: object) -> AsyncIterator[Page]:
    """A page of a phone of its own; errors in its console fail the test at the end."""
    settings: dict[str, object] = {
        "viewport": PHONE,
        "has_touch": True,
        "locale": "zh-CN",
        "timezone_id": "Asia/Shanghai",
    }
    context: BrowserContext = await browser.new_context(base_url=site.address, **(settings | options))  # type: ignore[arg-type]
    page = await context.new_page()
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    try:
        yield page
        assert not errors, errors
    finally:
        await context.close()


async def sign_in(page: Page, number: str, password: str) -> None:
    """From the first screen to the day."""
    await page.goto("/")
    await page.locator("input[type=tel]").fill(number)
    await page.locator("input[type=password]").fill(password)
    await page.locator("button[type=submit]").click()
    await page.locator("h1").first.wait_for()
