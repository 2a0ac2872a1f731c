"""Attacks on what somebody may touch: another brand's ids in every place, other stores through nested fields."""

from typing import Any
from uuid import UUID

from graphql import get_named_type

from shuke.api.pagination import global_id
from shuke.kit import clock, db
from shuke.kit.ids import new_id
from tests.api.odd import OPERATIONS, document, leaves, put
from tests.api.operations_cases import Target
from tests.api.real import Browser, partner, serving, signed_in
from tests.api.test_fuzz import variables_of
from tests.factories import World, make_world
from tests.factories.customers import make_customer
from tests.factories.tasks import make_card

SLOW = {"signIn"}
SECRET = "不可外传"
ORDERS = 'SELECT o.id FROM "order" o WHERE o.brand_id = $1 LIMIT 1'


async def house(name: str, secret: str) -> tuple[World, Target]:
    """A brand in which every name says whose it is."""
    world = await make_world(name)
    customer = await make_customer(world, name=f"{secret}某", alias=secret, note=secret)
    guide = world.staff["guide"].id
    assert guide
    return world, Target(customer, await make_card(world, customer), new_id(), world.stores[0], guide)


async def ids_of(app: Any, world: World, target: Target) -> list[str]:
    """Everything with an id in a brand."""
    till, admin = await partner(app, world, "ingest"), await signed_in(app, world, "admin")
    said = variables_of("ingestOrders", target)["input"]
    await till.do("ingestOrders", **said)
    session = (await admin.ask("{ me { sessionId } }"))["me"]["sessionId"]
    found = [session, global_id("Customer", target.customer), global_id("Task", target.task)]
    found += [global_id("Order", await db.fetch_value(ORDERS, world.brand_id)), global_id("Brand", world.brand_id)]
    found += [global_id("Store", key) for key in world.stores]
    return found + [global_id("Staff", member.id) for member in world.staff.values() if member.id]


async def footprint(brand_id: UUID) -> list[Any]:
    tables = ("customer", "task", "timeline_entry", "session", '"order"', "customer_identity", "event", "inbox_message")
    sql = " UNION ALL ".join(
        f"SELECT '{t}', md5(string_agg(t::text, '' ORDER BY t.id)) FROM {t} t WHERE brand_id = $1" for t in tables
    )
    return [tuple(row) for row in await db.fetch(sql, brand_id)]


async def test_another_brands_ids_lead_nowhere_in_any_argument(database: str) -> None:
    theirs, their_target = await house("别家", SECRET)
    world, target = await house("好孕来", "自家")
    async with serving() as app:
        foreign = await ids_of(app, theirs, their_target)
        raw = [str(their_target.customer), str(their_target.task), str(theirs.staff["guide"].id)]
        before = await footprint(theirs.brand_id)
        for who in ("guide", "admin", "partner"):
            for name, parent in OPERATIONS.items():
                if name in SLOW | {"signOut"}:
                    continue
                caller = await (
                    partner(app, world, "read", "ingest") if who == "partner" else signed_in(app, world, who)
                )
                for arg, it in parent.fields[name].args.items():
                    for place, kind in leaves(it.type, (arg,)):
                        values = {"ID": foreign, "UUID": raw}.get(get_named_type(kind).name, ())
                        for value in values if place[-1] != "operationId" else ():
                            answer = await caller.send(document(name), put(variables_of(name, target), place, value))
                            assert answer.status_code == 200 and SECRET not in answer.text, (who, name, place, value)
        assert await footprint(theirs.brand_id) == before


async def test_a_guide_reaches_no_other_store_by_whatever_field(database: str) -> None:
    world, target = await house("好孕来", "自家")
    far = await make_customer(world, guide="stranger", name=f"{SECRET}某", alias=SECRET, note=SECRET)
    card = await make_card(world, far)
    async with serving() as app:
        guide, stranger = await signed_in(app, world, "guide"), await signed_in(app, world, "stranger")
        for kind, key in (("Customer", far), ("Task", card), ("Store", world.stores[1])):
            one = global_id(kind, key)
            text = "query ($id: ID!) { node(id: $id) { id } }"
            assert (await guide.ask(text, id=one))["node"] is None and (await stranger.ask(text, id=one))["node"]
        for name in ("customers", "today", "inbox", "orders"):
            answer = await guide.send(document(name), {"first": 50})
            assert SECRET not in answer.text, name
        store = 'query ($s: ID) { customers(storeId: $s, search: "不可") { edges { node { id } } totalCount } }'
        assert (await guide.ask(store, s=global_id("Store", world.stores[1])))["customers"]["totalCount"] == 0
        # she moves to another store: what she closed here is no longer hers to read
        await guide.do("recordOutcome", taskId=global_id("Task", target.task), outcome="REACHED")
        done = "{ today { done { customer { name } } } }"
        assert (await guide.ask(done))["today"]["done"]
        await db.execute(
            "UPDATE staff_role SET store_id = $1 WHERE staff_id = $2", world.stores[2], world.staff["guide"].id
        )
        assert (await guide.ask(done))["today"]["done"] == []
        assert (await guide.ask("query ($i: ID!) { task(id: $i) { id } }", i=global_id("Task", target.task)))[
            "task"
        ] is None


async def test_a_closed_card_does_not_follow_into_the_store_a_customer_left(database: str) -> None:
    world, target = await house("好孕来", "自家")
    async with serving() as app:
        guide, manager = await signed_in(app, world, "guide"), await signed_in(app, world, "manager")
        closed = "{ boardCards(state: DONE) { edges { node { customer { name } } } } board { counts { done } } }"
        await guide.do("recordOutcome", taskId=global_id("Task", target.task), outcome="REACHED")
        shown = await manager.ask(closed)
        assert len(shown["boardCards"]["edges"]) == shown["board"]["counts"]["done"] == 1
        await db.execute("UPDATE customer SET store_id = $1, guide_id = NULL", world.stores[1])
        shown = await manager.ask(closed)
        assert shown["boardCards"]["edges"] == [] and shown["board"]["counts"]["done"] == 0
        text = "query ($i: ID!) { task(id: $i) { customer { name timeline { edges { node { detail } } } } } }"
        assert (await guide.ask(text, i=global_id("Task", target.task)))["task"] is None
        assert (await guide.ask("{ today { done { id } } }"))["today"]["done"] == []


async def test_nothing_can_be_assigned_beside_what_the_schema_names(database: str) -> None:
    world, target = await house("好孕来", "自家")
    async with serving() as app:
        guide: Browser = await signed_in(app, world, "guide")
        for extra in ("brandId", "guideId", "version", "createdAt", "mergedInto", "__class__"):
            said = variables_of("createCustomer", target)
            said["input"][extra] = str(world.staff["stranger"].id)
            errors = (await guide.send(document("createCustomer", 2), said)).json()["errors"]
            assert errors[0]["extensions"]["code"] == "BAD_USER_INPUT"
        before = clock.now()
    assert await db.fetch_value("SELECT count(*) FROM customer WHERE created_at > $1", before) == 0
