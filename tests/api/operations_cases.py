"""One call of every operation, for the permission test: document and variables, and which row it aims at."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID, uuid4

from shuke.api.pagination import global_id
from tests.factories import PASSWORD


@dataclass(slots=True)
class Target:
    """The rows that the calls aim at: a customer of the guide, her open card, the guide's session, the guide; a file on
    the server and an import of it; her child, who is due; her phone, and a request of another store to share her; a
    visit that the guide put down, a paper card that she photographed.
    """

    customer: UUID
    task: UUID
    session: UUID
    store: UUID
    guide: UUID
    upload: UUID = field(default_factory=uuid4)
    import_job: UUID = field(default_factory=uuid4)
    dependant: UUID = field(default_factory=uuid4)
    identity: UUID = field(default_factory=uuid4)
    share_request: UUID = field(default_factory=uuid4)
    visit: UUID = field(default_factory=uuid4)
    paper: UUID = field(default_factory=uuid4)
    twin: UUID = field(default_factory=uuid4)
    """another customer of the guide"""
    link: UUID = field(default_factory=uuid4)
    """by which the customer fills in her card"""


@dataclass(slots=True)
class Case:
    """`aims` says whether the call touches the target customer (or her card), so that reach matters."""

    document: str
    variables: Callable[[Target], dict[str, Any]]
    aims: bool = False


def query(text: str, variables: Callable[[Target], dict[str, Any]] = lambda target: {}, aims: bool = False) -> Case:
    return Case(text, variables, aims)


def mutation(name: str, extra: Callable[[Target], dict[str, Any]] = lambda target: {}, aims: bool = False) -> Case:
    kind = name[0].upper() + name[1:]
    text = f"mutation($input: {kind}Input!) {{ {name}(input: $input) {{ userErrors {{ code field message }} }} }}"
    return Case(text, lambda target: {"input": {"operationId": str(uuid4()), **extra(target)}}, aims)


ENDPOINT = "https://updates.push.services.mozilla.com/wpush/v2/permissions"
SUBSCRIPTION_KEY = "BNcRdreALRFXTkOOUHK1EtK2wtaz5Ry4YfYCA_0QTpQtUbVlUls0VJXg7A8u-Ts1XbjhazAkj7I99e8QcYP7DkM"


def of_a_problem(target: Target) -> dict[str, Any]:
    return {"customerId": global_id("Customer", target.customer), "code": "junk_phone"}


def of_identity(name: str) -> Case:
    return mutation(
        name,
        lambda t: {"customerId": global_id("Customer", t.customer), "id": global_id("CustomerIdentity", t.identity)},
        aims=True,
    )


CASES: dict[str, Case] = {
    "customerLinks": query(
        "query($id: ID!) { customerLinks(customerId: $id) { id } }",
        lambda t: {"id": global_id("Customer", t.customer)},
    ),
    "createCustomerLink": mutation(
        "createCustomerLink", lambda t: {"customerId": global_id("Customer", t.customer)}, aims=True
    ),
    "revokeCustomerLink": mutation(
        "revokeCustomerLink", lambda t: {"id": global_id("CustomerLink", t.link)}, aims=True
    ),
    "settleLinkAnswers": mutation(
        "settleLinkAnswers", lambda t: {"id": global_id("CustomerLink", t.link), "take": []}, aims=True
    ),
    "linkOffers": query("{ linkOffers { version } }"),
    "saveLinkOffers": mutation("saveLinkOffers", lambda t: {"baseVersion": 0, "offers": [{"zh": "会员 9 折"}]}),
    "addIdentity": mutation(
        "addIdentity",
        lambda t: {
            "customerId": global_id("Customer", t.customer),
            "kind": "WECHAT",
            "value": f"w{uuid4().hex[:12]}",
        },
        aims=True,
    ),
    "removeIdentity": of_identity("removeIdentity"),
    "disownIdentity": of_identity("disownIdentity"),
    "choosePhone": of_identity("choosePhone"),
    "removeContact": mutation(
        "removeContact",
        lambda t: {
            "customerId": global_id("Customer", t.customer),
            "contactId": global_id("IdentityContact", t.identity),
        },
        aims=True,
    ),
    "askToShare": mutation("askToShare", lambda t: {"phone": "+86 571 8765 4321"}),
    "shareRequest": query(
        "query($id: ID!) { shareRequest(id: $id) { id } }",
        lambda t: {"id": global_id("ShareRequest", t.share_request)},
        True,
    ),
    "answerShareRequest": mutation(
        "answerShareRequest", lambda t: {"id": global_id("ShareRequest", t.share_request), "accept": False}, aims=True
    ),
    "endShare": mutation(
        "endShare",
        lambda t: {"customerId": global_id("Customer", t.customer), "storeId": global_id("Store", t.store)},
        aims=True,
    ),
    "node": query(
        "query($id: ID!) { node(id: $id) { id } }", lambda t: {"id": global_id("Customer", t.customer)}, True
    ),
    "me": query("{ me { staff { name } } }"),
    "stores": query("{ stores { id } }"),
    "sessions": query("{ sessions { id } }"),
    "today": query("{ today { openCount } }"),
    "task": query("query($id: ID!) { task(id: $id) { id } }", lambda t: {"id": global_id("Task", t.task)}, True),
    "customers": query("{ customers { edges { node { id } } } }"),
    "customer": query(
        "query($id: ID!) { customer(id: $id) { id } }", lambda t: {"id": global_id("Customer", t.customer)}, True
    ),
    "orders": query("{ orders { edges { node { id } } } }"),
    "segments": query("{ segments { customers } }"),
    "inbox": query("{ inbox { unread } }"),
    "pushDevices": query("{ pushDevices { id } }"),
    "signIn": mutation("signIn", lambda t: {"phone": "10086", "password": "not a password"}),
    "signOut": mutation("signOut"),
    "revokeSession": mutation("revokeSession", lambda t: {"id": global_id("Session", t.session)}),
    "updateMe": mutation("updateMe", lambda t: {"locale": "EN"}),
    "changePassword": mutation("changePassword", lambda t: {"current": PASSWORD, "new": "another long password"}),
    "createCustomer": mutation(
        "createCustomer", lambda t: {"id": str(uuid4()), "phone": f"139{uuid4().int % 10**8:08d}", "name": "新人"}
    ),
    "updateCustomer": mutation(
        "updateCustomer",
        lambda t: {"id": global_id("Customer", t.customer), "baseVersion": 1, "note": "爱喝温水"},
        aims=True,
    ),
    "revealPhone": mutation("revealPhone", lambda t: {"id": global_id("Customer", t.customer)}, aims=True),
    "addNote": mutation(
        "addNote",
        lambda t: {"customerId": global_id("Customer", t.customer), "id": str(uuid4()), "text": "问了推车"},
        aims=True,
    ),
    "recordConsent": mutation(
        "recordConsent",
        lambda t: {
            "customerId": global_id("Customer", t.customer),
            "purpose": "MARKETING",
            "channel": "PHONE",
            "state": "REFUSED",
            "how": "CALL",
        },
        aims=True,
    ),
    "copyCustomer": mutation("copyCustomer", lambda t: {"id": global_id("Customer", t.customer)}, aims=True),
    "erasurePreview": query(
        "query($id: ID!) { erasurePreview(id: $id) { confirmWith } }",
        lambda t: {"id": global_id("Customer", t.customer)},
        True,
    ),
    "eraseCustomer": mutation(
        "eraseCustomer", lambda t: {"id": global_id("Customer", t.customer), "confirm": "周雨桐"}, aims=True
    ),
    "auditEvents": query("{ auditEvents { edges { node { at } } } }"),
    "consentTexts": query("{ consentTexts { version } }"),
    "saveConsentText": mutation(
        "saveConsentText",
        lambda t: {"purpose": "SHARING", "baseVersion": 1, "bodies": [{"locale": "zh-CN", "text": "我同意"}]},
    ),
    "addDependant": mutation(
        "addDependant",
        lambda t: {"customerId": global_id("Customer", t.customer), "id": str(uuid4()), "bornOn": "2026-01-31"},
        aims=True,
    ),
    "updateDependant": mutation(
        "updateDependant",
        lambda t: {"id": global_id("Dependant", t.dependant), "baseVersion": 1, "name": "小满"},
        aims=True,
    ),
    "confirmBirth": mutation("confirmBirth", lambda t: {"id": global_id("Dependant", t.dependant)}, aims=True),
    "stopMilestones": mutation("stopMilestones", lambda t: {"id": global_id("Dependant", t.dependant)}, aims=True),
    "resumeMilestones": mutation("resumeMilestones", lambda t: {"id": global_id("Dependant", t.dependant)}, aims=True),
    "removeDependant": mutation("removeDependant", lambda t: {"id": global_id("Dependant", t.dependant)}, aims=True),
    "restoreDependant": mutation("restoreDependant", lambda t: {"id": global_id("Dependant", t.dependant)}, aims=True),
    "lifeStages": query("{ lifeStages { version } }"),
    "saveLifeStages": mutation(
        "saveLifeStages",
        lambda t: {
            "baseVersion": 0,
            "stages": [
                {
                    "key": "graduated",
                    "kind": "GRADUATION",
                    "begins": {"value": 36, "unit": "MONTHS"},
                    "texts": [{"language": "ZH_CN", "label": "毕业"}],
                }
            ],
        },
    ),
    "addInteraction": mutation(
        "addInteraction",
        lambda t: {"customerId": global_id("Customer", t.customer), "id": str(uuid4()), "kind": "PREFERENCE"},
        aims=True,
    ),
    "undoInteraction": mutation("undoInteraction", lambda t: {"id": global_id("TimelineEntry", t.task)}),
    "recordVisit": mutation(
        "recordVisit",
        lambda t: {"id": str(uuid4()), "kind": "VISIT", "customerId": global_id("Customer", t.customer)},
        aims=True,
    ),
    "updateVisit": mutation("updateVisit", lambda t: {"id": global_id("Visit", t.visit), "bought": True}, aims=True),
    "undoVisit": mutation("undoVisit", lambda t: {"id": global_id("Visit", t.task)}),
    "openVisits": query("{ openVisits { id } }"),
    "quality": query("{ quality { counts { customers } rows { key } } }"),
    "problemCards": query("{ problemCards { edges { node { customer { id } } } kinds { code } } }"),
    "dismissProblem": mutation("dismissProblem", of_a_problem, aims=True),
    "restoreProblem": mutation("restoreProblem", of_a_problem, aims=True),
    "filing": query("{ filing { counts { visits } } }"),
    "filingVisits": query("{ filingVisits { edges { node { id } } } }"),
    "createLead": mutation(
        "createLead", lambda t: {"storeCode": "S1", "source": "form", "phone": f"136{uuid4().int % 10**8:08d}"}
    ),
    "paperCards": query("{ paperCards { totalCount } }"),
    "finishPaperCard": mutation(
        "finishPaperCard",
        lambda t: {"id": global_id("PaperCard", t.paper), "customerId": global_id("Customer", t.customer)},
        aims=True,
    ),
    "discardPaperCard": mutation("discardPaperCard", lambda t: {"id": global_id("PaperCard", t.paper)}, aims=True),
    "recordOutcome": mutation(
        "recordOutcome", lambda t: {"taskId": global_id("Task", t.task), "outcome": "REACHED"}, aims=True
    ),
    "undoOutcome": mutation("undoOutcome", lambda t: {"taskId": global_id("Task", t.task)}, aims=True),
    "markInboxRead": mutation("markInboxRead"),
    "subscribePush": mutation(
        "subscribePush",
        lambda t: {
            "endpoint": f"{ENDPOINT}{uuid4().hex}",
            "p256dh": SUBSCRIPTION_KEY,
            "auth": "8eDyX_uCN0XRhSbY5hs7Hg",
        },
    ),
    "unsubscribePush": mutation("unsubscribePush", lambda t: {"endpoint": ENDPOINT}),
    "testPush": mutation("testPush", lambda t: {"endpoint": ENDPOINT}),
    "ingestOrders": mutation("ingestOrders", lambda t: {"orders": []}),
    "refreshSegments": mutation("refreshSegments"),
    "importJobs": query("{ importJobs { edges { node { id } } } }"),
    "importJob": query(
        "query($id: ID!) { importJob(id: $id) { id } }", lambda t: {"id": global_id("ImportJob", t.import_job)}, True
    ),
    "startImport": mutation(
        "startImport", lambda t: {"uploadId": global_id("ImportUpload", t.upload), "kind": "CUSTOMERS"}, aims=True
    ),
    "cancelImport": mutation("cancelImport", lambda t: {"id": global_id("ImportJob", t.import_job)}, aims=True),
    "duplicatePairs": query("{ duplicatePairs { edges { node { id } } } }"),
    "mergePreview": query(
        "query($a: ID!, $b: ID!) { mergePreview(winnerId: $a, loserId: $b) { winner { id } } }",
        lambda t: {"a": global_id("Customer", t.customer), "b": global_id("Customer", t.twin)},
        aims=True,
    ),
    "mergeCustomers": mutation(
        "mergeCustomers",
        lambda t: {
            "winnerId": global_id("Customer", t.customer),
            "loserId": global_id("Customer", t.twin),
            "winnerVersion": 1,
            "loserVersion": 1,
        },
        aims=True,
    ),
    "undoMerge": mutation("undoMerge", lambda t: {"mergeId": global_id("Merge", uuid4())}),
    "dismissDuplicate": mutation("dismissDuplicate", lambda t: {"id": global_id("DuplicatePair", uuid4())}),
    "reopenDuplicate": mutation("reopenDuplicate", lambda t: {"id": global_id("DuplicatePair", uuid4())}),
    "undoImport": mutation("undoImport", lambda t: {"id": global_id("ImportJob", t.import_job)}, aims=True),
    "importFields": query("{ importFields { key label } }"),
    "exportColumns": query("{ exportColumns { key label own } }"),
    "exports": query("{ exports { edges { node { id } } } }"),
    "export": query("query($id: ID!) { export(id: $id) { id } }", lambda t: {"id": global_id("ExportJob", uuid4())}),
    "startExport": mutation(
        "startExport", lambda t: {"kind": "CUSTOMERS", "format": "CSV", "reason": "对一对会员名单"}
    ),
    "partnerKeys": query("{ partnerKeys { id } }"),
    "partnerCalls": query("{ partnerCalls { edges { node { at } } } }"),
    "createPartnerKey": mutation("createPartnerKey", lambda t: {"name": "till", "scopes": ["READ"]}),
    "rotatePartnerKey": mutation("rotatePartnerKey", lambda t: {"id": global_id("PartnerKey", t.store)}),
    "revokePartnerKey": mutation("revokePartnerKey", lambda t: {"id": global_id("PartnerKey", t.store)}),
    "profileTemplate": query("{ profileTemplate { version fields { key } } }"),
    "fieldUsage": query('{ fieldUsage(key: "household") { customers uses { place } } }'),
    "saveProfileTemplate": mutation("saveProfileTemplate", lambda t: {"baseVersion": 1, "groups": [], "fields": []}),
    "regions": query("{ regions { id } }"),
    "colleagues": query("{ colleagues { id } }"),
    "board": query("{ board { counts { late } } }"),
    "boardCards": query("{ boardCards(state: LATE) { edges { node { id } } } }"),
    "nudgeStaff": mutation(
        "nudgeStaff",
        lambda t: {"staffId": global_id("Staff", t.guide), "storeId": global_id("Store", t.store)},
        aims=True,
    ),
    "reassignTasks": mutation("reassignTasks", lambda t: {"taskIds": [global_id("Task", t.task)]}, aims=True),
    "undoReassign": mutation("undoReassign", lambda t: {"reassignmentId": global_id("Reassignment", t.task)}),
    "staffMembers": query("{ staffMembers { edges { node { id } } } }"),
    "staffMember": query(
        "query($id: ID!) { staffMember(id: $id) { id } }", lambda t: {"id": global_id("StaffMember", t.guide)}, True
    ),
    "openStore": mutation("openStore", lambda t: {"code": uuid4().hex, "name": "新店"}),
    "updateStore": mutation(
        "updateStore", lambda t: {"storeId": global_id("Store", t.store), "name": "改名店"}, aims=True
    ),
    "inviteStaff": mutation(
        "inviteStaff",
        lambda t: {
            "name": "新同事",
            "phone": f"137{uuid4().int % 10**8:08d}",
            "role": "GUIDE",
            "storeId": global_id("Store", t.store),
        },
        aims=True,
    ),
    "renewInvitation": mutation("renewInvitation", lambda t: {"staffId": global_id("StaffMember", t.guide)}, aims=True),
    "acceptInvitation": mutation("acceptInvitation", lambda t: {"token": "none", "password": "a long password"}),
    "setStaffRoles": mutation(
        "setStaffRoles",
        lambda t: {
            "staffId": global_id("StaffMember", t.guide),
            "roles": [{"role": "ADVISOR", "storeId": global_id("Store", t.store)}],
        },
        aims=True,
    ),
    "updateStaff": mutation(
        "updateStaff", lambda t: {"staffId": global_id("StaffMember", t.guide), "name": "改过的名字"}, aims=True
    ),
    "endStaff": mutation("endStaff", lambda t: {"staffId": global_id("StaffMember", t.guide)}, aims=True),
    "revokeStaffSessions": mutation(
        "revokeStaffSessions", lambda t: {"staffId": global_id("StaffMember", t.guide)}, aims=True
    ),
}
