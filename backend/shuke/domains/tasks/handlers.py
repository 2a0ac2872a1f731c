"""Doors from events."""

from shuke.domains.tasks import service
from shuke.kit.events import EventRow


async def on_customer_updated(event: EventRow) -> None:
    """A customer may have got another guide or store: her open card follows."""
    if event.subject_id is not None:
        await service.follow_owner(event.brand_id, [event.subject_id])
