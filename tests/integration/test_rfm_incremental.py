"""RFM kept up to date by what happens and by passing days is what a full computation would be."""

import asyncio
import random
from datetime import datetime, timedelta
from decimal import Decimal
from uuid import UUID

import pytest

from shuke.domains.orders.service import save_products
from shuke.domains.orders.types import Product
from shuke.domains.records import service as records
from shuke.domains.segments import service
from shuke.domains.segments.service import placing
from shuke.domains.segments.types import Cut, Cuts, Options, Refunds
from shuke.kit import clock, db, zones
from tests.factories import World, make_world, system
from tests.factories.cells import ZONE, by_hand, cut_offs, held, placed, settle
from tests.factories.customers import make_customer
from tests.factories.merging import merge
from tests.factories.segments import add_customers, add_orders, buy, order_row
from tests.integration.test_segments_live import changes

CUTS = Cuts(Cut(Decimal(20)), Cut(Decimal(2)), Cut(Decimal("0.5"), quantile=True))
OPTIONS = {
    "as it comes": Options(CUTS),
    "ignore": Options(CUTS, Refunds.IGNORE, zero=True, without_levels=("员工",)),
    "a window of visits": Options(CUTS, window_days=25, visit_minutes=90, without_sources=("staff",)),
    "a band": Options(CUTS, band=0.3),
    "articles": Options(CUTS, categories=("奶粉", "纸尿裤"), without_categories=("赠品",), window_days=40, zero=True),
}
COUNTED = "SELECT store_id, cell, customers FROM segment_store_count WHERE brand_id = $1 AND customers <> 0"
RECOUNTED = """
SELECT c.store_id, m.cell, count(*)::int FROM segment_membership m JOIN customer c ON c.id = m.customer_id
WHERE m.brand_id = $1 AND m.left_at IS NULL GROUP BY 1, 2
"""
FIGURES = "SELECT customer_id, last_on, visits, minor FROM rfm_figure WHERE brand_id = $1"


@pytest.mark.parametrize("which", OPTIONS)
async def test_after_any_history_the_kept_cells_are_those_of_a_full_run(database: str, which: str) -> None:
    by, options = random.Random(which), OPTIONS[which]
    world, now = await make_world(), clock.now()
    await articles(world)
    people, sales = [await make_customer(world) for _ in range(10)], list[UUID]()
    for _ in range(25):
        await something(by, world, people, sales, now, "sale")
    await service.refresh(await system(world), None, options)
    offs = await cut_offs(world)
    for step in range(45):
        before = zones.local_date(now, ZONE)
        now += timedelta(hours=by.choice((1, 5, 30, 100)))
        with clock.pretended(now):
            await something(by, world, people, sales, now, None)
            former = await held(world)
            if zones.local_date(now, ZONE) != before:
                await service.refresh_by_night(await system(world))
            await settle()
            offs = await cut_offs(world)
            figures = await by_hand(world, options)
            rows = await db.fetch(FIGURES, world.brand_id)
            assert {row[0]: tuple(row)[1:] for row in rows} == figures, step
            assert await held(world) == placed(figures, offs, former, options.band), step
            await counts_are_true(world)
    with clock.pretended(now):
        await rebuilt_alike(world, options)


async def rebuilt_alike(world: World, options: Options) -> None:
    """Everything anew: the same figures; by fixed cuts nobody moves."""
    before = {tuple(row) for row in await db.fetch(FIGURES, world.brand_id)}
    await db.execute("UPDATE rfm_state SET wanted = true")
    await service.refresh(await system(world), None, options)
    assert {tuple(row) for row in await db.fetch(FIGURES, world.brand_id)} == before
    again = await service.refresh(await system(world), None, options)
    assert (again.entered, again.left) == (0, 0)
    await counts_are_true(world)


async def counts_are_true(world: World) -> None:
    counted, anew = [{tuple(row) for row in await db.fetch(sql, world.brand_id)} for sql in (COUNTED, RECOUNTED)]
    assert counted == anew


async def articles(world: World) -> None:
    sql = (
        "INSERT INTO product (id, brand_id, sku, category) SELECT gen_random_uuid(), $1, x, x FROM unnest($2::text[]) x"
    )
    await db.execute(sql, world.brand_id, ["奶粉", "纸尿裤", "赠品"])


async def sell(
    by: random.Random, world: World, her: UUID, now: datetime, sign: int = 1, of: UUID | None = None
) -> UUID:
    """An order of some articles, of one of which nothing is known; its id."""
    lines = [
        (by.choice(("奶粉", "纸尿裤", "赠品", "?")), sign * by.choice((0, 1500, 4000))) for _ in range(by.randint(1, 3))
    ]
    kind, total = ("sale" if sign > 0 else "refund"), sum(minor for _, minor in lines)
    key = await buy(world, her, by.choice((0, 0, 0.04, by.randint(0, 30), -0.6)), total, now, kind=kind, of=of)
    await db.execute(
        """INSERT INTO order_line (order_id, position, sku, quantity, total_minor)
        SELECT $1, row_number() OVER (), s, $4, m FROM unnest($2::text[], $3::bigint[]) x (s, m)""",
        *(key, [line[0] for line in lines], [line[1] for line in lines], Decimal(sign)),
    )
    if by.random() < 0.2:
        await db.execute("UPDATE \"order\" SET source = 'staff' WHERE id = $1", key)
    await db.execute('UPDATE "order" SET updated_at = now() WHERE id = $1', key)  # as a source that sends it again
    return key


async def something(
    by: random.Random, world: World, people: list[UUID], sales: list[UUID], now: datetime, what: str | None
) -> None:
    """A sale, a refund (by another, too), a cancellation, a merge, its undo, a change of her card, or only time."""
    what = what or by.choice(
        ("sale", "sale", "sale", "refund", "cancel", "merge", "undo", "card", "move", "time", "time")
    )
    rows = await db.fetch("SELECT id FROM customer WHERE merged_into_id IS NULL ORDER BY id")
    alive = [row[0] for row in rows]
    her = by.choice(alive)
    if what == "sale":
        sales.append(await sell(by, world, her, now))
    elif what == "refund" and sales:
        sale = by.choice(sales)
        owner = await db.fetch_value('SELECT customer_id FROM "order" WHERE id = $1', sale)
        await sell(by, world, by.choice((owner, her)), now, -1, by.choice((sale, sale, None)))
    elif what == "cancel" and sales:
        sale = sales.pop(by.randrange(len(sales)))
        await db.execute("UPDATE \"order\" SET status = 'cancelled' WHERE id = $1", sale)
    elif what == "merge" and len(alive) > 4:
        await merge(world, *by.sample(alive, 2))
    elif what == "undo":
        sql = "SELECT id, created_at FROM merge_record WHERE undone_at IS NULL ORDER BY id DESC LIMIT 1"
        row = await db.fetch_row(sql)
        if row and now - row[1] < timedelta(days=29):
            last = row[0]
            await records.undo_merge(world.staff["hq"], last)
    elif what == "card":
        sql = "UPDATE customer SET level = $2, refusals = $3, version = version + 1 WHERE id = $1"
        await db.execute(sql, her, by.choice(("员工", None)), by.choice(('["profiling/any"]', "[]", "[]")))
    elif what == "move":
        await db.execute("UPDATE customer SET store_id = $2 WHERE id = $1", her, by.choice(world.stores))


async def test_only_those_who_are_touched_or_grow_old_are_written(database: str) -> None:
    world, now = await make_world(), clock.now()
    people = await add_customers(world, 60)
    await add_orders([order_row(world, her, now - timedelta(days=n), 5000) for n, her in enumerate(people)])
    await service.refresh(await system(world), None, Options(Cuts(Cut(Decimal(30)), m=Cut(Decimal(10)))))
    await buy(world, people[3], 0, 5000, now)
    assert await service.sweep_cells(200) == 1 and await service.sweep_cells(200) == 0
    stamp = "SELECT count(*) FROM segment_membership WHERE updated_at >= $1"
    with clock.pretended(now + timedelta(days=2)):
        run = await service.refresh_by_night(await system(world))
        assert (run.entered, run.left, run.customers) == (2, 2, 60)
        assert await db.fetch_value(stamp, clock.now()) == 4
    assert [len(one["moved"]) for one in await changes("segments.moved")] == [1, 2]


async def test_whoever_moves_is_told_once_with_the_cell_she_was_in(
    database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(placing, "MOST_TOLD", 2)
    world, now = await make_world(), clock.now()
    people, actor = await add_customers(world, 5), await system(world)
    sales = [await buy(world, her, 1, 5000, now) for her in people]
    options = Options(Cuts(Cut(Decimal(30)), m=Cut(Decimal(10))))
    await service.refresh(actor, None, options)
    assert await changes("segments.moved") == []  # everybody's first: the run's numbers say it

    seen = [0]

    async def told(*expected: tuple[UUID, str | None, str | None]) -> None:
        events = (await changes("segments.moved"))[seen[0] :]
        seen[0] += len(events)
        assert sorted(len(one["moved"]) for one in events) == [1] * (len(expected) % 2) + [2] * (len(expected) // 2)
        named = [(UUID(move["customer"]), move["former"], move["cell"]) for one in events for move in one["moved"]]
        assert sorted(named) == sorted(expected)
        assert sum(one["entered"] for one in events) == sum(cell is not None for _, _, cell in expected)
        assert sum(one["left"] for one in events) == sum(former is not None for _, former, _ in expected)

    for her in people[:3]:
        await buy(world, her, 0, 5000, now)
    await settle()
    await told(*((her, "HLH", "HHH") for her in people[:3]))
    await buy(world, people[4], 0, -5000, now, kind="refund", of=sales[4])
    (newcomer,) = await add_customers(world, 1)
    await buy(world, newcomer, 0, 500, now)
    await settle()
    await told((people[4], "HLH", None), (newcomer, None, "HLL"))
    with clock.pretended(now + timedelta(days=40)):
        await service.refresh_by_night(actor)
        await told(*((her, "HHH", "LHH") for her in people[:3]), (people[3], "HLH", "LLH"), (newcomer, "HLL", "LLL"))
        await service.refresh(actor, None, Options(Cuts(Cut(Decimal(90)), m=Cut(Decimal(10)))))
        await told(*((her, "LHH", "HHH") for her in people[:3]), (people[3], "LLH", "HLH"), (newcomer, "LLL", "HLL"))
        await service.refresh(actor)
        await told()


async def test_many_workers_move_her_once(database: str) -> None:
    world, now = await make_world(), clock.now()
    people = await add_customers(world, 40)
    await add_orders([order_row(world, her, now - timedelta(days=1), 5000) for her in people])
    await service.refresh(await system(world), None, Options(Cuts(m=Cut(Decimal(10)))))
    await add_orders([order_row(world, her, now, 5000) for her in people])
    while sum(await asyncio.gather(*(service.sweep_cells(7) for _ in range(4)))):
        pass
    assert set((await held(world)).values()) == {"HHH"}
    assert await db.fetch_value("SELECT count(*) FROM segment_membership") == 80
    await counts_are_true(world)


async def test_cuts_stand_still_between_full_runs_and_quantiles_move_in_one(database: str) -> None:
    world, now = await make_world(), clock.now()
    people = await add_customers(world, 4)
    for her, minor in zip(people, (1000, 2000, 3000, 4000), strict=True):
        await buy(world, her, 1, minor, now)
    actor = await system(world)
    first = await service.refresh(actor)
    await buy(world, people[0], 0, 90_000, now)
    for days in (1, 6):
        with clock.pretended(now + timedelta(days=days)):
            assert (await service.refresh_by_night(actor)).config.cut_offs == first.config.cut_offs
    with clock.pretended(now + timedelta(days=8)):
        moved = (await service.refresh_by_night(actor)).config.cut_offs
    assert first.config.cut_offs and moved and (first.config.cut_offs.minor, moved.minor) == (2500, 3500)


async def test_a_quantile_that_has_come_to_divide_nobody_leaves_the_last_cut_off_standing(database: str) -> None:
    world, now = await make_world(), clock.now()
    people, actor = await add_customers(world, 100), await system(world)

    async def visits(some: list[UUID], many: int, at: datetime) -> None:
        await add_orders([order_row(world, her, at, 5000) for her in some for _ in range(many)])

    async def by_night(days: int) -> tuple[float, list[bool]]:
        with clock.pretended(now + timedelta(days=days)):
            config = (await service.refresh_by_night(actor)).config
        assert config.cut_offs
        return config.cut_offs.orders, [note.held for note in config.notes if note.dimension == "f"]

    await visits(people, 1, now - timedelta(days=100))
    await visits(people[:40], 1, now - timedelta(days=1))
    options = Options(Cuts(f=Cut(Decimal("0.7"), quantile=True), m=Cut(Decimal(100))))
    first = await service.refresh(actor, None, options)
    assert first.config.cut_offs and (first.config.cut_offs.orders, first.config.notes) == (2, ())
    await visits(people[:40], 5, now)
    await visits(people[40:], 6, now)
    assert await by_night(8) == (2, [True])
    assert await by_night(9) == (2, [True])  # a day that only passes says it still
    await visits(people[:30], 10, now)
    assert await by_night(14) == (2, [True])
    cut, notes = await by_night(15)
    assert cut == pytest.approx(10) and notes == []


async def test_who_is_high_stays_so_near_the_border_but_not_in_a_first_run(database: str) -> None:
    world, now = await make_world(), clock.now()
    near, far = await add_customers(world, 2)
    sale = await buy(world, near, 1, 10_000, now)
    await buy(world, far, 1, 9_500, now)
    options = Options(Cuts(m=Cut(Decimal(100))), band=0.1)
    await service.refresh(await system(world), None, options)
    assert await held(world) == {near: "HLH", far: "HLL"}
    await buy(world, near, 0, -500, now, kind="refund", of=sale)
    await settle()
    assert (await held(world))[near] == "HLH"
    assert (await service.refresh(await system(world), None, options)).entered == 0
    await buy(world, near, 0, -600, now, kind="refund", of=sale)
    await settle()
    assert (await held(world))[near] == "HLL"


async def test_articles_that_come_into_another_category_move_those_who_bought_them(database: str) -> None:
    world, now = await make_world(), clock.now()
    (her,) = await add_customers(world, 1)
    sale = await buy(world, her, 1, 5000, now)
    line = "INSERT INTO order_line (order_id, position, sku, quantity, total_minor) VALUES ($1, 1, 'A1', 1, 5000)"
    await db.execute(line, sale)
    hq = world.staff["hq"]
    await save_products(hq, [Product("A1", None, "奶粉")])
    await service.refresh(await system(world), None, Options(Cuts(m=Cut(Decimal(10))), categories=("奶粉",)))
    assert await held(world) == {her: "HLH"}
    await save_products(hq, [Product("A1", None, "玩具")])
    await settle()
    assert await held(world) == {}
