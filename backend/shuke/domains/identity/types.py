"""Who acts, and what this room tells others."""

from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from uuid import UUID


class Role(Enum):
    GUIDE = "guide"
    ADVISOR = "advisor"
    STORE_MANAGER = "store_manager"
    REGIONAL_MANAGER = "regional_manager"
    HQ = "hq"
    ADMIN = "admin"


class Locale(Enum):
    ZH_CN = "zh-CN"
    EN = "en"


class PartnerScope(Enum):
    READ = "read"
    INGEST = "ingest"
    LEADS = "leads"
    LINKS = "links"


class Level(Enum):
    """How much of the caller's stores an operation reaches."""

    OWN = 1
    """her own customers and cards, and those of the pool"""
    ALL = 2
    """everything in the stores of the role"""


@dataclass(slots=True, frozen=True)
class Grant:
    """A role and the stores it covers; `stores` None: the whole brand."""

    role: Role
    stores: tuple[UUID, ...] | None


@dataclass(slots=True, frozen=True)
class Actor:
    """Who acts: a staff member by a session, a partner by a key, a customer by a link, or the system itself."""

    kind: str
    """staff, partner, link, system; the matrix lets a link do nothing"""
    id: UUID | None
    brand_id: UUID
    name: str
    locale: Locale
    timezone: str
    currency: str
    grants: tuple[Grant, ...] = ()
    scopes: frozenset[str] = frozenset()
    session_id: UUID | None = None
    stores: tuple[UUID, ...] | None = None
    """what a partner's key is limited to; None: all of the brand"""

    @property
    def ref(self) -> tuple[str, UUID | None]:
        """As event rows name the actor."""
        return self.kind, self.id

    @property
    def reads_notes(self) -> bool:
        """What staff writes in its own words stays in the house: no partner's key reads it, whatever its scopes."""
        return self.kind != "partner"

    @property
    def store_ids(self) -> tuple[UUID, ...] | None:
        """Every store she works in, or a partner's key is for; None: all of the brand."""
        if self.kind == "partner":
            return self.stores
        if any(grant.stores is None for grant in self.grants) or self.kind != "staff":
            return None
        return tuple(dict.fromkeys(store for grant in self.grants for store in grant.stores or ()))


@dataclass(slots=True, frozen=True)
class Reach:
    """What one operation of one actor may touch. None for stores: the whole brand."""

    all_stores: tuple[UUID, ...] | None
    """stores in which everything may be touched"""
    own_stores: tuple[UUID, ...] | None
    """stores in which own and pool rows may be touched"""
    actor_id: UUID | None

    def covers(self, store_id: UUID, owner_id: UUID | None) -> bool:
        """May a row of this store and owner (None: pool) be touched?"""
        if self.all_stores is None or store_id in self.all_stores:
            return True
        own = self.own_stores is None or store_id in self.own_stores
        return own and owner_id in (None, self.actor_id)


@dataclass(slots=True, frozen=True)
class Brand:
    id: UUID
    name: str
    currency: str
    timezone: str


@dataclass(slots=True, frozen=True)
class Store:
    id: UUID
    name: str
    code: str
    region: str | None
    timezone: str


@dataclass(slots=True, frozen=True)
class Region:
    id: UUID
    name: str


@dataclass(slots=True, frozen=True)
class Staff:
    id: UUID
    name: str


@dataclass(slots=True, frozen=True)
class StaffRole:
    role: Role
    store: Store | None
    region: str | None
    region_id: UUID | None = None


@dataclass(slots=True, frozen=True)
class Post:
    """A role and its place, as somebody wishes it: a store, a region, or (both None) the brand."""

    role: Role
    store_id: UUID | None
    region_id: UUID | None


@dataclass(slots=True, frozen=True)
class StaffMember:
    """A colleague as those see her who manage people."""

    id: UUID
    name: str
    masked_phone: str
    roles: tuple[StaffRole, ...]
    invited_at: datetime | None
    """an invitation that was not used yet; None: none open"""
    left_at: datetime | None
    last_seen_at: datetime | None


@dataclass(slots=True, frozen=True)
class Session:
    id: UUID
    device: str
    created_at: datetime
    last_seen_at: datetime


@dataclass(slots=True, frozen=True)
class SignedIn:
    session_id: UUID
    token: str
    expires_at: datetime
    device_token: str = ""
    """by which this browser is known the next time"""


@dataclass(slots=True, frozen=True)
class KeyWish:
    """What a partner's key is to be. `stores` None: all of the brand; `days` None: it does not expire."""

    name: str
    scopes: frozenset[PartnerScope]
    stores: tuple[UUID, ...] | None = None
    days: int | None = None
    per_minute: int = 600


@dataclass(slots=True, frozen=True)
class PartnerKey:
    id: UUID
    name: str
    scopes: list[PartnerScope]
    stores: list[Store] | None
    """None: all of the brand"""
    per_minute: int
    created_at: datetime
    expires_at: datetime | None
    last_used_at: datetime | None
    previous_until: datetime | None
    previous_used_at: datetime | None
    revoked_at: datetime | None


@dataclass(slots=True, frozen=True)
class PartnerCall:
    id: UUID
    key_id: UUID
    key_name: str
    at: datetime
    operation: str | None
    root_fields: list[str]
    status: int
    code: str | None
    duration_ms: int
    cost: int
