"""Members follow their rules: when something happens, when time passes, and however often anything is repeated."""

import asyncio
import random
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from shuke.app.wiring import WIRING
from shuke.domains.customers import queries as archive
from shuke.domains.customers import service as customers
from shuke.domains.orders.facts import CHANGED
from shuke.domains.records import service as records
from shuke.domains.records.queries import confirm_with
from shuke.domains.segments import facts, queries, service
from shuke.domains.segments.rules import expanded
from shuke.domains.segments.types.rules import NewSegment
from shuke.kit import clock, codec, db, events
from shuke.kit.errors import ErrorCode
from shuke.kit.events import Dispatcher
from shuke.kit.ids import new_id
from shuke.kit.rules import Statement
from tests.factories import World, make_world
from tests.factories.customers import make_customer, refused
from tests.factories.merging import merge
from tests.factories.segments import add_customers, buy

LOYAL = {"fact": "orders.count", "op": "ge", "value": 2}
SILENT = {"fact": "orders.last", "op": "ago", "value": 30}
LATELY = {"fact": "orders.sum", "op": "ge", "value": 5000, "where": {"days": 10}}
RULES = {
    "loyal": LOYAL,
    "silent": SILENT,
    "lately": LATELY,
    "never": {"fact": "orders.last", "op": "unknown"},
    "awake": {"all": [LOYAL, {"not": SILENT}]},
}


async def segment(world: World, name: str, tree: Any) -> UUID:
    return await service.save_segment(world.staff["hq"], NewSegment(new_id(), name, tree))


async def settle() -> None:
    """Whatever happened is delivered, and whoever waits is looked at."""
    while await Dispatcher(WIRING).drain() + await service.sweep_members(50) + await service.sweep_fills(50):
        pass


async def members(key: UUID) -> set[UUID]:
    rows = await db.fetch("SELECT customer_id FROM segment_member WHERE segment_id = $1 AND left_at IS NULL", key)
    assert await db.fetch_value("SELECT members FROM segment WHERE id = $1", key) == len(rows)
    return {row[0] for row in rows}


async def anew(world: World, key: UUID) -> set[UUID]:
    """Who fits the rule, asked of everybody at once."""
    known = await queries.catalogue(world.brand_id)
    trees = {one.id: one.tree for one in await queries.trees(world.brand_id, known)}
    statement = Statement(known, world.brand_id, clock.now())
    holds = statement.holds(expanded(trees[key], trees))
    return {row[0] for row in await db.fetch(f"SELECT c.id {statement.people} AND {holds}", *statement.args)}


async def tell(world: World, *people: UUID) -> None:
    """As storing orders does."""
    async with db.tx():
        data = {"customers": people, "followUps": False}
        await events.record(world.brand_id, "orders.recorded", events.SYSTEM, ("orders", None), data)


async def changes(kind: str = "segments.changed") -> list[dict[str, Any]]:
    return [codec.loads(row[0]) for row in await db.fetch("SELECT data FROM event WHERE kind = $1 ORDER BY id", kind)]


async def test_an_order_brings_her_in_and_its_refund_takes_her_out_each_told_once(database: str) -> None:
    world, now = await make_world(), clock.now()
    her, other = await add_customers(world, 2)
    loyal = await segment(world, "熟客", LOYAL)
    await settle()
    assert await members(loyal) == set()
    await buy(world, her, 5, 5000, now)
    sale = await buy(world, her, 3, 5000, now)
    await tell(world, her, other)
    await settle()
    assert await members(loyal) == {her}
    await buy(world, her, 1, -5000, now, kind="refund", of=sale)
    await tell(world, her)
    await tell(world, her)
    await settle()
    await settle()
    assert await members(loyal) == set()
    told = await changes()
    assert [one["entered"] for one in told] == [{str(loyal): [str(her)]}, {}]
    assert [one["left"] for one in told] == [{}, {str(loyal): [str(her)]}]
    row = await db.fetch_row("SELECT entered_by, left_by FROM segment_member WHERE segment_id = $1", loyal)
    assert row and [codec.loads(text) for text in row] == [{"version": 1, "seen": [2]}, {"version": 1, "seen": [1]}]


async def test_time_alone_moves_her_and_nobody_else_is_looked_at(database: str) -> None:
    world, now = await make_world(), clock.now()
    her, other, stranger = await add_customers(world, 3)
    await buy(world, her, 1, 5000, now)
    await buy(world, other, 15, 5000, now)
    silent, lately = await segment(world, "久未来", SILENT), await segment(world, "最近买过", LATELY)
    await settle()
    assert (await members(silent), await members(lately)) == (set(), {her})
    due = {row[0]: row[1] for row in await db.fetch("SELECT customer_id, due_at FROM segment_watch")}
    assert due[stranger] is None and due[her] < due[other]
    for days, expected in ((9, (set[UUID](), {her})), (11, (set(), set())), (12, (set(), set()))):
        with clock.pretended(now + timedelta(days=days)):
            looked = await service.sweep_members(50)
            assert looked <= 1
            assert (await members(silent), await members(lately)) == expected
    with clock.pretended(now + timedelta(days=16)):
        await settle()
        assert await members(silent) == {other}
    with clock.pretended(now + timedelta(days=40)):
        await settle()
        assert await members(silent) == {her, other}


async def test_incremental_membership_is_what_a_full_one_would_be(database: str) -> None:
    by = random.Random(5)
    world, now = await make_world(), clock.now()
    keys = {name: await segment(world, name, tree) for name, tree in RULES.items()}
    keys["of both"] = await segment(
        world, "of both", {"any": [{"fact": "segments", "op": "any", "value": [str(keys["silent"])]}, LATELY]}
    )
    people = [await make_customer(world) for _ in range(8)]
    sales: list[tuple[UUID, UUID, int]] = []
    for step in range(60):
        now += timedelta(hours=by.choice((1, 5, 30, 100)))
        with clock.pretended(now):
            await something(by, world, people, sales, now)
            await settle()
            for name, key in keys.items():
                assert await members(key) == await anew(world, key), (step, name)
    assert len(await changes()) > 20


async def something(
    by: random.Random, world: World, people: list[UUID], sales: list[tuple[UUID, UUID, int]], now: datetime
) -> None:
    """A sale, a refund, a merge, its undo, or only time."""
    what = by.choice(("sale", "sale", "sale", "refund", "merge", "undo", "time", "time"))
    her = by.choice(people)
    if what == "sale":
        minor = by.choice((0, 2000, 6000))
        sales.append((await buy(world, her, by.randint(0, 20), minor, now), her, minor))
        await tell(world, her)
    elif what == "refund" and sales:
        sale, owner, minor = sales.pop(by.randrange(len(sales)))
        owner = await db.fetch_value('SELECT customer_id FROM "order" WHERE id = $1', sale)
        await buy(world, owner, 0, -by.choice((minor, minor // 2)), now, kind="refund", of=sale)
        await tell(world, owner)
    elif what == "merge":
        alive = [row[0] for row in await db.fetch("SELECT id FROM customer WHERE merged_into_id IS NULL")]
        if len(alive) > 3:
            await merge(world, *by.sample(sorted(alive), 2))
    elif what == "undo":
        last = await db.fetch_value("SELECT id FROM merge_record WHERE undone_at IS NULL ORDER BY id DESC LIMIT 1")
        if last:
            await records.undo_merge(world.staff["hq"], last)


async def test_a_changed_rule_looks_at_everybody_anew_and_so_do_those_that_ask_for_it(database: str) -> None:
    world, now = await make_world(), clock.now()
    her, other = await add_customers(world, 2)
    await buy(world, her, 1, 5000, now)
    loyal = await segment(world, "熟客", LOYAL)
    outer = await segment(world, "不是熟客", {"not": {"fact": "segments", "op": "any", "value": [str(loyal)]}})
    await settle()
    assert (await members(loyal), await members(outer)) == (set(), {her, other})
    once = {"fact": "orders.count", "op": "ge", "value": 1}
    await service.save_segment(world.staff["hq"], NewSegment(loyal, "熟客", once, None, 1))
    await settle()
    assert (await members(loyal), await members(outer)) == ({her}, {other})
    circle = NewSegment(loyal, "熟客", {"fact": "segments", "op": "any", "value": [str(outer)]}, None, 2)
    assert (await refused(service.save_segment(world.staff["hq"], circle))).reason == "segment_circle"
    assert (await refused(service.archive_segment(world.staff["hq"], loyal))).reason == "segment_used"
    stale = NewSegment(loyal, "熟客", LOYAL, None, 1)
    assert (await refused(service.save_segment(world.staff["hq"], stale))).code is ErrorCode.CONFLICT


async def test_a_snapshot_keeps_who_fitted_when_it_was_taken(database: str) -> None:
    world, now = await make_world(), clock.now()
    her, other = await add_customers(world, 2)
    await buy(world, her, 1, 5000, now)
    bought = await segment(world, "买过", {"fact": "orders.last", "op": "known"})
    await settle()
    frozen = await service.freeze_segment(world.staff["hq"], bought, new_id(), "十一月名单")
    await buy(world, other, 0, 5000, now)
    await tell(world, other)
    await settle()
    assert (await members(frozen), await members(bought)) == ({her}, {her, other})
    both = {"all": [{"fact": "segments", "op": "all", "value": [str(bought)]}]}
    both["all"].append({"fact": "segments", "op": "none", "value": [str(frozen)]})
    fresh = await segment(world, "名单以外", both)
    await settle()
    assert await members(fresh) == {other}


async def test_an_edit_of_her_card_and_a_look_at_her_never_cross(database: str) -> None:
    """Whoever looks holds her watch row, so that an older reading never stands last."""
    world = await make_world()
    people = [await make_customer(world) for _ in range(4)]
    gold = await segment(world, "金卡", {"fact": "customer.level", "op": "eq", "value": "金卡"})
    await settle()

    async def edit(her: UUID) -> None:
        for turn in range(6):
            version = await db.fetch_value("SELECT version FROM customer WHERE id = $1", her)
            level = "金卡" if turn % 2 == 0 else "银卡"
            await customers.update_customer(world.staff["guide"], her, version, {"level": level})

    async def look() -> None:
        for _ in range(15):
            await Dispatcher(WIRING).drain()
            await service.sweep_members(2)

    await asyncio.gather(*(edit(her) for her in people), look(), look())
    await settle()
    assert await members(gold) == await anew(world, gold) == set()


async def test_two_sweeps_at_once_tell_every_change_once(database: str) -> None:
    world, now = await make_world(), clock.now()
    people = await add_customers(world, 40)
    bought = await segment(world, "买过", {"fact": "orders.last", "op": "known"})
    await settle()
    for her in people:
        await buy(world, her, 1, 5000, now)
    await tell(world, *people)
    await Dispatcher(WIRING).drain()
    while sum(await asyncio.gather(*(service.sweep_members(7) for _ in range(3)))):
        pass
    told = [key for one in await changes() for key in one["entered"].get(str(bought), [])]
    assert sorted(told) == sorted(map(str, people))


async def test_who_is_erased_is_in_no_segment(database: str) -> None:
    world = await make_world()
    her = await make_customer(world)
    everybody = await segment(world, "所有人", {"all": []})
    await settle()
    assert her in await members(everybody)
    view = await archive.customer(world.staff["hq"], her)
    assert view
    await records.erase_customer(world.staff["hq"], her, confirm_with(view))
    await settle()
    assert her not in await members(everybody)
    assert [one["left"] for one in await changes() if one["left"]] == [{str(everybody): [str(her)]}]


def test_every_event_that_may_change_a_fact_has_her_looked_at() -> None:
    named = set(CHANGED) | facts.RECUT
    from shuke.domains.customers.facts import BORN, MEASURED, TOUCHED
    from shuke.domains.predictions.facts import SCORED
    from shuke.domains.segments.facts import TAGGED

    named |= TAGGED - {"tag.merged"} | SCORED | {"predictions.forgotten"}  # a merge sees to its own
    named |= BORN | MEASURED | TOUCHED | {"life_stages.saved", "staff.ended"}
    named -= {"segments.refreshed"}  # its own transaction has them looked at
    wired = {
        kind
        for kind, handlers in WIRING.items()
        if any(one.__module__ == "shuke.domains.segments.handlers" for one in handlers)
    }
    assert wired == named


@pytest.mark.parametrize("who", ["guide", "manager"])
async def test_only_head_office_makes_segments(database: str, who: str) -> None:
    world = await make_world()
    said = NewSegment(new_id(), "熟客", LOYAL)
    assert (await refused(service.save_segment(world.staff[who], said))).code is ErrorCode.FORBIDDEN
