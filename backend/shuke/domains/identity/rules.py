"""The permission matrix: one table, which is also the data of the generated permission test."""

from collections.abc import Iterable, Iterator, Mapping
from uuid import UUID

from shuke.domains.identity.types import Actor, Grant, Level, Post, Reach, Role

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
    "changePassword": EVERYONE,
    "createCustomer": EVERYONE,
    "updateCustomer": OWN_AT_THE_COUNTER,
    "revealPhone": WHO_CALLS,
    "addNote": EVERYONE,
    "recordConsent": EVERYONE,
    "consentTexts": EVERYONE,
    "saveConsentText": OFFICE_ONLY,
    "addDependant": OWN_AT_THE_COUNTER,
    "updateDependant": OWN_AT_THE_COUNTER,
    "confirmBirth": OWN_AT_THE_COUNTER,
    "stopMilestones": OWN_AT_THE_COUNTER,
    "resumeMilestones": OWN_AT_THE_COUNTER,
    "removeDependant": OWN_AT_THE_COUNTER,
    "restoreDependant": OWN_AT_THE_COUNTER,
    "lifeStages": EVERYONE,
    "saveLifeStages": OFFICE_ONLY,
    "addInteraction": EVERYONE,
    "undoInteraction": EVERYONE,
    "recordVisit": EVERYONE,
    "updateVisit": OWN_AT_THE_COUNTER,
    "undoVisit": EVERYONE,
    "openVisits": EVERYONE,
    "filing": LEADERS_AND_OFFICE,
    "filingVisits": LEADERS_AND_OFFICE,
    "createLead": OFFICE_ONLY,
    "quality": OWN_AT_THE_COUNTER,
    "problemCards": OWN_AT_THE_COUNTER,
    "dismissProblem": OWN_AT_THE_COUNTER,
    "restoreProblem": OWN_AT_THE_COUNTER,
    "paperCards": EVERYONE,
    "finishPaperCard": EVERYONE,
    "discardPaperCard": EVERYONE,
    "copyCustomer": LEADERS_AND_OFFICE,
    "erasurePreview": OFFICE_ONLY,
    "eraseCustomer": OFFICE_ONLY,
    "auditEvents": OFFICE_ONLY,
    "recordOutcome": OWN_AT_THE_COUNTER,
    "undoOutcome": OWN_AT_THE_COUNTER,
    "markInboxRead": EVERYONE,
    "subscribePush": EVERYONE,
    "unsubscribePush": EVERYONE,
    "testPush": EVERYONE,
    "ingestOrders": OFFICE_ONLY,
    "productCategories": LEADERS_AND_OFFICE,
    "saveProducts": OFFICE_ONLY,
    "refreshSegments": OFFICE_ONLY,
    "rfmConfig": OFFICE_ONLY,
    "rfmPreview": OFFICE_ONLY,
    "saveRfmConfig": OFFICE_ONLY,
    "rfmCells": LEADERS_AND_OFFICE,
    "saveRfmCells": OFFICE_ONLY,
    "segmentList": LEADERS_AND_OFFICE,
    "segment": OFFICE_ONLY,
    "segmentFacts": OFFICE_ONLY,
    "segmentPreview": OFFICE_ONLY,
    "segmentWhy": EVERYONE,
    "saveSegment": OFFICE_ONLY,
    "archiveSegment": OFFICE_ONLY,
    "restoreSegment": OFFICE_ONLY,
    "freezeSegment": OFFICE_ONLY,
    "tagGroups": EVERYONE,
    "saveTagGroup": OFFICE_ONLY,
    "archiveTagGroup": OFFICE_ONLY,
    "restoreTagGroup": OFFICE_ONLY,
    "arrangeTags": OFFICE_ONLY,
    "saveTag": OFFICE_ONLY,
    "archiveTag": OFFICE_ONLY,
    "restoreTag": OFFICE_ONLY,
    "mergeTags": OFFICE_ONLY,
    "tagCustomers": OWN_AT_THE_COUNTER,
    "untagCustomers": OWN_AT_THE_COUNTER,
    "undoTagging": OWN_AT_THE_COUNTER,
    "tagBatches": OFFICE_ONLY,
    "predictions": LEADERS_AND_OFFICE,
    "predictedCustomers": LEADERS_AND_OFFICE,
    "retrainPredictions": OFFICE_ONLY,
    "importJob": OFFICE_ONLY,
    "importJobs": OFFICE_ONLY,
    "startImport": OFFICE_ONLY,
    "cancelImport": OFFICE_ONLY,
    "undoImport": OFFICE_ONLY,
    "importFields": OFFICE_ONLY,
    "export": LEADERS_AND_OFFICE,
    "exportColumns": LEADERS_AND_OFFICE,
    "exports": LEADERS_AND_OFFICE,
    "startExport": LEADERS_AND_OFFICE,
    "partnerKeys": OFFICE_ONLY,
    "partnerCalls": OFFICE_ONLY,
    "createPartnerKey": OFFICE_ONLY,
    "rotatePartnerKey": OFFICE_ONLY,
    "revokePartnerKey": OFFICE_ONLY,
    "profileTemplate": EVERYONE,
    "fieldUsage": OFFICE_ONLY,
    "saveProfileTemplate": OFFICE_ONLY,
    "regions": EVERYONE,
    "colleagues": EVERYONE,
    "board": LEADERS_AND_OFFICE,
    "boardCards": LEADERS_AND_OFFICE,
    "nudgeStaff": LEADERS_AND_OFFICE,
    "reassignTasks": LEADERS_AND_OFFICE,
    "undoReassign": LEADERS_AND_OFFICE,
    "staffMembers": LEADERS_AND_OFFICE,
    "staffMember": LEADERS_AND_OFFICE,
    "inviteStaff": LEADERS_AND_OFFICE,
    "renewInvitation": LEADERS_AND_OFFICE,
    "setStaffRoles": LEADERS_AND_OFFICE,
    "updateStaff": LEADERS_AND_OFFICE,
    "endStaff": LEADERS_AND_OFFICE,
    "revokeStaffSessions": LEADERS_AND_OFFICE,
    "duplicatePairs": LEADERS_AND_OFFICE,
    "dismissDuplicate": LEADERS_AND_OFFICE,
    "reopenDuplicate": LEADERS_AND_OFFICE,
    "mergePreview": LEADERS_AND_OFFICE,
    "mergeCustomers": LEADERS_AND_OFFICE,
    "undoMerge": LEADERS_AND_OFFICE,
    "openStore": OFFICE_ONLY,
    "updateStore": OFFICE_ONLY,
    "addIdentity": OWN_AT_THE_COUNTER,
    "removeIdentity": OWN_AT_THE_COUNTER,
    "disownIdentity": OWN_AT_THE_COUNTER,
    "choosePhone": OWN_AT_THE_COUNTER,
    "removeContact": OWN_AT_THE_COUNTER,
    "askToShare": EVERYONE,
    "shareRequest": LEADERS_AND_OFFICE,
    "answerShareRequest": LEADERS_AND_OFFICE,
    "endShare": LEADERS_AND_OFFICE,
    "customerLinks": EVERYONE,
    "createCustomerLink": EVERYONE,
    "revokeCustomerLink": EVERYONE,
    "settleLinkAnswers": OWN_AT_THE_COUNTER,
    "linkOffers": EVERYONE,
    "saveLinkOffers": OFFICE_ONLY,
}
"""Operation (as the schema names it) -> role -> how far it reaches; a role that is left out may not."""

PARTNER: Mapping[str, str] = {
    "stores": "read",
    "customers": "read",
    "customer": "read",
    "profileTemplate": "read",
    "orders": "read",
    "segments": "read",
    "ingestOrders": "ingest",
    "saveProducts": "ingest",
    "createLead": "leads",
    "createCustomerLink": "links",
}
"""Operation -> the scope that a partner's key needs; operations that are left out are closed to partners."""

ANYONE = frozenset({"node", "me", "signIn", "signOut", "acceptInvitation"})
"""Operations that need nobody signed in; `node` asks for the operation of the type it finds."""

SCOPES = frozenset(PARTNER.values())

RANK = {role: rank for rank, role in enumerate(Role)}
"""Who stands above whom: roles are given at or below one's own, power over a colleague is had from above (ADR 17)."""


def reach(actor: Actor, operation: str) -> Reach | None:
    """What the actor may touch by this operation; None: nothing at all."""
    if actor.kind == "system":
        return Reach(None, (), None)
    if actor.kind == "partner":
        return Reach(actor.stores, (), None) if PARTNER.get(operation) in actor.scopes else None
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


def place_fits(post: Post) -> bool:
    """Does the role hold in a place of this kind: counter and store manager in a store, the office in the brand?"""
    if post.role in OFFICE:
        return post.store_id is None and post.region_id is None
    if post.role is Role.REGIONAL_MANAGER:
        return post.store_id is None and post.region_id is not None
    return post.store_id is not None and post.region_id is None


def may_give(grants: Iterable[Grant], role: Role, stores: tuple[UUID, ...] | None) -> bool:
    """May the holder of these grants give a role in these stores (None: the whole brand)?

    At or below her own, within her stores. A region without stores is only the office's to give.
    """
    return any(RANK[role] <= RANK[grant.role] for grant in _leading(grants, stores))


def stands_above(grants: Iterable[Grant], role: Role, stores: tuple[UUID, ...] | None) -> bool:
    """Does the holder of these grants stand above who has this role in these stores (None: the whole brand)?

    By a higher role that covers them; an administrator stands above everybody, other administrators too.
    """
    return any(grant.role is Role.ADMIN or RANK[role] < RANK[grant.role] for grant in _leading(grants, stores))


def _leading(grants: Iterable[Grant], stores: tuple[UUID, ...] | None) -> Iterator[Grant]:
    """The grants by which somebody leads in all of these stores."""
    for grant in grants:
        covers = grant.stores is None or (stores and set(stores) <= set(grant.stores))
        if grant.role in LEADERS + OFFICE and covers:
            yield grant
