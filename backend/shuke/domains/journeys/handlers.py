"""Doors from events: they read what is true now, so a repeat or a delay changes nothing."""

from uuid import UUID

from shuke.domains.journeys import service
from shuke.kit.events import EventRow


async def on_brand_created(event: EventRow) -> None:
    """A new brand begins with the shop's own journeys."""
    await service.ensure_default_journeys(event.brand_id)


async def on_orders_recorded(event: EventRow) -> None:
    """Orders and refunds move customers into and out of journeys."""
    ids = [UUID(key) for key in event.data.get("customers", ())]
    if ids:
        await service.enrol(event.brand_id, ids, bool(event.data.get("followUps")))
