"""Children of customers, entered by the product's own use case."""

from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from shuke.app.wiring import WIRING
from shuke.domains.customers import service
from shuke.domains.customers.types.dependants import NewDependant
from shuke.domains.journeys import service as journeys
from shuke.kit import clock, db, zones
from shuke.kit.events import Dispatcher
from shuke.kit.ids import new_id
from tests.factories import World

ZONE = "Asia/Shanghai"


def in_days(days: int) -> date:
    """A day so many days from today in Shanghai."""
    return zones.local_date(clock.now(), ZONE) + timedelta(days=days)


async def make_child(world: World, customer: UUID, who: str = "admin", **said: Any) -> UUID:
    """A child of hers; with nothing said it is due in fifty days."""
    if not said.keys() & {"born_on", "due_on"}:
        said["due_on"] = in_days(50)
    new = NewDependant(id=said.pop("id", None) or new_id(), customer_id=customer, **said)
    return await service.add_dependant(world.staff[who], new)


async def news(now: datetime) -> None:
    """Everything that was told reaches its handlers, at this moment."""
    with clock.pretended(now):
        await Dispatcher(WIRING).drain()


async def sweep(now: datetime, limit: int = 200) -> int:
    with clock.pretended(now):
        return await journeys.sweep_enrolments(limit)


async def spoken_children(customer: UUID) -> list[tuple[str, str]]:
    """(milestone's children, state of the card) for every milestone reason on her cards, the oldest card first."""
    rows = await db.fetch(
        "SELECT r -> 'params' ->> 'children', t.state FROM task t, jsonb_array_elements(t.reasons) r"
        " WHERE t.customer_id = $1 AND r ->> 'key' = 'milestone' ORDER BY t.created_at, t.id",
        customer,
    )
    return [tuple(row) for row in rows]
