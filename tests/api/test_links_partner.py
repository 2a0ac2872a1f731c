"""A till prints a code on each receipt: links by a partner's key, in its stores alone; nothing comes back by them."""

from collections.abc import AsyncIterator
from typing import Any
from uuid import UUID, uuid4

import pytest
from starlette.types import ASGIApp

from shuke.api.pagination import global_id, parse_id
from shuke.domains.customers import queries, service
from shuke.domains.customers.types.links import Filled
from shuke.domains.identity.types import Locale
from shuke.kit import db
from tests.api.real import Browser, everything_kept, partner, serving, signed_in
from tests.factories import World, make_world
from tests.factories.customers import make_customer, next_phone
from tests.factories.links import make_link
from tests.factories.orders import ingest, sale

FOR_A_TILL = (
    "link { id url qr singleUse orderId expiresAt open usedAt asks offers staff { name } answers { name text } }"
)


@pytest.fixture
async def world(database: str) -> World:
    return await make_world()


@pytest.fixture
async def app(world: World) -> AsyncIterator[ASGIApp]:
    async with serving() as running:
        yield running


async def order_of(receipt: str) -> str:
    return global_id("Order", await db.fetch_value('SELECT id FROM "order" WHERE receipt_no = $1', receipt))


def codes(payload: Any) -> list[tuple[str, str | None]]:
    return [(error["code"], error["field"]) for error in payload["userErrors"]]


async def whose(link: str) -> tuple[Any, ...]:
    """Who made it, for whom, and of which store."""
    sql = "SELECT staff_id, customer_id, store_id FROM customer_link WHERE id = $1"
    return tuple((await db.fetch(sql, parse_id(link, "CustomerLink")))[0])


async def test_a_till_prints_a_code_on_a_receipt_and_hears_nothing_of_it(app: ASGIApp, world: World) -> None:
    phone = next_phone()
    customer = await make_customer(world, name="周雨桐", phone=phone)
    await ingest(world, sale("1", phone=phone), sale("2", 5000))
    till = await partner(app, world, "ingest", "links", stores=(world.stores[0],))
    operation, order = str(uuid4()), await order_of("1")
    made = await till.do("createCustomerLink", FOR_A_TILL, operationId=operation, orderId=order)
    link = made["link"]
    assert made["userErrors"] == [] and link["singleUse"] and link["orderId"] == order and link["staff"] is None
    assert link["qr"].startswith("<svg") and len(link["asks"]) >= 5
    assert await whose(link["id"]) == (None, customer, world.stores[0])
    token = link["url"].rpartition("/")[2]
    await service.fill_in(token, Filled(Locale.ZH_CN, {"name": "周小桐", "phone": next_phone()}, done=True), "10.0.0.7")
    again = await till.do("createCustomerLink", FOR_A_TILL, operationId=operation, orderId=order)
    assert again["link"] == link | {"open": False, "usedAt": again["link"]["usedAt"]} and again["link"]["usedAt"]
    nobodys = await till.do("createCustomerLink", FOR_A_TILL, orderId=await order_of("2"))
    assert await whose(nobodys["link"]["id"]) == (None, None, world.stores[0])
    guide = await signed_in(app, world, "guide")
    kept = await guide.ask(
        "query ($id: ID!) { customerLinks(customerId: $id) { answers { name text } } }", id=her(customer)
    )
    assert ("name", "周小桐") in {(one["name"], one["text"]) for one in kept["customerLinks"][0]["answers"]}
    assert token not in await everything_kept()


def her(customer: UUID) -> str:
    return global_id("Customer", customer)


async def test_a_key_makes_links_of_its_own_stores_alone(app: ASGIApp, world: World) -> None:
    near, far = await make_customer(world), await make_customer(world, "stranger", phone=(phone := next_phone()))
    await ingest(world, sale("1", phone=phone), sale("9", store_code="S2", phone=phone))
    till = await partner(app, world, "links", stores=(world.stores[0],))
    everywhere = await partner(app, world, "links")
    store, other = (global_id("Store", key) for key in world.stores[:2])
    cases: list[tuple[Browser, dict[str, Any], Any]] = [
        (till, {"customerId": her(near)}, near),
        (till, {"customerId": her(far)}, ("NOT_FOUND", "customerId")),
        (till, {"orderId": await order_of("1")}, None),  # of its store; but she is another's, so whoever has it
        (till, {"orderId": await order_of("9")}, ("NOT_FOUND", "orderId")),
        (till, {"storeId": store}, None),
        (till, {"storeId": other}, ("FORBIDDEN", "storeId")),
        (till, {}, None),
        (everywhere, {"customerId": her(far)}, far),
        (everywhere, {"orderId": await order_of("9")}, far),
        (everywhere, {"storeId": other}, None),
    ]
    for key, said, wanted in cases:
        made = await key.do("createCustomerLink", FOR_A_TILL, **said)
        if isinstance(wanted, tuple):
            assert (made["link"], codes(made)) == (None, [wanted]), said
        else:
            assert codes(made) == [] and (await whose(made["link"]["id"]))[1] == wanted, said


async def test_who_wants_nothing_passed_on_is_not_there_for_a_key(app: ASGIApp, world: World) -> None:
    phone = next_phone()
    customer = await make_customer(world, phone=phone)
    await db.execute("""UPDATE customer SET refusals = '["sharing/any"]' WHERE id = $1""", customer)
    await ingest(world, sale("1", phone=phone))
    till = await partner(app, world, "links", stores=(world.stores[0],))
    refused = await till.do("createCustomerLink", FOR_A_TILL, customerId=her(customer))
    assert codes(refused) == [("NOT_FOUND", "customerId")]
    made = await till.do("createCustomerLink", FOR_A_TILL, orderId=await order_of("1"))
    assert (await whose(made["link"]["id"]))[1] is None


async def test_no_other_scope_makes_links_and_this_one_does_nothing_else(app: ASGIApp, world: World) -> None:
    customer = await make_customer(world)
    link = global_id("CustomerLink", await make_link(world, customer))
    for scopes in (("read",), ("ingest",), ("leads",), ("read", "ingest", "leads")):
        key = await partner(app, world, *scopes)
        assert await refusals(key, "createCustomerLink", customerId=her(customer)) == {"FORBIDDEN"}
    till = await partner(app, world, "links")
    for field, said in (("settleLinkAnswers", {"id": link, "take": []}), ("revokeCustomerLink", {"id": link})):
        assert await refusals(till, field, **said) == {"FORBIDDEN"}
    for document in (
        "query ($id: ID!) { customerLinks(customerId: $id) { url } }",
        "query ($id: ID!) { customer(id: $id) { name } }",
        "{ linkOffers { version } }",
    ):
        answer = (await till.send(document, {"id": her(customer)})).json()
        assert [error["extensions"]["code"] for error in answer["errors"]] == ["FORBIDDEN"]
    seen = await till.ask("query ($id: ID!) { node(id: $id) { id } }", id=link)
    assert seen == {"node": None}
    of_whom = await till.send(CREATE_AND_ASK, {"input": {"operationId": str(uuid4()), "customerId": her(customer)}})
    answer = of_whom.json()
    assert [error["extensions"]["code"] for error in answer["errors"]] == ["FORBIDDEN"]  # it may not read customers
    assert answer["data"]["createCustomerLink"]["link"]["customer"] is None


CREATE_AND_ASK = """mutation ($input: CreateCustomerLinkInput!) { createCustomerLink(input: $input) {
  link { url customer { name phone } } } }"""


async def refusals(key: Browser, field: str, **said: Any) -> set[str]:
    kind = field[0].upper() + field[1:]
    text = f"mutation ($input: {kind}Input!) {{ {field}(input: $input) {{ userErrors {{ code }} }} }}"
    answer = (await key.send(text, {"input": {"operationId": str(uuid4()), **said}})).json()
    payload = (answer.get("data") or {}).get(field) or {"userErrors": []}
    codes = {error["extensions"]["code"] for error in answer.get("errors", [])}
    return codes | {error["code"] for error in payload["userErrors"]}


async def test_codes_on_receipts_hide_neither_the_stores_own_nor_what_waits(app: ASGIApp, world: World) -> None:
    phone, guide = next_phone(), world.staff["guide"]
    customer = await make_customer(world, phone=phone)
    await ingest(world, sale("1", phone=phone), sale("2", 5000))
    wall, own = await make_link(world), await make_link(world, customer)
    till = await partner(app, world, "links", stores=(world.stores[0],))
    for receipt in ("1", "2"):
        for _ in range(3):
            await till.do("createCustomerLink", FOR_A_TILL, orderId=await order_of(receipt))
    assert [link.id for link in await queries.store_links(guide, world.stores[0])] == [wall]
    assert [link.id for link in await queries.links_of(guide, customer)] == [own]
