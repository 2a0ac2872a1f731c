"""How cuts are written."""

from decimal import Decimal

import pytest

from shuke.domains.segments.rules import in_minor_units, parse_cuts
from shuke.domains.segments.types import Cut, Cuts
from shuke.kit.errors import ErrorCode, Refusal


def test_nothing_said_means_ninety_days_two_orders_and_the_median() -> None:
    assert parse_cuts("") == Cuts(Cut(Decimal(90)), Cut(Decimal(2)), Cut(Decimal("0.5"), quantile=True))


def test_each_cut_may_be_a_number_the_median_or_a_quantile() -> None:
    assert parse_cuts(" r=92.06, f = q0.8 ,m=MEDIAN") == Cuts(
        Cut(Decimal("92.06")), Cut(Decimal("0.8"), quantile=True), Cut(Decimal("0.5"), quantile=True)
    )


@pytest.mark.parametrize(
    "text",
    ["x=1", "r", "r=", "r=-1", "f=two", "m=q1.2", "m=qmedian", "m=NaN", "m=inf", "90", "r=1e400", "r=" + "9" * 16],
)
def test_anything_else_is_refused_and_named(text: str) -> None:
    with pytest.raises(Refusal) as refused:
        parse_cuts(text)
    assert refused.value.code is ErrorCode.INVALID and refused.value.params["part"]


def test_a_money_cut_is_in_the_currencys_main_unit_and_is_not_rounded() -> None:
    assert in_minor_units(Cut(Decimal("2054.275")), "GBP").value == Decimal("205427.5")
    assert in_minor_units(Cut(Decimal("3000")), "JPY").value == Decimal(3000)
    assert in_minor_units(Cut(Decimal("0.8"), quantile=True), "GBP").value == Decimal("0.8")
