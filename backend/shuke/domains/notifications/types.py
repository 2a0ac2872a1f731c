"""What this room tells others: inbox messages and devices; what it is told: letters."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import Any
from uuid import UUID


class InboxKind(Enum):
    """What a message is about; it picks the words."""

    TASKS_DUE = "tasks_due"
    NUDGE = "nudge"
    SHARE_REQUEST = "share_request"
    SHARE_ANSWERED = "share_answered"
    ANSWERS_WAITING = "answers_waiting"
    TEST = "test"


@dataclass(slots=True, frozen=True)
class Letter:
    """A message to be posted. The same id again posts nothing; `data` fills the words and holds nothing personal."""

    id: UUID
    staff_id: UUID
    kind: InboxKind
    data: Mapping[str, Any]
    url: str
    """path within the app"""


@dataclass(slots=True, frozen=True)
class InboxMessage:
    id: UUID
    kind: InboxKind
    data: dict[str, Any]
    url: str
    created_at: datetime
    read_at: datetime | None


@dataclass(slots=True, frozen=True)
class PushDevice:
    """A browser that wants to be reminded."""

    id: UUID
    device: str
    created_at: datetime
    last_success_at: datetime | None
    failing: bool


class DeliveryState(Enum):
    PENDING = "pending"
    SENT = "sent"
    FAILED = "failed"
    GONE = "gone"


@dataclass(slots=True, frozen=True)
class Claimed:
    """A delivery that this worker may try now; `id` is the same at every try."""

    id: UUID
    state: DeliveryState
    attempts: int
    kind: InboxKind
    data: str
    url: str
    subscription_id: UUID
    endpoint: str
    p256dh: str
    auth: str


@dataclass(slots=True, frozen=True)
class Verdict:
    """What becomes of a delivery after a try; `next_at` only while it is pending."""

    state: DeliveryState
    next_at: datetime | None = None
