"""Doors from events."""

from uuid import UUID

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


async def on_lead_received(event: EventRow) -> None:
    """Somebody asked from outside: her store contacts her within the hour."""
    if event.subject_id is not None:
        await service.answer_lead(event.brand_id, event.subject_id)


async def on_interaction(event: EventRow) -> None:
    """A complaint was put down or taken back: her card says so."""
    if event.subject_id is not None and event.data.get("kind") == "complaint":
        await service.answer_complaint(event.brand_id, event.subject_id, UUID(event.data["entry"]))
