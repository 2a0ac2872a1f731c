"""The permission matrix: one table, which is also the data of the generated permission test."""

from collections.abc import Mapping
from uuid import UUID

from shuke.domains.identity.types import Actor, Grant, Level, Reach, Role

ALL, OWN = Level.ALL, Level.OWN
COUNTER = (Role.GUIDE, Role.ADVISOR)
LEADERS = (Role.STORE_MANAGER, Role.REGIONAL_MANAGER)
OFFICE = (Role.HQ, Role.ADMIN)

EVERYONE = dict.fromkeys(Role, ALL)
OWN_AT_THE_COUNTER = EVERYONE | dict.fromkeys(COUNTER, OWN)
LEADERS_AND_OFFICE = dict.fromkeys(LEADERS + OFFICE, ALL)
OFFICE_ONLY = dict.fromkeys(OFFICE, ALL)
WHO_CALLS = dict.fromkeys(COUNTER, OWN) | dict.fromkeys(LEADERS, ALL)

STAFF: Mapping[str, Mapping[Role, Level]] = {
    "stores": EVERYONE,
    "sessions": EVERYONE,
    "today": EVERYONE,
    "task": EVERYONE,
    "customers": EVERYONE,
    "customer": EVERYONE,
    "orders": LEADERS_AND_OFFICE,
    "segments": LEADERS_AND_OFFICE,
    "inbox": EVERYONE,
    "pushDevices": EVERYONE,
    "revokeSession": EVERYONE,
    "updateMe": EVERYONE,
    "createCustomer": EVERYONE,
    "updateCustomer": OWN_AT_THE_COUNTER,
    "revealPhone": WHO_CALLS,
    "addNote": EVERYONE,
    "recordOutcome": OWN_AT_THE_COUNTER,
    "undoOutcome": OWN_AT_THE_COUNTER,
    "markInboxRead": EVERYONE,
    "subscribePush": EVERYONE,
    "unsubscribePush": EVERYONE,
    "testPush": EVERYONE,
    "ingestOrders": OFFICE_ONLY,
    "refreshSegments": OFFICE_ONLY,
}
"""Operation (as the schema names it) -> role -> how far it reaches; a role that is left out may not."""

PARTNER: Mapping[str, str] = {
    "stores": "read",
    "customers": "read",
    "customer": "read",
    "orders": "read",
    "segments": "read",
    "ingestOrders": "ingest",
}
"""Operation -> the scope that a partner's key needs; operations that are left out are closed to partners."""

ANYONE = frozenset({"node", "me", "signIn", "signOut"})
"""Operations that need nobody signed in; `node` asks for the operation of the type it finds."""

SCOPES = frozenset(PARTNER.values())


def reach(actor: Actor, operation: str) -> Reach | None:
    """What the actor may touch by this operation; None: nothing at all."""
    if actor.kind == "system":
        return Reach(None, (), None)
    if actor.kind == "partner":
        return Reach(None, (), None) if PARTNER.get(operation) in actor.scopes else None
    levels = STAFF.get(operation, {})
    grants = [(grant, levels[grant.role]) for grant in actor.grants if grant.role in levels]
    if not grants:
        return None
    return Reach(_stores(grants, ALL), _stores(grants, OWN), actor.id)


def _stores(grants: list[tuple[Grant, Level]], level: Level) -> tuple[UUID, ...] | None:
    chosen = [grant.stores for grant, granted in grants if granted is level]
    if any(stores is None for stores in chosen):
        return None
    return tuple(dict.fromkeys(store for stores in chosen for store in stores or ()))
