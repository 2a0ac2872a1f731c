"""The operator's door: figures and health of one process, at an address of its own that no customer reaches."""

import asyncio
import logging
import socket
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager, nullcontext

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from shuke.api.http import health
from shuke.kit import metrics

log = logging.getLogger(__name__)

Door = Callable[[Request], Awaitable[Response]]


class _Quiet(uvicorn.Server):
    """Leaves the process's signals to whoever runs it."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        with nullcontext():
            yield


@asynccontextmanager
async def side_door(listener: socket.socket | None, ready: Door = health.ready) -> AsyncIterator[None]:
    """Inside, /metrics, /health/live and /health/ready answer on this listener; without one, nothing happens."""
    if listener is None:
        yield
        return
    routes = [
        Route("/metrics", figures),
        Route("/health/live", health.live),
        Route("/health/ready", ready),
    ]
    config = uvicorn.Config(
        Starlette(routes=routes), lifespan="off", log_config=None, access_log=False, timeout_graceful_shutdown=1
    )
    server = _Quiet(config)
    serving = asyncio.create_task(server.serve(sockets=[listener]))
    try:
        yield
    finally:
        server.should_exit = True
        await asyncio.gather(serving, return_exceptions=True)


async def figures(request: Request) -> Response:
    return Response(metrics.text(), headers={"content-type": metrics.CONTENT_TYPE, "cache-control": "no-store"})
