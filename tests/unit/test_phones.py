"""Phone numbers: what is one, and how it is stored."""

import random

import phonenumbers
import pytest

from shuke.app.demo.people import CUSTOMER_PHONES, STAFF_PHONES
from shuke.kit import phones


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("134 9000 0001", "+8613490000001"),
        ("１３８-0000-2047", "+8613800002047"),
        ("+86 138 0000 2047", "+8613800002047"),
        ("0086 138 0000 2047", "+8613800002047"),
        ("199 0000 2047", "+8619900002047"),
        ("0571-8888 8888", "+8657188888888"),
        ("010-62345678", "+861062345678"),
        ("400-810-6666", "+864008106666"),
        ("+852 9123 4567", "+85291234567"),
        ("+852 2123 4567", "+85221234567"),
        ("85291234567", "+85291234567"),
        ("852 9123-4567", "+85291234567"),
        ("８５３ 6612 3456", "+85366123456"),
        ("+853 6612 3456", "+85366123456"),
        ("+44 20 7946 0958", "+442079460958"),
    ],
)
def test_a_number_that_is_given_out_is_taken_however_it_is_spaced(typed: str, stored: str) -> None:
    assert phones.normalise(typed) == stored


@pytest.mark.parametrize(
    "typed",
    [
        "134000000012",  # a digit too many
        "1349000000",  # one too few
        "8888 8888",  # a landline without its area
        "11111111111",
        "12345678901",
        "+852 123",
        "110",
        "转 123",
        "",
    ],
)
def test_what_nobody_can_be_called_by_is_no_number(typed: str) -> None:
    assert phones.normalise(typed) is None


@pytest.mark.parametrize("first", [STAFF_PHONES, CUSTOMER_PHONES])
def test_the_numbers_of_the_demo_are_numbers(first: int) -> None:
    assert all(phones.normalise(str(first + further)) for further in (0, 1, 59, 4999, 9999))


def test_a_range_of_mobiles_is_given_out_or_not_as_the_library_says_of_each_number() -> None:
    chance = random.Random(7)
    for beginning in range(13000, 20000):
        number = f"{beginning}{chance.randrange(1_000_000):06}"
        known = phonenumbers.is_valid_number(phonenumbers.parse(f"+86{number}"))
        assert phones.normalise(number) == phones.normalise(f"+86{number}") == (f"+86{number}" if known else None)
