"""How complete cards are: live as a count by hand, kept once a day; what is dismissed, and what becomes of that."""

import asyncio
from collections import defaultdict
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

from shuke.domains.customers import queries, service
from shuke.domains.customers.types.quality import FlawScope, KeptDay, QualityCounts, QualityScope
from shuke.domains.identity.types import Actor
from shuke.domains.records import service as records
from shuke.domains.records.service import erasure
from shuke.kit import clock, db, zones
from shuke.kit.errors import ErrorCode
from tests.factories import World, make_world
from tests.factories.customers import make_customer, next_phone, refused
from tests.factories.merging import merge

JANUARY = date(1990, 1, 1)
EVERYBODY = QualityScope()
ALL = FlawScope()
OWNERS = ("guide", "colleague", "stranger", None)
person = some.tuples(some.sampled_from(OWNERS), some.booleans(), some.booleans(), some.booleans())


async def problems(key: UUID) -> list[str]:
    found: list[str] = await db.fetch_value("SELECT problems FROM customer WHERE id = $1", key)
    return found


async def score(key: UUID) -> int:
    found: int = await db.fetch_value("SELECT completeness FROM customer WHERE id = $1", key)
    return found


async def fill(world: World, people: list[tuple[Any, ...]]) -> list[UUID]:
    return [
        await make_customer(
            world,
            owner,
            phone="13800138000" if junk else None,
            name="测试" if nameless else "周雨桐",
            **({"birthday": JANUARY} if born else {}),
        )
        for owner, junk, nameless, born in people
    ]


def add(rows: list[Any], full_from: int) -> QualityCounts:
    """By hand: rows of (completeness, problems)."""
    return QualityCounts(
        len(rows),
        sum(row[0] for row in rows),
        sum(row[0] >= full_from for row in rows),
        sum(bool(row[1]) for row in rows),
    )


@given(some.lists(person, max_size=12), some.sampled_from(["guide", "manager", "regional", "hq", "stranger"]))
@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
async def test_live_figures_and_the_queue_are_what_a_count_by_hand_gives(
    database: str, people: list[tuple[Any, ...]], who: str
) -> None:
    world = await make_world()
    junk = 0
    for place, (owner, is_junk, nameless, born) in enumerate(people):  # one number has one owner
        people[place] = (owner, is_junk and not junk, nameless, born)
        junk += is_junk
    await fill(world, people)
    actor = world.staff[who]
    stores = {"manager": world.stores[:1], "regional": world.stores[:2], "hq": world.stores}.get(who)
    sql = """SELECT completeness, problems, store_id, guide_id, id FROM customer WHERE brand_id = $1
      AND ($2::uuid[] IS NULL AND guide_id = $3 OR store_id = ANY($2)) ORDER BY id DESC"""
    rows = await db.fetch(sql, world.brand_id, stores, actor.id)
    found = await queries.quality(actor, EVERYBODY, "guide", 30)
    assert found.counts == add(rows, found.full_from)
    by_guide = defaultdict(list)
    for row in rows:
        by_guide[row[2], row[3]].append(row)
    assert {(row.store and row.store.id, row.staff and row.staff.id): row.counts for row in found.rows} == {
        key: add(some_rows, found.full_from) for key, some_rows in by_guide.items()
    }
    if who in ("guide", "stranger"):
        home = world.stores[0 if who == "guide" else 1]
        sql = sql.replace("guide_id = $3", "store_id = $4 AND (guide_id IS NULL OR guide_id = $3)")
        rows = await db.fetch(sql, world.brand_id, stores, actor.id, home)
    flawed = [row for row in rows if row[1]]
    cards = await queries.flawed_cards(actor, ALL, 100)
    assert [(card.customer.id, list(card.problems)) for card in cards] == [(row[4], row[1]) for row in flawed]
    counted = {one.code: one.count for one in await queries.problem_counts(actor, ALL)}
    assert counted == {code: sum(code in row[1] for row in flawed) for code in {c for row in flawed for c in row[1]}}


async def test_a_stores_pool_has_its_own_figures_and_days(database: str) -> None:
    world = await make_world()
    people: list[tuple[Any, ...]] = [("guide", False, True, False), (None, False, True, True), (None,) + (False,) * 3]
    keys = await fill(world, people)
    await db.execute("UPDATE customer SET store_id = $2 WHERE id = $1", keys[2], world.stores[1])
    scores = [await score(key) for key in keys]
    pools = QualityScope(pool=True)
    for who, places in {"guide": [1], "colleague": [1], "manager": [1], "stranger": [2], "hq": [1, 2]}.items():
        found = await queries.quality(world.staff[who], pools, "guide", 30)
        wanted = (len(places), sum(scores[n] for n in places))
        assert (found.counts.customers, found.counts.score) == wanted, who
        assert {row.store and row.store.id for row in found.rows} == {world.stores[n - 1] for n in places}
        assert all(row.staff is None for row in found.rows)
    day = zones.local_date(clock.now(), "Asia/Shanghai") - timedelta(days=1)
    owners = ((0, world.staff["guide"].id), (0, None), (1, None))
    counts = (QualityCounts(3, 90, 0, 0), QualityCounts(2, 100, 1, 1), QualityCounts(1, 30, 0, 1))
    kept = [KeptDay(world.stores[n], owner, day, one) for (n, owner), one in zip(owners, counts, strict=True)]
    await service.recall_quality(world.brand_id, kept)
    for who, total in {"guide": 100, "manager": 100, "stranger": 30, "hq": 130}.items():
        found = await queries.quality(world.staff[who], pools, "guide", 30)
        assert [one.counts.score for one in found.days] == [total], who
    first = replace(pools, store_id=world.stores[0])
    assert [one.counts.score for one in (await queries.quality(world.staff["hq"], first, "guide", 30)).days] == [100]


async def test_the_queue_goes_on_where_a_page_ended_by_kind_store_and_whose(database: str) -> None:
    world = await make_world()
    keys = await fill(world, [(owner, False, True, place % 2 == 0) for place, owner in enumerate(OWNERS * 3)])
    manager, guide, hq = (world.staff[who] for who in ("manager", "guide", "hq"))
    seen: list[UUID] = []
    while len(page := await queries.flawed_cards(hq, ALL, 4, seen[-1] if seen else None)) > 4:
        seen += [card.customer.id for card in page[:4]]
    assert [*seen, *(card.customer.id for card in page)] == sorted(keys, reverse=True)
    born = FlawScope("default_birthday", world.stores[0])
    assert len(await queries.flawed_cards(hq, born, 30)) == len([k for k in keys[::2] if k != keys[2]]) - 2
    assert await queries.flawed_cards(manager, FlawScope(store_id=world.stores[1]), 30) == []
    assert len(await queries.flawed_cards(guide, ALL, 30)) == 6  # hers and the pool's
    assert len(await queries.flawed_cards(guide, FlawScope(mine=True), 30)) == 3
    for count in (1, 100):
        async with db.counting() as statements:
            await queries.flawed_cards(hq, ALL, count)
            await queries.problem_counts(hq, ALL)
            await queries.mended_today(hq, None)
            await queries.quality(hq, EVERYBODY, "guide", 30)
        assert len(statements) == 5


async def test_a_day_is_kept_once_by_each_stores_clock(database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    world = await make_world()
    await db.execute("UPDATE store SET timezone = 'Europe/London' WHERE id = $1", world.stores[1])
    keys = await fill(
        world, [("guide", False, True, True), ("colleague", False, False, False), ("stranger",) + (False,) * 3]
    )
    at = [datetime.fromisoformat("2026-11-20T19:30:00+00:00")]  # 03:30 in Shanghai, 19:30 in London
    monkeypatch.setattr(clock, "now", lambda: at[0])
    made = await asyncio.gather(*(service.keep_quality(world.brand_id) for _ in range(3)))
    assert sorted(made) == [0, 0, 3]
    first = await db.fetch(
        "SELECT store_id, guide_id, day, customers, score, flawed FROM quality_day ORDER BY guide_id"
    )
    assert {(row[0], row[2]) for row in first} == {
        (world.stores[0], date(2026, 11, 21)),
        (world.stores[1], date(2026, 11, 20)),
    }
    # she goes to a colleague in the same day: nobody is counted twice
    await db.execute("UPDATE customer SET guide_id = $1", world.staff["colleague"].id)
    assert await service.keep_quality(world.brand_id) == 0
    at[0] += timedelta(hours=5)  # past midnight in London, not past its night
    assert await service.keep_quality(world.brand_id) == 0
    at[0] += timedelta(hours=4)
    assert await service.keep_quality(world.brand_id) == 1
    at[0] += timedelta(days=1)
    await service.keep_quality_where_it_is_day()
    days = {day.date: day.counts for day in (await queries.quality(world.staff["hq"], EVERYBODY, "store", 30)).days}
    assert {day: counts.customers for day, counts in days.items()} == {
        date(2026, 11, 20): 1,
        date(2026, 11, 21): 3,
        date(2026, 11, 22): 3,
    }
    assert days[date(2026, 11, 21)].score == sum([await score(key) for key in keys])
    hers = (await queries.quality(world.staff["guide"], EVERYBODY, "guide", 30)).days
    assert [(day.date, day.counts.customers) for day in hers] == [(date(2026, 11, 21), 1)]
    today = (await queries.quality(world.staff["hq"], EVERYBODY, "store", 1)).days
    assert [day.date for day in today] == [date(2026, 11, 22)]
    told = await db.fetch_value("SELECT count(*) FROM event WHERE kind = 'quality.kept' AND actor_kind = 'system'")
    assert told == await db.fetch_value("SELECT count(DISTINCT created_at) FROM quality_day")


async def test_a_problem_that_is_none_stays_dismissed_until_its_value_changes(database: str) -> None:
    world = await make_world()
    guide = world.staff["guide"]
    key = await make_customer(world, phone="13912345678", birthday=JANUARY)
    before = await score(key)
    for _ in range(2):
        assert await service.dismiss_problem(guide, key, "default_birthday") == key
    assert await problems(key) == ["junk_phone"] and await score(key) > before
    await service.update_customer(guide, key, 1, {"birthday": date(1980, 1, 1)})
    assert await problems(key) == ["junk_phone", "default_birthday"]
    await service.update_customer(guide, key, 2, {"birthday": JANUARY})
    assert await problems(key) == ["junk_phone"]  # it is known of this day
    for _ in range(2):
        await service.restore_problem(guide, key, "default_birthday")
    assert await problems(key) == ["junk_phone", "default_birthday"] and await score(key) == before
    await service.dismiss_problem(guide, key, "no_phone")  # she has one
    assert (await refused(service.dismiss_problem(guide, key, "boring"))).code is ErrorCode.INVALID
    kinds = await db.fetch("SELECT kind, data FROM event WHERE kind LIKE 'customer.problem_%' ORDER BY at, id")
    assert [row[0] for row in kinds] == ["customer.problem_dismissed", "customer.problem_restored"]
    assert "1990" not in str([row[1] for row in kinds])


async def test_what_was_dismissed_goes_with_a_merge_comes_back_with_its_undo_and_ends_with_her(database: str) -> None:
    world = await make_world()
    guide, hq = world.staff["guide"], world.staff["hq"]
    winner = await make_customer(world, name="周雨桐")
    loser = await make_customer(world, name="周雨桐", birthday=JANUARY)
    await service.dismiss_problem(guide, loser, "default_birthday")
    done = await merge(world, winner, loser)
    assert await problems(winner) == []
    owner = "SELECT customer_id FROM dismissed_problem"
    assert await db.fetch_value(owner) == winner
    await records.undo_merge(hq, done)
    assert await db.fetch_value(owner) == loser and await problems(loser) == []
    await erasure.erase_customer(hq, loser, "周雨桐")
    assert await db.fetch_value(owner) is None


async def test_what_was_mended_today_counts_once_for_who_did_it_and_only_while_it_holds(database: str) -> None:
    world = await make_world()
    guide, manager = world.staff["guide"], world.staff["manager"]
    one, two = await fill(world, [("guide", False, True, True), ("colleague", False, True, False)])
    await service.update_customer(guide, one, 1, {"name": "陈静", "birthday": date(1991, 5, 3)})
    await service.update_customer(manager, two, 1, {"name": "林珊"})

    async def mended(actor: Actor) -> dict[str, int]:
        return {row.staff.name: row.count for row in await queries.mended_today(actor, None)}

    assert await mended(guide) == {"guide": 2, "manager": 1}
    await service.update_customer(guide, one, 2, {"name": "测试"})
    assert await mended(manager) == {"guide": 1, "manager": 1}
    await service.update_customer(guide, one, 3, {"name": "陈静"})
    assert await mended(manager) == {"guide": 2, "manager": 1}
    await service.update_customer(guide, one, 4, {"phone": next_phone()})
    assert await mended(manager) == {"guide": 2, "manager": 1}
    assert await mended(world.staff["stranger"]) == {}
    await db.execute("UPDATE event SET at = at - interval '1 day' WHERE actor_id = $1", guide.id)
    assert await mended(manager) == {"manager": 1}
