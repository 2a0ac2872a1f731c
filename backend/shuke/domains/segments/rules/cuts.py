"""How cuts are written and what they come to; pure."""

from dataclasses import replace
from decimal import Decimal, InvalidOperation

from shuke.domains.segments.types import Cut, Cuts
from shuke.kit.errors import ErrorCode, Refusal
from shuke.kit.money import digits

MOST = Decimal(10) ** 15
SCORES = frozenset(("s2", "s3", "s4", "s5"))


def parse_cuts(text: str) -> Cuts:
    """Cuts of "r=90,f=2,m=median": each a number, `median`, a quantile like `q0.8`, or the score from 1 to 5 from which
    it is high, like `s4`: of fifths of the customers, the best have 5.

    What is left out keeps its default. Raises Refusal INVALID for anything else.
    """
    cuts = Cuts()
    for part in filter(None, (piece.strip() for piece in text.split(","))):
        name, _, value = (piece.strip().lower() for piece in part.partition("="))
        if name not in ("r", "f", "m"):
            raise Refusal(ErrorCode.INVALID, "cuts", "cuts_invalid", part=part)
        cuts = replace(cuts, **{name: read_cut(name, value, part)})
    return cuts


def cut_text(cut: Cut) -> str:
    """A cut as it is typed."""
    if not cut.quantile:
        return f"{cut.value.normalize():f}"
    return "median" if cut.value == Decimal("0.5") else f"q{cut.value.normalize():f}"


def read_cut(name: str, value: str, part: str) -> Cut:
    """One cut, of r, f or m. Raises Refusal INVALID; `part`: what its sentence cites."""
    if value == "median":
        return Cut(Decimal("0.5"), quantile=True)
    if value in SCORES:
        beyond = (Decimal(value[1]) - 1) / 5
        return Cut(1 - beyond if name == "r" else beyond, quantile=True)
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
