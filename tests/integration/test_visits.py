"""Visits and inquiries: put down, told more of, taken back; who counts as new and how soon she was filed."""

from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest

from shuke.domains.customers import queries, service
from shuke.domains.customers.rules import visits as rules
from shuke.domains.customers.types import NewCustomer, TimelineKind
from shuke.domains.customers.types.visits import (
    FilingChoice,
    FilingCounts,
    FilingScope,
    FilingState,
    InteractionKind,
    VisitChannel,
    VisitKind,
    VisitView,
)
from shuke.domains.identity.types import Actor
from shuke.kit import clock, db
from shuke.kit.errors import ErrorCode
from shuke.kit.ids import new_id
from tests.factories import World, make_world
from tests.factories.customers import make_customer, next_phone, refused
from tests.factories.visits import make_visit

MORNING = datetime(2026, 11, 20, 2, tzinfo=UTC)
"""Ten in the morning at the store."""


async def seen(world: World, visit_id: UUID) -> VisitView:
    found = await queries.visit(world.staff["guide"], visit_id)
    assert found
    return found


async def kinds(world: World, customer: UUID) -> list[TimelineKind]:
    return [entry.kind for entry in await queries.timeline(world.staff["guide"], customer, 20)]


async def test_a_visit_of_nobody_counts_as_new_until_she_is_filed(database: str) -> None:
    world = await make_world()
    visit = await make_visit(world, bought=True)
    view = await seen(world, visit)
    assert (view.is_new, view.bought, view.channel, view.customer_id) == (True, True, VisitChannel.STORE, None)
    assert (view.store.id, view.staff and view.staff.id) == (world.stores[0], world.staff["guide"].id)
    assert [one.id for one in await queries.open_visits(world.staff["guide"])] == [visit]
    assert await queries.open_visits(world.staff["colleague"]) == []
    customer = await make_customer(world, visit_id=visit)
    view = await seen(world, visit)
    assert (view.customer_id, view.is_new, view.filed_at is not None) == (customer, True, True)
    assert await queries.open_visits(world.staff["guide"]) == []
    assert set(await kinds(world, customer)) == {TimelineKind.VISIT, TimelineKind.CREATED}
    assert await db.fetch_value("SELECT count(*) FROM event WHERE kind = 'customer.created'") == 1


async def test_a_known_customers_visit_is_hers_at_once_and_not_new(database: str) -> None:
    world = await make_world()
    with clock.pretended(MORNING - timedelta(hours=2)):
        known = await make_customer(world)
    with clock.pretended(MORNING):
        visit = await make_visit(world, customer_id=known, kind=VisitKind.INQUIRY, channel=VisitChannel.WECHAT)
    view = await seen(world, visit)
    assert (view.is_new, view.filed_at, view.customer_id) == (False, None, known)
    assert (await kinds(world, known))[0] is TimelineKind.INQUIRY


async def test_more_is_said_of_a_visit_afterwards_and_her_timeline_follows(database: str) -> None:
    world = await make_world()
    with clock.pretended(MORNING - timedelta(days=9)):
        one, other = await make_customer(world), await make_customer(world)
    guide = world.staff["guide"]
    with clock.pretended(MORNING):
        visit = await make_visit(world)
        await service.update_visit(guide, visit, {"bought": False, "is_new": False, "note": " 看推车 "})
        assert await queries.open_visits(guide) == []
        await service.update_visit(guide, visit, {"customer_id": one, "is_new": True})
        view = await seen(world, visit)
        assert (view.is_new, view.note, view.bought) == (False, "看推车", False)  # who she is settles it
        assert await kinds(world, one) == [TimelineKind.VISIT, TimelineKind.CREATED]
        await service.update_visit(guide, visit, {"customer_id": other})
        assert await kinds(world, one) == [TimelineKind.CREATED]
        assert await kinds(world, other) == [TimelineKind.VISIT, TimelineKind.CREATED]
        await service.update_visit(guide, visit, {"customer_id": None})
        assert await kinds(world, other) == [TimelineKind.CREATED]


async def test_a_visit_is_taken_back_by_who_put_it_down_and_only_for_a_while(database: str) -> None:
    world = await make_world()
    customer = await make_customer(world)
    with clock.pretended(MORNING):
        visit = await make_visit(world, customer_id=customer)
        for who in ("colleague", "manager"):
            assert (await refused(service.undo_visit(world.staff[who], visit))).code is ErrorCode.NOT_UNDOABLE
    with clock.pretended(MORNING + timedelta(minutes=11)):
        late = await refused(service.undo_visit(world.staff["guide"], visit))
        assert late.code is ErrorCode.NOT_UNDOABLE
    with clock.pretended(MORNING + timedelta(minutes=9)):
        for _ in range(2):
            await service.undo_visit(world.staff["guide"], visit)
    assert await db.fetch_value("SELECT count(*) FROM visit") == 0
    assert await kinds(world, customer) == [TimelineKind.CREATED]


async def test_a_phone_that_was_offline_says_when_it_was_and_when_she_was_filed(database: str) -> None:
    world = await make_world()
    guide = world.staff["guide"]
    with clock.pretended(MORNING + timedelta(hours=5)):
        visit = await make_visit(world, at=MORNING)
        said = MORNING + timedelta(minutes=20)
        new = NewCustomer(new_id(), next_phone(), visit_id=visit, filed_at=said)
        await service.create_customer(guide, new)
        view = await seen(world, visit)
        assert (view.at, view.filed_at, view.is_new) == (MORNING, said, True)
        ahead = await seen(world, await make_visit(world, at=clock.now() + timedelta(days=2)))
        assert ahead.at == clock.now()
        old = await refused(make_visit(world, at=MORNING - timedelta(days=40)))
        assert (old.code, old.field) == (ErrorCode.INVALID, "at")


def test_a_claim_about_filing_lies_between_the_visit_and_now() -> None:
    now = MORNING + timedelta(hours=3)
    assert rules.filed_at(MORNING, None, now) == now
    assert rules.filed_at(MORNING, MORNING - timedelta(hours=1), now) == MORNING
    assert rules.filed_at(MORNING, now + timedelta(hours=1), now) == now
    assert rules.is_new(MORNING - timedelta(hours=1), MORNING) and not rules.is_new(
        MORNING - timedelta(hours=1, seconds=1), MORNING
    )


async def test_whoever_is_entered_stays_entered_whatever_became_of_the_visit(database: str) -> None:
    world = await make_world()
    theirs = await make_visit(world, "stranger")
    await make_customer(world, visit_id=theirs)
    await make_customer(world, visit_id=new_id())
    mine = await make_visit(world)
    first = await make_customer(world, visit_id=mine)
    await make_customer(world, visit_id=mine)
    rows = await db.fetch("SELECT id, customer_id FROM visit")
    assert {row[0]: row[1] for row in rows} == {theirs: None, mine: first}


async def filed(world: World, minutes: int | None, who: str = "guide", at: datetime = MORNING) -> UUID:
    """A visit of somebody new, and after so many minutes her record."""
    with clock.pretended(at):
        visit = await make_visit(world, who)
    if minutes is not None:
        with clock.pretended(at + timedelta(minutes=minutes)):
            await make_customer(world, guide=who, visit_id=visit)
    return visit


async def test_the_filing_rate_and_the_visits_behind_every_number(database: str) -> None:
    world = await make_world()
    on_time, late = await filed(world, 60), await filed(world, 61)
    missing = await filed(world, None)
    other = await filed(world, 5, "colleague")
    await filed(world, 5, "stranger")
    yesterday = await filed(world, 5, at=MORNING - timedelta(days=1))
    with clock.pretended(MORNING + timedelta(minutes=90)):
        waiting = await make_visit(world)
        await make_visit(world, is_new=False)
        manager = world.staff["manager"]
        scope = FilingScope("day")
        filing = await queries.filing(manager, scope, "guide")
        assert filing.counts == FilingCounts(2, 1, 1, 1) and filing.counts.rate == 0.4
        assert [(row.staff and row.staff.name, row.counts) for row in filing.rows] == [
            ("guide", FilingCounts(1, 1, 1, 1)),
            ("colleague", FilingCounts(1, 0, 0, 0)),
        ]
        for state, ids in (
            (FilingState.ON_TIME, {on_time, other}),
            (FilingState.LATE, {late}),
            (FilingState.WAITING, {waiting}),
            (FilingState.MISSING, {missing}),
            (None, {on_time, other, late, waiting, missing}),
        ):
            found = await queries.filing_visits(manager, FilingChoice(scope, state), 20)
            assert {view.id for view in found} == ids, state
        hers = FilingChoice(scope, staff_id=world.staff["colleague"].id)
        assert [view.id for view in await queries.filing_visits(manager, hers, 20)] == [other]
        week = await queries.filing(world.staff["hq"], FilingScope("week"), "store")
        assert [(day.date, day.counts.visits) for day in week.days] == [
            (date(2026, 11, 19), 1),
            (date(2026, 11, 20), 6),
        ]
        assert {row.store.id: row.counts.visits for row in week.rows if row.store} == {
            world.stores[0]: 6,
            world.stores[1]: 1,
        }
        day = FilingChoice(FilingScope("week"), day=date(2026, 11, 19))
        assert [view.id for view in await queries.filing_visits(manager, day, 20)] == [yesterday]
        first = await queries.filing_visits(manager, FilingChoice(scope), 2)
        rest = await queries.filing_visits(manager, FilingChoice(scope), 20, (first[1].at, first[1].id))
        assert len(first) == 3 and len(rest) == 3 and not {v.id for v in rest} & {v.id for v in first[:2]}
        empty = await queries.filing(world.staff["hq"], FilingScope("day", store_id=world.stores[2]), "region")
        assert (empty.counts.visits, empty.counts.rate, empty.rows) == (0, None, [])


async def test_a_day_is_the_stores_not_the_servers(database: str) -> None:
    world = await make_world()
    await filed(world, 5, at=datetime(2026, 11, 19, 16, 30, tzinfo=UTC))  # half past midnight on the 20th
    with clock.pretended(MORNING):
        filing = await queries.filing(world.staff["manager"], FilingScope("day"), "store")
        assert [day.date for day in filing.days] == [date(2026, 11, 20)]


async def add(
    actor: Actor, customer: UUID, kind: InteractionKind, text: str | None = None, id: UUID | None = None
) -> UUID:
    return await service.add_interaction(actor, customer, id or new_id(), kind, text, None)


async def test_an_interaction_is_saved_at_the_first_tap_and_words_come_after(database: str) -> None:
    world = await make_world()
    customer, guide = await make_customer(world), world.staff["guide"]
    entry = await add(guide, customer, InteractionKind.PREFERENCE)
    await add(guide, customer, InteractionKind.PREFERENCE, "只要有机棉", entry)
    found = await queries.timeline_entry(guide, entry)
    assert found and (found.kind, found.data) == (TimelineKind.PREFERENCE, {"text": "只要有机棉"})
    theirs = await refused(add(world.staff["colleague"], customer, InteractionKind.PREFERENCE, "x", entry))
    other = await refused(add(guide, customer, InteractionKind.CALL, "x", entry))
    assert theirs.code is other.code is ErrorCode.TAKEN
    assert (await refused(service.undo_interaction(world.staff["colleague"], entry))).code is ErrorCode.NOT_UNDOABLE
    created = next(e for e in await queries.timeline(guide, customer, 9) if e.kind is TimelineKind.CREATED)
    assert (await refused(service.undo_interaction(guide, created.id))).code is ErrorCode.NOT_UNDOABLE
    for _ in range(2):
        await service.undo_interaction(guide, entry)
    assert await queries.timeline_entry(guide, entry) is None


@pytest.mark.parametrize("size", [1, 3])
async def test_a_timeline_is_filtered_by_kind_and_paged_without_gap(database: str, size: int) -> None:
    world = await make_world()
    customer, guide = await make_customer(world), world.staff["guide"]
    many = [InteractionKind.CALL, InteractionKind.COMPLAINT, InteractionKind.CALL, InteractionKind.MESSAGE] * 2
    for kind in many:
        await add(guide, customer, kind)
    order = {"total": 1, "currency": "CNY", "items": 1, "store": "x"}
    for _ in range(3):
        await service.append_timeline(world.brand_id, customer, TimelineKind.ORDER, clock.now(), None, order)
    for chosen, count in (
        ({TimelineKind.CALL}, 4),
        ({TimelineKind.CALL, TimelineKind.COMPLAINT}, 6),
        ({TimelineKind.ORDER}, 3),
        ({TimelineKind.CREATED, TimelineKind.MESSAGE}, 3),
        (set(), 0),
        ({TimelineKind.REFUND}, 0),
    ):
        seen_ids, after = list[UUID](), None
        while page := await queries.timeline(guide, customer, size, after, chosen):
            assert {entry.kind for entry in page} <= chosen
            seen_ids += [entry.id for entry in page[:size]]
            after = (page[:size][-1].at, page[:size][-1].id)
        assert len(seen_ids) == len(set(seen_ids)) == count, chosen
    plan = await db.fetch(
        "EXPLAIN SELECT id FROM timeline_entry WHERE customer_id = $1 AND kind = 'call'"
        " AND kind NOT IN ('order', 'refund', 'created') ORDER BY at DESC, id DESC LIMIT 9",
        customer,
    )
    assert any("timeline_by_kind" in row[0] for row in plan), plan
