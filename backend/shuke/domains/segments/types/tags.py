"""Tags: what they are, who has them, and what became of setting them for many at once."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum
from typing import Any
from uuid import UUID

from msgspec import Struct

TAGS = "tags"
"""Key of the fact that asks for tags."""
TAGS_SET_ON = "tags.set_on"
"""Key of the fact that asks on which day one was set."""
ANY_TAG = UUID(int=0)
"""Among what rules mean: to have any of the tags that follow rules."""
UNDO_WITHIN = timedelta(days=30)
MOST_AT_ONCE = 2000
"""Customers whom one call may name, and whom one transaction changes."""


class TagKind(Enum):
    STATIC = "static"
    """set by hand, or by a file"""
    DYNAMIC = "dynamic"
    """the members of a segment that follows its rule"""
    PREDICTIVE = "predictive"
    """set by a model, with its reasons, until a day"""


class TagColour(Enum):
    """Readable in both themes; see the app's tokens."""

    SLATE = "slate"
    PINE = "pine"
    MOSS = "moss"
    SKY = "sky"
    PLUM = "plum"
    ROSE = "rose"
    CLAY = "clay"
    AMBER = "amber"


class TagSetBy(Enum):
    STAFF = "staff"
    IMPORT = "import"
    MODEL = "model"
    RULE = "rule"


class BatchState(Enum):
    RUNNING = "running"
    DONE = "done"
    UNDOING = "undoing"
    UNDONE = "undone"


@dataclass(slots=True, frozen=True)
class TagView:
    """`segment_id`: whose members have a dynamic one. `model`: the key of the model that sets a predictive one."""

    id: UUID
    brand_id: UUID
    group_id: UUID
    name: str
    colour: TagColour
    kind: TagKind
    segment_id: UUID | None
    merged_into_id: UUID | None
    model: str | None
    position: int
    version: int
    archived_at: datetime | None


@dataclass(slots=True, frozen=True)
class TagGroupView:
    id: UUID
    brand_id: UUID
    name: str
    exclusive: bool
    position: int
    version: int
    archived_at: datetime | None
    tags: Sequence[TagView] = ()
    """in the order of their places"""


@dataclass(slots=True, frozen=True)
class NewTagGroup:
    """`base_version` None: it is new."""

    id: UUID
    name: str
    exclusive: bool = False
    base_version: int | None = None


@dataclass(slots=True, frozen=True)
class NewTag:
    """`base_version` None: it is new. `segment_id`: of a dynamic one, and only of one. A kind never changes."""

    id: UUID
    group_id: UUID
    name: str
    colour: TagColour
    kind: TagKind = TagKind.STATIC
    segment_id: UUID | None = None
    base_version: int | None = None


class Whom(Struct, frozen=True, omit_defaults=True):
    """The customers of a list, by what narrows it; of nothing all within reach."""

    search: str | None = None
    store_id: UUID | None = None
    region_id: UUID | None = None
    mine: bool = False
    cell: str | None = None
    segment_id: UUID | None = None
    tag_id: UUID | None = None


@dataclass(slots=True, frozen=True)
class Displaced:
    """A tag of an exclusive group that gave way to another."""

    tag: TagView
    customers: int


@dataclass(slots=True, frozen=True)
class TagBatchView:
    """`customers`: whom it changed so far. `kept`: what its undo left alone. `undoable`: now."""

    id: UUID
    brand_id: UUID
    tag_id: UUID
    staff_id: UUID | None
    staff: str | None
    adding: bool
    state: BatchState
    customers: int
    displaced_many: int
    kept: int
    created_at: datetime
    undone_at: datetime | None


class HeldTag(Struct, frozen=True):
    """A tag that somebody has. `reasons`: sentences, of predictions; `score`: 0 to 1."""

    tag_id: UUID
    name: str
    colour: TagColour
    kind: TagKind
    group: str
    set_by: TagSetBy
    since: datetime
    staff: str | None = None
    segment_id: UUID | None = None
    score: float | None = None
    reasons: list[Any] | None = None
    model_version: str | None = None
    expires_at: datetime | None = None


@dataclass(slots=True, frozen=True)
class Prediction:
    """What a model says of a customer. `score`: 0 to 1. `reasons`: at most three, each by language, the strongest
    first: {"zh-CN": …, "en": …}.
    """

    customer_id: UUID
    score: float
    reasons: Sequence[dict[str, str]] = ()
