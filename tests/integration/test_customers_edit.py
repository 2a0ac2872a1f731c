"""Edits: patches that merge field by field, conflicts with both values, numbers that change hands."""

import asyncio
from datetime import date

import pytest

from shuke.domains.customers import queries, service
from shuke.domains.customers.types import Conflict, CustomerSource, Gender, IdentityKind, MaskedCustomer, TimelineKind
from shuke.kit import db
from shuke.kit.errors import ErrorCode, Refusal
from tests.factories import make_world
from tests.factories.customers import make_customer, next_phone, refused


async def test_an_edit_changes_what_it_names_and_leaves_the_rest(database: str) -> None:
    world = await make_world()
    guide, key = world.staff["guide"], await make_customer(world, note="爱喝温水")
    await service.update_customer(guide, key, 1, {"name": "周雨彤", "note": None, "gender": Gender.FEMALE})
    view = await queries.customer(guide, key)
    assert view and (view.name, view.alias, view.note, view.gender) == ("周雨彤", "小满妈妈", None, Gender.FEMALE)
    assert view.version == 2
    latest = (await queries.timeline(guide, key, 1))[0]
    assert (latest.kind, latest.data) == (TimelineKind.PROFILE, {"fields": ["gender", "name", "note"]})
    event = await db.fetch_value("SELECT data::text FROM event WHERE kind = 'customer.updated'")
    assert event == '{"fields": ["gender", "name", "note"]}'


async def test_an_edit_that_changes_nothing_leaves_no_trace(database: str) -> None:
    world = await make_world()
    guide, key = world.staff["guide"], await make_customer(world)
    await service.update_customer(guide, key, 1, {"name": "周雨桐", "level": None})
    view = await queries.customer(guide, key)
    assert view and view.version == 1
    assert await db.fetch_value("SELECT count(*) FROM event WHERE kind = 'customer.updated'") == 0


async def test_edits_of_different_fields_on_one_base_merge(database: str) -> None:
    world = await make_world()
    key = await make_customer(world)
    await service.update_customer(world.staff["manager"], key, 1, {"level": "金卡"})
    await service.update_customer(world.staff["guide"], key, 1, {"alias": "阿树妈妈"})
    view = await queries.customer(world.staff["guide"], key)
    assert view and (view.level, view.alias, view.version) == ("金卡", "阿树妈妈", 3)


async def test_edits_of_the_same_field_clash_with_both_values_and_save_nothing(database: str) -> None:
    world = await make_world()
    guide, key = world.staff["guide"], await make_customer(world)
    first = {"alias": "阿树妈妈", "gender": Gender.FEMALE, "birthday": date(1990, 1, 2), "source": CustomerSource.EVENT}
    await service.update_customer(world.staff["manager"], key, 1, first)
    second = {"alias": "小满", "gender": Gender.MALE, "birthday": None, "source": CustomerSource.EVENT, "level": "银卡"}
    clash = await refused(service.update_customer(guide, key, 1, second))
    assert clash.code is ErrorCode.CONFLICT and clash.field == "alias"
    assert clash.subject == [
        Conflict("alias", "小满", "阿树妈妈"),
        Conflict("gender", "MALE", "FEMALE"),
        Conflict("birthday", None, "1990-01-02"),
    ]
    view = await queries.customer(guide, key)
    assert view and (view.level, view.version) == (None, 2)
    await service.update_customer(guide, key, 2, second)
    view = await queries.customer(guide, key)
    assert view and (view.level, view.alias, view.birthday) == ("银卡", "小满", None)


async def test_of_ten_who_edit_one_field_on_one_base_one_wins(database: str) -> None:
    world = await make_world()
    key = await make_customer(world)
    edits = (service.update_customer(world.staff["guide"], key, 1, {"note": f"第 {n} 个"}) for n in range(10))
    results = await asyncio.gather(*edits, return_exceptions=True)
    assert sum(not isinstance(result, Exception) for result in results) == 1
    assert {result.code for result in results if isinstance(result, Refusal)} == {ErrorCode.CONFLICT}


@pytest.mark.parametrize("base", [0, 2])
async def test_a_base_that_never_was_is_refused(database: str, base: int) -> None:
    world = await make_world()
    refusal = await refused(
        service.update_customer(world.staff["guide"], await make_customer(world), base, {"name": "x"})
    )
    assert (refusal.code, refusal.field) == (ErrorCode.INVALID, "baseVersion")


async def test_guides_edit_their_own_and_the_pools_and_managers_all_of_the_store(database: str) -> None:
    world, other = await make_world(), await make_world("别家")
    hers, pooled = await make_customer(world), await make_customer(world, None)
    for who, key, code in (
        ("colleague", hers, ErrorCode.FORBIDDEN),
        ("stranger", hers, ErrorCode.NOT_FOUND),
        ("stranger", pooled, ErrorCode.NOT_FOUND),
    ):
        assert (await refused(service.update_customer(world.staff[who], key, 1, {"note": "x"}))).code is code
    assert (await refused(service.update_customer(other.staff["admin"], hers, 1, {"note": "x"}))).code is (
        ErrorCode.NOT_FOUND
    )
    await service.update_customer(world.staff["colleague"], pooled, 1, {"note": "x"})
    await service.update_customer(world.staff["manager"], hers, 1, {"note": "x"})


async def test_an_owner_works_in_the_customers_store(database: str) -> None:
    world = await make_world()
    guide, key = world.staff["guide"], await make_customer(world)
    away = await refused(service.update_customer(guide, key, 1, {"guide_id": world.staff["stranger"].id}))
    assert (away.code, away.field, away.reason) == (ErrorCode.INVALID, "guideId", "guide_not_here")
    await service.update_customer(world.staff["manager"], key, 1, {"guide_id": world.staff["colleague"].id})
    clash = await refused(service.update_customer(world.staff["manager"], key, 1, {"guide_id": None}))
    assert clash.subject == [Conflict("guideId", None, "colleague")]
    assert (await refused(service.update_customer(guide, key, 2, {"note": "x"}))).code is ErrorCode.FORBIDDEN


async def test_a_new_phone_takes_the_old_ones_place_and_frees_it(database: str) -> None:
    world = await make_world()
    guide, old, new = world.staff["guide"], next_phone(), next_phone()
    key = await make_customer(world, phone=old)
    await service.update_customer(guide, key, 1, {"phone": f"{new[:3]} {new[3:]}"})
    view = await queries.customer(guide, key)
    assert view and view.phone == f"{new[:3]} •••• {new[-4:]}"
    known = await queries.find_by_identity(world.brand_id, IdentityKind.PHONE, [f"+86{old}", f"+86{new}"])
    assert known == {f"+86{new}": key}
    assert await make_customer(world, phone=old)
    await service.update_customer(guide, key, 2, {"phone": None})
    view = await queries.customer(guide, key)
    assert view and view.phone is None


async def test_a_phone_that_somebody_has_stays_hers(database: str) -> None:
    world = await make_world()
    here, there = next_phone(), next_phone()
    other, key = await make_customer(world, phone=here), await make_customer(world)
    await make_customer(world, "stranger", phone=there)
    taken = await refused(service.update_customer(world.staff["guide"], key, 1, {"phone": here}))
    assert taken.code is ErrorCode.TAKEN and isinstance(taken.subject, MaskedCustomer) and taken.subject.id == other
    taken = await refused(service.update_customer(world.staff["guide"], key, 1, {"phone": there}))
    assert taken.code is ErrorCode.TAKEN_ELSEWHERE and taken.params == {"store": "滨江店"}
    clash_free = await queries.customer(world.staff["guide"], key)
    assert clash_free and clash_free.version == 1 and clash_free.phone
