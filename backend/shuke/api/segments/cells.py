"""RFM cells as GraphQL shows them."""

from datetime import date
from typing import Any
from uuid import UUID

import strawberry

from shuke.api.context import Info
from shuke.api.errors import UserError, write
from shuke.domains.segments import queries, service, types
from shuke.domains.segments.types import Requested, RfmCell

strawberry.enum(
    RfmCell,
    description="High (H) or low (L) in recency, frequency and money, in this order: HHL bought lately and often, "
    "but spent little.",
)


@strawberry.type(description="How many customers are in a cell.")
class SegmentCount:
    cell: RfmCell = strawberry.field(description="The cell.")
    customers: int = strawberry.field(description="Customers in it now, within the caller's stores.")

    @classmethod
    def is_type_of(cls, obj: object, info: Any) -> bool:
        return isinstance(obj, types.SegmentCount)


@strawberry.type(description="What the brand calls a cell.")
class CellName:
    cell: RfmCell = strawberry.field(description="Which.")
    zh_cn: str | None = strawberry.field(description="In Chinese; null: not written.")
    en: str | None = strawberry.field(description="In English; null: not written.")


async def cell_names(brand_id: UUID) -> list[CellName]:
    """All eight."""
    cells = (await queries.cell_book(brand_id)).cells
    return [CellName(cell=cell, zh_cn=one.name.get("zh-CN"), en=one.name.get("en")) for cell, one in cells.items()]


@strawberry.type(description="Who is in which RFM cell now.")
class Segments:
    as_of: date | None = strawberry.field(
        description="The day, in the brand's zone whatever the stores' zones, up to whose end orders were counted: a "
        "run is of the whole brand and has one day. Null: never computed."
    )
    customers: int = strawberry.field(
        description="Customers with a priced sale within the caller's stores: the sum of the cells."
    )
    cells: list[SegmentCount] = strawberry.field(description="All eight cells, empty ones too.")

    @classmethod
    def is_type_of(cls, obj: object, info: Any) -> bool:
        return isinstance(obj, types.Segments)


@strawberry.input(description="Asks for a recomputation.")
class RefreshSegmentsInput:
    operation_id: UUID = strawberry.field(description="Made by the caller; the same again asks once.")


@strawberry.type(description="Whether a recomputation is on its way.")
class RefreshSegmentsPayload:
    queued: bool = strawberry.field(default=False, description="True: it waits for the worker or runs already.")
    user_errors: list[UserError] = strawberry.field(default_factory=list, description="Why not.")


@strawberry.type
class SegmentQuery:
    @strawberry.field(description="RFM cells of the customers within the caller's stores.")
    async def segments(self, info: Info) -> Segments:
        return await queries.segments(info.context.require())  # type: ignore[return-value]


@strawberry.type
class SegmentMutation:
    @strawberry.mutation(description="Recomputes the brand's cells as of today, in the background.")
    async def refresh_segments(self, info: Info, input: RefreshSegmentsInput) -> RefreshSegmentsPayload:
        answer, errors = await write(info, input, Requested, lambda actor: service.request_refresh(actor))
        return RefreshSegmentsPayload(queued=answer is not None and answer.queued, user_errors=errors)
