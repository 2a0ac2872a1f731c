"""Cards on real PostgreSQL: one a customer, outcomes, undo, who may, today."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from shuke.domains.customers import queries as customers
from shuke.domains.tasks import handlers, queries, service
from shuke.domains.tasks.types import NewReason, Outcome, TaskState
from shuke.kit import clock, db
from shuke.kit.errors import ErrorCode, Refusal
from shuke.kit.events import EventRow
from shuke.kit.ids import new_id
from tests.factories import World, make_world
from tests.factories.tasks import add_buyers, card, cards_of, make_card, reason

MORNING = datetime(2026, 11, 22, 2, tzinfo=UTC)  # 10:00 in Shanghai


async def record(world: World, who: str, task_id: object, outcome: Outcome, **said: object) -> object:
    return await service.record_outcome(world.staff[who], new_id(), task_id, outcome, **said)  # type: ignore[arg-type]


async def refused(call: object) -> ErrorCode:
    with pytest.raises(Refusal) as caught:
        await call  # type: ignore[misc]
    return caught.value.code


async def test_reasons_at_the_same_time_make_one_card(database: str) -> None:
    world = await make_world()
    (customer,) = await add_buyers(world)
    news = [NewReason(customer, reason(f"rule {n}"), clock.now() + timedelta(days=2)) for n in range(12)]
    await asyncio.gather(*(service.add_reasons(world.brand_id, [one]) for one in news + news))
    assert await cards_of(customer) == [("open", 12)]


async def test_bulk_reasons_in_any_order_never_wait_in_a_circle(database: str) -> None:
    world = await make_world()
    buyers = await add_buyers(world, 60)
    expires = clock.now() + timedelta(days=2)
    batches = [[NewReason(one, reason(f"rule {n}"), expires) for one in buyers[:: (-1) ** n]] for n in range(6)]
    await asyncio.gather(*(service.add_reasons(world.brand_id, batch) for batch in batches))
    assert await db.fetch_value("SELECT count(*) FROM task WHERE jsonb_array_length(reasons) = 6") == 60


async def test_a_card_belongs_to_the_guide_or_to_the_pool(database: str) -> None:
    world = await make_world()
    (hers,), (nobodys,) = await add_buyers(world), await add_buyers(world, guide=None)
    assert (await card(world.staff["guide"], await make_card(world, hers))).assignee is not None
    assert (await card(world.staff["guide"], await make_card(world, nobodys))).assignee is None
    await db.execute("UPDATE staff SET left_at = $2 WHERE id = $1", world.staff["guide"].id, clock.now())
    (later,) = await add_buyers(world)
    assert (await card(world.staff["manager"], await make_card(world, later))).assignee is None


async def test_a_joining_reason_makes_the_card_due_when_the_most_urgent_is(database: str) -> None:
    world = await make_world()
    (customer,) = await add_buyers(world)
    now = clock.now()
    first = await make_card(world, customer, now + timedelta(days=2))
    await make_card(world, customer, now + timedelta(days=1), key="thanks")
    view = await card(world.staff["guide"], first)
    assert view.due_at == now + timedelta(days=1) and [one.key for one in view.reasons] == ["thanks", "wake_up"]


async def test_an_outcome_closes_the_card_and_stands_on_the_timeline_until_it_is_undone(database: str) -> None:
    world = await make_world()
    (customer,) = await add_buyers(world)
    guide, task_id = world.staff["guide"], await make_card(world, customer)
    await record(world, "guide", task_id, Outcome.VISIT_BOOKED, note="带宝宝")
    await record(world, "guide", task_id, Outcome.VISIT_BOOKED, note="带宝宝来")
    view = await card(guide, task_id)
    assert view.state is TaskState.DONE and view.closed_by is not None and view.closed_by.id == guide.id
    (entry,) = await customers.timeline(guide, customer, 5)
    assert (entry.data["outcome"], entry.data["note"]) == ("visit_booked", "带宝宝来")
    assert await service.undo_outcome(guide, task_id) == task_id
    view = await card(guide, task_id)
    assert (view.state, view.outcome, view.closed_by) == (TaskState.OPEN, None, None)
    assert await customers.timeline(guide, customer, 5) == []
    assert await refused(service.undo_outcome(guide, task_id)) is ErrorCode.NOT_UNDOABLE


async def test_undo_ends_after_ten_minutes(database: str) -> None:
    world = await make_world()
    (customer,) = await add_buyers(world)
    task_id = await make_card(world, customer)
    with clock.pretended(MORNING):
        await record(world, "guide", task_id, Outcome.REACHED)
    with clock.pretended(MORNING + timedelta(minutes=11)):
        assert await refused(service.undo_outcome(world.staff["guide"], task_id)) is ErrorCode.NOT_UNDOABLE


async def test_undo_beside_a_new_card_gives_that_the_reasons(database: str) -> None:
    world = await make_world()
    (customer,) = await add_buyers(world)
    first = await make_card(world, customer)
    await record(world, "guide", first, Outcome.REACHED)
    second = await make_card(world, customer, key="thanks")
    assert await service.undo_outcome(world.staff["guide"], first) == second
    assert sorted(await cards_of(customer)) == [("expired", 1), ("open", 2)]


async def test_undoing_a_snooze_keeps_a_reason_that_joined_meanwhile(database: str) -> None:
    world = await make_world()
    (customer,) = await add_buyers(world)
    now = clock.now()
    task_id = await make_card(world, customer, now + timedelta(hours=3))
    await record(world, "guide", task_id, Outcome.LATER, follow_up_at=now + timedelta(days=3))
    await make_card(world, customer, now + timedelta(hours=1), key="thanks")
    await service.undo_outcome(world.staff["guide"], task_id)
    assert (await card(world.staff["guide"], task_id)).due_at == now + timedelta(hours=1)


async def test_two_who_close_a_pool_card_at_once_see_the_first(database: str) -> None:
    world = await make_world()
    (customer,) = await add_buyers(world, guide=None)
    task_id = await make_card(world, customer)
    calls = [record(world, who, task_id, Outcome.REACHED) for who in ("guide", "colleague", "manager")]
    assert await asyncio.gather(*calls) == [task_id] * 3
    assert await db.fetch_value("SELECT count(*) FROM event WHERE kind = 'task.outcome'") == 1
    assert await db.fetch_value("SELECT count(*) FROM timeline_entry WHERE kind = 'contact'") == 1


async def test_who_may_record(database: str) -> None:
    world, other = await make_world(), await make_world("别家")
    (customer,) = await add_buyers(world)
    task_id = await make_card(world, customer)
    assert await refused(record(world, "colleague", task_id, Outcome.REACHED)) is ErrorCode.FORBIDDEN
    assert await refused(record(world, "stranger", task_id, Outcome.REACHED)) is ErrorCode.NOT_FOUND
    assert await refused(record(other, "admin", task_id, Outcome.REACHED)) is ErrorCode.NOT_FOUND
    assert await queries.task(world.staff["stranger"], task_id) is None
    assert await queries.task(other.staff["admin"], task_id) is None
    assert await record(world, "manager", task_id, Outcome.REACHED) == task_id


async def test_odd_times_and_notes_are_refused_in_words_or_cleaned(database: str) -> None:
    world = await make_world()
    (customer,) = await add_buyers(world)
    task_id = await make_card(world, customer)
    far = datetime(9999, 12, 31, tzinfo=UTC)
    assert await refused(record(world, "guide", task_id, Outcome.LATER, follow_up_at=far)) is ErrorCode.INVALID
    assert await refused(record(world, "guide", task_id, Outcome.REACHED, note="长" * 2001)) is ErrorCode.INVALID
    await record(world, "guide", task_id, Outcome.REACHED, note="a\0b\ud800 ")
    assert (await card(world.staff["guide"], task_id)).note == "ab"


async def test_an_open_card_follows_the_customer_to_another_guide(database: str) -> None:
    world = await make_world()
    (customer,) = await add_buyers(world)
    task_id = await make_card(world, customer)
    await db.execute("UPDATE customer SET guide_id = $2 WHERE id = $1", customer, world.staff["colleague"].id)
    said = {"fields": ["guideId"]}
    event = EventRow(
        new_id(), world.brand_id, "customer.updated", "staff", None, "customer", customer, said, clock.now()
    )
    await handlers.on_customer_updated(event)
    assignee = (await card(world.staff["guide"], task_id)).assignee
    assert assignee is not None and assignee.id == world.staff["colleague"].id


async def test_today_holds_her_cards_and_the_pools_that_are_due_by_midnight(database: str) -> None:
    world = await make_world()
    mine, pools = await add_buyers(world, 2), await add_buyers(world, guide=None)
    theirs, far = await add_buyers(world, guide="colleague"), await add_buyers(world, guide=None, store=1)
    midnight = datetime(2026, 11, 22, 16, tzinfo=UTC)
    with clock.pretended(MORNING):
        tomorrow = await make_card(world, mine[1], midnight)
        late = await make_card(world, mine[0], MORNING - timedelta(days=1))
        soon = await make_card(world, pools[0], midnight - timedelta(seconds=1))
        for other in (*theirs, *far):
            await make_card(world, other, MORNING)
        async with db.counting() as statements:
            day = await queries.today(world.staff["guide"], 20)
        assert len(statements) == 1
        assert [one.id for one in day.open] == [late, soon] and day.open_count == 2
        assert day.date.isoformat() == "2026-11-22" and tomorrow not in {one.id for one in day.open}
        first = await queries.today(world.staff["guide"], 1)
        assert [one.id for one in first.open] == [late] and first.open_count == 2
        await record(world, "guide", soon, Outcome.REACHED)
        await record(world, "guide", late, Outcome.NO_ANSWER)
        assert (await queries.today(world.staff["guide"], 20)).open_count == 0
        assert [one.id for one in await queries.done_today(world.staff["guide"])] == [soon]
    with clock.pretended(midnight):
        assert await queries.done_today(world.staff["guide"]) == []


async def test_a_day_ends_by_the_clock_of_the_cards_own_store(database: str) -> None:
    world = await make_world()
    await db.execute("UPDATE store SET timezone = 'Europe/London' WHERE id = $1", world.stores[0])
    (customer,) = await add_buyers(world)
    put_back = datetime(2026, 10, 24, 23, 30, tzinfo=UTC)  # 00:30 on a day of 25 hours
    with clock.pretended(put_back):
        await make_card(world, customer, datetime(2026, 10, 25, 23, 59, tzinfo=UTC))
        day = await queries.today(world.staff["guide"], 20)
        assert (day.open_count, day.date.isoformat()) == (1, "2026-10-25")
        await db.execute("UPDATE task SET due_at = $1", datetime(2026, 10, 26, 0, 0, tzinfo=UTC))
        assert (await queries.today(world.staff["guide"], 20)).open_count == 0


async def test_counting_stops_at_a_hundred(database: str) -> None:
    world = await make_world()
    buyers, expires = await add_buyers(world, 70) + await add_buyers(world, 70, guide=None), clock.now() + timedelta(3)
    await service.add_reasons(world.brand_id, [NewReason(one, reason(), expires) for one in buyers])
    day = await queries.today(world.staff["guide"], 5)
    assert (len(day.open), day.open_count) == (5, 100)
    assert (await queries.today(world.staff["hq"], 5)).open_count == 70
    assert await queries.open_tasks_of(world.staff["guide"], [new_id(), buyers[0]]) != [None, None]
