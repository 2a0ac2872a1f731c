"""What can be asked and done about imports."""

from typing import Annotated
from uuid import UUID

import strawberry

from shuke.api.context import Info
from shuke.api.errors import UserError, write
from shuke.api.imports.jobs import ImportJob, ImportJobConnection
from shuke.api.pagination import After, First, decode_id, encode_cursor, make_page, page_size, parse_id
from shuke.domains.customers.types import Policy
from shuke.domains.identity.types import Actor
from shuke.domains.records import queries, service, types
from shuke.domains.records.types import Choices, Doubles, ImportKind
from shuke.kit.errors import ErrorCode, Refusal


@strawberry.input(description="Which column holds a field.")
class ImportColumnInput:
    field: str = strawberry.field(description="The field, as the mapping file names it: receipt_no, placed_at, phone …")
    heading: str = strawberry.field(description="The column's heading in the file.")


@strawberry.input(description="What becomes of a field where the customer is known.")
class ImportOverwriteInput:
    field: str = strawberry.field(description="Key of a field that is `overwritable` (`importFields`).")
    policy: Policy = strawberry.field(description="What becomes of it.")


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
    overwrite: list[ImportOverwriteInput] = strawberry.field(
        default_factory=list, description="Of customers on file, field by field."
    )
    overwrite_others: Policy = strawberry.field(
        default=Policy.OWN, description="Of customers on file, for fields that `overwrite` does not name."
    )
    doubles: Doubles = strawberry.field(
        default=Doubles.CREATE, description="What becomes of rows whose customer is probably on file already."
    )


@strawberry.type(description="The import that waits for a worker now.")
class StartImportPayload:
    job: ImportJob | None = strawberry.field(default=None, description="The import.")
    user_errors: list[UserError] = strawberry.field(default_factory=list, description="Why not.")


@strawberry.input(description="An import of customers to undo.")
class UndoImportInput:
    operation_id: UUID = strawberry.field(description="Made by the caller.")
    id: strawberry.ID = strawberry.field(description="The import.")


@strawberry.type(description="The import, whose undoing waits for a worker now.")
class UndoImportPayload:
    job: ImportJob | None = strawberry.field(default=None, description="The import.")
    user_errors: list[UserError] = strawberry.field(default_factory=list, description="Why not.")


@strawberry.type(description="A field of a customer that a column may hold.")
class ImportField:
    key: str = strawberry.field(description="As `columns` of an import names it.")
    label: str = strawberry.field(description="What people call it, in the caller's language.")
    overwritable: bool = strawberry.field(description="Whether an import may be told what to do where it is filled.")


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

    @strawberry.field(description="Fields of a customer that a column may hold.")
    async def import_fields(self, info: Info) -> list[ImportField]:
        found = await queries.import_fields(info.context.require(), info.context.locale)
        return [ImportField(key=key, label=label, overwritable=free) for key, label, free in found]

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

    @strawberry.mutation(
        description="Takes back all that an import of customers did, in the background: within 30 days, and but for "
        "what somebody has changed since."
    )
    async def undo_import(self, info: Info, input: UndoImportInput) -> UndoImportPayload:
        job, errors = await write(
            info, input, types.ImportJob, lambda actor: service.undo_import(actor, parse_id(input.id, "ImportJob"))
        )
        return UndoImportPayload(job=job, user_errors=errors)  # type: ignore[arg-type]


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
        overwrite={one.field: one.policy for one in input.overwrite},
        otherwise=input.overwrite_others,
        doubles=input.doubles,
    )
