"""Children, and the stages and milestones of their lives as head office words them."""

from datetime import date, datetime
from enum import Enum
from typing import Any, TypeAlias
from uuid import UUID

from msgspec import Struct


class LifeStageKind(Enum):
    STAGE = "stage"
    """a span of life: a child is in one at a time"""
    MILESTONE = "milestone"
    """a day to be told of"""
    GRADUATION = "graduation"
    """the last stage: a child older than `begins` has outgrown the shop; a brand has exactly one"""


class AgeUnit(Enum):
    DAYS = "days"
    MONTHS = "months"
    """of the calendar: the 31st is the last day of a shorter month"""


class Age(Struct, frozen=True):
    """How long after the birth; negative: before it, counted from the due date."""

    value: int
    unit: AgeUnit


Texts: TypeAlias = dict[str, str]
"""Language (zh-CN, en) -> words."""


class LifeStage(Struct, frozen=True, kw_only=True):
    """A stage or milestone of a brand. Ages are half-open: from `begins` on, before `ends` (None: until the next)."""

    key: str
    """immutable"""
    kind: LifeStageKind
    labels: Texts
    begins: Age
    ends: Age | None = None
    active: bool = False
    """a milestone that makes a card on its day"""
    why: Texts = {}
    """a card's reason, a template (see tasks.types.Reason) that also knows {children} and {milestone}; without: ours"""
    say: Texts = {}
    """likewise what to say"""
    since: datetime | None = None
    """a milestone that has been as it is since then; earlier days of it are not announced"""


class LifeStages(Struct, frozen=True):
    """A brand's stages and milestones, in head office's order. Version 0: as they are shipped."""

    version: int
    stages: tuple[LifeStage, ...]


class Dependant(Struct, frozen=True, kw_only=True):
    """A child of a customer's: either `born_on` or, until it is born, `due_on`."""

    id: UUID
    customer_id: UUID
    name: str | None
    gender: str
    born_on: date | None
    due_on: date | None
    stopped_at: datetime | None
    """its milestones are not spoken of any more"""
    stop_reason: str | None
    since: datetime
    """milestones of days before that are not announced: its date was given, or changed, then"""
    version: int
    zone: str
    """of the family's store"""
    custom_values: dict[str, Any] = {}
    store_id: UUID | None = None
    """the family's"""

    @property
    def anchor(self) -> date:
        """The day that its ages count from."""
        day = self.born_on or self.due_on
        assert day is not None
        return day


class NewDependant(Struct, frozen=True, kw_only=True):
    """What a person at the counter says of a child: exactly one of the two days."""

    id: UUID
    customer_id: UUID
    name: str | None = None
    gender: str = "unknown"
    born_on: date | None = None
    due_on: date | None = None
    values: dict[str, list[str]] | None = None
    """field key -> what was typed; None: the caller does not know of fields"""
    template_version: int | None = None
    """of the template that she typed into"""


class Milestone(Struct, frozen=True):
    """A milestone of one child, and the day on which it is."""

    stage: LifeStage
    day: date
