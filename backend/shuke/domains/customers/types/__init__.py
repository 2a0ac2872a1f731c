"""What this room tells others: a customer as staff may see her, her timeline, and the shapes of its use cases."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import Enum
from typing import Any
from uuid import UUID

import msgspec
from msgspec import Struct

from shuke.domains.customers.types.consents import Consent
from shuke.domains.customers.types.dependants import Dependant as Dependant
from shuke.domains.customers.types.dependants import NewDependant
from shuke.domains.customers.types.referrals import Referrals
from shuke.domains.customers.types.sharing import Claim as Claim
from shuke.domains.customers.types.sharing import ContactRole as ContactRole
from shuke.domains.customers.types.sharing import IfTaken as IfTaken
from shuke.domains.customers.types.sharing import Party as Party
from shuke.domains.customers.types.sharing import Relative as Relative
from shuke.domains.customers.types.sharing import Share as Share
from shuke.domains.customers.types.sharing import ShareRequest as ShareRequest
from shuke.domains.customers.types.sharing import ShareState as ShareState
from shuke.domains.customers.types.sharing import Through as Through
from shuke.domains.customers.types.timeline import TimelineEntry as TimelineEntry
from shuke.domains.customers.types.timeline import TimelineIn as TimelineIn
from shuke.domains.customers.types.timeline import TimelineKind as TimelineKind
from shuke.domains.identity.types import Staff, Store
from shuke.kit.birthdays import BirthDate


class Gender(Enum):
    FEMALE = "female"
    MALE = "male"
    UNKNOWN = "unknown"


class CustomerSource(Enum):
    WALK_IN = "walk_in"
    REFERRAL = "referral"
    ONLINE = "online"
    EVENT = "event"
    IMPORT = "import"
    OTHER = "other"


class IdentityKind(Enum):
    """What a customer can be known by; the value is unique in the brand."""

    PHONE = "phone"
    """E.164"""
    MEMBER_NO = "member_no"
    WECHAT = "wechat"
    CARD = "card"
    EMAIL = "email"


@dataclass(slots=True, frozen=True)
class CustomerView:
    """A customer as every screen shows her; the phone is masked from the first moment."""

    id: UUID
    brand_id: UUID
    name: str | None
    alias: str | None
    gender: Gender
    birthday: date | None
    """where it is kept by the sun with its year"""
    level: str | None
    source: CustomerSource
    note: str | None
    phone: str | None
    """masked; of several numbers the one added or chosen last, of none the one that she uses with somebody"""
    member_no: str | None
    store: Store
    guide: Staff | None
    """the owner; None: the store's pool"""
    version: int
    created_at: datetime
    birth_date: str | None = None
    """her birthday as a canonical text: see kit.birthdays"""
    shared_with: tuple[UUID, ...] = ()
    """stores beside her own that may open her"""


class Identity(Struct, frozen=True):
    """One of the things she is known by; `value` is for showing only as `kit.identities.masked` has it."""

    id: UUID
    kind: IdentityKind
    value: str
    verified_at: datetime | None = None
    used_by: tuple[Relative, ...] = ()
    """others who use it too"""


class Card(Struct, frozen=True):
    """What stands on a customer's card beside her own row, the parts that several screens may leave out."""

    identities: tuple[Identity, ...] = ()
    """of each kind the one that is shown first"""
    through: tuple[Through, ...] = ()
    shares: tuple[Share, ...] = ()
    facts: dict[str, Any] = {}
    """what completeness is measured by, her custom values among it: not for showing as it is"""
    named: dict[str, tuple[Any, ...]] = {}
    """uuid in a custom value -> (name,), and for a customer (name, store, owning guide)"""
    dependants: tuple[Dependant, ...] = ()
    referrals: Referrals = Referrals()
    consents: tuple[Consent, ...] = ()
    """every entry of her ledger, the latest first; `rules.consents` says which of them hold"""
    refusals: tuple[str, ...] = ()
    """what she does not want: "marketing/phone" """


class RevealReason(Enum):
    """What a number was looked at for."""

    CARD = "card"
    """to call for her card"""
    ORDER = "order"
    """something is wrong with an order"""
    ASKED = "asked"
    """she asked to be called"""
    OTHER = "other"
    """said in words"""


@dataclass(slots=True, frozen=True)
class MaskedCustomer:
    """Who has a phone already; `id` only for a caller who may open her."""

    id: UUID | None
    name: str
    phone: str
    store: Store


@dataclass(slots=True, frozen=True)
class Among:
    """A further condition on `c.id`, offered by a room above: SQL text with {0}, {1}… where its arguments go."""

    sql: str
    args: Sequence[Any] = ()


@dataclass(slots=True, frozen=True)
class Filters:
    """Which customers a list shows; everything given must hold."""

    search: str | None = None
    """a part of a name or alias, in characters, pinyin or initials; the beginning of a member number or card; a whole
    phone or its last four digits; a whole WeChat id or e-mail address
    """
    store_id: UUID | None = None
    mine: bool = False
    among: Among | None = None
    region_id: UUID | None = None
    shared: bool = False
    """only those whom their home store shares with one of these"""


@dataclass(slots=True, frozen=True)
class NewCustomer:
    """What a person at the counter says of a new customer. `phone`: as typed."""

    id: UUID
    phone: str
    name: str | None = None
    alias: str | None = None
    gender: Gender = Gender.UNKNOWN
    birthday: date | str | None = None
    """a day, or as people write one: see kit.birthdays"""
    source: CustomerSource = CustomerSource.WALK_IN
    note: str | None = None
    store_id: UUID | None = None
    """None: the first of the caller's stores"""
    values: Mapping[str, Sequence[str]] | None = None
    """field key -> what was typed; None: the caller does not know of fields"""
    template_version: int | None = None
    """of the template that she typed into"""
    file_anew: bool = False
    """she was erased and wants to be on file again"""
    claim: Claim = field(default_factory=Claim)
    referrer_id: UUID | None = None
    """who brought her"""
    visit_id: UUID | None = None
    """the visit that she is entered after"""
    filed_at: datetime | None = None
    """when she was entered, where the phone could not say so at once; only for the visit"""
    children: Sequence[NewDependant] = ()
    """hers"""


@dataclass(slots=True, frozen=True)
class Conflict:
    """A field that somebody else changed since the edit's base: both values in words (enums and guides by name)."""

    field: str
    yours: str | None
    theirs: str | None


class CustomerRow(Struct, frozen=True):
    """A customer as a file or a till knows her; None says nothing, so it never empties what is on file.

    Known by member number, phone or id, in this order. `phone`: E.164, `raw_phone`: as it stood in the source.
    """

    store_id: UUID
    guide_id: UUID | None = None
    name: str | None = None
    alias: str | None = None
    gender: Gender | None = None
    birthday: date | BirthDate | None = None
    level: str | None = None
    source: CustomerSource | None = None
    note: str | None = None
    phone: str | None = None
    raw_phone: str | None = None
    member_no: str | None = None
    created_at: datetime | None = None
    id: UUID | None = None
    further: tuple[tuple[str, str, str], ...] = ()
    """(kind, value, as it stood): what else she is known by; what somebody else has is left to that one, and told"""
    author_id: UUID | None = None
    """who filed her, of those on the staff"""
    author: str | None = None
    """who filed her, as it was written, where nobody on the staff is meant"""
    custom: Mapping[str, Any] = msgspec.field(default_factory=dict)
    """key of a field of head office's own -> value, as `customer.custom_values` holds it"""


class Policy(Enum):
    """What becomes of a field of a known customer that a row says something else of."""

    OWN = "own"
    """fills what is blank, and replaces what a file had put there and nobody has changed since"""
    FILL = "fill"
    """fills what is blank"""
    TAKE = "take"
    """the row's value holds"""
    KEEP = "keep"
    """stays as it is, blank or not"""


@dataclass(slots=True, frozen=True)
class Batch:
    """One import: what it may overwrite, and under which id what it does is put down, so that it can be undone."""

    id: UUID
    policies: Mapping[str, Policy] = field(default_factory=dict)
    """PROFILE column, or `values.` and a field's key -> policy"""
    otherwise: Policy = Policy.OWN
    """of what `policies` does not name"""
    owned: Mapping[UUID, Mapping[str, Any]] = field(default_factory=dict)
    """customer -> column -> what a file said last, as JSON has it"""


class RowChange(Struct, frozen=True):
    """What a bulk of rows did to one customer. Values as JSON has them."""

    customer_id: UUID
    created: bool
    version: int
    """hers since"""
    before: Mapping[str, Any]
    after: Mapping[str, Any]
    """columns that changed: what they were, what they are"""
    identities: Sequence[tuple[str, str]]
    """(kind, value) that she is known by since"""


class RowOutcome(Enum):
    CREATED = "created"
    UPDATED = "updated"
    UNCHANGED = "unchanged"
    REJECTED = "rejected"


@dataclass(slots=True, frozen=True)
class RowVerdict:
    """What became of a row. `reason`: a key of the sentences in `kit.words`; with REJECTED why, else what was left."""

    outcome: RowOutcome
    customer_id: UUID | None = None
    reason: str | None = None
    kept: tuple[str, ...] = ()
    """columns in which the row said something else, and what is on file stayed"""
    other_id: UUID | None = None
    """whose a number of the row is, which was left to her: number_of_another"""
