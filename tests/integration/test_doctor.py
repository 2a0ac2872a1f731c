"""`shuke doctor` says what is wrong and what to do; where all is well, it has no complaint."""

import asyncio
import os
import time
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import asyncpg
import pytest

from shuke.app import doctor
from shuke.app.doctor import Finding, examine
from shuke.app.heartbeat import BEAT
from shuke.app.settings import Settings
from shuke.domains.identity import service as identity
from shuke.kit import clock, db, events
from shuke.kit.ids import new_id
from tests.api.wire import Wire, wire
from tests.factories import World, make_world
from tests.programs import free_port
from tests.servers import embedded_for_tests, fresh_database


async def problems(database_url: str, redis_url: str = "") -> list[str]:
    settings = Settings(
        Path("/nonexistent"), "127.0.0.1", free_port(), database_url, redis_url or embedded_for_tests().redis
    )
    findings: list[Finding] = await asyncio.to_thread(lambda: list(examine(settings)))
    return [finding.words for finding in findings if not finding.well]


async def complaint(database_url: str, redis_url: str = "") -> str:
    """The only one."""
    [words] = await problems(database_url, redis_url)
    return words


async def beat(ago: float = 0, away: float = 0) -> None:
    now = clock.now() - timedelta(seconds=ago)
    await db.execute(BEAT, new_id(), "box", now, "reminders", now - timedelta(seconds=away))


@pytest.fixture
async def world(database: str) -> AsyncIterator[World]:
    """A brand whose events are delivered, and a worker at work."""
    made = await make_world()
    await db.execute("UPDATE event SET dispatched_at = now()")
    await beat()
    yield made


async def test_where_all_is_well_there_is_nothing_to_say(world: World, database: str) -> None:
    assert await problems(database) == []


async def test_a_database_that_is_away(world: World) -> None:
    words = await complaint("postgresql://shuke:secret@127.0.0.1:1/shuke")
    assert words.startswith("The database at 127.0.0.1:1/shuke does not answer")
    assert "start it, or mend SHUKE_DATABASE_URL" in words and "secret" not in words


@pytest.mark.parametrize("from_the_start", [True, False])
async def test_a_database_that_is_frozen(
    world: World, database: str, monkeypatch: pytest.MonkeyPatch, from_the_start: bool
) -> None:
    monkeypatch.setattr(doctor, "PATIENCE", 1.0)
    async with wire(database) as (line, near):
        with monkeypatch.context() as patched:
            if from_the_start:
                line.freeze()
            else:  # when it is connected already
                patched.setattr(doctor, "_clocks", lambda connection: _frozen(line, connection))
            async with asyncio.timeout(10):
                words = await complaint(near)
    assert "does not answer (not within 1 s): start it" in words


async def _frozen(line: Wire, connection: asyncpg.Connection) -> None:
    line.freeze()
    await connection.fetchval("SELECT 1")


async def test_a_database_without_tables() -> None:
    async with fresh_database() as empty:
        assert any("steps are missing in the database: run `shuke migrate`" in words for words in await problems(empty))


async def test_a_queue_that_is_away(world: World, database: str) -> None:
    words = await complaint(database, "redis://127.0.0.1:1")
    assert "The queue at 127.0.0.1:1 does not answer" in words and "mend SHUKE_REDIS_URL" in words


async def test_no_worker_shows_signs_of_life(world: World, database: str) -> None:
    await db.execute("DELETE FROM worker_heartbeat")
    assert "No worker shows signs of life (none is at work): start" in await complaint(database)
    await beat(ago=600)
    assert "the last was seen 10 minutes ago" in await complaint(database)


async def test_a_worker_lives_but_one_of_its_loops_is_stuck(world: World, database: str) -> None:
    await db.execute("DELETE FROM worker_heartbeat")
    await beat(away=900)
    assert "lives, but its reminders have not come round for 900 s" in await complaint(database)


async def test_events_that_nobody_delivers(world: World, database: str) -> None:
    await events.record(world.brand_id, "thing.done", events.SYSTEM, ("thing", None))
    assert await problems(database) == []  # a moment is no trouble
    await db.execute("UPDATE event SET at = at - interval '1 hour' WHERE kind = 'thing.done'")
    assert "1 events wait for the worker" in await complaint(database)


async def test_an_effect_that_keeps_failing(world: World, database: str) -> None:
    await db.execute(
        "INSERT INTO event_delivery (id, event_id, handler, attempts, next_at)"
        " SELECT $1, id, 'tasks.x', 3, now() + interval '1 hour' FROM event LIMIT 1",
        new_id(),
    )
    assert "1 effects of events have not succeeded" in await complaint(database)


async def subscribed(world: World, failing: timedelta | None = None) -> None:
    guide = world.staff["guide"]
    assert guide.id
    session = await identity.open_session(uuid4(), guide.id, world.brand_id, "phone")
    await db.execute("UPDATE event SET dispatched_at = now()")
    await db.execute(
        "INSERT INTO push_subscription"
        " (id, brand_id, staff_id, session_id, endpoint, p256dh, auth, device, failing_since)"
        " VALUES ($1, $2, $3, $4, 'https://web.push.apple.com/x', 'k', 'a', 'phone', $5)",
        *(new_id(), world.brand_id, guide.id, session.session_id, clock.now() - failing if failing else None),
    )


async def test_pushes_that_do_not_arrive(world: World, database: str) -> None:
    await db.execute("INSERT INTO secret (name, value) VALUES ('vapid', 'x')")
    await subscribed(world, failing=timedelta(hours=2))
    assert "1 devices have not been reached by pushes for an hour" in await complaint(database)


async def test_lost_secrets(world: World, database: str) -> None:
    await subscribed(world)
    words = await complaint(database)
    assert "The key for pushes (VAPID) is missing although 1 devices were subscribed" in words
    await db.execute("DELETE FROM secret")
    assert any("sessions' secret is missing although 1 people" in words for words in await problems(database))


async def test_clocks_that_disagree(world: World, database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    real = time.time
    monkeypatch.setattr(time, "time", lambda: real() + 90)
    words = [one for one in await problems(database) if "clock" in one]
    assert words == ["The database's clock is 90 s behind this computer's: have both follow the same time server."]


async def test_a_clock_set_by_hand(world: World, database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(os.environ, "SHUKE_CLOCK", "2026-01-01T00:00:00Z")
    assert "SHUKE_CLOCK sets this program's clock" in (await problems(database))[0]


async def test_a_disk_that_is_nearly_full(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor, "LITTLE_ROOM", 1 << 60)
    settings = Settings(tmp_path, "127.0.0.1", free_port(), None, None)
    [finding] = doctor._folder(settings.data)
    assert not finding.well and "MB are free" in finding.words and finding.words.endswith("make room soon.")


async def test_a_database_of_another_version(world: World, database: str) -> None:
    connection = await asyncpg.connect(database)
    await connection.execute(
        "INSERT INTO tortoise_migrations (app, name, applied_at) VALUES ('shuke', '9999_of_tomorrow', now())"
    )
    await connection.close()
    assert "made by a newer Shuke" in await complaint(database)
