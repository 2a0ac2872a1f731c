"""Doors from the worker's queue and clock."""

from uuid import UUID

from shuke.domains.records import service
from shuke.kit.events import EventRow


async def run_import(job_id: UUID) -> None:
    """Does an import that waits, or goes on with one whose worker is gone; nothing when somebody is at it."""
    await service.run_import(job_id)


async def run_export(job_id: UUID) -> None:
    """Does an export that waits, or whose worker is gone; nothing when somebody is at it."""
    await service.run_export(job_id)


async def tidy() -> None:
    """Forgets files and imports of long ago."""
    await service.purge_uploads()
    await service.purge_imports()
    await service.purge_copies()
    await service.forget_snapshots()
    await service.tidy_exports()


async def on_brand_created(event: EventRow) -> None:
    """Everybody of a new brand is looked at every night."""
    await service.watch_brand(event.brand_id)


async def on_customers_touched(event: EventRow) -> None:
    """Customers who came, were edited, merged or parted may be like somebody now, or be it no longer."""
    ids = [UUID(key) for key in event.data.get("customers", ())]
    ids += [event.subject_id] if event.subject_type == "customer" and event.subject_id else []
    ids += [UUID(event.data[name]) for name in ("loser", "customer") if name in event.data]
    await service.look_for_duplicates(event.brand_id, ids)
