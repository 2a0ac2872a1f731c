"""The one source of time. `SHUKE_CLOCK` (ISO 8601) starts it elsewhere, for rehearsals and tests; it then runs on."""

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime, timedelta
from functools import lru_cache


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
