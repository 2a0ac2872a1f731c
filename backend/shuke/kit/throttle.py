"""Counts tries in fixed windows, in the database: two processes share one count and a restart forgets nothing."""

import math
from dataclasses import dataclass
from datetime import datetime, timedelta

from shuke.kit import clock, db
from shuke.kit.errors import ErrorCode, Refusal

HIT = """
INSERT INTO throttle (key, window_ends_at, count) VALUES ($1, $2, 1)
ON CONFLICT (key) DO UPDATE SET
  count = CASE WHEN throttle.window_ends_at <= $3 THEN 1 ELSE throttle.count + 1 END,
  window_ends_at = CASE WHEN throttle.window_ends_at <= $3 THEN $2 ELSE throttle.window_ends_at END
RETURNING count, window_ends_at
"""

# A call is too frequent to wait for the disk: what a crash takes of the last moment's counts is no loss.
COUNT = f"{HIT.rstrip()}, set_config('synchronous_commit', 'off', true)"


async def hit(key: str, limit: int, window: timedelta, reason: str | None = None) -> None:
    """Counts one try; beyond `limit` within `window` raises Refusal TOO_MANY with the minutes to wait.

    `reason`: a key of `kit.words` whose sentence says of what there was too much.
    """
    now = clock.now()
    row = await db.fetch_row(HIT, key, now + window, now)
    assert row
    if row[0] > limit:
        raise _too_many(row[1], now, reason)


@dataclass(slots=True, frozen=True)
class Allowance:
    """How a caller stands to its limit in the present window."""

    limit: int
    used: int
    resets_in: int
    """seconds until the window ends, at least 1"""

    @property
    def remaining(self) -> int:
        return max(0, self.limit - self.used)

    @property
    def exceeded(self) -> bool:
        return self.used > self.limit


async def count(key: str, limit: int, window: timedelta) -> Allowance:
    """Counts one call and says how the caller stands; refuses nothing."""
    now = clock.now()
    row = await db.fetch_row(COUNT, key, now + window, now)
    assert row
    return Allowance(limit, row[0], max(1, math.ceil((row[1] - now).total_seconds())))


async def check(key: str, limit: int, reason: str | None = None) -> None:
    """Counts nothing; raises Refusal TOO_MANY when `limit` tries have been counted. For a use case whose refusal is
    the try: its transaction is taken back, so that whoever stands around it counts.
    """
    now = clock.now()
    sql = "SELECT window_ends_at FROM throttle WHERE key = $1 AND window_ends_at > $2 AND count >= $3"
    ends_at = await db.fetch_value(sql, key, now, limit)
    if ends_at:
        raise _too_many(ends_at, now, reason)


def _too_many(ends_at: datetime, now: datetime, reason: str | None) -> Refusal:
    minutes = max(1, -(-int((ends_at - now).total_seconds()) // 60))
    return Refusal(ErrorCode.TOO_MANY, reason=reason, minutes=minutes)


async def give_back(key: str) -> None:
    """One try that turned out to be fine and does not count."""
    await db.execute("UPDATE throttle SET count = greatest(count - 1, 0) WHERE key = $1", key)


async def clear(key: str) -> None:
    await db.execute("DELETE FROM throttle WHERE key = $1", key)


async def purge() -> int:
    """Removes ended windows; the number of rows."""
    return await db.execute("DELETE FROM throttle WHERE window_ends_at <= $1", clock.now())
