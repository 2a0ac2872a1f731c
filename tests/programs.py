"""The `shuke` command as tests run it: a real process in a data folder, and what is left of it afterwards."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import pytest

NOBODY = 65534


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Program:
    """`shuke ARGUMENTS…` in a data folder; its words are collected."""

    def __init__(
        self, data: Path, *arguments: str, uid: int | None = None, env: Mapping[str, str] | None = None, code: str = ""
    ) -> None:
        self.data = data
        self.words = tempfile.TemporaryFile()  # noqa: SIM115
        environment = {k: v for k, v in os.environ.items() if not k.startswith(("SHUKE_", "PYTEST_"))}
        environment |= {"SHUKE_DATA": str(data), **(env or {})}
        start = ["-c", code] if code else ["-m", "shuke.app.cli"]
        python = sys.executable
        if uid is not None:
            python, environment["PYTHONPATH"] = _python_for_all()
        account: dict[str, Any] = {"user": uid, "group": uid, "extra_groups": []} if uid is not None else {}
        self.process = subprocess.Popen(
            [python, *start, *arguments],
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=self.words,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            **account,
        )

    def said(self) -> str:
        return os.pread(self.words.fileno(), 1 << 20, 0).decode()

    def wait_for(self, words: str, seconds: float = 60) -> None:
        eventually(lambda: words in self.said() or self.process.poll() is not None, seconds, self.said)
        assert words in self.said(), self.said()

    def wait(self, seconds: float = 60) -> int:
        return self.process.wait(seconds)

    def stop(self, number: signal.Signals = signal.SIGTERM, seconds: float = 30) -> int:
        self.process.send_signal(number)
        return self.wait(seconds)


def _python_for_all() -> tuple[str, str]:
    """A Python that every user may run, and what it needs to find our packages; the test's own may lie below /root."""
    python = shutil.which(f"python3.{sys.version_info[1]}", path="/usr/local/bin:/usr/bin")
    places = [path for path in sys.path if path.endswith(("site-packages", "/backend"))]
    tried = python and subprocess.run(
        [python, "-c", "import shuke, asyncpg"],
        user=NOBODY,
        group=NOBODY,
        extra_groups=[],
        env={"PYTHONPATH": os.pathsep.join(places)},
        capture_output=True,
    )
    if not python or not tried or tried.returncode != 0:
        pytest.skip("no Python of this version that an ordinary user may run")
    return python, os.pathsep.join(places)


@contextmanager
def data_folder() -> Iterator[Path]:
    """A place for a data folder, with a name of ordinary length; whatever still runs in it is killed in the end."""
    folder = Path(tempfile.mkdtemp(prefix="shuke-run-"))
    try:
        yield folder / "data"
    finally:
        kill(alive(folder))
        nothing_runs(folder, 5)
        shutil.rmtree(folder)


def run(data: Path, *arguments: str, **choices: Any) -> tuple[int, str]:
    """Runs a command to its end: exit status and what it said."""
    program = Program(data, *arguments, **choices)
    return program.wait(), program.said()


def eventually(happened: Callable[[], bool], seconds: float = 10, told: Callable[[], object] = lambda: "") -> None:
    deadline = time.monotonic() + seconds
    while not happened():
        assert time.monotonic() < deadline, f"not within {seconds} s {told()}"
        time.sleep(0.02)


def alive(data: Path, name: str = "") -> list[int]:
    """Processes that have to do with a data folder, by their arguments, environment or working directory."""
    mark = str(data).encode()
    found = []
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            arguments = (entry / "cmdline").read_bytes()
            about = arguments + (entry / "environ").read_bytes() + os.fsencode(os.readlink(entry / "cwd"))
            dead = (entry / "stat").read_text().rpartition(")")[2].split()[0] == "Z"
        except OSError:
            continue
        if mark in about and name.encode() in arguments and not dead and int(entry.name) != os.getpid():
            found.append(int(entry.name))
    return sorted(found)


def kill(pids: list[int]) -> None:
    for pid in pids:
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)


def nothing_runs(data: Path, seconds: float) -> None:
    eventually(
        lambda: not alive(data), seconds, lambda: [Path(f"/proc/{pid}/cmdline").read_bytes() for pid in alive(data)]
    )
