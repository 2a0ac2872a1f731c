"""Doors from the queue and the clock."""

import logging
from uuid import UUID
from zoneinfo import ZoneInfo

from shuke.domains.identity import queries as identity
from shuke.domains.segments import queries, service
from shuke.kit import clock

log = logging.getLogger(__name__)

AFTER_HOUR = 3  # of the brand's day


async def refresh_brand(brand_id: UUID) -> None:
    """Recomputes one brand's cells as of its today; safe to repeat."""
    await service.refresh(await identity.system_actor(brand_id))


async def refresh_all() -> None:
    """Recomputes every brand's cells; one that fails keeps no other waiting, but is raised at the end."""
    await _refresh([brand.id for brand in await identity.brands()])


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
    await _refresh(due)


async def _refresh(brand_ids: list[UUID]) -> None:
    failures: list[Exception] = []
    for brand_id in brand_ids:
        try:
            await refresh_brand(brand_id)
        except Exception as error:
            log.exception("refreshing the segments of brand %s failed", brand_id)
            failures.append(error)
    if failures:
        raise ExceptionGroup("segments of some brands are not refreshed", failures)
