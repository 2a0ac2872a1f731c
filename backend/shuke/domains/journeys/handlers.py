"""Doors from events: they read what is true now, so a repeat or a delay changes nothing."""

from uuid import UUID

from shuke.domains.journeys import service
from shuke.kit.events import EventRow


async def on_brand_created(event: EventRow) -> None:
    """A new brand begins with the shop's own journeys."""
    await service.ensure_default_journeys(event.brand_id)


async def on_dependant_changed(event: EventRow) -> None:
    """A child was entered, born, or has another date: the timers of its milestones follow."""
    if key := event.data.get("customer"):
        await service.follow_children(event.brand_id, [UUID(key)])


async def on_dependants_changed(event: EventRow) -> None:
    """A file brought children to many families, or its undoing took them away again."""
    await service.follow_children(event.brand_id, [UUID(key) for key in event.data["customers"]])


async def on_consent_recorded(event: EventRow) -> None:
    """She may have said that her children's data is not to be used, or that it is."""
    if event.subject_id is not None:
        await service.follow_children(event.brand_id, [event.subject_id])


async def on_life_stages_saved(event: EventRow) -> None:
    """Head office has other stages or milestones: so have all families."""
    await service.follow_all_children(event.brand_id)


async def on_orders_recorded(event: EventRow) -> None:
    """Orders and refunds move customers into and out of journeys."""
    ids = [UUID(key) for key in event.data.get("customers", ())]
    if ids:
        await service.enrol(event.brand_id, ids, bool(event.data.get("followUps")))
