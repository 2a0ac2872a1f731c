"""A board's world: cards that are late, due and done at a fixed moment, in four stores."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

from shuke.domains.identity import service as identity
from shuke.domains.tasks import service
from shuke.domains.tasks.types import Outcome
from shuke.kit import clock, db
from shuke.kit.ids import new_id
from tests.factories import World
from tests.factories.tasks import add_buyers, make_card

NOON = datetime(2026, 11, 25, 4, tzinfo=UTC)  # Wednesday, 12:00 in Shanghai
HOUR = timedelta(hours=1)


async def open_card(
    world: World, due_at: datetime, guide: str | None = "guide", store: int = 0, key: str = "wake_up"
) -> UUID:
    (customer,) = await add_buyers(world, guide=guide, store=store)
    return await make_card(world, customer, due_at, key)


async def done_card(
    world: World,
    closed_at: datetime,
    due_at: datetime,
    who: str = "guide",
    guide: str | None = "guide",
    store: int = 0,
    key: str = "wake_up",
) -> UUID:
    """A card that this person closed."""
    task_id = await open_card(world, due_at, guide, store, key)
    with clock.pretended(closed_at):
        await service.record_outcome(world.staff[who], new_id(), task_id, Outcome.REACHED)
    return task_id


async def fill(world: World) -> None:
    """A Wednesday noon: in S1 two late, one due, three done (one late, one yesterday); S2 and S3 have one each.

    S4, which is in no region, has one late, one due, one done. In S1 one more is done, whose customer went to S3 since.
    """
    await open_card(world, NOON - 26 * HOUR)
    await open_card(world, NOON - HOUR, guide=None)
    await open_card(world, NOON + 3 * HOUR, guide="colleague", key="thanks")
    await open_card(world, NOON + 30 * HOUR, guide="colleague")  # tomorrow: due this week, not today
    await open_card(world, NOON + 10 * 24 * HOUR)  # next month
    await done_card(world, NOON - HOUR, NOON - HOUR / 2)
    await done_card(world, NOON - HOUR, NOON - 2 * HOUR, who="manager", guide="colleague", key="thanks")
    await done_card(world, NOON - 27 * HOUR, NOON)  # yesterday, 9:00
    await done_card(world, NOON - 20 * HOUR, NOON)  # yesterday, 16:00: later in the day than now
    await open_card(world, NOON - HOUR, guide="stranger", store=1)
    await open_card(world, NOON + HOUR, guide=None, store=2)
    world.stores.append(await identity.create_store(world.brand_id, "S4", "快闪店", "Asia/Shanghai", None))
    await open_card(world, NOON - HOUR, guide=None, store=3)
    await open_card(world, NOON + HOUR, guide=None, store=3)
    await done_card(world, NOON - HOUR, NOON, who="hq", guide=None, store=3)
    gone = await done_card(world, NOON - HOUR, NOON - 2 * HOUR)
    await db.execute(
        "UPDATE customer SET store_id = $2, guide_id = NULL WHERE id = (SELECT customer_id FROM task WHERE id = $1)",
        *(gone, world.stores[2]),
    )


async def move_store_to(world: World, store: int, zone: str) -> None:
    await db.execute("UPDATE store SET timezone = $2 WHERE id = $1", world.stores[store], zone)
