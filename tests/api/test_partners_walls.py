"""A key limited to stores: whatever it asks, and it asks for everything, other stores leave no trace in the answers."""

from typing import Any
from uuid import UUID

from graphql import (
    GraphQLNamedOutputType,
    GraphQLObjectType,
    get_named_type,
    is_composite_type,
    is_required_argument,
)

from shuke.api.pagination import global_id, split_id
from shuke.api.schema import schema
from shuke.domains.customers import queries as customers
from shuke.domains.customers.types import IdentityKind
from shuke.domains.identity import rules
from shuke.domains.segments import service as segments
from shuke.domains.segments.types import RfmCell
from shuke.kit import clock, db
from tests.api.real import Browser, partner, serving
from tests.api.test_node import ROWS, nodes
from tests.factories import World, make_world
from tests.factories.customers import make_customer
from tests.factories.orders import ingest, refund, sale

CORE = schema._schema
assert CORE.query_type
SECRETS = ("SECRET-STORE", "SECRET-STAFF", "SECRET-NAME", "SECRET-RECEIPT", "SECRET-ARTICLE", "777777")
CLOSED = {"task"}
"""What a partner's key is refused within a customer."""
NUMBERS = {"segments"}
"""How many customers of its stores are in each cell: numbers of nobody in particular, and of whole persons."""


def everything_of(kind: GraphQLNamedOutputType, above: tuple[str, ...] = ()) -> str:
    """Every field below the type, each type once on the way down."""
    assert isinstance(kind, GraphQLObjectType), kind
    shown = ["__typename"]
    for name, field in kind.fields.items():
        below = get_named_type(field.type)
        if below.name in above or any(map(is_required_argument, field.args.values())):
            continue
        first = "(first: 5)" if "first" in field.args else ""
        part = everything_of(below, (*above, kind.name)) if is_composite_type(below) else ""
        shown.append(f"{name}{first} {part}")
    return f"{{ {' '.join(shown)} }}"


def document(name: str, arguments: str = "") -> str:
    assert CORE.query_type
    return f"{{ {name}{arguments} {everything_of(get_named_type(CORE.query_type.fields[name].type))} }}"


async def answer(program: Browser, text: str) -> Any:
    """The data; of errors, only that some fields are not for partners."""
    said = (await program.send(text)).json()
    for error in said.get("errors", ()):
        assert error["extensions"]["code"] == "FORBIDDEN" and error["path"][-1] in CLOSED, error
    return said["data"]


async def all_rows(world: World) -> list[str]:
    """A global id for every row of the brand that may be a node."""
    kept = {kind: table for kind, table in ROWS.items() if kind != "Brand"}
    ids: list[str] = [global_id("Brand", world.brand_id)]
    for kind, table in kept.items():
        rows = await db.fetch(f"SELECT id FROM {table} WHERE brand_id = $1 ORDER BY id", world.brand_id)
        ids += [global_id(kind, row[0]) for row in rows]
    return ids


async def told(program: Browser, near: UUID, ids: list[str]) -> dict[str, Any]:
    """Everything that the key reads: each operation, and each row of the brand by its id, where there is an answer."""
    arguments = {
        "customer": f'(id: "{global_id("Customer", near)}")',
        "customers": "(first: 5)",
        "orders": "(first: 5)",
    }
    reads = [name for name, scope in rules.PARTNER.items() if scope == "read"]
    found = {name: await answer(program, document(name, arguments.get(name, ""))) for name in reads}
    for one in ids:
        kind, _ = split_id(one)
        parts = everything_of(CORE.type_map[kind])  # type: ignore[arg-type]
        said = await answer(program, f'{{ node(id: "{one}") {{ ... on {kind} {parts} }} }}')
        if said["node"]:
            found[one] = said["node"]
    return found


async def buy_elsewhere(world: World) -> UUID:
    """The second store is all secrets: its name, its staff, its customer, and what the first store's customer buys and
    gives back there.
    """
    await db.execute("UPDATE store SET name = 'SECRET-STORE' WHERE id = $1", world.stores[1])
    await db.execute("UPDATE staff SET name = 'SECRET-STAFF' WHERE id = $1", world.staff["stranger"].id)
    lines = [("SKU", "SECRET-ARTICLE", "1", None, "777777")]
    back = [("SKU", "SECRET-ARTICLE", "-1", None, "-1000")]
    here: dict[str, Any] = {"store_code": "S2", "member_no": "NEAR"}
    await ingest(
        world,
        *(sale(f"SECRET-RECEIPT-{day}", day=day, lines=lines, **here) for day in (-9, 30, 60)),
        refund("SECRET-RECEIPT-BACK", day=61, of="SECRET-RECEIPT-60", lines=back, **here),
    )
    far = await make_customer(world, guide="stranger", name="SECRET-NAME", alias="SECRET-NAME")
    await segments.refresh(world.staff["hq"])
    return far


async def shop(world: World) -> UUID:
    """A customer of the first store who bought twice there and brought something back."""
    here: dict[str, Any] = {"member_no": "NEAR"}
    bought = sale("1", 20000, **here), sale("2", 5000, 40, **here)
    await ingest(world, *bought, refund("3", -3000, 41, of="2", **here))
    await segments.refresh(world.staff["hq"])
    (near,) = (await customers.find_by_identity(world.brand_id, IdentityKind.MEMBER_NO, ["NEAR"])).values()
    await db.execute("UPDATE customer SET guide_id = $2 WHERE id = $1", near, world.staff["guide"].id)
    return near


async def test_what_other_stores_do_changes_nothing_that_a_limited_key_reads(database: str, monkeypatch: Any) -> None:
    now = clock.now()
    monkeypatch.setattr(clock, "now", lambda: now)
    world = await make_world()
    near = await shop(world)
    async with serving() as app:
        till = await partner(app, world, "read", stores=(world.stores[0],))
        before = await told(till, near, await all_rows(world))
        await buy_elsewhere(world)
        ids = await all_rows(world)
        after, brand = await told(till, near, ids), await told(await partner(app, world, "read"), near, ids)
    for key in NUMBERS:
        del before[key], after[key]
    assert after == before
    assert all(secret in str(brand) for secret in SECRETS)  # which is to say that it was there to be found
    assert not [secret for secret in SECRETS if secret in str(after)]
    kinds = {value["__typename"] for value in brand.values() if "__typename" in value}
    assert kinds == set(nodes()) & {"Brand", "Customer", "Order", "Staff", "Store", "TimelineEntry"}


async def test_a_key_limited_to_every_store_reads_the_same_statistics_as_one_without_limits(database: str) -> None:
    world = await make_world()
    near = await shop(world)
    await buy_elsewhere(world)
    await ingest(world, sale("4", day=70, member_no="NEAR"), refund("5", day=71, of="4", member_no="NEAR"))
    async with serving() as app:
        every, brand = [await partner(app, world, "read", stores=stores) for stores in (tuple(world.stores), None)]
        text = document("customer", f'(id: "{global_id("Customer", near)}")')
        limited, whole = [(await answer(program, text))["customer"] for program in (every, brand)]
    cell = {key: whole[key] for key in ("cell", "cellReason")}
    assert whole["stats"]["orderCount"] == 5 and all(cell.values())
    assert limited["cell"] is limited["cellReason"] is None and limited | cell == whole


async def test_a_limited_key_does_not_learn_a_cell_by_asking_who_is_in_it(database: str) -> None:
    world = await make_world()
    await shop(world)
    async with serving() as app:
        text = "query ($cell: RfmCell) { customers(cell: $cell) { totalCount edges { cursor } } }"
        till, brand = await partner(app, world, "read", stores=tuple(world.stores)), await partner(app, world, "read")
        found = [(await brand.ask(text, cell=cell.name))["customers"]["totalCount"] for cell in RfmCell]
        assert sum(found) == 1
        for cell in RfmCell:
            assert (await till.ask(text, cell=cell.name))["customers"] == {"totalCount": 0, "edges": []}


async def test_a_limited_key_finds_the_colleagues_of_its_stores_only(database: str) -> None:
    world = await make_world()
    async with serving() as app:
        till = await partner(app, world, "read", stores=(world.stores[0],))
        text = "query ($id: ID!) { node(id: $id) { ... on Staff { name } } }"
        seen = {who: await till.ask(text, id=global_id("Staff", one.id)) for who, one in world.staff.items() if one.id}
    assert {who for who, said in seen.items() if said["node"]} == {"guide", "colleague", "manager"}
