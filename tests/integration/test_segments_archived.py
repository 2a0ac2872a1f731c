"""Segments that are put away and taken up again; and what goes wrong in one brand stays there."""

import asyncio
from datetime import timedelta
from typing import Any
from uuid import UUID

import asyncpg
import pytest

from shuke.domains.segments import service
from shuke.domains.segments.service import definitions
from shuke.domains.segments.service import members as looking
from shuke.domains.segments.types.rules import NewSegment
from shuke.kit import clock, db
from shuke.kit.ids import new_id
from tests.factories import World, make_world
from tests.factories.customers import refused
from tests.factories.segments import add_customers
from tests.integration.test_segments_live import changes, members, segment, settle

EVERYBODY: dict[str, Any] = {"all": []}
GOLD = {"fact": "customer.level", "op": "eq", "value": "金卡"}
WAITING = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"


def within(*keys: UUID) -> dict[str, Any]:
    return {"fact": "segments", "op": "any", "value": list(map(str, keys))}


async def archive(world: World, *keys: UUID) -> None:
    for key in keys:
        await service.archive_segment(world.staff["hq"], key)


async def restore(world: World, key: UUID) -> None:
    await service.restore_segment(world.staff["hq"], key)


async def change(world: World, key: UUID, name: str, tree: Any) -> None:
    await service.save_segment(world.staff["hq"], NewSegment(key, name, tree, None, 1))


async def test_a_rule_that_would_come_back_to_itself_stays_archived(database: str) -> None:
    world = await make_world()
    (her,) = await add_customers(world, 1)
    inner = await segment(world, "里", EVERYBODY)
    outer = await segment(world, "外", within(inner))
    await archive(world, outer)
    await change(world, inner, "里", {"not": within(outer)})
    assert (await refused(service.restore_segment(world.staff["hq"], outer))).reason == "segment_circle"
    await settle()
    assert await members(inner) == {her}


async def test_a_rule_that_asks_for_what_is_archived_waits_for_that(database: str) -> None:
    world = await make_world()
    (her,) = await add_customers(world, 1)
    inner = await segment(world, "里", EVERYBODY)
    outer = await segment(world, "外", within(inner))
    await archive(world, outer, inner)
    told = await refused(service.restore_segment(world.staff["hq"], outer))
    assert (told.reason, told.params["names"]) == ("segment_asks_archived", "里")
    await restore(world, inner)
    await restore(world, outer)
    await settle()
    assert await members(inner) == await members(outer) == {her}


async def test_who_asked_for_it_while_it_was_away_looks_anew_when_it_is_back(database: str) -> None:
    world = await make_world()
    (her,) = await add_customers(world, 1)
    away = await segment(world, "收起", EVERYBODY)
    await archive(world, away)
    outside = await segment(world, "之外", {"not": within(away)})
    await settle()
    assert await members(outside) == {her}
    await restore(world, away)
    await settle()
    assert (await members(away), await members(outside)) == ({her}, set())


async def test_no_segment_comes_back_and_no_snapshot_is_taken_beyond_the_most_there_may_be(
    database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(definitions, "MOST_SEGMENTS", 2)
    world = await make_world()
    first = await segment(world, "一", EVERYBODY)
    await archive(world, first)
    for name in ("二", "三"):
        last = await segment(world, name, EVERYBODY)
    assert (await refused(service.restore_segment(world.staff["hq"], first))).reason == "segments_many"
    frozen = service.freeze_segment(world.staff["hq"], last, new_id(), "四")
    assert (await refused(frozen)).reason == "segments_many"
    await archive(world, last)
    await restore(world, first)


async def test_who_leaves_with_an_archived_segment_is_told_once_and_enters_anew_with_it(
    database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(looking, "A_CHUNK", 2)
    world = await make_world()
    people = await add_customers(world, 5)
    everybody, gold = await segment(world, "所有人", EVERYBODY), await segment(world, "金卡", GOLD)
    await settle()
    await archive(world, everybody, gold)
    await archive(world, everybody)  # again: nothing to tell
    told = [one["left"] for one in await changes() if one["left"]]
    assert sorted(len(one[str(everybody)]) for one in told) == [1, 2, 2]
    assert sorted(key for one in told for key in one[str(everybody)]) == sorted(map(str, people))
    await restore(world, everybody)
    await settle()
    assert await members(everybody) == set(people)
    entered = [key for one in await changes() for key in one["entered"].get(str(everybody), [])]
    assert sorted(entered) == sorted(map(str, [*people, *people]))
    assert [one["left"] for one in await changes() if one["left"]] == told


async def test_who_was_found_before_a_segment_is_archived_does_not_enter_it_after(database: str) -> None:
    world = await make_world()
    her, other = await add_customers(world, 2)
    gold, everybody = await segment(world, "金卡", GOLD), await segment(world, "所有人", EVERYBODY)
    await settle()
    await db.execute("UPDATE customer SET level = '金卡' WHERE id = $1", her)
    await service.touch(world.brand_id, [her, other])
    archiving = await asyncpg.connect(database)
    await archiving.execute("BEGIN")
    await archiving.execute(definitions.ARCHIVE, world.brand_id, gold, clock.now())
    sweep = asyncio.create_task(service.sweep_members(50))
    async with asyncio.timeout(20):
        while not await db.fetch_value(WAITING):
            await asyncio.sleep(0.05)
    await archiving.execute(definitions.EMPTIED, gold, clock.now())
    await archiving.execute("COMMIT")
    await archiving.close()
    assert await sweep == 2
    assert await members(gold) == set() and await members(everybody) == {her, other}
    assert not any(str(gold) in one["entered"] for one in await changes())
    await restore(world, gold)
    await settle()
    assert await members(gold) == {her}


async def test_a_brand_whose_rules_cannot_be_asked_keeps_no_other_waiting(database: str) -> None:
    world, other, now = await make_world(), await make_world("别家"), clock.now()
    mine, hers = (await add_customers(world, 1))[0], (await add_customers(other, 1))[0]
    broken, whole = await segment(world, "金卡", GOLD), await segment(other, "金卡", GOLD)
    await settle()
    await db.execute("UPDATE customer SET level = '金卡'")
    tree = await db.fetch_value("SELECT tree FROM segment WHERE id = $1", broken)
    spoil = "UPDATE segment SET tree = $2, version = version + 1, filled_at = NULL, filled_to = NULL WHERE id = $1"
    await db.execute(spoil, broken, '{"fact": "no.such", "op": "known"}')
    fresh = await segment(other, "新分群", EVERYBODY)
    await service.touch(world.brand_id, [mine])
    await service.touch(other.brand_id, [hers])
    await settle()
    assert await members(whole) == await members(fresh) == {hers}
    assert await members(broken) == set()
    await db.execute(spoil, broken, tree)
    await db.execute("UPDATE segment SET filled_at = $2 WHERE id = $1", broken, now)
    with clock.pretended(now + timedelta(minutes=2)):
        await settle()
    assert await members(broken) == {mine}
