"""Live: the process answers. Ready: it can reach its database and its queue."""

import asyncio

from starlette.requests import Request
from starlette.responses import JSONResponse

from shuke.kit import db, queue


async def live(request: Request) -> JSONResponse:
    return JSONResponse({"status": "live"})


async def ready(request: Request) -> JSONResponse:
    """200 when every part answers within 2 s, else 503 and which part does not."""
    checks = {"database": db.fetch_value("SELECT 1"), "queue": queue.ping()}
    results = await asyncio.gather(*(asyncio.wait_for(check, 2) for check in checks.values()), return_exceptions=True)
    parts = {
        name: "down" if isinstance(result, BaseException) else "up"
        for name, result in zip(checks, results, strict=True)
    }
    return JSONResponse({"status": parts}, 200 if "down" not in parts.values() else 503)
