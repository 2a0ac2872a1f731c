"""Attacks by saying the same again: at once, later, changed, as somebody else."""

import asyncio
from collections import Counter
from typing import Any
from uuid import uuid4

import pytest

from shuke.api.pagination import global_id
from shuke.domains.identity import rules
from shuke.domains.identity.types import Role
from shuke.domains.notifications import service as notifications
from shuke.domains.notifications.types import InboxKind, Letter
from shuke.kit import db
from shuke.kit.ids import new_id
from tests.api.odd import OPERATIONS, document, put
from tests.api.pwa_errands import ERRANDS
from tests.api.real import Browser, everything_kept, serving, signed_in
from tests.api.shop import Shop
from tests.api.test_attacks_reach import house
from tests.api.test_fuzz import variables_of
from tests.factories import make_world
from tests.factories.customers import make_customer

MUTATIONS = [
    name for name, parent in OPERATIONS.items() if parent.name == "Mutation" and name not in rules.ANYONE - {"signOut"}
]
AMENDED = {"updateMe": ("locale", "ZH_CN"), "addNote": ("text", "另一句"), "recordOutcome": ("note", "另")}
AMENDED["changePassword"] = ("new", "yet another password")


BEARERS = ("createPartnerKey", "rotatePartnerKey")
BESIDES = ("operation", "throttle", "secret", "rfm_touched", "prediction_state")
"""Tables that any call may write to, a repeat as well; a customer that is marked already is not marked again, and a
brand has its timer once."""
QUIET = ("refreshSegments",)
"""Puts a job into the queue and writes nothing itself."""


async def errand(shop: Shop, name: str) -> tuple[Browser, dict[str, Any]]:
    """Who asks, and for what: each time something that is there to be done."""
    if name in ERRANDS:
        asks, said = await ERRANDS[name](shop)
        return asks, {"input": {"operationId": str(uuid4()), **said}}
    variables = variables_of(name, shop.target)
    if name in ("rotatePartnerKey", "revokePartnerKey"):
        made = await shop.office.do("createPartnerKey", "key { id }", name="till", scopes=["READ"])
        variables = put(variables, ("input", "id"), made["key"]["id"])
    if name == "ingestOrders":
        for field in ("receiptNo", "memberNo"):
            variables = put(variables, ("input", "orders", 0, field), uuid4().hex)
    if name == "markInboxRead":
        letter = Letter(new_id(), shop.target.guide, InboxKind.TASKS_DUE, {"count": 1, "taskIds": []}, "/")
        await notifications.post(shop.world.brand_id, [letter])
        variables = put(variables, ("input", "ids"), [global_id("InboxMessage", letter.id)])
    return (shop.guide if Role.GUIDE in rules.STAFF[name] else shop.office), variables


async def rows_kept() -> Counter[str]:
    """How many rows each table has."""
    names = "SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename <> ALL($1) ORDER BY 1"
    tables = [row[0] for row in await db.fetch(names, BESIDES)]
    counts = await db.fetch(" UNION ALL ".join(f"SELECT '{name}', count(*) FROM \"{name}\"" for name in tables))
    return Counter({row[0]: row[1] for row in counts})


@pytest.mark.parametrize("name", MUTATIONS)
async def test_every_mutation_is_done_once_answers_a_replay_alike_and_nobody_else(database: str, name: str) -> None:
    world, target = await house("好孕来", "自家")
    text = document(name, 3)
    async with serving() as app:
        shop = Shop(app, world, target, await signed_in(app, world, "guide"), await signed_in(app, world, "admin"))
        other = await signed_in(app, world, "hq")
        caller, said = await errand(shop, name)
        before = await rows_kept()
        assert (await caller.send(text, said)).json()["data"][name]["userErrors"] == []
        once = await rows_kept() - before
        caller, said = await errand(shop, name)
        before = await rows_kept()
        answers = [one.json() for one in await asyncio.gather(*(caller.send(text, said) for _ in range(4)))]
        shown = [one["data"][name].pop("bearer", None) for one in answers]
        assert sum(bearer is not None for bearer in shown) == (name in BEARERS)
        after = await rows_kept()
        assert after - before == once and (once["event"] or name in QUIET)
        if name != "signOut":  # after which nobody asks any more
            later = [(await caller.send(text, said)).json() for _ in range(2)]
            assert not any(one["data"][name].pop("bearer", None) for one in later)  # kept nowhere, so shown once
            answers += later
            assert answers[0]["data"][name]["userErrors"] == [] and all(one == answers[0] for one in answers), answers
        await refused_to(other, name, text, said)
        if name in AMENDED:
            changed = put(said, ("input", AMENDED[name][0]), AMENDED[name][1])
            again = (await caller.send(text, changed)).json()["data"][name]
            assert [one["code"] for one in again["userErrors"]] == ["OPERATION_REUSED"]
        assert await rows_kept() == after


async def refused_to(other: Browser, name: str, text: str, said: dict[str, Any]) -> None:
    """Somebody else who sends the same learns nothing by it."""
    taken = (await other.send(text, said)).json()["data"][name]
    assert [one["code"] for one in taken["userErrors"]] in (["OPERATION_REUSED"], ["FORBIDDEN"])
    assert not any(value for key, value in taken.items() if key not in ("userErrors", "__typename"))


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
