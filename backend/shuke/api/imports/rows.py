"""Rows, sheets and customers of an import as GraphQL shows them."""

from typing import TYPE_CHECKING, Annotated, Any

import strawberry

from shuke.api.context import Info
from shuke.api.pagination import Edge, Page, PageInfo, decode_cursor
from shuke.domains.customers import queries as customers
from shuke.domains.customers.types import Policy
from shuke.domains.records import types
from shuke.domains.records.types import Doubles, ImportKind, ImportState, RowFate
from shuke.kit import i18n
from shuke.kit.errors import ErrorCode, Refusal

if TYPE_CHECKING:
    from shuke.api.customers import Customer

strawberry.enum(ImportKind, description="What a file's rows tell of: customers, one a row, or order lines.")
strawberry.enum(ImportState, description="How far an import has come.")
strawberry.enum(
    RowFate,
    description="What became of a row. SKIPPED: the whole sheet was not read, or the row tells of nobody. DUPLICATE: "
    "who is probably on file already, under another number.",
)
strawberry.enum(
    Policy,
    name="ImportOverwrite",
    description="What becomes of a field of a known customer that a row says something else of. OWN: fills what is "
    "blank, and replaces what a file had put there and nobody has changed since. FILL: fills what is blank. TAKE: the "
    "row's value holds. KEEP: stays as it is.",
)
strawberry.enum(
    Doubles,
    name="ImportDoubles",
    description="What becomes of rows whose customer is probably on file already, under another number. CREATE: they "
    "come in, and the two are offered as a pair. SKIP: they stay out.",
)


@strawberry.type(description="What was to become of a field where the customer is known.")
class ImportOverwriting:
    field: str = strawberry.field(description="Its key, as `importFields` has it.")
    policy: Policy = strawberry.field(description="What was to become of it.")


@strawberry.type(description="Rows of the file by what became of them, right at any moment. A dry run counts the same.")
class ImportCounts:
    read: int = strawberry.field(description="Rows that have a verdict.")
    created: int = strawberry.field(description="Rows that made something new.")
    updated: int = strawberry.field(description="Rows that changed what was on file.")
    unchanged: int = strawberry.field(description="Rows that said what was on file.")
    rejected: int = strawberry.field(description="Rows that were not taken; see `rejectedRows`.")
    duplicates: int = strawberry.field(
        description="Rows whose customer is probably on file already: filed and offered as a pair, or left out."
    )

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
        return row_message(self, info.context.locale)

    @strawberry.field(description="The customer that the row made, changed or found; null: none, or an order's row.")
    async def customer(self: Any, info: Info) -> Annotated["Customer", strawberry.lazy("shuke.api.customers")] | None:
        key = self.subject_id
        return await info.context.load(customers.customers_by_id, key) if key else None

    @strawberry.field(
        description="Of a DUPLICATE, who is probably the same person; of a row with a number of somebody else's, who "
        "has it; null: in a dry run, who is not there."
    )
    async def twin(self: Any, info: Info) -> Annotated["Customer", strawberry.lazy("shuke.api.customers")] | None:
        return await info.context.load(customers.customers_by_id, self.twin_id) if self.twin_id else None

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


@strawberry.type(description="A column of a sheet.")
class ImportColumn:
    heading: str = strawberry.field(description="What stands above it; of several alike, with a number.")
    field: str | None = strawberry.field(description="The field that it was taken for; null: none.")
    samples: list[str] = strawberry.field(description="Some of its values, cut short.")


@strawberry.type(description="A sheet in which headings were found.")
class ImportSheet:
    sheet: str = strawberry.field(description='Its name; "" in a file that has none.')
    header: int = strawberry.field(description="Number of the row of its headings, as a spreadsheet shows it.")

    @strawberry.field(description="Its columns, from the left.")
    def columns(self: Any) -> list[ImportColumn]:
        return [ImportColumn(heading=one[0], field=one[1], samples=one[2]) for one in self.columns]

    @classmethod
    def is_type_of(cls, obj: object, info: Any) -> bool:
        return isinstance(obj, types.SheetFound)


@strawberry.type(description="What the undoing of an import has come to so far, in customers.")
class ImportUndo:
    removed: int = strawberry.field(description="Who came by it and is gone.")
    restored: int = strawberry.field(description="Who is as she was.")
    stayed: int = strawberry.field(description="Whom somebody has changed since, or who has bought or come since.")

    @classmethod
    def is_type_of(cls, obj: object, info: Any) -> bool:
        return isinstance(obj, types.Undo)


@strawberry.type(description="A customer whom an undo could not leave as if the import had not been.")
class ImportStayed:
    fields: list[str] = strawberry.field(description="Columns that somebody has changed since.")

    @strawberry.field(description="Who; null: gone since.")
    async def customer(self: Any, info: Info) -> Annotated["Customer", strawberry.lazy("shuke.api.customers")] | None:
        return await info.context.load(customers.customers_by_id, self.customer_id)

    @strawberry.field(description="Why, in the caller's language.")
    def message(self: Any, info: Info) -> str:
        return " · ".join(i18n.say(info.context.locale, reason) for reason in self.reasons)

    @classmethod
    def is_type_of(cls, obj: object, info: Any) -> bool:
        return isinstance(obj, types.Stayed)


@strawberry.type(description="A customer and where she stands in the list.")
class ImportStayedEdge:
    cursor: str = strawberry.field(description="Pass it as `after` to read on from here.")
    node: ImportStayed = strawberry.field(description="The customer.")

    @classmethod
    def is_type_of(cls, obj: object, info: Any) -> bool:
        return isinstance(obj, Edge)


@strawberry.type(description="A page of customers who stayed.")
class ImportStayedConnection:
    edges: list[ImportStayedEdge] = strawberry.field(description="The customers.")
    page_info: PageInfo = strawberry.field(description="Whether there are more.")

    @classmethod
    def is_type_of(cls, obj: object, info: Any) -> bool:
        return isinstance(obj, Page)


def row_message(row: types.ImportRow, locale: str) -> str:
    """Why a row met its fate; "" where there is nothing to explain."""
    return i18n.say(locale, row.reason, **row.params) if row.reason else ""


def place_of(after: str | None) -> int:
    """The row that a cursor stands at. Raises Refusal INVALID."""
    place = decode_cursor(after, 1)
    if place and not (place[0].isdecimal() and len(place[0]) < 10):
        raise Refusal(ErrorCode.INVALID, "after", "cursor_invalid")
    return int(place[0]) if place else 0
