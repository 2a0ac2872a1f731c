"""Links by which a customer fills in her own card: what they ask, what came in by them, what the shop gives."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum
from typing import Any
from uuid import UUID

from msgspec import Struct

from shuke.domains.customers.types.consents import ConsentPurpose
from shuke.domains.identity.types import Locale, Staff, Store
from shuke.kit.errors import Refusal


class AnswerState(Enum):
    """What became of something that came in by a link."""

    TAKEN = "taken"
    """it stands on her card"""
    WAITING = "waiting"
    """something else stands there, or it is not sure who wrote it: a colleague decides"""
    KEPT = "kept"
    """a colleague let stand what stood there"""


class Said(Struct, frozen=True, omit_defaults=True):
    """One answer as the link's row keeps it. `value` only while it waits; `version`: of her card, that took it."""

    state: AnswerState
    value: Any = None
    version: int = 0


class Offer(Struct, frozen=True):
    """What the shop gives in return; the words by language, at least one."""

    key: str
    label: dict[str, str]


@dataclass(slots=True, frozen=True)
class Offers:
    """Head office's word on the page as it stands; version 0: it has not said anything."""

    version: int
    offers: tuple[Offer, ...]
    fields: tuple[str, ...] | None = None
    """keys of the fields of its own that the page asks; None: it has not said"""


@dataclass(slots=True, frozen=True)
class Standing:
    """What decides whether a link may be used."""

    expires_at: datetime
    single_use: bool
    used_at: datetime | None
    """when somebody finished, the last time"""
    revoked_at: datetime | None


@dataclass(slots=True, frozen=True)
class NewLink:
    """What a link is to be for: a customer, else a store. `order_id`: of the receipt that it is printed on."""

    id: UUID
    customer_id: UUID | None = None
    store_id: UUID | None = None
    order_id: UUID | None = None
    single_use: bool = False
    days: int | None = None


@dataclass(slots=True, frozen=True)
class LinkAnswer:
    """One answer, as a colleague may see it. `name`: a field as the schema spells it, `values.<key>`, or
    `consent.<purpose>`; `value`: as it was typed in, only while it waits.
    """

    name: str
    state: AnswerState
    value: Any = None


@dataclass(slots=True, frozen=True)
class LinkView:
    """A link as staff sees it; `customer_id` None: anybody's who scans the store's code."""

    id: UUID
    customer_id: UUID | None
    order_id: UUID | None
    store: Store
    staff: Staff | None
    created_at: datetime
    unsure: bool
    """it came of a store's code, and whoever wrote may be somebody else than the customer"""
    standing: Standing
    answers: tuple[LinkAnswer, ...] = ()
    offers: tuple[Offer, ...] = ()


@dataclass(slots=True, frozen=True)
class OpenLink:
    """A link that may be used now, as the public page needs it: nothing of the customer."""

    id: UUID
    brand_id: UUID
    brand: str
    store: Store
    currency: str
    general: bool
    """anybody may have it in hand: who fills it in says first who she is"""
    standing: Standing


@dataclass(slots=True, frozen=True)
class Filled:
    """What somebody sent from the public page. Texts as typed, "" for what was left out."""

    locale: Locale
    texts: Mapping[str, str] = field(default_factory=dict)
    """name, phone, wechat, gender, birthday"""
    values: Mapping[str, Sequence[str]] = field(default_factory=dict)
    """field key -> what was typed"""
    consents: Mapping[ConsentPurpose, tuple[bool, UUID]] = field(default_factory=dict)
    """yes or no, and the text that she had before her"""
    template_version: int | None = None
    nonce: UUID | None = None
    """of the page that was sent: the same again is the same person"""
    done: bool = False


@dataclass(slots=True, frozen=True)
class Saved:
    """How it went: field -> what to mend (then nothing is saved), else the token to go on by."""

    token: str
    mistakes: Mapping[str, Refusal] = field(default_factory=dict)
