"""Which phones are one slip of a finger away, and how reasons weigh together."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as some

from shuke.domains.records.rules.doubles import Someone, probably
from shuke.domains.records.rules.duplicates import are_near, near_phones, ordered, score, tells_apart
from shuke.domains.records.types.merging import Rule

PHONE = "+8613800002047"
numbers = some.from_regex(r"\+861[3-9][0-9]{9}", fullmatch=True)


def test_a_number_has_a_neighbour_for_each_digit_and_each_swap() -> None:
    near = near_phones(PHONE)
    assert {"+8613800002048", "+8613800002074", "+8631800002047", "+8613800002407"} <= set(near)
    assert PHONE not in near and "+8613800002174" not in near
    digits = PHONE[3:]
    assert len(near) == len(set(near)) == 11 * 9 + sum(a != b for a, b in pairwise(digits))


@given(numbers)
def test_who_is_near_somebody_has_her_near(number: str) -> None:
    assert all(number in near_phones(other) for other in near_phones(number))


@given(numbers, numbers)
def test_two_numbers_are_near_as_the_list_of_near_ones_says(one: str, other: str) -> None:
    assert all(are_near(one, near) for near in near_phones(one))
    assert not are_near(one, one) and are_near(one, other) == (other in near_phones(one))


def test_a_birthday_tells_who_she_is_by_its_year_unless_it_stands_for_an_unknown_one() -> None:
    telling = ("1990-03-08", "lunar:1990-04-15", "lunar:2023-leap-02-15")
    for day in (*telling, "--03-08", "lunar:--04-15", "lunar:--leap-02-15", "1990-01-01", "1900-01-01", "2000-01-01"):
        one, other = (Someone(key, "周雨桐", day, frozenset()) for key in (1, 2))
        assert tells_apart(day) == (day in telling), day
        assert probably(one, other) == ("twin_birthday" if day in telling else None), day


def test_reasons_that_hold_together_weigh_more_than_each_and_never_all() -> None:
    assert score([Rule.SAME_BIRTHDAY]) == 60 and score([Rule.NEAR_PHONE, Rule.SAME_BIRTHDAY]) == 80
    assert score(Rule) < 100
    assert ordered([Rule.NEAR_PHONE, Rule.SAME_CHILD, Rule.NEAR_PHONE]) == [Rule.SAME_CHILD, Rule.NEAR_PHONE]
