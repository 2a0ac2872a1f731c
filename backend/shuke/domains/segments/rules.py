"""How cuts are written and what they come to; pure."""

from dataclasses import replace
from decimal import Decimal, InvalidOperation

from shuke.domains.segments.types import Cut, Cuts
from shuke.kit.errors import ErrorCode, Refusal
from shuke.kit.money import digits

MOST = Decimal(10) ** 15


def parse_cuts(text: str) -> Cuts:
    """Cuts of "r=90,f=2,m=median": each a number, `median`, or a quantile like `q0.8`.

    What is left out keeps its default. Raises Refusal INVALID for anything else.
    """
    cuts = Cuts()
    for part in filter(None, (piece.strip() for piece in text.split(","))):
        name, _, value = (piece.strip().lower() for piece in part.partition("="))
        if name not in ("r", "f", "m"):
            raise Refusal(ErrorCode.INVALID, "cuts", "cuts_invalid", part=part)
        cuts = replace(cuts, **{name: _cut(value, part)})
    return cuts


def _cut(value: str, part: str) -> Cut:
    if value == "median":
        return Cut(Decimal("0.5"), quantile=True)
    quantile = value.startswith("q")
    try:
        number = Decimal(value.removeprefix("q"))
    except InvalidOperation as error:
        raise Refusal(ErrorCode.INVALID, "cuts", "cuts_invalid", part=part) from error
    if not number.is_finite() or not 0 <= number <= (1 if quantile else MOST):
        raise Refusal(ErrorCode.INVALID, "cuts", "cuts_invalid", part=part)
    return Cut(number, quantile)


def in_minor_units(cut: Cut, currency: str) -> Cut:
    """A money cut in main units, in minor units; a quantile stays what it is."""
    return cut if cut.quantile else replace(cut, value=cut.value.scaleb(digits(currency)))
