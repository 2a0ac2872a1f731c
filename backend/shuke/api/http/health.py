"""Live: the process answers. Ready: it can reach its database, which has its tables, and its queue, and stays."""

import asyncio
from collections.abc import Coroutine
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse

from shuke.kit import db, leaving, queue

WORDS = {type(None): "up", db.OlderDatabase: "not migrated", db.NewerDatabase: "newer than this program"}
_checks: set["asyncio.Task[Any]"] = set()


async def live(request: Request) -> JSONResponse:
    return JSONResponse({"status": "live"})


async def ready(request: Request) -> JSONResponse:
    """200 when every part answers within 2 s and is of this program's version, else 503 and which part is not.

    503 as well once the process was told to stop: whoever hands out requests should give it no more.
    """
    if leaving.begun():
        return JSONResponse({"status": {"process": "leaving"}}, 503)
    checks = {"database": _database(), "queue": queue.ping()}
    results = await asyncio.gather(*map(_within, checks.values()), return_exceptions=True)
    parts = {name: WORDS.get(type(result), "down") for name, result in zip(checks, results, strict=True)}
    return JSONResponse({"status": parts}, 200 if set(parts.values()) == {"up"} else 503)


async def _within(check: Coroutine[Any, Any, Any]) -> None:
    """Raises what the check raises, TimeoutError after 2 s.

    It is not waited for any longer: to give a frozen connection back to its pool takes as long as it stays frozen.
    """
    task = asyncio.create_task(check)
    _checks.add(task)
    task.add_done_callback(_forget)
    await asyncio.wait((task,), timeout=2)
    if not task.done():
        task.cancel()
        raise TimeoutError
    task.result()


def _forget(task: "asyncio.Task[Any]") -> None:
    _checks.discard(task)
    if not task.cancelled():
        task.exception()  # seen, so that the loop does not complain


async def _database() -> None:
    async with db.raw() as connection:
        await db.check_schema(connection)
