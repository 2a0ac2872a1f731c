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
from shuke.domains.segments import service as segments
from shuke.kit import db
from shuke.kit.ids import new_id
from tests.api.operations_cases import CASES, Target
from tests.api.pwa_operations import operations
from tests.api.real import Browser, partner, serving, signed_in
from tests.factories import PASSWORD, World, make_world, system
from tests.factories.customers import make_customer
from tests.factories.imports import make_import
from tests.factories.tasks import make_card

SCREENS = {"Today": 3, "Customers": 4, "CustomerById": 6, "Inbox": 3, "TaskById": 3, "CustomerOrders": 4, "Me": 6}
"""Screen -> most statements, the session's look-up included."""


async def lived_in(app: ASGIApp, world: World, customers: int) -> Target:
    """A store with so many customers, each with two orders, a card and a reminder."""
    guide = world.staff["guide"]
    assert guide.id
    till = await partner(app, world, "ingest")
    orders = []
    for n in range(customers):
        phone = f"1390000{n:04}"
        key = await make_customer(world, phone=phone, birthday=None)
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
    assert world.staff["guide"].id
    return Target(key, card, new_id(), world.stores[0], world.staff["guide"].id, *await make_import(world))


def root_of(name: str) -> str:
    root: str = parse(operations()[name]).definitions[0].selection_set.selections[0].name.value  # type: ignore[attr-defined]
    return root


def variables_of(name: str, target: Target, world: World) -> dict[str, Any]:
    """For queries: a page of everything; for mutations: what the permission test sends."""
    root = root_of(name)
    if name == "SignIn":
        return {"input": {"operationId": str(uuid4()), "phone": world.phones["guide"], "password": PASSWORD}}
    board = {"period": "TODAY", "by": "STORE", "state": "LATE", "pool": False, "left": False}
    given = {"first": 50, "mine": False, "phone": "13900000000", **board, **CASES[root].variables(target)}
    if name == "TestPush":
        given["input"]["endpoint"] = SUBSCRIBED["endpoint"]
    if name == "SubscribePush":
        SUBSCRIBED.update(given["input"])
    return given


SUBSCRIBED: dict[str, str] = {}


@pytest.mark.parametrize("name", sorted(operations()))
def test_it_fits_the_schema(name: str) -> None:
    assert validate(schema._schema, parse(operations()[name])) == []


def may(world: World, name: str) -> bool:
    """Whether a guide may ask for this; else it is a screen of head office's."""
    return root_of(name) in rules.ANYONE or rules.reach(world.staff["guide"], root_of(name)) is not None


async def test_all_of_them_work_for_a_guide(database: str) -> None:
    world = await make_world()
    async with serving() as app:
        target = await lived_in(app, world, 2)
        guide, office = await signed_in(app, world, "guide"), await signed_in(app, world, "hq")
        names = sorted(
            operations(), key=lambda name: (name != "SubscribePush", not may(world, name), name == "SignOut", name)
        )
        for name in names:
            if name == "RevokeSession":
                await signed_in(app, world, "guide")
                others = [one for one in await sessions(guide) if not one["current"]]
                variables: dict[str, Any] = {"input": {"operationId": str(uuid4()), "id": others[0]["id"]}}
            elif name == "AcceptInvitation":
                joins = {
                    "name": "林晓",
                    "phone": "13900008888",
                    "role": "GUIDE",
                    "storeId": global_id("Store", target.store),
                }
                link = (await (await signed_in(app, world, "admin")).do("inviteStaff", "link", **joins))["link"]
                said = {"token": link.partition("#")[2], "password": PASSWORD, "device": "phone"}
                variables = {"input": {"operationId": str(uuid4()), **said}}
            else:
                variables = variables_of(name, target, world)
            asks = guide if may(world, name) else office
            if name == "AcceptInvitation":  # on a phone of her own
                asks = Browser(app)
            root, answer = next(iter((await asks.ask(operations()[name], **variables)).items()))
            assert answer is not None, name
            refused = answer.get("userErrors") if isinstance(answer, dict) else None
            assert asks is office or not refused, (name, root, answer)  # what office aims at is not there


async def sessions(guide: Browser) -> list[Any]:
    return list((await guide.ask("{ sessions { id current } }"))["sessions"])


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
                variables = variables_of(name, target, world)
                await guide.ask(operations()[name], **variables)  # keys that are made once are made
                async with db.counting() as statements:
                    data = await guide.ask(operations()[name], **variables)
                found[name] = len(statements)
                assert len(data["today"]["open"] if name == "Today" else [0] * length) == length
            costs.append(found)
    assert costs[0] == costs[1]
    assert all(costs[0][name] <= most for name, most in SCREENS.items()), costs[0]
