"""Undoing an import of customers: asked for, done chunk by chunk by whoever holds the lease."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from shuke.domains.customers import service as customers
from shuke.domains.customers.types import RowChange
from shuke.domains.identity.service import allow
from shuke.domains.identity.types import Actor
from shuke.domains.journeys import service as journeys
from shuke.domains.records import queries
from shuke.domains.records.rules.fates import Goes
from shuke.domains.records.rules.parts import PARTS
from shuke.domains.records.types import ImportJob, ImportKind, ImportState, Undo
from shuke.domains.segments import service as segments
from shuke.kit import clock, codec, db, events
from shuke.kit.errors import ErrorCode, Refusal

UNDOABLE = timedelta(days=30)
CHUNK = 500
OVER = (ImportState.DONE, ImportState.CANCELLED, ImportState.FAILED)
LOOSE = {(part.table, part.column): part.import_undo.alone for part in PARTS if isinstance(part.import_undo, Goes)}
"""(table, column) -> SQL of which of its rows, as `t`, go with who came by the import, and hold nobody."""

BEGIN = """
UPDATE import_job SET state = 'undoing', undo = $3, owner = NULL, lease_until = NULL, nudged_at = NULL, attempts = 0,
  updated_at = $4
WHERE brand_id = $1 AND id = $2 AND state IN ('done', 'cancelled', 'failed')
"""
NEXT = f"""
SELECT customer_id, created, version, before, after, identities FROM import_change
WHERE batch_id = $1 AND undone_at IS NULL ORDER BY customer_id LIMIT {CHUNK} FOR UPDATE
"""
# what stood on file is told no longer once it is as it was
SETTLE = """
UPDATE import_change c SET undone_at = $2, stayed = w.stayed, updated_at = $2, before = '{}', after = '{}',
  identities = '[]'
FROM unnest($3::uuid[], $4::jsonb[]) AS w(customer_id, stayed)
WHERE c.batch_id = $1 AND c.customer_id = w.customer_id
"""
FORGET = "DELETE FROM import_digest WHERE batch_id = $1 AND customer_id = ANY($2)"


async def undo_import(actor: Actor, job_id: UUID) -> ImportJob:
    """Has everything that an import of customers did taken back, in the background.

    Who came by it goes and what it changed becomes what it was, except where somebody has changed it since, or she has
    bought or come since: that stays and is told. Raises Refusal FORBIDDEN, NOT_FOUND, NOT_UNDOABLE (not over, 30 days
    ago, nothing in it).
    """
    allow(actor, "undoImport")
    job = await queries.import_job(actor, job_id)
    if job.ended_at and job.ended_at < clock.now() - UNDOABLE:
        raise Refusal(ErrorCode.NOT_UNDOABLE, "id", "undo_late", days=UNDOABLE.days)
    if undoable_until(job) is None:
        raise Refusal(ErrorCode.NOT_UNDOABLE, "id", "undo_nothing")
    if not await db.execute(BEGIN, actor.brand_id, job_id, codec.dumps(Undo()), clock.now()):
        raise Refusal(ErrorCode.NOT_UNDOABLE, "id", "undo_nothing")
    data = {"kind": job.kind}
    await events.record(actor.brand_id, "import.undo_started", actor.ref, ("import_job", job_id), data)
    return await queries.import_job(actor, job_id)


def undoable_until(job: ImportJob) -> datetime | None:
    """Until when an import can be undone; None: it cannot."""
    changed = job.tally.created + job.tally.updated + job.tally.duplicates
    if job.kind is not ImportKind.CUSTOMERS or job.dry_run or job.state not in OVER or not job.ended_at or not changed:
        return None
    until = job.ended_at + UNDOABLE
    return until if until > clock.now() else None


async def undo_chunk(brand_id: UUID, batch_id: UUID, so_far: Undo) -> Undo | None:
    """Takes back what an import did to the next customers, in the caller's transaction; None: there are no more."""
    await customers.hold_bulk(brand_id)
    changes = [_change(row) for row in await db.fetch(NEXT, batch_id)]
    if not changes:
        return None
    ids = [change.customer_id for change in changes]
    await segments.hold_watched(ids)
    await journeys.hold_enrolments(brand_id, ids)  # in the order in which the others take the same locks
    await customers.hold_customers(brand_id, ids)
    held = await segments.members_held(ids)
    await segments.take_from_file(batch_id, ids)
    done = await customers.take_back(brand_id, batch_id, changes, LOOSE)
    await segments.shift_members(brand_id, held, await segments.members_held(ids))
    stayed = [codec.dumps({"reasons": one.reasons, "fields": one.fields}) if one.reasons else None for one in done]
    await db.execute(SETTLE, batch_id, clock.now(), [one.customer_id for one in done], stayed)
    await db.execute(FORGET, batch_id, ids)
    counts = {fate: sum(one.fate.value == fate for one in done) for fate in ("removed", "restored", "stayed")}
    return Undo(*(getattr(so_far, fate) + count for fate, count in counts.items()))


def _change(row: Any) -> RowChange:
    before, after, numbers = (codec.loads(part) for part in row[3:6])
    return RowChange(row[0], row[1], row[2], before, after, [(kind, value) for kind, value in numbers])
