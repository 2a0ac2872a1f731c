"""Doing an import in the background: by whoever holds its lease, from where the last one came to.

What a chunk stores, the verdicts on its rows and the job's counts are one transaction, so a run that is killed leaves
either all or nothing of a chunk, and the next run leaves out what has a verdict. A dry run stores nothing and is begun
again from its first row.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from contextlib import aclosing, suppress
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import partial
from pathlib import Path
from uuid import UUID

from msgspec import structs

from shuke.domains.customers import queries as archive
from shuke.domains.identity import queries as identity
from shuke.domains.identity.types import Actor
from shuke.domains.records.rules import custom
from shuke.domains.records.rules.tables import Choice
from shuke.domains.records.service import batches
from shuke.domains.records.service.common import rehearsing
from shuke.domains.records.service.customers import CustomerImport
from shuke.domains.records.service.holding import COUNTS, LEASE, MINE, Hold, JobLedger, Lost
from shuke.domains.records.service.jobs import mapping_of
from shuke.domains.records.service.layouts import laid_out
from shuke.domains.records.service.orders import OrderImport
from shuke.domains.records.service.source import opened, scratch
from shuke.domains.records.service.undoing import undo_chunk
from shuke.domains.records.service.uploads import fetch_upload
from shuke.domains.records.types import Choices, ImportKind, Tally, Undo
from shuke.domains.records.types import Mapping as FileMapping
from shuke.kit import clock, codec, db, events
from shuke.kit.errors import ErrorCode, Refusal
from shuke.kit.sheets import guess_encoding, is_workbook

log = logging.getLogger(__name__)

AGAIN = timedelta(seconds=10)  # until a run that stumbled is tried again
MOST_ATTEMPTS = 6  # without getting any further

CLAIM = f"""
UPDATE import_job SET state = CASE state WHEN 'undoing' THEN 'undoing' ELSE 'running' END, owner = $2,
  lease_until = $3, attempts = attempts + 1, looked = 0, started_at = coalesce(started_at, $4), updated_at = $4
WHERE id = $1 AND state IN ('waiting', 'running', 'undoing') AND (lease_until IS NULL OR lease_until < $4)
RETURNING brand_id, staff_id, upload_id, file_name, choices, attempts, undo, state, {", ".join(COUNTS)}
"""
AFRESH = f"UPDATE import_job SET {', '.join(f'{count} = 0' for count in COUNTS)} WHERE id = $1"
FOUND = f"UPDATE import_job SET spots = $3, skipped = $4 {MINE}"
LAID = f"UPDATE import_job SET spots = $3, skipped = $4, found = $5, saved_mapping = $6, continues_id = $7 {MINE}"
LET_GO = f"UPDATE import_job SET lease_until = $3 {MINE}"
END = f"""
UPDATE import_job SET state = $3, problem = $4, ended_at = $5, updated_at = $5, owner = NULL, lease_until = NULL,
  rows_total = coalesce($6, rows_total) {MINE}
"""
UNDONE = f"UPDATE import_job SET state = 'undone', owner = NULL, lease_until = NULL {MINE}"
UNDOING = f"UPDATE import_job SET lease_until = $3, attempts = 0, undo = $4 {MINE}"


@dataclass(slots=True)
class Claimed:
    """A job that this run holds."""

    actor: Actor
    upload_id: UUID | None
    file_name: str
    choices: Choices
    attempts: int
    tally: Tally
    settled: frozenset[int]
    undo: Undo | None = None
    """how far its undoing has come; None: it is to be done"""


async def run_import(job_id: UUID) -> None:
    """Takes an import up unless somebody else holds it, and does it to its end."""
    hold = Hold(job_id)
    job = await _claim(hold)
    if job is None:
        return
    try:
        async with hold.kept():
            end = await _done(hold, job)
        await end()  # the heart has stopped: it must not take the end for a loss
    except Lost:
        log.info("import %s was called off or taken over", job_id)
    except BaseException as error:  # the worker stops, or something broke: somebody else goes on, or this one later
        wait = timedelta() if isinstance(error, asyncio.CancelledError) else AGAIN
        with suppress(Exception):
            await db.execute(LET_GO, job_id, hold.owner, clock.now() + wait)
        raise


async def _done(hold: Hold, job: Claimed) -> Callable[[], Awaitable[None]]:
    """Does what there is to do; what ends it."""
    if job.attempts > MOST_ATTEMPTS:
        return partial(_end, hold, job, "failed", "import_broke")
    try:
        if job.undo is not None:
            return partial(_undone, hold, job, await _undo(hold, job, job.undo))
        await _do(hold, job)
    except Refusal as refusal:
        params = refusal.params | ({"file": job.file_name} if "file" in refusal.params else {})
        return partial(_end, hold, job, "failed", refusal.reason, params)
    return partial(_end, hold, job, "done")


async def _claim(hold: Hold) -> Claimed | None:
    now = clock.now()
    async with db.tx():
        row = await db.fetch_row(CLAIM, hold.job_id, hold.owner, now + LEASE, now)
        if row is None:
            return None
        choices, tally = codec.load(row[4], Choices), Tally(*row[8:])
        undo = codec.load(row[6] or "{}", Undo) if row[7] == "undoing" else None
        if choices.dry_run:
            await db.execute("DELETE FROM import_verdict WHERE job_id = $1", hold.job_id)
            await db.execute(AFRESH, hold.job_id)
            tally = Tally()
        done = await db.fetch("SELECT first_row FROM import_verdict WHERE job_id = $1", hold.job_id)
        actor = replace(await identity.system_actor(row[0]), kind="staff", id=row[1])
    return Claimed(actor, row[2], row[3], choices, row[5], tally, frozenset(one[0] for one in done), undo)


async def _undo(hold: Hold, job: Claimed, done: Undo) -> Undo:
    """Takes back what the import did, chunk by chunk; what a killed run took back is not done again. All of it."""
    more: Undo | None = done
    while more is not None:
        done = more
        async with db.tx():
            more = await undo_chunk(job.actor.brand_id, hold.job_id, done)
            if more is not None:
                await hold.write(UNDOING, clock.now() + LEASE, codec.dumps(more))
    return done


async def _undone(hold: Hold, job: Claimed, done: Undo) -> None:
    async with db.tx():
        await hold.write(UNDONE)
        data = {"kind": job.choices.kind, "undo": done}
        await events.record(job.actor.brand_id, "import.undone", events.SYSTEM, ("import_job", hold.job_id), data)


async def _do(hold: Hold, job: Claimed) -> None:
    choices = job.choices
    mapping = await mapping_of(job.actor, choices)
    with scratch() as folder:
        path = folder / "upload"
        if job.upload_id is None:
            raise Refusal(ErrorCode.NOT_FOUND, reason="upload_gone")
        await fetch_upload(job.upload_id, path)
        ledger = JobLedger(hold, job.tally, choices.dry_run, job.settled)
        if choices.kind is ImportKind.CUSTOMERS:
            await _people(hold, job, mapping, path, ledger)
        else:
            await _orders(hold, job, mapping, path, ledger)


async def _orders(hold: Hold, job: Claimed, mapping: FileMapping, path: Path, ledger: JobLedger) -> None:
    choices = job.choices
    if choices.encoding is None and not is_workbook(path):
        mapping = structs.replace(mapping, encoding=await asyncio.to_thread(guess_encoding, path))
    async with opened(path, job.file_name, mapping, choices.kind) as source:
        await hold.write(FOUND, codec.dumps(source.spots), codec.dumps(source.skipped))
        work = OrderImport(job.actor, mapping, source, choices.dry_run, choices.follow_ups, hold.progress)
        async with rehearsing(choices.dry_run), aclosing(work.chunks()) as chunks:
            async for chunk in chunks:
                await work.settle(chunk, ledger)


async def _people(hold: Hold, job: Claimed, mapping: FileMapping, path: Path, ledger: JobLedger) -> None:
    choices, actor = job.choices, job.actor
    saved = {} if choices.columns else await batches.saved_mappings(actor.brand_id)
    document = (await archive.latest(actor.brand_id)).document
    choice = Choice(choices.columns, custom.headings(document), saved, frozenset(choices.closed))
    async with laid_out(path, job.file_name, mapping, choice) as layout:
        laid = layout.laid
        continues = await batches.continued(actor.brand_id, laid.ref)
        told = (codec.dumps(part) for part in (laid.spots, laid.skipped, laid.found))
        await hold.write(LAID, *told, laid.saved, continues)
        layout.check()
        if choices.columns and actor.id:
            await batches.save_mapping(actor.brand_id, actor.id, laid.fingerprints, choices.columns)
        work = CustomerImport(actor, mapping, layout, hold.job_id, choices, hold.progress)
        async with rehearsing(choices.dry_run), aclosing(work.chunks()) as chunks:
            async for chunk in chunks:
                await work.settle(chunk, ledger)


async def _end(
    hold: Hold, job: Claimed, state: str, reason: str = "", params: Mapping[str, object] | None = None
) -> None:
    choices, now = job.choices, clock.now()
    async with db.tx():
        await hold.write(END, state, codec.dumps([reason, params or {}]) if reason else None, now, hold.total)
        data = {"kind": choices.kind, "dryRun": choices.dry_run, "state": state, "rows": job.tally}
        await events.record(job.actor.brand_id, "import.ended", events.SYSTEM, ("import_job", hold.job_id), data)
