"""Identifiers: time-ordered UUIDv7 (RFC 9562 §5.7) for rows, UUIDv5 for effects that must not happen twice."""

import secrets
import time
from datetime import datetime
from uuid import UUID, uuid5

EFFECTS = UUID("6f3c1f0e-5d0b-5a53-9d6e-3b7f0a3c9d11")
"""Namespace of ids that are computed from what they do, so that a repeat makes the same id."""

BATCH = 256
"""So many of a run of ids have one moment."""


def new_id() -> UUID:
    """A UUIDv7: 48 bits of Unix milliseconds, then 74 random bits."""
    value = (time.time_ns() // 1_000_000) << 80 | 0x7 << 76 | secrets.randbits(12) << 64 | 0b10 << 62
    return UUID(int=value | secrets.randbits(62))


def first_id(at: datetime) -> UUID:
    """What every UUIDv7 made at this moment or later is not less than."""
    return UUID(int=int(at.timestamp() * 1000) << 80)


def new_ids(count: int) -> list[UUID]:
    """So many of them in ascending order: one random start, then counting up (RFC 9562 §6.2, method 2)."""
    start = new_id().int & ~(1 << 61)  # room to count without touching the variant
    return [UUID(int=start + step) for step in range(count)]


class Ascending:
    """New ids without end, each greater than the one before it."""

    def __init__(self) -> None:
        self._last = self._left = 0

    def __next__(self) -> UUID:
        return UUID(int=self.number())

    def number(self) -> int:
        """The next one's 128 bits."""
        if not self._left:
            self._last, self._left = new_id().int & ~(1 << 61), BATCH
        self._left -= 1
        self._last += 1
        return self._last


def effect_id(*parts: object) -> UUID:
    """The id of the one effect that these parts name, for example (enrolment, step, occurrence)."""
    return uuid5(EFFECTS, "/".join(str(part) for part in parts))
