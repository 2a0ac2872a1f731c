"""Doors from events: they read what is true now, so a repeat or a delay changes nothing."""

from uuid import UUID

from shuke.domains.predictions import service
from shuke.kit.events import EventRow


async def on_consent_recorded(event: EventRow) -> None:
    """She may have said that she does not want to be profiled."""
    if event.subject_id is not None:
        await service.forget_unwilling(event.brand_id, [event.subject_id])


async def on_merged(event: EventRow) -> None:
    """Two became one, or one two: what was said was of somebody else."""
    ids = [UUID(event.data[name]) for name in ("loser", "customer") if event.data.get(name)]
    await service.forget(event.brand_id, [*ids, *([event.subject_id] if event.subject_id else [])])
