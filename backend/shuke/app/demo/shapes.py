"""What the demo chain is made of before it is written down."""

from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID

from shuke.domains.customers.types.visits import VisitChannel, VisitKind


@dataclass(slots=True, eq=False)
class Person:
    """A customer to be. `shop` and `guide` count in people.SHOPS and people.STAFF; guide None: the shop's pool.

    The chain gives the phone number, as it is typed.
    """

    id: UUID
    name: str
    alias: str | None
    gender: str
    birthday: date | None
    level: str | None
    source: str
    note: str | None
    phone: str
    shop: int
    guide: int | None
    joined_at: datetime
    children: "tuple[Baby, ...]" = ()


@dataclass(slots=True, frozen=True)
class Baby:
    """A child of a mother's: born on `day`, or due on it where that is still to come."""

    id: UUID
    name: str | None
    gender: str
    day: date


@dataclass(slots=True, frozen=True)
class Line:
    """Prices in fen; a refund's quantity and total are negative."""

    sku: str
    name: str
    quantity: int
    price: int

    @property
    def total(self) -> int:
        return self.quantity * self.price


@dataclass(slots=True, eq=False)
class Receipt:
    """A sale, or the refund of the receipt `refund_of` of the same shop. `person` None: nobody knows who bought.

    The chain gives the number, unique within the shop and the day.
    """

    shop: int
    person: Person | None
    placed_at: datetime
    day: date
    lines: list[Line]
    refund_of: "Receipt | None" = None
    cancelled: bool = False
    number: str = ""


@dataclass(slots=True, frozen=True)
class Contact:
    """A follow-up of the past, and how it went. `guide` counts in people.STAFF."""

    person: Person
    at: datetime
    guide: int
    outcome: str
    note: str | None


@dataclass(slots=True, frozen=True)
class Call:
    """A visit or an inquiry. `guide` None: it came in by itself, from `source`; `person` None: nobody knows who."""

    id: UUID
    person: Person | None
    shop: int
    guide: int | None
    kind: VisitKind
    channel: VisitChannel
    at: datetime
    new: bool = False
    bought: bool | None = None
    filed_at: datetime | None = None
    note: str | None = None
    source: str | None = None


@dataclass(slots=True)
class Batch:
    """A piece of the chain that is written at once. `due`: follow-ups of these receipts are still to be made."""

    people: list[Person] = field(default_factory=list)
    receipts: list[Receipt] = field(default_factory=list)
    contacts: list[Contact] = field(default_factory=list)
    due: bool = False
