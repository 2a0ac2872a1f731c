"""What stands around every request: its id, its line in the log, its figures, and the end of live streams."""

import asyncio
import logging
import re
import time
from typing import Any

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from shuke.app.log import REQUESTS
from shuke.kit import leaving, metrics, trace

log = logging.getLogger(REQUESTS)

HEADER = b"x-request-id"
_ID = re.compile(rb"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
"""What a proxy may call a request: a UUID. Anything else could be somebody's phone number."""


class Watch:
    """ASGI middleware. Health checks pass unwatched: they come every second and say nothing."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"].startswith("/health/"):
            await self._app(scope, receive, send)
            return
        given = next((value for name, value in scope["headers"] if name == HEADER and _ID.fullmatch(value)), b"")
        with trace.work(id=given.decode()) as work:
            begun, answer = time.perf_counter(), _Answer(work.id, receive, send)
            try:
                await self._app(scope, answer.receive, answer.send)
                await answer.end_stream()
            finally:
                answer.closed()
                _tell(work, scope, answer, time.perf_counter() - begun)


class _Answer:
    """Between the app and the server: puts the id on the answer, and ends a live stream when the process leaves."""

    def __init__(self, id: str, receive: Receive, send: Send) -> None:
        self._id, self._receive, self._send = id, receive, send
        self.status, self.streams = 500, False
        self._asked = self._done = False

    async def receive(self) -> Message:
        if not self._asked:
            message = await self._receive()
            self._asked = message["type"] != "http.request" or not message.get("more_body")
            return message
        gone, stop = asyncio.ensure_future(self._receive()), asyncio.ensure_future(leaving.wait())
        try:
            await asyncio.wait({gone, stop}, return_when=asyncio.FIRST_COMPLETED)
            if not gone.done() and not self.streams:
                await gone
            return gone.result() if gone.done() else {"type": "http.disconnect"}
        finally:
            gone.cancel()
            stop.cancel()

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = list(message.get("headers", ()))
            self.status = message["status"]
            if any(name == b"content-type" and value.startswith(b"text/event-stream") for name, value in headers):
                self.streams = True
                metrics.STREAMS.inc()
            message = {**message, "headers": [*headers, (HEADER, self._id.encode())]}
        elif not message.get("more_body"):
            self._done = True
        await self._send(message)

    async def end_stream(self) -> None:
        if self.streams and not self._done:
            await self.send({"type": "http.response.body", "body": b""})

    def closed(self) -> None:
        if self.streams:
            metrics.STREAMS.dec()


def _tell(work: trace.Work, scope: Scope, answer: _Answer, seconds: float) -> None:
    if not work.name:  # no operation was run: the route's template, in which no value stands
        route = getattr(scope.get("route"), "path", "")
        work.name = "file" if route == "/{path:path}" else route or "nowhere"
    label = metrics.operation(work.name)
    metrics.REQUESTS.labels(label, str(answer.status)).inc()
    if not answer.streams:
        metrics.REQUEST_SECONDS.labels(label).observe(seconds)
    figures: dict[str, Any] = {"status": answer.status, "ms": round(seconds * 1000, 1)}
    level = logging.WARNING if answer.status >= 500 else logging.INFO
    if log.isEnabledFor(level):
        log.log(level, "request %s: %d", work.name, answer.status, extra={"figures": figures})
