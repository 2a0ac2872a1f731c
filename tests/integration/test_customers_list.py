"""The customer list: search, filters and pages, within the caller's reach and in a fixed number of statements."""

import pytest

from shuke.domains.customers import queries, service
from shuke.domains.customers.types import Among, CustomerSource, Filters, IdentityKind
from shuke.domains.identity.types import Actor, Locale
from shuke.kit import db
from tests.factories import World, make_world
from tests.factories.customers import make_customer


async def names(actor: Actor, **filters) -> list[str | None]:
    found = await queries.customers(actor, Filters(**filters), 100)
    assert await queries.total(actor, Filters(**filters)) == len(found)
    return [view.name for view in found]


async def people(world: World) -> None:
    await make_customer(world, name="周雨桐", alias="小满妈妈", phone="13800002047")
    await make_customer(world, "colleague", name="吴晓燕", alias="糖糖果果妈妈", phone="13912345678")
    await make_customer(world, None, name="Anna Lee", alias=None, phone="+44 20 7946 0958")
    await make_customer(world, "stranger", name="周晓晓", alias=None, phone="13700009999")
    members = [(IdentityKind.MEMBER_NO, "VIP-17448", "vip-17448")]
    await service.ensure_members(world.brand_id, world.stores[0], members)


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("周", ["周雨桐"]),
        ("雨桐", ["周雨桐"]),
        ("妈妈", ["吴晓燕", "周雨桐"]),
        ("ＬＥＥ", ["Anna Lee"]),
        ("na le", ["Anna Lee"]),
        ("2047", ["周雨桐"]),
        ("138 0000-2047", ["周雨桐"]),
        ("+86 138", []),
        ("139", []),
        ("1391234567", []),
        ("912345678", []),
        ("12345678", []),
        ("345678", []),
        ("678", []),
        ("5678", ["吴晓燕"]),
        ("０９５８", ["Anna Lee"]),
        ("+44 20", []),
        ("+44 (20) 7946-0958", ["Anna Lee"]),
        ("20 7946 0958", []),
        ("vip-174", [None]),
        ("zhouyutong", ["周雨桐"]),
        ("Zhou Yu'tong", ["周雨桐"]),
        ("yut", ["周雨桐"]),
        ("zyt", ["周雨桐"]),
        ("YT", ["周雨桐"]),
        ("ttggmm", ["吴晓燕"]),
        ("mama", ["吴晓燕", "周雨桐"]),
        ("yan", ["吴晓燕"]),
        ("houyutong", []),
        ("雨%", []),
        ("34567", []),
        ("王", []),
        ("\x00", ["__all__"]),
        ("x" * 5000, []),
    ],
)
async def test_a_customer_is_found_by_any_part_of_a_name_by_a_whole_phone_or_its_end_and_by_her_number(
    database: str, typed: str, found: list[str | None]
) -> None:
    world = await make_world()
    await people(world)
    shown = await names(world.staff["guide"], search=typed)
    assert shown == (await names(world.staff["guide"]) if found == ["__all__"] else found)


async def test_a_new_name_is_found_at_once_and_the_old_one_no_more(database: str) -> None:
    world = await make_world()
    key = await make_customer(world, name="周雨桐", alias="雨天")
    await service.update_customer(world.staff["guide"], key, 1, {"name": "何佳", "phone": "13611112222"})
    assert await names(world.staff["guide"], search="佳") == ["何佳"]
    assert await names(world.staff["guide"], search="周") == []
    assert await names(world.staff["guide"], search="雨") == ["何佳"]
    assert await names(world.staff["guide"], search="2222") == ["何佳"]


async def test_everybody_lists_her_own_stores_and_the_filters_narrow_them(database: str) -> None:
    world, other = await make_world(), await make_world("别家")
    await people(world)
    here = [None, "Anna Lee", "吴晓燕", "周雨桐"]
    everything = [None, "周晓晓", "Anna Lee", "吴晓燕", "周雨桐"]
    assert await names(world.staff["guide"]) == here
    assert await names(world.staff["regional"]) == everything
    assert await names(world.staff["hq"]) == everything
    assert await names(world.staff["stranger"]) == ["周晓晓"]
    assert await names(other.staff["admin"]) == []
    assert await names(world.staff["guide"], mine=True) == ["周雨桐"]
    assert await names(world.staff["guide"], mine=True, search="妈妈") == ["周雨桐"]
    assert await names(world.staff["hq"], store_id=world.stores[1]) == ["周晓晓"]
    assert await names(world.staff["hq"], store_id=world.stores[1], search="周") == ["周晓晓"]
    assert await names(world.staff["guide"], store_id=world.stores[1]) == []
    assert await names(world.staff["hq"], store_id=other.stores[0]) == []
    reader = Actor(
        "partner", world.staff["hq"].id, world.brand_id, "erp", Locale.EN, "UTC", "CNY", scopes=frozenset({"read"})
    )
    assert await names(reader) == everything


async def test_a_room_above_may_narrow_the_list_by_a_condition_of_its_own(database: str) -> None:
    world = await make_world()
    await people(world)
    among = Among("(c.name = {0} OR c.alias LIKE {1})", ("吴晓燕", "小满%"))
    assert await names(world.staff["guide"], among=among) == ["吴晓燕", "周雨桐"]
    assert await names(world.staff["guide"], among=among, search="周", mine=True) == ["周雨桐"]


@pytest.mark.parametrize("who", ["guide", "regional", "hq"])
async def test_pages_follow_each_other_without_gap_or_double_in_one_statement_each(database: str, who: str) -> None:
    world = await make_world()
    for store in world.stores[:2]:
        numbers = [(IdentityKind.MEMBER_NO, f"{store}-{n}", "x") for n in range(25)]
        await service.ensure_members(world.brand_id, store, numbers, CustomerSource.OTHER)
    actor, seen, after = world.staff[who], [], None
    while True:
        async with db.counting() as statements:
            rows = await queries.customers(actor, Filters(), 7, after)
        assert len(statements) == 1 and len(rows) <= 8
        seen += [row.id for row in rows[:7]]
        if len(rows) < 8:
            break
        after = rows[6].id
    assert len(seen) == (25 if who == "guide" else 50)
    assert seen == sorted(seen, reverse=True) and len(set(seen)) == len(seen)
