"""The screens of a person in a small chain and in a large one: statements, and how long the slowest twentieth takes.

What she has before her is of the same size in both (bench/chain.py), so nothing should take longer in the large one.
"""

import asyncio
import json
import subprocess
import sys
from dataclasses import dataclass
from statistics import median
from time import perf_counter
from typing import Any
from uuid import UUID

from bench import chain
from bench.table import Row
from bench.today import server
from shuke.api.context import COOKIE
from shuke.api.pagination import global_id
from shuke.domains.identity import queries as identity
from shuke.domains.records import service as records
from shuke.kit import db
from tests.api.pwa_operations import operations
from tests.api.real import Browser, serving

SMALL, LARGE = 10_000, 1_000_000  # customers; ten times as many orders
ROUNDS, SECONDS, CONNECTIONS = 5, 2.0, 2
LOOKED_AT, AT_ONCE = 20_000, 200
"""Of the night's look for duplicates: a customer costs the same wherever she stands in it."""
HER = global_id("Customer", UUID(int=7))
BOARD: dict[str, Any] = {"period": "TODAY"}
LIST: dict[str, Any] = {"search": None, "storeId": None, "mine": False, "cell": None, "first": 30, "after": None}


@dataclass(slots=True)
class Screen:
    what: str
    token: str
    operation: str
    variables: dict[str, Any]

    @property
    def body(self) -> bytes:
        return json.dumps({"query": operations()[self.operation], "variables": self.variables}).encode()

    @property
    def message(self) -> bytes:
        head = f"POST /graphql HTTP/1.1\r\nhost: 127.0.0.1\r\ncookie: {COOKIE}={self.token}\r\n"
        return f"{head}content-type: application/json\r\ncontent-length: {len(self.body)}\r\n\r\n".encode() + self.body


SCREENS = [
    Screen("today", chain.GUIDE, "Today", {"first": 20}),
    Screen("customers, the first page", chain.GUIDE, "Customers", LIST),
    Screen("customers of one cell", chain.GUIDE, "Customers", LIST | {"cell": "LHL"}),
    Screen("search by one character", chain.GUIDE, "Customers", LIST | {"search": "李"}),
    Screen("search by a part of the name", chain.GUIDE, "Customers", LIST | {"search": "李梓"}),
    Screen("search by pinyin", chain.GUIDE, "Customers", LIST | {"search": "zhouyut"}),
    Screen("search by initials", chain.GUIDE, "Customers", LIST | {"search": "lz"}),
    Screen("search by four digits", chain.GUIDE, "Customers", LIST | {"search": "0042"}),
    Screen("search by member number", chain.GUIDE, "Customers", LIST | {"search": "M00000042"}),
    Screen("search by community", chain.GUIDE, "Customers", LIST | {"search": "翠苑"}),
    Screen("a customer's page", chain.GUIDE, "CustomerById", {"id": HER}),
    Screen("a customer's timeline", chain.GUIDE, "CustomerTimeline", {"id": HER, "after": None}),
    Screen("the board of a region", chain.MANAGER, "Board", BOARD | {"by": "STORE"}),
    Screen("head office: customers, the first page", chain.HQ, "Customers", LIST),
]
WITH_ITS_STORES = [
    Screen("head office: search by member number", chain.HQ, "Customers", LIST | {"search": "M00000042"}),
    Screen("head office: search by a part of the name", chain.HQ, "Customers", LIST | {"search": "李梓"}),
    Screen("head office: search by pinyin", chain.HQ, "Customers", LIST | {"search": "zhouyut"}),
    Screen("head office: search by initials", chain.HQ, "Customers", LIST | {"search": "lz"}),
    Screen("head office: search by community", chain.HQ, "Customers", LIST | {"search": "翠苑"}),
    Screen("head office: the board, by region", chain.HQ, "Board", BOARD | {"by": "REGION"}),
]
"""What adds up or goes through stores, of which the large chain has a hundred times as many: growth is told alone."""
FIRST_RESULTS = 100  # ms, of any search
A_PAGE = 8
"""Statements of a customer's page."""


async def statements(screen: Screen) -> int:
    """How many statements the screen's operation takes, the session's look-up included."""
    async with serving() as app:
        browser = Browser(app)
        browser.http.cookies.set(COOKIE, screen.token)
        await browser.ask(operations()[screen.operation], **screen.variables)
        async with db.counting() as noted:
            await browser.ask(operations()[screen.operation], **screen.variables)
        return len(noted)


def times(port: int, screen: Screen) -> dict[str, float]:
    """{"p50", "p95"} in ms."""
    command = [sys.executable, "-m", "bench.load", str(port), str(SECONDS), str(CONNECTIONS)]
    done = subprocess.run(command, input=screen.message, capture_output=True, check=True)
    found: dict[str, float] = json.loads(done.stdout)
    return found


async def nightly(n: int) -> float:
    """Customers a second that the night's look for duplicates sees to; a night is `n` of them."""
    (brand,) = await identity.brands()
    await records.watch_brand(brand.id)
    await records.sweep_duplicates(AT_ONCE)  # what is read for the first time is not counted
    began, seen = perf_counter(), 0
    while seen < min(n, LOOKED_AT) and (looked := await records.sweep_duplicates(AT_ONCE)):
        seen += looked
    return seen / (perf_counter() - began)


async def measured(n: int) -> tuple[dict[str, tuple[float, float, int]], float]:
    """Screen -> (median of the medians, median of the 95th percentiles, in ms; statements). And `nightly`."""
    found = {}
    async with chain.of(n) as url:
        await db.connect(url)
        rate = await nightly(n)
        counts = {screen.what: await statements(screen) for screen in SCREENS + WITH_ITS_STORES}
        await db.disconnect()
        with server("shuke.app.processes:app", url, True) as port:
            await asyncio.sleep(5)
            for screen in SCREENS + WITH_ITS_STORES:
                runs = [await asyncio.to_thread(times, port, screen) for _ in range(ROUNDS)]
                p50, p95 = (median(run[part] for run in runs) for part in ("p50", "p95"))
                found[screen.what] = (p50, p95, counts[screen.what])
    return found, rate


def run() -> list[Row]:
    (small, slow), (large, rate) = asyncio.run(measured(SMALL)), asyncio.run(measured(LARGE))
    rows, judged = [], {screen.what for screen in SCREENS}
    for what, (p50, p95, count) in large.items():
        growth = p95 / small[what][1]
        goals = [("≤ 1.5", growth <= 1.5)] if what in judged else []
        goals += [(f"p95 ≤ {FIRST_RESULTS} ms", p95 <= FIRST_RESULTS)] if "search" in what else []
        goals += [(f"≤ {A_PAGE} statements", count <= A_PAGE)] if what == "a customer's page" else []
        told = f"p50 {p50:.1f}, p95 {p95:.1f} ms, {count} statements"
        before = f"p50 {small[what][0]:.1f}, p95 {small[what][1]:.1f} ms"
        goal, met = "; ".join(name for name, _ in goals), all(met for _, met in goals)
        rows.append(Row(f"{what}, {LARGE:,} customers", told, before, growth, goal, met))
    growth, night = slow / rate, LARGE / rate / 60
    told = f"{rate:,.0f} customers/s: {night:.0f} min a night"
    what = f"the night's look for duplicates, {LARGE:,} customers"
    rows.append(Row(what, told, f"{slow:,.0f} customers/s", growth, "≤ 1.5", growth <= 1.5))
    return rows
