"""Recomputing cells: who is in, who moves, what counts."""

import asyncio
import random
import time
from datetime import timedelta
from decimal import Decimal

import pytest

from shuke.domains.orders.service import rebuild_stats
from shuke.domains.segments import handlers, queries, service
from shuke.domains.segments.types import Cut, Cuts, Options, Refunds, RfmCell
from shuke.kit import clock, codec, db, zones
from shuke.kit.errors import ErrorCode, Refusal
from tests.factories import make_world, system
from tests.factories.segments import add_customers, add_orders, buy, order_row

IGNORE = Options(refunds=Refunds.IGNORE)
FIXED = Options(Cuts(m=Cut(Decimal(100))))


async def test_days_are_calendar_days_in_the_brands_zone(database: str) -> None:
    world = await make_world()
    (lately, long_ago) = await add_customers(world, 2)
    day = zones.local_date(clock.now(), "Asia/Shanghai") - timedelta(days=100)
    evening = zones.at_local(day - timedelta(days=90), 0, "Asia/Shanghai")
    await add_orders([order_row(world, lately, evening, 20000)])
    await add_orders([order_row(world, long_ago, evening - timedelta(seconds=1), 20000)])
    await service.refresh(await system(world), day, FIXED)
    assert await queries.cells_of(world.staff["hq"], [lately, long_ago]) == [RfmCell.HLH, RfmCell.LLH]


async def test_orders_and_refunds_after_the_as_of_day_have_not_happened_yet(database: str) -> None:
    world, now = await make_world(), clock.now()
    (customer,) = await add_customers(world, 1)
    sale = await buy(world, customer, 10, 20000, now)
    await buy(world, customer, 3, -20000, now, kind="refund", of=sale)
    await buy(world, customer, 2, 5000, now)
    today = zones.local_date(now, "Asia/Shanghai")
    before = await service.refresh(await system(world), today - timedelta(days=5), FIXED)
    assert before.cells[RfmCell.HLH] == before.customers == 1
    after = await service.refresh(await system(world), today, FIXED)
    assert after.cells[RfmCell.HLL] == after.customers == 1


async def test_a_sale_refunded_whole_counts_nothing_unless_refunds_are_ignored(database: str) -> None:
    world, now = await make_world(), clock.now()
    (taken_back, partly, unlinked, free, cancelled) = await add_customers(world, 5)
    sale = await buy(world, taken_back, 10, 20000, now)
    await buy(world, taken_back, 9, -15000, now, kind="refund", of=sale)
    await buy(world, taken_back, 8, -5000, now, kind="refund", of=sale)
    sale = await buy(world, partly, 10, 20000, now)
    await buy(world, partly, 9, -15000, now, kind="refund", of=sale)
    await buy(world, unlinked, 10, 20000, now)
    await buy(world, unlinked, 9, -20000, now, kind="refund")
    await buy(world, free, 10, 0, now)
    await buy(world, cancelled, 10, 20000, now, status="cancelled")
    everybody = [taken_back, partly, unlinked, free, cancelled]
    net = await service.refresh(await system(world), None, FIXED)
    assert net.customers == 2
    assert await queries.cells_of(world.staff["hq"], everybody) == [None, RfmCell.HLL, RfmCell.HLL, None, None]
    rung_up = await service.refresh(await system(world), None, Options(FIXED.cuts, Refunds.IGNORE))
    assert rung_up.customers == rung_up.cells[RfmCell.HLH] == 3


async def test_quantiles_interpolate_and_the_cut_itself_is_high(database: str) -> None:
    world, now = await make_world(), clock.now()
    customers = await add_customers(world, 4)
    for customer, minor in zip(customers, (1000, 2000, 3000, 4000), strict=True):
        await buy(world, customer, 1, minor, now)
    run = await service.refresh(await system(world))
    assert run.config.cut_offs and run.config.cut_offs.minor == 2500
    assert [run.cells[cell] for cell in (RfmCell.HLH, RfmCell.HLL)] == [2, 2]
    yesterday = run.as_of - timedelta(days=1)
    top = await service.refresh(await system(world), yesterday, Options(Cuts(m=Cut(Decimal(1), quantile=True))))
    assert top.cells[RfmCell.HLH] == 1


async def test_who_stays_keeps_her_membership_and_who_moves_leaves_a_trace(database: str) -> None:
    world, now = await make_world(), clock.now()
    (stays, moves) = await add_customers(world, 2)
    await buy(world, stays, 5, 20000, now)
    await buy(world, moves, 5, 20000, now)
    first = await service.refresh(await system(world), None, FIXED)
    await buy(world, moves, 0.01, 1000, now)
    second = await service.refresh(await system(world), None, FIXED)
    assert (first.entered, first.left, second.entered, second.left) == (2, 0, 1, 1)
    rows = await db.fetch(
        "SELECT cell, left_at IS NULL, reason FROM segment_membership WHERE customer_id = $1 ORDER BY entered_at", moves
    )
    assert [tuple(row)[:2] for row in rows] == [("HLH", False), ("HHH", True)]
    assert codec.loads(rows[1][2]) == {"days": 0, "orders": 2, "netMinor": 21000}
    ids = await db.fetch("SELECT id FROM segment_membership")
    assert {row[0].version for row in ids} == {7}


async def test_a_report_of_an_earlier_day_is_kept_but_moves_nobody(database: str) -> None:
    world, now = await make_world(), clock.now()
    (customer,) = await add_customers(world, 1)
    await buy(world, customer, 200, 20000, now)
    today = zones.local_date(now, "Asia/Shanghai")
    await service.refresh(await system(world), None, FIXED)
    report = await service.refresh(await system(world), today - timedelta(days=150), FIXED)
    assert report.cells[RfmCell.HLH] == 1 and not report.config.applied and (report.entered, report.left) == (0, 0)
    assert await queries.cells_of(world.staff["hq"], [customer]) == [RfmCell.LLH]
    assert (await queries.segments(world.staff["hq"])).as_of == today
    assert await db.fetch_value("SELECT count(*) FROM segment_run") == 2
    kinds = await db.fetch("SELECT data->>'applied' FROM event WHERE kind = 'segments.refreshed' ORDER BY at, id")
    assert [row[0] for row in kinds] == ["true", "false"]


async def test_the_nightly_run_repeats_what_was_said_for_today_not_for_a_report(database: str) -> None:
    world, now = await make_world(), clock.now()
    (customer,) = await add_customers(world, 1)
    await buy(world, customer, 10, 20000, now)
    yesterday = zones.local_date(now, "Asia/Shanghai") - timedelta(days=1)
    await service.refresh(await system(world), yesterday, IGNORE)
    await handlers.refresh_all()
    assert await queries.standing_options(world.brand_id, "Asia/Shanghai") == Options()
    chosen = Options(Cuts(r=Cut(Decimal(5)), m=Cut(Decimal("2054.275"))))
    await service.refresh(await system(world), None, chosen)
    await handlers.refresh_brand(world.brand_id)
    assert await queries.standing_options(world.brand_id, "Asia/Shanghai") == chosen
    assert await queries.cells_of(world.staff["hq"], [customer]) == [RfmCell.LLL]


async def test_a_day_that_has_not_begun_is_refused(database: str) -> None:
    world = await make_world()
    tomorrow = zones.local_date(clock.now(), "Asia/Shanghai") + timedelta(days=1)
    with pytest.raises(Refusal) as refused:
        await service.refresh(await system(world), tomorrow)
    assert refused.value.code is ErrorCode.INVALID
    assert await db.fetch_value("SELECT count(*) FROM segment_run") == 0


async def test_nobody_has_bought_is_an_answer_too(database: str) -> None:
    world = await make_world()
    run = await service.refresh(await system(world))
    assert run.customers == 0 and set(run.cells.values()) == {0} and run.config.cut_offs is None


async def test_the_first_run_of_a_tiny_brand_follows_what_ships_and_says_that_its_median_says_little(
    database: str,
) -> None:
    world, now = await make_world(), clock.now()
    for her, minor in zip(await add_customers(world, 3), (1000, 2000, 9000), strict=True):
        await buy(world, her, 1, minor, now)
    run = await service.refresh(await system(world))
    assert run.config.cut_offs and run.config.cut_offs.minor == 2000
    assert [(note.dimension, note.reason, note.held) for note in run.config.notes] == [
        ("m", "rfm_history_small", False)
    ]
    assert (await queries.rfm_board(world.staff["hq"])).notes == run.config.notes
    with pytest.raises(Refusal) as refused:
        await service.refresh(await system(world), None, Options(Cuts(m=Cut(Decimal("0.8"), quantile=True))))
    assert (refused.value.field, refused.value.reason) == ("m", "rfm_history_small")
    assert await queries.standing_options(world.brand_id, "Asia/Shanghai") == Options()


async def test_runs_at_once_take_turns_and_leave_one_membership_each(database: str) -> None:
    world, now = await make_world(), clock.now()
    customers = await add_customers(world, 50)
    await add_orders([order_row(world, customer, now - timedelta(days=1), 100) for customer in customers])
    actor = await system(world)
    await asyncio.gather(*(service.refresh(actor) for _ in range(4)))
    assert await db.fetch_value("SELECT count(*) FROM segment_membership") == 50


async def test_another_brand_is_another_world(database: str) -> None:
    world, other, now = await make_world(), await make_world("别家"), clock.now()
    (customer,) = await add_customers(other, 1)
    await buy(other, customer, 1, 20000, now)
    assert (await service.refresh(await system(world))).customers == 0
    await service.refresh(await system(other))
    assert await queries.cells_of(world.staff["hq"], [customer]) == [None]
    assert (await queries.segments(world.staff["hq"])).customers == 0


async def test_a_manager_counts_her_own_stores_customers(database: str) -> None:
    world, now = await make_world(), clock.now()
    customers = (
        await add_customers(world, 2) + await add_customers(world, 1, store=1) + await add_customers(world, 1, 2)
    )
    for customer in customers:
        await buy(world, customer, 1, 20000, now)
    await service.refresh(await system(world))
    seen = {who: (await queries.segments(world.staff[who])).customers for who in ("manager", "regional", "hq")}
    assert seen == {"manager": 2, "regional": 3, "hq": 4}
    with pytest.raises(Refusal):
        await queries.segments(world.staff["guide"])
    with pytest.raises(Refusal):
        await service.refresh(world.staff["manager"])


async def test_forty_thousand_orders_are_far_below_a_second(database: str) -> None:
    world, now = await make_world(), clock.now()
    customers = await add_customers(world, 5000)
    await add_orders(
        [
            order_row(world, customer, now - timedelta(days=n * 7 % 300), 1000 + n)
            for customer in customers
            for n in range(8)
        ]
    )
    actor, begun = await system(world), time.perf_counter()
    run = await service.refresh(actor)
    assert run.customers == run.entered == 5000
    assert time.perf_counter() - begun < 1.5  # 0.2 s on two quiet cores


async def test_a_brands_night_comes_once_a_day_and_is_made_up_for(
    database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    world = await make_world()
    midnight = zones.at_local(zones.local_date(clock.now(), "Asia/Shanghai"), 0, "Asia/Shanghai")
    runs = []
    for hours in (2, 3, 4, 23, 26, 24 + 15):
        monkeypatch.setattr(clock, "now", lambda hours=hours: midnight + timedelta(hours=hours, minutes=20))
        await handlers.refresh_where_it_is_night()
        runs.append(await db.fetch_value("SELECT count(*) FROM segment_run WHERE brand_id = $1", world.brand_id))
    assert runs == [0, 1, 1, 1, 1, 2]


async def test_the_figures_agree_with_the_purchase_statistics(database: str) -> None:
    world, now, dice = await make_world(), clock.now(), random.Random(7)
    for customer in await add_customers(world, 40):
        sales = [await buy(world, customer, dice.randint(1, 300), dice.choice((0, 500, 9900)), now) for _ in range(3)]
        for sale in dice.sample([*sales, None], 2):
            await buy(world, customer, 0.5, dice.choice((-100, -500, -9900)), now, kind="refund", of=sale)
        await buy(world, customer, 2, 700, now, status="cancelled")
    await rebuild_stats(world.brand_id)
    run = await service.refresh(await system(world))
    agreeing = """
    SELECT count(*) FROM segment_membership m JOIN customer_stats s ON s.id = m.customer_id
    WHERE m.reason = jsonb_build_object('orders', s.order_count, 'netMinor', s.gross_minor + s.refunded_minor,
      'days', $1::date - (s.last_order_at AT TIME ZONE 'Asia/Shanghai')::date)
    """
    counted = await db.fetch_value("SELECT count(*) FROM customer_stats WHERE order_count > 0")
    assert 0 < run.customers == counted == await db.fetch_value(agreeing, run.as_of)
