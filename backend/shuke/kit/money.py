"""Money: an integer in minor units beside its currency."""

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

# ISO 4217: the currencies whose main unit has other than two decimals
NO_DIGITS = frozenset(
    [
        "BIF",
        "CLP",
        "DJF",
        "GNF",
        "ISK",
        "JPY",
        "KMF",
        "KRW",
        "PYG",
        "RWF",
        "UGX",
        "UYI",
        "VND",
        "VUV",
        "XAF",
        "XOF",
        "XPF",
    ]
)
THREE_DIGITS = frozenset(["BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"])


@dataclass(slots=True, frozen=True)
class Money:
    """`minor`: minor units (fen, pence); `currency`: ISO 4217."""

    minor: int
    currency: str


def digits(currency: str) -> int:
    """How many decimals the currency's main unit has."""
    return 0 if currency in NO_DIGITS else 3 if currency in THREE_DIGITS else 2


def to_minor(amount: Decimal, currency: str) -> int:
    """Main units to minor units, half up (away from zero)."""
    return int(amount.scaleb(digits(currency)).quantize(Decimal(1), ROUND_HALF_UP))


def to_main(minor: int, currency: str) -> Decimal:
    """Minor units to main units."""
    return Decimal(minor).scaleb(-digits(currency))


def brief(amount: str) -> str:
    """An amount as it is written out, without decimals that say nothing: 1,280.00 -> 1,280."""
    whole, _, rest = amount.partition(".")
    return amount if rest.strip("0") else whole
