"""Attacks by saying the same again: at once, later, changed, as somebody else."""

import asyncio
from uuid import uuid4

import pytest

from shuke.api.pagination import global_id
from shuke.domains.identity import rules
from shuke.domains.identity.types import Role
from shuke.kit import db
from tests.api.odd import OPERATIONS, document, put
from tests.api.real import everything_kept, serving, signed_in
from tests.api.test_attacks_reach import house
from tests.api.test_fuzz import variables_of
from tests.factories import make_world
from tests.factories.customers import make_customer

MUTATIONS = [
    name for name, parent in OPERATIONS.items() if parent.name == "Mutation" and name not in rules.ANYONE - {"signOut"}
]
AMENDED = {"updateMe": ("locale", "ZH_CN"), "addNote": ("text", "另一句"), "recordOutcome": ("note", "另")}
AMENDED["changePassword"] = ("new", "yet another password")


@pytest.mark.parametrize("name", MUTATIONS)
async def test_every_mutation_answers_a_replay_alike_and_nobody_else(database: str, name: str) -> None:
    world, target = await house("好孕来", "自家")
    async with serving() as app:
        admin, other = await signed_in(app, world, "admin"), await signed_in(app, world, "hq")
        guides = Role.GUIDE in rules.STAFF.get(name, {Role.GUIDE: None})
        caller = await signed_in(app, world, "guide") if guides else admin
        if name == "revokeSession":
            target.session = await db.fetch_value("SELECT id FROM session WHERE staff_id = $1", world.staff["guide"].id)
            await signed_in(app, world, "guide")
        if name == "undoOutcome":
            await caller.do("recordOutcome", taskId=global_id("Task", target.task), outcome="LATER")
        text, said = document(name, 3), variables_of(name, target)
        if name in ("rotatePartnerKey", "revokePartnerKey"):
            made = await admin.do("createPartnerKey", "key { id }", name="till", scopes=["READ"])
            said = put(said, ("input", "id"), made["key"]["id"])
        if name == "undoReassign":
            moved = await caller.do("reassignTasks", "reassignmentId", taskIds=[global_id("Task", target.task)])
            said = put(said, ("input", "reassignmentId"), moved["reassignmentId"])
        count = "SELECT count(*) FROM event"
        answers = [one.json() for one in await asyncio.gather(*(caller.send(text, said) for _ in range(4)))]
        shown = [one["data"][name].pop("bearer", None) for one in answers]
        assert sum(bearer is not None for bearer in shown) == (name in ("createPartnerKey", "rotatePartnerKey"))
        events = await db.fetch_value(count)
        if name not in ("signOut", "revokeSession"):
            later = [(await caller.send(text, said)).json() for _ in range(2)]
            assert not any(one["data"][name].pop("bearer", None) for one in later)  # kept nowhere, so shown once
            answers += later
            assert all(answer == answers[0] for answer in answers), answers
        assert await db.fetch_value(count) == events
        taken = (await other.send(text, said)).json()["data"][name]
        codes = [one["code"] for one in taken["userErrors"]]
        if name in ("startImport", "cancelImport"):  # of what is not there: nothing was done
            assert codes == ["NOT_FOUND"]
        else:
            assert codes in (["OPERATION_REUSED"], ["FORBIDDEN"]) or name == "testPush"
        assert not any(value for key, value in taken.items() if key not in ("userErrors", "__typename"))
        if name in AMENDED:
            changed = put(said, ("input", AMENDED[name][0]), AMENDED[name][1])
            again = (await caller.send(text, changed)).json()["data"][name]
            assert [one["code"] for one in again["userErrors"]] == ["OPERATION_REUSED"]


async def test_what_a_number_was_revealed_for_does_not_reveal_the_next_one(database: str) -> None:
    world = await make_world()
    key = global_id("Customer", await make_customer(world, phone="13800001111"))
    async with serving() as app:
        guide = await signed_in(app, world, "guide")
        said = {"id": key, "operationId": str(uuid4())}
        assert (await guide.do("revealPhone", "phone", **said))["phone"] == "+8613800001111"
        for number, version in (("13800002222", 1), (None, 2)):
            assert not (await guide.do("updateCustomer", id=key, baseVersion=version, phone=number))["userErrors"]
            assert (await guide.do("revealPhone", "phone", **said))["phone"] is None
        # nor does an empty look that is repeated when there is a number
        empty = {"id": key, "operationId": str(uuid4())}
        assert await guide.do("revealPhone", "phone", **empty) == {"phone": None, "userErrors": []}
        await guide.do("updateCustomer", id=key, baseVersion=3, phone="13800003333")
        assert (await guide.do("revealPhone", "phone", **empty))["phone"] is None
        kept = await everything_kept()
        assert not any(number in kept for number in ("13800001111", "13800002222", "13800003333"))
    seen = await db.fetch_value("SELECT count(*) FROM timeline_entry WHERE kind = 'phone_revealed'")
    assert seen == 1


async def test_writes_in_one_document_answer_what_stands_after_each(database: str) -> None:
    world = await make_world()
    key = global_id("Customer", await make_customer(world))
    kind = "UpdateCustomerInput!"
    text = f"mutation ($a: {kind}, $b: {kind}) {{ a: updateCustomer(input: $a) {{ customer {{ name }} }}"
    text += " b: updateCustomer(input: $b) { customer { name } } }"
    first, second = ({"operationId": str(uuid4()), "id": key, "baseVersion": n, "name": "_甲乙"[n]} for n in (1, 2))
    async with serving() as app:
        data = await (await signed_in(app, world, "guide")).ask(text, a=first, b=second)
    assert [data[alias]["customer"]["name"] for alias in "ab"] == ["甲", "乙"]
