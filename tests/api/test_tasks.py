"""A person's day and its outcomes through GraphQL."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

from starlette.requests import Request

from shuke.api.context import Context
from shuke.api.pagination import global_id
from shuke.api.schema import schema
from shuke.domains.identity.types import Actor
from shuke.kit import clock, db
from tests.factories import make_world
from tests.factories.tasks import add_buyers, make_card

TODAY = """query ($done: Boolean = false) { today { date openCount
  open { id dueAt state attempts version note outcome customer { id name alias cell } assignee { id name }
    store { id name } reasons { key why say dueAt } }
  done @include(if: $done) { id outcome closedBy { name } } } }"""
RECORD = """mutation ($input: RecordOutcomeInput!) { recordOutcome(input: $input) {
  task { id state outcome note dueAt followUpAt version closedAt closedBy { name } }
  userErrors { code field message } } }"""
UNDO = """mutation ($input: UndoOutcomeInput!) { undoOutcome(input: $input) {
  task { id state outcome } userErrors { code field message } } }"""
MORNING = datetime(2026, 11, 22, 2, tzinfo=UTC)  # 10:00 in Shanghai


async def ask(actor: Actor, document: str, locale: str = "zh-CN", **variables: Any) -> Any:
    request = Request({"type": "http", "method": "POST", "path": "/graphql", "headers": []})
    result = await schema.execute(
        document, variable_values=variables, context_value=Context(request, actor, locale, now=clock.now())
    )
    assert result.errors is None, result.errors
    assert result.data is not None
    (answer,) = result.data.values()
    return answer


async def test_a_day_is_one_statement_whatever_its_length(database: str) -> None:
    world = await make_world()
    with clock.pretended(MORNING):
        for customer in await add_buyers(world, 15):
            await make_card(world, customer, MORNING - timedelta(hours=1))
        async with db.counting() as statements:
            day = await ask(world.staff["guide"], TODAY)
        assert len(statements) == 1 and len(day["open"]) == day["openCount"] == 15 and day["date"] == "2026-11-22"
        async with db.counting() as statements:
            await ask(world.staff["guide"], TODAY, done=True)
        assert len(statements) == 2


async def test_reasons_are_told_in_the_callers_language_and_counted_to_today(database: str) -> None:
    world = await make_world()
    (customer,) = await add_buyers(world)
    await make_card(world, customer, MORNING)
    for moment, locale, why, say in (
        (MORNING, "zh-CN", "113 天没来了", "小满妈妈您好"),
        (MORNING + timedelta(days=1), "en", "114 days without a purchase", "Hello 小满妈妈"),
    ):
        with clock.pretended(moment):
            ((card,),) = [(await ask(world.staff["guide"], TODAY, locale))["open"]]
        assert [(one["why"], one["say"]) for one in card["reasons"]] == [(why, say)]
        assert card["customer"]["alias"] == "小满妈妈" and card["assignee"]["name"] == "guide"


async def test_an_outcome_is_recorded_once_amended_and_undone(database: str) -> None:
    world = await make_world()
    (customer,) = await add_buyers(world)
    guide, task_id = world.staff["guide"], await make_card(world, customer)
    said = {"operationId": str(uuid4()), "taskId": global_id("Task", task_id), "outcome": "VISIT_BOOKED"}
    answers = [await ask(guide, RECORD, input=said) for _ in range(2)]
    assert answers[0] == answers[1] and answers[0]["userErrors"] == []
    task = answers[0]["task"]
    assert (task["state"], task["outcome"], task["version"], task["closedBy"]) == (
        "DONE",
        "VISIT_BOOKED",
        2,
        {"name": "guide"},
    )
    reused = await ask(guide, RECORD, input=said | {"outcome": "REFUSED"})
    assert reused["task"] is None and [one["code"] for one in reused["userErrors"]] == ["OPERATION_REUSED"]
    amended = await ask(guide, RECORD, input=said | {"operationId": str(uuid4()), "note": "带宝宝"})
    assert (amended["task"]["note"], amended["task"]["closedAt"]) == ("带宝宝", task["closedAt"])
    assert [one["outcome"] for one in (await ask(guide, TODAY, done=True))["done"]] == ["VISIT_BOOKED"]
    back = {"operationId": str(uuid4()), "taskId": global_id("Task", task_id)}
    for _ in range(2):
        undone = await ask(guide, UNDO, input=back)
        assert undone["task"] == {"id": back["taskId"], "state": "OPEN", "outcome": None}
    again = await ask(guide, UNDO, input=back | {"operationId": str(uuid4())})
    assert again["task"] is None and [one["code"] for one in again["userErrors"]] == ["NOT_UNDOABLE"]


async def test_a_colleague_who_comes_second_sees_who_was_first(database: str) -> None:
    world = await make_world()
    (customer,) = await add_buyers(world, guide=None)
    said = {"taskId": global_id("Task", await make_card(world, customer)), "outcome": "REACHED"}
    await ask(world.staff["guide"], RECORD, input=said | {"operationId": str(uuid4())})
    second = await ask(
        world.staff["colleague"], RECORD, input=said | {"operationId": str(uuid4()), "outcome": "REFUSED"}
    )
    assert second["userErrors"] == []
    assert (second["task"]["outcome"], second["task"]["closedBy"]) == ("REACHED", {"name": "guide"})


async def test_a_snooze_comes_back_when_it_was_said_to(database: str) -> None:
    world = await make_world()
    (customer,) = await add_buyers(world)
    said = {
        "operationId": str(uuid4()),
        "taskId": global_id("Task", await make_card(world, customer)),
        "outcome": "LATER",
    }
    with clock.pretended(MORNING):
        answer = await ask(world.staff["guide"], RECORD, input=said | {"followUpAt": "2026-11-23T23:15:00+08:00"})
        assert answer["task"]["dueAt"] == answer["task"]["followUpAt"] == "2026-11-24T01:00:00+00:00"
        assert (await ask(world.staff["guide"], TODAY))["openCount"] == 0
        odd = said | {"operationId": str(uuid4()), "followUpAt": "2026-11-23T23:15:00"}
        assert (await ask(world.staff["guide"], RECORD, input=odd))["userErrors"][0]["field"] == "followUpAt"


async def test_an_id_of_something_else_is_not_found(database: str) -> None:
    world = await make_world()
    for wrong in (global_id("Customer", uuid4()), global_id("Task", uuid4()), "%%"):
        said = {"operationId": str(uuid4()), "taskId": wrong, "outcome": "REACHED"}
        answer = await ask(world.staff["guide"], RECORD, input=said)
        assert [(one["code"], one["field"]) for one in answer["userErrors"]] == [("NOT_FOUND", "taskId")]
