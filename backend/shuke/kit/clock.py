"""The one source of time. `SHUKE_CLOCK` (ISO 8601) starts it elsewhere, for rehearsals and tests; it then runs on."""

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime, timedelta
from datetime import time as clock_time
from functools import lru_cache
from zoneinfo import ZoneInfo


@lru_cache(1)
def _offset() -> timedelta:
    start = os.environ.get("SHUKE_CLOCK")
    if not start:
        return timedelta(0)
    begin = datetime.fromisoformat(start)
    return (begin if begin.tzinfo else begin.replace(tzinfo=UTC)) - datetime.fromtimestamp(time.time(), UTC)


_pretended: ContextVar[datetime | None] = ContextVar("pretended", default=None)


def now() -> datetime:
    """The present moment, UTC."""
    return _pretended.get() or datetime.now(UTC) + _offset()


@contextmanager
def pretended(moment: datetime) -> Iterator[None]:
    """Inside, and only in this task, it is that moment: for living through days that are past."""
    token = _pretended.set(moment)
    try:
        yield
    finally:
        _pretended.reset(token)


def local_date(moment: datetime, zone: str) -> date:
    """The calendar day of a moment on a store's wall."""
    return moment.astimezone(ZoneInfo(zone)).date()


def at_local(day: date, hour: int, zone: str, minute: int = 0) -> datetime:
    """That hour of that day on a store's wall, in UTC."""
    return datetime.combine(day, clock_time(hour, minute), ZoneInfo(zone)).astimezone(UTC)


def end_of_day(moment: datetime, zone: str) -> datetime:
    """The first moment of the store's next day, in UTC."""
    return at_local(local_date(moment, zone) + timedelta(days=1), 0, zone)
