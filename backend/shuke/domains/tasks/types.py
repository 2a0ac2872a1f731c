"""What this room tells others: cards, their reasons, outcomes, and what an outcome changes."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum
from uuid import UUID

from shuke.domains.customers.types import CustomerView
from shuke.domains.customers.types.consents import ConsentPurpose
from shuke.domains.identity.types import Region, Staff, Store
from shuke.domains.segments.types import RfmCell


class TaskState(Enum):
    OPEN = "open"
    DONE = "done"
    EXPIRED = "expired"
    """its time passed, or its reasons went into the customer's other card"""


class Outcome(Enum):
    REACHED = "reached"
    VISIT_BOOKED = "visit_booked"
    NO_ANSWER = "no_answer"
    LATER = "later"
    REFUSED = "refused"
    WRONG_PERSON = "wrong_person"


@dataclass(slots=True, frozen=True)
class Reason:
    """Why to contact a customer, as it is stored: templates by language, filled when somebody reads them.

    Templates know {called} (alias or name), {name}, {alias}, everything in `params`, and, where params has a date
    `since`, {days}: calendar days from then to the reader's today in the store's zone. {children}: the names that
    `params` has a line each, an empty one for a child without a name.
    """

    id: UUID
    """the id of the effect that gave it: a repeat adds nothing"""
    key: str
    why: Mapping[str, str]
    say: Mapping[str, str]
    params: Mapping[str, str]
    due_at: datetime
    purpose: str = ConsentPurpose.MARKETING.value
    """what of her consents it needs"""


@dataclass(slots=True, frozen=True)
class SpokenReason:
    """A reason in one language, on one day."""

    key: str
    why: str
    say: str | None
    due_at: datetime


@dataclass(slots=True, frozen=True)
class NewReason:
    """A reason on its way to a customer's card. `expires_at`: the card stays at least until then."""

    customer_id: UUID
    reason: Reason
    expires_at: datetime


@dataclass(slots=True, frozen=True)
class Standing:
    """What an outcome changes on a card, and undo restores. Times UTC."""

    state: TaskState
    due_at: datetime
    remind_at: datetime | None
    expires_at: datetime
    attempts: int
    outcome: Outcome | None = None
    note: str | None = None
    follow_up_at: datetime | None = None
    closed_at: datetime | None = None
    closed_by: UUID | None = None


@dataclass(slots=True, frozen=True)
class LastOutcome:
    """Whose outcome was recorded last, and how the card stood before it."""

    by: UUID | None
    at: datetime
    operation: UUID
    entry: UUID
    """its entry on the customer's timeline"""
    before: Standing


@dataclass(slots=True, frozen=True)
class Card:
    """A card as the rules see it."""

    id: UUID
    standing: Standing
    last: LastOutcome | None = None


@dataclass(slots=True, frozen=True)
class Said:
    """What a person records. In an amendment None leaves a field as it was, an empty note empties it."""

    outcome: Outcome
    note: str | None = None
    follow_up_at: datetime | None = None


@dataclass(slots=True, frozen=True)
class Recorded:
    """The decision on an outcome: how the card stands now; `amends`: it replaces her last one."""

    standing: Standing
    last: LastOutcome
    amends: bool


@dataclass(slots=True, frozen=True)
class TaskView:
    """A card as every screen shows it."""

    id: UUID
    customer: CustomerView
    store: Store
    assignee: Staff | None
    """None: the store's pool"""
    reasons: tuple[Reason, ...]
    due_at: datetime
    state: TaskState
    outcome: Outcome | None
    note: str | None
    follow_up_at: datetime | None
    attempts: int
    closed_at: datetime | None
    closed_by: Staff | None
    version: int
    refusals: tuple[str, ...] = ()
    """what she does not want: "marketing/phone" """


@dataclass(slots=True, frozen=True)
class TodayView:
    """A person's day: `open` holds the first cards due by the end of the store's day, `open_count` stops at 100."""

    date: date
    open: list[TaskView]
    open_count: int
    cells: Mapping[UUID, RfmCell | None]
    """RFM cell by customer, brought along by the same statement"""


class BoardPeriod(Enum):
    """By the store's clock; a week begins on Monday."""

    TODAY = "day"
    WEEK = "week"
    MONTH = "month"


class BoardGrouping(Enum):
    REGION = "region"
    STORE = "store"
    GUIDE = "guide"


class BoardState(Enum):
    DONE = "done"
    """closed with an outcome within the period"""
    DUE = "due"
    """open, due from now to the end of the period"""
    LATE = "late"
    """open, its due time has passed"""


@dataclass(slots=True, frozen=True)
class BoardScope:
    """Which of the caller's stores a board is of: of one region, of no region, of one store; None: of all."""

    period: BoardPeriod
    region_id: UUID | None = None
    store_id: UUID | None = None
    no_region: bool = False


@dataclass(slots=True, frozen=True)
class BoardChoice:
    """Which cards of a board: behind one of its numbers."""

    scope: BoardScope
    state: BoardState
    staff_id: UUID | None = None
    pool: bool = False
    reason: str | None = None


@dataclass(slots=True, frozen=True)
class BoardCounts:
    done: int
    due: int
    late: int
    on_time: float | None
    """of what was closed in the period, the share closed by its due time; None: nothing was"""


@dataclass(slots=True, frozen=True)
class BoardRow:
    """A region, a store, or a person in a store (`staff` None: the store's pool)."""

    grouping: BoardGrouping
    region: Region | None
    store: Store | None
    staff: Staff | None
    counts: BoardCounts
    last_seen_at: datetime | None
    nudged_at: datetime | None


@dataclass(slots=True, frozen=True)
class BoardReason:
    key: str
    counts: BoardCounts


@dataclass(slots=True, frozen=True)
class Board:
    scope: BoardScope
    as_of: datetime
    counts: BoardCounts
    before: BoardCounts | None
    rows: list[BoardRow]
    reasons: list[BoardReason]


@dataclass(slots=True, frozen=True)
class Reassigned:
    """Cards that were asked for, and the event that moved some of them; None: none had to move."""

    event_id: UUID | None
    tasks: tuple[UUID, ...]


@dataclass(slots=True, frozen=True)
class Moved:
    """A card that was reassigned: who had it (None: the pool), and when it was to ring then."""

    id: UUID
    giver: UUID | None
    remind_at: datetime | None


@dataclass(slots=True, frozen=True)
class Moves:
    """What a reassignment's event keeps, for its undo. `to` None: the pool."""

    to: UUID | None
    cards: tuple[Moved, ...]
