"""An API and a worker as an operator runs them: figures, health, a graceful end, a backup while they write."""

import asyncio
import json
import signal
import time
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import asyncpg
import httpx
import pytest

from shuke.app.backup import back_up, restore
from shuke.app.doctor import examine
from shuke.app.settings import Settings
from shuke.kit import clock, db, queue
from shuke.kit.ids import new_id
from tests.factories import World, make_world
from tests.factories.tasks import add_buyers, make_card
from tests.installation import Proxy, Slot, slots, token_of
from tests.integration.test_rolling_update import NOTE, READ, global_id
from tests.programs import Program, free_port
from tests.servers import embedded_for_tests, fresh_database


@pytest.fixture
async def world(database: str) -> AsyncIterator[World]:
    yield await make_world()


async def until(figure: str, slot: Slot, seconds: float = 30) -> None:
    deadline = time.monotonic() + seconds
    while figure not in (said := await slot.figures()):
        assert time.monotonic() < deadline, said
        await asyncio.sleep(0.5)


async def test_figures_answer_what_an_operator_asks(world: World, database: str) -> None:
    late, soon = await add_buyers(world, 2)
    await make_card(world, late, clock.now() - timedelta(hours=1))
    await make_card(world, soon, clock.now() + timedelta(hours=1))
    await db.execute("UPDATE task SET remind_at = NULL")
    with slots(database, "serve", "worker") as (api, worker):
        await asyncio.gather(api.start(), worker.start())
        proxy = Proxy([api], await token_of(world.staff["guide"]))
        await proxy.post(READ)
        said = await api.figures()
        assert 'shuke_request_seconds_count{operation="customers"} 1.0' in said
        assert 'shuke_requests_total{operation="customers",status="200"} 1.0' in said
        assert 'shuke_pool_connections{state="limit"}' in said
        await until('shuke_tasks_late{brand="好孕来"} 1.0', worker)
        await until("shuke_workers 1.0", worker)
        await until('shuke_deliveries_total{handler="journeys.handlers.on_brand_created",result="done"} 1.0', worker)
        for figure in (
            'shuke_tasks_due{brand="好孕来"} 1.0',
            'shuke_lag_seconds{what="events"} 0.0',
            'shuke_lag_seconds{what="reminders"} 0.0',
            'shuke_deliveries_undone{state="stumbled"} 0.0',
            'shuke_sweep_seconds_count{sweep="reminders"}',
        ):
            await until(figure, worker)
        # nobody reaches them where customers come in
        async with httpx.AsyncClient() as http:
            outside = await http.get(f"http://127.0.0.1:{api.port}/metrics")
        assert "shuke_" not in outside.text
        assert await api.stop() == await worker.stop() == 0


async def test_an_api_told_to_stop_says_so_answers_on_and_finishes_what_it_has(world: World, database: str) -> None:
    with slots(database, "serve", SHUKE_DRAIN="3") as (api,):
        await api.start()
        token = await token_of(world.staff["guide"])
        proxy = Proxy([api], token)
        await proxy.post(READ)
        held = await asyncpg.connect(database)
        await held.execute("BEGIN")
        await held.execute("LOCK TABLE customer IN ACCESS EXCLUSIVE MODE")
        slow = asyncio.create_task(Proxy([api], token).post(READ))
        await asyncio.sleep(0.5)
        assert api.program
        api.program.process.send_signal(signal.SIGTERM)
        await asyncio.sleep(0.5)
        assert await api.health() == 503 and await api.health("/health/live") == 200
        async with httpx.AsyncClient() as http:  # whoever still comes is answered, and sent elsewhere next time
            answer = await http.post(f"http://127.0.0.1:{api.port}/graphql", json={"query": "{ __typename }"})
            assert answer.status_code == 200 and answer.headers["connection"] == "close"
            await asyncio.sleep(3)
            with pytest.raises(httpx.ConnectError):
                await http.get(f"http://127.0.0.1:{api.port}/health/live")
        await held.execute("COMMIT")
        await held.close()
        assert (await slow)["customers"]["edges"] == []
        assert await asyncio.to_thread(api.program.wait, 20) == 0


async def test_start_and_end_are_a_line_each_and_so_is_what_prevents_a_start(world: World, database: str) -> None:
    with slots(database, "serve", "worker") as (api, worker):
        await asyncio.gather(api.start(), worker.start())
        assert await api.stop() == await worker.stop() == 0
        for slot, who, port in ((api, "API", api.port), (worker, "worker", worker.side)):
            assert slot.program
            lines = map(json.loads, slot.program.said().splitlines())
            told = [line["message"] for line in lines if line["logger"] == "shuke.app.processes"]
            assert told[0].startswith(f"{who} ") and told[0].endswith(f"starts, listening on 127.0.0.1:{port}")
            assert told[1:] == [f"{who} stopped"]
    with slots("postgresql://127.0.0.1:1/shuke", "serve", "worker") as lost:
        for slot in lost:
            slot.program = Program(slot.data, slot.command, env=slot.env)
            assert await asyncio.to_thread(slot.program.wait) == 1
            [line] = slot.lines()
            assert line["level"] == "CRITICAL" and "127.0.0.1:1/shuke does not answer" in line["message"]


async def test_a_worker_told_to_stop_finishes_the_job_it_is_at(world: World, database: str) -> None:
    queue.configure(embedded_for_tests().redis)
    with slots(database, "worker") as (worker,):
        await worker.start()
        held = await asyncpg.connect(database)
        await held.execute("BEGIN")
        await held.execute("LOCK TABLE segment_membership IN ACCESS EXCLUSIVE MODE")
        await queue.enqueue("refresh_segments", str(world.brand_id))
        waits = "SELECT count(*) FROM pg_locks WHERE NOT granted AND relation = 'segment_membership'::regclass"
        async with asyncio.timeout(20):
            while not await held.fetchval(waits):
                await asyncio.sleep(0.1)
        assert worker.program
        worker.program.process.send_signal(signal.SIGTERM)
        await asyncio.sleep(2)
        assert worker.program.process.poll() is None
        await held.execute("COMMIT")
        await held.close()
        assert await asyncio.to_thread(worker.program.wait, 20) == 0
        assert not [line for line in worker.lines() if line["level"] != "INFO"]
    await queue.close()
    assert await db.fetch_value("SELECT count(*) FROM event WHERE kind = 'segments.refreshed'") == 1
    assert await db.fetch_value("SELECT count(*) FROM worker_heartbeat") == 0


async def test_ready_is_503_while_the_database_is_away_and_200_again_after(world: World) -> None:
    from tests.api.wire import wire

    async with fresh_database() as url:
        await db.migrate(url)
        async with wire(url) as (line, near):
            with slots(near, "serve", "worker") as (api, worker):
                await asyncio.gather(api.start(), worker.start())
                await line.cut()
                assert await api.health() == await worker.health() == 503
                assert await api.health("/health/live") == 200
                await line.mend()
                await asyncio.gather(api.until_ready(20), worker.until_ready(20))
                assert await api.stop() == await worker.stop() == 0


async def test_ready_is_503_in_time_while_the_database_is_frozen_and_200_again_after(world: World) -> None:
    from tests.api.wire import wire

    async with fresh_database() as url:
        await db.migrate(url)
        async with wire(url) as (line, near):
            with slots(near, "serve", "worker") as (api, worker):
                await asyncio.gather(api.start(), worker.start())
                line.freeze()
                for _ in range(2):
                    asked = time.monotonic()
                    assert set(await asyncio.gather(api.health(), worker.health())) == {503}
                    assert time.monotonic() - asked < 4
                line.thaw()
                await asyncio.gather(api.until_ready(20), worker.until_ready(20))
                assert await api.stop() == await worker.stop() == 0


async def test_a_backup_made_while_all_are_writing_is_restored_whole(
    world: World, database: str, tmp_path: Path
) -> None:
    customers = await add_buyers(world, 20)
    with slots(database, "serve", "worker") as (api, worker):
        await asyncio.gather(api.start(), worker.start())
        proxy, stop = Proxy([api], await token_of(world.staff["guide"])), asyncio.Event()

        async def write() -> int:
            count = 0
            while not stop.is_set():
                note = {"customerId": global_id("Customer", customers[count % 20]), "id": str(new_id()), "text": "x"}
                answer = await proxy.post(NOTE, input={"operationId": str(uuid4()), **note})
                assert not answer["addNote"]["userErrors"]
                count += 1
            return count

        writers = [asyncio.create_task(write()) for _ in range(3)]
        await asyncio.sleep(1)
        await asyncio.to_thread(asyncio.run, back_up(database, tmp_path / "shop.backup"))
        stop.set()
        written = sum(await asyncio.gather(*writers))
        assert await api.stop() == await worker.stop() == 0
    async with fresh_database() as empty:
        await asyncio.to_thread(asyncio.run, restore(empty, tmp_path / "shop.backup"))
        await whole(empty, written)
        with slots(empty, "serve", "worker") as (api, worker):
            await asyncio.gather(api.start(), worker.start())
            again = Proxy([api], str(next(iter(proxy.http.cookies.values()))))
            assert (await again.post(READ))["customers"]["edges"]
            settings = Settings(
                Path("/nonexistent"), database_url=empty, redis_url=embedded_for_tests().redis, port=free_port()
            )
            findings = await asyncio.to_thread(lambda: list(examine(settings)))
            assert [finding.words for finding in findings if not finding.well] == []
            assert await api.stop() == await worker.stop() == 0


async def whole(url: str, written: int) -> None:
    """The backup is one moment: every note has its event and its answer."""
    connection = await asyncpg.connect(url)
    try:
        counts = await connection.fetchrow(
            "SELECT (SELECT count(*) FROM timeline_entry WHERE kind = 'note'),"
            " (SELECT count(*) FROM event WHERE kind = 'customer.noted'),"
            " (SELECT count(*) FROM operation WHERE name = 'addNote' AND answer IS NOT NULL)"
        )
    finally:
        await connection.close()
    assert counts and 0 < counts[0] <= written and len(set(counts)) == 1, (counts, written)
