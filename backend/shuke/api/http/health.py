"""Live: the process answers. Ready: it can reach its database, which has its tables, and its queue, and stays."""

import asyncio

from starlette.requests import Request
from starlette.responses import JSONResponse

from shuke.kit import db, leaving, queue

WORDS = {type(None): "up", db.OlderDatabase: "not migrated", db.NewerDatabase: "newer than this program"}


async def live(request: Request) -> JSONResponse:
    return JSONResponse({"status": "live"})


async def ready(request: Request) -> JSONResponse:
    """200 when every part answers within 2 s and is of this program's version, else 503 and which part is not.

    503 as well once the process was told to stop: whoever hands out requests should give it no more.
    """
    if leaving.begun():
        return JSONResponse({"status": {"process": "leaving"}}, 503)
    checks = {"database": _database(), "queue": queue.ping()}
    results = await asyncio.gather(*(asyncio.wait_for(check, 2) for check in checks.values()), return_exceptions=True)
    parts = {name: WORDS.get(type(result), "down") for name, result in zip(checks, results, strict=True)}
    return JSONResponse({"status": parts}, 200 if set(parts.values()) == {"up"} else 503)


async def _database() -> None:
    async with db.raw() as connection:
        await db.check_schema(connection)
