"""The manager's board: numbers by the store's clock, for her stores only, and the cards behind every one."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from shuke.domains.identity.types import Actor
from shuke.domains.tasks import queries
from shuke.domains.tasks.queries.boards import BOARD
from shuke.domains.tasks.types import (
    Board,
    BoardChoice,
    BoardCounts,
    BoardGrouping,
    BoardPeriod,
    BoardRow,
    BoardScope,
    BoardState,
)
from shuke.kit import clock, db
from shuke.kit.errors import ErrorCode, Refusal
from tests.factories import World, make_world
from tests.factories.board import HOUR, NOON, done_card, fill, move_store_to, open_card
from tests.factories.tasks import add_buyers

TODAY, WEEK, MONTH = BoardPeriod.TODAY, BoardPeriod.WEEK, BoardPeriod.MONTH
STORE, GUIDE, REGION = BoardGrouping.STORE, BoardGrouping.GUIDE, BoardGrouping.REGION


async def board(actor: Actor, by: BoardGrouping = STORE, period: BoardPeriod = TODAY, **where: Any) -> Board:
    with clock.pretended(NOON):
        return await queries.board(actor, BoardScope(period, **where), by)


async def cards(actor: Actor, state: BoardState, scope: BoardScope, first: int = 100, **whose: object) -> list[UUID]:
    with clock.pretended(NOON):
        found = await queries.board_cards(actor, BoardChoice(scope, state, **whose), first)  # type: ignore[arg-type]
    return [view.id for view in found]


def numbers(counts: BoardCounts) -> tuple[int, int, int]:
    return counts.done, counts.due, counts.late


def called(row: BoardRow) -> str:
    place = row.store.code if row.store else row.region.name if row.region else "-"
    return f"{place} {row.staff.name if row.staff else '-'}"


async def test_a_manager_sees_her_store_a_regional_her_region_head_office_all(database: str) -> None:
    world = await make_world()
    await fill(world)
    assert numbers((await board(world.staff["manager"])).counts) == (2, 1, 2)
    assert numbers((await board(world.staff["regional"])).counts) == (2, 1, 3)
    assert numbers((await board(world.staff["hq"])).counts) == (4, 3, 4)
    assert [row.store.code for row in (await board(world.staff["manager"])).rows if row.store] == ["S1"]
    other = await make_world("别家")
    assert numbers((await board(other.staff["admin"])).counts) == (0, 0, 0)
    with pytest.raises(Refusal) as refused:
        await board(world.staff["guide"])
    assert refused.value.code is ErrorCode.FORBIDDEN
    elsewhere = await board(world.staff["manager"], store_id=world.stores[1])
    assert numbers(elsewhere.counts) == (0, 0, 0) and elsewhere.rows == []


async def test_rows_are_regions_stores_or_persons_the_most_late_first(database: str) -> None:
    world = await make_world()
    await fill(world)
    hq = world.staff["hq"]
    by_region = await board(hq, REGION)
    assert [(called(row), numbers(row.counts)) for row in by_region.rows] == [
        ("好孕来一区 -", (3, 1, 3)),
        ("- -", (1, 1, 1)),
        ("好孕来二区 -", (0, 1, 0)),
    ]
    assert [called(row) for row in (await board(hq)).rows] == ["S1 -", "S4 -", "S2 -", "S3 -"]
    by_guide = {called(row): numbers(row.counts) for row in (await board(hq, GUIDE)).rows}
    assert by_guide == {
        "S1 guide": (2, 0, 1),
        "S1 -": (0, 0, 1),
        "S1 colleague": (0, 1, 0),
        "S1 manager": (1, 0, 0),
        "S2 stranger": (0, 0, 1),
        "S3 -": (0, 1, 0),
        "S4 -": (0, 1, 1),
        "S4 hq": (1, 0, 0),
    }
    assert (await board(hq)).counts.on_time == 0.5 and (
        await board(hq, store_id=world.stores[1])
    ).counts.on_time is None


async def test_every_number_is_as_long_as_its_list(database: str) -> None:
    world = await make_world()
    await fill(world)
    for who in ("manager", "regional", "hq"):
        actor = world.staff[who]
        for period in BoardPeriod:
            for by in BoardGrouping:
                await numbers_have_lists(actor, await board(actor, by, period))


async def numbers_have_lists(actor: Actor, shown: Board) -> None:
    for state in BoardState:
        name = state.value
        assert len(await cards(actor, state, shown.scope)) == getattr(shown.counts, name)
        for row in shown.rows:
            scope = BoardScope(shown.scope.period, *places_of(row))
            whose = {"staff_id": row.staff.id} if row.staff else {"pool": row.grouping is GUIDE}
            assert len(await cards(actor, state, scope, **whose)) == getattr(row.counts, name), called(row)
        for reason in shown.reasons:
            found = await cards(actor, state, shown.scope, reason=reason.key)
            assert len(found) == getattr(reason.counts, name), reason.key


def places_of(row: BoardRow) -> tuple[UUID | None, UUID | None, bool]:
    """Region, store, and whether it stands for the stores without a region, as a list behind it is asked for."""
    if row.store:
        return None, row.store.id, False
    return (row.region.id, None, False) if row.region else (None, None, True)


async def test_a_board_of_the_stores_without_a_region_is_theirs_alone(database: str) -> None:
    world = await make_world()
    await fill(world)
    hq = world.staff["hq"]
    shown = await board(hq, no_region=True)
    assert numbers(shown.counts) == (1, 1, 1) and [called(row) for row in shown.rows] == ["S4 -"]
    await numbers_have_lists(hq, shown)
    neither = await board(hq, no_region=True, region_id=world.regions[0])
    assert numbers(neither.counts) == (0, 0, 0) and neither.rows == []


async def test_a_closed_card_is_not_shown_where_the_customer_went_from(database: str) -> None:
    world = await make_world()
    gone = await done_card(world, NOON - 2 * HOUR, NOON)
    stays, scope = await done_card(world, NOON - HOUR, NOON), BoardScope(TODAY)
    sees = [await cards(world.staff[who], BoardState.DONE, scope) for who in ("manager", "regional", "hq")]
    assert sees == [[stays, gone]] * 3
    customer = await db.fetch_value("SELECT customer_id FROM task WHERE id = $1", gone)
    await db.execute("UPDATE customer SET store_id = $2 WHERE id = $1", customer, world.stores[2])
    sees = [await cards(world.staff[who], BoardState.DONE, scope) for who in ("manager", "regional", "hq")]
    assert sees == [[stays], [stays], [stays, gone]]
    counts = [(await board(world.staff[who])).counts.done for who in ("manager", "regional", "hq")]
    assert counts == [1, 1, 2]


async def test_weeks_and_months_reach_further_and_compare_with_the_one_before(database: str) -> None:
    world = await make_world()
    await fill(world)
    manager = world.staff["manager"]
    today, week, month = [await board(manager, period=period) for period in (TODAY, WEEK, MONTH)]
    assert today.before and today.before.done == 1  # what was closed yesterday after noon does not count yet
    assert numbers(week.counts) == (4, 2, 2) and week.before is None  # nothing was ever closed before this week
    await done_card(world, NOON - timedelta(days=7, hours=1), NOON)
    assert (await board(manager, period=WEEK)).before == BoardCounts(1, 0, 0, 0.0)
    assert numbers(month.counts) == (4, 2, 2)
    assert {reason.key: numbers(reason.counts) for reason in today.reasons} == {
        "wake_up": (1, 0, 2),
        "thanks": (1, 1, 0),
    }


async def test_each_store_counts_by_its_own_clock(database: str) -> None:
    """Noon in Shanghai is 20:00 of the day before in Los Angeles, whose Wednesday is Tuesday still."""
    world = await make_world()
    await move_store_to(world, 1, "America/Los_Angeles")
    await open_card(world, NOON + 3 * HOUR, guide="stranger", store=1)  # 23:00 there: today
    await open_card(world, NOON + 5 * HOUR, guide="stranger", store=1)  # 1:00 there: tomorrow
    await done_card(world, NOON - 19 * HOUR, NOON, "stranger", "stranger", 1)  # 1:00 there: today, yesterday here
    shown = await board(world.staff["hq"])
    assert [(called(row), numbers(row.counts)) for row in shown.rows if sum(numbers(row.counts))] == [
        ("S2 -", (1, 1, 0))
    ]


async def test_pages_of_cards_go_on_where_they_ended(database: str) -> None:
    world = await make_world()
    await fill(world)
    hq, scope = world.staff["hq"], BoardScope(MONTH)
    for state in BoardState:
        whole, seen = await cards(hq, state, scope), []
        after = None
        while True:
            with clock.pretended(NOON):
                page = await queries.board_cards(hq, BoardChoice(scope, state), 1, after)
            seen.append(page[0].id)
            after = (queries.place_of(page[0], state), page[0].id)
            if len(page) == 1:
                break
        assert seen == whole
    late = await cards(hq, BoardState.LATE, scope)
    with clock.pretended(NOON):
        dues = [view.due_at for view in await queries.board_cards(hq, BoardChoice(scope, BoardState.LATE), 9)]
    assert dues == sorted(dues) and len(late) == 4


async def test_a_board_is_one_statement_however_many_stores_and_cards(database: str) -> None:
    world = await make_world()
    await fill(world)
    for by in BoardGrouping:
        async with db.counting() as statements:
            await board(world.staff["hq"], by)
        assert len(statements) == 1
    async with db.counting() as statements:
        await cards(world.staff["hq"], BoardState.LATE, BoardScope(TODAY))
    assert len(statements) == 1


async def test_the_board_reads_by_index_and_not_what_is_closed_or_far(database: str) -> None:
    """30,000 cards closed long ago and 3,000 due next month: none of them is touched."""
    world = await make_world()
    await fill(world)
    await many_cards(world, 30_000, "done", "interval '400 days'")
    await many_cards(world, 3_000, "open", "interval '-40 days'")
    await db.execute("ANALYZE task")
    for stores in (None, world.stores):
        args = (world.brand_id, NOON, stores, "day", None, False, None, "guide")
        plan = await db.fetch(f"EXPLAIN (ANALYZE, BUFFERS, COSTS OFF) {BOARD}", *args)
        text = "\n".join(row[0] for row in plan)
        assert "Seq Scan on task" not in text
        hits = next(line for line in text.splitlines() if "Buffers" in line)
        assert int(hits.split("hit=")[1].split()[0]) < 400, text


async def many_cards(world: World, count: int, state: str, ago: str) -> None:
    people = await add_buyers(world, count)
    await db.execute(
        f"""INSERT INTO task (id, brand_id, customer_id, store_id, assignee_id, reasons, due_at, expires_at, state,
          closed_at, closed_by_id)
        SELECT gen_random_uuid(), $1, x, $3, $4, '[{{"key": "wake_up"}}]', $5::timestamptz - {ago}, $5, $6::text,
          CASE WHEN $6::text = 'done' THEN $5::timestamptz - {ago} END, CASE WHEN $6::text = 'done' THEN $4::uuid END
        FROM unnest($2::uuid[]) x""",
        *(world.brand_id, people, world.stores[0], world.staff["guide"].id, NOON, state),
    )
