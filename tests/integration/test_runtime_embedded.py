"""The embedded servers: they live exactly as long as somebody uses them, whatever dies, and lose nothing."""

import asyncio
import os
import signal
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import asyncpg
import pytest
import redis

from shuke.app.embedded import Lease, Urls, running, stopped
from shuke.app.keeper import read_state, write_state
from shuke.app.settings import Settings
from shuke.app.trouble import CannotRun
from tests.programs import NOBODY, Program, alive, data_folder, eventually, kill, nothing_runs

HOLD = """
import sys, time
from shuke.app.embedded import running
from shuke.app.settings import Settings
with running(Settings.load()) as urls:
    print(urls.database, "held", flush=True)
    time.sleep(600)
"""

as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root can become another user")


@pytest.fixture
def data() -> Iterator[Path]:
    with data_folder() as folder:
        yield folder


def ask(urls: Urls, *statements: str) -> object:
    """Runs statements in the database; the last one's first value."""

    async def go() -> object:
        connection = await asyncpg.connect(urls.database)
        try:
            for statement in statements[:-1]:
                await connection.execute(statement)
            return await connection.fetchval(statements[-1])
        finally:
            await connection.close()

    return asyncio.run(go())


def begin(urls: Urls) -> None:
    ask(urls, "CREATE TABLE kept (n int)", "INSERT INTO kept VALUES (1) RETURNING n")
    queue = redis.Redis.from_url(urls.redis)
    queue.set("kept", "1")
    queue.close()


def kept(urls: Urls) -> bool:
    queue = redis.Redis.from_url(urls.redis)
    try:
        return ask(urls, "SELECT sum(n) FROM kept") == 1 and queue.get("kept") == b"1"
    finally:
        queue.close()


def test_servers_start_with_the_first_use_and_stop_after_the_last_keeping_everything(data: Path) -> None:
    with running(Settings(data)) as urls:
        begin(urls)
        assert ask(urls, "SHOW fsync") == "on"
        assert ask(urls, "SHOW listen_addresses") == ""
    stopped(Settings(data))
    nothing_runs(data, 0.5)
    with running(Settings(data)) as urls:
        assert kept(urls)


def test_two_programs_share_the_servers_and_the_last_one_stops_them(data: Path) -> None:
    first, second = Program(data, code=HOLD), Program(data, code=HOLD)
    first.wait_for("held")
    second.wait_for("held")
    assert first.said() == second.said()
    eventually(lambda: len(alive(data, "shuke.app.keeper")) == 2)  # one for each server
    first.stop()
    with running(Settings(data)) as urls:
        begin(urls)
    assert alive(data, "shuke.app.keeper")
    second.stop()
    nothing_runs(data, 2)


def test_killing_the_program_stops_its_servers_and_loses_nothing(data: Path) -> None:
    program = Program(data, code=HOLD)
    program.wait_for("held")
    with running(Settings(data)) as urls:
        begin(urls)
    program.stop(signal.SIGKILL)
    nothing_runs(data, 2)
    with running(Settings(data)) as urls:
        assert kept(urls)


def test_killing_everything_at_once_loses_nothing(data: Path) -> None:
    program = Program(data, code=HOLD)
    program.wait_for("held")
    with running(Settings(data)) as urls:
        begin(urls)
        queue: Any = redis.Redis.from_url(urls.redis)
        queue.execute_command("WAITAOF", 1, 0, 5000)  # the queue's disk is a second behind by choice
        queue.close()
    kill(alive(data))
    nothing_runs(data, 2)
    for name in ("postgres", "valkey"):
        lease = Lease(Settings(data).data, name, throw_away=False)
        left = read_state(lease.folder)
        assert left and not lease.kept()
        write_state(lease.folder, replace(left, pid=os.getpid(), ready=True))  # as one that is killed in its prime
        assert not lease.kept()
        told = read_state(lease.folder)
        assert told and not told.ready  # nobody takes what a killed keeper had said for its successor's word
    with running(Settings(data)) as urls:
        assert kept(urls)


@pytest.mark.parametrize("victim", ["bin/postgres", "valkey-server", "shuke.app.keeper"])
def test_a_killed_server_or_keeper_is_started_again_at_the_same_address(data: Path, victim: str) -> None:
    with running(Settings(data)) as urls:
        begin(urls)
        kill(alive(data, victim))

        def answers_again() -> bool:
            try:
                return kept(urls)
            except (OSError, asyncpg.PostgresError, redis.RedisError):
                return False

        eventually(answers_again, 15)


def test_a_deep_folder_gets_a_short_address(data: Path) -> None:
    deep = data / ("a-folder-with-quite-a-long-name/" * 6)
    with running(Settings(deep)) as urls:
        assert len(urls.redis) < 120
        begin(urls)
        assert kept(urls)
        alias = Path(urls.redis.removeprefix("unix://").partition("?")[0]).parent
        assert alias.is_symlink()
    stopped(Settings(deep))
    assert not alias.parent.exists()


def test_an_own_server_replaces_the_embedded_one_of_its_kind_only(data: Path) -> None:
    with running(Settings(data, database_url="postgresql://elsewhere/shuke")) as urls:
        assert urls.database == "postgresql://elsewhere/shuke"
        assert [path.name for path in (data / "servers").iterdir()] == ["valkey"]


def test_data_of_another_postgresql_is_refused_and_left_alone(data: Path) -> None:
    with running(Settings(data)):
        pass
    stopped(Settings(data))
    version = data / "servers/postgres/server/data/PG_VERSION"
    version.write_text("17\n")
    with (
        pytest.raises(CannotRun, match="belongs to PostgreSQL 17, this Shuke brings PostgreSQL 18: back it up"),
        running(Settings(data)),
    ):
        pass
    version.write_text("18\n")
    with running(Settings(data)):
        pass


def test_a_first_start_killed_half_way_is_made_up_for(data: Path) -> None:
    program = Program(data, code=HOLD)
    eventually(lambda: (data / "servers/postgres/server/data.new").exists(), 30)
    kill(alive(data))
    nothing_runs(data, 5)
    assert "held" not in program.said()
    with running(Settings(data)) as urls:
        begin(urls)


@as_root
def test_started_by_root_the_servers_run_as_nobody_below_private_folders(data: Path) -> None:
    data.parent.chmod(0o700)
    with running(Settings(data)):
        servers = alive(data, "bin/postgres") + alive(data, "valkey-server")
        assert {os.stat(f"/proc/{pid}").st_uid for pid in servers} == {NOBODY}
    assert data.parent.stat().st_mode & 0o777 == 0o700
    assert (data / "servers").stat().st_mode & 0o777 == 0o700


@as_root
def test_an_ordinary_user_needs_no_rights(data: Path) -> None:
    os.chown(data.parent, NOBODY, NOBODY)
    program = Program(data, code=HOLD, uid=NOBODY)
    program.wait_for("held")
    assert {os.stat(f"/proc/{pid}").st_uid for pid in alive(data)} == {NOBODY}
    with pytest.raises(CannotRun, match="belongs to the user nobody: run Shuke as that user"), running(Settings(data)):
        pass
    program.stop()
    nothing_runs(data, 2)
