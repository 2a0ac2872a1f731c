"""Completeness is kept by the transaction of every change; a changed template measures everybody anew."""

from datetime import date
from uuid import UUID

from shuke.domains.customers import service
from shuke.domains.customers.service import completeness
from shuke.domains.customers.types import CustomerRow, CustomerSource, Gender, IdentityKind
from shuke.domains.identity.types import Actor
from shuke.kit import db
from tests.factories import World, make_world
from tests.factories.customers import make_customer
from tests.factories.profile import add_fields, new_field, read_template, save_template
from tests.integration.test_segments_live import members, segment
from tests.integration.test_segments_live import settle as follow

KEPT = "SELECT completeness, problems FROM customer WHERE id = $1"


async def kept(key: UUID) -> tuple[int, list[str]]:
    row = await db.fetch_row(KEPT, key)
    assert row
    return row[0], row[1]


async def settle() -> int:
    """The worker at its sweep until nothing is left; how often it came round."""
    rounds = 0
    while await service.sweep_profiles(100):
        rounds += 1
    return rounds


async def everybody() -> list[tuple[int, list[str]]]:
    return [tuple(row) for row in await db.fetch("SELECT completeness, problems FROM customer ORDER BY id")]


async def remeasured(world: World) -> bool:
    """Does measuring them all anew change nothing?"""
    before = await everybody()
    await completeness.refresh_completeness(
        world.brand_id, [row[0] for row in await db.fetch("SELECT id FROM customer")]
    )
    return await everybody() == before


async def test_entering_and_editing_keep_it(database: str) -> None:
    world = await make_world()
    guide = world.staff["guide"]
    key = await make_customer(world, phone="13867524047")
    first, problems = await kept(key)
    assert 0 < first < 100 and problems == []
    await service.update_customer(guide, key, 1, {"gender": Gender.FEMALE, "birthday": date(1990, 3, 8)})
    second, _ = await kept(key)
    assert second > first
    await service.update_customer(guide, key, 2, {"birthday": date(1990, 1, 1), "phone": "13912345678"})
    third, problems = await kept(key)
    assert third < first and problems == ["junk_phone", "default_birthday"]
    await service.update_customer(guide, key, 3, {"phone": None})
    assert (await kept(key))[1] == ["no_phone", "default_birthday"]
    assert await remeasured(world)


async def test_a_bulk_measures_who_it_makes_and_whom_it_changes_in_few_statements(database: str) -> None:
    world = await make_world()
    rows = [
        CustomerRow(
            world.stores[0],
            name=f"客户{number}",
            gender=Gender.FEMALE if number % 2 else None,
            birthday=date(1990, 1, 1) if number % 3 else None,
            source=CustomerSource.EVENT if number % 5 else None,
            member_no=f"M{number}",
            phone=f"+8613867{number:06d}" if number % 4 else None,
            raw_phone="-" if number % 4 else None,
        )
        for number in range(300)
    ]
    counts = []
    for size in (100, 200):
        async with db.counting() as statements:
            await service.upsert_many(world.brand_id, rows[:size])
        counts.append(len([sql for sql in statements if "profile_template" in sql or "completeness" in sql]))
    assert counts[0] <= 3 and counts[1] <= counts[0] + 1
    await service.upsert_many(world.brand_id, [CustomerRow(world.stores[0], alias="小满妈妈", member_no="M7")])
    await service.ensure_members(world.brand_id, world.stores[0], [(IdentityKind.MEMBER_NO, "N1", "N1")])
    assert len({score for score, _ in await everybody()}) > 4
    assert await remeasured(world)


async def test_a_changed_template_measures_everybody_anew_chunk_by_chunk(database: str, monkeypatch) -> None:
    monkeypatch.setattr(completeness, "CHUNK", 3)
    world = await make_world()
    for number in range(8):
        await make_customer(world, phone=f"138675240{number}7")
    assert await settle() > 0 and await remeasured(world)
    before = await everybody()
    await add_fields(world.staff["hq"], new_field("居住社区", required=True, weight=50))
    assert await everybody() == before  # the counter did not wait for it
    assert await settle() == 3  # 3, 3 and 2 of them
    after = await everybody()
    assert all(
        now[0] < then[0] and now[1] == ["missing:ju_zhu_she_qu"] for now, then in zip(after, before, strict=True)
    )
    assert await service.sweep_profiles(100) == 0


async def test_segments_follow_when_everybody_was_measured_anew(database: str, monkeypatch) -> None:
    monkeypatch.setattr(completeness, "CHUNK", 3)
    world = await make_world()
    people = [await make_customer(world, phone=f"138675240{number}7") for number in range(4)]
    await settle()
    full_at = min(score for score, _ in await everybody())
    full = await segment(world, "够满", {"fact": "customer.completeness", "op": "ge", "value": full_at})
    await follow()
    assert await members(full) == set(people)
    await add_fields(world.staff["hq"], new_field("居住社区", required=True, weight=100))
    await service.sweep_profiles(100)
    await follow()
    assert await members(full) == set(people)  # the first three are measured, and nobody is told yet
    await settle()
    await follow()
    assert all(score < full_at for score, _ in await everybody()) and await members(full) == set()
    told = "SELECT count(*) FROM event WHERE kind = 'completeness.measured'"
    assert await db.fetch_value(told) == 2  # by the template that ships, and by the changed one


async def test_segments_follow_when_a_problem_is_said_to_be_none(database: str) -> None:
    world = await make_world()
    her = await make_customer(world, phone="13867524047", name="顾客")
    score, problems = await kept(her)
    fuller = await segment(world, "更满", {"fact": "customer.completeness", "op": "gt", "value": score})
    await follow()
    assert problems == ["junk_name"] and await members(fuller) == set()
    await service.dismiss_problem(world.staff["guide"], her, "junk_name")
    await follow()
    assert await members(fuller) == {her}


async def test_a_sweep_that_was_cut_short_goes_on_where_it_was_and_a_newer_template_overtakes_it(
    database: str, monkeypatch
) -> None:
    monkeypatch.setattr(completeness, "CHUNK", 2)
    world = await make_world()
    for number in range(6):
        await make_customer(world, phone=f"138675240{number}7")
    await settle()
    await add_fields(world.staff["hq"], new_field("甲", required=True, weight=10))
    await service.sweep_profiles(1)
    assert [problems for _, problems in await everybody()].count(["missing:jia"]) == 2
    await add_fields(world.staff["hq"], new_field("乙", required=True, weight=10))
    await settle()
    assert all(problems == ["missing:jia", "missing:yi"] for _, problems in await everybody())
    assert await db.fetch_value("SELECT count(*) FROM profile_template WHERE swept_at IS NULL") == 0


async def test_what_becomes_searchable_is_found_once_the_worker_has_been_round(database: str) -> None:
    from shuke.domains.customers import queries
    from shuke.domains.customers.types import Filters

    world = await make_world()
    guide: Actor = world.staff["guide"]
    (area,) = await add_fields(world.staff["hq"], new_field("居住社区"))
    key = await make_customer(world)
    await service.update_customer(guide, key, 1, {"values": {area: ["阳光花园"]}})
    assert await queries.customers(guide, Filters(search="阳光"), 5) == []
    template = await read_template(world.staff["hq"])
    template["fields"][-1]["searchable"] = True
    assert (await save_template(world.staff["hq"], template))["userErrors"] == []
    await settle()
    assert [view.id for view in await queries.customers(guide, Filters(search="阳光"), 5)] == [key]
