"""The two programs of an installation, as one process each: the API and the worker."""

import errno
import importlib
import json
import os
import socket
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from shuke.app.console import check_schema, migrate
from shuke.app.embedded import Urls, running
from shuke.app.settings import Settings
from shuke.app.trouble import CannotRun

BACKLOG = 2048
GRACE = 5  # seconds that open requests get when the API stops


def serve(settings: Settings, fd: int | None = None, gate: int | None = None) -> None:
    """Runs the API until it is told to stop; `fd` is a listening socket made by the parent. Raises CannotRun."""
    listener = socket.socket(fileno=fd) if fd is not None else listen(settings.host, settings.port)
    import uvicorn

    importlib.import_module("shuke.app.asgi")
    with _environment(settings, gate):
        config = uvicorn.Config(
            "shuke.app.asgi:create_app",
            factory=True,
            log_level="warning",
            access_log=False,  # addresses may carry a customer's link
            timeout_graceful_shutdown=GRACE,
            backlog=BACKLOG,
            server_header=False,
        )
        uvicorn.Server(config).run(sockets=[listener])


def work(settings: Settings, gate: int | None = None) -> None:
    """Runs the worker until it is told to stop. Raises CannotRun."""
    from shuke.app.worker import main

    with _environment(settings, gate):
        main()


def listen(host: str, port: int) -> socket.socket:
    """A listening socket. Raises CannotRun when the address is taken, forbidden or not ours."""
    try:
        family = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0][0]
        return socket.create_server((host, port), family=family, backlog=BACKLOG)
    except socket.gaierror as error:
        raise CannotRun(f"SHUKE_HOST is {host!r}, which is no address of this computer.") from error
    except PermissionError as error:
        raise CannotRun(f"This user may not use port {port}: choose one from 1024 up with SHUKE_PORT.") from error
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            taken = f"Port {port} on {host} is taken by another program"
            raise CannotRun(f"{taken}: stop that one, or choose another port with SHUKE_PORT.") from error
        why = error.strerror or error
        raise CannotRun(f"Cannot listen on {host} ({why}): choose an address with SHUKE_HOST.") from error


@contextmanager
def _environment(settings: Settings, gate: int | None) -> Iterator[None]:
    """The servers run, and the environment says where: the API and the worker read their settings from there.

    `gate` is a pipe on which the parent says so when it has prepared everything. Without one, an embedded database is
    brought to this program's version first; of a database of their own, operators say when (`migrate`), and until then
    nothing runs on it.
    """
    if gate is not None:
        _publish(_told(gate))
        yield
        return
    with running(settings) as urls:
        bring = check_schema if settings.database_url else migrate
        bring(urls)
        _publish(urls)
        yield


def _told(gate: int) -> Urls:
    with open(gate, "rb") as pipe:
        words = pipe.read()
    if not words:
        sys.exit(1)  # the parent has ended before it was ready
    return Urls(**json.loads(words))


def _publish(urls: Urls) -> None:
    os.environ["SHUKE_DATABASE_URL"] = urls.database
    os.environ["SHUKE_REDIS_URL"] = urls.redis
