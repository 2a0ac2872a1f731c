"""The two programs of an installation, as one process each: the API and the worker.

Where SHUKE_METRICS names an address, the API tells its figures and health there, and the worker at the next port: so
that both may have the same environment.
"""

import errno
import functools
import gc
import importlib
import importlib.metadata
import json
import logging
import os
import socket
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from shuke.app.console import check_schema, migrate
from shuke.app.embedded import Urls, running
from shuke.app.settings import Settings
from shuke.app.trouble import CannotRun

log = logging.getLogger(__name__)

BACKLOG = 2048
GRACE = 15  # seconds that requests and jobs under way get when their process stops
KEEP_ALIVE = 75  # seconds; longer than proxies keep an idle connection, so that none is closed while they use it


def serve(settings: Settings, fd: int | None = None, gate: int | None = None) -> None:
    """Runs the API until it is told to stop; `fd` is a listening socket made by the parent. Raises CannotRun."""
    listener = socket.socket(fileno=fd) if fd is not None else listen(settings.host, settings.port)
    side = _side(settings, "API", 0)
    import uvicorn

    from shuke.app import leave
    from shuke.app.log import configure

    importlib.import_module("shuke.app.asgi")
    configure(settings.log)
    with _environment(settings, gate):
        config = uvicorn.Config(
            functools.partial(app, side),
            factory=True,
            log_config=None,  # uvicorn's own would write out what exceptions hold
            access_log=False,  # addresses may carry a customer's link
            timeout_graceful_shutdown=GRACE,
            timeout_keep_alive=KEEP_ALIVE,
            backlog=BACKLOG,
            server_header=False,
            forwarded_allow_ips=settings.proxies,
        )
        with _told_of("API", listener, gate):
            leave.Server(config, listener, settings.drain).run(sockets=[listener])


def app(side: socket.socket | None = None) -> Any:
    """What `serve` serves, in a process that does nothing else."""
    from shuke.app.asgi import create_app

    made = create_app(Settings.load(), side)
    gc.freeze()  # what was loaded stays; to look through it every now and then held up answers for a tenth of a second
    return made


def work(settings: Settings, gate: int | None = None) -> None:
    """Runs the worker until it is told to stop. Raises CannotRun."""
    from shuke.app.log import configure
    from shuke.app.worker import main

    side = _side(settings, "worker", 1)
    configure(settings.log)
    with _environment(settings, gate), _told_of("worker", side, gate):
        main(Settings.load(), side)


@contextmanager
def _told_of(who: str, listener: socket.socket | None, gate: int | None) -> Iterator[None]:
    """A line at the start and one at the graceful end; below `up`, which speaks for both, none."""
    if gate is None:
        where = ", listening on {}:{}".format(*listener.getsockname()[:2]) if listener else ""
        log.info("%s %s starts%s", who, importlib.metadata.version("shuke"), where)
    yield
    if gate is None:
        log.info("%s stopped", who)


def _side(settings: Settings, who: str, offset: int) -> socket.socket | None:
    """The listener for figures and health, if one is wanted."""
    if settings.metrics is None:
        return None
    host, port = settings.metrics
    try:
        return listen(host, port + offset)
    except CannotRun as trouble:
        raise CannotRun(f"The {who}'s figures (SHUKE_METRICS) have no place: {trouble}") from trouble


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
