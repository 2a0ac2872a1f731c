"""A merge is taken back: to equality where nothing came between, else with what came staying and told."""

import asyncio
from collections.abc import Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as some

from shuke.domains.customers import queries
from shuke.domains.customers import service as customers
from shuke.domains.customers.types.consents import ConsentChannel, ConsentHow, ConsentPurpose, ConsentSaid, ConsentState
from shuke.domains.customers.types.visits import VisitKind
from shuke.domains.records import service
from shuke.domains.records.types.merging import Side
from shuke.domains.tasks import service as tasks
from shuke.domains.tasks.types import Outcome
from shuke.kit import clock, db, i18n
from shuke.kit.errors import ErrorCode, Refusal
from shuke.kit.ids import new_id
from tests.factories import make_world
from tests.factories.children import make_child
from tests.factories.customers import make_customer, next_phone, refused
from tests.factories.histories import EVERY, History, moves, who
from tests.factories.links import make_link
from tests.factories.merging import everything, merge, told, versions
from tests.factories.orders import ingest, refund, sale
from tests.factories.tasks import cards_of, make_card
from tests.factories.visits import make_visit

merges = some.lists(some.tuples(who, who, some.booleans()), min_size=1, max_size=3)


async def replay(url: str, past: list[Sequence[Any]], wanted: list[tuple[int, int, bool]]) -> None:
    """Lives through a history, merges, takes the merges back from the last to the first, and compares every table."""
    await db.connect(url)
    try:
        world = await make_world()
        history = await History.begun(world)
        people = history.people
        for move in past:
            await history.do(move)
        stands: list[tuple[UUID, dict[str, list[str]]]] = []
        for first, second, everything_of_hers in wanted:
            before = await everything()
            side = Side.WINNER if everything_of_hers else Side.LOSER
            try:
                merged = await merge(world, people[first], people[second], "regional", name=side, note=side)
            except Refusal:
                continue  # the same one, or merged away
            stands.append((merged, before))
        for merged, before in reversed(stands):
            undone = await service.undo_merge(world.staff["regional"], merged)
            assert (undone.stayed, undone.kept) == ((), ())
            now = await everything()
            assert {table: set(now[table]) ^ set(rows) for table, rows in before.items() if now[table] != rows} == {}
    finally:
        await db.disconnect()


@settings(
    max_examples=20,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.data_too_large],
)
@given(past=some.lists(moves, max_size=20), wanted=merges)
@example(past=list(EVERY), wanted=[(0, 1, True), (2, 3, False), (0, 2, True)])
@example(past=list(EVERY), wanted=[(1, 0, False), (3, 1, True), (2, 3, False)])
def test_merge_and_undo_leave_every_table_as_it_was(
    database_url: str, past: list[Sequence[Any]], wanted: list[tuple[int, int, bool]]
) -> None:
    asyncio.run(replay(database_url, past, wanted))


async def test_every_move_of_a_history_does_something(database: str) -> None:
    history = await History.begun(await make_world())
    for move in EVERY:
        before = await everything()
        await history.do(move)
        assert move == ("timers",) or await everything() != before, move  # nothing is due so soon


async def test_what_came_since_stays_with_the_winner_and_is_told_exactly(database: str) -> None:
    world = await make_world()
    guide, phone = world.staff["guide"], next_phone()
    winner = await make_customer(world)
    loser = await make_customer(world, phone=phone, name="周雨彤", alias="阿树妈妈")
    await ingest(world, sale("1", 8000, phone=phone))
    await make_card(world, winner), await make_card(world, loser, key="thanks")
    merged = await merge(world, winner, loser, name=Side.LOSER, alias=Side.LOSER)
    await ingest(world, sale("2", 5000, 2, phone=phone), sale("3", 4000, 3, phone=phone))
    await ingest(world, refund("4", -1000, 4, of="2"))
    await customers.add_note(guide, loser, new_id(), "周三来")
    (version, _) = await versions(winner, loser)
    await customers.update_customer(guide, winner, version, {"alias": "小树妈妈"})
    card = await db.fetch_value("SELECT id FROM task WHERE customer_id = $1 AND state = 'open'", winner)
    await tasks.record_outcome(guide, new_id(), card, Outcome.REACHED)
    undone = await service.undo_merge(world.staff["manager"], merged)
    assert told(undone.stayed) == {
        "moving_order": 2, "moving_refund": 1, "moving_note": 1, "moving_contact": 1, "moving_edit": 1,
    }  # fmt: skip
    assert undone.kept == ("alias",)
    names = {row[0]: (row[1], row[2]) for row in await db.fetch("SELECT id, name, alias FROM customer")}
    assert names == {winner: ("周雨桐", "小树妈妈"), loser: ("周雨彤", "阿树妈妈")}
    net = "SELECT id, order_count, gross_minor + refunded_minor FROM customer_stats"
    assert {row[0]: (row[1], row[2]) for row in await db.fetch(net)} == {winner: (2, 8000), loser: (1, 8000)}
    assert await cards_of(winner) == [("done", 1)] and await cards_of(loser) == [("open", 1)]
    data = await db.fetch_value("SELECT data ->> 'stayed' FROM event WHERE kind = 'customer.unmerged'")
    assert '"moving_order"' in data


async def test_what_came_since_is_told_once_each_by_its_own_word(database: str) -> None:
    world = await make_world()
    guide, (winner, loser) = world.staff["guide"], [await make_customer(world) for _ in range(2)]
    merged = await merge(world, winner, loser)
    await make_visit(world, customer_id=loser)
    await make_visit(world, customer_id=winner, kind=VisitKind.INQUIRY)
    await make_child(world, winner)
    await customers.remove_dependant(guide, await make_child(world, loser))
    no = ConsentSaid(ConsentPurpose.MARKETING, ConsentChannel.PHONE, ConsentState.REFUSED, ConsentHow.CALL)
    await customers.record_consent(guide, winner, no)
    await make_link(world, loser)
    undone = await service.undo_merge(world.staff["manager"], merged)
    assert told(undone.stayed) == {
        "moving_visit": 2, "moving_child": 1, "moving_consent": 1, "moving_link": 1, "moving_edit": 3,
    }  # fmt: skip
    assert [i18n.say("zh-CN", one.kind, count=one.count) for one in undone.stayed][:2] == ["2 次到店或咨询", "1 个孩子"]
    assert all(i18n.say("en", one.kind, count=one.count).endswith(f": {one.count}") for one in undone.stayed)


async def test_a_correction_of_what_moved_goes_back_with_it(database: str) -> None:
    world = await make_world()
    phone = next_phone()
    winner, loser = await make_customer(world), await make_customer(world, phone=phone)
    await ingest(world, sale("1", 8000, phone=phone))
    merged = await merge(world, winner, loser)
    await ingest(world, sale("1", 7000, phone=phone))  # the till says it anew
    await service.undo_merge(world.staff["hq"], merged)
    row = await db.fetch_row('SELECT customer_id, total_minor FROM "order"')
    assert row and tuple(row) == (loser, 7000)
    stats = "SELECT id, gross_minor FROM customer_stats WHERE gross_minor > 0"
    assert [tuple(row) for row in await db.fetch(stats)] == [(loser, 7000)]


async def test_a_refund_that_named_nobody_goes_where_its_sale_goes(database: str) -> None:
    world = await make_world()
    phone = next_phone()
    winner, loser = await make_customer(world), await make_customer(world, phone=phone)
    await ingest(world, sale("1", 8000, phone=phone))
    merged = await merge(world, winner, loser)
    await ingest(world, refund("2", -3000, 1, of="1"))
    await service.undo_merge(world.staff["hq"], merged)
    assert {row[0] for row in await db.fetch('SELECT customer_id FROM "order"')} == {loser}
    net = "SELECT gross_minor + refunded_minor FROM customer_stats WHERE id = $1"
    assert [await db.fetch_value(net, key) for key in (winner, loser)] == [0, 5000]


async def test_an_undo_is_refused_when_a_later_merge_builds_upon_it(database: str) -> None:
    world = await make_world()
    hq = world.staff["hq"]
    a, b, c = [await make_customer(world) for _ in range(3)]
    first = await merge(world, b, a)
    second = await merge(world, c, b)
    refusal = await refused(service.undo_merge(hq, first))
    assert (refusal.code, refusal.reason) == (ErrorCode.NOT_UNDOABLE, "merge_later")
    await service.undo_merge(hq, second)
    await service.undo_merge(hq, first)
    assert (await refused(service.undo_merge(hq, first))).reason == "merge_undone"
    assert [view and view.id for view in await queries.customers_by_id(hq, [a, b, c])] == [a, b, c]


async def test_after_thirty_days_nothing_is_undone_and_what_was_kept_is_forgotten(
    database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    world = await make_world()
    hq = world.staff["hq"]
    merged = await merge(world, await make_customer(world), await make_customer(world))
    late = clock.now() + timedelta(days=30, seconds=1)
    monkeypatch.setattr(clock, "now", lambda: late)
    assert (await refused(service.undo_merge(hq, merged))).reason == "merge_too_old"
    assert await service.forget_snapshots() == 1
    assert (await refused(service.undo_merge(hq, merged))).reason == "merge_too_old"


async def test_of_two_who_undo_at_once_one_does(database: str) -> None:
    world = await make_world()
    merged = await merge(world, await make_customer(world), await make_customer(world))
    hq = world.staff["hq"]
    results = await asyncio.gather(*(service.undo_merge(hq, merged) for _ in range(2)), return_exceptions=True)
    assert sorted(type(result).__name__ for result in results) == ["Refusal", "Undone"]
