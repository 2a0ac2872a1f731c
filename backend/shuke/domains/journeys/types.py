"""A journey's definition (data, validated when it is read), what the rules know of an enrolment, and what they want."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from string import Formatter
from typing import Literal, TypeAlias
from uuid import UUID

from shuke.domains.customers.types.dependants import Dependant, LifeStage
from shuke.kit.i18n import CATALOGUE


def _plain(template: str) -> bool:
    """Only {names}: no attributes, no formats. Raises ValueError for a stray brace."""
    pieces = list(Formatter().parse(template))
    return all(name is None or (name.isidentifier() and not how and not turn) for _, name, how, turn in pieces)


@dataclass(slots=True, frozen=True)
class Wait:
    """A span: calendar days in the store's zone, then hours."""

    days: int = 0
    hours: int = 0

    def __post_init__(self) -> None:
        if not (0 <= self.days <= 3660 and 0 <= self.hours <= 240):
            raise ValueError("a wait lies between nothing and ten years")


@dataclass(slots=True, frozen=True)
class Trigger:
    """What starts a customer on the journey: her first order, `days` calendar days after her last one, a milestone of a
    child of hers.
    """

    on: Literal["first_order", "silent", "milestone"]
    days: int = 0

    def __post_init__(self) -> None:
        if (self.on == "silent") != (0 < self.days <= 3660):
            raise ValueError("a silent trigger, and only that, says after how many days")


@dataclass(slots=True, frozen=True)
class Step:
    """One task on the way. `after`: counted from the trigger's moment; with `at_hour`, at that hour of the store's day.

    `due_in`: counted from the step's own moment. `skip_when_late`: a step that could not be taken within so many days
    of its moment is left out; None: never. `why`, `say`: templates by language (see tasks.types.Reason). `purpose`:
    what of her consents it needs; whoever refused that is passed over.
    """

    key: str
    after: Wait
    due_in: Wait
    expires_in_days: int
    why: Mapping[str, str]
    say: Mapping[str, str]
    at_hour: int | None = None
    skip_when_late: Wait | None = None
    purpose: Literal["service", "marketing"] = "marketing"
    kind: Literal["task"] = "task"

    def __post_init__(self) -> None:
        if self.at_hour is not None and not 9 <= self.at_hour < 21:
            raise ValueError("steps are taken between 9 and 21 o'clock")
        if not 1 <= self.expires_in_days <= 366:
            raise ValueError("a task expires within a year")
        for words in (self.why, self.say):
            if set(words) != set(CATALOGUE):
                raise ValueError("words are given in every language")
            if any(not _plain(template) for template in words.values()):
                raise ValueError("words hold plain {names} only")


@dataclass(slots=True, frozen=True)
class Definition:
    """A journey. `exits`: "ordered" ends it when the customer orders after the trigger's moment."""

    trigger: Trigger
    steps: tuple[Step, ...]
    exits: tuple[Literal["ordered"], ...] = ()

    def __post_init__(self) -> None:
        keys = [step.key for step in self.steps]
        if not keys or len(set(keys)) < len(keys):
            raise ValueError("a journey has steps, each with a key of its own")
        if any(step.at_hour is None and (step.after.days or self.trigger.days) for step in self.steps):
            raise ValueError("a step that waits for days says at what hour")


@dataclass(slots=True, frozen=True)
class Journey:
    """A journey with the version that new enrolments get."""

    id: UUID
    key: str
    version_id: UUID
    definition: Definition


@dataclass(slots=True, frozen=True)
class Way:
    """A journey, switched on or not, and what new enrolments get."""

    id: UUID
    active: bool
    version_id: UUID
    definition: Definition


@dataclass(slots=True, frozen=True)
class Occasion:
    """A milestone as it holds now: of those children who have it on its day and may be spoken of, twins together."""

    stage: LifeStage
    children: tuple[Dependant, ...]


@dataclass(slots=True, frozen=True)
class Facts:
    """What is true of a customer now: her counted orders, net of refunds, and the zone of her store."""

    customer_id: UUID
    zone: str
    order_count: int
    first_order_at: datetime | None
    last_order_at: datetime | None
    merged: bool = False
    """or erased: she is nobody any more"""
    refusals: Sequence[str] = ()
    """what she does not want: "marketing/phone" """
    occasion: Occasion | None = None
    """for an enrolment in a milestone; None: it is nobody's any more"""


@dataclass(slots=True, frozen=True)
class Start:
    """A customer enters a journey: `occurrence` makes it happen once, `wake_at` is its first timer."""

    customer_id: UUID
    occurrence: str
    started_at: datetime
    wake_at: datetime


@dataclass(slots=True, frozen=True)
class Enrolment:
    """A customer on her way: the next step, and the moment that the steps' waits count from."""

    id: UUID
    occurrence: str
    step: int
    started_at: datetime


@dataclass(slots=True, frozen=True)
class AddReason:
    """Give the customer's card this step's reason."""

    step: int
    due_at: datetime
    expires_at: datetime


@dataclass(slots=True, frozen=True)
class Skip:
    """Leave this step out: it is too late for it, or she does not want it."""

    step: int
    result: Literal["skipped", "refused"] = "skipped"


@dataclass(slots=True, frozen=True)
class WakeAt:
    """Come back for this step then."""

    step: int
    at: datetime


@dataclass(slots=True, frozen=True)
class End:
    """The way is over."""

    step: int
    reason: str
    """completed; ordered: she came back; undone: what started it is not so any more; merged: she is another customer"""


Intent: TypeAlias = AddReason | Skip | WakeAt | End
