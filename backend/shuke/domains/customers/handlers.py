"""Doors from events."""

from uuid import UUID

from shuke.domains.customers import service
from shuke.kit.events import EventRow


async def on_self_filled(event: EventRow) -> None:
    """A customer filled in her card: where something began to wait for a colleague, whoever it waits for is told."""
    if event.data.get("begins_to_wait"):
        await service.tell_of_answers(event.brand_id, event.id, UUID(event.data["link"]))
