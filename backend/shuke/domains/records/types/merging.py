"""Two archives that may be one person's: the pair, the preview, the merge, and what undoes it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import Any
from uuid import UUID

from msgspec import Struct

from shuke.domains.customers.types import CustomerView
from shuke.domains.customers.types.profile import Field


class Side(Enum):
    """Whose value of a field is kept."""

    WINNER = "winner"
    LOSER = "loser"


class Origin(Enum):
    """Who said a value last, the most to be trusted first; of two that are trusted alike, the newer one holds."""

    VERIFIED = "verified"
    """proved by a code that was sent there"""
    SELF = "self"
    """she herself, on her own phone"""
    TILL = "till"
    """a till or another program of the shop"""
    STAFF = "staff"
    """somebody at the counter"""
    IMPORT = "import"
    """a file"""


class Rule(Enum):
    """Why two customers may be one person, the strongest first (ADR 22)."""

    SAME_CHILD = "same_child"
    """a child of the same name, born on the same day"""
    SAME_BIRTHDAY = "same_birthday"
    """the same name and birth date"""
    SAME_ADDRESS = "same_address"
    """the same name and the same address or community"""
    NEAR_PHONE = "near_phone"
    """the same name or alias, and phones that differ by one digit, or by two neighbouring digits swapped"""


class PairState(Enum):
    OPEN = "open"
    DISMISSED = "dismissed"
    """not the same person, somebody said; never offered again"""
    MERGED = "merged"


@dataclass(slots=True, frozen=True)
class Pair:
    """Two customers who may be one person."""

    id: UUID
    a: CustomerView
    b: CustomerView
    rules: tuple[Rule, ...]
    score: int
    """0 to 100"""
    state: PairState
    found_at: datetime


@dataclass(slots=True, frozen=True)
class Said:
    """A value of one of the two, and who said it when; None: nobody knows."""

    value: Any
    origin: Origin
    at: datetime | None


@dataclass(slots=True, frozen=True)
class FieldChoice:
    """A field in which two archives may differ. Values as people read them: enums and guides by name, phones masked; of
    head office's own fields (`own`) as they are kept.
    """

    field: str
    """as the schema spells it; values.<key> of head office's own"""
    own: Field | None
    winner: Any
    loser: Any
    winner_origin: Origin
    loser_origin: Origin
    default: Side
    conflict: bool
    """both say something, and not the same"""


class Tally(Struct, frozen=True):
    """How many rows of a kind; `kind`: a key of the words that begin with `moving_`."""

    kind: str
    count: int


@dataclass(slots=True, frozen=True)
class MergePreview:
    """What a merge would do."""

    winner: CustomerView
    loser: CustomerView
    fields: tuple[FieldChoice, ...]
    moves: tuple[Tally, ...]


class Change(Struct, frozen=True):
    """A row that a merge changed: `before` and `after` hold the columns that differ, or None: there was no row."""

    table: str
    key: Mapping[str, Any]
    before: Mapping[str, Any] | None
    after: Mapping[str, Any] | None


class Snapshot(Struct, frozen=True):
    """What a merge's undo goes by. `held`: table -> keys of the rows that were the winner's when it was done."""

    changes: tuple[Change, ...]
    held: Mapping[str, tuple[str, ...]]


@dataclass(slots=True, frozen=True)
class Undone:
    """A merge that was taken back. `kept`: fields of the winner that were changed since."""

    merge_id: UUID
    winner_id: UUID
    loser_id: UUID
    stayed: tuple[Tally, ...] = ()
    kept: tuple[str, ...] = ()


@dataclass(slots=True, frozen=True)
class Merge:
    """A merge, as the winner's page tells of it."""

    id: UUID
    winner_id: UUID
    loser_id: UUID
    loser_name: str | None
    by: str | None
    at: datetime
    until: datetime
    """until then it can be undone"""
