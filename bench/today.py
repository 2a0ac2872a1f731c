"""The "today" screen: 20 cards with customer, reasons and due time, signed in, one process, against the floor."""

import asyncio
import base64
import json
import os
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from statistics import median
from typing import Any

from bench.data import TOKEN, fill
from bench.table import Row
from shuke.kit import db
from tests.programs import free_port
from tests.servers import embedded_for_tests, fresh_database

QUERY = """query { today(first: 20) { open { id dueAt state attempts version customer { id name alias cell }
  reasons { key why say dueAt } } } }"""
CONNECTIONS = 8
ROUNDS = 5
SECONDS = 3.0


@contextmanager
def server(app: str, url: str, factory: bool) -> Iterator[int]:
    """A uvicorn process of one worker; its port."""
    # by its number and not by a socket handed over: only then does uvicorn send small answers at once
    port = free_port()
    command = [sys.executable, "-m", "uvicorn", app, "--port", str(port), "--no-access-log", "--log-level", "warning"]
    environment = os.environ | {"SHUKE_DATABASE_URL": url, "SHUKE_REDIS_URL": embedded_for_tests().redis}
    process = subprocess.Popen(command + (["--factory"] if factory else []), env=environment)
    try:
        yield port
    finally:
        process.terminate()
        process.wait()


def request(path: str, body: bytes | None) -> bytes:
    verb = b"POST" if body else b"GET"
    head = [verb + b" " + path.encode() + b" HTTP/1.1", b"host: 127.0.0.1", f"cookie: shuke_session={TOKEN}".encode()]
    if body:
        head += [b"content-type: application/json", f"content-length: {len(body)}".encode()]
    return b"\r\n".join(head) + b"\r\n\r\n" + (body or b"")


def load(port: int, message: bytes, seconds: float = SECONDS) -> float:
    """Requests a second."""
    command = [sys.executable, "-m", "bench.load", str(port), str(seconds), str(CONNECTIONS)]
    for _ in range(50):
        done = subprocess.run(command, input=message, capture_output=True)
        if done.returncode == 0:
            found = json.loads(done.stdout)
            return float(found["requests"] / found["seconds"])
        time.sleep(0.2)
    raise SystemExit(done.stderr.decode())


def pairs(url: str) -> list[tuple[float, float]]:
    """(ours, floor) in requests a second, measured in turn."""
    query = json.dumps({"query": QUERY}).encode()
    ours_message = request("/graphql", query)
    floor_message = request("/today", None)
    with server("shuke.app.processes:app", url, True) as ours, server("bench.floor:app", url, False) as floor:
        load(ours, ours_message, 1), load(floor, floor_message, 1)
        same(
            json.loads(body(ours, "/graphql", json.dumps({"query": QUERY}).encode())), json.loads(body(floor, "/today"))
        )
        return [(load(ours, ours_message), load(floor, floor_message)) for _ in range(ROUNDS)]


def body(port: int, path: str, sent: bytes | None = None) -> bytes:
    head = {"cookie": f"shuke_session={TOKEN}", "content-type": "application/json"}
    with urllib.request.urlopen(urllib.request.Request(f"http://127.0.0.1:{port}{path}", sent, head)) as answer:
        found: bytes = answer.read()
        return found


def same(ours: Any, floor: Any) -> None:
    """The floor sends what we send, but for the spelling of ids and times."""
    for mine, bare in zip(ours["data"]["today"]["open"], floor["data"]["today"]["open"], strict=True):
        for one in (mine, mine["customer"]):
            one["id"] = base64.b64decode(one["id"]).decode().partition(":")[2]
        for card in (mine, bare):
            for one in (card, *card["reasons"]):
                one["dueAt"] = datetime.fromisoformat(one["dueAt"])
        assert mine == bare, (mine, bare)


def run(sizes: tuple[int, ...] = (10_000, 100_000, 1_000_000)) -> list[Row]:
    """One row a size, and the growth between the smallest and the largest."""
    return asyncio.run(_run(sizes))


async def _run(sizes: tuple[int, ...]) -> list[Row]:
    rows, rates = [], {}
    for n in sizes:
        async with fresh_database() as url:
            await db.migrate(url)
            await fill(db.plain_dsn(url), n)
            measured = await asyncio.to_thread(pairs, db.plain_dsn(url))
            ours, floor = (median(pair[side] for pair in measured) for side in (0, 1))
            ratio = median(mine / bare for mine, bare in measured)  # pair by pair, since the machine's speed drifts
            rates[n] = ours
            goal = "≥ 0.12" if n == 100_000 else ""
            rows.append(
                Row(
                    f"today, {n:,} customers and cards",
                    f"{ours:.0f}/s",
                    f"{floor:.0f}/s",
                    ratio,
                    goal,
                    ratio >= 0.12,
                )
            )
    if len(sizes) > 1:
        growth = rates[sizes[0]] / rates[sizes[-1]]
        rows.append(
            Row(
                f"today, growth {sizes[0]:,} → {sizes[-1]:,}",
                f"{rates[sizes[-1]]:.0f}/s",
                f"{rates[sizes[0]]:.0f}/s",
                growth,
                "≤ 1.5",
                growth <= 1.5,
            )
        )
    return rows
