"""Segments by rules: what one is, who is in it and why, and what a rule would find."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum
from typing import Any
from uuid import UUID

from msgspec import Struct

from shuke.domains.identity.types import Store
from shuke.domains.segments.types import RfmCell
from shuke.domains.segments.types.tags import HeldTag
from shuke.kit.rules import Catalogue, Condition, Node

SEGMENTS = "segments"
"""Key of the fact that asks for other segments."""
PAST = 3
"""Of her times in a segment that are over, so many are told."""


class SegmentKind(Enum):
    RULE = "rule"
    """whoever fits, from now on"""
    SNAPSHOT = "snapshot"
    """who fitted when it was taken"""


@dataclass(slots=True, frozen=True)
class SegmentView:
    """A segment as head office sees it. `tree`: its rule as JSON; `filled_at` None: it looks at everybody still."""

    id: UUID
    brand_id: UUID
    name: str
    note: str | None
    kind: SegmentKind
    version: int
    tree: dict[str, Any]
    members: int
    filled_at: datetime | None
    archived_at: datetime | None
    created_at: datetime
    updated_at: datetime
    saved_by: str | None
    """the colleague's name; None: a command"""


@dataclass(slots=True, frozen=True)
class Live:
    """A segment whose members follow its rule."""

    id: UUID
    version: int
    tree: Node


@dataclass(slots=True, frozen=True)
class NewSegment:
    """What head office says of a segment. `base_version` None: it is new."""

    id: UUID
    name: str
    tree: Any
    note: str | None = None
    base_version: int | None = None


@dataclass(slots=True, frozen=True)
class Answer:
    """What a condition saw of somebody, as `Statement.seen` gives it, whether it holds, and whether she fits, or does
    not, because of it.
    """

    asked: Condition
    holds: bool
    seen: Any
    decides: bool


@dataclass(slots=True, frozen=True)
class PastTime:
    """A time in a segment that is over. `seen`: what the rule's conditions saw when it let her go."""

    entered: datetime
    left: datetime
    seen: list[tuple[Condition, Any]]


@dataclass(slots=True, frozen=True)
class Why:
    """Whether somebody is in a segment, condition by condition."""

    segment: SegmentView
    known: Catalogue
    fits: bool
    answers: list[Answer]
    unwilling: bool
    """the rule asks what she buys, and she has refused to be grouped by that"""
    since: datetime | None
    """when she came in; None: she is not in it"""
    then: list[tuple[Node, Any]]
    """what that version's rule saw when it brought her in"""
    before: list[PastTime]
    """when she was in it earlier, the latest first, at most PAST"""


@dataclass(slots=True, frozen=True)
class Preview:
    """What a rule finds. `each`: how many fit each condition by itself, in the tree's order. `sample`: customers' ids.

    `exact` False: the brand is large, so that a part of it was asked and every number is scaled.
    """

    tree: Node
    known: Catalogue
    customers: int
    exact: bool
    each: list[int]
    stores: list[tuple[Store, int]]
    sample: list[UUID]


class Membership(Struct, frozen=True):
    """A segment that somebody is in."""

    id: UUID
    segment_id: UUID
    name: str
    kind: SegmentKind
    since: datetime


@dataclass(slots=True, frozen=True)
class Reasons:
    """What each condition of a rule saw when it brought somebody in."""

    known: Catalogue
    seen: list[tuple[Node, Any]]


@dataclass(slots=True, frozen=True)
class Figures:
    """What somebody's cell is made of, as of now: her last day in the brand's zone, visits, minor units.

    `window`: of so many days; None: of all.
    """

    last_on: date
    visits: int
    minor: int
    window: int | None


@dataclass(slots=True, frozen=True)
class Standing:
    """Where somebody stands. `figures` None: she is in no cell."""

    cell: RfmCell | None
    figures: Figures | None
    segments: list[Membership]
    tags: list[HeldTag]
