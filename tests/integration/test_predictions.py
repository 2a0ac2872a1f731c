"""Who comes again: from what is known and nothing later, of whoever is willing, once whatever is killed."""

import asyncio
import os
import subprocess
import sys
from contextlib import suppress
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shuke.app.wiring import WIRING
from shuke.domains.predictions import queries, rules, service
from shuke.domains.predictions.service import nights, reading
from shuke.domains.predictions.types import Label, Lack, ModelState, Worth
from shuke.domains.segments import queries as segments
from shuke.domains.segments import service as segment_service
from shuke.domains.segments.types.rules import NewSegment
from shuke.kit import clock, db, events, i18n, zones
from shuke.kit.errors import ErrorCode, Refusal
from shuke.kit.events import Dispatcher
from shuke.kit.ids import new_id
from tests.factories import World, make_world, system
from tests.factories.customers import make_customer
from tests.factories.predictions import ZONE, bought, foretell, habits, scored
from tests.factories.segments import add_customers, add_orders

PAST = timedelta(days=40)
"""So long ago is the day as of which is asked."""
SCORED = "SELECT count(*), count(DISTINCT customer_id), count(DISTINCT run) FROM customer_prediction"
TOLD = "SELECT count(*) FROM event WHERE kind = 'predictions.scored'"
WORKER = """
import asyncio, sys
from shuke.domains.predictions import service
from shuke.domains.predictions.service import nights, reading
from shuke.kit import db

reading.CHUNK = 20
keep = nights._keep

async def slowly(*args):
    await keep(*args)
    print("chunk", flush=True)
    await asyncio.sleep(0.05)

nights._keep = slowly

async def main():
    await db.connect(sys.argv[1])
    while await service.sweep_predictions(10):
        pass
    await db.disconnect()

asyncio.run(main())
"""
LOADED = """
import sys
import shuke.app.asgi, shuke.app.cli, shuke.app.worker
print(sorted({"numpy", "scipy", "sklearn"} & {name.partition(".")[0] for name in sys.modules}))
"""
later = st.lists(
    st.tuples(st.integers(0, 419), st.integers(1, 40), st.integers(100, 500_000), st.sampled_from(["sale", "refund"])),
    min_size=1,
    max_size=60,
)
"""Customers (the last ones new), days after the day that is asked for, money, kinds."""


async def taken(world: World, day: date) -> list[Any]:
    found = await service.taken_out(await system(world), day, 30)
    return [found.order, found.new, [row async for row in found.rows]]


@settings(max_examples=4, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=later)
async def test_what_happens_later_changes_nothing(database: str, rows: list[tuple[int, int, int, str]]) -> None:
    await db.execute("TRUNCATE brand CASCADE")
    world = await make_world()
    ids = await habits(world, 400, days=250)
    ids += await add_customers(world, 20)
    day = zones.local_date(clock.now(), ZONE) - PAST
    await db.execute('DELETE FROM "order" WHERE business_date > $1', day)
    before = await taken(world, day)
    assert len(before[2]) > 200
    sales = await db.fetch('SELECT id, customer_id FROM "order"')
    await add_orders(
        [
            bought(world, ids[who], day + timedelta(days=after), minor)
            if kind == "sale"
            else bought(world, ids[who], day + timedelta(days=after), -minor, kind="refund", of=sales[who][0])
            for who, after, minor, kind in rows
        ]
    )
    assert await taken(world, day) == before


async def test_a_refund_takes_its_sale_away_from_the_day_it_is_known(database: str) -> None:
    world = await make_world()
    (*_, her) = await habits(world, 300)
    day = zones.local_date(clock.now(), ZONE) - PAST
    await db.execute('DELETE FROM "order" WHERE customer_id = $1', her)
    sale = bought(world, her, day - timedelta(days=5))
    await add_orders([sale, bought(world, her, day + timedelta(days=3), -5000, kind="refund", of=UUID(str(sale[0])))])
    for days, known in ((0, True), (2, True), (3, False)):
        rows = (await taken(world, day + timedelta(days=days)))[2]
        assert (her in {row[0] for row in rows}) is known, days


async def test_habits_are_told_better_than_by_recency_alone(database: str) -> None:
    world = await make_world()
    await habits(world, 700)
    page = await scored(world)
    assert not page.running and page.as_of and page.scored > 500
    for model in page.models[:2]:
        assert model.state is ModelState.LIVE and model.report
        assert model.report.model.auc > model.report.recency.auc > 0.5
    labels = {one.label: one.customers for one in page.labels}
    assert labels[Label.CHURN_RISK] and labels[Label.LIKELY_BUYER]
    for label, order in ((Label.CHURN_RISK, "<= 0.34"), (Label.LIKELY_BUYER, ">= 0.66")):
        found = await queries.labelled(world.staff["hq"], label, 10_000)
        sql = f"SELECT count(*) FROM customer_prediction WHERE order_90::float8 {order} AND seen[1] <= 365"
        assert len(found) == labels[label] == await db.fetch_value(sql)


async def test_with_too_little_history_nobody_is_scored(database: str) -> None:
    world = await make_world()
    page = await scored(world)
    assert {model.lack for model in page.models} == {Lack.DAYS}  # nothing at all
    await habits(world, 400, days=80)
    page = await scored(world)
    assert {model.state for model in page.models} == {ModelState.TOO_LITTLE} and page.scored == 0
    assert {model.lack for model in page.models} == {Lack.DAYS}
    await db.execute('DELETE FROM "order"')
    await habits(world, 30)
    assert {model.lack for model in (await scored(world)).models[:2]} == {Lack.BUYERS}
    assert await db.fetch_value("SELECT count(*) FROM customer_prediction") == 0
    for locale, word in (("zh-CN", "资料不足"), ("en", "Not enough history")):
        assert all(word in i18n.say(locale, f"lack_{lack.value}") for lack in Lack)


async def test_who_refused_to_be_profiled_is_scored_by_nobody_and_told_of_no_more(database: str) -> None:
    world = await make_world()
    ids = await habits(world, 300)
    guide, her = world.staff["guide"], ids[0]
    await foretell(world, her)
    assert (await queries.chances_of(guide, [her]))[0]
    await refuse(world, her)
    assert await queries.chances_of(guide, [her]) == [None]
    while await Dispatcher(WIRING).drain():
        pass
    assert await db.fetch_value("SELECT count(*) FROM customer_prediction") == 0
    page = await scored(world)
    assert page.scored > 200
    assert her not in {row[0] for row in await db.fetch("SELECT customer_id FROM customer_prediction")}
    assert her not in {row[0] for row in (await taken(world, zones.local_date(clock.now(), ZONE)))[2]}


async def test_who_refuses_while_everybody_is_scored_is_not_kept(
    database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    world = await make_world()
    await habits(world, 300)
    await scored(world)
    her = await db.fetch_value("SELECT max(customer_id::text)::uuid FROM customer_prediction")
    keep = nights._keep

    async def meanwhile(*args: Any) -> None:
        await refuse(world, her)
        await keep(*args)

    monkeypatch.setattr(reading, "CHUNK", 20)
    monkeypatch.setattr(nights, "_keep", meanwhile)
    assert (await scored(world)).scored > 200
    assert not await db.fetch_value("SELECT count(*) FROM customer_prediction WHERE customer_id = $1", her)


async def refuse(world: World, her: UUID) -> None:
    await db.execute("""UPDATE customer SET refusals = '["profiling/any"]' WHERE id = $1""", her)
    about = (world.brand_id, "consent.recorded", world.staff["guide"].ref, ("customer", her))
    async with db.tx():
        await events.record(*about)


async def test_a_worker_that_is_killed_goes_on_where_it_was_and_tells_once(database: str) -> None:
    world = await make_world()
    await habits(world, 500)
    await service.retrain(await system(world))
    for chunks in (2, 4, None):
        await worker(database, chunks)
        run = await db.fetch_row("SELECT run, as_of, scored FROM prediction_state")
        assert run and run[0] == 1 and (run[1] is None) == (chunks is None)
        assert await db.fetch_value(TOLD) == (chunks is None)
        if chunks:
            assert 0 < run[2] < 450
    rows, people, runs = await counted()
    told = await db.fetch_value("SELECT data->>'customers' FROM event WHERE kind = 'predictions.scored'")
    assert rows == people == int(told) > 400 and runs == 1
    assert await db.fetch_value("SELECT count(*) FROM prediction_model") == 3


async def counted() -> tuple[int, int, int]:
    """Rows, customers, runs."""
    row = await db.fetch_row(SCORED)
    assert row
    return row[0], row[1], row[2]


async def worker(url: str, chunks: int | None) -> None:
    """A process that is killed after so many chunks; None: left to finish."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", WORKER, url, stdout=asyncio.subprocess.PIPE, env=dict(os.environ)
    )
    assert process.stdout
    if chunks is None:
        await process.communicate()
        assert process.returncode == 0
        return
    for _ in range(chunks):
        assert await process.stdout.readline() == b"chunk\n"
    with suppress(ProcessLookupError):
        process.kill()
    await process.wait()


async def test_two_workers_at_once_score_everybody_once(database: str) -> None:
    world = await make_world()
    await habits(world, 300)
    await service.retrain(await system(world))
    await asyncio.gather(worker(database, None), worker(database, None))
    rows, people, runs = await counted()
    assert rows == people > 200 and runs == 1 and await db.fetch_value(TOLD) == 1


def test_neither_the_api_nor_the_worker_itself_loads_what_learning_needs() -> None:
    done = subprocess.run([sys.executable, "-c", LOADED], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"


async def test_it_is_hers_who_looks_after_her_else_the_stores_manager(database: str) -> None:
    world = await make_world()
    hers = await make_customer(world, guide="guide")
    pool = await make_customer(world, guide=None)
    for key in (hers, pool):
        await foretell(world, key)
    found = await queries.chances_of(world.staff["hq"], [hers, pool])
    owners = [one.owner.id for one in found if one and one.owner]
    assert owners == [world.staff["guide"].id, world.staff["manager"].id]
    assert rules.reasons(found[0], "CNY", "zh-CN")[0] == "已经 80 天没来了"  # type: ignore[arg-type]
    assert len(rules.reasons(found[0], "CNY", "en")) == 3  # type: ignore[arg-type]


async def test_a_chance_that_nobody_renewed_is_told_no_more(database: str) -> None:
    world = await make_world()
    her = await make_customer(world)
    await foretell(world, her)
    with clock.pretended(clock.now() + timedelta(days=4)):
        assert await queries.chances_of(world.staff["hq"], [her]) == [None]
        assert {one.customers for one in (await queries.page(world.staff["hq"])).labels} == {0}


async def test_a_manager_counts_her_own_stores_customers(database: str) -> None:
    world = await make_world()
    await foretell(world, await make_customer(world))
    counts = {}
    for who in ("manager", "hq"):
        page = await queries.page(world.staff[who])
        counts[who] = page.labels[0].customers
    await db.execute("UPDATE customer SET store_id = $1", world.stores[2])
    counts["elsewhere"] = (await queries.page(world.staff["manager"])).labels[0].customers
    assert counts == {"manager": 1, "hq": 1, "elsewhere": 0}
    for who in ("guide", "manager"):
        try:
            await service.retrain(world.staff[who])
        except Refusal as refusal:
            assert refusal.code is ErrorCode.FORBIDDEN
        else:
            raise AssertionError(who)


def test_a_model_that_is_no_better_than_recency_leaves_it_to_recency() -> None:
    good, bad = Worth(0.8, 0.1, 0.1), Worth(0.7, 0.2, 0.1)
    assert rules.judge(good, bad) is ModelState.LIVE
    for model in (bad, Worth(0.8, 0.3, 0.1), Worth(0.6, 0.05, 0.1), good):
        assert rules.judge(model, good) is ModelState.FALLBACK


async def test_rules_ask_for_chances_and_labels_until_they_expire(database: str) -> None:
    world = await make_world()
    her = await make_customer(world)
    await make_customer(world)
    await foretell(world, her)
    unsure = {"fact": "prediction.p_order_90", "op": "le", "value": 30}
    labelled = {"fact": "prediction.labels", "op": "any", "value": ["churn_risk"]}
    bought = {"fact": "prediction.labels", "op": "any", "value": ["likely_buyer"]}
    for rule, customers_found in ((unsure, 1), (labelled, 1), (bought, 0)):
        assert (await segments.preview(world.staff["hq"], rule)).customers == customers_found
    with clock.pretended(clock.now() + timedelta(days=4)):
        for rule in (unsure, labelled):
            assert (await segments.preview(world.staff["hq"], rule)).customers == 0
    await refuse(world, her)
    for rule in (unsure, labelled):
        assert (await segments.preview(world.staff["hq"], rule)).customers == 0


async def test_she_is_in_a_segment_by_her_label_and_leaves_it_when_nobody_renews_it(database: str) -> None:
    world = await make_world()
    her = await make_customer(world)
    await foretell(world, her)
    labelled = {"fact": "prediction.labels", "op": "any", "value": ["churn_risk"]}
    key = await segment_service.save_segment(world.staff["hq"], NewSegment(new_id(), "要流失的", labelled))
    while await segment_service.sweep_fills(10) + await segment_service.sweep_members(10):
        pass
    inside = "SELECT count(*) FROM segment_member WHERE segment_id = $1 AND left_at IS NULL"
    assert await db.fetch_value(inside, key) == 1
    with clock.pretended(clock.now() + timedelta(days=4)):
        while await segment_service.sweep_members(10):
            pass
    assert await db.fetch_value(inside, key) == 0
