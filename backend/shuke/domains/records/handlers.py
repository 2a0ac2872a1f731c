"""Doors from the worker's queue and clock."""

from uuid import UUID

from shuke.domains.records import service


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
    await service.tidy_exports()
