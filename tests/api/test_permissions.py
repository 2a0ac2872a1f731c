"""The permission matrix is what the API does: every operation, as every kind of caller, generated from the schema."""

from dataclasses import replace
from uuid import UUID, uuid4

import pytest
from graphql import GraphQLSchema
from starlette.requests import Request

from shuke.api.context import Context
from shuke.api.schema import schema
from shuke.domains.customers.service import add_interaction, ask_to_share
from shuke.domains.customers.types import Claim, ContactRole, IfTaken
from shuke.domains.customers.types.visits import InteractionKind
from shuke.domains.identity import rules
from shuke.domains.identity.types import Actor, Locale, Role
from shuke.domains.records import service as records
from shuke.domains.segments import service as segments
from shuke.domains.segments.types.rules import NewSegment
from shuke.kit import clock, db, queue
from shuke.kit.ids import new_id
from tests.api.operations_cases import CASES, Target
from tests.factories import World, make_staff, make_world
from tests.factories.children import make_child
from tests.factories.customers import make_customer, next_phone
from tests.factories.imports import make_import
from tests.factories.links import make_link
from tests.factories.merging import merge
from tests.factories.tags import static
from tests.factories.tasks import make_card
from tests.factories.visits import make_paper, make_visit
from tests.servers import embedded_for_tests

CALLERS = [
    "guide",
    "colleague",
    "stranger",
    "manager",
    "regional",
    "regional elsewhere",
    "hq",
    "admin",
    "other brand",
    "reader",
    "ingester",
    "linker",
    "asker",
    "reader here",
    "reader elsewhere",
    "ingester elsewhere",
    "nobody",
]
"""Here: in the store of what the calls aim at; elsewhere: in another one, or another region."""
PARTNERS = {"reader": "read", "ingester": "ingest", "linker": "links", "asker": "leads"}
ANSWERS_WITHOUT_REACH = {"FORBIDDEN", "NOT_FOUND"}


def root_fields() -> set[str]:
    core: GraphQLSchema = schema._schema
    assert core.query_type and core.mutation_type
    return set(core.query_type.fields) | set(core.mutation_type.fields)


def test_every_operation_of_the_schema_stands_in_the_matrix_and_in_this_test() -> None:
    assert root_fields() == set(rules.STAFF) | rules.ANYONE
    assert set(CASES) == root_fields()
    assert set(rules.PARTNER) <= set(rules.STAFF)


async def caller(world: World, who: str) -> Actor | None:
    if who == "nobody":
        return None
    if who == "other brand":
        return await with_session((await make_world("别家")).staff["admin"])
    kind, _, place = who.partition(" ")
    if kind in PARTNERS:
        scopes, stores = frozenset({PARTNERS[kind]}), {"here": world.stores[:1], "elsewhere": world.stores[1:]}
        limits = tuple(stores[place]) if place else None
        where = (world.brand_id, who, Locale.EN, "Asia/Shanghai", "CNY")
        return Actor("partner", new_id(), *where, scopes=scopes, stores=limits)
    if who == "regional elsewhere":
        person, _ = await make_staff(world.brand_id, who, Role.REGIONAL_MANAGER, region=world.regions[1])
        return await with_session(person)
    return await with_session(world.staff[who])


async def with_session(actor: Actor) -> Actor:
    session_id = new_id()
    await db.execute(
        "INSERT INTO session (id, brand_id, staff_id, token_hash, device, last_seen_at, expires_at)"
        " VALUES ($1, $2, $3, $4, '', $5, $5::timestamptz + interval '1 hour')",
        *(session_id, actor.brand_id, actor.id, uuid4().bytes, clock.now()),
    )
    return replace(actor, session_id=session_id)


async def target_of(world: World) -> Target:
    phone = next_phone()
    customer = await make_customer(world, guide="guide", phone=phone)
    identity = await db.fetch_value("SELECT id FROM customer_identity WHERE customer_id = $1", customer)
    request = await ask_to_share(world.staff["stranger"], phone)
    task = await make_card(world, customer)
    session = (await with_session(world.staff["guide"])).session_id
    assert session
    guide = world.staff["guide"].id
    assert guide
    about = (*await make_import(world), await make_child(world, customer), identity, request)
    own = (await make_visit(world), await make_paper(world))
    twin = await make_customer(world, guide="guide")
    link = await make_link(world, customer)
    loyal = NewSegment(new_id(), "熟客", {"fact": "orders.count", "op": "ge", "value": 2})
    segment = await segments.save_segment(world.staff["hq"], loyal)
    vip, twins = await static(world, "VIP"), await static(world, "twins")
    group = await db.fetch_value("SELECT id FROM tag_group WHERE brand_id = $1", world.brand_id)
    batch = await segments.tag_customers(world.staff["guide"], vip, [customer], adding=True)
    mine = (customer, task, session, world.stores[0], guide)
    return Target(*mine, *about, *own, twin, link, segment, group, vip, twins, batch)


TAKEN_BACK = {"undoVisit": "visit", "undoInteraction": "timeline_entry"}
"""What only she takes back who put it down -> its table; who may not see it is told nothing."""
SUCCEEDS = {"undoMerge", "dismissDuplicate", "reopenDuplicate", "removeContact", *TAKEN_BACK}
"""Operations that have all they need here."""


async def provide(world: World, operation: str, target: Target) -> None:
    """What only this operation is after, so that the others need not wait for it."""
    guide = world.staff["guide"]
    if operation == "removeContact":
        phone = await db.fetch_value("SELECT value FROM customer_identity WHERE id = $1", target.identity)
        await make_customer(world, phone=phone, claim=Claim(IfTaken.FAMILY, ContactRole.FATHER))
        sql = "SELECT id FROM identity_contact WHERE identity_id = $1"
        target.contact = await db.fetch_value(sql, target.identity)
    elif operation == "undoInteraction":
        target.interaction = new_id()
        await add_interaction(guide, target.customer, target.interaction, InteractionKind.CALL, None, None)
    elif operation in ("undoMerge", "dismissDuplicate", "reopenDuplicate"):
        one, other = [await make_customer(world, birthday="1990-03-08") for _ in range(2)]
        if operation == "undoMerge":
            target.merge = await merge(world, one, other)
            return
        await records.look_for_duplicates(world.brand_id, [one])
        sql = "SELECT id FROM duplicate_pair WHERE a_id = ANY($1) AND b_id = ANY($1)"
        target.pair = await db.fetch_value(sql, [one, other])
        if operation == "reopenDuplicate":
            await records.dismiss_duplicate(world.staff["hq"], target.pair)


def expected(actor: Actor | None, operation: str, target: Target, owner: UUID) -> str:
    """ok, SIGN_IN_NEEDED, or a refusal."""
    if operation in rules.ANYONE and operation != "node":
        return "ok"
    if actor is None:
        return "SIGN_IN_NEEDED"
    reach = rules.reach(actor, "customer" if operation == "node" else operation)
    if reach is None:  # `node` says of everything that is out of reach that it is not there
        return "out of reach" if operation == "node" else "FORBIDDEN"
    if operation in ("revokeSession", "export"):
        return "out of reach"  # the target is the guide's, or nobody's; each caller has what is her own
    if operation in TAKEN_BACK:
        return "ok" if actor.id == owner or actor.brand_id != BRAND[0] else "NOT_UNDOABLE"
    reads_all = CASES[operation].aims and actor.brand_id == BRAND[0]
    if CASES[operation].aims and not (reads_all and reach.covers(target.store, owner)):
        return "out of reach"
    return "ok"


BRAND: list[UUID] = []


@pytest.mark.parametrize("operation", sorted(CASES))
async def test_the_matrix_decides_who_may(database: str, operation: str) -> None:
    queue.configure(embedded_for_tests().redis)
    for who in CALLERS:
        world = await make_world()
        BRAND[:] = [world.brand_id]
        target = await target_of(world)
        await provide(world, operation, target)
        actor = await caller(world, who)
        owner = world.staff["guide"].id
        assert owner
        wanted = expected(actor, operation, target, owner)
        if operation == "revokeSession" and who == "guide":
            wanted = "ok"
        codes, data = await call(actor, operation, target)
        if wanted == "ok":
            allowed = NOTHING_TO_DO.get(operation, set())
            assert not codes & (ANSWERS_WITHOUT_REACH | {"SIGN_IN_NEEDED"}) - allowed, (who, codes)
            assert operation not in SUCCEEDS or not codes, (who, codes)
            assert data[operation] is not None or (operation == "me" and (actor is None or actor.kind != "staff"))
        elif wanted == "out of reach":
            assert codes & ANSWERS_WITHOUT_REACH or data == {operation: None}, (who, codes, data)
        else:
            assert codes == {wanted}, (who, codes, data)
        if table := TAKEN_BACK.get(operation):
            key = target.visit if operation == "undoVisit" else target.interaction
            there = await db.fetch_value(f"SELECT count(*) FROM {table} WHERE id = $1", key)
            assert there == (who != "guide"), who
    await queue.close()


NOTHING_TO_DO = {
    name: {"NOT_FOUND"}
    for name in (
        *("testPush", "acceptInvitation", "rotatePartnerKey", "revokePartnerKey"),
        "askToShare",
    )
}
"""Allowed, yet what it would touch does not exist."""


async def call(actor: Actor | None, operation: str, target: Target) -> tuple[set[str], dict[str, object]]:
    """The refusal codes of one call, wherever they stand, and its data."""
    request = Request(
        {
            "type": "http",
            "method": "POST",
            "path": "/graphql",
            "headers": [],
            "scheme": "http",
            "client": ("10.1.1.1", 1),
        }
    )
    context = Context(request, actor, "en")
    case = CASES[operation]
    result = await schema.execute(case.document, variable_values=case.variables(target), context_value=context)
    codes = set()
    for error in result.errors or []:
        assert error.extensions and error.extensions["code"] != "INTERNAL", (operation, error)
        codes.add(error.extensions["code"])
    payload = (result.data or {}).get(operation)
    if isinstance(payload, dict):
        codes |= {problem["code"] for problem in payload.get("userErrors") or []}
    return codes, result.data or {operation: None}
