"""RFM as head office configures and names it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TypeAlias

from shuke.domains.segments.types import CutNote, CutOffs, Options, RfmCell
from shuke.kit.money import Money

Words: TypeAlias = Mapping[str, str]
"""By language."""


@dataclass(slots=True, frozen=True)
class ConfigView:
    """`version` 0: nobody has said anything. `saved_by` None: by command. `cut_offs`: those that stand now."""

    version: int
    options: Options
    saved_at: datetime | None
    saved_by: str | None
    cut_offs: CutOffs | None
    cut_on: date | None


@dataclass(slots=True, frozen=True)
class Spread:
    """How customers lie about a cut-off of a dimension (r, f or m), and about others that might be proposed."""

    cut_off: float
    high: float
    """the part of them who would be high, 0 to 1"""
    others: list[tuple[float, float]]


@dataclass(slots=True, frozen=True)
class Problem:
    """Why a cut divides nobody. `reason`: a key of `kit.words`; `proposal`: a cut as it is typed."""

    dimension: str
    reason: str
    params: Mapping[str, object]
    proposal: str


@dataclass(slots=True, frozen=True)
class Preview:
    """What a configuration would do today."""

    customers: int
    cells: dict[RfmCell, int]
    cut_offs: CutOffs | None
    problems: list[Problem] = field(default_factory=list)


@dataclass(slots=True, frozen=True)
class CellWords:
    name: Words
    playbook: Words


@dataclass(slots=True, frozen=True)
class CellBook:
    """All eight cells' words; `version` 0: as they come."""

    version: int
    cells: Mapping[RfmCell, CellWords]


@dataclass(slots=True, frozen=True)
class Movement:
    """Customers who have come from a cell into another one since the previous run; None: from, or to, none."""

    before: RfmCell | None
    now: RfmCell | None
    customers: int


@dataclass(slots=True, frozen=True)
class CellState:
    cell: RfmCell
    words: CellWords
    customers: int
    value: Money
    came: int
    left: int


@dataclass(slots=True, frozen=True)
class RfmBoard:
    """The eight cells within somebody's reach. `since` None: there is no previous run."""

    version: int
    as_of: date | None
    since: datetime | None
    cells: list[CellState]
    movements: list[Movement]
    notes: tuple[CutNote, ...] = ()
    """what the last full run has to say of its cuts"""
