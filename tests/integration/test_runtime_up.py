"""`shuke up`: one command starts everything, and however it ends, nothing stays behind and nothing is lost."""

import json
import os
import signal
import socket
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.programs import Program, alive, data_folder, eventually, free_port, kill, nothing_runs, run


@pytest.fixture(scope="module")
def shared() -> Iterator[Path]:
    with data_folder() as folder:
        yield folder


@pytest.fixture
def data(shared: Path) -> Iterator[Path]:
    """One folder for all of these tests: each finds it as the one before left it, however that ended."""
    yield shared
    kill(alive(shared))
    nothing_runs(shared, 5)


@pytest.fixture
def port() -> int:
    return free_port()


def up(data: Path, port: int, *arguments: str, seconds: float = 60) -> Program:
    program = Program(data, "up", *arguments, env={"SHUKE_PORT": str(port)})
    program.wait_for("is ready: http://127.0.0.1:", seconds)
    return program


def status(port: int, path: str = "/health/ready") -> int:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=5) as answer:
            return int(answer.status)
    except OSError:
        return 0


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_everything_starts_and_stops_with_one_signal(data: Path, port: int, number: signal.Signals) -> None:
    signal.signal(signal.SIGHUP, signal.SIG_DFL)  # whoever started the tests by nohup hands its deafness on
    program = up(data, port)
    assert status(port) == 200
    assert len(alive(data, "shuke.app.cli")) == 3  # itself, the API and the worker
    assert program.stop(number) == 0
    nothing_runs(data, 0.5)
    assert "Traceback" not in program.said()


def test_killing_it_leaves_nothing_running(data: Path, port: int) -> None:
    program = up(data, port)
    program.stop(signal.SIGKILL)
    nothing_runs(data, 2)
    assert up(data, port).stop() == 0


def test_killing_all_of_it_at_once_leaves_nothing_running(data: Path, port: int) -> None:
    up(data, port)
    kill(alive(data))
    nothing_runs(data, 2)
    assert up(data, port).stop() == 0


@pytest.mark.parametrize("part", ["serve", "worker"])
def test_a_killed_part_is_started_again(data: Path, port: int, part: str) -> None:
    program = up(data, port)
    [old] = [pid for pid in alive(data, "shuke.app.cli") if part.encode() in Path(f"/proc/{pid}/cmdline").read_bytes()]
    kill([old])
    eventually(lambda: len(set(alive(data, "shuke.app.cli")) - {old}) == 3, 10)
    eventually(lambda: status(port) == 200, 30)
    assert "ended by itself" in program.said()
    assert program.stop() == 0


def test_it_goes_on_after_the_database_was_killed(data: Path, port: int) -> None:
    program = up(data, port)
    kill(alive(data, "bin/postgres"))
    eventually(lambda: status(port) == 200, 30)
    assert program.stop() == 0


def test_a_second_one_on_the_same_port_says_so_and_disturbs_nothing(data: Path, port: int) -> None:
    first = up(data, port)
    second = Program(data, "up", env={"SHUKE_PORT": str(port)})
    assert second.wait() == 1
    assert second.said() == (
        f"shuke: Port {port} on 127.0.0.1 is taken by another program: "
        "stop that one, or choose another port with SHUKE_PORT.\n"
    )
    assert status(port) == 200
    assert first.stop() == 0


def test_another_command_may_use_the_same_data_meanwhile(data: Path, port: int) -> None:
    program = up(data, port)
    program.wait_for(f"For other commands on it: export SHUKE_DATA={data}\n")
    migrate = Program(data, "migrate")
    assert migrate.wait() == 0, migrate.said()
    assert status(port) == 200
    assert program.stop() == 0


def test_make_being_killed_takes_it_along(data: Path, port: int) -> None:
    start = (
        f"import subprocess, sys; subprocess.run([sys.executable, '-m', 'shuke.app.cli', *{['up', '--with-parent']}])"
    )
    parent = Program(data, code=start, env={"SHUKE_PORT": str(port)})
    parent.wait_for("is ready")
    os.kill(parent.process.pid, signal.SIGKILL)
    nothing_runs(data, 10)


def test_ctrl_c_in_a_terminal_reaches_only_the_command_which_stops_the_rest_in_order(data: Path, port: int) -> None:
    program = up(data, port)
    os.killpg(program.process.pid, signal.SIGINT)  # what a terminal does
    assert program.wait(30) == 0
    nothing_runs(data, 0.5)
    assert "ended by itself" not in program.said()


def test_the_network_is_a_choice_that_says_what_plain_http_cannot_do(data: Path, port: int) -> None:
    program = Program(data, "up", "--lan", env={"SHUKE_PORT": str(port)})
    program.wait_for("Over plain http a browser on another device can neither install the app")
    with socket.create_connection(("127.0.0.1", port)) as connection:
        assert connection.getpeername()[1] == port
    assert program.stop() == 0


def test_the_demo_chain_is_there_at_once_and_only_once(port: int) -> None:
    with data_folder() as data:
        program = up(data, port, "--demo", seconds=180)
        status, said = run(data, "demo", "--json")
        assert status == 0, said
        sign_ins = json.loads(said.splitlines()[-1])  # before it stands that the chain is there already
        assert all(person["phone"] in program.said() for person in sign_ins)
        assert program.stop() == 0
