"""Imports in the background as GraphQL shows them. Files come by POST /imports (`api/http/uploads.py`)."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

import strawberry

from shuke.api.context import Info
from shuke.api.errors import UserError, write
from shuke.api.identity import Node, Staff, node_id
from shuke.api.pagination import (
    After,
    Edge,
    First,
    Page,
    PageInfo,
    decode_cursor,
    decode_id,
    encode_cursor,
    global_id,
    make_page,
    page_size,
    parse_id,
)
from shuke.domains.identity import types as identity
from shuke.domains.identity.types import Actor
from shuke.domains.records import queries, service, types
from shuke.domains.records.types import Choices, ImportKind, ImportState, RowFate
from shuke.kit import i18n
from shuke.kit.errors import ErrorCode, Refusal

strawberry.enum(ImportKind, description="What a file's rows tell of: customers, one a row, or order lines.")
strawberry.enum(ImportState, description="How far an import has come.")
strawberry.enum(RowFate, description="What became of a row. SKIPPED: the whole sheet was not read.")


@strawberry.type(description="Rows of the file by what became of them, right at any moment. A dry run counts the same.")
class ImportCounts:
    read: int = strawberry.field(description="Rows that have a verdict.")
    created: int = strawberry.field(description="Rows that made something new.")
    updated: int = strawberry.field(description="Rows that changed what was on file.")
    unchanged: int = strawberry.field(description="Rows that said what was on file.")
    rejected: int = strawberry.field(description="Rows that were not taken; see `rejectedRows`.")

    @classmethod
    def is_type_of(cls, obj: object, info: Any) -> bool:
        return isinstance(obj, types.Tally)


@strawberry.type(description="A sheet of a workbook that was not read.")
class SkippedSheet:
    sheet: str = strawberry.field(description="Its name.")
    reason: str = strawberry.field(description="Why, as a code.")

    @strawberry.field(description="Why, in the caller's language.")
    def message(self: Any, info: Info) -> str:
        return i18n.say(info.context.locale, self.reason, **self.params)

    @classmethod
    def is_type_of(cls, obj: object, info: Any) -> bool:
        return isinstance(obj, types.SkippedSheet)


@strawberry.type(description="A row of the file and what became of it.")
class ImportRow:
    sheet: str = strawberry.field(description='Name of its sheet; "" in a file that has none.')
    row: int = strawberry.field(description="Its number, as a spreadsheet shows it.")
    verdict: RowFate = strawberry.field(description="What became of it.")
    reason: str = strawberry.field(description='Why, as a code; "" where there is nothing to explain.')

    @strawberry.field(description='Why, in the caller\'s language; "" where there is nothing to explain.')
    def message(self: Any, info: Info) -> str:
        return i18n.say(info.context.locale, self.reason, **self.params) if self.reason else ""

    @classmethod
    def is_type_of(cls, obj: object, info: Any) -> bool:
        return isinstance(obj, types.ImportRow)


@strawberry.type(description="A row and where it stands in the list.")
class ImportRowEdge:
    cursor: str = strawberry.field(description="Pass it as `after` to read on from here.")
    node: ImportRow = strawberry.field(description="The row.")

    @classmethod
    def is_type_of(cls, obj: object, info: Any) -> bool:
        return isinstance(obj, Edge)


@strawberry.type(description="A page of rows, in the file's order.")
class ImportRowConnection:
    edges: list[ImportRowEdge] = strawberry.field(description="The rows.")
    page_info: PageInfo = strawberry.field(description="Whether there are more.")

    @classmethod
    def is_type_of(cls, obj: object, info: Any) -> bool:
        return isinstance(obj, Page)


@strawberry.type(description="An import in the background. Ask again every second to see it move.")
class ImportJob(Node):
    id: strawberry.ID = node_id("ImportJob")
    kind: ImportKind = strawberry.field(description="What the rows tell of.")
    state: ImportState = strawberry.field(description="How far it has come.")
    dry_run: bool = strawberry.field(description="It gives every verdict and writes nothing.")
    follow_ups: bool = strawberry.field(description="Orders set off follow-ups as if they came from a till today.")
    file_name: str = strawberry.field(description="What the file is called.")
    file_bytes: int = strawberry.field(description="Its size in bytes.")
    created_at: datetime = strawberry.field(description="When it was asked for.")
    started_at: datetime | None = strawberry.field(description="When a worker first took it up; null: it waits.")
    ended_at: datetime | None = strawberry.field(description="When it was over; null: not yet.")
    looked: int = strawberry.field(description="Rows seen in the first reading, before any verdict.")
    rows_total: int | None = strawberry.field(
        description="Rows below the headings, empty ones too; null: not counted yet."
    )

    @strawberry.field(description="Rows by what became of them.")
    def counts(self: Any) -> ImportCounts:
        return self.tally

    @strawberry.field(description="Who asked for it.")
    def started_by(self: Any) -> Staff:
        return identity.Staff(self.staff_id, self.staff_name)  # type: ignore[return-value]

    @strawberry.field(description="Sheets of the workbook that were not read, and why.")
    def skipped_sheets(self: Any) -> list[SkippedSheet]:
        return self.skipped

    @strawberry.field(description="Why it failed, in the caller's language; null: it did not.")
    def problem(self: Any, info: Info) -> str | None:
        return i18n.say(info.context.locale, self.problem[0], **self.problem[1]) if self.problem else None

    @strawberry.field(description="The file, to import it again or in earnest; null: no longer kept.")
    def upload_id(self: Any) -> strawberry.ID | None:
        return global_id("ImportUpload", self.upload_id) if self.upload_id else None

    @strawberry.field(description="The store of rows that name none, as it was chosen; null: none was.")
    def store_id(self: Any) -> strawberry.ID | None:
        return global_id("Store", self.store_id) if self.store_id else None

    @strawberry.field(description="Rows that were not taken, in the file's order. The whole report is a download.")
    async def rejected_rows(self: Any, info: Info, first: First = 20, after: After = None) -> ImportRowConnection:
        size, place = page_size(first), decode_cursor(after, 1)
        if place and not (place[0].isdecimal() and len(place[0]) < 10):
            raise Refusal(ErrorCode.INVALID, "after", "cursor_invalid")
        rows = await queries.rejected_rows(self, size, int(place[0]) if place else 0)
        return make_page(rows, first, [encode_cursor(row.place) for row in rows], after)  # type: ignore[return-value]

    @classmethod
    def is_type_of(cls, obj: object, info: Any) -> bool:
        return isinstance(obj, types.ImportJob)


@strawberry.type(description="An import and where it stands in the list.")
class ImportJobEdge:
    cursor: str = strawberry.field(description="Pass it as `after` to read on from here.")
    node: ImportJob = strawberry.field(description="The import.")

    @classmethod
    def is_type_of(cls, obj: object, info: Any) -> bool:
        return isinstance(obj, Edge)


@strawberry.type(description="A page of imports, the newest first.")
class ImportJobConnection:
    edges: list[ImportJobEdge] = strawberry.field(description="The imports.")
    page_info: PageInfo = strawberry.field(description="Whether there are more.")

    @classmethod
    def is_type_of(cls, obj: object, info: Any) -> bool:
        return isinstance(obj, Page)


@strawberry.input(description="Which column holds a field.")
class ImportColumnInput:
    field: str = strawberry.field(description="The field, as the mapping file names it: receipt_no, placed_at, phone …")
    heading: str = strawberry.field(description="The column's heading in the file.")


@strawberry.input(description="An import to put into the background.")
class StartImportInput:
    operation_id: UUID = strawberry.field(description="Made by the caller; the same again starts one import.")
    upload_id: strawberry.ID = strawberry.field(description="The file, as POST /imports answered.")
    kind: ImportKind = strawberry.field(description="What its rows tell of.")
    dry_run: bool = strawberry.field(default=True, description="Give every verdict and write nothing.")
    follow_ups: bool = strawberry.field(
        default=False, description="Orders set off follow-ups as if they came from a till; else they are history."
    )
    store_id: strawberry.ID | None = strawberry.field(
        default=None, description="The store of rows that name none; null: the brand's only one."
    )
    source: str | None = strawberry.field(
        default=None, description='Names the system the rows come from, part of every order\'s key; null: "file".'
    )
    encoding: str | None = strawberry.field(
        default=None, description="Of a CSV file, as Python names it; null: UTF-8, or GB18030 where it is not."
    )
    datetime_formats: list[str] = strawberry.field(
        default_factory=list, description="Formats of strptime, tried before ISO 8601."
    )
    refund_prefix: str | None = strawberry.field(
        default=None, description="How receipt numbers of refunds begin, if that tells them."
    )
    columns: list[ImportColumnInput] = strawberry.field(
        default_factory=list, description="Which column is what; empty: by the headings that are known."
    )


@strawberry.type(description="The import that waits for a worker now.")
class StartImportPayload:
    job: ImportJob | None = strawberry.field(default=None, description="The import.")
    user_errors: list[UserError] = strawberry.field(default_factory=list, description="Why not.")


@strawberry.input(description="An import to call off.")
class CancelImportInput:
    operation_id: UUID = strawberry.field(description="Made by the caller.")
    id: strawberry.ID = strawberry.field(description="The import.")


@strawberry.type(description="The import as it was called off; what it had stored stays.")
class CancelImportPayload:
    job: ImportJob | None = strawberry.field(default=None, description="The import.")
    user_errors: list[UserError] = strawberry.field(default_factory=list, description="Why not.")


@strawberry.type
class ImportQuery:
    @strawberry.field(description="One import; null: none of this id in the brand.")
    async def import_job(
        self, info: Info, id: Annotated[strawberry.ID, strawberry.argument(description="Its global id.")]
    ) -> ImportJob | None:
        actor = info.context.require()
        try:
            return await queries.import_job(actor, parse_id(id, "ImportJob"))  # type: ignore[return-value]
        except Refusal as refusal:
            if refusal.code is not ErrorCode.NOT_FOUND:
                raise
            return None

    @strawberry.field(description="The brand's imports, the newest first.")
    async def import_jobs(self, info: Info, first: First = 20, after: After = None) -> ImportJobConnection:
        rows = await queries.import_jobs(info.context.require(), page_size(first), decode_id(after))
        return make_page(rows, first, [encode_cursor(row.id) for row in rows], after)  # type: ignore[return-value]


@strawberry.type
class ImportMutation:
    @strawberry.mutation(description="Puts an import of an uploaded file into the background.")
    async def start_import(self, info: Info, input: StartImportInput) -> StartImportPayload:
        async def start(actor: Actor) -> types.ImportJob:
            upload_id = parse_id(input.upload_id, "ImportUpload", "uploadId")
            return await service.start_import(actor, upload_id, _choices(input))

        job, errors = await write(info, input, types.ImportJob, start)
        return StartImportPayload(job=job, user_errors=errors)  # type: ignore[arg-type]

    @strawberry.mutation(description="Calls an import off; what it has stored stays.")
    async def cancel_import(self, info: Info, input: CancelImportInput) -> CancelImportPayload:
        job, errors = await write(
            info, input, types.ImportJob, lambda actor: service.cancel_import(actor, parse_id(input.id, "ImportJob"))
        )
        return CancelImportPayload(job=job, user_errors=errors)  # type: ignore[arg-type]


def _choices(input: StartImportInput) -> Choices:
    return Choices(
        kind=input.kind,
        dry_run=input.dry_run,
        follow_ups=input.follow_ups,
        store_id=parse_id(input.store_id, "Store", "storeId") if input.store_id else None,
        source=input.source,
        encoding=input.encoding,
        datetime_formats=input.datetime_formats,
        refund_prefix=input.refund_prefix,
        columns={one.field: one.heading for one in input.columns},
    )
