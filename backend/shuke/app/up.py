"""`shuke up`: a whole installation in one command, its API and worker supervised as child processes."""

import http.client
import os
import shlex
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack, suppress
from dataclasses import dataclass, replace
from types import FrameType

import click

from shuke.app import children, console
from shuke.app.embedded import Urls, running, stopped
from shuke.app.processes import GRACE, listen
from shuke.app.settings import Settings, default_data_folder
from shuke.app.trouble import CannotRun

TICK = 0.1
SHORT_LIFE = 10.0  # a child that dies sooner has not recovered: the pause before its next start doubles
LONGEST_PAUSE = 30.0
DEATHS_BEFORE_READY = 3

LAN_WARNING = (
    "Over plain http a browser on another device can neither install the app, nor work offline, nor be reminded; "
    "and everybody in this network can read along. For that, put an HTTPS proxy in front."
)


def up(settings: Settings, *, demo: bool, lan: bool) -> None:
    """Runs everything until Ctrl-C or SIGTERM. Raises CannotRun."""
    settings = replace(settings, host="0.0.0.0") if lan else settings
    with ExitStack() as stack:
        listener = stack.enter_context(listen(settings.host, settings.port))
        click.echo("Shuke starts; the first time takes about half a minute.")
        sys.stdout.flush()
        api, worker = Child("API", "serve", ("--fd", listener.fileno())), Child("worker", "worker")
        supervisor = Supervisor([api, worker], lambda: _answers(settings))
        stack.callback(stopped, settings)
        stack.callback(supervisor.stop)
        api.start()  # it loads while the servers start
        urls = stack.enter_context(running(settings))
        stack.callback(supervisor.stop)  # this one comes before the servers are given up
        console.migrate(urls)
        sign_ins = _seed(urls) if demo else []
        supervisor.run(urls, lambda: _announce(settings, sign_ins))


def _seed(urls: Urls) -> Sequence[Mapping[str, str]]:
    from shuke.app.commands import demo

    return demo.seed_if_empty(urls.database)


@dataclass(slots=True)
class Child:
    """One supervised program and how it has fared. It loads, and begins once it is told where the servers are."""

    name: str
    command: str
    listener: tuple[str, int] | None = None
    process: subprocess.Popen[bytes] | None = None
    gate: int | None = None
    started: float = 0.0
    pause: float = 0.0
    deaths: int = 0

    def start(self) -> None:
        self.started = time.monotonic()
        read_end, self.gate = os.pipe()
        arguments, fds = ["--gate", str(read_end)], [read_end]
        if self.listener is not None:
            arguments += [self.listener[0], str(self.listener[1])]
            fds.append(self.listener[1])
        self.process = children.spawn(
            [sys.executable, "-m", "shuke.app.cli", self.command, *arguments],
            death_signal=signal.SIGKILL,  # what it was doing is in the database, not in it
            pass_fds=fds,
        )
        os.close(read_end)

    def begin(self, urls: Urls) -> None:
        if self.gate is not None:
            with suppress(BrokenPipeError):  # it has died; revive() starts another
                os.write(self.gate, urls.as_json())
            os.close(self.gate)
            self.gate = None

    def revive(self, urls: Urls) -> None:
        """Starts it again if it has died, after a pause that grows while it keeps dying."""
        if self.process is None:
            if time.monotonic() - self.started >= self.pause:
                self.start()
                self.begin(urls)
        elif (status := self.process.poll()) is not None:
            lived = time.monotonic() - self.started
            self.pause = min(LONGEST_PAUSE, max(0.5, self.pause * 2)) if lived < SHORT_LIFE else 0.0
            self.deaths += 1
            self.started, self.process = time.monotonic(), None
            click.echo(f"shuke: the {self.name} ended by itself ({status}); it is started again.", err=True)


@dataclass(slots=True)
class Supervisor:
    """Keeps the children alive until a signal says stop; a second signal stops without waiting for them.

    The first child is what people wait for: the others start once it answers.
    """

    children: list[Child]
    answers: Callable[[], bool]
    told: int = 0

    def run(self, urls: Urls, when_ready: Callable[[], None]) -> None:
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            if signal.getsignal(number) is not signal.SIG_IGN:  # as nohup leaves SIGHUP
                signal.signal(number, self._stop_wanted)
        first = self.children[0]
        first.begin(urls)
        while not self.told and not self.answers():
            self._check_start(first)
            first.revive(urls)
            time.sleep(TICK)
        for child in self.children[1:] if not self.told else []:
            child.start()
            child.begin(urls)
        if not self.told:
            when_ready()
        while not self.told:
            for child in self.children:
                child.revive(urls)
            time.sleep(TICK)

    def _check_start(self, child: Child) -> None:
        if child.deaths >= DEATHS_BEFORE_READY:
            raise CannotRun(f"The {child.name} ended {child.deaths} times while starting; what it said is above.")

    def stop(self) -> None:
        living = [child.process for child in self.children if child.process is not None]
        for process in living:
            process.terminate()
        deadline = time.monotonic() + GRACE + 5
        while self.told < 2 and time.monotonic() < deadline and any(process.poll() is None for process in living):
            time.sleep(0.02)
        for process in living:
            process.kill()
            process.wait()

    def _stop_wanted(self, number: int, frame: FrameType | None) -> None:
        self.told += 1


def _answers(settings: Settings) -> bool:
    connection = http.client.HTTPConnection(_reachable_host(settings.host), settings.port, timeout=0.5)
    try:
        connection.request("GET", "/health/ready")
        return connection.getresponse().status == 200
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def _announce(settings: Settings, sign_ins: Sequence[Mapping[str, str]]) -> None:
    address = f"http://{_bracketed(_reachable_host(settings.host))}:{settings.port}"
    click.echo(f"\n  Shuke 熟客 is ready: {address}\n")
    if sign_ins:
        click.echo("  Sign in as")
        for person in sign_ins:
            click.echo(f"    {person['role']:<18} {person['phone']:<16} {person['password']}")
        click.echo()
    if settings.host in ("0.0.0.0", "::"):
        click.echo(f"  On this network: http://{_own_address()}:{settings.port}\n  {LAN_WARNING}\n")
    if settings.data != default_data_folder(os.environ):
        click.echo(f"  For other commands on it: export SHUKE_DATA={shlex.quote(str(settings.data))}\n")
    click.echo("  Ctrl-C stops everything.")
    sys.stdout.flush()


def _reachable_host(host: str) -> str:
    return {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)


def _bracketed(host: str) -> str:
    return f"[{host}]" if ":" in host else host


def _own_address() -> str:
    """This computer's address in its network; nothing is sent to find it out."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))
            return str(probe.getsockname()[0])
        except OSError:
            return socket.gethostname()
