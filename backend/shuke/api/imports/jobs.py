"""Imports in the background as GraphQL shows them."""

from datetime import datetime
from typing import Annotated, Any

import strawberry

from shuke.api.context import Info
from shuke.api.identity import Node, Staff, node_id
from shuke.api.imports.rows import (
    ImportCounts,
    ImportOverwriting,
    ImportRowConnection,
    ImportSheet,
    ImportStayedConnection,
    ImportUndo,
    SkippedSheet,
    place_of,
)
from shuke.api.pagination import After, Edge, First, Page, PageInfo, encode_cursor, global_id, make_page, page_size
from shuke.domains.customers.types import Policy
from shuke.domains.identity import types as identity
from shuke.domains.records import queries, service, types
from shuke.domains.records.rules.overwriting import keyed
from shuke.domains.records.types import Doubles, ImportKind, ImportState, RowFate
from shuke.kit import i18n


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

    @strawberry.field(description="Sheets of a file of customers with their columns, as they were understood.")
    def sheets(self: Any) -> list[ImportSheet]:
        return self.found

    @strawberry.field(description="Columns as somebody chose them: for this import, or before for such headings.")
    def mapped(self: Any) -> bool:
        return bool(self.saved_mapping or self.choices.columns)

    @strawberry.field(description="What was to become of probable duplicates.")
    def doubles(self: Any) -> Doubles:
        return self.choices.doubles

    @strawberry.field(description="What was to become of fields where the customer is known, of those told apart.")
    def overwrite(self: Any) -> list[ImportOverwriting]:
        return [ImportOverwriting(field=name, policy=policy) for name, policy in keyed(self.choices.overwrite)]

    @strawberry.field(description="What was to become of all other fields where the customer is known.")
    def overwrite_others(self: Any) -> Policy:
        return self.choices.otherwise

    @strawberry.field(description="The import whose rejected rows these are, mended; null: none.")
    def continues(self: Any) -> strawberry.ID | None:
        return global_id("ImportJob", self.continues_id) if self.continues_id else None

    @strawberry.field(description="What its undoing has come to; null: nobody has asked for that.")
    def undo(self: Any) -> ImportUndo | None:
        return self.undo

    @strawberry.field(description="Until when it can be undone; null: it cannot.")
    def undo_until(self: Any) -> datetime | None:
        return service.undoable_until(self)

    @strawberry.field(description="Whom its undoing could not leave as if it had not been.")
    async def stayed(self: Any, info: Info, first: First = 20, after: After = None) -> ImportStayedConnection:
        rows = await queries.stayed(self, page_size(first), place_of(after))
        return make_page(rows, first, [encode_cursor(row.place) for row in rows], after)  # type: ignore[return-value]

    @strawberry.field(description="Rows of one verdict, or every row, in the file's order.")
    async def rows(
        self: Any,
        info: Info,
        verdict: Annotated[RowFate | None, strawberry.argument(description="Which; null: all.")] = None,
        first: First = 20,
        after: After = None,
    ) -> ImportRowConnection:
        rows = await queries.job_rows(self, verdict, page_size(first), place_of(after))
        return make_page(rows, first, [encode_cursor(row.place) for row in rows], after)  # type: ignore[return-value]

    @strawberry.field(description="Rows that were not taken, in the file's order. The whole report is a download.")
    async def rejected_rows(self: Any, info: Info, first: First = 20, after: After = None) -> ImportRowConnection:
        rows = await queries.rejected_rows(self, page_size(first), place_of(after))
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
