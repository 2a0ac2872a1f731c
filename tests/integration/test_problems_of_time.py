"""What becomes a problem by time alone: found by its day, put onto the card, and gone when it is put right."""

from datetime import timedelta
from uuid import UUID

from shuke.domains.customers import queries, service
from shuke.domains.customers.rules import completeness as rules
from shuke.domains.customers.service.completeness import OVERDUE
from shuke.domains.customers.types.quality import FlawScope
from shuke.kit import clock, db
from tests.factories import World, make_world
from tests.factories.children import in_days, make_child
from tests.factories.customers import make_customer
from tests.factories.merging import merge

WAIT = rules.OVERDUE
CODE = "overdue_birth"


async def problems(key: UUID) -> list[str]:
    found: list[str] = await db.fetch_value("SELECT problems FROM customer WHERE id = $1", key)
    return found


async def queue(world: World) -> list[UUID]:
    found = await queries.flawed_cards(world.staff["guide"], FlawScope(CODE), 9)
    return [card.customer.id for card in found]


async def expecting(world: World, due: int = 5) -> tuple[UUID, UUID]:
    """A customer and her child, due in so many days."""
    mother = await make_customer(world, phone="13867524047" if due == 5 else None)
    return mother, await make_child(world, mother, due_on=in_days(due))


async def test_a_due_date_long_past_enters_the_queue_by_itself(database: str) -> None:
    world = await make_world()
    mother, child = await expecting(world)
    other = await make_customer(world)
    await make_child(world, other, due_on=in_days(60))
    start = clock.now()
    with clock.pretended(start + timedelta(days=5) + WAIT - timedelta(days=1)):
        assert await service.find_what_time_made() == 0 and await queue(world) == []
    with clock.pretended(start + timedelta(days=5) + WAIT):
        assert await service.find_what_time_made() == 1 and await queue(world) == [mother]
        assert await service.find_what_time_made() == 0  # it stands there: nothing is found twice
        await service.confirm_birth(world.staff["guide"], child, in_days(-20))
        assert CODE not in await problems(mother) and await queue(world) == []
        assert await service.find_what_time_made() == 0


async def test_another_day_or_no_child_mends_it_and_a_restored_one_is_overdue_again(database: str) -> None:
    world = await make_world()
    mother, child = await expecting(world)
    guide = world.staff["guide"]
    with clock.pretended(clock.now() + timedelta(days=40)):
        assert await service.find_what_time_made() == 1
        await service.update_dependant(guide, child, 1, {"due_on": in_days(3)})
        assert CODE not in await problems(mother)
    with clock.pretended(clock.now() + timedelta(days=80)):
        assert await service.find_what_time_made() == 1
        await service.remove_dependant(guide, child)
        assert CODE not in await problems(mother)
        await service.restore_dependant(guide, child)
        assert CODE in await problems(mother)


async def test_what_is_said_to_be_right_stays_so_for_that_day(database: str) -> None:
    world = await make_world()
    mother, _ = await expecting(world)
    guide = world.staff["guide"]
    with clock.pretended(clock.now() + timedelta(days=40)):
        await service.find_what_time_made()
        await service.dismiss_problem(guide, mother, CODE)
        assert CODE not in await problems(mother)
        assert await service.find_what_time_made() == 0
        await service.restore_problem(guide, mother, CODE)
        assert CODE in await problems(mother)


async def test_of_two_archives_that_became_one_the_winner_has_it(database: str) -> None:
    world = await make_world()
    mother, _ = await expecting(world)
    twin = await make_customer(world)
    with clock.pretended(clock.now() + timedelta(days=40)):
        await merge(world, twin, mother)
        assert CODE in await problems(twin)
        assert await service.find_what_time_made() == 0


async def test_nobody_else_is_looked_at(database: str) -> None:
    world = await make_world()
    await expecting(world)
    async with db.tx():
        await db.execute("SET LOCAL enable_seqscan = off")  # a handful of rows would be read as a whole
        asked = (in_days(0), clock.now(), WAIT.days)
        plan = "\n".join(row[0] for row in await db.fetch(f"EXPLAIN {OVERDUE}", *asked))
    assert "dependant_awaited" in plan and "Seq Scan" not in plan, plan
