"""A real browser on a real installation: API and worker as processes, their databases fresh ones of the tests' own."""

import os
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit
from urllib.request import urlopen
from zoneinfo import ZoneInfo

import asyncpg
import pytest
from playwright.async_api import Browser, BrowserContext, Page, async_playwright, expect

from shuke.app.demo.people import PASSWORD, STAFF, TIMEZONE
from tests.programs import Program, eventually, free_port
from tests.push.receiver import PushService, push_service
from tests.servers import embedded_for_tests, fresh_database

PHONE = {"width": 390, "height": 844}
CUSTOMERS = 800
PATIENCE = 15_000  # ms; two shared cores carry browser, API, worker and database
expect.set_options(timeout=PATIENCE)
QUIET = [  # no calls home, nothing that needs a screen
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
SPEAKING: dict[str, str | float | bool] = {**os.environ, "LC_ALL": "C.UTF-8"}
"""Without it, Chromium opens no file with a Chinese name."""
PICTURES = Path(folder) if (folder := os.environ.get("SHUKE_SCREENSHOTS")) else None
"""Where pictures go: of what went wrong, and of every screen."""
ROOT = Path(__file__).parent.parent.parent
THUMB = """
  window.taps = 0
  window.dialled = []
  addEventListener('click', event => { if (event.isTrusted) window.taps++ }, true)
  window.navigation?.addEventListener('navigate', event => {  // nothing here can place a call
    if (event.destination.url.startsWith('tel:')) { event.preventDefault(); window.dialled.push(event.destination.url) }
  })
"""


def chrome() -> str | None:
    note = ROOT / ".tools" / "chrome"
    named = os.environ.get("CHROME") or (note.read_text() if note.is_file() else None)
    return named or shutil.which("chromium") or shutil.which("google-chrome")


@pytest.fixture(scope="session")
async def browser() -> AsyncIterator[Browser]:
    path = chrome()
    if path is None:
        pytest.skip("no browser: `make test` installs one, or name it in CHROME")
    assert (ROOT / "pwa" / "dist" / "index.html").is_file(), "build the app first: make pwa"
    async with async_playwright() as playwright:
        launched = await playwright.chromium.launch(executable_path=path, args=QUIET, env=SPEAKING)
        yield launched
        await launched.close()


@dataclass(slots=True)
class Site:
    """A running installation; `ahead`: how far its clock is from the real one."""

    address: str
    environment: dict[str, str]
    folder: Path
    ahead: timedelta

    @property
    def now(self) -> datetime:
        return datetime.now(UTC) + self.ahead

    async def fetch(self, statement: str, *values: object) -> list[asyncpg.Record]:
        """Rows of its database."""
        connection = await asyncpg.connect(self.environment["SHUKE_DATABASE_URL"])
        try:
            return list(await connection.fetch(statement, *values))
        finally:
            await connection.close()

    async def value(self, statement: str, *values: object) -> object:
        return (await self.fetch(statement, *values))[0][0]


def command(folder: Path, environment: dict[str, str], *arguments: str) -> str:
    """Runs a `shuke` command to its end; what it printed."""
    program = Program(folder / "data", *arguments, env=environment)
    assert program.wait(240) == 0, program.said()
    return program.said()


def environment_on(database_url: str, start: datetime, queue: int = 9) -> dict[str, str]:
    """What programs on this database are told. Of two that run at a time, each needs a `queue` of its own."""
    parts = urlsplit(embedded_for_tests().redis)
    own = parts._replace(query=f"db={queue}") if parts.scheme == "unix" else parts._replace(path=f"/{queue}")
    return {
        "SHUKE_DATABASE_URL": database_url,
        "SHUKE_REDIS_URL": urlunsplit(own),
        "SHUKE_PORT": str(free_port()),
        "SHUKE_CLOCK": start.isoformat(),
    }


@asynccontextmanager
async def site_on(environment: dict[str, str], folder: Path) -> AsyncIterator[Site]:
    """API and worker in this environment."""
    port = int(environment["SHUKE_PORT"])
    ahead = datetime.fromisoformat(environment["SHUKE_CLOCK"]) - datetime.now(UTC)
    programs = [Program(folder / "data", name, env=environment) for name in ("serve", "worker")]
    try:
        eventually(lambda: answers(port), 60, programs[0].said)
        yield Site(f"http://127.0.0.1:{port}", environment, folder, ahead)
    finally:
        for program in programs:
            program.stop()
    for program in programs:
        assert "Traceback" not in program.said(), program.said()


def answers(port: int) -> bool:
    try:
        with urlopen(f"http://127.0.0.1:{port}/health/ready", timeout=1) as answer:
            return bool(answer.status == 200)
    except OSError:
        return False


@pytest.fixture(scope="session")
async def post() -> AsyncIterator[PushService]:
    """The push service that the shop may use."""
    async with push_service() as service:
        yield service


@pytest.fixture(scope="session")
async def shop(
    browser: Browser, migrated: str, post: PushService, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Site]:
    """The demo chain when the day's reminders have just come, shared: each test signs in as another guide."""
    folder = tmp_path_factory.mktemp("shop")
    evening = datetime.now(ZoneInfo(TIMEZONE)).replace(hour=17, minute=36)
    async with fresh_database(migrated) as url:
        environment = environment_on(url, evening, queue=10) | {"SHUKE_PUSH_HOSTS": post.origin}
        command(folder, environment, "demo", "--customers", str(CUSTOMERS), "--json")
        async with site_on(environment, folder) as site:
            yield site


@dataclass(slots=True, frozen=True)
class Guide:
    """Somebody at a counter."""

    name: str
    phone: str
    password: str = PASSWORD


DEMO_GUIDE = Guide(STAFF[0].name, STAFF[0].phone)
"""Her day is told in the documentation."""
BUSY = """SELECT s.name, s.phone FROM task t JOIN staff s ON s.id = t.assignee_id
WHERE t.state = 'open' AND t.due_at < $1 AND s.phone <> $2 GROUP BY s.id HAVING count(*) > 3 ORDER BY s.phone"""
SIDE_BY_SIDE = """SELECT array_agg(s.phone ORDER BY s.phone) AS phones
FROM staff_role r JOIN staff s ON s.id = r.staff_id WHERE s.phone = ANY($1) AND r.store_id IS NOT NULL
GROUP BY r.store_id HAVING count(*) > 1 ORDER BY min(s.phone) DESC"""
_free: list[Guide] = []


async def busy_guides(shop: Site) -> list[Guide]:
    """Those with four or more cards of their own today, as whom no test has signed in yet."""
    if not _free:
        busy = await shop.fetch(BUSY, shop.now + timedelta(hours=6), "+86" + DEMO_GUIDE.phone)
        _free.extend(Guide(row["name"], row["phone"].removeprefix("+86")) for row in busy)
    return _free


@pytest.fixture
async def guide(shop: Site) -> Guide:
    """Somebody with four or more cards of her own today, as whom no other test signs in."""
    return (await busy_guides(shop)).pop(0)


async def two_of_one_store(shop: Site) -> list[Guide]:
    """Two such guides who work side by side."""
    free = {"+86" + guide.phone: guide for guide in await busy_guides(shop)}
    pairs = await shop.fetch(SIDE_BY_SIDE, list(free))
    chosen = [free[phone] for phone in pairs[0]["phones"][:2]]
    _free[:] = [guide for guide in _free if guide not in chosen]
    return chosen


@asynccontextmanager
async def phone(browser: Browser, site: Site, **options: object) -> AsyncIterator[Page]:
    """A page of a phone of its own, whose clock is the site's; troubles in its console fail the test at the end."""
    settings: dict[str, object] = {
        "viewport": PHONE,
        "has_touch": True,
        "locale": "zh-CN",
        "timezone_id": TIMEZONE,
        "reduced_motion": "reduce",
    }
    context: BrowserContext = await browser.new_context(base_url=site.address, **(settings | options))  # type: ignore[arg-type]
    context.set_default_timeout(PATIENCE)
    await context.clock.install(time=site.now)
    await context.add_init_script(THUMB)
    errors: list[str] = []
    context.on("weberror", lambda error: errors.append(str(error.error)))
    context.on("console", lambda said: errors.append(said.text) if said.type == "error" else None)
    page = await context.new_page()
    try:
        yield page
        unexpected = [error for error in errors if "Failed to load resource" not in error]
        assert not unexpected, unexpected
    except BaseException:
        if PICTURES and not page.is_closed():
            await page.screenshot(path=PICTURES / f"failed-{datetime.now():%H%M%S}.png")
        raise
    finally:
        await context.close()


async def only_device(site: Site, number: str) -> None:
    """Ends the sessions that this person has from other tests."""
    sql = "UPDATE session SET revoked_at = now() WHERE staff_id IN (SELECT id FROM staff WHERE phone = $1)"
    await site.fetch(sql, f"+86{number}")


async def sign_in(page: Page, number: str, password: str = PASSWORD) -> None:
    """From the first screen to the day."""
    await page.goto("/")
    await page.locator("input[type=tel]").fill(number)
    await page.locator("input[autocomplete=current-password]").fill(password)
    await page.locator("button[type=submit]").tap()
    await page.locator(".today .columns").wait_for()
