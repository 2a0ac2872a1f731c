"""What this room tells others: the eight cells, the cuts between them, a run's result."""

from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from enum import Enum
from typing import Any
from uuid import UUID


class RfmCell(Enum):
    """High or low in recency, frequency and money, in this order."""

    HHH = "HHH"
    HHL = "HHL"
    HLH = "HLH"
    HLL = "HLL"
    LHH = "LHH"
    LHL = "LHL"
    LLH = "LLH"
    LLL = "LLL"


class Refunds(Enum):
    """What becomes of money that was given back."""

    NET = "net"
    """money is net of refunds; a sale that its own refunds took back whole counts nothing"""
    IGNORE = "ignore"
    """sales above zero as they were rung up; refunds are left out"""


@dataclass(slots=True, frozen=True)
class Cut:
    """Where low ends: a number, or the quantile (0 to 1) of this brand's customers."""

    value: Decimal
    quantile: bool = False


@dataclass(slots=True, frozen=True)
class Cuts:
    """r: calendar days since the last order; f: orders; m: money in the currency's main unit."""

    r: Cut = Cut(Decimal(90))
    f: Cut = Cut(Decimal(2))
    m: Cut = Cut(Decimal("0.5"), quantile=True)


@dataclass(slots=True, frozen=True)
class Options:
    """How a run decides."""

    cuts: Cuts = Cuts()
    refunds: Refunds = Refunds.NET
    window_days: int | None = None
    """sales of the last so many days; None: all"""
    categories: tuple[str, ...] = ()
    """articles of these categories only; none: all"""
    without_categories: tuple[str, ...] = ()
    """and none of these: presents, bags"""
    without_sources: tuple[str, ...] = ()
    """no orders from these sources: the staff's till, wholesale"""
    without_levels: tuple[str, ...] = ()
    """no customers of these levels: colleagues, firms"""
    zero: bool = False
    """whether a sale of nothing is a visit"""
    visit_minutes: int = 0
    """a sale so soon after the one before is the same visit"""
    band: float = 0.0
    """who is high stays high until she is by this part of the cut beyond it; not in a first run"""

    @property
    def basis(self) -> "Options":
        """What the three figures are made of, without what is made of them."""
        return replace(self, cuts=Cuts(), band=0.0)


@dataclass(slots=True, frozen=True)
class CutOffs:
    """The numbers that the cuts came to: days, orders, minor units."""

    days: float
    orders: float
    minor: float


@dataclass(slots=True, frozen=True)
class CutNote:
    """Why a full run's cut divides nobody, or says little. `reason`: a key of `kit.words`, which `params` fill."""

    dimension: str
    reason: str
    params: dict[str, Any]
    held: bool
    """whether the last full run's cut-off stands instead"""


@dataclass(slots=True, frozen=True)
class RunConfig:
    """What a run's row keeps beside its counts."""

    options: Options
    cut_offs: CutOffs | None
    """None: there was nobody to cut"""
    applied: bool
    """whether the memberships follow this run"""
    live: bool = False
    """whether they are those of the day on which it was made, so that what happens moves them at once"""
    cut_on: date | None = None
    """the day of the full run that the cut-offs are of, or that let older ones stand"""
    notes: tuple[CutNote, ...] = ()


@dataclass(slots=True, frozen=True)
class Run:
    """One computation of all cells. `cells` holds all eight; `customers` is their sum."""

    id: UUID
    as_of: date
    customers: int
    cells: dict[RfmCell, int]
    config: RunConfig
    entered: int
    left: int


@dataclass(slots=True, frozen=True)
class SegmentCount:
    cell: RfmCell
    customers: int


@dataclass(slots=True, frozen=True)
class Segments:
    """Who is where now; `as_of` None: never computed."""

    as_of: date | None
    customers: int
    cells: list[SegmentCount]


@dataclass(slots=True, frozen=True)
class Requested:
    """Answer to the wish for a refresh."""

    queued: bool
