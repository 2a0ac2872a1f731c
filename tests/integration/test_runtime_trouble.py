"""What can be wrong with a computer is one clear sentence each, and exit status 1."""

import asyncio
import os
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import asyncpg
import pytest

from shuke.app.console import migrate
from shuke.app.embedded import running, stopped
from shuke.app.settings import Settings
from shuke.app.trouble import CannotRun
from tests.programs import NOBODY, data_folder, nothing_runs, run

as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root can become another user or mount a small disk")


@pytest.fixture
def data() -> Iterator[Path]:
    with data_folder() as folder:
        yield folder


def one_sentence(said: str) -> str:
    assert said.startswith("shuke: ") and said.count("\n") == 1, said
    return said


def test_a_port_that_is_none_is_told(data: Path) -> None:
    status, said = run(data, "up", env={"SHUKE_PORT": "http"})
    assert (status, one_sentence(said)) == (1, "shuke: SHUKE_PORT is 'http': give a number from 1 to 65535.\n")
    assert not data.exists()


def test_an_address_of_another_computer_is_told(data: Path) -> None:
    status, said = run(data, "up", env={"SHUKE_HOST": "192.0.2.1"})
    assert status == 1
    assert "Cannot listen on 192.0.2.1" in one_sentence(said)
    assert "choose an address with SHUKE_HOST" in said


def test_a_port_taken_by_another_program_is_told(data: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        for command in ("up", "serve"):
            status, said = run(data, command, env={"SHUKE_PORT": str(port)})
            assert status == 1
            assert f"Port {port} on 127.0.0.1 is taken" in one_sentence(said)


def test_a_file_in_the_folders_place_is_told(data: Path) -> None:
    data.write_text("")
    status, said = run(data, "migrate")
    assert status == 1
    assert "is not a folder: choose another folder with SHUKE_DATA" in one_sentence(said)


@as_root
def test_a_folder_one_may_not_write_to_is_told(data: Path) -> None:
    data.parent.chmod(0o755)
    data.mkdir(mode=0o755)
    status, said = run(data, "migrate", uid=NOBODY)
    assert status == 1
    assert one_sentence(said) == (
        f"shuke: Cannot write in {data}: choose another folder with SHUKE_DATA, or change its permissions.\n"
    )


def test_a_database_made_by_a_newer_program_is_told_and_left_alone(data: Path) -> None:
    async def pretend(url: str) -> None:
        connection = await asyncpg.connect(url)
        await connection.execute(
            "INSERT INTO tortoise_migrations (app, name, applied_at) VALUES ('shuke', '9999_of_tomorrow', now())"
        )
        await connection.close()

    with running(Settings(data)) as urls:
        migrate(urls)
        asyncio.run(pretend(urls.database))
        for command in (["migrate"], ["backup", str(data.parent / "file")], ["worker"]):
            status, said = run(data, *command)
            assert status == 1
            assert "made by a newer Shuke than this one: install that version" in one_sentence(said)
        status, said = run(data, "doctor")
    assert status == 1
    assert "PROBLEM  The database was made by a newer Shuke" in said


def test_a_database_that_does_not_answer_is_told_without_its_password(data: Path) -> None:
    status, said = run(data, "migrate", env={"SHUKE_DATABASE_URL": "postgresql://shuke:secret@127.0.0.1:1/shuke"})
    assert status == 1
    assert "The database at 127.0.0.1:1/shuke does not answer" in one_sentence(said)
    assert "secret" not in said


@pytest.fixture
def small_disk(data: Path) -> Iterator[Path]:
    data.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=80m", "tmpfs", str(data)]
    if os.geteuid() != 0 or subprocess.run(mount, capture_output=True).returncode != 0:
        pytest.skip("a small disk cannot be mounted here")
    try:
        yield data / "data"
    finally:
        nothing_runs(data, 10)
        subprocess.run(["umount", str(data)], check=True)


def test_a_full_disk_is_told_and_what_was_there_is_kept(small_disk: Path) -> None:
    with running(Settings(small_disk)) as urls:
        migrate(urls)
    stopped(Settings(small_disk))
    ballast = small_disk.parent / "ballast"
    with open(ballast, "wb", buffering=0) as file, pytest.raises(OSError, match="No space left"):
        while True:
            file.write(bytes(1 << 16))
    status, said = run(small_disk, "migrate")
    assert status == 1
    assert "is full: make room" in one_sentence(said)
    ballast.unlink()
    assert run(small_disk, "migrate")[0] == 0


def test_a_disk_too_small_for_a_first_start_is_told(data: Path, small_disk: Path) -> None:
    (data / "ballast").write_bytes(bytes(60_000_000))
    with pytest.raises(CannotRun, match="is full: make room"), running(Settings(small_disk)):
        pass
    (data / "ballast").unlink()
    shutil.rmtree(small_disk)


def test_help_names_everything_and_loads_nothing_heavy() -> None:
    ask = """
import sys
from shuke.app.cli import main
sys.argv = ["shuke", "--help"]
try:
    main()
finally:
    print("LOADED", *({"tortoise", "strawberry", "asyncpg", "uvicorn", "asyncio"} & set(sys.modules)))
"""
    said = subprocess.run([sys.executable, "-c", ask], capture_output=True, text=True, check=True).stdout
    assert said.rstrip().endswith("LOADED")
    for name in ("SHUKE_DATA", "SHUKE_HOST", "SHUKE_PORT", "SHUKE_DATABASE_URL", "SHUKE_REDIS_URL", "up", "doctor"):
        assert name in said
