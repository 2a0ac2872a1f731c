"""One call of every operation, for the permission test: document and variables, and which row it aims at."""

from typing import Any
from uuid import uuid4

from shuke.api.pagination import global_id
from tests.api.cases import Case as Case
from tests.api.cases import Target as Target
from tests.api.cases import mutation, query
from tests.api.people_cases import PEOPLE
from tests.api.records_cases import RECORDS
from tests.api.segment_cases import SEGMENTS
from tests.factories import PASSWORD

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
    **RECORDS,
    **PEOPLE,
    **SEGMENTS,
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
            "contactId": global_id("IdentityContact", t.contact),
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
    "undoInteraction": mutation("undoInteraction", lambda t: {"id": global_id("TimelineEntry", t.interaction)}),
    "recordVisit": mutation(
        "recordVisit",
        lambda t: {"id": str(uuid4()), "kind": "VISIT", "customerId": global_id("Customer", t.customer)},
        aims=True,
    ),
    "updateVisit": mutation("updateVisit", lambda t: {"id": global_id("Visit", t.visit), "bought": True}, aims=True),
    "undoVisit": mutation("undoVisit", lambda t: {"id": global_id("Visit", t.visit)}),
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
    "productCategories": query("{ productCategories { name products } }"),
    "saveProducts": mutation("saveProducts", lambda t: {"products": [{"sku": "m1", "category": "奶粉"}]}),
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
}
