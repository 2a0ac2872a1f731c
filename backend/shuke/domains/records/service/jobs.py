"""Imports in the background: asked for, called off, and woken until somebody has done them."""

from datetime import timedelta
from uuid import UUID

from msgspec.structs import replace

from shuke.domains.customers import queries as archive
from shuke.domains.customers.types.profile import Document
from shuke.domains.identity import queries as identity
from shuke.domains.identity.service import allow
from shuke.domains.identity.types import Actor
from shuke.domains.records import queries
from shuke.domains.records.reading import checked
from shuke.domains.records.rules import custom, overwriting
from shuke.domains.records.rules.fields import CUSTOM, FIELDS
from shuke.domains.records.service.source import KINDS
from shuke.domains.records.types import Choices, FixedStore, ImportJob, ImportKind, Mapping, Refunds
from shuke.kit import clock, codec, db, events, queue
from shuke.kit.errors import ErrorCode, Refusal
from shuke.kit.ids import new_id

JOB = "run_import"
NUDGE = timedelta(seconds=10)
KEPT = timedelta(days=90)

START = """
INSERT INTO import_job (id, brand_id, staff_id, upload_id, kind, file_name, file_bytes, choices, state, created_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 'waiting', $9)
"""
CANCEL = """
UPDATE import_job SET state = 'cancelled', ended_at = $3, owner = NULL, lease_until = NULL, updated_at = $3
WHERE brand_id = $1 AND id = $2 AND state IN ('waiting', 'running')
"""
# waiting, or its worker was not heard of any more
NUDGED = """
UPDATE import_job SET nudged_at = $1 WHERE id IN (
  SELECT id FROM import_job WHERE state IN ('waiting', 'running', 'undoing')
    AND (lease_until IS NULL OR lease_until < $1)
    AND (nudged_at IS NULL OR nudged_at < $2)
  ORDER BY id LIMIT $3 FOR UPDATE SKIP LOCKED)
RETURNING id
"""


async def start_import(actor: Actor, upload_id: UUID, choices: Choices) -> ImportJob:
    """Puts an import of an uploaded file into the background; an upload may be imported more than once.

    Raises Refusal FORBIDDEN, NOT_FOUND (no such file, no such store), INVALID for choices that cannot be understood.
    """
    allow(actor, "startImport")
    await mapping_of(actor, choices)
    document = (await archive.latest(actor.brand_id)).document
    told = overwriting.policies(choices.overwrite.items(), document)[0]
    choices = replace(choices, overwrite=told, closed=_closed(actor, choices, document))
    file = await queries.upload(actor.brand_id, upload_id)
    if file is None:
        raise Refusal(ErrorCode.NOT_FOUND, "uploadId", "upload_gone")
    job_id, now = new_id(), clock.now()
    ours = (job_id, actor.brand_id, actor.id, upload_id, choices.kind.value)
    await db.execute(START, *ours, *file, codec.dumps(choices), now)
    data = {"kind": choices.kind, "dryRun": choices.dry_run, "followUps": choices.follow_ups, "bytes": file[1]}
    await events.record(actor.brand_id, "import.started", actor.ref, ("import_job", job_id), data)
    return await queries.import_job(actor, job_id)


def _closed(actor: Actor, choices: Choices, document: Document) -> tuple[str, ...]:
    """What she does not fill in by hand, she does not from a file. Raises Refusal FORBIDDEN for a column of it that
    she chose herself.
    """
    closed = custom.closed(document, archive.roles_at(actor) or ())
    if chosen := sorted(closed & choices.columns.keys()):
        field = document.field(chosen[0].removeprefix(CUSTOM))
        raise Refusal(ErrorCode.FORBIDDEN, "columns", "field_not_yours", label=field.label if field else {})
    return tuple(sorted(closed))


async def cancel_import(actor: Actor, job_id: UUID) -> ImportJob:
    """Calls an import off. What it has stored stays; the chunk under way is taken back.

    Raises Refusal FORBIDDEN, NOT_FOUND, NOT_UNDOABLE when it is over already.
    """
    allow(actor, "cancelImport")
    job = await queries.import_job(actor, job_id)
    if not await db.execute(CANCEL, actor.brand_id, job_id, clock.now()):
        raise Refusal(ErrorCode.NOT_UNDOABLE, "id", "import_over")
    await events.record(actor.brand_id, "import.cancelled", actor.ref, ("import_job", job_id), {"kind": job.kind})
    return await queries.import_job(actor, job_id)


async def mapping_of(actor: Actor, choices: Choices) -> Mapping:
    """The choices as a mapping file would say them. Raises Refusal NOT_FOUND for a store that is none of the brand's,
    INVALID for what cannot be understood.
    """
    fixed = None
    if choices.store_id:
        found = await identity.stores(actor.brand_id, (choices.store_id,))
        if not found:
            raise Refusal(ErrorCode.NOT_FOUND, "storeId")
        fixed = FixedStore(found[0].code)
    known = KINDS[choices.kind][0] if choices.kind is ImportKind.ORDERS else FIELDS
    for one in choices.columns:
        if one not in known and not one.startswith(CUSTOM):
            names = ", ".join(known)
            raise Refusal(ErrorCode.INVALID, "columns", "mapping_field", field_name=one, known=names)
    mapping = Mapping(
        source=choices.source or "file",
        encoding=choices.encoding or "utf-8",
        datetime=choices.datetime_formats,
        store=fixed,
        refund=Refunds(prefix=choices.refund_prefix),
        columns=choices.columns,
    )
    if len(mapping.source) > 60:
        raise Refusal(ErrorCode.INVALID, "source", "too_long", most=60)
    try:
        return checked(mapping)
    except (ValueError, LookupError) as error:
        raise Refusal(ErrorCode.INVALID, "encoding") from error


async def sweep_imports(limit: int) -> int:
    """Wakes imports that wait or whose worker is gone: a word in the queue for each. The number of them.

    A word too many does no harm: whoever takes an import up holds it by its lease.
    """
    now = clock.now()
    found = await db.fetch(NUDGED, now, now - NUDGE, limit)
    for row in found:
        await queue.enqueue(JOB, str(row[0]))
    return len(found)


async def purge_imports() -> int:
    """Forgets imports that ended more than 90 days ago, their rows' verdicts with them; the number."""
    return await db.execute("DELETE FROM import_job WHERE ended_at < $1", clock.now() - KEPT)
