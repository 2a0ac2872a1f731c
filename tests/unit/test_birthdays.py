"""Birthdays: their canonical texts, what people write, and when each comes round."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shuke.kit import birthdays
from shuke.kit.birthdays import BirthDate, of_day, parse, read

CANONICAL = [
    ("1990-03-08", BirthDate(3, 8, 1990)),
    ("--03-08", BirthDate(3, 8)),
    ("--02-29", BirthDate(2, 29)),
    ("lunar:1990-04-15", BirthDate(4, 15, 1990, lunar=True)),
    ("lunar:2023-leap-02-15", BirthDate(2, 15, 2023, lunar=True, leap=True)),
    ("lunar:--04-15", BirthDate(4, 15, lunar=True)),
    ("lunar:--leap-02-15", BirthDate(2, 15, lunar=True, leap=True)),
]


@pytest.mark.parametrize(("text", "birth"), CANONICAL)
def test_a_canonical_text_is_read_and_written(text: str, birth: BirthDate) -> None:
    assert parse(text) == birth and str(birth) == text and read(text) == birth


@pytest.mark.parametrize(
    "text",
    [
        *("", "1990", "1990-3-8", "90-03-08", "1990-13-01", "1990-02-29", "--02-30", "1899-12-31", "2100-01-01"),
        *("1990-leap-03-08", "lunar:1990-04-31", "lunar:2024-leap-02-01", "lunar:2023-leap-02-30", "lunar:--00-01"),
        *("lunar:--leap-12-01", "lunar:1899-01-01", "lunar: 1990-04-15", "１９９０-03-08", "--03-08 "),
    ],
)
def test_what_is_no_day_has_no_birthday(text: str) -> None:
    with pytest.raises(ValueError):
        parse(text)


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("农历四月十五", "lunar:--04-15"),
        ("阴历 4月15日", "lunar:--04-15"),
        ("農曆四月十五", "lunar:--04-15"),
        ("农历1990-4-15", "lunar:1990-04-15"),
        ("农历4/15", "lunar:--04-15"),
        ("农历一九九〇年四月十五", "lunar:1990-04-15"),
        ("闰二月初三", "lunar:--leap-02-03"),
        ("农历2023年闰二月十五", "lunar:2023-leap-02-15"),
        ("正月初一", "lunar:--01-01"),
        ("冬月十一", "lunar:--11-11"),
        ("腊月廿八", "lunar:--12-28"),
        ("腊月三十", "lunar:--12-30"),
        ("八月初十", "lunar:--08-10"),
        ("农历八月二十", "lunar:--08-20"),
        ("3月8日", "--03-08"),
        ("3月8", "--03-08"),
        ("三月八号", "--03-08"),
        ("1990年3月8日", "1990-03-08"),
    ],
)
def test_birthdays_are_read_as_people_write_them(written: str, kept: str) -> None:
    assert str(read(written)) == kept


@pytest.mark.parametrize(
    "written", ["四月十五", "四月", "农历", "农历十三月初一", "二月三十日", "农历四月卅一", "初三", "?"]
)
def test_nobody_guesses(written: str) -> None:
    """四月十五 may be by the sun or by the moon."""
    assert read(written) is None


@pytest.mark.parametrize(
    ("text", "year", "kept"),
    [
        ("--02-29", 2028, date(2028, 2, 29)),
        ("2024-02-29", 2025, date(2025, 2, 28)),  # within its month, and no day late
        ("2024-02-29", 2100 - 1, date(2099, 2, 28)),
        ("lunar:--01-01", 2026, date(2026, 2, 17)),  # Spring Festival
        ("lunar:--08-15", 2025, date(2025, 10, 6)),  # Mid-Autumn
        ("lunar:--12-30", 2025, date(2026, 2, 16)),  # the twelfth month of 2025 has 29 days: its last
        ("lunar:--12-30", 2023, date(2024, 2, 9)),
        ("lunar:2023-leap-02-15", 2023, date(2023, 4, 5)),
        ("lunar:2023-leap-02-15", 2024, date(2024, 3, 24)),  # no leap month: the ordinary second
        ("lunar:2023-leap-02-15", 2042, date(2042, 4, 5)),  # 2042 has a leap second month again
        ("lunar:--leap-06-30", 2025, date(2025, 8, 22)),  # of 29 days
    ],
)
def test_when_it_is_kept_in_a_year(text: str, year: int, kept: date) -> None:
    assert parse(text).in_year(year) == kept


@pytest.mark.parametrize(
    ("text", "today", "following"),
    [
        ("1990-03-08", date(2026, 3, 8), date(2026, 3, 8)),
        ("1990-03-08", date(2026, 3, 9), date(2027, 3, 8)),
        ("2024-02-29", date(2026, 1, 1), date(2026, 2, 28)),
        ("--12-31", date(2099, 12, 31), date(2099, 12, 31)),
        ("--01-01", date(2099, 1, 2), None),
        ("lunar:--12-30", date(2026, 2, 1), date(2026, 2, 16)),  # of the lunar year 2025
        ("lunar:--12-30", date(2026, 2, 17), date(2027, 2, 5)),
        ("lunar:2025-12-01", date(2026, 1, 1), date(2026, 1, 19)),
    ],
)
def test_the_next_one(text: str, today: date, following: date | None) -> None:
    assert parse(text).next(today) == following


DAYS = st.dates(date(1900, 1, 1), date(2099, 12, 31))


def anyhow(day: date, way: int, leap: bool) -> BirthDate:
    """A birthday of one of the four kinds, whatever exists of it."""
    if way == 0:
        return of_day(day)
    if way == 1:
        return BirthDate(day.month, day.day)
    try:
        return BirthDate(day.month, min(day.day, 30), day.year if way == 2 else None, lunar=True, leap=leap)
    except ValueError:
        return BirthDate(day.month, min(day.day, 29), day.year if way == 2 else None, lunar=True)


@given(day=DAYS, way=st.integers(0, 3), leap=st.booleans(), today=DAYS.filter(lambda day: day.year < 2097))
def test_every_birthday_survives_its_text_and_comes_within_thirteen_months(
    day: date, way: int, leap: bool, today: date
) -> None:
    birth = anyhow(day, way, leap)
    assert parse(str(birth)) == birth
    since = max(today, birth.born_on or today)
    following = birth.next(today)
    if since.year >= 2097:
        return
    assert following is not None and since <= following <= since + timedelta(days=400)
    assert birth.next(following) == following
    assert birth.solar in (None, birth.born_on)
    assert birthdays.of_day(today).next(today) is not None
