"""Use cases that meet in the middle, the same way on every run."""

import asyncio
from collections.abc import Coroutine
from typing import Any

import asyncpg

from shuke.kit import db

STUCK = """
SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'
"""


async def meet(url: str, *calls: Coroutine[Any, Any, object]) -> list[Any]:
    """Starts each when the one before stands still: at the event it wants to write, or at what that one holds.

    Then lets them all go on; what they gave or raised.
    """
    guard = await asyncpg.connect(db.plain_dsn(url))
    try:
        async with guard.transaction(), asyncio.timeout(20):
            await guard.execute("LOCK TABLE event IN SHARE MODE")
            tasks: list[asyncio.Task[object]] = []
            for call in calls:
                tasks.append(asyncio.create_task(call))
                while await db.fetch_value(STUCK) + sum(task.done() for task in tasks) < len(tasks):
                    await asyncio.sleep(0.01)
        return await asyncio.gather(*tasks, return_exceptions=True)
    finally:
        await guard.close()
