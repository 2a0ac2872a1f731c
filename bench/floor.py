"""The floor: the same screen by hand with Starlette, asyncpg and orjson. Same session look-up, same JSON."""

import hashlib
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import asyncpg
import orjson
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from shuke.domains.identity.queries import AUTHENTICATE
from shuke.kit import clock, zones

CARDS = """
SELECT t.id, t.due_at, t.reasons, c.id, c.name, c.alias, m.cell FROM (
  SELECT * FROM (SELECT id, due_at, reasons, customer_id FROM task
    WHERE assignee_id = $1 AND state = 'open' AND due_at < $3 ORDER BY due_at, id LIMIT 21) mine
  UNION ALL SELECT * FROM (SELECT id, due_at, reasons, customer_id FROM task
    WHERE store_id = $2 AND assignee_id IS NULL AND state = 'open' AND due_at < $3 ORDER BY due_at, id LIMIT 21) pool
  ORDER BY due_at, id LIMIT 20) t
JOIN customer c ON c.id = t.customer_id
LEFT JOIN segment_membership m ON m.customer_id = c.id AND m.left_at IS NULL ORDER BY t.due_at, t.id
"""


async def today(request: Request) -> Response:
    """The cards of the guide whose session cookie came along."""
    now = clock.now()
    hashed = hashlib.sha256(request.cookies["shuke_session"].encode()).digest()
    async with request.app.state.pool.acquire() as connection:
        session = await connection.fetchrow(AUTHENTICATE, hashed, now)
        if session is None:
            return Response(status_code=401)
        store = orjson.loads(session[8])[0]["stores"][0]
        rows = await connection.fetch(CARDS, session[2], store, zones.end_of_day(now, session[6]))
    day = zones.local_date(now, session[6])
    cards = [
        {
            "id": str(row[0]),
            "dueAt": row[1].isoformat(),
            "state": "OPEN",
            "attempts": 0,
            "version": 1,
            "customer": {"id": str(row[3]), "name": row[4], "alias": row[5], "cell": row[6]},
            "reasons": [
                {
                    "key": reason["key"],
                    "why": reason["why"]["zh-CN"].replace(
                        "{days}", str((day - day.fromisoformat(reason["params"]["since"])).days)
                    ),
                    "say": reason["say"]["zh-CN"].replace("{alias}", row[5]),
                    "dueAt": reason["due_at"],
                }
                for reason in orjson.loads(row[2])
            ],
        }
        for row in rows
    ]
    return Response(orjson.dumps({"data": {"today": {"open": cards}}}), media_type="application/json")


@asynccontextmanager
async def lifespan(app: Starlette) -> AsyncIterator[None]:
    # the general plan is the best one here, and the planner's doubts about it cost more than running it
    plans = {"plan_cache_mode": "force_generic_plan"}
    async with asyncpg.create_pool(
        os.environ["SHUKE_DATABASE_URL"], min_size=1, max_size=10, server_settings=plans
    ) as pool:
        app.state.pool = pool
        yield


app = Starlette(routes=[Route("/today", today)], lifespan=lifespan)
