"""A number changes hands while others reach for it: whoever does not get it keeps what she had."""

import asyncio
from typing import Any
from uuid import UUID

import pytest

from shuke.domains.customers import queries, service
from shuke.domains.customers.service import archive
from shuke.domains.customers.types import CustomerRow, RowOutcome
from shuke.kit import db
from shuke.kit.errors import ErrorCode, Refusal
from tests.factories import make_world
from tests.factories.customers import make_customer, next_phone

NUMBERS = "SELECT value FROM customer_identity WHERE customer_id = $1 AND kind = 'phone' ORDER BY updated_at, id"


async def numbers(customer: UUID) -> list[str]:
    return [row[0] for row in await db.fetch(NUMBERS, customer)]


async def test_of_ten_who_want_one_number_one_gets_it_and_nine_keep_theirs(database: str) -> None:
    world = await make_world()
    wanted, old = next_phone(), [next_phone() for _ in range(10)]
    hers = [await make_customer(world, phone=phone) for phone in old]
    edits = (service.update_customer(world.staff["guide"], key, 1, {"phone": wanted}) for key in hers)
    results = await asyncio.gather(*edits, return_exceptions=True)
    lost = [n for n, result in enumerate(results) if isinstance(result, Refusal) and result.code is ErrorCode.TAKEN]
    assert len(lost) == 9
    for n, key in enumerate(hers):
        assert await numbers(key) == [f"+86{old[n] if n in lost else wanted}"]


async def test_a_number_that_is_given_up_while_she_reaches_for_it_is_hers_and_never_none(
    database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Between finding it taken and asking who has it, its owner gives it up."""
    world = await make_world()
    guide, wanted = world.staff["guide"], next_phone()
    her, other = await make_customer(world), await make_customer(world, phone=wanted)
    looked, given = asyncio.Event(), asyncio.Event()
    attach = archive.attach

    async def attach_and_wait(brand_id: UUID, identities: Any, now: Any) -> int:
        got = await attach(brand_id, identities, now)
        if not looked.is_set():
            assert got == 0
            looked.set()
            await given.wait()
        return got

    async def give_up() -> None:
        await looked.wait()
        await service.update_customer(guide, other, 1, {"phone": None})
        given.set()

    monkeypatch.setattr(archive, "attach", attach_and_wait)
    await asyncio.gather(service.update_customer(guide, her, 1, {"phone": wanted}), give_up())
    assert await numbers(her) == [f"+86{wanted}"] and await numbers(other) == []


async def test_a_number_handed_to_and_fro_leaves_everybody_with_exactly_one(database: str) -> None:
    world = await make_world()
    guide, shared = world.staff["guide"], next_phone()
    own = [next_phone() for _ in range(4)]
    hers = [await make_customer(world, phone=phone) for phone in own]

    async def swing(key: UUID, phone: str) -> None:
        version = 1
        for turn in range(12):
            try:
                await service.update_customer(guide, key, version, {"phone": phone if turn % 2 else shared})
            except Refusal as refusal:
                assert refusal.code is ErrorCode.TAKEN
            view = await queries.customer(guide, key)
            assert view and view.phone
            version = view.version

    await asyncio.gather(*map(swing, hers, own))
    for key, phone in zip(hers, own, strict=True):
        assert await numbers(key) == [f"+86{phone}"]


async def test_an_older_number_of_hers_is_shown_again_when_she_goes_back_to_it(database: str) -> None:
    world = await make_world()
    guide, first = world.staff["guide"], next_phone()
    key = await make_customer(world, phone=first)
    further = [next_phone() for _ in range(2)]
    rows = [CustomerRow(world.stores[0], id=key, phone=f"+86{phone}", raw_phone=phone) for phone in further]
    assert {verdict.outcome for verdict in await service.upsert_many(world.brand_id, rows)} == {RowOutcome.UPDATED}
    view = await queries.customer(guide, key)
    assert view and view.phone == f"{further[1][:3]} •••• {further[1][-4:]}"
    await service.update_customer(guide, key, view.version, {"phone": first})
    assert await numbers(key) == [f"+86{further[0]}", f"+86{first}"]
    view = await queries.customer(guide, key)
    assert view and view.phone == f"{first[:3]} •••• {first[-4:]}"
