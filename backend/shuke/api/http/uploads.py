"""Files: one way in for what is to be imported, one way out for the report of an import."""

import asyncio
import csv
from collections.abc import AsyncIterator
from io import StringIO
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import unquote
from uuid import UUID

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from shuke.api.context import from_request
from shuke.api.http.doors import attachment, told
from shuke.api.http.protocol import problem, same_origin
from shuke.api.pagination import global_id
from shuke.domains.records import queries, service
from shuke.domains.records.rules.fields import FIELDS, label
from shuke.domains.records.service import MOST_BYTES
from shuke.domains.records.types import ImportJob, ImportKind, ImportRow
from shuke.kit import i18n, tables
from shuke.kit.errors import ErrorCode, Refusal
from shuke.kit.sheets import safe

KIND = "application/octet-stream"
HEADER = ("file", "sheet", "row", "verdict", "reason", "message", "id")
SUBJECTS = {ImportKind.CUSTOMERS: "Customer", ImportKind.ORDERS: "Order"}


@told
async def receive(request: Request) -> Response:
    """POST /imports: the body is the file, `x-file-name` its name, percent-encoded. Answers {"id", "bytes"}.

    A form of another site can send neither this content type nor this header without asking first, and is refused.
    """
    if not request.headers.get("authorization") and not same_origin(request):
        raise problem(request, 403, "another_site", "CROSS_ORIGIN")
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != KIND:
        raise problem(request, 415, "send_file", kind=KIND)
    actor = (await from_request(request)).require()
    length = request.headers.get("content-length", "")
    if length.isdecimal() and int(length[:20]) > MOST_BYTES:
        raise Refusal(ErrorCode.INVALID, reason="upload_large", most=MOST_BYTES >> 20)
    name = unquote(request.headers.get("x-file-name", ""), errors="replace")
    upload = await service.receive_upload(actor, name, request.stream())
    return JSONResponse({"id": global_id("ImportUpload", upload.id), "bytes": upload.size}, 201)


@told
async def report(request: Request) -> Response:
    """GET /imports/{id}/report.csv: a line for every row of the file; with ?rows=rejected only those not taken."""
    context = await from_request(request)
    try:
        job_id = UUID(request.path_params["id"])
    except ValueError as error:
        raise Refusal(ErrorCode.NOT_FOUND) from error
    job = await queries.import_job(context.require(), job_id)
    rows = queries.every_row(job, request.query_params.get("rows") == "rejected")
    return attachment("report.csv", "text/csv; charset=utf-8", _lines(job, rows, context.locale))


@told
async def failed(request: Request) -> Response:
    """GET /imports/{id}/failed.xlsx: the rows that were not taken, as they stood, to be mended and sent again."""
    context = await from_request(request)
    try:
        job_id = UUID(request.path_params["id"])
    except ValueError as error:
        raise Refusal(ErrorCode.NOT_FOUND) from error
    job = await queries.import_job(context.require(), job_id)
    rows = await queries.failed_rows(job)
    content = await asyncio.to_thread(_workbook, job, rows, context.locale)
    return attachment(f"{job.file_name.rpartition('.')[0]}-mend.xlsx", tables.XLSX, _one(content), len(content))


def _workbook(job: ImportJob, rows: list[tuple[ImportRow, dict[str, str]]], locale: str) -> bytes:
    """Every field that any of them has, what is wrong with it, and which import the row is of."""
    fields = [name for name in FIELDS if name != "import_ref" and any(name in cells for _, cells in rows)]
    problem, ref = i18n.say(locale, "import_problem"), str(job.id)
    headings = [*(label(name, locale) for name in fields), problem, label("import_ref", locale)]
    with TemporaryDirectory() as folder:
        path = Path(folder) / "failed.xlsx"
        with tables.table(path, "xlsx", headings, problem) as table:
            why = (i18n.say(locale, row.reason, **row.params) for row, _ in rows)
            table.write([*map(cells.get, fields), one, ref] for (_, cells), one in zip(rows, why, strict=True))
        return path.read_bytes()


async def _one(content: bytes) -> AsyncIterator[bytes]:
    yield content


async def _lines(job: ImportJob, batches: AsyncIterator[list[ImportRow]], locale: str) -> AsyncIterator[bytes]:
    yield "\ufeff".encode()
    told: list[tuple[object, ...]] = [HEADER]
    async for batch in batches:
        told += (_line(job, row, locale) for row in batch)
        text = StringIO(newline="")
        csv.writer(text).writerows(told)
        yield text.getvalue().encode()
        told = []


def _line(job: ImportJob, row: ImportRow, locale: str) -> tuple[object, ...]:
    message = i18n.say(locale, row.reason, **row.params) if row.reason else ""
    subject = global_id(SUBJECTS[job.kind], row.subject_id) if row.subject_id else ""
    place = (safe(job.file_name), safe(row.sheet), row.row or "")
    return (*place, row.verdict.value, row.reason, safe(message), subject)
