"""Who else uses a number, and which stores share a customer."""

from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from uuid import UUID

from msgspec import Struct

from shuke.domains.customers.types.dependants import NewDependant
from shuke.domains.identity.types import Staff, Store


class ContactRole(Enum):
    """What somebody who uses another person's number is in the family."""

    MOTHER = "mother"
    FATHER = "father"
    GRANDMOTHER = "grandmother"
    GRANDFATHER = "grandfather"
    NANNY = "nanny"
    OTHER = "other"


class IfTaken(Enum):
    """What to do when somebody within reach has the number already."""

    REFUSE = "refuse"
    """say who"""
    FAMILY = "family"
    """it stays with its owner; the one who is entered uses it too"""
    TAKE_OVER = "take_over"
    """it changed hands: its owner is no longer known by it"""
    SAME = "same"
    """she is the one who is meant: who comes with her is hers, and nobody is entered"""


class Party(Struct, frozen=True, omit_defaults=True):
    """Who comes with a customer: children, and who brought her."""

    children: tuple[NewDependant, ...] = ()
    referrer_id: UUID | None = None


@dataclass(slots=True, frozen=True)
class Claim:
    """How to go about a number that somebody has already. `role`, `label`: of who uses it too, with FAMILY."""

    if_taken: IfTaken = IfTaken.REFUSE
    role: ContactRole = ContactRole.OTHER
    label: str | None = None


class Relative(Struct, frozen=True):
    """The other one of two who use a number: its owner, or who uses it too.

    `id` is None and the name masked for who may not open her.
    """

    contact_id: UUID
    role: ContactRole
    """of who uses it too"""
    id: UUID | None
    name: str | None
    store_id: UUID
    guide_id: UUID | None
    shared_with: tuple[UUID, ...]
    label: str | None = None


class Through(Struct, frozen=True):
    """A number by which she is reached though it is somebody else's."""

    kind: str
    value: str
    """not for showing"""
    owner: Relative


class Share(Struct, frozen=True):
    """A store that she is shared with, beside her home store."""

    store_id: UUID
    name: str
    code: str
    timezone: str
    at: datetime
    region: str | None = None


class ShareState(Enum):
    OPEN = "open"
    ACCEPTED = "accepted"
    DECLINED = "declined"


@dataclass(slots=True, frozen=True)
class ShareRequest:
    """A store asks that a customer of another one be shared with it."""

    id: UUID
    customer_id: UUID
    store: Store
    """that asks"""
    asked_by: Staff
    state: ShareState
    created_at: datetime
    answered_at: datetime | None
