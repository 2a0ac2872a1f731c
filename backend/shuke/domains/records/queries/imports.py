"""Reads: imports in the background and their rows, and what imports need of the rooms below."""

from collections.abc import AsyncIterator
from typing import Any
from uuid import UUID

import msgspec

from shuke.domains.customers import queries as archive
from shuke.domains.customers.rules import PROFILE
from shuke.domains.identity.service import allow
from shuke.domains.identity.types import Actor
from shuke.domains.records.rules import custom, where
from shuke.domains.records.rules.fields import CUSTOM, FIELDS, label
from shuke.domains.records.types import (
    Choices,
    ImportJob,
    ImportKind,
    ImportRow,
    ImportState,
    RowFate,
    SheetFound,
    SkippedSheet,
    Spot,
    Stayed,
    Tally,
    Undo,
)
from shuke.kit import codec, db
from shuke.kit.errors import ErrorCode, Refusal

JOBS = """
SELECT j.id, j.kind, j.state, j.choices, j.file_name, j.file_bytes, j.staff_id, s.name, j.created_at, j.started_at,
  j.ended_at, j.looked, j.rows_total, j.read, j.created, j.updated, j.unchanged, j.rejected, j.duplicates, j.spots,
  j.skipped, j.problem, j.upload_id, j.found, j.saved_mapping, j.continues_id, j.undo
FROM import_job j JOIN staff s ON s.id = j.staff_id WHERE j.brand_id = $1
"""
ROWS = """
SELECT rows, verdict, reason, params, subject_id FROM import_verdict WHERE job_id = $1 AND first_row > $2
"""
EACH = """
SELECT ARRAY[n], verdict, reason, params, subject_id FROM import_verdict v CROSS JOIN unnest(v.rows) AS n
WHERE job_id = $1 AND n > $2 AND ($4::text IS NULL OR verdict = $4) ORDER BY n LIMIT $3
"""
FAILED = """
SELECT rows, verdict, reason, params, subject_id, cells FROM import_verdict
WHERE job_id = $1 AND verdict = 'rejected' AND cells IS NOT NULL ORDER BY first_row
"""
STAYED = """
SELECT place, customer_id, stayed FROM (
  SELECT row_number() OVER (ORDER BY id)::int AS place, customer_id, stayed FROM import_change
  WHERE batch_id = $1 AND stayed IS NOT NULL) s
WHERE place > $2 ORDER BY place LIMIT $3
"""
BATCH = 5000

_problem = msgspec.json.Decoder(tuple[str, dict[str, Any]])
_spots = msgspec.json.Decoder(list[Spot])
_found = msgspec.json.Decoder(list[SheetFound])
_skipped = msgspec.json.Decoder(list[SkippedSheet])


async def guides_by_phone(brand_id: UUID) -> dict[str, UUID]:
    """E.164 -> staff member, of those who work here now."""
    rows = await db.fetch("SELECT phone, id FROM staff WHERE brand_id = $1 AND left_at IS NULL", brand_id)
    return {row[0]: row[1] for row in rows}


async def upload(brand_id: UUID, upload_id: UUID) -> tuple[str, int] | None:
    """Name and size of a file that has arrived whole."""
    sql = "SELECT file_name, size FROM import_upload WHERE brand_id = $1 AND id = $2 AND size IS NOT NULL"
    row = await db.fetch_row(sql, brand_id, upload_id)
    return (row[0], row[1]) if row else None


async def import_job(actor: Actor, job_id: UUID) -> ImportJob:
    """One import of the brand's. Raises Refusal FORBIDDEN, NOT_FOUND."""
    allow(actor, "importJob")
    rows = await db.fetch(f"{JOBS} AND j.id = $2", actor.brand_id, job_id)
    if not rows:
        raise Refusal(ErrorCode.NOT_FOUND, "id")
    return _job(rows[0])


async def import_jobs(actor: Actor, first: int, after: UUID | None) -> list[ImportJob]:
    """The brand's imports, the newest first; one more than asked for if there are more."""
    allow(actor, "importJobs")
    sql = f"{JOBS} AND ($2::uuid IS NULL OR j.id < $2) ORDER BY j.id DESC LIMIT $3"
    return [_job(row) for row in await db.fetch(sql, actor.brand_id, after, first + 1)]


def _job(row: Any) -> ImportJob:
    choices = codec.load(row[3], Choices)
    spots = _spots.decode(row[19]) if row[19] else []
    skipped = _skipped.decode(row[20]) if row[20] else []
    problem = _problem.decode(row[21]) if row[21] else None
    found = _found.decode(row[23]) if row[23] else []
    undo = codec.load(row[26], Undo) if row[26] else None
    last: list[Any] = [Tally(*row[13:19]), spots, skipped, problem, row[22], choices, found, *row[24:26], undo]
    return ImportJob(
        row[0],
        ImportKind(row[1]),
        ImportState(row[2]),
        choices.dry_run,
        choices.follow_ups,
        *row[4:13],
        *last,
    )


async def job_rows(job: ImportJob, verdict: RowFate | None, first: int, after: int) -> list[ImportRow]:
    """Rows of an import, of one verdict or of every one, in the file's order; one more than asked for if there are
    more.
    """
    chosen = verdict.value if verdict else None
    return [row for found in await db.fetch(EACH, job.id, after, first + 1, chosen) for row in _rows(job, found)]


async def stayed(job: ImportJob, first: int, after: int) -> list[Stayed]:
    """Customers whom the undo of an import left changed; one more than asked for if there are more."""
    return await stayed_of(job.id, first, after)


async def stayed_of(batch_id: UUID, first: int, after: int) -> list[Stayed]:
    """The same, of an import by the id of its batch."""
    rows = await db.fetch(STAYED, batch_id, after, first + 1)
    return [
        Stayed(row[0], row[1], tuple(said["reasons"]), tuple(said["fields"]))
        for row in rows
        if (said := codec.loads(row[2]))
    ]


async def failed_rows(job: ImportJob) -> list[tuple[ImportRow, dict[str, str]]]:
    """Rows that were not taken, with what stood in them: field -> cell."""
    rows = await db.fetch(FAILED, job.id)
    return [(one, codec.loads(row[5])) for row in rows for one in _rows(job, row[:5])]


async def import_fields(actor: Actor, locale: str) -> list[tuple[str, str, bool]]:
    """Fields of a customer that a column may hold and the caller may fill in: key, label, whether an import may be told
    how to overwrite it.
    """
    allow(actor, "importFields")
    document = (await archive.latest(actor.brand_id)).document
    closed = custom.closed(document, archive.roles_at(actor) or ()) | {"import_ref"}
    own = [
        (f"{CUSTOM}{one.key}", one.label.get(locale) or next(iter(one.label.values())), True)
        for one in custom.fields(document)
    ]
    known = [(key, label(key, locale), key in PROFILE) for key in FIELDS]
    return [one for one in known + own if one[0] not in closed]


async def people_by_name(brand_id: UUID) -> dict[str, UUID | None]:
    """Name, and id as text -> staff member, of those who work here now or did; None: several have the name."""
    rows = await db.fetch("SELECT name, id FROM staff WHERE brand_id = $1", brand_id)
    found: dict[str, UUID | None] = {}
    for name, key in rows:
        found[name] = None if name in found else key
    return found | {str(key): key for _, key in rows}


async def rejected_rows(job: ImportJob, first: int, after: int) -> list[ImportRow]:
    """Rows of an import that were rejected, in the file's order; one more than asked for if there are more."""
    sql = f"{ROWS} AND verdict = 'rejected' ORDER BY first_row LIMIT $3"
    return [row for found in await db.fetch(sql, job.id, after, first + 1) for row in _rows(job, found)]


async def every_row(job: ImportJob, rejected_only: bool) -> AsyncIterator[list[ImportRow]]:
    """What became of each row, receipt by receipt, some thousand at a time; skipped sheets first."""
    yield [ImportRow(0, one.sheet, 0, RowFate.SKIPPED, one.reason, one.params, None) for one in job.skipped]
    after, only = 0, " AND verdict = 'rejected'" if rejected_only else ""
    while found := await db.fetch(f"{ROWS}{only} ORDER BY first_row LIMIT {BATCH}", job.id, after):
        yield [row for one in found for row in _rows(job, one)]
        after = found[-1][0][0]


def _rows(job: ImportJob, found: Any) -> list[ImportRow]:
    numbers, verdict, reason, said, subject = found[:5]
    params = codec.loads(said) if said else {}
    spots = job.spots
    return [ImportRow(n, *where(spots, n), RowFate(verdict), reason, params, subject) for n in numbers]
