"""Exports in the background as GraphQL shows them. Files go by GET /exports/{id} (`api/http/exports.py`)."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

import strawberry

from shuke.api.context import Info
from shuke.api.errors import UserError, write
from shuke.api.identity import Node, node_id
from shuke.api.pagination import (
    After,
    Edge,
    First,
    Page,
    PageInfo,
    decode_id,
    encode_cursor,
    make_page,
    page_size,
    parse_id,
)
from shuke.domains.records import queries, service, types
from shuke.domains.records.types import ExportFormat, ExportKind, ExportState, ExportWish
from shuke.domains.segments.types import RfmCell
from shuke.kit import i18n
from shuke.kit.errors import ErrorCode, Refusal

strawberry.enum(ExportKind, description="What is taken out.")
strawberry.enum(ExportFormat, description="What kind of file it becomes.")
strawberry.enum(ExportState, description="How far an export has come.")


@strawberry.type(description="An export in the background. Ask again every second to see it move.")
class ExportJob(Node):
    id: strawberry.ID = node_id("ExportJob")
    state: ExportState = strawberry.field(description="How far it has come.")
    created_at: datetime = strawberry.field(description="When it was asked for.")
    ended_at: datetime | None = strawberry.field(description="When it was over; null: not yet.")
    rows: int = strawberry.field(description="Customers written so far.")
    rows_total: int | None = strawberry.field(description="Customers to be written; null: not counted yet.")
    file_name: str | None = strawberry.field(description="What the file is called; null: there is none (any more).")
    file_bytes: int | None = strawberry.field(description="Its size in bytes.")
    expires_at: datetime | None = strawberry.field(description="Until when it can be fetched; null: it cannot.")

    @strawberry.field(description="What is taken out.")
    def kind(self: Any) -> ExportKind:
        return self.wish.kind

    @strawberry.field(description="What kind of file.")
    def format(self: Any) -> ExportFormat:
        return self.wish.format

    @strawberry.field(description="What it is for, as was said.")
    def reason(self: Any) -> str:
        return self.wish.reason

    @strawberry.field(
        description="Where the file is fetched with the caller's session; null: there is none (any more)."
    )
    def path(self: Any) -> str | None:
        return f"/exports/{self.id}" if self.file_id else None

    @strawberry.field(description="Why it failed, in the caller's language; null: it did not.")
    def problem(self: Any, info: Info) -> str | None:
        return i18n.say(info.context.locale, self.problem[0], **self.problem[1]) if self.problem else None

    @classmethod
    def is_type_of(cls, obj: object, info: Any) -> bool:
        return isinstance(obj, types.ExportJob)


@strawberry.type(description="An export and where it stands in the list.")
class ExportJobEdge:
    cursor: str = strawberry.field(description="Pass it as `after` to read on from here.")
    node: ExportJob = strawberry.field(description="The export.")

    @classmethod
    def is_type_of(cls, obj: object, info: Any) -> bool:
        return isinstance(obj, Edge)


@strawberry.type(description="A page of exports, the newest first.")
class ExportJobConnection:
    edges: list[ExportJobEdge] = strawberry.field(description="The exports.")
    page_info: PageInfo = strawberry.field(description="Whether there are more.")

    @classmethod
    def is_type_of(cls, obj: object, info: Any) -> bool:
        return isinstance(obj, Page)


@strawberry.input(description="An export to put into the background: the filters of `customers`, and what it is for.")
class StartExportInput:
    operation_id: UUID = strawberry.field(description="Made by the caller; the same again starts one export.")
    kind: ExportKind = strawberry.field(description="What to take out.")
    format: ExportFormat = strawberry.field(description="What kind of file.")
    reason: str = strawberry.field(description="What it is for: 2 to 200 characters, which are written down.")
    fields: list[str] = strawberry.field(
        default_factory=list,
        description="Columns in order, of `exportColumns`; none: all of them.",
    )
    search: str | None = strawberry.field(default=None, description="As in `customers`.")
    store_id: strawberry.ID | None = strawberry.field(default=None, description="Home store.")
    region_id: strawberry.ID | None = strawberry.field(default=None, description="Home store's region.")
    mine: bool = strawberry.field(default=False, description="Only those the caller looks after.")
    cell: RfmCell | None = strawberry.field(default=None, description="RFM cell.")
    segment_id: strawberry.ID | None = strawberry.field(
        default=None, description="Only those who are in this segment when the file is written."
    )


@strawberry.type(description="The export that waits for a worker now.")
class StartExportPayload:
    job: ExportJob | None = strawberry.field(default=None, description="The export.")
    user_errors: list[UserError] = strawberry.field(default_factory=list, description="Why not.")


@strawberry.type(description="A column that the caller may take out.")
class ExportColumn:
    key: str = strawberry.field(description="As `startExport.fields` names it.")
    label: str = strawberry.field(description="What stands above it, in the caller's language.")
    own: bool = strawberry.field(description="It is a field of head office's own.")


@strawberry.type
class ExportQuery:
    @strawberry.field(
        description="The columns that the caller may take out, in order: without what the template hides from her, and "
        "without anything sensitive."
    )
    async def export_columns(self, info: Info) -> list[ExportColumn]:
        found = await queries.export_columns(info.context.require(), info.context.locale)
        return [ExportColumn(key=key, label=label, own=own) for key, label, own in found]

    @strawberry.field(description="One export of the caller's own; null: none of this id.")
    async def export(
        self, info: Info, id: Annotated[strawberry.ID, strawberry.argument(description="Its global id.")]
    ) -> ExportJob | None:
        actor = info.context.require()
        try:
            return await queries.export(actor, parse_id(id, "ExportJob"))  # type: ignore[return-value]
        except Refusal as refusal:
            if refusal.code is not ErrorCode.NOT_FOUND:
                raise
            return None

    @strawberry.field(description="What the caller has exported, the newest first.")
    async def exports(self, info: Info, first: First = 20, after: After = None) -> ExportJobConnection:
        rows = await queries.exports(info.context.require(), page_size(first), decode_id(after))
        return make_page(rows, first, [encode_cursor(row.id) for row in rows], after)  # type: ignore[return-value]


@strawberry.type
class ExportMutation:
    @strawberry.mutation(
        description="Puts an export of customers into the background: what the caller may see, masked."
    )
    async def start_export(self, info: Info, input: StartExportInput) -> StartExportPayload:
        job, errors = await write(info, input, types.ExportJob, lambda actor: service.start_export(actor, _wish(input)))
        return StartExportPayload(job=job, user_errors=errors)  # type: ignore[arg-type]


def _wish(input: StartExportInput) -> ExportWish:
    return ExportWish(
        input.kind,
        input.format,
        input.reason,
        input.fields,
        input.search,
        parse_id(input.store_id, "Store", "storeId") if input.store_id else None,
        parse_id(input.region_id, "Region", "regionId") if input.region_id else None,
        input.mine,
        input.cell.value if input.cell else None,
        parse_id(input.segment_id, "Segment", "segmentId") if input.segment_id else None,
    )
