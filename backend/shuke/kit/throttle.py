"""Counts tries in fixed windows, in the database: two processes share one count and a restart forgets nothing."""

from datetime import timedelta

from shuke.kit import clock, db
from shuke.kit.errors import ErrorCode, Refusal

HIT = """
INSERT INTO throttle (key, window_ends_at, count) VALUES ($1, $2, 1)
ON CONFLICT (key) DO UPDATE SET
  count = CASE WHEN throttle.window_ends_at <= $3 THEN 1 ELSE throttle.count + 1 END,
  window_ends_at = CASE WHEN throttle.window_ends_at <= $3 THEN $2 ELSE throttle.window_ends_at END
RETURNING count, window_ends_at
"""


async def hit(key: str, limit: int, window: timedelta) -> None:
    """Counts one try; beyond `limit` within `window` raises Refusal TOO_MANY with the minutes to wait."""
    now = clock.now()
    row = await db.fetch_row(HIT, key, now + window, now)
    assert row
    if row[0] > limit:
        minutes = max(1, -(-int((row[1] - now).total_seconds()) // 60))
        raise Refusal(ErrorCode.TOO_MANY, minutes=minutes)


async def give_back(key: str) -> None:
    """One try that turned out to be fine and does not count."""
    await db.execute("UPDATE throttle SET count = greatest(count - 1, 0) WHERE key = $1", key)


async def clear(key: str) -> None:
    await db.execute("DELETE FROM throttle WHERE key = $1", key)


async def purge() -> int:
    """Removes ended windows; the number of rows."""
    return await db.execute("DELETE FROM throttle WHERE window_ends_at <= $1", clock.now())
