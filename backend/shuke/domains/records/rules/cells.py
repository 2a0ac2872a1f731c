"""What a cell says: text, a time, a day, as people and spreadsheet programs write them."""

import re
from collections.abc import Mapping as AnyMapping
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from shuke.domains.records.types import Mapping

SERIALS = range(20_000, 80_000)  # what Excel makes of a day from 1954 to 2119
SERIAL_ZERO = datetime(1899, 12, 30)
DATES = ("%Y-%m-%d", "%Y/%m/%d", "%Y.%m.%d", "%Y年%m月%d日", "%Y%m%d")
YEAR_FIRST = re.compile(
    r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})(?:日?|(?:日|\s)\s*(\d{1,2}):(\d{2})(?::(\d{2}))?)", re.ASCII
)
CACHE = 1 << 16


class Cells:
    """Cells of a row by field, empty words as None, and times in the file's zone."""

    def __init__(self, mapping: Mapping, places: AnyMapping[str, int], width: int, zone: str) -> None:
        self.places = places
        self._pairs = list(places.items())
        self.width = width
        self._empty = {"", *mapping.empty}
        self._formats = mapping.datetime
        self._zone = ZoneInfo(zone)
        self._moments: dict[str, tuple[datetime, date] | None] = {}

    def text(self, row: list[str], field: str) -> str | None:
        place = self.places.get(field)
        if place is None:
            return None
        plain = row[place].strip()
        return None if plain in self._empty else plain

    def said(self, row: list[str]) -> dict[str, str]:
        """What the row's cells say, field by field; those that say nothing are left out."""
        empty = self._empty
        return {name: text for name, place in self._pairs if (text := row[place].strip()) not in empty}

    def moment(self, text: str) -> tuple[datetime, date] | None:
        """The moment in UTC and its day on the wall; None for what is no time."""
        found = self._moments.get(text, 0)
        if found == 0:
            if len(self._moments) >= CACHE:
                self._moments.clear()
            found = self._moments[text] = self._parse(text.strip())
        return found  # type: ignore[return-value]

    def _parse(self, text: str) -> tuple[datetime, date] | None:
        for pattern in (*self._formats, None):
            try:
                read = datetime.strptime(text, pattern) if pattern else datetime.fromisoformat(text)
                local = read.replace(tzinfo=self._zone) if read.tzinfo is None else read.astimezone(self._zone)
                return local.astimezone(UTC), local.date()
            except (ValueError, OverflowError):
                continue
        plain = _year_first(text) or _serial(text)
        if plain is None:
            return None
        local = plain.replace(tzinfo=self._zone)
        return local.astimezone(UTC), local.date()


def _year_first(text: str) -> datetime | None:
    """A time as tills and spreadsheets here write it: 2026/3/8 9:05. Where the day comes first, nobody can tell."""
    found = YEAR_FIRST.fullmatch(text)
    if not found:
        return None
    year, month, this_day, hour, minute, second = map(int, found.groups("0"))
    try:
        return datetime(year, month, this_day, hour, minute, second)
    except ValueError:
        return None


def _serial(text: str) -> datetime | None:
    """A day, with its time as the fraction, in the number that Excel shows where a cell has lost its format."""
    if not (text[:5].isdecimal() and text.isascii() and text[5:6] in ("", ".")):
        return None
    try:
        days = float(text)
    except ValueError:
        return None
    if int(days) not in SERIALS:
        return None
    return SERIAL_ZERO + timedelta(days=int(days), seconds=round(days % 1 * 86400))


@lru_cache(1 << 14)
def day(text: str) -> date | None:
    """A date as people write them, or as a spreadsheet does: with an idle midnight, or as a serial number."""
    text = text.removesuffix(" 00:00:00")
    for pattern in DATES:
        try:
            return datetime.strptime(text, pattern).date()
        except ValueError:
            continue
    found = _serial(text)
    return found.date() if found else None
