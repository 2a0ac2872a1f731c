"""Processes killed -9 in the middle: what they had begun is repeated, and happens once."""

import asyncio
import signal
import sys
from collections import Counter
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import httpx
import pytest

from shuke.api.context import COOKIE
from shuke.domains.identity import service as identity
from shuke.kit import clock, codec, db
from tests.api.test_graphql_http_server import answers
from tests.factories import make_world
from tests.factories.customers import next_phone
from tests.factories.tasks import add_buyers, make_card
from tests.programs import Program, data_folder, eventually, free_port
from tests.servers import embedded_for_tests

NOON = datetime(2026, 11, 22, 4, tzinfo=UTC)
WORKER = """
import asyncio, sys, time
from shuke.app.wiring import WIRING
from shuke.domains.tasks import service as tasks
from shuke.kit import db, events

async def main():
    await db.connect(sys.argv[1])
    while await tasks.sweep_reminders(8) or await events.Dispatcher(WIRING).drain():
        print("batch", flush=True)
        time.sleep(0.05)  # time to be killed in, however busy the machine is
    await db.disconnect()

asyncio.run(main())
"""
CREATE = """mutation ($input: CreateCustomerInput!) { createCustomer(input: $input) {
  customer { id } userErrors { code } } }"""


async def worker(url: str, minute: int, pause: float | None) -> None:
    """A process of its own, begun so long after noon, killed so long after its first batch; None: left to finish."""
    env = {"SHUKE_CLOCK": (NOON + timedelta(minutes=minute)).isoformat()}
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", WORKER, url, stdout=asyncio.subprocess.PIPE, env=env
    )
    assert process.stdout
    if pause is not None:
        await process.stdout.readline()
        await asyncio.sleep(pause)
        with suppress(ProcessLookupError):
            process.kill()
    await process.wait()
    assert pause is not None or process.returncode == 0


async def test_workers_killed_while_reminding_and_delivering_tell_everybody_once(database: str) -> None:
    world = await make_world()
    with clock.pretended(NOON):
        for customer in await add_buyers(world, 150):
            await make_card(world, customer)
    for minute, pauses in enumerate(((0.0, 0.01), (0.03, 0.005)), 1):
        await asyncio.gather(*(worker(database, minute, pause) for pause in pauses))
    assert await db.fetch_value("SELECT count(*) FROM task WHERE remind_at IS NOT NULL") > 0
    await worker(database, 9, None)
    told: Counter[str] = Counter()
    for row in await db.fetch("SELECT data FROM inbox_message WHERE staff_id = $1", world.staff["guide"].id):
        told.update(codec.loads(row[0])["taskIds"])
    assert len(told) == 150 and set(told.values()) == {1}
    assert await db.fetch_value("SELECT count(*) FROM event_delivery WHERE done_at IS NULL") == 0


@pytest.mark.parametrize("after", [0.05, 0.15])
async def test_an_api_killed_before_it_answers_does_it_once_when_asked_again(database: str, after: float) -> None:
    world = await make_world()
    guide = world.staff["guide"]
    assert guide.id
    opened = await identity.open_session(uuid4(), guide.id, guide.brand_id, "phone")
    said = [
        {"operationId": str(uuid4()), "id": str(uuid4()), "phone": next_phone(), "name": f"客人{n}"} for n in range(60)
    ]
    with data_folder() as data:
        port = free_port()
        env = {
            "SHUKE_PORT": str(port),
            "SHUKE_DATABASE_URL": database,
            "SHUKE_REDIS_URL": embedded_for_tests().redis,
        }
        known: dict[int, Any] = {}

        async def send(http: httpx.AsyncClient, n: int) -> None:
            with suppress(httpx.TransportError):
                answer = await http.post("/graphql", json={"query": CREATE, "variables": {"input": said[n]}})
                found = answer.json()["data"]["createCustomer"]
                assert found["userErrors"] == [] and known.setdefault(n, found) == found

        for killing in (True, False):
            program = Program(data, "serve", env=env)
            await asyncio.to_thread(eventually, lambda: answers(port), 30)
            cookies = {COOKIE: opened.token}
            async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", cookies=cookies, timeout=30) as http:
                waiting = [asyncio.create_task(send(http, n)) for n in range(len(said))]
                if killing:
                    await asyncio.sleep(after)
                    program.process.send_signal(signal.SIGKILL)
                await asyncio.gather(*waiting)
            if not killing:
                program.stop()
    assert len(known) == len(said)
    assert await db.fetch_value("SELECT count(*) FROM customer") == len(said)
    assert await db.fetch_value("SELECT count(*) FROM event WHERE kind = 'customer.created'") == len(said)
