"""GET /live: server-sent events that say something changed, so that a screen asks again.

    event: changed
    data: {"kinds":["task.outcome"]}

At most one a second to a screen, with all kinds since the last; `*` instead of kinds: ask for everything again. A
comment keeps the connection alive. A stream ends with its session, and when the process leaves.
"""

import asyncio
import time
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from uuid import UUID

from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse

from shuke.api.context import COOKIE
from shuke.api.http.protocol import Problem, problem, problem_error, same_origin
from shuke.domains.identity import service as identity
from shuke.domains.identity.types import Actor
from shuke.kit import codec, i18n, leaving
from shuke.kit.live import Ear, Hub
from shuke.kit.outage import outage

BEAT = 20.0  # seconds between two signs of life; then, too, the session is looked at again
SPACING = 1.0  # seconds between two messages
MOST_OF_SESSION = 4
MOST = 2000
COME_BACK = 3000  # ms after which a browser connects again

ENDINGS = frozenset({"session.revoked", "staff.ended", "staff.password_changed", "invitation.accepted", "*"})
"""Kinds after which a session is looked at at once."""


class Live:
    """The endpoint, `answer` for `Route("/live", …)`; `hub` is the process's one."""

    def __init__(self, hub: Hub) -> None:
        self._hub = hub
        self._open: Counter[UUID] = Counter()

    async def answer(self, request: Request) -> Response:
        try:
            token, actor = await _who(request)
            self._make_room(request, actor)
        except Problem as refused:
            return JSONResponse({"errors": [problem_error(refused)]}, refused.status_code, refused.headers)
        headers = {"cache-control": "no-store", "x-accel-buffering": "no"}
        return StreamingResponse(self._stream(token, actor), media_type="text/event-stream", headers=headers)

    def _make_room(self, request: Request, actor: Actor) -> None:
        spoken = i18n.negotiate(request.headers.get("accept-language")) or actor.locale.value
        if leaving.begun() or self._open.total() >= MOST:
            raise Problem(503, i18n.say(spoken, "unavailable"), "UNAVAILABLE", {"Retry-After": "5"})
        if actor.session_id and self._open[actor.session_id] >= MOST_OF_SESSION:
            raise Problem(429, i18n.say(spoken, "live_too_many"), "TOO_MANY", {"Retry-After": "60"})

    @contextmanager
    def _counted(self, session_id: UUID | None) -> Iterator[None]:
        if session_id is None:
            yield
            return
        self._open[session_id] += 1
        try:
            yield
        finally:
            self._open[session_id] -= 1
            if self._open[session_id] <= 0:
                del self._open[session_id]

    async def _stream(self, token: str, actor: Actor) -> AsyncIterator[str]:
        stop = asyncio.ensure_future(leaving.wait())
        try:
            with self._counted(actor.session_id), self._hub.joined(actor.brand_id) as ear:
                yield f"retry: {COME_BACK}\n: hello\n\n"
                async for text in _told(token, ear, stop):
                    yield text
        finally:
            stop.cancel()


async def _told(token: str, ear: Ear, stop: "asyncio.Future[None]") -> AsyncIterator[str]:
    """What a screen is sent until its session ends or the process leaves."""
    look_at = time.monotonic() + BEAT
    while True:
        heard = asyncio.ensure_future(ear.wait(max(0.0, look_at - time.monotonic())))
        try:
            await asyncio.wait({heard, stop}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            heard.cancel()
        if stop.done():
            return
        kinds = ear.take()
        if time.monotonic() >= look_at or not ENDINGS.isdisjoint(kinds):
            if not await _signed_in(token):
                return
            look_at = time.monotonic() + BEAT
        yield f"event: changed\ndata: {codec.dumps({'kinds': kinds})}\n\n" if kinds else ": beat\n\n"
        if kinds:
            await asyncio.wait({stop}, timeout=SPACING)


async def _who(request: Request) -> tuple[str, Actor]:
    """The session's token and whose it is. Raises Problem."""
    if not same_origin(request):
        raise problem(request, 403, "another_site", "CROSS_ORIGIN")
    token = request.cookies.get(COOKIE, "")
    try:
        actor = await identity.by_session(token) if token else None
    except Exception as error:
        if sentence := outage(error):
            raise problem(request, 503, sentence, "UNAVAILABLE", {"Retry-After": "5"}) from error
        raise
    if actor is None:
        raise problem(request, 401, "sign_in_needed", "SIGN_IN_NEEDED")
    return token, actor


async def _signed_in(token: str) -> bool:
    """While the database is away nobody can end a session either: then it stands."""
    try:
        return await identity.still_signed_in(token)
    except Exception as error:
        if outage(error):
            return True
        raise
