"""The demo chain's days, counted back from today; and identifiers that sort by them."""

from datetime import UTC, date, datetime, timedelta
from random import Random
from uuid import UUID

from shuke.app.demo.people import TIMEZONE
from shuke.kit import zones

OPENS, BUSY, CLOSES = 9 * 60 + 30, 16 * 60, 20 * 60 + 30
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class Calendar:
    """`today` is the shops' calendar day; nothing in the chain happens on it or after it."""

    def __init__(self, today: date) -> None:
        self.today = today
        self._midnight = zones.at_local(today, 0, TIMEZONE)

    def day(self, ago: int) -> date:
        return self.today - timedelta(days=ago)

    def moment(self, ago: int, minute: int) -> datetime:
        """That minute of the shop's day, in UTC (the chain's zone has no summer time)."""
        return self._midnight + timedelta(days=-ago, minutes=minute)

    def busy(self, rng: Random, ago: int) -> int:
        """When somebody who meant to come then comes: a third of the weekdays' visits wait for the weekend."""
        wait = 5 - self.day(ago).weekday() + (rng.random() < 0.5)
        return ago - wait if 0 < wait < ago and rng.random() < 0.3 else ago


def opening_minute(rng: Random) -> int:
    return int(rng.triangular(OPENS, CLOSES, BUSY))


def sorted_id(rng: Random, moment: datetime) -> UUID:
    """A UUIDv7 of that moment whose random part comes from the seed."""
    milliseconds = int((moment - EPOCH) / timedelta(milliseconds=1))
    return UUID(int=milliseconds << 80 | 0x7 << 76 | rng.getrandbits(12) << 64 | 0b10 << 62 | rng.getrandbits(62))
