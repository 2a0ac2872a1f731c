"""What this room tells others, and what a till or a file tells it."""

import dataclasses
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum
from typing import NamedTuple, TypeAlias
from uuid import UUID

from msgspec import Struct

from shuke.domains.identity.types import Store
from shuke.kit.errors import ErrorCode
from shuke.kit.money import Money


class OrderKind(Enum):
    SALE = "sale"
    REFUND = "refund"
    """quantities and totals are negative"""


class OrderStatus(Enum):
    COMPLETED = "completed"
    CANCELLED = "cancelled"
    """counts nowhere"""


class IngestVerdict(Enum):
    CREATED = "created"
    UPDATED = "updated"
    UNCHANGED = "unchanged"
    REJECTED = "rejected"


Column: TypeAlias = Sequence[str | None]


LONGEST = 1000  # characters of a line's text that are looked at


class LinesIn(Struct):
    """Lines as the source wrote them, column by column, since files have millions; a line's place is its key."""

    skus: Column
    names: Column
    quantities: Column
    """decimals, up to three places"""
    unit_prices: Column
    """main units, up to six places; kept as said"""
    totals: Column
    """main units, or as `OrderIn.total_is_minor` says; None: quantity × unit price, half up"""

    @classmethod
    def of(cls, rows: Iterable[tuple[str | None, str | None, str | None, str | None, str | None]]) -> "LinesIn":
        """From lines of (SKU, name, quantity, unit price, total). Nothing in a line is that long, and what is read is
        remembered: so a sender cannot fill the memory.
        """
        short = ([text and text[:LONGEST] for text in row] for row in rows)
        columns = list(zip(*short, strict=True)) or [()] * 5
        return cls(*columns)

    def __len__(self) -> int:
        return len(self.quantities)


class OrderIn(Struct):
    """A document as its source says it. Key in the brand: source, store, terminal, business date, receipt number."""

    source: str
    store_code: str
    terminal: str
    business_date: date
    receipt_no: str
    placed_at: datetime
    lines: LinesIn
    kind: OrderKind = OrderKind.SALE
    status: OrderStatus = OrderStatus.COMPLETED
    currency: str | None = None
    """None: the brand's"""
    member_no: str | None = None
    phone: str | None = None
    """as typed; one that belongs to nobody leaves the order anonymous"""
    refund_of_receipt_no: str | None = None
    refund_of_business_date: date | None = None
    """None: any day"""
    refund_of_terminal: str | None = None
    """None: any terminal"""
    total_is_minor: bool = False
    """line totals are integers in minor units"""


@dataclass(slots=True, frozen=True)
class Problem:
    """Why an order was rejected. `field` as the schema spells it, within the `line` (from 0) if there is one; `reason`:
    a key of `kit.words`.
    """

    code: ErrorCode
    field: str | None
    reason: str
    params: Mapping[str, str] = dataclasses.field(default_factory=dict)
    line: int | None = None


@dataclass(slots=True, frozen=True)
class House:
    """What an order is checked against."""

    currency: str
    stores: Mapping[str, UUID]
    """code -> id of the stores that may receive orders"""
    latest: datetime
    """no order may be placed after it"""


class Document(Struct):
    """An order that passed the checks, ready to be stored. A struct: it crosses processes by the ten thousand."""

    id: UUID
    """under which it is stored if its key is new"""
    key: "OrderKey"
    said: OrderIn
    member_no: str | None
    phone: str | None
    """E.164"""
    currency: str
    total_minor: int
    line_count: int
    lines: bytes
    """the lines as PostgreSQL's binary COPY takes them, with this id"""
    digest: bytes
    """SHA-256 of everything the source said"""


class OrderKey(NamedTuple):
    """What names an order within a brand."""

    source: str
    store_id: UUID
    terminal: str
    business_date: date
    receipt_no: str


class Stored(Struct, frozen=True):
    """What became of a document."""

    verdict: IngestVerdict
    order_id: UUID | None
    """None: a rehearsal's new order"""


@dataclass(slots=True, frozen=True)
class IngestResult:
    """What became of one order of a batch, by its place in the batch."""

    index: int
    verdict: IngestVerdict
    order_id: UUID | None
    problems: list[Problem]


@dataclass(slots=True, frozen=True)
class MonthSpend:
    """A calendar month (2026-11) and its money, net of refunds of that month."""

    month: str
    net: Money


@dataclass(slots=True, frozen=True)
class PurchaseStats:
    """A customer's purchases, net of refunds; months are the last twelve, oldest first."""

    order_count: int
    net: Money
    refunded: Money
    """zero or negative"""
    first_order_at: datetime | None
    last_order_at: datetime | None
    average_gap_days: int | None
    """calendar days between counted orders, rounded; None with fewer than two"""
    months: list[MonthSpend]


@dataclass(slots=True, frozen=True)
class OrderView:
    id: UUID
    kind: OrderKind
    status: OrderStatus
    placed_at: datetime
    receipt_no: str
    total: Money
    refund_of_id: UUID | None
    customer_id: UUID | None
    store: Store


@dataclass(slots=True, frozen=True)
class LineView:
    position: int
    """from 1"""
    sku: str | None
    name: str | None
    quantity: str
    unit_price: str | None
    total: Money


@dataclass(slots=True, frozen=True)
class Product:
    """An article, as receipts name it."""

    sku: str
    name: str | None
    category: str | None


@dataclass(slots=True, frozen=True)
class Category:
    """What articles belong to."""

    name: str
    products: int
