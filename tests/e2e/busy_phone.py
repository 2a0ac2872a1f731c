"""A guide's phone that is used all the time, whatever becomes of its connection, its tabs and itself."""

import asyncio
import re
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any
from uuid import UUID

from playwright.async_api import BrowserContext, BrowserType, Locator, Page, expect
from playwright.async_api import Error as PageGone
from playwright.async_api import TimeoutError as NotInTime

from shuke.api.context import COOKIE
from shuke.app.demo.people import TIMEZONE
from tests.e2e.conftest import PATIENCE, PHONE, QUIET, SPEAKING, Guide, Site, chrome, sign_in
from tests.e2e.steps import kept, ready_for_no_network
from tests.e2e.weather import Gate, Weather
from tests.programs import alive, kill

OUTCOMES = {"接通": "reached", "约到店": "visit_booked", "拒绝": "refused", "不是本人": "wrong_person"}
WEATHERS = [*Weather, Weather.FINE, Weather.FINE, None]
"""None: airplane mode, of which the phone knows."""
MUST_MEET: list[Weather | None] = [Weather.LOST, Weather.BUSY, Weather.DEAD, Weather.SLOW, None]


@dataclass(slots=True, frozen=True)
class Act:
    """`word`: a text found nowhere else; an outcome, or None where it was taken back."""

    kind: str
    subject: str
    word: str | None


@dataclass(slots=True)
class BusyPhone:
    """`cards` and `customers`: UUIDs of what this guide works on; those she opens herself are added.

    `wiped`: writes that the shop had taken and the phone therefore let go of, when it forgot who she is.
    `forced`: from which turn on what has to be met. `met`: what befell the phone itself, how often.
    """

    site: Site
    guide: Guide
    gate: Gate
    kind: BrowserType
    folder: Path
    rng: Random
    numbers: str
    cards: list[str]
    customers: list[str]
    acts: list[Act] = field(default_factory=list)
    troubles: list[str] = field(default_factory=list)
    wiped: list[dict[str, Any]] = field(default_factory=list)
    tabs: list[Page] = field(default_factory=list)
    context: BrowserContext | None = None
    forced: dict[int, Weather | None] = field(default_factory=dict)
    met: Counter[str] = field(default_factory=Counter)
    _offline: bool = False

    async def switch_on(self) -> None:
        settings: dict[str, Any] = {"viewport": PHONE, "has_touch": True, "locale": "zh-CN", "timezone_id": TIMEZONE}
        settings |= {"reduced_motion": "reduce", "base_url": self.gate.address}
        self.context = await self.kind.launch_persistent_context(
            self.folder, executable_path=chrome(), args=QUIET, env=SPEAKING, **settings
        )
        self.context.set_default_timeout(PATIENCE)
        await self.context.clock.install(time=self.site.now)
        self.context.on("weberror", lambda error: self.troubles.append(str(error.error)))
        self.tabs = [self.context.pages[0]]

    async def warm_up(self) -> None:
        """Signed in, with all she needs seen once, so that the phone knows it without a connection."""
        await self.switch_on()
        await self._get_ready()

    async def _get_ready(self) -> None:
        page = self.tabs[0]
        await sign_in(page, self.guide.phone)
        await ready_for_no_network(page)
        for customer in self.customers:
            await page.goto(f"/customers/{customer}")
            await page.locator(".hero").wait_for()
        for card in self.cards:
            await page.goto(f"/tasks/{card}")
            await page.locator("article.focus").wait_for()

    async def switch_off(self) -> None:
        if self.context:
            await self.context.close()

    async def be_used(self, times: int) -> None:
        crash, closing = self.rng.randrange(times // 3, times), self.rng.randrange(times // 3)
        late = times * 2 // 3  # what comes then may still be waited for
        self.forced = dict(zip(self.rng.sample(range(late), len(MUST_MEET)), MUST_MEET, strict=True))
        for turn in range(times):
            await self._change_weather(turn)
            if turn == crash:
                await self._die()
            await self._change_tab(turn == closing)
            page = self.tabs[-1]
            chosen = self.rng.choices(
                [self._outcome, self._undo, self._note, self._edit, self._create], [5, 2, 3, 2, 2]
            )
            await chosen[0](page)
            self.met["offline"] += self._offline

    def has_met(self, weather: Weather | None) -> bool:
        """In the middle of a write, where it is one of the gate's; with an act, where the phone knows of it."""
        return bool(self.gate.suffered[weather] if weather else self.met["offline"])

    async def better(self) -> None:
        await self._be_in(Weather.FINE)

    async def _be_in(self, weather: Weather | None) -> None:
        assert self.context
        self.gate.weather = weather or Weather.FINE
        self._offline = weather is None
        await self.context.set_offline(self._offline)

    async def _change_weather(self, turn: int) -> None:
        """By chance, but what has to be met stays until it was."""
        luck, chosen = self.rng.random(), self.rng.choice(WEATHERS)
        owed = [weather for since, weather in self.forced.items() if since <= turn and not self.has_met(weather)]
        if owed or luck < 0.4:
            await self._be_in(owed[0] if owed else chosen)

    async def _change_tab(self, close: bool) -> None:
        """Another tab beside the first; the front one killed whatever it does; back to the other."""
        assert self.context
        luck = self.rng.random()
        if close or luck < 0.1:
            self.met["closed tab"] += 1
            with suppress(PageGone):
                await self.tabs.pop().close()
        if not self.tabs or (luck > 0.9 and len(self.tabs) < 2):
            self.tabs.append(await self.context.new_page())
        elif luck > 0.8:
            self.tabs.reverse()

    async def _die(self) -> None:
        """The whole browser is killed and started again on what it had stored; who she was may not be among it."""
        self.met["crash"] += 1
        kill(alive(self.folder))
        with suppress(PageGone):
            await self.switch_off()
        await self.switch_on()
        await self.better()
        assert self.context
        if self.rng.random() < 0.5:
            await self.context.clear_cookies()
        if not any(cookie.get("name") == COOKIE for cookie in await self.context.cookies()):
            await self._be_in(None)
            await self.tabs[0].goto("/today")
            self.wiped += [row for row in await kept(self.tabs[0], "outbox") if row["state"] == "sent"]
            await self.better()
            await self._get_ready()

    def _did(self, kind: str, subject: str, word: str | None) -> None:
        self.acts.append(Act(kind, subject, word))

    def _word(self) -> str:
        return f"{self.numbers}-{len(self.acts)}"

    async def _open(self, page: Page, path: str, wanted: Locator) -> None:
        """Goes there; where nothing comes, once more with a better connection, as she would."""
        await page.goto(path)
        try:
            await wanted.wait_for()
        except NotInTime:
            print("opened again:", path, self.gate.weather, await page.locator("main").all_inner_texts())
            await self.better()
            await page.goto(path)
            await wanted.wait_for()

    async def _outcome(self, page: Page) -> None:
        card, outcome = self.rng.choice(self.cards), self.rng.choice(list(OUTCOMES))
        tile = page.get_by_role("button", name=outcome, exact=True)
        await self._open(page, f"/tasks/{card}?sheet=outcome", tile)
        if await tile.get_attribute("aria-pressed") == "true":
            outcome = next(other for other in OUTCOMES if other != outcome)
            tile = page.get_by_role("button", name=outcome, exact=True)
        before = {row["id"] for row in await kept(page, "outbox")}
        await tile.tap()
        async with asyncio.timeout(PATIENCE / 1000):
            while not await self._wrote(page, before, OUTCOMES[outcome]):
                await asyncio.sleep(0.05)
        self._did("outcome", card, OUTCOMES[outcome])

    async def _wrote(self, page: Page, before: set[str], outcome: str) -> bool:
        """Whether a new write with this outcome is on the phone."""
        rows = [row for row in await kept(page, "outbox") if row["id"] not in before]
        return any(row["input"].get("outcome", "").lower() == outcome for row in rows)

    async def _undo(self, page: Page) -> None:
        """Takes back what she recorded last, wherever that is by now."""
        mine = [act.subject for act in self.acts if act.kind == "outcome"]
        if not mine:
            return await self._outcome(page)
        await self._open(page, f"/tasks/{mine[-1]}", page.locator("article.focus"))
        back = page.locator(".outcome").get_by_role("button", name="撤销")
        if not await back.is_visible():
            return await self._outcome(page)
        before = [row["id"] for row in await kept(page, "outbox")]
        try:
            await back.tap(timeout=PATIENCE / 5)
        except NotInTime:  # the shop's answer came meanwhile: a colleague had closed it
            return await self._outcome(page)
        async with asyncio.timeout(PATIENCE / 1000):
            while before == [row["id"] for row in await kept(page, "outbox")]:
                await asyncio.sleep(0.05)
        self._did("outcome", mine[-1], None)

    async def _note(self, page: Page) -> None:
        customer, word = self.rng.choice(self.customers), self._word()
        words = page.get_by_role("textbox", name="记什么")
        await self._open(page, f"/customers/{customer}?sheet=note", words)
        await words.fill(word)
        await page.get_by_role("button", name="存好", exact=True).tap()
        await expect(page.locator(".toast")).to_contain_text("记好了")
        self._did("note", customer, word)

    async def _edit(self, page: Page) -> None:
        customer, word = self.rng.choice(self.customers[:4]), self._word()
        words = page.get_by_role("textbox", name=re.compile("^备注"))
        await self._open(page, f"/customers/{customer}/edit", words)
        await words.fill(word)
        await page.get_by_role("button", name="存好", exact=True).tap()
        await self._is_kept(page, word)
        self._did("edit", customer, word)

    async def _create(self, page: Page) -> None:
        word, number = self._word(), f"{self.numbers}{len(self.acts):04}"
        digits = page.get_by_role("textbox", name=re.compile("^手机号"))
        await self._open(page, "/customers/new", digits)
        await digits.fill(number)
        await page.get_by_role("textbox", name=re.compile("^姓名")).fill(word)
        await page.get_by_role("button", name="存好", exact=True).tap()
        customer = (await self._is_kept(page, word))["input"]["id"]
        self.customers.append(customer)
        self._did("create", customer, word)

    async def _is_kept(self, page: Page, word: str) -> dict[str, Any]:
        """The write with her words, once it is on the phone; what becomes of it is another matter."""
        async with asyncio.timeout(PATIENCE / 1000):
            while True:
                for row in await kept(page, "outbox"):
                    if word in row["input"].values():
                        return row
                await asyncio.sleep(0.05)

    async def outbox_at_rest(self) -> list[dict[str, Any]]:
        """With the connection back and one tab open: all writes of this phone, once nothing more can be sent."""
        await self.better()
        assert self.context
        page = await self.context.new_page()
        await page.goto("/outbox")
        async with asyncio.timeout(45):
            while _movable(rows := await kept(page, "outbox")):
                await asyncio.sleep(0.1)
        return self.wiped + rows


def _waits(row: dict[str, Any]) -> bool:
    return row["state"] not in ("sent", "rejected")


def _movable(rows: list[dict[str, Any]]) -> bool:
    """Something waits that is not behind a refused new customer."""
    parked = {row["entity"] for row in rows if row["creates"] and row["state"] == "rejected"}
    return any(_waits(row) and row["entity"] not in parked for row in rows)


def operation_ids(rows: list[dict[str, Any]], state: str = "sent") -> set[UUID]:
    return {UUID(row["id"]) for row in rows if row["state"] == state}
