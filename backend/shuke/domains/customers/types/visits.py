"""Visits and inquiries, leads, photographed paper cards, and how soon new customers are filed."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum
from uuid import UUID

from shuke.domains.identity.types import Region, Staff, Store


class VisitKind(Enum):
    VISIT = "visit"
    """she stood in the shop"""
    INQUIRY = "inquiry"
    """she asked: at the door, by phone, online"""


class VisitChannel(Enum):
    STORE = "store"
    PHONE = "phone"
    WECHAT = "wechat"
    ONLINE = "online"


class InteractionKind(Enum):
    """What is put down by a tap, with or without words; the values are those of TimelineKind."""

    CALL = "call"
    MESSAGE = "message"
    PREFERENCE = "preference"
    COMPLAINT = "complaint"


@dataclass(slots=True, frozen=True)
class NewVisit:
    """What a person at the counter says of a visit. `at` None: now; `store_id` None: the caller's first store."""

    id: UUID
    kind: VisitKind
    channel: VisitChannel = VisitChannel.STORE
    bought: bool | None = None
    is_new: bool | None = None
    """whether she is a new customer, where nobody is named; None: she is"""
    customer_id: UUID | None = None
    store_id: UUID | None = None
    at: datetime | None = None
    note: str | None = None


@dataclass(slots=True, frozen=True)
class VisitView:
    """A visit as its store's staff sees it; `customer_id` None: nobody is named yet."""

    id: UUID
    kind: VisitKind
    channel: VisitChannel
    bought: bool | None
    is_new: bool
    at: datetime
    filed_at: datetime | None
    """when a new customer's record was linked"""
    note: str | None
    source: str | None
    """where a lead came from; None: somebody in the shop put it down"""
    customer_id: UUID | None
    store: Store
    staff: Staff | None


@dataclass(slots=True, frozen=True)
class KeptVisit:
    """A visit of a day that is over, put down elsewhere; `source`: of a lead, which nobody in the shop put down."""

    id: UUID
    store_id: UUID
    staff_id: UUID | None
    customer_id: UUID | None
    kind: VisitKind
    channel: VisitChannel
    bought: bool | None
    is_new: bool
    at: datetime
    filed_at: datetime | None = None
    note: str | None = None
    source: str | None = None


@dataclass(slots=True, frozen=True)
class Lead:
    """An inquiry from outside, checked and normalised. `contacts`: (kind, value, as typed), the surest first.

    `source` and `external_id` together name it: the same again is the same lead.
    """

    id: UUID
    store_id: UUID
    contacts: tuple[tuple[str, str, str], ...]
    source: str
    at: datetime
    name: str | None = None
    message: str | None = None
    external_id: str | None = None


@dataclass(slots=True, frozen=True)
class LeadSaid:
    """A lead as a partner's program tells it."""

    source: str
    store_code: str
    phone: str | None = None
    wechat: str | None = None
    email: str | None = None
    name: str | None = None
    message: str | None = None
    external_id: str | None = None


class PaperState(Enum):
    WAITING = "waiting"
    TYPED = "typed"
    DISCARDED = "discarded"


@dataclass(slots=True, frozen=True)
class PaperCard:
    """A photo of a paper card that waits to be typed in, or was; the photo itself is read apart."""

    id: UUID
    state: PaperState
    at: datetime
    """when it was photographed"""
    closed_at: datetime | None
    customer_id: UUID | None
    store: Store
    staff: Staff


class FilingState(Enum):
    """How it stands with the record of a new customer who came in."""

    ON_TIME = "on_time"
    """filed within the hour"""
    LATE = "late"
    """filed, but later"""
    WAITING = "waiting"
    """not filed, and the hour is not over"""
    MISSING = "missing"
    """not filed, and the hour is over"""


@dataclass(slots=True, frozen=True)
class FilingScope:
    """Which of the caller's stores, and since when: `unit` is day, week or month, by each store's clock."""

    unit: str
    region_id: UUID | None = None
    store_id: UUID | None = None
    no_region: bool = False


@dataclass(slots=True, frozen=True)
class FilingCounts:
    on_time: int
    late: int
    waiting: int
    missing: int

    @property
    def visits(self) -> int:
        return self.on_time + self.late + self.waiting + self.missing

    @property
    def rate(self) -> float | None:
        """New customers filed within an hour / new customers who came in; None: nobody did."""
        return self.on_time / self.visits if self.visits else None


@dataclass(slots=True, frozen=True)
class FilingRow:
    """A region, a store, or a person in a store."""

    region: Region | None
    store: Store | None
    staff: Staff | None
    counts: FilingCounts


@dataclass(slots=True, frozen=True)
class FilingDay:
    date: date
    counts: FilingCounts


@dataclass(slots=True, frozen=True)
class Filing:
    as_of: datetime
    counts: FilingCounts
    rows: list[FilingRow]
    days: list[FilingDay]


@dataclass(slots=True, frozen=True)
class FilingChoice:
    """Which visits of a filing: behind one of its numbers."""

    scope: FilingScope
    state: FilingState | None = None
    staff_id: UUID | None = None
    day: date | None = None
