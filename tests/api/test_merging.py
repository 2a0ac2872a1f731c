"""Duplicates and merges through the API: the queue, the comparison, the merge and its undo, in words, by who may."""

from typing import Any
from uuid import uuid4

import pytest
from starlette.requests import Request

from shuke.api.context import Context
from shuke.api.pagination import global_id
from shuke.api.schema import schema
from shuke.app.wiring import WIRING
from shuke.domains.customers import service as customers
from shuke.domains.identity.types import Actor
from shuke.kit import db
from shuke.kit.events import Dispatcher
from shuke.kit.ids import new_id
from tests.api.operations_cases import CASES, Target
from tests.api.test_customers_api import PAGE, ask, send
from tests.api.test_permissions import call, caller, with_session
from tests.factories import World, make_world
from tests.factories.customers import make_customer
from tests.factories.merging import known_by, merge
from tests.factories.orders import ingest, sale

QUEUE = """
query ($first: Int!, $after: String) { duplicatePairs(first: $first, after: $after) { totalCount
  edges { cursor node { id score rules reasons state a { id name } b { id name } } } pageInfo { hasNextPage } } }
"""
PREVIEW = """
query ($winner: ID!, $loser: ID!) { mergePreview(winnerId: $winner, loserId: $loser) { winner { id version phone }
  loser { id version phone } moves { kind count label }
  fields { field label winner loser winnerOrigin loserOrigin default conflict } } }
"""
MERGE = """
mutation ($input: MergeCustomersInput!) { mergeCustomers(input: $input) {
  customer { id name merges { id loserName by at until } } merge { id } userErrors { code field message } } }
"""
UNDO = """
mutation ($input: UndoMergeInput!) { undoMerge(input: $input) { winner { id merges { id } } loser { id name }
  stayed { kind count label } kept report userErrors { code field message } } }
"""
DISMISS = """
mutation ($input: DismissDuplicateInput!) { dismissDuplicate(input: $input) { pair { id state }
  userErrors { code message } } }
"""
REOPEN = """
mutation ($input: ReopenDuplicateInput!) { reopenDuplicate(input: $input) { pair { id state }
  userErrors { code message } } }
"""
NODE = "query ($id: ID!) { node(id: $id) { id __typename } }"


async def two(world: World, guide: str = "guide") -> tuple[str, str]:
    """Global ids of two customers who may be one, found already."""
    keys = [await make_customer(world, guide, phone=f"1390011223{n}", name=f"周雨{n}") for n in (3, 4)]
    await Dispatcher(WIRING).drain()
    return global_id("Customer", keys[0]), global_id("Customer", keys[1])


def versions(preview: Any) -> dict[str, Any]:
    return {
        "winnerId": preview["winner"]["id"],
        "loserId": preview["loser"]["id"],
        "winnerVersion": preview["winner"]["version"],
        "loserVersion": preview["loser"]["version"],
    }


async def test_from_the_queue_to_one_archive_and_back(database: str) -> None:
    world = await make_world()
    manager = world.staff["manager"]
    winner, loser = await two(world)
    queue = await ask(manager, QUEUE, first=5)
    (edge,) = queue["edges"]
    assert queue["totalCount"] == 1 and edge["node"]["reasons"] == ["称呼一样，电话只差一位"]
    assert {edge["node"]["a"]["id"], edge["node"]["b"]["id"]} == {winner, loser}
    preview = await ask(manager, PREVIEW, winner=winner, loser=loser)
    name = next(one for one in preview["fields"] if one["field"] == "name")
    assert (name["label"], name["winner"], name["loser"], name["conflict"]) == ("姓名", "周雨3", "周雨4", True)
    assert {"kind": "moving_number", "count": 1, "label": "1 个号码"} in preview["moves"]
    picks = [{"field": "name", "side": "LOSER"}]
    done = await send(manager, MERGE, **versions(preview), picks=picks)
    assert done["userErrors"] == [] and done["customer"]["name"] == "周雨4"
    (told,) = done["customer"]["merges"]
    assert (told["id"], told["loserName"], told["by"]) == (done["merge"]["id"], "周雨4", "manager")
    assert (await ask(manager, QUEUE, first=5))["edges"] == []
    guide = world.staff["guide"]
    assert (await ask(guide, PAGE, id=loser))["id"] == winner
    assert (await ask(guide, NODE, id=loser))["id"] == winner
    note: dict[str, Any] = {"customerId": loser, "id": str(new_id()), "text": "周三来"}
    await send(guide, "mutation ($input: AddNoteInput!) { addNote(input: $input) { userErrors { code } } }", **note)
    undone = await send(manager, UNDO, mergeId=done["merge"]["id"])
    assert undone["userErrors"] == [] and undone["loser"] == {"id": loser, "name": "周雨4"}
    assert undone["stayed"] == [{"kind": "moving_note", "count": 1, "label": "1 条记录"}]
    assert undone["report"] == "已经拆开；合并以后的1 条记录留在周雨3这里" and undone["winner"]["merges"] == []


async def test_a_repeat_of_a_merge_and_of_its_undo_gets_the_same_answer(database: str) -> None:
    world = await make_world()
    hq = world.staff["hq"]
    winner, loser = await two(world)
    preview = await ask(hq, PREVIEW, winner=winner, loser=loser)
    operation = uuid4()
    answers = [await send(hq, MERGE, operation, **versions(preview)) for _ in range(2)]
    assert answers[0] == answers[1] and answers[0]["merge"]
    again = uuid4()
    parted = [await send(hq, UNDO, again, mergeId=answers[0]["merge"]["id"]) for _ in range(2)]
    assert parted[0] == parted[1] and parted[0]["report"] == "已经拆开，两份都和合并前一样"


async def test_refusals_say_what_to_do(database: str) -> None:
    world = await make_world()
    hq = world.staff["hq"]
    winner, loser = await two(world)
    preview = await ask(hq, PREVIEW, winner=winner, loser=loser)
    stale = await send(hq, MERGE, **versions(preview) | {"loserVersion": 7})
    (error,) = stale["userErrors"]
    assert (error["code"], error["message"]) == ("CONFLICT", "刚才有人改了其中一份，重新看一遍再合并")
    same = await send(hq, MERGE, **versions(preview) | {"loserId": winner})
    assert [error["field"] for error in same["userErrors"]] == ["loserId"]
    first = await send(hq, MERGE, **versions(preview))
    third = await make_customer(world)
    await merge(world, third, (await db.fetch_value("SELECT winner_id FROM merge_record")))
    late = await send(hq, UNDO, mergeId=first["merge"]["id"])
    assert [error["message"] for error in late["userErrors"]] == ["后来又和别的档案合并过，先拆开后面那一次"]
    assert await ask(hq, PREVIEW, winner=winner, loser=loser) is None


async def test_a_dismissal_leaves_the_queue_and_comes_back(database: str) -> None:
    world = await make_world()
    manager = world.staff["manager"]
    await two(world)
    pair = (await ask(manager, QUEUE, first=5))["edges"][0]["node"]["id"]
    assert (await send(manager, DISMISS, id=pair))["pair"] == {"id": pair, "state": "DISMISSED"}
    assert (await ask(manager, QUEUE, first=5))["totalCount"] == 0
    assert (await ask(manager, NODE, id=pair))["__typename"] == "DuplicatePair"
    assert (await send(manager, REOPEN, id=pair))["pair"]["state"] == "OPEN"
    assert (await ask(manager, QUEUE, first=5))["totalCount"] == 1


@pytest.mark.parametrize("who", ["guide", "colleague", "stranger", "reader", "nobody", "regional elsewhere"])
async def test_who_may_not_decide_sees_and_changes_nothing(database: str, who: str) -> None:
    world = await make_world()
    winner, loser = await two(world)
    hq = world.staff["hq"]
    pair = (await ask(hq, QUEUE, first=5))["edges"][0]["node"]["id"]
    preview = await ask(hq, PREVIEW, winner=winner, loser=loser)
    merged = global_id("Merge", await merge(world, await make_customer(world), await make_customer(world)))
    actor = await caller(world, who)
    assert not (await tried(actor, QUEUE, first=5) or {}).get("edges")
    assert not await tried(actor, PREVIEW, winner=winner, loser=loser)
    for document, said in ((MERGE, versions(preview)), (UNDO, {"mergeId": merged}), (DISMISS, {"id": pair})):
        answer = await tried(actor, document, input={"operationId": str(uuid4())} | said)
        assert [error["code"] for error in answer["userErrors"]] in (["FORBIDDEN"], ["NOT_FOUND"], ["SIGN_IN_NEEDED"])
    assert not await tried(actor, NODE, id=merged) and not await tried(actor, NODE, id=pair)
    assert await db.fetch_value("SELECT count(*) FROM merge_record WHERE undone_at IS NULL") == 1
    assert await db.fetch_value("SELECT count(*) FROM duplicate_pair WHERE state = 'dismissed'") == 0


async def tried(actor: Actor | None, document: str, **variables: Any) -> Any:
    """The answer, whatever was refused."""
    request = Request({"type": "http", "method": "POST", "headers": [], "path": "/graphql"})
    result = await schema.execute(document, variables, Context(request, actor, "zh-CN"))
    return next(iter((result.data or {"none": None}).values()))


async def test_a_guide_is_told_of_no_merges_and_her_page_costs_what_it_did(database: str) -> None:
    world = await make_world()
    a, b = await make_customer(world), await make_customer(world)
    await ingest(world, sale("1"))
    await customers.add_note(world.staff["guide"], b, new_id(), "周三来")
    await merge(world, a, b)
    page = PAGE.replace("createdAt", "createdAt merges { id until }")
    async with db.counting() as statements:
        shown = await ask(world.staff["guide"], page, id=global_id("Customer", b))
    assert len(statements) <= 8 and shown["merges"] == [], statements
    told = await ask(world.staff["manager"], page, id=global_id("Customer", b))
    assert [one["until"] > told["createdAt"] for one in told["merges"]] == [True]


async def test_whatever_is_written_by_an_old_id_is_the_winners(database: str) -> None:
    world = await make_world()
    manager = await with_session(world.staff["manager"])
    winner, loser = await make_customer(world), await make_customer(world)
    await merge(world, winner, loser)
    before, old = await known_by(loser), global_id("Customer", loser)
    target = Target(loser, new_id(), new_id(), world.stores[0], world.staff["guide"].id or new_id())
    written = []
    for operation, case in CASES.items():
        said = str(case.variables(target))
        if (
            case.document.startswith("mutation")
            and old in said
            and operation not in ("mergeCustomers", "eraseCustomer")
        ):
            codes, _ = await call(manager, operation, target)
            written += [] if codes else [operation]
    assert {"updateCustomer", "addNote", "revealPhone", "recordConsent", "addInteraction"} <= set(written)
    assert await known_by(loser) == before
