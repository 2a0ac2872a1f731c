"""Calls about those who work in the house and its partners' keys, for the permission test."""

from uuid import uuid4

from shuke.api.pagination import global_id
from tests.api.cases import Case, mutation, query

PEOPLE: dict[str, Case] = {
    "partnerKeys": query("{ partnerKeys { id } }"),
    "partnerCalls": query("{ partnerCalls { edges { node { at } } } }"),
    "createPartnerKey": mutation("createPartnerKey", lambda t: {"name": "till", "scopes": ["READ"]}),
    "rotatePartnerKey": mutation("rotatePartnerKey", lambda t: {"id": global_id("PartnerKey", t.store)}),
    "revokePartnerKey": mutation("revokePartnerKey", lambda t: {"id": global_id("PartnerKey", t.store)}),
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
