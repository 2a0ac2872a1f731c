"""A customer entered with her children and who brought her: all of it or nothing, once, and by whom."""

from typing import Any
from uuid import UUID, uuid4

from shuke.api.pagination import global_id
from shuke.kit import clock, db
from shuke.kit.ids import new_id
from tests.api.test_children_api import NOON
from tests.api.test_customers_api import CREATE, send
from tests.api.test_visits_api import attempt
from tests.factories import make_world
from tests.factories.customers import make_customer, next_phone
from tests.factories.profile import add_fields, new_field
from tests.integration.test_leads import partner

FAMILY = """SELECT c.referrer_id, array(SELECT d.name FROM dependant d WHERE d.customer_id = c.id ORDER BY d.born_on)
FROM customer c WHERE c.id = $1"""
LEFT = """SELECT (SELECT count(*) FROM customer WHERE id = $1) + (SELECT count(*) FROM customer_identity
  WHERE customer_id = $1) + (SELECT count(*) FROM dependant WHERE customer_id = $1)"""
TOLD = "SELECT kind FROM event WHERE brand_id = $1 ORDER BY id"


def child(**said: Any) -> dict[str, Any]:
    return {"id": str(new_id()), **said}


async def test_she_is_entered_with_her_children_and_who_brought_her_once(database: str) -> None:
    world = await make_world()
    guide, key, operation = world.staff["guide"], new_id(), uuid4()
    friend = await make_customer(world, alias="小满妈妈")
    known = len(await db.fetch(TOLD, world.brand_id))
    said = {
        "id": str(key),
        "phone": next_phone(),
        "referrerId": global_id("Customer", friend),
        "children": [child(name="小满", bornOn="2026-05-01"), child(name="豆豆", gender="MALE", dueOn="2026-12-24")],
    }
    for _ in range(2):
        with clock.pretended(NOON):
            done = await send(guide, CREATE, operation, **said)
        assert done["userErrors"] == [] and done["customer"]["version"] == 1
    assert tuple(await db.fetch_row(FAMILY, key) or ()) == (friend, ["小满", "豆豆"])
    told = [row[0] for row in await db.fetch(TOLD, world.brand_id)][known:]
    assert sorted(told) == ["customer.created", "dependant.added", "dependant.added"]


async def test_what_is_wrong_with_a_child_or_the_referrer_is_said_and_nothing_is_half_done(database: str) -> None:
    world = await make_world()
    guide, fine = world.staff["guide"], child(bornOn="2026-05-01")
    (feeding,) = await add_fields(world.staff["hq"], new_field("喂养方式", subject="DEPENDANT", required=True))
    away = global_id("Customer", await make_customer(world, "stranger"))
    twice = child(bornOn="2026-05-01")
    cases: list[tuple[dict[str, Any], str, str]] = [
        ({"children": [fine, child(bornOn="2096-01-01")]}, "INVALID", "children.1.bornOn"),
        ({"children": [child(dueOn="2020-01-01")]}, "INVALID", "children.0.dueOn"),
        ({"children": [child()]}, "INVALID", "children.0.bornOn"),
        ({"children": [child(bornOn="2026-05-01", name="长" * 121)]}, "INVALID", "children.0.name"),
        ({"children": [twice, twice]}, "TAKEN", "children.1.id"),
        ({"children": [child(bornOn="2026-05-01") for _ in range(21)]}, "INVALID", "children"),
        ({"children": [fine], "templateVersion": 2}, "REQUIRED", f"children.0.values.{feeding}"),
        (
            {"children": [fine | {"values": [{"key": "note", "content": ["x"]}]}]},
            "NOT_FOUND",
            "children.0.values.note",
        ),
        ({"children": [fine], "referrerId": away}, "NOT_FOUND", "referrerId"),
        ({"children": [fine], "referrerId": global_id("Customer", new_id())}, "NOT_FOUND", "referrerId"),
    ]
    for more, code, field in cases:
        key = new_id()
        told = await send(guide, CREATE, id=str(key), phone=next_phone(), **more)
        assert [(error["code"], error["field"]) for error in told["userErrors"]] == [(code, field)], more
        assert told["userErrors"][0]["message"]
        assert await db.fetch_value(LEFT, key) == 0
    filled = fine | {"values": [{"key": feeding, "content": ["奶粉"]}]}
    done = await send(guide, CREATE, id=str(new_id()), phone=next_phone(), children=[filled], templateVersion=2)
    assert done["userErrors"] == []


async def test_who_enters_a_family(database: str) -> None:
    world = await make_world()
    brought = global_id("Customer", await make_customer(world))

    def newcomer() -> dict[str, Any]:
        return {"id": str(new_id()), "phone": next_phone(), "children": [child(bornOn="2026-05-01")]}

    for who in ("guide", "colleague", "manager", "hq", "stranger"):
        assert await attempt(world.staff[who], CREATE, **newcomer()) == set(), who
    assert await attempt(world.staff["stranger"], CREATE, **newcomer(), referrerId=brought) == {"NOT_FOUND"}
    store = global_id("Store", world.stores[0])
    assert await attempt(world.staff["stranger"], CREATE, **newcomer(), storeId=store) == {"FORBIDDEN"}
    assert await attempt(partner(world), CREATE, **newcomer()) == {"FORBIDDEN"}
    assert await attempt(None, CREATE, **newcomer()) == {"SIGN_IN_NEEDED"}
    entered: UUID = new_id()
    assert await attempt(None, CREATE, **newcomer() | {"id": str(entered)}) == {"SIGN_IN_NEEDED"}
    assert await db.fetch_value(LEFT, entered) == 0
