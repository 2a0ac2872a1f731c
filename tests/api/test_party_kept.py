"""Who comes with a new customer who is on file already is not lost: hers at once, or as soon as she is shared."""

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from shuke.api.pagination import global_id
from shuke.kit import clock, db
from shuke.kit.ids import new_id
from tests.api.test_children_api import NOON
from tests.api.test_customers_api import CREATE, ask, send
from tests.api.test_newcomers import FAMILY, child
from tests.factories import World, make_world
from tests.factories.customers import make_customer, next_phone

ASK = """mutation ($input: AskToShareInput!) { askToShare(input: $input) { request { id state }
  userErrors { code field message } } }"""
ANSWER = """mutation ($input: AnswerShareRequestInput!) { answerShareRequest(input: $input) { request { state }
  userErrors { code } } }"""
LINES = """query ($id: ID!) { customer(id: $id) {
  timeline(first: 5) { edges { node { kind title detail actor } } } } }"""
WAITS = "SELECT party IS NOT NULL FROM share_request"


@pytest.fixture
async def world(database: str) -> World:
    return await make_world()


async def notes(world: World, who: str, key: UUID) -> list[str]:
    page = await ask(world.staff[who], LINES, id=global_id("Customer", key))
    return [one["node"]["detail"] for one in page["timeline"]["edges"] if one["node"]["kind"] == "NOTE"]


async def test_of_somebody_within_reach_children_and_referrer_become_hers_in_one_write(world: World) -> None:
    phone, guide, operation = next_phone(), world.staff["guide"], uuid4()
    friend, her = await make_customer(world, alias="小满妈妈"), await make_customer(world, phone=phone, name="周雨桐")
    people = await db.fetch_value("SELECT count(*) FROM customer")
    said: dict[str, Any] = {"id": str(new_id()), "phone": phone, "name": "周小桐", "ifTaken": "SAME"}
    said |= {"children": [child(name="小满", bornOn="2026-05-01")], "referrerId": global_id("Customer", friend)}
    for _ in range(2):
        with clock.pretended(NOON):
            done = await send(guide, CREATE, operation, **said)
        assert done["userErrors"] == [] and done["customer"]["id"] == global_id("Customer", her)
    assert tuple(await db.fetch_row(FAMILY, her) or ()) == (friend, ["小满"])
    assert await db.fetch_value("SELECT count(*) FROM customer") == people
    assert await db.fetch_value("SELECT name FROM customer WHERE id = $1", her) == "周雨桐"
    other = await make_customer(world, name="何佳", alias=None)
    with clock.pretended(NOON):
        again = await send(guide, CREATE, **said | {"referrerId": global_id("Customer", other)})
    assert again["userErrors"] == []  # the child is there, and who brought her stands: the other one is a note
    assert tuple(await db.fetch_row(FAMILY, her) or ()) == (friend, ["小满"])
    assert await notes(world, "guide", her) == ["建档时说介绍人是 何佳，档案上没有改"]


async def test_what_cannot_be_added_is_said_by_its_place_and_nothing_is_half_done(world: World) -> None:
    phone, guide = next_phone(), world.staff["guide"]
    her = await make_customer(world, phone=phone)
    said: dict[str, Any] = {"id": str(new_id()), "phone": phone, "ifTaken": "SAME"}
    wrong = [child(bornOn="2026-05-01"), child(bornOn="2096-01-01")]
    told = await send(guide, CREATE, **said, children=wrong)
    assert [(error["code"], error["field"]) for error in told["userErrors"]] == [("INVALID", "children.1.bornOn")]
    assert tuple(await db.fetch_row(FAMILY, her) or ()) == (None, [])
    away = next_phone()
    await make_customer(world, "stranger", phone=away)
    told = await send(guide, CREATE, **said | {"phone": away})
    assert [error["code"] for error in told["userErrors"]] == ["TAKEN_ELSEWHERE"]
    free = await send(guide, CREATE, **said | {"phone": next_phone()}, children=[child(bornOn="2026-05-01")])
    assert free["userErrors"] == [] and free["customer"]["id"] == global_id("Customer", UUID(said["id"]))


@pytest.mark.parametrize("accept", [True, False])
async def test_of_somebody_elsewhere_they_wait_with_the_request(world: World, accept: bool) -> None:
    phone, stranger = next_phone(), world.staff["stranger"]
    her = await make_customer(world, phone=phone)
    friend = await make_customer(world, "stranger", name="何佳", alias=None)
    coming, born = child(name="豆豆", dueOn="2026-12-24"), child(name="小满", bornOn="2026-05-01")
    with clock.pretended(NOON):
        asked = await send(stranger, ASK, phone=phone, children=[born], referrerId=global_id("Customer", friend))
        again = await send(stranger, ASK, phone=phone, children=[born, coming])
        assert asked["userErrors"] == again["userErrors"] == []
        assert asked["request"] == again["request"] == {"id": asked["request"]["id"], "state": "OPEN"}
    assert tuple(await db.fetch_row(FAMILY, her) or ()) == (None, [])
    with clock.pretended(NOON + timedelta(days=60)):  # by then the one that was due is none that can be
        done = await send(world.staff["manager"], ANSWER, id=asked["request"]["id"], accept=accept)
    assert done["userErrors"] == []
    assert await db.fetch_value(WAITS) is False
    assert await db.fetch_value("SELECT array(SELECT name FROM dependant)") == (["小满"] if accept else [])
    told = await notes(world, "guide", her)
    if not accept:
        assert told == []
        return
    assert told == [
        "建档时说介绍人是 何佳，档案上没有改",  # whom this manager may not open
        "申请共享时写下的宝宝没能记上，请补一下：豆豆 2026-12-24",
    ]


async def test_a_referrer_out_of_reach_is_refused(world: World) -> None:
    phone, stranger = next_phone(), world.staff["stranger"]
    her = await make_customer(world, phone=phone)
    told = await send(stranger, ASK, phone=phone, referrerId=global_id("Customer", her))
    assert [(error["code"], error["field"]) for error in told["userErrors"]] == [("NOT_FOUND", "referrerId")]
