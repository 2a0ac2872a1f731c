"""Doors from the queue and the clock."""

import logging
from collections.abc import Awaitable, Callable
from uuid import UUID
from zoneinfo import ZoneInfo

from shuke.domains.identity import queries as identity
from shuke.domains.segments import queries, service
from shuke.kit import clock
from shuke.kit.events import EventRow

log = logging.getLogger(__name__)

AFTER_HOUR = 3  # of the brand's day


async def refresh_brand(brand_id: UUID) -> None:
    """Recomputes one brand's cells as of its today; safe to repeat. A wish may outlive its brand: what waits in the
    queue stays there when another database is put behind it, or an older backup.
    """
    if brand_id not in {brand.id for brand in await identity.brands()}:
        log.info("a refresh was asked for of a brand that is not here")
        return
    await service.refresh(await identity.system_actor(brand_id))


async def _night(brand_id: UUID) -> None:
    await service.refresh_by_night(await identity.system_actor(brand_id))


async def refresh_all() -> None:
    """Recomputes every brand's cells; one that fails keeps no other waiting, but is raised at the end."""
    await _refresh([brand.id for brand in await identity.brands()], refresh_brand)


async def refresh_where_it_is_night() -> None:
    """Recomputes the brands whose night is over and whose cells are of an earlier day; call it once an hour.

    A night that was missed because nothing ran is made up for at the next call.
    """
    due = []
    for brand in await identity.brands():
        here = clock.now().astimezone(ZoneInfo(brand.timezone))
        latest = await queries.last_applied(brand.id)
        if here.hour >= AFTER_HOUR and (latest is None or latest < here.date()):
            due.append(brand.id)
    await _refresh(due, _night)


async def on_touched(event: EventRow) -> None:
    """Customers of whom something changed that a rule may ask for are looked at again."""
    ids = [UUID(key) for key in event.data.get("customers", ())]
    ids += [event.subject_id] if event.subject_type == "customer" and event.subject_id else []
    ids += [UUID(event.data[name]) for name in ("loser", "customer") if event.data.get(name)]
    await service.touch(event.brand_id, ids)


async def on_changed_for_all(event: EventRow) -> None:
    """What everybody's facts come from has changed."""
    await service.refill(event.brand_id, event.kind)


async def on_scored(event: EventRow) -> None:
    """Everybody's chances were looked at, or nobody's can be told: tags say what is so now."""
    await service.walk_predictions(event.brand_id)


async def on_forgotten(event: EventRow) -> None:
    """What was foretold of some customers is so no longer."""
    await service.unsay_predictions(event.brand_id, [UUID(key) for key in event.data["customers"]])


async def on_categorised(event: EventRow) -> None:
    """Articles stand in other categories, which figures may be made of."""
    await service.recategorise(event.brand_id)


async def _refresh(brand_ids: list[UUID], how: Callable[[UUID], Awaitable[None]]) -> None:
    failures: list[Exception] = []
    for brand_id in brand_ids:
        try:
            await how(brand_id)
        except Exception as error:
            log.exception("refreshing the segments of brand %s failed", brand_id)
            failures.append(error)
    if failures:
        raise ExceptionGroup("segments of some brands are not refreshed", failures)
