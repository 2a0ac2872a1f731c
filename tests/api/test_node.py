"""`node(id)` keeps what the interface promises: a Node can be fetched again by its id, by whoever may see it."""

from dataclasses import dataclass

import pytest
from graphql import GraphQLInterfaceType, GraphQLObjectType

from shuke.api.pagination import global_id
from shuke.api.schema import schema
from shuke.domains.customers import service as customers
from shuke.domains.customers.service import ask_to_share
from shuke.domains.customers.types.consents import ConsentPurpose
from shuke.domains.identity import service as identity
from shuke.domains.identity.types import Actor, KeyWish, PartnerScope
from shuke.domains.notifications import service as push
from shuke.domains.records import service as records
from shuke.domains.segments import service as segments
from shuke.domains.segments.types.rules import NewSegment
from shuke.kit import db
from shuke.kit.ids import new_id
from shuke.kit.webpush import Device
from tests.api.operations_cases import ENDPOINT, SUBSCRIPTION_KEY
from tests.api.test_customers_api import ask
from tests.factories import World, make_world, system
from tests.factories.children import make_child
from tests.factories.customers import make_customer, next_phone
from tests.factories.imports import make_export, make_import
from tests.factories.links import make_link
from tests.factories.merging import merge
from tests.factories.notifications import remind, signed_in
from tests.factories.orders import ingest, sale
from tests.factories.tags import static
from tests.factories.tasks import make_card
from tests.factories.visits import make_paper, make_visit

NODE = "query ($id: ID!) { node(id: $id) { __typename id } }"
ROWS = {
    "AuditEvent": "event",
    "Brand": "brand",
    "ConsentText": "consent_text",
    "Customer": "customer",
    "CustomerIdentity": "customer_identity",
    "CustomerLink": "customer_link",
    "DuplicatePair": "duplicate_pair",
    "Dependant": "dependant",
    "ExportJob": "export_job",
    "ImportJob": "import_job",
    "InboxMessage": "inbox_message",
    "Merge": "merge_record",
    "Order": '"order"',
    "PaperCard": "paper_card",
    "PartnerKey": "partner_key",
    "PushDevice": "push_subscription",
    "Region": "region",
    "Segment": "segment",
    "Session": "session",
    "ShareRequest": "share_request",
    "Staff": "staff",
    "StaffMember": "staff",
    "Store": "store",
    "Tag": "tag",
    "TagBatch": "tag_batch",
    "TagGroup": "tag_group",
    "Task": "task",
    "TimelineEntry": "timeline_entry",
    "Visit": "visit",
}
"""Type -> the table whose rows it shows."""
SEEN_BY = {"ExportJob": "hq", "ImportJob": "hq", "StaffMember": "hq", "Order": "manager", "PartnerKey": "hq"}
SEEN_BY |= {"DuplicatePair": "manager", "Merge": "manager", "ShareRequest": "manager"}
SEEN_BY |= {"AuditEvent": "hq", "Segment": "hq"}
"""What a guide does not see."""


def object_types() -> list[GraphQLObjectType]:
    return [kind for kind in schema._schema.type_map.values() if isinstance(kind, GraphQLObjectType)]


def nodes() -> list[str]:
    interface = schema._schema.type_map["Node"]
    assert isinstance(interface, GraphQLInterfaceType)
    return sorted(kind.name for kind in object_types() if interface in kind.interfaces)


@dataclass(slots=True)
class House:
    world: World
    guide: Actor


async def furnished() -> House:
    """A brand in which there is one of everything, the guide's or her store's; she has a session."""
    world = await make_world()
    guide = await signed_in(world, "guide")
    await push.subscribe(guide, Device(ENDPOINT, SUBSCRIPTION_KEY, "8eDyX_uCN0XRhSbY5hs7Hg"), None)
    phone = next_phone()
    her = await make_customer(world, phone=phone)
    await make_card(world, her)
    await make_link(world, her)
    await ingest(world, sale("1"))
    await remind(world, guide)
    await ask_to_share(world.staff["stranger"], phone)
    await make_import(world)
    await make_export(world)
    await make_visit(world)
    await make_child(world, await make_customer(world))
    await customers.save_consent_text(world.staff["hq"], ConsentPurpose.SHARING, {"zh-CN": "我同意"}, 1)
    await make_paper(world)
    loyal = NewSegment(new_id(), "熟客", {"fact": "orders.count", "op": "ge", "value": 2})
    await segments.save_segment(world.staff["hq"], loyal)
    await segments.tag_customers(guide, await static(world, "VIP"), [her], adding=True)
    await identity.create_partner_key(await system(world), KeyWish("till", frozenset({PartnerScope.READ})))
    return House(world, guide)


async def one_of(house: House, kind: str) -> str:
    """The global id of a row that the guide may see."""
    key = {"Store": house.world.stores[0], "Staff": house.guide.id, "Brand": house.world.brand_id}.get(kind)
    if kind in ("DuplicatePair", "Merge"):
        twins = [await make_customer(house.world, phone=f"1370011223{n}") for n in (3, 4)]
        await records.look_for_duplicates(house.world.brand_id, twins)
        if kind == "Merge":
            await merge(house.world, twins[0], twins[1])
    if key is None:
        key = await db.fetch_value(f"SELECT id FROM {ROWS[kind]} WHERE brand_id = $1", house.world.brand_id)
    assert key, kind
    return global_id(kind, key)


def test_whatever_has_a_global_id_is_a_node() -> None:
    bare = [kind.name for kind in object_types() if "id" in kind.fields and kind.name not in nodes()]
    assert sorted(bare) == ["MaskedCustomer", "ReferralPerson"]  # whose id is a Customer's


@pytest.mark.parametrize("kind", nodes())
async def test_a_node_is_fetched_again_by_who_may_see_it_and_by_nobody_of_another_brand(
    database: str, kind: str
) -> None:
    house, other = await furnished(), await make_world("别家")
    one = await one_of(house, kind)
    viewer = house.world.staff[SEEN_BY[kind]] if kind in SEEN_BY else house.guide
    assert await ask(viewer, NODE, id=one) == {"__typename": kind, "id": one}
    assert await ask(other.staff["admin"], NODE, id=one) is None
    assert await ask(viewer, NODE, id=global_id(kind, new_id())) is None


@pytest.mark.parametrize("kind", ["Session", "InboxMessage", "PushDevice"])
async def test_what_is_a_persons_own_is_not_even_her_managers(database: str, kind: str) -> None:
    house = await furnished()
    assert await ask(house.world.staff["manager"], NODE, id=await one_of(house, kind)) is None


async def test_an_entry_is_fetched_only_by_who_may_open_the_customer(database: str) -> None:
    house = await furnished()
    assert await ask(house.world.staff["stranger"], NODE, id=await one_of(house, "TimelineEntry")) is None
