"""What a customer allows: purposes, channels, what she said and how that is known."""

from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from uuid import UUID

from msgspec import Struct


class ConsentPurpose(Enum):
    """What her data is used for; each is asked for by itself."""

    SERVICE = "service"
    """about what she bought or asked for"""
    MARKETING = "marketing"
    """offers, reminders to buy, invitations"""
    PROFILING = "profiling"
    """grouping her by what she buys"""
    SHARING = "sharing"
    """passing her data on to partners"""
    CHILDREN = "children"
    """children's data, by the guardian's word"""


class ConsentChannel(Enum):
    """By which way she may be reached; ANY stands for all of them, and is the only one of purposes that need none."""

    ANY = "any"
    PHONE = "phone"
    WECHAT = "wechat"
    SMS = "sms"
    EMAIL = "email"
    PUSH = "push"


class ConsentState(Enum):
    GRANTED = "granted"
    REFUSED = "refused"
    """she was asked and said no, or said so by herself"""
    WITHDRAWN = "withdrawn"
    """she had said yes"""


class ConsentHow(Enum):
    """Where what she said is known from."""

    COUNTER = "counter"
    CALL = "call"
    WECHAT = "wechat"
    FORM = "form"
    """she filled it in herself"""
    IMPORT = "import"
    MERGE = "merge"
    """two records became one: the stricter word stayed"""
    ERASURE = "erasure"
    """she was erased once and is on file anew: nothing holds until she says so"""


Key = tuple[ConsentPurpose, ConsentChannel]


@dataclass(slots=True, frozen=True)
class Said:
    """One entry of the ledger, as the rules see it.

    `at`: when she said it; `known_at`: when the shop's records had it, later where a phone had no connection.
    """

    purpose: ConsentPurpose
    channel: ConsentChannel
    state: ConsentState
    at: datetime
    known_at: datetime


class Consent(Struct, frozen=True):
    """What holds for a purpose and a channel: the entry that decides. `by`: the colleague's name; None: a file."""

    purpose: ConsentPurpose
    channel: ConsentChannel
    state: ConsentState
    at: datetime
    known_at: datetime
    how: ConsentHow
    by: str | None = None
    text_id: UUID | None = None
    text_version: int | None = None


@dataclass(slots=True, frozen=True)
class ConsentSaid:
    """What somebody puts down. `at` None: now; `text_id`: the text that she had before her, needed with a grant."""

    purpose: ConsentPurpose
    channel: ConsentChannel
    state: ConsentState
    how: ConsentHow
    text_id: UUID | None = None
    note: str | None = None
    at: datetime | None = None


@dataclass(slots=True, frozen=True)
class ConsentText:
    """The words of a purpose, by language. `saved_by` None: shipped with the program."""

    id: UUID
    purpose: ConsentPurpose
    version: int
    bodies: dict[str, str]
    saved_by: str | None
    saved_at: datetime | None
