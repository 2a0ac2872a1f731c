"""Milestones on real PostgreSQL: one message a family, nothing retroactive, nothing of a child that is silenced."""

import asyncio
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

from msgspec.structs import replace

from shuke.domains.customers import queries as customers
from shuke.domains.customers import service
from shuke.domains.customers.types.consents import (
    ConsentChannel,
    ConsentHow,
    ConsentPurpose,
    ConsentSaid,
    ConsentState,
)
from shuke.domains.customers.types.dependants import Age, AgeUnit
from shuke.domains.journeys import service as journeys
from shuke.domains.tasks.queries import open_tasks_of
from shuke.domains.tasks.rules import spoken
from shuke.domains.tasks.service import record_outcome
from shuke.domains.tasks.types import Outcome
from shuke.kit import clock, db
from shuke.kit.ids import new_id
from tests.factories import World, make_world
from tests.factories.children import make_child, news, spoken_children, sweep
from tests.factories.meeting import meet
from tests.factories.tasks import add_buyers, cards_of

NOON = datetime(2026, 11, 22, 4, tzinfo=UTC)  # in Shanghai
DAY = timedelta(days=1)
BORN = date(2026, 11, 1)
SIX_WEEKS = datetime(2026, 12, 13, 1, tzinfo=UTC)  # 42 days later, at 9 in Shanghai


async def family(*names: str | None, born_on: date = BORN, now: datetime = NOON) -> tuple[World, UUID, list[UUID]]:
    """A guide's customer with children of one birth, whose timers are set."""
    world = await make_world()
    (customer,) = await add_buyers(world)
    with clock.pretended(now):
        children = [await make_child(world, customer, name=name, born_on=born_on) for name in names]
    await news(now)
    return world, customer, children


async def said(world: World, customer: UUID, locale: str = "zh-CN") -> list[str]:
    """Why, reason by reason, on her open card."""
    (card,) = await open_tasks_of(world.staff["guide"], [customer])
    return [one.why for one in spoken(card.reasons, locale, BORN, None, "小满妈妈")] if card else []


async def timers(customer: UUID) -> list[tuple[str, datetime | None, str | None]]:
    rows = await db.fetch(
        "SELECT occurrence, wake_at, end_reason FROM enrolment WHERE customer_id = $1 ORDER BY occurrence", customer
    )
    return [tuple(row) for row in rows]


async def test_a_milestone_makes_one_card_on_its_morning(database: str) -> None:
    world, customer, _ = await family("小满")
    for _ in range(3):
        await journeys.follow_children(world.brand_id, [customer])
    assert [row[0] for row in await timers(customer)] == [
        f"{key}:2026-11-01" for key in ("day_100", "day_42", "first_birthday", "solids", "third_birthday")
    ]
    assert await sweep(SIX_WEEKS - timedelta(minutes=1)) == 0
    assert await sweep(SIX_WEEKS) == 1 and await sweep(SIX_WEEKS) == 0
    assert await said(world, customer) == ["小满出生 42 天，该做产后复查了"]
    assert await said(world, customer, "en") == ["小满 is six weeks old: the check-up is due"]
    await journeys.follow_children(world.brand_id, [customer])
    assert await cards_of(customer) == [("open", 1)]


async def test_twins_make_one_message_that_names_both(database: str) -> None:
    world, customer, _ = await family("小满", "小树")
    assert await sweep(SIX_WEEKS) == 1
    assert await said(world, customer) == ["小满和小树出生 42 天，该做产后复查了"]
    assert await cards_of(customer) == [("open", 1)]


async def test_a_child_without_a_name_is_the_baby(database: str) -> None:
    world, customer, _ = await family(None)
    await sweep(SIX_WEEKS)
    assert await said(world, customer) == ["宝宝出生 42 天，该做产后复查了"]
    assert (await said(world, customer, "en"))[0].startswith("the baby is six weeks old")


async def test_nothing_retroactive(database: str) -> None:
    world, customer, _ = await family("小满", born_on=date(2025, 11, 30))
    assert [row[0] for row in await timers(customer)] == ["first_birthday:2025-11-30", "third_birthday:2025-11-30"]
    assert await sweep(NOON) == 0
    late = await add_buyers(world)
    with clock.pretended(NOON):
        await make_child(world, late[0], born_on=date(2026, 10, 11))  # 42 days old today
    await news(NOON)
    assert await sweep(NOON) == 1 and await cards_of(late[0]) == [("open", 1)]


async def test_a_worker_that_was_down_announces_late_and_not_after_a_week(database: str) -> None:
    _, customer, _ = await family("小满")
    await sweep(SIX_WEEKS + 6 * DAY)
    assert await cards_of(customer) == [("open", 1)]
    _, customer, _ = await family("小满")
    await sweep(SIX_WEEKS + 8 * DAY)
    assert await cards_of(customer) == []


async def test_a_stop_silences_at_once_and_for_good(database: str) -> None:
    world, customer, (child,) = await family("小满")
    guide = world.staff["guide"]
    await sweep(SIX_WEEKS)
    told = await db.fetch_value("SELECT count(*) FROM inbox_message")
    with clock.pretended(SIX_WEEKS + timedelta(hours=1)):
        await journeys.stop_milestones(guide, child, None)
        assert await cards_of(customer) == [("expired", 1)]
    assert {row[2] for row in await timers(customer)} == {"stopped", "undone"}
    for days in (60, 200, 400, 1200):
        await news(SIX_WEEKS + days * DAY)
        assert await sweep(SIX_WEEKS + days * DAY) == 0
    assert await cards_of(customer) == [("expired", 1)]
    assert await db.fetch_value("SELECT count(*) FROM inbox_message") == told


async def test_a_stop_that_was_a_slip_is_undone_with_all_that_it_silenced(database: str) -> None:
    world, customer, (child,) = await family("小满")
    guide = world.staff["guide"]
    await sweep(SIX_WEEKS)
    now = SIX_WEEKS + 3 * DAY
    with clock.pretended(now):
        await journeys.stop_milestones(guide, child, None)
        await journeys.stop_milestones(guide, child, None)
    with clock.pretended(now + timedelta(minutes=1)):
        await journeys.resume_milestones(guide, child)
    assert await sweep(now + timedelta(minutes=1)) == 1
    assert await said(world, customer) == ["小满出生 42 天，该做产后复查了"]
    assert await sweep(datetime(2027, 2, 8, 1, tzinfo=UTC)) == 1  # the hundredth day is still to come, once


async def test_after_a_real_stop_only_what_is_to_come_is_spoken_of_again(database: str) -> None:
    world, customer, (child,) = await family("小满")
    guide = world.staff["guide"]
    with clock.pretended(NOON):
        await journeys.stop_milestones(guide, child, None)
    with clock.pretended(SIX_WEEKS + 3 * DAY):
        await journeys.resume_milestones(guide, child)
    assert await sweep(SIX_WEEKS + 3 * DAY) == 0 and await cards_of(customer) == []
    assert await sweep(datetime(2027, 2, 8, 1, tzinfo=UTC)) == 1
    assert await said(world, customer) == ["小满百日了，道声喜"]


async def test_of_twins_one_may_be_silenced_and_the_card_speaks_of_the_other(database: str) -> None:
    world, customer, (_, second) = await family("小满", "小树")
    await sweep(SIX_WEEKS)
    with clock.pretended(SIX_WEEKS):
        await journeys.remove_dependant(world.staff["guide"], second)
        assert await said(world, customer) == ["小满出生 42 天，该做产后复查了"]
        await journeys.restore_dependant(world.staff["guide"], second)
        assert await said(world, customer) == ["小满和小树出生 42 天，该做产后复查了"]
        await journeys.stop_milestones(world.staff["guide"], second, None)
        assert await said(world, customer) == ["小满出生 42 天，该做产后复查了"]


async def test_a_reason_that_was_withdrawn_leaves_the_other_reasons(database: str) -> None:
    world, customer, (child,) = await family("小满")
    elder = date(2025, 12, 13)  # one year old on the same day
    with clock.pretended(NOON):
        await make_child(world, customer, name="小树", born_on=elder)
    await news(NOON)
    await sweep(SIX_WEEKS)
    assert await cards_of(customer) == [("open", 2)]
    with clock.pretended(SIX_WEEKS):
        await journeys.stop_milestones(world.staff["guide"], child, None)
    assert await said(world, customer) == ["小树周岁了，道声喜"]


async def test_another_birth_date_moves_what_is_to_come(database: str) -> None:
    world, customer, (child,) = await family("小满")
    with clock.pretended(NOON):
        await service.update_dependant(world.staff["guide"], child, 1, {"born_on": date(2026, 11, 5)})
    await news(NOON)
    assert await sweep(SIX_WEEKS) == 0
    assert await sweep(SIX_WEEKS + 4 * DAY) == 1
    assert [row[2] for row in await timers(customer) if row[0].endswith("11-01")] == ["undone"] * 5


async def test_an_expected_child_is_prepared_for_and_its_birth_begins_its_own_milestones(database: str) -> None:
    world = await make_world()
    (customer,) = await add_buyers(world)
    with clock.pretended(NOON):
        child = await make_child(world, customer, due_on=date(2027, 1, 10))
    await news(NOON)
    assert [row[0] for row in await timers(customer)] == ["due_soon:2027-01-10"]
    assert await sweep(datetime(2026, 12, 11, 1, tzinfo=UTC)) == 1
    assert await said(world, customer) == ["再过一个月左右就要生了，问问待产包"]
    born = datetime(2026, 12, 20, 4, tzinfo=UTC)
    with clock.pretended(born):
        await service.confirm_birth(world.staff["guide"], child, None)
    await news(born)
    assert await cards_of(customer) == [("expired", 1)]  # nobody asks for the hospital bag any more
    wakes = {row[0]: row[1] for row in await timers(customer) if row[1]}
    assert wakes["day_42:2026-12-20"] == datetime(2027, 1, 31, 1, tzinfo=UTC)


async def test_head_office_moves_switches_and_words_milestones(database: str) -> None:
    world, customer, _ = await family("小满", None)
    stages = list(customers.SHIPPED)
    place = next(n for n, stage in enumerate(stages) if stage.key == "day_42")
    words = {"zh-CN": "{children}：{milestone}，已经 {days} 天"}
    stages[place] = replace(stages[place], begins=Age(40, AgeUnit.DAYS), labels={"zh-CN": "产{后}"}, why=words, say={})
    off = next(n for n, stage in enumerate(stages) if stage.key == "solids")
    stages[off] = replace(stages[off], active=False)
    with clock.pretended(NOON):
        await service.save_life_stages(world.staff["hq"], 0, stages)
    await news(NOON)
    by_key = {row[0].split(":")[0]: row for row in await timers(customer)}
    assert by_key["day_42"][1] == SIX_WEEKS - 2 * DAY and by_key["solids"][2] == "undone"
    assert await sweep(SIX_WEEKS - 2 * DAY) == 1
    (card,) = await open_tasks_of(world.staff["guide"], [customer])
    assert card
    (reason,) = spoken(card.reasons, "zh-CN", date(2026, 12, 12), None, "小满妈妈")
    assert reason.why == "小满和宝宝：产{后}，已经 41 天" and (reason.say or "").startswith("小满妈妈您好")
    stages[place] = replace(stages[place], begins=Age(20, AgeUnit.DAYS))  # before today: nothing of it comes
    with clock.pretended(SIX_WEEKS - 2 * DAY):
        await service.save_life_stages(world.staff["hq"], 1, stages)
    await news(SIX_WEEKS - 2 * DAY)
    assert await cards_of(customer) == [("expired", 1)] and await sweep(SIX_WEEKS) == 0


async def test_a_card_that_was_closed_stays_closed(database: str) -> None:
    world, customer, (child,) = await family("小满")
    guide = world.staff["guide"]
    await sweep(SIX_WEEKS)
    (card,) = await open_tasks_of(guide, [customer])
    assert card
    with clock.pretended(SIX_WEEKS):
        await record_outcome(guide, new_id(), card.id, Outcome.REACHED)
        await journeys.stop_milestones(guide, child, None)
        await journeys.resume_milestones(guide, child)
    await sweep(SIX_WEEKS + DAY)
    assert await cards_of(customer) == [("done", 1)]


async def test_who_refuses_that_her_childrens_data_is_used_hears_nothing_of_them(database: str) -> None:
    world, customer, _ = await family("小满")
    await sweep(SIX_WEEKS)
    said = ConsentSaid(ConsentPurpose.CHILDREN, ConsentChannel.ANY, ConsentState.REFUSED, ConsentHow.COUNTER)
    with clock.pretended(SIX_WEEKS):
        await service.record_consent(world.staff["guide"], customer, said)
    await news(SIX_WEEKS)
    assert await cards_of(customer) == [("expired", 1)]
    assert {row[2] for row in await timers(customer)} == {"stopped", "undone"}


async def test_an_order_leaves_milestones_alone(database: str) -> None:
    world, customer, _ = await family("小满")
    await journeys.enrol(world.brand_id, [customer], follow_ups=True)
    await sweep(SIX_WEEKS)
    assert await cards_of(customer) == [("open", 1)]


async def test_a_stop_in_the_middle_of_a_sweep_leaves_nothing_on_the_card(database: str) -> None:
    """The sweep has its rows and stands before its event; the stop comes, and waits for it."""
    for _ in range(3):
        world, customer, (child,) = await family("小满")

        async def swept() -> None:
            await sweep(SIX_WEEKS)

        async def stopped(world: World = world, child: UUID = child) -> None:
            with clock.pretended(SIX_WEEKS):
                await journeys.stop_milestones(world.staff["guide"], child, None)

        for result in await meet(database, swept(), stopped()):
            assert not isinstance(result, BaseException), result
        assert await cards_of(customer) == [("expired", 1)]
        await sweep(SIX_WEEKS + DAY)
        assert await cards_of(customer) == [("expired", 1)]


async def test_workers_and_repeats_at_once_double_nothing(database: str) -> None:
    world = await make_world()
    mothers = await add_buyers(world, 60)
    with clock.pretended(NOON):
        for mother in mothers:
            await make_child(world, mother, born_on=BORN)
    with clock.pretended(NOON):
        await asyncio.gather(*(journeys.follow_children(world.brand_id, mothers[:: (-1) ** n]) for n in range(4)))
    assert await db.fetch_value("SELECT count(*) FROM enrolment") == 300
    counts = await asyncio.gather(*(sweep(SIX_WEEKS, 20) for _ in range(8)))
    while more := await sweep(SIX_WEEKS, 20):
        counts.append(more)
    assert sum(counts) == 60
    assert tuple(await db.fetch_row("SELECT count(*), sum(jsonb_array_length(reasons)) FROM task") or ()) == (60, 60)
    assert await spoken_children(mothers[0]) == [("", "open")]
