"""Doors from events."""

from uuid import UUID

from shuke.domains.notifications import rules, service
from shuke.domains.notifications.types import InboxKind, Letter
from shuke.kit.events import EventRow
from shuke.kit.ids import effect_id


async def on_tasks_due(event: EventRow) -> None:
    """One message to each person whose cards are due, or her unread one grows; a repeat of the event adds nothing."""
    letters = []
    for staff_id, task_ids in event.data["staff"].items():
        if task_ids:
            data = {"count": len(task_ids), "taskIds": task_ids}
            url = rules.tasks_url([UUID(task_id) for task_id in task_ids])
            key = effect_id("inbox", event.id, staff_id)
            letters.append(Letter(key, UUID(staff_id), InboxKind.TASKS_DUE, data, url))
    await service.remind(event.brand_id, letters)
