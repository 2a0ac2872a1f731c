"""Doors from events."""

from shuke.domains.tasks import service
from shuke.kit.events import EventRow


async def on_customer_updated(event: EventRow) -> None:
    """A customer has got another guide: her open card follows. After any other edit it stays with whom a manager gave
    it to.
    """
    if event.subject_id is not None and "guideId" in event.data.get("fields", ()):
        await service.follow_owner(event.brand_id, [event.subject_id])


async def on_consent_recorded(event: EventRow) -> None:
    """She said what she does not want: her open card keeps only what she may still be contacted about."""
    if event.subject_id is not None:
        await service.withdraw_unwanted(event.brand_id, event.subject_id)
