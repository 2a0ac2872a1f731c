"""What an import is told, and what it tells."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from msgspec import Struct, field

Progress = Callable[[str, int], None]
"""Is told what is going on (reading, storing) and at how many rows it is."""


class NewBrand(Struct, forbid_unknown_fields=True, frozen=True):
    """How to call the brand if there is none yet."""

    name: str | None = None
    locale: str = "zh-CN"


class FixedStore(Struct, forbid_unknown_fields=True, frozen=True):
    """The store of rows that name none; made when it does not exist."""

    code: str
    name: str | None = None


class Refunds(Struct, forbid_unknown_fields=True, frozen=True):
    """What makes a receipt a refund: how its number begins, or what the column `kind` says."""

    prefix: str | None = None
    values: list[str] = field(default_factory=lambda: ["退货", "退款", "refund"])


class Cancelled(Struct, forbid_unknown_fields=True, frozen=True):
    """What the column `status` says of a receipt that was called off."""

    values: list[str] = field(default_factory=lambda: ["已取消", "取消", "作废", "cancelled"])


class Mapping(Struct, forbid_unknown_fields=True, frozen=True):
    """How a file is to be read: a TOML file, every part of it optional."""

    source: str = "file"
    """names the system that the rows come from; part of every order's key"""
    encoding: str = "utf-8"
    delimiter: str = ","
    timezone: str | None = None
    """IANA zone of times without offset; None: the brand's"""
    currency: str | None = None
    """ISO 4217; None: the brand's"""
    datetime: list[str] = field(default_factory=list)
    """formats of strptime, tried in turn; ISO 8601 is understood anyway"""
    empty: list[str] = field(default_factory=list)
    """words that mean "nothing" """
    brand: NewBrand = NewBrand()
    store: FixedStore | None = None
    refund: Refunds = Refunds()
    cancelled: Cancelled = Cancelled()
    columns: dict[str, str] = field(default_factory=dict)
    """our field -> the file's heading"""


@dataclass(slots=True, frozen=True)
class Wish:
    """What the operator asks of an import."""

    file: Path
    mapping: Path | None = None
    brand: str | None = None
    dry_run: bool = False
    report: Path | None = None
    follow_ups: bool = False


@dataclass(slots=True)
class Tally:
    """Rows of the file by what became of them."""

    read: int = 0
    created: int = 0
    updated: int = 0
    unchanged: int = 0
    rejected: int = 0

    def count(self, verdict: str, rows: int = 1) -> None:
        """`verdict`: the name of a field here."""
        self.read += rows
        setattr(self, verdict, getattr(self, verdict) + rows)
