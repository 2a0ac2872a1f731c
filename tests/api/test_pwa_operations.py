"""The app's own operations: each fits the schema, works for a guide, and costs few statements whatever it shows."""

from typing import Any
from uuid import uuid4

import pytest
from graphql import parse, validate
from starlette.types import ASGIApp

from shuke.api.pagination import global_id
from shuke.api.schema import schema
from shuke.domains.identity import rules
from shuke.domains.notifications import service as notifications
from shuke.domains.notifications.types import InboxKind, Letter
from shuke.domains.orders import service as purchases
from shuke.domains.orders.types import Product
from shuke.domains.segments import service as segments
from shuke.domains.segments.types.rules import NewSegment
from shuke.kit import db
from shuke.kit.ids import new_id
from tests.api.operations_cases import CASES, Target
from tests.api.pwa_errands import ERRANDS
from tests.api.pwa_operations import operations
from tests.api.real import Browser, partner, serving, signed_in
from tests.api.shop import Shop
from tests.factories import World, make_world, system
from tests.factories.customers import make_customer
from tests.factories.imports import make_import
from tests.factories.tags import static
from tests.factories.tasks import make_card

SCREENS = {"Today": 4, "Customers": 5, "CustomerById": 8, "Inbox": 3, "TaskById": 4, "CustomerOrders": 4, "Me": 7}
"""Screen -> most statements, the session's look-up included, and what the template keeps to some roles."""


async def lived_in(app: ASGIApp, world: World, customers: int) -> Target:
    """A store with so many customers, each with two orders, a card and a reminder."""
    guide = world.staff["guide"]
    assert guide.id
    till = await partner(app, world, "ingest")
    await purchases.save_products(world.staff["hq"], [Product("M1", "奶粉", "奶粉")])
    orders, people = [], []
    for n in range(customers):
        phone = f"1390000{n:04}"
        key = await make_customer(world, phone=phone, birthday=None)
        people.append(key)
        card = await make_card(world, key)
        await notifications.post(
            world.brand_id, [Letter(new_id(), guide.id, InboxKind.TASKS_DUE, {"count": 1, "taskIds": [card]}, "/")]
        )
        for turn in range(2):
            line = {"quantity": "1", "totalMinor": str(1000 + n), "name": "奶粉"}
            orders.append(
                {"source": "till", "storeCode": "S1", "businessDate": "2026-11-01", "receiptNo": f"{n}-{turn}"}
                | {"phone": phone, "placedAt": "2026-11-01T10:00:00+08:00", "lines": [line]}
            )
    verdicts = await till.do("ingestOrders", "results { verdict }", orders=orders)
    assert {one["verdict"] for one in verdicts["results"]} == {"CREATED"}
    await segments.refresh(await system(world))
    buyers = NewSegment(new_id(), "买过的", {"fact": "orders.count", "op": "ge", "value": 1})
    segment = await segments.save_segment(world.staff["hq"], buyers)
    while await segments.sweep_fills(100):
        pass
    await segments.tag_customers(guide, await static(world, "VIP"), people, adding=True)
    return Target(key, card, new_id(), world.stores[0], guide.id, *await make_import(world), segment=segment)


def roots_of(name: str) -> list[str]:
    asked = parse(operations()[name]).definitions[0].selection_set.selections  # type: ignore[attr-defined]
    return [one.name.value for one in asked]


def root_of(name: str) -> str:
    return roots_of(name)[0]


def variables_of(name: str, target: Target) -> dict[str, Any]:
    """For queries: a page of everything; for mutations: what the permission test sends."""
    board = {"period": "TODAY", "by": "STORE", "state": "LATE", "pool": False, "left": False, "noRegion": False}
    found: dict[str, Any] = {"days": 30} | ({"search": "周"} if name in ("FindReferrer", "FindForSegment") else {})
    found |= {"config": {}} if name == "RfmPreview" else {}
    segment = global_id("Segment", target.segment)
    if name == "SegmentMembers":
        found["id"] = segment
    if name == "SegmentWhy":
        found |= {"segmentId": segment, "customerId": global_id("Customer", target.customer)}
    said = CASES[root_of(name)].variables(target)
    return {"first": 50, "mine": False, "phone": "13900000000", "key": "name", **board, **found, **said}


@pytest.mark.parametrize("name", sorted(operations()))
def test_it_fits_the_schema(name: str) -> None:
    assert validate(schema._schema, parse(operations()[name])) == []


async def sent(shop: Shop, name: str) -> tuple[Browser, dict[str, Any]]:
    """Who asks (a guide, or head office for what guides may not) and the variables."""
    root, variables = root_of(name), variables_of(name, shop.target)
    if root in ERRANDS:
        asks, said = await ERRANDS[root](shop)
        given = {"operationId": str(uuid4()), **said}
        return asks, {"input": given} if "input" in variables else variables | said
    guide = shop.world.staff["guide"]
    guides = all(one in rules.ANYONE or rules.reach(guide, one) is not None for one in roots_of(name))
    return shop.guide if guides else shop.office, variables


EMPTY_BY_RIGHT = {
    "createCustomer.existing": "who has the number, when somebody has it already",
    "addIdentity.existing": "who has the number, when somebody has it already",
    "askToShare.existing": "who has the number, when she is one of this store's after all",
    "rfmPreview.problems": "why a cut divides nobody",
    "updateCustomer.conflicts": "what a colleague changed meanwhile",
    "updateDependant.conflicts": "what a colleague changed meanwhile",
}


def lacks(place: str, answer: Any) -> list[str]:
    """Where an answer refuses, or shows nothing of what was asked for."""
    if answer is None or answer == []:
        return [place]
    if not isinstance(answer, dict):
        return []
    if "userErrors" in answer:
        said = [f"{place}: {answer['userErrors']}"] if answer["userErrors"] else []
        return said + [f"{place}.{key}" for key, value in answer.items() if key != "userErrors" and value in (None, [])]
    lists = {key: value.get("edges") for key, value in answer.items() if isinstance(value, dict)}
    return [f"{place}.{key}" for key, rows in ({"edges": answer.get("edges")} | lists).items() if rows == []]


async def test_each_of_them_works_and_has_something_to_show(database: str) -> None:
    """No refusal is let pass: an operation that comes new with the app and needs a target gets an errand."""
    assert set(ERRANDS) <= set(CASES)
    world, found = await make_world(), []
    async with serving() as app:
        target = await lived_in(app, world, 2)
        shop = Shop(app, world, target, await signed_in(app, world, "guide"), await signed_in(app, world, "hq"))
        for name, document in sorted(operations().items()):
            asks, variables = await sent(shop, name)
            data = await asks.ask(document, **variables)
            found += [f"{name}: {place}" for key, answer in data.items() for place in lacks(key, answer)]
            if document.lstrip().startswith("mutation"):
                assert "userErrors" in data[root_of(name)], name
    assert [place for place in found if place.partition(": ")[2] not in EMPTY_BY_RIGHT] == []


async def test_a_screen_costs_few_statements_whatever_its_length(database: str) -> None:
    costs: list[dict[str, int]] = []
    async with serving() as app:
        for length in (1, 25):
            await db.execute("TRUNCATE brand CASCADE")
            world = await make_world()
            target = await lived_in(app, world, length)
            guide = await signed_in(app, world, "guide")
            found: dict[str, int] = {}
            for name in SCREENS:
                variables = variables_of(name, target)
                await guide.ask(operations()[name], **variables)  # keys that are made once are made
                async with db.counting() as statements:
                    data = await guide.ask(operations()[name], **variables)
                found[name] = len(statements)
                assert len(data["today"]["open"] if name == "Today" else [0] * length) == length
            costs.append(found)
    assert costs[0] == costs[1]
    assert all(costs[0][name] <= most for name, most in SCREENS.items()), costs[0]
