"""What is known of a customer and yet not told to everybody who may see her."""

import asyncio
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

from shuke.api.pagination import global_id
from shuke.domains.customers import service
from shuke.domains.customers.types import TimelineKind
from shuke.domains.identity.types import Actor, Locale
from shuke.kit import clock
from shuke.kit.ids import new_id
from tests.api.test_customers_api import CREATE, UPDATE, ask, send
from tests.factories import World, make_world
from tests.factories.customers import make_customer, next_phone

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


async def test_whose_a_number_is_is_told_so_often_and_then_nothing_tells_known_numbers_from_new_ones(
    database: str,
) -> None:
    world = await make_world()
    known, stranger = next_phone(), world.staff["stranger"]
    await make_customer(world, phone=known)
    hers = global_id("Customer", await make_customer(world, "stranger"))
    made: dict[str, Any] = {"operation": uuid4(), "id": str(new_id()), "phone": next_phone()}
    first = await send(stranger, CREATE, **made)
    for turn in range(service.HOLDERS_AN_HOUR - 1):
        told = await send(stranger, CREATE, id=str(new_id()), phone=known)
        assert told["existing"]["store"]["name"] == "文三路店", turn
        assert (await send(stranger, CREATE, id=str(new_id()), phone=next_phone()))["customer"], turn
    edit: dict[str, Any] = {"id": hers, "baseVersion": 1}
    assert (await send(stranger, UPDATE, **edit, phone=known))["userErrors"][0]["code"] == "TAKEN_ELSEWHERE"
    for phone in (known, next_phone()):
        for answer in (
            await send(stranger, CREATE, id=str(new_id()), phone=phone),
            await send(stranger, UPDATE, **edit, phone=phone),
        ):
            assert answer["customer"] is None and answer.get("existing") is None
            (error,) = answer["userErrors"]
            assert (error["code"], error["message"]) == (
                "TOO_MANY",
                "您试的号码里已有档案的太多了，60 分钟后再来",
            )
    assert (await send(stranger, UPDATE, **edit, note="爱喝温水"))["userErrors"] == []  # what needs no number goes on
    assert await send(stranger, CREATE, **made) == first  # nor does it touch a repeat of what was done
    assert (await send(world.staff["guide"], CREATE, id=str(new_id()), phone=next_phone()))["customer"]
    with clock.pretended(clock.now() + timedelta(hours=1, seconds=1)):
        assert (await send(stranger, CREATE, id=str(new_id()), phone=known))["existing"]


async def test_of_many_who_ask_at_once_no_more_are_told_than_one_after_another(database: str) -> None:
    world = await make_world()
    known, stranger = next_phone(), world.staff["stranger"]
    await make_customer(world, phone=known)
    asked = (send(stranger, CREATE, id=str(new_id()), phone=known) for _ in range(service.HOLDERS_AN_HOUR + 10))
    answers = await asyncio.gather(*asked)
    assert sum(answer["existing"] is not None for answer in answers) == service.HOLDERS_AN_HOUR
    assert {error["code"] for answer in answers for error in answer["userErrors"]} == {"TAKEN_ELSEWHERE", "TOO_MANY"}
