"""What this room tells others: targets, models with what they are worth, what is thought of a customer."""

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import Enum
from uuid import UUID

from shuke.domains.identity.types import Staff


class Target(Enum):
    """What a model foretells."""

    ORDER_30 = "order_30"
    """an order within 30 days"""
    ORDER_90 = "order_90"
    """an order within 90 days"""
    NEW_90 = "new_90"
    """within 90 days, her first of an article that the brand had not sold before, or of a category new to her"""

    @property
    def days(self) -> int:
        return int(self.value.rpartition("_")[2])

    @property
    def about_new(self) -> bool:
        return self is Target.NEW_90


class ModelState(Enum):
    LIVE = "live"
    """it told more than recency alone on the newest window that it had not seen"""
    FALLBACK = "fallback"
    """it did not, so recency alone decides"""
    TOO_LITTLE = "too_little"
    """there is too little history to judge by: nobody is scored"""


class Label(Enum):
    CHURN_RISK = "churn_risk"
    LIKELY_BUYER = "likely_buyer"
    NEW_ITEM_BUYER = "new_item_buyer"


class Lack(Enum):
    """Why there is no model."""

    DAYS = "days"
    """the first order is too recent"""
    BUYERS = "buyers"
    """too few customers had bought by then"""
    CASES = "cases"
    """of those who did and those who did not, one are too few"""


@dataclass(slots=True, frozen=True)
class Worth:
    """How good chances were on a window that was not learned from."""

    auc: float
    """of two customers, one of whom bought, how often she had the higher chance"""
    brier: float
    """mean square of the distance between chance and truth"""
    ece: float
    """expected calibration error: mean distance of ten equal parts' chance from their rate"""


@dataclass(slots=True, frozen=True)
class Bin:
    """A tenth of the customers, by their chance."""

    said: float
    """their mean chance"""
    came: float
    """the part of them who did"""
    customers: int


@dataclass(slots=True, frozen=True)
class Report:
    """What the held-back window said: who had bought by `features_on`, and did they until `labels_to`?"""

    features_on: date
    labels_to: date
    customers: int
    came: int
    model: Worth
    recency: Worth
    rfm: Worth
    bins: list[Bin]
    """of what is used: the model's, or recency's where that decides"""


@dataclass(slots=True, frozen=True)
class Line:
    """A chance as a line through what is known (`learning.features`): readable, and no program."""

    names: list[str]
    means: list[float]
    scales: list[float]
    weights: list[float]
    bias: float


@dataclass(slots=True, frozen=True)
class Learned:
    """What learning came to, for one target."""

    state: ModelState
    report: Report | None = None
    line: Line | None = None
    lack: Lack | None = None


@dataclass(slots=True, frozen=True)
class ModelView:
    """A model as its page shows it."""

    id: UUID
    target: Target
    number: int
    """counts a target's models from 1"""
    state: ModelState
    as_of: date
    trained_at: datetime
    report: Report | None
    lack: Lack | None


@dataclass(slots=True, frozen=True)
class LabelView:
    label: Label
    bar: float
    """chance from which on she is called so; for churn that of not ordering within 90 days"""
    customers: int
    """within the caller's reach"""


@dataclass(slots=True, frozen=True)
class Page:
    """All that the page of predictions shows."""

    models: list[ModelView]
    labels: list[LabelView]
    as_of: date | None
    """the last day whose orders the present chances know; None: nobody was scored yet"""
    scored: int
    running: bool
    due_at: datetime | None
    """when models are made anew"""


@dataclass(slots=True, frozen=True)
class Chances:
    """What is thought of one customer."""

    customer_id: UUID
    as_of: date
    expires_at: datetime
    order_30: float | None
    order_90: float | None
    new_90: float | None
    next_on: date | None
    """the day by which it is as likely as not that she has come; None: not within a year"""
    labels: list[Label]
    why: list[int]
    """numbers of `rules.REASONS`, the weightiest first; negative: it speaks against"""
    seen: "Seen"
    numbers: list[int]
    """of the models that say so: order_30, order_90, new_90"""
    owner: Staff | None
    """who looks after her, or leads her store"""
    why_new: list[int] = field(default_factory=list)


@dataclass(slots=True, frozen=True)
class Labelled:
    """A label that a customer has, as it is told elsewhere."""

    customer_id: UUID
    label: Label
    score: float
    """the chance for which she has it; of churn that of not ordering within 90 days"""
    reasons: list[dict[str, str]]
    """at most three, the weightiest first, each by locale"""
    version: str
    """which model says so: its target and number"""
    expires_at: datetime


@dataclass(slots=True, frozen=True)
class Seen:
    """Figures as of the end of a day, which the reasons speak of."""

    silent: int
    """calendar days since the last order"""
    visits: int
    """days with an order"""
    basket: int
    """minor units a visit, net"""
    known: int
    """calendar days since the first order"""
    refunds: int


@dataclass(slots=True, frozen=True)
class Wanted:
    """Answer to the wish to make models anew."""

    queued: bool = True
