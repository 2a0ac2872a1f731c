"""A till's door and the orders' list through GraphQL."""

from typing import Any
from uuid import uuid4

from starlette.requests import Request

from shuke.api.context import Context
from shuke.api.pagination import global_id
from shuke.api.schema import schema
from shuke.domains.identity.types import Actor
from shuke.kit import clock, db
from tests.factories import make_world

INGEST = """mutation ($input: IngestOrdersInput!) { ingestOrders(input: $input) {
  results { index verdict orderId errors { code field message } } userErrors { code field message } } }"""
ORDERS = """query ($after: String) { orders(first: 2, after: $after) { pageInfo { hasNextPage endCursor }
  edges { node { id kind status placedAt receiptNo refundOf total { minor currency } store { name }
    lines { position sku name quantity unitPrice total { minor } } } } } }"""


async def ask(actor: Actor, document: str, locale: str = "zh-CN", **variables: Any) -> Any:
    request = Request({"type": "http", "method": "POST", "path": "/graphql", "headers": []})
    context = Context(request, actor, locale, now=clock.now())
    result = await schema.execute(document, variable_values=variables, context_value=context)
    assert result.errors is None, result.errors
    assert result.data is not None
    (answer,) = result.data.values()
    return answer


def order(receipt: str, quantity: str = "2", minor: str = "1998", **said: Any) -> dict[str, Any]:
    lines = [{"sku": "A", "name": "奶粉", "quantity": quantity, "unitPrice": "9.99", "totalMinor": minor}]
    plain = {"source": "pos", "storeCode": "S1", "businessDate": "2026-03-02", "receiptNo": receipt, "lines": lines}
    return plain | {"placedAt": "2026-03-02T10:00:00+08:00"} | said


async def test_a_till_gets_a_verdict_for_each_order_in_its_language(database: str) -> None:
    world = await make_world()
    hq = world.staff["hq"]
    said = {
        "operationId": str(uuid4()),
        "orders": [
            order("1", memberNo="M1"),
            order("2", storeCode="S9"),
            order("3", "-1", "-999", kind="REFUND", refundOfReceiptNo="1", placedAt="2026-03-02T11:00:00+08:00"),
            order("4", "x"),
        ],
    }
    first = await ask(hq, INGEST, input=said)
    assert first["userErrors"] == []
    assert [(one["index"], one["verdict"]) for one in first["results"]] == [
        (0, "CREATED"),
        (1, "REJECTED"),
        (2, "CREATED"),
        (3, "REJECTED"),
    ]
    assert first["results"][1]["errors"] == [{"code": "NOT_FOUND", "field": "storeCode", "message": "没有这个门店编码"}]
    assert first["results"][3]["errors"][0]["field"] == "lines.0.quantity"
    assert await ask(hq, INGEST, input=said) == first
    english = await ask(hq, INGEST, "en", input=said | {"operationId": str(uuid4())})
    assert [one["verdict"] for one in english["results"]] == ["UNCHANGED", "REJECTED", "UNCHANGED", "REJECTED"]
    assert english["results"][1]["errors"][0]["message"] == "There is no store with this code"

    page = await ask(hq, ORDERS)
    back, sold = (edge["node"] for edge in page["edges"])
    assert back["refundOf"] == sold["id"] == first["results"][0]["orderId"]
    assert sold["placedAt"].startswith("2026-03-02T02:00:00") and sold["total"] == {"minor": "1998", "currency": "CNY"}
    assert sold["lines"] == [
        {"position": 1, "sku": "A", "name": "奶粉", "quantity": "2", "unitPrice": "9.99", "total": {"minor": "1998"}}
    ]


async def test_a_page_of_orders_is_two_statements_and_the_next_goes_on(database: str) -> None:
    world = await make_world()
    orders = [order(str(n)) for n in range(5)]
    await ask(world.staff["hq"], INGEST, input={"operationId": str(uuid4()), "orders": orders})
    seen, after = [], None
    for more in (True, True, False):
        async with db.counting() as statements:
            page = await ask(world.staff["hq"], ORDERS, after=after)
        assert len(statements) == 2 and page["pageInfo"]["hasNextPage"] is more
        seen += [edge["node"]["receiptNo"] for edge in page["edges"]]
        after = page["pageInfo"]["endCursor"]
    assert sorted(seen) == ["0", "1", "2", "3", "4"]


async def test_a_whole_batch_is_refused_with_a_sentence(database: str) -> None:
    world = await make_world()
    for who, orders, code in (("guide", [], "FORBIDDEN"), ("hq", [order("1")] * 501, "INVALID")):
        answer = await ask(world.staff[who], INGEST, input={"operationId": str(uuid4()), "orders": orders})
        assert answer["results"] == [] and answer["userErrors"][0]["code"] == code
    node = "query ($id: ID!) { node(id: $id) { id } }"
    assert await ask(world.staff["hq"], node, id=global_id("Order", uuid4())) is None
