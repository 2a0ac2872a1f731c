"""Birthdays as people keep them: by the sun or by the moon, with or without the year. Pure.

The canonical text of one is what the database holds and the API says:

    1990-03-08  --03-08  lunar:1990-04-15  lunar:2023-leap-02-15  lunar:--04-15  lunar:--leap-02-15

When it comes round (each as most people here keep it):

- 29 February: on 28 February of a common year, so that it stays within its month and is never kept a day late.
- a leap month of the moon: in that leap month where the year has one, else in the ordinary month of the same number.
- the 30th of a month of the moon that has 29 days: on its 29th, the last day of the month.
- without the year: as the day says; there is no age.

Years run from 1900 to 2099, by the moon those that begin in them. The calendar of the moon is borax's.
"""

import re
from calendar import isleap, monthrange
from dataclasses import dataclass
from datetime import MINYEAR, date

from borax.calendars.lunardate import LCalendars, LunarDate

FIRST_YEAR, LAST_YEAR = 1900, 2099
YEARS = range(FIRST_YEAR, LAST_YEAR + 1)
CANONICAL = re.compile(r"(lunar:)?(?:(\d{4})-|--)(leap-)?(\d{2})-(\d{2})", re.ASCII)
A_LEAP_YEAR = 2000
LONGEST_MONTH = 30  # of the moon


@dataclass(slots=True, frozen=True)
class BirthDate:
    """A birthday that exists: by the moon or by the sun, `year` None where nobody remembers it."""

    month: int
    day: int
    year: int | None = None
    lunar: bool = False
    leap: bool = False
    """the leap month that follows the ordinary one of the same number"""

    def __post_init__(self) -> None:
        if self.year is not None and self.year not in YEARS:
            raise ValueError("a year between 1900 and 2099")
        if self.leap and not self.lunar:
            raise ValueError("only the moon has leap months")
        if not (1 <= self.month <= 12 and 1 <= self.day <= self._longest()):
            raise ValueError("no such day")

    def _longest(self) -> int:
        """How many days the month has, or may have. Raises ValueError for a leap month that the year lacks."""
        if not self.lunar:
            return monthrange(self.year or A_LEAP_YEAR, self.month)[1]
        if self.year is None:
            return LONGEST_MONTH if not self.leap or LCalendars.get_leap_years(self.month) else 0
        return LCalendars.ndays(self.year, self.month, int(self.leap))

    def __str__(self) -> str:
        """The canonical text."""
        year = "-" if self.year is None else f"{self.year:04}"
        return f"{'lunar:' * self.lunar}{year}-{'leap-' * self.leap}{self.month:02}-{self.day:02}"

    @property
    def solar(self) -> date | None:
        """The day itself where it is kept by the sun and its year is known."""
        return None if self.lunar or self.year is None else date(self.year, self.month, self.day)

    @property
    def born_on(self) -> date | None:
        """The day of the birth by the sun; None: the year is not known."""
        return None if self.year is None else self.in_year(self.year)

    def in_year(self, year: int) -> date:
        """When it is kept in a year: of the moon, its day may lie in the following January or February."""
        if self.lunar:
            leap = self.leap and LCalendars.leap_month(year) == self.month
            last = LCalendars.ndays(year, self.month, int(leap))
            return LunarDate(year, self.month, min(self.day, last), int(leap)).to_solar_date()
        if (self.month, self.day) == (2, 29) and not isleap(year):
            return date(year, 2, 28)
        return date(year, self.month, self.day)

    def next(self, day: date) -> date | None:
        """The first time that it is kept on this day or later, never before the birth; None: beyond 2099."""
        since = max(day, self.born_on or date(MINYEAR, 1, 1))
        for year in range(max(since.year - self.lunar, FIRST_YEAR), LAST_YEAR + 1):
            kept = self.in_year(year)
            if kept >= since and (self.year is None or year >= self.year):
                return kept
        return None


def parse(text: str) -> BirthDate:
    """The birthday of a canonical text. Raises ValueError for any other text, and for a day that does not exist."""
    found = CANONICAL.fullmatch(text)
    if found is None:
        raise ValueError("not a birthday's canonical text")
    lunar, year, leap, month, day = found.groups()
    return BirthDate(int(month), int(day), int(year) if year else None, bool(lunar), bool(leap))


def of_day(day: date) -> BirthDate:
    """The birthday of a day by the sun. Raises ValueError outside 1900 to 2099."""
    return BirthDate(day.month, day.day, day.year)


MONTHS = {"正": 1, "冬": 11, "腊": 12, "臘": 12}
DIGITS = {"〇": 0, "零": 0, "一": 1, "二": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9}
NUMERAL = "[〇零一二三四五六七八九十廿卅0-9]+"
SPOKEN = re.compile(
    rf"(?P<lunar>农历|阴历|農曆|陰曆|旧历)?(?:(?P<year>[〇零一二三四五六七八九]{{4}}|\d{{4}})年)?(?P<leap>闰|閏)?"
    rf"(?P<month>{NUMERAL}|[正冬腊臘])月(?P<early>初)?(?P<day>{NUMERAL})(?P<end>日|号|號)?"
)
NUMBERED = re.compile(r"(?:农历|阴历|農曆|陰曆|旧历)(?:(\d{4})[-/.])?(\d{1,2})[-/.](\d{1,2})", re.ASCII)
BY_THE_MOON = "正冬腊臘"


def read(text: str) -> BirthDate | None:
    """A birthday as people write it: 农历四月十五, 闰二月初三, 腊月廿八, 农历1990年4月15日, 3月8日, or canonically.

    None for what is none, and for what may be by the sun or by the moon (四月十五): nobody guesses.
    """
    plain = re.sub(r"\s+", "", text)
    try:
        if CANONICAL.fullmatch(plain):
            return parse(plain)
        if found := NUMBERED.fullmatch(plain):
            year, month, day = found.groups()
            return BirthDate(int(month), int(day), int(year) if year else None, lunar=True)
        return _spoken(plain)
    except ValueError:
        return None


def _spoken(plain: str) -> BirthDate | None:
    found = SPOKEN.fullmatch(plain)
    if found is None:
        return None
    said = found.groupdict()
    lunar = bool(said["lunar"] or said["leap"] or said["early"] or said["month"] in BY_THE_MOON)
    if not lunar and not (said["end"] or (said["month"] + said["day"]).isdecimal()):
        return None
    month = MONTHS.get(said["month"]) or _number(said["month"])
    year = None if said["year"] is None else _digits(said["year"])
    return BirthDate(month, _number(said["day"]), year, lunar, bool(said["leap"]))


def _digits(text: str) -> int:
    """一九九〇 or 1990."""
    return int("".join(str(DIGITS.get(char, char)) for char in text))


def _number(text: str) -> int:
    """十五, 廿三, 三十 or 15. Raises ValueError for what is no number."""
    if text.isdecimal() and text.isascii():
        return int(text)
    text = text.replace("廿", "二十").replace("卅", "三十").replace("二十十", "二十")
    tens, ten, ones = text.partition("十")
    if not ten:
        return DIGITS[tens] if tens in DIGITS else _refuse()
    if (tens and tens not in DIGITS) or (ones and ones not in DIGITS):
        return _refuse()
    return DIGITS.get(tens, 1) * 10 + DIGITS.get(ones, 0)


def _refuse() -> int:
    raise ValueError("not a number")
