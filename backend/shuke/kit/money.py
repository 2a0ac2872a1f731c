"""Money: an integer in minor units beside its currency."""

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

MINOR_DIGITS = {"JPY": 0, "KRW": 0, "VND": 0}
DEFAULT_DIGITS = 2


@dataclass(slots=True, frozen=True)
class Money:
    """`minor`: minor units (fen, pence); `currency`: ISO 4217."""

    minor: int
    currency: str


def digits(currency: str) -> int:
    """How many decimals the currency's main unit has."""
    return MINOR_DIGITS.get(currency, DEFAULT_DIGITS)


def to_minor(amount: Decimal, currency: str) -> int:
    """Main units to minor units, half up (away from zero)."""
    return int(amount.scaleb(digits(currency)).quantize(Decimal(1), ROUND_HALF_UP))


def to_main(minor: int, currency: str) -> Decimal:
    """Minor units to main units."""
    return Decimal(minor).scaleb(-digits(currency))
