"""Undoing an import of customers from a shell: one that a shell did, or one in the background, done here to its end."""

import asyncio
from datetime import datetime
from uuid import UUID

from shuke.domains.identity import queries as identity
from shuke.domains.identity.types import Actor
from shuke.domains.records import queries
from shuke.domains.records.service.running import run_import
from shuke.domains.records.service.undoing import UNDOABLE, undo_chunk, undo_import
from shuke.domains.records.types import ImportKind, ImportState, Progress, Undo
from shuke.kit import clock, db, events
from shuke.kit.errors import ErrorCode, Refusal

WAIT = 0.2  # seconds
JOB = "SELECT brand_id, state FROM import_job WHERE id = $1"
WHOSE = """
SELECT brand_id, min(created_at), count(*) FILTER (WHERE undone_at IS NULL) FROM import_change WHERE batch_id = $1
GROUP BY brand_id
"""


async def undo_batch(batch_id: UUID, progress: Progress) -> Undo:
    """Takes everything back that an import of customers did, as `undo_import` says it; a run that was stopped is gone
    on with. Raises Refusal NOT_FOUND, NOT_UNDOABLE (30 days ago, nothing in it).
    """
    job = await db.fetch_row(JOB, batch_id)
    if job is not None:
        return await _undo_job(await identity.system_actor(job[0]), batch_id, ImportState(job[1]))
    row = await db.fetch_row(WHOSE, batch_id)
    if row is None:
        raise Refusal(ErrorCode.NOT_FOUND, "batch", "undo_batch")
    brand_id, since, left = row
    _check(since, left)
    await _tell(brand_id, batch_id, "import.undo_started", {})
    done = Undo()
    while True:
        async with db.tx():
            more = await undo_chunk(brand_id, batch_id, done)
        if more is None:
            break
        done = more
        progress("undoing", done.removed + done.restored + done.stayed)
    await _tell(brand_id, batch_id, "import.undone", {"undo": done})
    return done


async def _undo_job(actor: Actor, job_id: UUID, state: ImportState) -> Undo:
    if state is not ImportState.UNDOING:  # else somebody has asked for it already: it is gone on with
        async with db.tx():
            await undo_import(actor, job_id)
    while (job := await queries.import_job(actor, job_id)).state is ImportState.UNDOING:
        await run_import(job_id)  # a worker may hold it: then it is waited for
        await asyncio.sleep(WAIT)
    return job.undo or Undo()


def _check(since: datetime, left: int) -> None:
    if since < clock.now() - UNDOABLE:
        raise Refusal(ErrorCode.NOT_UNDOABLE, "batch", "undo_late", days=UNDOABLE.days)
    if not left:
        raise Refusal(ErrorCode.NOT_UNDOABLE, "batch", "undo_nothing")


async def _tell(brand_id: UUID, batch_id: UUID, kind: str, data: dict[str, object]) -> None:
    async with db.tx():
        told = {"kind": ImportKind.CUSTOMERS, **data}
        await events.record(brand_id, kind, events.SYSTEM, ("import_batch", batch_id), told)
