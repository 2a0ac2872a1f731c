"""What is known of a customer and yet not told to everybody who may see her."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from shuke.api.pagination import global_id
from shuke.domains.customers import service
from shuke.domains.customers.types import TimelineKind
from shuke.domains.identity.types import Actor, Locale
from shuke.kit import clock
from shuke.kit.ids import new_id
from tests.api.test_customers_api import ask
from tests.factories import World, make_world
from tests.factories.customers import make_customer

TOLD = "name note timeline { edges { node { kind detail } } }"
ONE = f"query ($id: ID!) {{ customer(id: $id) {{ {TOLD} }} }}"
MANY = f"{{ customers(first: 5) {{ edges {{ node {{ {TOLD} }} }} }} }}"
NODE = f"query ($id: ID!) {{ node(id: $id) {{ ... on Customer {{ {TOLD} }} }} }}"
WORDS = ("爱喝温水", "婆婆做主", "带宝宝来")


def till(world: World, *scopes: str) -> Actor:
    """A partner's key with these scopes."""
    kept = frozenset(scopes)
    return Actor("partner", new_id(), world.brand_id, "erp", Locale.ZH_CN, "Asia/Shanghai", "CNY", scopes=kept)


async def noted(world: World) -> UUID:
    """A customer of whom staff wrote something in every place that takes its words."""
    key = await make_customer(world, note=WORDS[0])
    await service.add_note(world.staff["guide"], key, new_id(), WORDS[1])
    call = {"outcome": "visit_booked", "note": WORDS[2], "followUpAt": "2026-11-25T02:00:00Z"}
    at = clock.now() + timedelta(minutes=1)
    await service.append_timeline(world.brand_id, key, TimelineKind.CONTACT, at, world.staff["guide"].id, call)
    return key


async def test_a_partner_reads_what_happened_but_nothing_that_staff_wrote(database: str) -> None:
    world = await make_world()
    one = global_id("Customer", await noted(world))
    partner = till(world, "read", "ingest")
    shown: list[Any] = [await ask(partner, ONE, id=one), await ask(partner, NODE, id=one)]
    shown += [edge["node"] for edge in (await ask(partner, MANY))["edges"]]
    for her in shown:
        assert her["name"] == "周雨桐" and not any(word in str(her) for word in WORDS)
        assert her["note"] is None and [edge["node"] for edge in her["timeline"]["edges"]] == [
            {"kind": "CONTACT", "detail": "2026年11月25日 10:00"},
            {"kind": "NOTE", "detail": None},
            {"kind": "CREATED", "detail": "到店"},
        ]
    hers = await ask(world.staff["guide"], ONE, id=one)
    assert all(word in str(hers) for word in WORDS)
