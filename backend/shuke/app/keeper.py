"""The keeper: a small detached process that owns one embedded server of one data folder while somebody uses it.

Users hold a shared lock on `users.lock`. Once the keeper can take it exclusively nobody uses the server any more: it
stops it and ends. The kernel releases a killed user's lock, so no way of dying leaves a server behind; the keeper's
own death takes the server along (children.spawn). `keeper.lock` is held for life: of two keepers started at once the
second ends quietly.

Run as `python -m shuke.app.keeper FOLDER NAME [--throw-away]`: the latter without durability, the folder removed after.
"""

import fcntl
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path

from shuke.app import children
from shuke.app.servers import SERVERS, Server, reason
from shuke.app.trouble import CannotRun, about_folder, disk_is_full

POLL = 0.1
START_PATIENCE = 60.0  # recovery after a crash in the middle of an import takes some seconds
LONGEST_SOCKET_PATH = 100  # the kernel's limit is 107 bytes, macOS' 103
LOG_LIMIT = 5_000_000


@dataclass(frozen=True, slots=True)
class State:
    """What the keeper tells its users, through a file: its pid, the folder as clients reach it, and how far it is."""

    pid: int
    folder: str = ""
    ready: bool = False
    failure: str = ""


def read_state(folder: Path) -> State | None:
    try:
        return State(**json.loads((folder / "state.json").read_text()))
    except (OSError, ValueError, TypeError):
        return None


def write_state(folder: Path, state: State) -> None:
    fresh = folder / "state.json.new"
    fresh.write_text(json.dumps(asdict(state)))
    fresh.replace(folder / "state.json")


def try_lock(path: Path, kind: int) -> int | None:
    """Takes the lock without waiting: the descriptor that holds it, or None."""
    fd = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(fd, kind | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(fd)
        return None
    except BaseException:
        os.close(fd)
        raise
    return fd


class Keeper:
    def __init__(self, folder: Path, server: Server, durable: bool) -> None:
        self.folder = folder
        self.server = server
        self.durable = durable
        self.place = folder / "server"
        self.alias = self.place
        self.log = folder / "server.log"
        self.process: subprocess.Popen[bytes] | None = None
        self.told_to_stop = False

    def run(self) -> None:
        """Until nobody uses the server. Raises CannotRun."""
        self.alias = self._alias()
        try:
            self._tell(ready=False)
            self._roll_log()
            self.server.prepare(self.place, self.log, self.durable)
            if self._start():
                self._tell(ready=True)
                self._watch()
        finally:
            with suppress(OSError):
                self._tell(ready=False)
            if self.process is not None:
                children.stop(self.process, self.server.stop_steps)
            if self.alias != self.place:
                shutil.rmtree(self.alias.parent, ignore_errors=True)

    def _tell(self, ready: bool) -> None:
        write_state(self.folder, State(os.getpid(), folder=str(self.alias), ready=ready))

    def _start(self) -> bool:
        """Starts the server and waits for it; False when nobody waits any more."""
        deadline = time.monotonic() + START_PATIENCE
        self.process = self.server.start(self.place, self.log, self.durable)
        while not self.server.ready(self.alias, self.process.pid):
            if self._unused():
                return False
            if time.monotonic() > deadline:
                raise self._trouble("answer")
            if self.process.poll() is not None:
                # What a killed predecessor left behind (its processes, its shared memory) goes away within moments.
                if disk_is_full(self.folder) or time.monotonic() > deadline - START_PATIENCE + 5:
                    raise self._trouble("start")
                time.sleep(0.5)
                self.process = self.server.start(self.place, self.log, self.durable)
            time.sleep(0.02)
        return True

    def _trouble(self, what: str) -> CannotRun:
        full = disk_is_full(self.folder)
        return full or CannotRun(f"The embedded {self.server.name} does not {what}{reason(self.log)}.")

    def _watch(self) -> None:
        while not self._unused():
            assert self.process is not None
            if self.process.poll() is not None and not self._start():
                return
            time.sleep(POLL)

    def _unused(self) -> bool:
        # A lock once taken is kept until the process ends: whoever comes now waits for the next keeper.
        return self.told_to_stop or try_lock(self.folder / "users.lock", fcntl.LOCK_EX) is not None

    def _alias(self) -> Path:
        """The server's folder, by a short name if its own is too long for a socket address; a killed predecessor's is
        used again.
        """
        if len(os.fsencode(self.place / self.server.socket_name)) <= LONGEST_SOCKET_PATH:
            return self.place
        before = read_state(self.folder)
        if before and before.folder:
            alias = Path(before.folder)
            if alias.is_symlink() and os.lstat(alias).st_uid == os.geteuid() and os.readlink(alias) == str(self.place):
                return alias
        alias = Path(tempfile.mkdtemp(prefix="shuke-")) / "s"
        alias.symlink_to(self.place)
        return alias

    def _roll_log(self) -> None:
        if self.log.exists() and self.log.stat().st_size > LOG_LIMIT:
            self.log.replace(self.log.with_suffix(".log.1"))


def main(arguments: list[str]) -> int:
    folder, name, throw_away = Path(arguments[0]), arguments[1], "--throw-away" in arguments[2:]
    deadline = time.monotonic() + 1.0
    while try_lock(folder / "keeper.lock", fcntl.LOCK_EX) is None:  # a user's glance at it takes it for a moment
        if time.monotonic() > deadline:
            return 0
        time.sleep(0.02)
    keeper = Keeper(folder, SERVERS[name], durable=not throw_away)

    def stop(*_: object) -> None:
        keeper.told_to_stop = True

    signal.signal(signal.SIGTERM, stop)
    for ignored in (signal.SIGINT, signal.SIGHUP):
        signal.signal(ignored, signal.SIG_IGN)
    try:
        keeper.run()
        (folder / "state.json").unlink(missing_ok=True)
    except (CannotRun, OSError) as error:
        trouble = about_folder(folder, error) if isinstance(error, OSError) else error
        with suppress(OSError):
            write_state(folder, State(os.getpid(), failure=str(trouble)))
        return 1
    finally:
        if throw_away:
            _remove(folder)
    return 0  # the end of the process, and nothing before it, releases the locks


def _remove(folder: Path) -> None:
    shutil.rmtree(folder, ignore_errors=True)
    for parent in (folder.parent, folder.parent.parent):  # …/servers and the data folder, when this was the last
        try:
            parent.rmdir()
        except OSError:
            return


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
