"""The two embedded servers: how each is prepared, started, found ready, stopped. Both listen on unix sockets only."""

import os
import shutil
import signal
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol
from urllib.parse import quote

from shuke.app import children, programs
from shuke.app.trouble import CannotRun, disk_is_full

MAJOR = 18  # of the embedded PostgreSQL; a data folder belongs to one major version
DATABASE = "shuke"
SUPERUSER = "postgres"
LEAST_BUFFERS, MOST_BUFFERS = 128, 1024  # MB

Steps = tuple[tuple[signal.Signals, float], ...]


class Server(Protocol):
    """A server and its folder. It binds its socket by a relative path, so that path can never be too long for the
    server itself.
    """

    name: str
    socket_name: str
    stop_steps: Steps
    death_signal: signal.Signals

    def prepare(self, folder: Path, log: Path, durable: bool) -> None:
        """Makes the folder ready for a start; repeats without effect. Raises CannotRun."""

    def start(self, folder: Path, log: Path, durable: bool) -> subprocess.Popen[bytes]: ...

    def ready(self, folder: Path, pid: int) -> bool:
        """Whether it answers; the folder by a name that is short enough for a socket address."""

    def url(self, folder: str) -> str:
        """How a client reaches it through the path of its folder, which is short enough for a socket address."""


class Postgres:
    name = "postgres"
    socket_name = ".s.PGSQL.5432"
    # Fast shutdown; then immediate, which the log repairs at the next start.
    stop_steps: Steps = ((signal.SIGINT, 20.0), (signal.SIGQUIT, 5.0), (signal.SIGKILL, 5.0))
    death_signal = signal.SIGQUIT

    def prepare(self, folder: Path, log: Path, durable: bool) -> None:
        data = folder / "data"
        if data.exists():
            self._check(data)
            return
        # Made under another name and renamed when whole: an interrupted first start leaves nothing half-made behind.
        fresh = folder / "data.new"
        shutil.rmtree(fresh, ignore_errors=True)
        programs.own(fresh)
        choices = [
            f"--username={SUPERUSER}",
            "--auth-local=trust",
            "--auth-host=reject",
            "--encoding=UTF8",
            "--no-locale",
        ]
        choices += ["--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--no-instructions"]
        choices += [] if durable else ["--no-sync"]
        with _reachable(fresh) as (path, fd):
            _run([programs.postgres("initdb"), "-D", path, *choices], log, fd)
            create = f"CREATE DATABASE {DATABASE};\n".encode()
            _run([programs.postgres("postgres"), "--single", "-D", path, "postgres"], log, fd, create)
        os.rename(fresh, data)

    def _check(self, data: Path) -> None:
        try:
            found = (data / "PG_VERSION").read_text().strip()
        except OSError as error:
            raise CannotRun(
                f"{data} is not a PostgreSQL data folder of this user: choose another SHUKE_DATA."
            ) from error
        if found != str(MAJOR):
            raise CannotRun(
                f"The data in {data} belongs to PostgreSQL {found}, this Shuke brings PostgreSQL {MAJOR}: "
                "back it up with the Shuke that made it and restore the backup into a new folder (SHUKE_DATA)."
            )
        _forget_reused_pid(data / "postmaster.pid")

    def start(self, folder: Path, log: Path, durable: bool) -> subprocess.Popen[bytes]:
        settings = {
            "listen_addresses": "",
            "unix_socket_directories": "..",
            "unix_socket_permissions": "0700",
            "max_connections": "100",
            "shared_buffers": f"{_buffers()}MB",
            "random_page_cost": "1.1",  # no spinning disks
            "jit": "off",
            "wal_level": "minimal",
            "max_wal_senders": "0",
            "timezone": "UTC",
            "log_timezone": "UTC",
            # Statements and their values are about people: neither goes into the log.
            "log_min_error_statement": "panic",
            "log_error_verbosity": "terse",
            **({} if durable else {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}),
        }
        flags = [part for key, value in settings.items() for part in ("-c", f"{key}={value}")]
        with _reachable(folder / "data") as (path, fd), open(log, "ab") as output:
            return children.spawn(
                [programs.postgres("postgres"), "-D", path, "-p", "5432", *flags],
                death_signal=self.death_signal,
                account=programs.account(),
                cwd=folder / "data",
                env=_environment(),
                output=output,
                pass_fds=(fd,) if fd is not None else (),
            )

    def ready(self, folder: Path, pid: int) -> bool:
        """The server itself writes its state into line 8 of its pid file, as pg_ctl reads it."""
        try:
            lines = (folder / "data" / "postmaster.pid").read_text().splitlines()
        except OSError:
            return False
        return len(lines) > 7 and lines[0] == str(pid) and lines[7].strip() == "ready"

    def url(self, folder: str) -> str:
        return f"postgresql://{SUPERUSER}@/{DATABASE}?host={quote(folder, safe='/')}"


class Valkey:
    name = "valkey"
    socket_name = "valkey.sock"
    stop_steps: Steps = ((signal.SIGTERM, 10.0), (signal.SIGKILL, 5.0))
    death_signal = signal.SIGTERM

    def prepare(self, folder: Path, log: Path, durable: bool) -> None:
        programs.own(folder / "data")

    def start(self, folder: Path, log: Path, durable: bool) -> subprocess.Popen[bytes]:
        flags = ["--port", "0", "--unixsocket", f"../{self.socket_name}", "--unixsocketperm", "700", "--dir", "."]
        flags += ["--appendonly", "yes" if durable else "no", "--appendfsync", "everysec", "--save", ""]
        flags += ["--maxmemory-policy", "noeviction", "--daemonize", "no"]
        with open(log, "ab") as output:
            return children.spawn(
                [programs.valkey(), *flags],
                death_signal=self.death_signal,
                account=programs.account(),
                cwd=folder / "data",
                env=_environment(),
                output=output,
            )

    def ready(self, folder: Path, pid: int) -> bool:
        with socket.socket(socket.AF_UNIX) as client:
            client.settimeout(1)
            try:
                client.connect(str(folder / self.socket_name))
                client.sendall(b"PING\r\n")
                return client.recv(16).startswith(b"+PONG")
            except OSError:
                return False

    def url(self, folder: str) -> str:
        return f"unix://{quote(f'{folder}/{self.socket_name}', safe='/')}?db=0"


SERVERS: dict[str, Server] = {"postgres": Postgres(), "valkey": Valkey()}


def _buffers() -> int:
    """Megabytes in which PostgreSQL keeps pages: an eighth of the machine's memory, within limits."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") >> 20
    return min(MOST_BUFFERS, max(LEAST_BUFFERS, memory // 8))


def _environment() -> dict[str, str]:
    """Without the operator's PG* and locale variables, which would change how the servers behave."""
    return {"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C", "TZ": "UTC"}


@contextmanager
def _reachable(folder: Path) -> Iterator[tuple[str, int | None]]:
    """A path to the folder that the servers' account can follow, and the descriptor a child must inherit for it.

    `nobody` may not pass through the private folders above (ours, or /root), and their modes are not ours to change. A
    descriptor opened by root, named through /proc, leads there without passing through them.
    """
    if programs.account() is None:
        yield str(folder), None
        return
    fd = os.open(folder, os.O_PATH | os.O_DIRECTORY)
    try:
        yield f"/proc/self/fd/{fd}", fd
    finally:
        os.close(fd)


def _run(command: list[str | Path], log: Path, fd: int | None, text: bytes = b"") -> None:
    """Runs one of PostgreSQL's programs to its end, its words in the log. Raises CannotRun."""
    identity = programs.account()
    with open(log, "ab") as output:
        done = subprocess.run(
            command,
            input=text,
            stdout=output,
            stderr=output,
            env=_environment(),
            cwd="/",
            pass_fds=(fd,) if fd is not None else (),
            user=identity[0] if identity else None,
            group=identity[1] if identity else None,
            extra_groups=[] if identity else None,
        )
    if done.returncode != 0:
        raise disk_is_full(log.parent) or CannotRun(f"PostgreSQL could not make its data folder{reason(log)}.")


def reason(log: Path) -> str:
    """What the end of a server's log says, as the end of a sentence; empty when it says nothing."""
    try:
        lines = [line for line in log.read_text(errors="replace").splitlines()[-12:] if line.strip()]
    except OSError:
        return ""
    if any("No space left" in line for line in lines):
        return ": its disk is full: make room and start again; nothing saved is lost"
    told = [line for line in lines if any(word in line for word in ("FATAL:", "PANIC:", "ERROR:", "error:"))] or lines
    return f": {told[-1].rpartition(':  ')[2].strip()} (see {log})" if told else ""


def _forget_reused_pid(file: Path) -> None:
    """After a power cut the pid in the lock file may belong to a program of today; PostgreSQL would then refuse to
    start.
    """
    try:
        pid = int(file.read_text().split("\n", 1)[0])
        name = Path(f"/proc/{pid}/comm").read_text().strip()
    except (OSError, ValueError):
        return
    if name != "postgres":
        file.unlink(missing_ok=True)
