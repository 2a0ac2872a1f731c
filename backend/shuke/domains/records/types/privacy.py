"""What is told of a customer to herself, of her erasure beforehand, and of what was done in the house."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from shuke.domains.customers.types.profile import Document


@dataclass(slots=True, frozen=True)
class Held:
    """So many things of one kind. `name`: as `Listed` names them in the registry of parts."""

    name: str
    count: int


@dataclass(slots=True, frozen=True)
class ErasurePreview:
    """What would become of a customer. `confirm_with`: what is to be typed."""

    confirm_with: str
    goes: list[Held]
    stays: list[Held]


@dataclass(slots=True, frozen=True)
class CopyTicket:
    """Leave to fetch a customer's copy, once."""

    id: UUID
    expires_at: datetime


@dataclass(slots=True, frozen=True)
class Copy:
    """All that is kept of a customer: name of a part -> its rows, a column's name -> its value."""

    parts: Mapping[str, list[dict[str, Any]]]
    at: datetime
    locale: str
    document: Document
    """of the fields that her values stand in"""
    zone: str
    """her home store's, by whose clock times are told"""
    currency: str
    """of amounts that name none"""
    names: Mapping[str, str]
    """id as text -> what it is called: stores, colleagues, her receipts and numbers"""


@dataclass(slots=True, frozen=True)
class AuditFilter:
    """Everything given must hold. `since`, `until`: days by the brand's clock, both included. `kinds`: of events.
    `program`: with what the program did by itself.
    """

    kinds: tuple[str, ...] = ()
    staff_id: UUID | None = None
    customer_id: UUID | None = None
    since: date | None = None
    until: date | None = None
    program: bool = False


@dataclass(slots=True, frozen=True)
class AuditEvent:
    """Who did what, when. `actor`: the colleague's or the partner key's name; None: the program, or nobody known."""

    id: UUID
    at: datetime
    kind: str
    actor_kind: str
    actor: str | None
    subject_type: str
    subject_id: UUID | None
    data: Mapping[str, Any]
