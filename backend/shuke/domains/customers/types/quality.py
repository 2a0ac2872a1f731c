"""How complete cards are, of people, stores and regions, day by day; and the cards on which something is wrong."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from shuke.domains.customers.types import CustomerView
from shuke.domains.identity.types import Region, Staff, Store


@dataclass(slots=True, frozen=True)
class QualityScope:
    """Which of the caller's customers: of a region or a store, owned by somebody, or (`pool`) by nobody."""

    region_id: UUID | None = None
    store_id: UUID | None = None
    no_region: bool = False
    staff_id: UUID | None = None
    pool: bool = False


@dataclass(slots=True, frozen=True)
class QualityCounts:
    customers: int
    score: int
    """completeness, 0 to 100, of all of them together"""
    full: int
    """whose card is complete by the template's `full_from`"""
    flawed: int
    """with a problem"""

    @property
    def average(self) -> float | None:
        """The mean completeness, 0 to 100, to one decimal; None: there is nobody."""
        return round(self.score / self.customers, 1) if self.customers else None

    @property
    def full_share(self) -> float | None:
        """Complete cards / cards; None: there is nobody."""
        return self.full / self.customers if self.customers else None


@dataclass(slots=True, frozen=True)
class QualityRow:
    """A region, a store, or the customers of a person in a store (without `staff`: the store's pool)."""

    grouping: str
    """region, store, guide"""
    region: Region | None
    store: Store | None
    staff: Staff | None
    counts: QualityCounts


@dataclass(slots=True, frozen=True)
class QualityDay:
    """As it stood in the night that began the day, by the stores' clocks."""

    date: date
    counts: QualityCounts


@dataclass(slots=True, frozen=True)
class KeptDay:
    """Figures of a day that is over, counted elsewhere; `guide_id` None: the store's pool."""

    store_id: UUID
    guide_id: UUID | None
    day: date
    counts: QualityCounts


@dataclass(slots=True, frozen=True)
class Quality:
    as_of: datetime
    full_from: int
    counts: QualityCounts
    rows: list[QualityRow]
    days: list[QualityDay]


@dataclass(slots=True, frozen=True)
class FlawScope:
    """Which cards with problems: with this one, of a store, the caller's own."""

    code: str | None = None
    store_id: UUID | None = None
    mine: bool = False


@dataclass(slots=True, frozen=True)
class FlawedCard:
    customer: CustomerView
    problems: tuple[str, ...]


@dataclass(slots=True, frozen=True)
class ProblemCount:
    code: str
    count: int


@dataclass(slots=True, frozen=True)
class Mended:
    """How many problems somebody mended today, by the store's clock, that are still mended."""

    staff: Staff
    count: int
