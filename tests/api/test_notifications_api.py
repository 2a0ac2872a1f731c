"""Inbox, devices and segments as the API shows them."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
from starlette.requests import Request

from shuke.api.context import Context
from shuke.api.pagination import global_id
from shuke.api.schema import schema
from shuke.domains.identity.types import Actor
from shuke.domains.notifications import service
from shuke.domains.segments import service as segments
from shuke.kit import clock, db, queue
from shuke.kit.ids import new_id
from tests.factories import make_world, system
from tests.factories.notifications import open_browser, remind, reminded, signed_in, subscription
from tests.factories.segments import add_customers, buy
from tests.push.receiver import PushService, push_service
from tests.servers import embedded_for_tests

INBOX = """
query ($first: Int!, $after: String) { inbox(first: $first, after: $after) {
  unread pageInfo { hasNextPage endCursor } edges { cursor node { id kind title body url createdAt readAt } } } }
"""
SUBSCRIBE = """
mutation ($input: SubscribePushInput!) { subscribePush(input: $input) {
  device { id device failing lastSuccessAt } userErrors { code field message } } }
"""


@pytest.fixture
async def pushes(database: str, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[PushService]:
    async with push_service() as running:
        monkeypatch.setenv("SHUKE_PUSH_HOSTS", running.origin)
        yield running


async def ask(actor: Actor | None, document: str, locale: str = "zh-CN", **variables: Any) -> Any:
    request = Request({"type": "http", "method": "POST", "headers": [], "path": "/graphql"})
    result = await schema.execute(document, variables, Context(request, actor, locale))
    assert result.errors is None, result.errors
    return result.data


async def code(actor: Actor | None, document: str, **variables: Any) -> str:
    request = Request({"type": "http", "method": "POST", "headers": [], "path": "/graphql"})
    result = await schema.execute(document, variables, Context(request, actor, "en"))
    assert result.errors and result.errors[0].extensions
    return str(result.errors[0].extensions["code"])


async def test_the_inbox_speaks_the_readers_language(database: str) -> None:
    world = await make_world()
    guide = world.staff["guide"]
    await remind(world, guide, count=5)
    await remind(world, guide, count=1)
    chinese = (await ask(guide, INBOX, first=30))["inbox"]
    assert [edge["node"]["title"] for edge in chinese["edges"]] == ["有 1 位客人等您联系", "有 5 位客人等您联系"]
    english = (await ask(guide, INBOX, "en", first=30))["inbox"]
    assert [edge["node"]["title"] for edge in english["edges"]] == [
        "One customer is waiting for you",
        "5 customers are waiting for you",
    ]
    assert english["unread"] == 2 and english["edges"][1]["node"]["url"] == "/"


async def test_the_inbox_pages_and_refuses_cursors_that_are_none(database: str) -> None:
    world = await make_world()
    guide = world.staff["guide"]
    for _ in range(3):
        await remind(world, guide)
    first = (await ask(guide, INBOX, first=2))["inbox"]
    assert first["pageInfo"]["hasNextPage"]
    rest = (await ask(guide, INBOX, first=2, after=first["pageInfo"]["endCursor"]))["inbox"]
    assert len(rest["edges"]) == 1 and not rest["pageInfo"]["hasNextPage"]
    assert await code(guide, INBOX, first=2, after="bm90aGluZ3xhdCBhbGw=") == "INVALID"
    assert await code(guide, INBOX, first=101) == "PAGE_SIZE"
    assert await code(None, INBOX, first=2) == "SIGN_IN_NEEDED"


async def test_marking_read_answers_the_same_again(database: str) -> None:
    world = await make_world()
    guide = world.staff["guide"]
    for _ in range(2):
        await remind(world, guide)
    node = (await ask(guide, INBOX, first=1))["inbox"]["edges"][0]["node"]
    document = "mutation ($input: MarkInboxReadInput!) { markInboxRead(input: $input) { unread userErrors { code } } }"
    wish = {"operationId": str(new_id()), "ids": [node["id"]]}
    for _ in range(2):
        assert await ask(guide, document, input=wish) == {"markInboxRead": {"unread": 1, "userErrors": []}}
    wrong = {"operationId": str(new_id()), "ids": [global_id("Task", new_id())]}
    answer = (await ask(guide, document, input=wrong))["markInboxRead"]
    assert answer == {"unread": 1, "userErrors": [{"code": "NOT_FOUND"}]}
    everything = {"operationId": str(new_id())}
    assert (await ask(guide, document, input=everything))["markInboxRead"]["unread"] == 0


async def test_a_device_subscribes_is_listed_tested_and_unsubscribed(pushes: PushService) -> None:
    world = await make_world()
    guide, browser = await signed_in(world, "guide"), await open_browser(pushes)
    keys = subscription(browser)
    wish = {"operationId": str(new_id()), "endpoint": keys.endpoint, "p256dh": keys.p256dh, "auth": keys.auth}
    made = [(await ask(guide, SUBSCRIBE, input=wish | {"device": " 柜台手机 "}))["subscribePush"] for _ in range(2)]
    assert made[0] == made[1] and made[0]["device"]["device"] == "柜台手机" and made[0]["userErrors"] == []
    listed = await ask(guide, "{ pushDevices { id device createdAt lastSuccessAt failing } }")
    assert [device["id"] for device in listed["pushDevices"]] == [made[0]["device"]["id"]]
    test = "mutation ($input: TestPushInput!) { testPush(input: $input) { userErrors { code } } }"
    name = {"operationId": str(new_id()), "endpoint": keys.endpoint}
    assert (await ask(guide, test, input=name))["testPush"]["userErrors"] == []
    await service.sweep_deliveries(10)
    assert browser.messages[0]["kind"] == "TEST"
    stop = "mutation ($input: UnsubscribePushInput!) { unsubscribePush(input: $input) { userErrors { code } } }"
    await ask(guide, stop, input={"operationId": str(new_id()), "endpoint": keys.endpoint})
    assert (await ask(guide, "{ pushDevices { id } }"))["pushDevices"] == []


async def test_an_address_of_no_push_service_is_refused_in_words(database: str) -> None:
    async with push_service() as strange:
        world = await make_world()
        guide, keys = await signed_in(world, "guide"), subscription(await open_browser(strange))
        wish = {"operationId": str(new_id()), "endpoint": keys.endpoint, "p256dh": keys.p256dh, "auth": keys.auth}
        answer = (await ask(guide, SUBSCRIBE, "en", input=wish))["subscribePush"]
    assert answer["device"] is None
    assert [(error["code"], error["field"]) for error in answer["userErrors"]] == [("UNSUPPORTED", "endpoint")]


async def test_head_office_sees_the_cells_and_asks_for_a_refresh(pushes: PushService) -> None:
    world = await make_world()
    hq, document = world.staff["hq"], "{ segments { asOf customers cells { cell customers } } }"
    empty = (await ask(hq, document))["segments"]
    assert empty["asOf"] is None and len(empty["cells"]) == 8
    (customer,) = await add_customers(world, 1)
    await buy(world, customer, 1, 500, clock.now())
    await segments.refresh(await system(world))
    full = (await ask(hq, document))["segments"]
    assert full["customers"] == 1 and {"cell": "HLH", "customers": 1} in full["cells"]
    assert await code(world.staff["guide"], document) == "FORBIDDEN"
    wish = "mutation ($input: RefreshSegmentsInput!) { refreshSegments(input: $input) { queued userErrors { code } } }"
    queue.configure("unix:///nowhere/valkey.sock")
    answer = await ask(hq, wish, input={"operationId": str(new_id())})
    assert answer == {"refreshSegments": {"queued": False, "userErrors": [{"code": "UNAVAILABLE"}]}}
    queue.configure(embedded_for_tests().redis)
    answer = await ask(hq, wish, input={"operationId": str(new_id())})
    assert answer == {"refreshSegments": {"queued": True, "userErrors": []}}
    await queue.close()


async def test_a_page_of_the_inbox_is_two_statements_whatever_its_size(pushes: PushService) -> None:
    world = await make_world()
    guide, _ = await reminded(world, pushes)
    for _ in range(12):
        await remind(world, guide)
    async with db.counting() as statements:
        await ask(guide, INBOX, first=10)
    assert len(statements) == 2
