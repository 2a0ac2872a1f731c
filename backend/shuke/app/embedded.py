"""The embedded PostgreSQL and Valkey, for whoever needs them: `with running(settings) as urls:`.

Any number of processes may use one data folder at once; the first starts the servers, the last leaves them to stop
(see keeper).
"""

import fcntl
import json
import os
import pwd
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from shuke.app import programs
from shuke.app.keeper import read_state, try_lock, write_state
from shuke.app.servers import SERVERS
from shuke.app.settings import Settings
from shuke.app.trouble import CannotRun, about_folder, disk_is_full

PATIENCE = 120.0  # for a first start on a slow disk, or for a predecessor that is still stopping
GLANCE = 0.5
STARTS = 5
LONGEST_PAUSE = 30.0


@dataclass(frozen=True, slots=True)
class Urls:
    """Where the database and the queue answer; valid inside `running`."""

    database: str
    redis: str

    def as_json(self) -> bytes:
        return json.dumps(asdict(self)).encode()


@contextmanager
def running(settings: Settings, *, throw_away: bool = False) -> Iterator[Urls]:
    """Both servers answer inside; an address in the settings replaces the embedded server of its kind.

    `throw_away` (tests) starts them without durability and removes the folder once nobody uses it. Raises CannotRun.
    """
    given = {"postgres": settings.database_url, "valkey": settings.redis_url}
    with ExitStack() as stack:
        leases = {name: Lease(settings.data, name, throw_away) for name, url in given.items() if not url}
        for lease in leases.values():  # all start before the first is waited for
            lease.begin()
            stack.callback(lease.end)
        urls = {name: url or SERVERS[name].url(leases[name].wait()) for name, url in given.items()}
        if leases:
            stack.enter_context(_watched(list(leases.values())))
        yield Urls(database=urls["postgres"], redis=urls["valkey"])


def stopped(settings: Settings, patience: float = 30.0) -> None:
    """Waits, after `running`, until the servers have stopped; not if somebody else goes on using them."""
    given = {"postgres": settings.database_url, "valkey": settings.redis_url}
    leases = [Lease(settings.data, name, False) for name, url in given.items() if not url]
    begun = time.monotonic()
    while any(lease.stopping(time.monotonic() - begun) for lease in leases) and time.monotonic() - begun < patience:
        time.sleep(0.02)


class Lease:
    """One process's use of one embedded server."""

    def __init__(self, data: Path, name: str, throw_away: bool) -> None:
        self.folder = data / "servers" / name
        self.name = name
        self.flags = ["--throw-away"] if throw_away else []
        self.lock: int | None = None
        self.process: subprocess.Popen[bytes] | None = None
        self.starts = 0

    def begin(self) -> None:
        """Declares the use, which keeps a running server alive, and sees to it that one is on its way."""
        try:
            self._make_folder()
            deadline = time.monotonic() + PATIENCE
            while (lock := try_lock(self.folder / "users.lock", fcntl.LOCK_SH)) is None:
                if time.monotonic() > deadline:
                    raise CannotRun(
                        f"The servers of {self.folder} have been stopping for {PATIENCE:.0f} s: try again later."
                    )
                time.sleep(0.02)
            self.lock = lock
            self.stale = read_state(self.folder)
            self.revive()
        except OSError as error:
            raise about_folder(self.folder.parent.parent, error) from error

    def wait(self) -> str:
        """The server's folder, as clients reach it, once the server answers. Raises CannotRun."""
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            state = read_state(self.folder)
            if self.kept():
                if state and state.ready:
                    return state.folder
            elif state and state.failure and state != self.stale:
                raise CannotRun(state.failure)
            elif self.starts and (full := disk_is_full(self.folder)):
                raise full  # the keeper could not even say so
            elif self.starts >= STARTS:
                break
            else:
                self.revive()
            time.sleep(0.02)
        raise CannotRun(f"The embedded {self.name} does not start: see {self.folder / 'keeper.log'}.")

    def kept(self) -> bool:
        """Whether a keeper lives: only it holds this lock for longer than a moment."""
        glance = try_lock(self.folder / "keeper.lock", fcntl.LOCK_SH)
        if glance is None:
            return True
        state = read_state(self.folder)
        if state and state.ready:  # a killed keeper could not take that back, and the next has not said anything yet
            with suppress(FileNotFoundError):  # another user does the same
                write_state(self.folder, replace(state, ready=False))
        os.close(glance)
        return False

    def stopping(self, waited: float) -> bool:
        """Whether the keeper is about to end: it notices within a moment that nobody is left, and then says so."""
        state = read_state(self.folder)
        return self.folder.is_dir() and self.kept() and (waited < 0.5 or state is None or not state.ready)

    def revive(self) -> bool:
        """Starts a keeper unless one lives or is starting."""
        if self.kept() or (self.process is not None and self.process.poll() is None):
            return False
        with open(self.folder / "keeper.log", "wb") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "shuke.app.keeper", str(self.folder), self.name, *self.flags],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd="/",
                start_new_session=True,  # out of the terminal's reach, and of whoever kills our process group
            )
        self.starts += 1
        return True

    def end(self) -> None:
        if self.lock is not None:
            os.close(self.lock)
            self.lock = None

    def _make_folder(self) -> None:
        self.folder.parent.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        self.folder.parent.mkdir(mode=0o700, exist_ok=True)
        self.folder.mkdir(mode=0o700, exist_ok=True)
        owner = self.folder.stat().st_uid
        if owner != os.geteuid():
            raise CannotRun(
                f"The data in {self.folder.parent.parent} belongs to {_user(owner)}: run Shuke as that user."
            )
        programs.own(self.folder / "server")


@contextmanager
def _watched(leases: list[Lease]) -> Iterator[None]:
    """Starts a keeper again that was killed while we use its server; our addresses stay good."""
    done = threading.Event()

    def watch() -> None:
        pause = GLANCE
        while not done.wait(pause):
            revived = [lease.revive() for lease in leases]
            pause = min(pause * 2, LONGEST_PAUSE) if any(revived) else GLANCE

    thread = threading.Thread(target=watch, name="embedded servers", daemon=True)
    thread.start()
    try:
        yield
    finally:
        done.set()
        thread.join()


def _user(uid: int) -> str:
    try:
        return f"the user {pwd.getpwuid(uid).pw_name}"
    except KeyError:
        return f"user {uid}"
