"""Live screens against the served API: who is told, how soon, and when a stream ends."""

import asyncio
import signal
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from uuid import uuid4

import httpx
import pytest

from shuke.api.context import COOKIE
from shuke.api.http import live
from shuke.domains.identity import service as identity
from shuke.domains.identity.types import Actor
from shuke.kit import db, events
from shuke.kit.ids import new_id
from shuke.kit.live import MOST_KINDS, Ear, Hub
from tests.factories import PASSWORD, make_world
from tests.programs import Program, data_folder, eventually, free_port
from tests.servers import embedded_for_tests


@pytest.fixture
async def shop(database: str) -> AsyncIterator[tuple[str, Program]]:
    """Where the whole API is served, as `shuke serve` does it, and the program."""
    with data_folder() as data:
        port = free_port()
        servers = {"SHUKE_DATABASE_URL": database, "SHUKE_REDIS_URL": embedded_for_tests().redis}
        program = Program(data, "serve", env={"SHUKE_PORT": str(port), "SHUKE_DRAIN": "0", **servers})
        address = f"http://127.0.0.1:{port}"
        await asyncio.to_thread(eventually, lambda: answers(address), 30, program.said)
        yield address, program
        assert program.stop() in (0, -signal.SIGTERM) and "Traceback" not in program.said()


def answers(address: str) -> bool:
    try:
        return httpx.get(f"{address}/health/ready").status_code == 200
    except httpx.TransportError:
        return False


async def token_of(actor: Actor) -> str:
    assert actor.id
    return (await identity.open_session(uuid4(), actor.id, actor.brand_id, "tablet")).token


@asynccontextmanager
async def screen(address: str, token: str) -> AsyncIterator[AsyncIterator[str]]:
    """The lines of a live stream, its greeting read."""
    client = httpx.AsyncClient(timeout=30, cookies={COOKIE: token})
    async with client, client.stream("GET", f"{address}/live") as answer:
        assert answer.status_code == 200
        assert answer.headers["content-type"].startswith("text/event-stream")
        lines = answer.aiter_lines()
        assert [await anext(lines) for _ in range(3)] == ["retry: 3000", ": hello", ""]
        yield lines


async def message(lines: AsyncIterator[str]) -> str:
    """The data of the next message."""
    async with asyncio.timeout(10):
        async for line in lines:
            if line.startswith("data: "):
                return line.removeprefix("data: ")
    raise AssertionError("the stream ended")


async def ended(lines: AsyncIterator[str]) -> bool:
    async with asyncio.timeout(10):
        async for _ in lines:
            pass
    return True


async def test_a_change_is_told_within_two_seconds_and_only_to_its_brand(shop: tuple[str, Program]) -> None:
    world, other = await make_world(), await make_world("别家")
    async with (
        screen(shop[0], await token_of(world.staff["manager"])) as mine,
        screen(shop[0], await token_of(other.staff["manager"])) as theirs,
    ):
        await asyncio.sleep(1.2)  # what the sign-ins said is over
        begun = time.monotonic()
        await events.record(world.brand_id, "task.outcome", events.SYSTEM, ("task", uuid4()), {"note": "不可外传"})
        said = [await message(mine)]
        while "task.outcome" not in said[-1]:
            said.append(await message(mine))
        assert time.monotonic() - begun < 2
        assert said[-1] == '{"kinds":["task.outcome"]}'
        await events.record(other.brand_id, "order.seen", events.SYSTEM, ("order", None))
        heard = [await message(theirs)]
        while "order.seen" not in heard[-1]:
            heard.append(await message(theirs))
        assert "task.outcome" not in "".join(heard)


@pytest.mark.parametrize("how", ["revoked", "her password changed elsewhere"])
async def test_a_stream_ends_with_its_session(shop: tuple[str, Program], how: str) -> None:
    world = await make_world()
    manager = world.staff["manager"]
    assert manager.id
    signed = await identity.open_session(uuid4(), manager.id, manager.brand_id, "lost tablet")
    async with screen(shop[0], signed.token) as lines:
        if how == "revoked":
            await identity.revoke_staff_sessions(world.staff["hq"], manager.id, signed.session_id)
        else:
            other = replace(manager, session_id=new_id())
            await identity.change_password(other, uuid4(), PASSWORD, "my own long password", "10.0.0.1")
        begun = time.monotonic()
        assert await ended(lines)
        assert time.monotonic() - begun < 5
    async with httpx.AsyncClient(cookies={COOKIE: signed.token}) as client:
        assert (await client.get(f"{shop[0]}/live")).status_code == 401


async def test_a_session_has_a_few_streams_and_nobody_else_any(shop: tuple[str, Program]) -> None:
    world = await make_world()
    token = await token_of(world.staff["guide"])
    async with httpx.AsyncClient() as stranger:
        assert (await stranger.get(f"{shop[0]}/live")).status_code == 401
        foreign = {"cookie": f"{COOKIE}={token}", "sec-fetch-site": "cross-site"}
        assert (await stranger.get(f"{shop[0]}/live", headers=foreign)).status_code == 403
        async with (
            screen(shop[0], token),
            screen(shop[0], token),
            screen(shop[0], token),
            screen(shop[0], token),
        ):
            refused = await stranger.get(f"{shop[0]}/live", headers={"cookie": f"{COOKIE}={token}"})
            assert refused.status_code == 429 and refused.json()["errors"][0]["extensions"]["code"] == "TOO_MANY"
        await asyncio.sleep(0.5)
        async with screen(shop[0], token):
            pass


async def test_a_lost_connection_to_the_database_is_made_again_and_told(shop: tuple[str, Program]) -> None:
    world = await make_world()
    async with screen(shop[0], await token_of(world.staff["manager"])) as lines:
        await asyncio.sleep(1.2)
        sql = "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE query ILIKE 'listen%'"
        assert await db.fetch_value(sql) == 1
        said = [await message(lines)]
        while "*" not in said[-1]:
            said.append(await message(lines))
        await asyncio.sleep(1.2)
        await events.record(world.brand_id, "task.undone", events.SYSTEM, ("task", None))
        assert "task.undone" in await message(lines)


async def test_a_stopping_process_ends_its_streams(shop: tuple[str, Program]) -> None:
    world = await make_world()
    async with screen(shop[0], await token_of(world.staff["manager"])) as lines:
        begun = time.monotonic()
        stopping = asyncio.create_task(asyncio.to_thread(shop[1].stop))
        assert await ended(lines)
        await stopping
        assert time.monotonic() - begun < 8


async def test_a_quiet_stream_shows_life_and_looks_at_its_session(
    database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(live, "BEAT", 0.05)
    world = await make_world()
    manager = world.staff["manager"]
    assert manager.id
    signed = await identity.open_session(uuid4(), manager.id, manager.brand_id, "tablet")
    stop: asyncio.Future[None] = asyncio.get_running_loop().create_future()
    stream = live._told(signed.token, Ear(), stop)
    assert [await anext(stream) for _ in range(3)] == [": beat\n\n"] * 3
    await db.execute("UPDATE session SET revoked_at = now() WHERE id = $1", signed.session_id)
    assert [text async for text in stream] == []


async def test_many_kinds_become_everything_and_odd_payloads_are_told_to_all() -> None:
    hub, brand = Hub(), uuid4()
    with hub.joined(brand) as ear:
        for number in range(MOST_KINDS + 1):
            hub.tell(f"{brand} kind.{number}")
        assert ear.take() == ["*"]
        hub.tell(f"{uuid4()} task.outcome")
        assert ear.take() == []
        for odd in ("", "no brand", str(brand)):
            hub.tell(odd)
            assert ear.take() == ["*"]
    hub.tell(f"{brand} task.outcome")
    assert ear.take() == []
