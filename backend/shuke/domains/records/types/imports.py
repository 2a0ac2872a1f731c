"""What an import is told, and what it tells."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from pathlib import Path
from typing import Any
from uuid import UUID

from msgspec import Struct, field

from shuke.domains.customers.types import Policy


class ImportKind(Enum):
    """What a file's rows tell of."""

    CUSTOMERS = "customers"
    ORDERS = "orders"


class ImportState(Enum):
    """How far an import in the background has come."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"
    UNDOING = "undoing"
    UNDONE = "undone"


class Doubles(Enum):
    """What becomes of rows whose customer is probably on file already, under another number."""

    CREATE = "create"
    """they come in, and the two are offered as a pair"""
    SKIP = "skip"
    """they stay out"""


class RowFate(Enum):
    """What became of a row. Skipped: a sheet that was not read, or a row that tells of nobody. Duplicate: somebody who
    is probably on file already, under another number.
    """

    CREATED = "created"
    UPDATED = "updated"
    UNCHANGED = "unchanged"
    DUPLICATE = "duplicate"
    REJECTED = "rejected"
    SKIPPED = "skipped"


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
    """formats of strptime, tried in turn; ISO 8601 and other times that begin with the year are understood anyway"""
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
    more: tuple[Path, ...] = ()
    """further files, of customers"""
    batch_id: UUID | None = None
    """under which an import of customers can be undone; None: one is made"""
    overwrite: tuple[tuple[str, Policy], ...] = ()
    """(field of a customer, or "" for all others; what becomes of it where she is known)"""

    @property
    def files(self) -> tuple[Path, ...]:
        return (self.file, *self.more)


@dataclass(slots=True)
class Tally:
    """Rows of the file by what became of them."""

    read: int = 0
    created: int = 0
    updated: int = 0
    unchanged: int = 0
    rejected: int = 0
    duplicates: int = 0

    def count(self, verdict: str, rows: int = 1) -> None:
        """`verdict`: a RowFate's value. What was skipped says nothing and is not counted."""
        if verdict == RowFate.SKIPPED.value:
            return
        name = "duplicates" if verdict == RowFate.DUPLICATE.value else verdict
        self.read += rows
        setattr(self, name, getattr(self, name) + rows)


class Choices(Struct, frozen=True):
    """What an import in the interface is told beside its file; None and empty: as a file without mapping."""

    kind: ImportKind
    dry_run: bool = True
    follow_ups: bool = False
    store_id: UUID | None = None
    """the store of rows that name none"""
    source: str | None = None
    encoding: str | None = None
    """None: UTF-8, or GB18030 where it is not"""
    datetime_formats: list[str] = field(default_factory=list)
    refund_prefix: str | None = None
    columns: dict[str, str] = field(default_factory=dict)
    overwrite: dict[str, Policy] = field(default_factory=dict)
    """field of a customer -> what becomes of it where she is known"""
    otherwise: Policy = Policy.OWN
    """of fields that `overwrite` does not name"""
    doubles: Doubles = Doubles.CREATE
    closed: tuple[str, ...] = ()
    """fields that whoever began it does not fill in"""


class Spot(Struct, frozen=True, array_like=True):
    """Rows from `row` on of what is read are those from `number` on of the file's sheet ("" in a file without)."""

    row: int
    sheet: str
    number: int


class SkippedSheet(Struct, frozen=True):
    """A sheet that was not read; `reason`: a key of `kit.words`."""

    sheet: str
    reason: str
    params: dict[str, Any] = field(default_factory=dict)


class SheetFound(Struct, frozen=True):
    """A sheet in which headings were found; `header`: the number of the last of their rows."""

    sheet: str
    header: int
    columns: list[tuple[str, str | None, list[str]]]
    """heading, the field that it was taken for, some of its values"""


class Undo(Struct, frozen=True):
    """What the undoing of an import has come to, in customers."""

    removed: int = 0
    restored: int = 0
    stayed: int = 0
    """whom somebody has changed since, or who has bought or come since"""


@dataclass(slots=True, frozen=True)
class Upload:
    """A file on the server; `size` in bytes."""

    id: UUID
    size: int


@dataclass(slots=True)
class ImportJob:
    """An import in the background. Counts are of rows of the file, and right at any moment."""

    id: UUID
    kind: ImportKind
    state: ImportState
    dry_run: bool
    follow_ups: bool
    file_name: str
    file_bytes: int
    staff_id: UUID
    staff_name: str
    created_at: datetime
    started_at: datetime | None
    ended_at: datetime | None
    looked: int
    rows_total: int | None
    tally: Tally
    spots: list[Spot]
    skipped: list[SkippedSheet]
    problem: tuple[str, dict[str, Any]] | None
    """why it failed: a key of `kit.words` with what fills it"""
    upload_id: UUID | None
    """the file, while it is kept"""
    choices: Choices
    found: list[SheetFound]
    """sheets with their columns, of a file of customers"""
    saved_mapping: bool
    """the columns were found as somebody chose them for such headings before"""
    continues_id: UUID | None
    """the import whose rejected rows these are, mended"""
    undo: Undo | None

    @property
    def store_id(self) -> UUID | None:
        """The store of rows that name none, as it was chosen."""
        return self.choices.store_id


@dataclass(slots=True)
class ImportRow:
    """A row of the file and what became of it; `row` 0: the whole sheet."""

    place: int
    sheet: str
    row: int
    verdict: RowFate
    reason: str
    params: dict[str, Any]
    subject_id: UUID | None

    @property
    def twin_id(self) -> UUID | None:
        """Who is probably the same person, or has a number that stands in the row."""
        return UUID(self.params["twin"]) if "twin" in self.params else None


@dataclass(slots=True, frozen=True)
class Stayed:
    """A customer whom an undo could not leave as if the import had not been."""

    place: int
    customer_id: UUID
    reasons: tuple[str, ...]
    """keys of `kit.words`"""
    fields: tuple[str, ...]
    """columns that somebody has changed since"""
