"""Pairs that may be one person: found when somebody is touched and in the night, decided once and for ever."""

from datetime import timedelta
from uuid import UUID

import pytest

from shuke.app.wiring import WIRING
from shuke.domains.customers import service as customers
from shuke.domains.customers.types import CustomerRow
from shuke.domains.records import service
from shuke.domains.records.queries import pairs as queries
from shuke.kit import clock, db
from shuke.kit.events import Dispatcher
from tests.factories import World, make_world
from tests.factories.customers import make_customer, next_phone, refused
from tests.factories.merging import merge
from tests.factories.profile import add_fields


async def found(world: World, who: str = "hq", store: UUID | None = None) -> list[tuple[set[UUID], list[str], int]]:
    """The queue as this person sees it: whom, by which rules, how likely."""
    await Dispatcher(WIRING).drain()
    pairs = await queries.duplicate_pairs(world.staff[who], store, 20, None)
    return [({pair.a.id, pair.b.id}, [rule.value for rule in pair.rules], pair.score) for pair in pairs]


async def birthday(world: World, key: UUID, day: str) -> None:
    await db.execute("UPDATE customer SET birthday = $2 WHERE id = $1", key, day)
    await service.look_for_duplicates(world.brand_id, [key])


async def test_the_same_name_and_birth_date_make_a_pair_however_the_name_is_written(database: str) -> None:
    world = await make_world()
    a = await make_customer(world, name="Anna Li", alias=None, phone="13900112233")
    b = await make_customer(world, "stranger", name="ＡＮＮＡ　ＬＩ", alias=None)
    other = await make_customer(world, name="王芳")
    for key in (a, b, other):
        await birthday(world, key, "1990-03-08")
    assert await found(world) == [({a, b}, ["same_birthday"], 60)]


@pytest.mark.parametrize("day", ["1990-01-01", "1900-01-01", "--03-08", "lunar:--04-15"])
async def test_a_birthday_without_its_year_or_put_down_for_an_unknown_one_makes_no_pair(
    database: str, day: str
) -> None:
    world = await make_world()
    a, b = [
        await make_customer(world, phone=phone, name="王芳", alias=None) for phone in ("13900112233", "13811557799")
    ]
    for key in (a, b):
        await birthday(world, key, "1990-03-08")
    assert await found(world) == [({a, b}, ["same_birthday"], 60)]
    for key in (a, b):
        await birthday(world, key, day)
    assert await found(world) == []  # one that was offered goes, too


@pytest.mark.parametrize("typed", ["13900112234", "13900112323", "13900112333"])
async def test_a_phone_one_slip_away_makes_a_pair_with_the_same_name_or_alias(database: str, typed: str) -> None:
    world = await make_world()
    a = await make_customer(world, phone="13900112233", name="周雨桐", alias="小满妈妈")
    b = await make_customer(world, phone=typed, name=None, alias="周雨桐")
    await make_customer(world, phone="13900118877", name="周雨桐")  # two slips
    assert await found(world) == [({a, b}, ["near_phone"], 50)]


async def test_a_phone_one_slip_away_alone_is_a_stranger(database: str) -> None:
    world = await make_world()
    await make_customer(world, phone="13900112233", name="周雨桐", alias=None)
    await make_customer(world, phone="13900112234", name="王芳", alias=None)
    assert await found(world) == []


async def test_the_same_name_and_the_same_home_make_a_pair_by_whatever_field_says_where_she_lives(
    database: str,
) -> None:
    world = await make_world()
    text = {"kind": "TEXT", "group": "identity"}
    (home, taste) = await add_fields(
        world.staff["hq"], text | {"labels": {"zhCn": "居住社区"}}, text | {"labels": {"zhCn": "口味"}}
    )
    people = [("周雨桐", home, "Elm Court 3"), ("周雨桐", home, "elm  court 3"), ("周雨桐", home, "桂花城")]
    people += [("王芳", home, "桂花城"), ("林珊", "living_area", "城西"), ("林珊", "living_area", "城西")]
    people += [("陈静", taste, "清淡"), ("陈静", taste, "清淡")]
    keys = [await make_customer(world, name=name, alias=None) for name, _, _ in people]
    for key, (_, field, value) in zip(keys, people, strict=True):
        said = "UPDATE customer SET custom_values = jsonb_build_object($2::text, $3::text) WHERE id = $1"
        await db.execute(said, key, field, value)
    await service.look_for_duplicates(world.brand_id, keys)
    pairs = [frozenset(who) for who, rules, _ in await found(world) if "same_address" in rules]
    assert len(pairs) == 2 and set(pairs) == {frozenset(keys[:2]), frozenset(keys[4:6])}


async def test_not_the_same_person_is_remembered_for_ever_until_it_is_taken_back(database: str) -> None:
    world = await make_world()
    hq = world.staff["hq"]
    a = await make_customer(world, phone="13900112233")
    b = await make_customer(world, phone="13900112234")
    assert len(await found(world)) == 1
    (pair,) = await queries.duplicate_pairs(hq, None, 9, None)
    await service.dismiss_duplicate(hq, pair.id)
    for key in (a, b):
        await birthday(world, key, "1990-03-08")
    assert await found(world) == []
    await service.reopen_duplicate(hq, pair.id)
    await service.look_for_duplicates(world.brand_id, [a])
    assert await found(world) == [({a, b}, ["same_birthday", "near_phone"], 80)]


async def test_a_mended_customer_leaves_the_queue_and_an_edit_brings_one(database: str) -> None:
    world = await make_world()
    guide = world.staff["guide"]
    a, b = await make_customer(world, phone="13900112233"), await make_customer(world, phone="13900112234")
    await customers.update_customer(guide, b, 1, {"phone": next_phone()})
    assert await found(world) == []
    await customers.update_customer(guide, b, 2, {"phone": "13900112223"})
    assert [who for who, _, _ in await found(world)] == [{a, b}]


async def test_imported_customers_are_looked_at(database: str) -> None:
    world = await make_world()
    a = await make_customer(world, phone="13900112233", name="周雨桐", alias=None)
    rows = [CustomerRow(world.stores[0], name="周雨桐", phone="+8613900112234", raw_phone="13900112234")]
    (verdict,) = await customers.upsert_many(world.brand_id, rows)
    assert [who for who, _, _ in await found(world)] == [{a, verdict.customer_id}]


async def test_the_night_looks_at_everybody_in_parts_and_comes_again_the_next(
    database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    world = await make_world()
    a, b = await make_customer(world, phone="13900112233"), await make_customer(world, phone="13900112234")
    await Dispatcher(WIRING).drain()
    await db.execute("DELETE FROM duplicate_pair")
    assert [await service.sweep_duplicates(1) for _ in range(3)] == [1, 1, 0]
    assert [who for who, _, _ in await found(world)] == [{a, b}]
    assert await service.sweep_duplicates(100) == 0
    tomorrow = clock.now() + timedelta(days=1, hours=3)
    monkeypatch.setattr(clock, "now", lambda: tomorrow)
    assert await service.sweep_duplicates(100) == 2


async def test_a_manager_decides_about_pairs_within_her_stores(database: str) -> None:
    world = await make_world()
    a, b = await make_customer(world, phone="13900112233"), await make_customer(world, phone="13900112234")
    c = await make_customer(world, "stranger", phone="13900112235")
    assert [who for who, _, _ in await found(world, "manager")] == [{a, b}]
    assert len(await found(world, "regional")) == 3 == await queries.duplicate_count(world.staff["regional"], None)
    assert {frozenset(who) for who, _, _ in await found(world, "hq", world.stores[1])} == {
        frozenset({a, c}),
        frozenset({b, c}),
    }
    beyond = next(
        pair for pair in await queries.duplicate_pairs(world.staff["hq"], None, 9, None) if c in (pair.a.id, pair.b.id)
    )
    assert (await refused(service.dismiss_duplicate(world.staff["manager"], beyond.id))).code.value == "not_found"
    assert (await refused(service.dismiss_duplicate(world.staff["guide"], beyond.id))).code.value == "forbidden"


async def test_a_merge_takes_its_pair_out_and_its_undo_brings_it_back(database: str) -> None:
    world = await make_world()
    hq = world.staff["hq"]
    a, b, c = [await make_customer(world, phone=f"1390011223{n}") for n in (3, 4, 5)]
    assert len(await found(world)) == 3
    not_b_c = next(
        pair for pair in await queries.duplicate_pairs(hq, None, 9, None) if {pair.a.id, pair.b.id} == {b, c}
    )
    await service.dismiss_duplicate(hq, not_b_c.id)
    merged = await merge(world, a, b)
    assert await found(world) == []  # who is not b is not a either, who is b now
    await service.undo_merge(hq, merged)
    assert sorted((frozenset(who) for who, _, _ in await found(world)), key=str) == sorted(
        [frozenset({a, b}), frozenset({a, c})], key=str
    )


async def test_the_queue_is_read_page_by_page(database: str) -> None:
    world = await make_world()
    for n in range(4):
        await make_customer(world, phone=f"1390011223{n}")
    await Dispatcher(WIRING).drain()
    seen, after = [], None
    while page := await queries.duplicate_pairs(world.staff["hq"], None, 2, after):
        seen += [pair.id for pair in page[:2]]
        after = (page[:2][-1].score, page[:2][-1].id)
    assert len(seen) == len(set(seen)) == 6
