"""The "today" screen: 20 cards with customer, reasons and due time, signed in, one process, against the floor."""

import asyncio
import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from statistics import median

from bench.data import TOKEN, fill
from bench.table import Row
from shuke.kit import db
from tests.servers import embedded_for_tests, fresh_database

QUERY = """query { today(first: 20) { open { id dueAt state attempts version customer { id name alias cell }
  reasons { key why say dueAt } } } }"""
CONNECTIONS = 8
ROUNDS = 5
SECONDS = 3.0


@contextmanager
def server(app: str, url: str, factory: bool) -> Iterator[int]:
    """A uvicorn process of one worker; its port."""
    import socket

    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
        command = [
            sys.executable,
            "-m",
            "uvicorn",
            app,
            "--fd",
            str(listener.fileno()),
            "--no-access-log",
            "--log-level",
            "warning",
        ]
        environment = os.environ | {"SHUKE_DATABASE_URL": url, "SHUKE_REDIS_URL": embedded_for_tests().redis}
        process = subprocess.Popen(
            command + (["--factory"] if factory else []), env=environment, pass_fds=[listener.fileno()]
        )
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


def pairs(url: str) -> tuple[float, float]:
    """Medians of (ours, floor) in requests a second, measured in turn."""
    ours_message = request("/graphql", json.dumps({"query": QUERY}).encode())
    floor_message = request("/today", None)
    with server("shuke.app.asgi:create_app", url, True) as ours, server("bench.floor:app", url, False) as floor:
        load(ours, ours_message, 1), load(floor, floor_message, 1)
        measured = [(load(ours, ours_message), load(floor, floor_message)) for _ in range(ROUNDS)]
    return median(pair[0] for pair in measured), median(pair[1] for pair in measured)


def run(sizes: tuple[int, ...] = (10_000, 100_000, 1_000_000)) -> list[Row]:
    """One row a size, and the growth between the smallest and the largest."""
    return asyncio.run(_run(sizes))


async def _run(sizes: tuple[int, ...]) -> list[Row]:
    rows, rates = [], {}
    for n in sizes:
        async with fresh_database() as url:
            await db.migrate(url)
            await fill(db.plain_dsn(url), n)
            ours, floor = await asyncio.to_thread(pairs, db.plain_dsn(url))
            rates[n] = ours
            goal = "≥ 0.12" if n == 100_000 else ""
            rows.append(
                Row(
                    f"today, {n:,} customers and cards",
                    f"{ours:.0f}/s",
                    f"{floor:.0f}/s",
                    ours / floor,
                    goal,
                    ours / floor >= 0.12,
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
