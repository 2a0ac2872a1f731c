"""Tags set and taken away, of one customer or many, and that taken back."""

from typing import Any
from uuid import UUID

import strawberry

from shuke.api.context import Info
from shuke.api.errors import UserError, write
from shuke.api.pagination import optional_id, parse_id
from shuke.api.segments.tag_shapes import TagBatch
from shuke.domains.identity.types import Actor
from shuke.domains.segments import queries, service
from shuke.domains.segments.types import RfmCell
from shuke.domains.segments.types.tags import Whom
from shuke.kit.errors import ErrorCode, Refusal


@strawberry.input(description="The customers of a list, by what narrows it; of nothing all within reach.")
class TagWhomInput:
    search: str | None = strawberry.field(default=None, description="As in `customers`.")
    store_id: strawberry.ID | None = strawberry.field(default=None, description="Home store.")
    region_id: strawberry.ID | None = strawberry.field(default=None, description="Home store's region.")
    mine: bool = strawberry.field(default=False, description="Only those the caller looks after.")
    cell: RfmCell | None = strawberry.field(default=None, description="RFM cell.")
    segment_id: strawberry.ID | None = strawberry.field(default=None, description="Who is in this segment now.")
    tag_id: strawberry.ID | None = strawberry.field(default=None, description="Who has this tag now.")


@strawberry.input(description="A tag, and who is to have it.")
class TagCustomersInput:
    operation_id: UUID = strawberry.field(description="Made by the caller.")
    tag_id: strawberry.ID = strawberry.field(description="A tag that is set by hand.")
    customer_ids: list[strawberry.ID] | None = strawberry.field(
        default=None, description="These customers, at most 2,000."
    )
    whom: TagWhomInput | None = strawberry.field(
        default=None, description="Or those of a list; this or `customerIds`. Not for who works at the counter."
    )


@strawberry.input(description="A tag, and who is to have it no longer.")
class UntagCustomersInput:
    operation_id: UUID = strawberry.field(description="Made by the caller.")
    tag_id: strawberry.ID = strawberry.field(description="A tag that is set by hand.")
    customer_ids: list[strawberry.ID] | None = strawberry.field(
        default=None, description="These customers, at most 2,000."
    )
    whom: TagWhomInput | None = strawberry.field(
        default=None, description="Or those of a list; this or `customerIds`. Not for who works at the counter."
    )


@strawberry.input(description="A use of a tag to take back.")
class UndoTaggingInput:
    operation_id: UUID = strawberry.field(description="Made by the caller.")
    id: strawberry.ID = strawberry.field(description="The batch.")


@strawberry.type(description="What was done, and what gave way to it.")
class TagCustomersPayload:
    batch: TagBatch | None = strawberry.field(default=None, description="For `undoTagging`.")
    user_errors: list[UserError] = strawberry.field(default_factory=list, description="Why not.")


@strawberry.type(description="What was done.")
class UntagCustomersPayload:
    batch: TagBatch | None = strawberry.field(default=None, description="For `undoTagging`.")
    user_errors: list[UserError] = strawberry.field(default_factory=list, description="Why not.")


@strawberry.type(description="What was taken back, and what was left alone.")
class UndoTaggingPayload:
    batch: TagBatch | None = strawberry.field(default=None, description="As it is now.")
    user_errors: list[UserError] = strawberry.field(default_factory=list, description="Why not.")


@strawberry.type
class TaggingQuery:
    @strawberry.field(description="What was done for more than one customer in the last 30 days, the latest first.")
    async def tag_batches(self, info: Info) -> list[TagBatch]:
        return await queries.tag_batches(info.context.require())  # type: ignore[return-value]


@strawberry.type
class TaggingMutation:
    @strawberry.mutation(
        description="Sets a tag. Of an exclusive group the other one gives way, which the answer tells. Of a long list "
        "the first 2,000 are done at once, the others in the background."
    )
    async def tag_customers(self, info: Info, input: TagCustomersInput) -> TagCustomersPayload:
        key, errors = await write(info, input, UUID, lambda actor: _tag(actor, input, adding=True))
        return TagCustomersPayload(batch=await _batch(info, key), user_errors=errors)

    @strawberry.mutation(description="Takes a tag away, as `tagCustomers` sets one.")
    async def untag_customers(self, info: Info, input: UntagCustomersInput) -> UntagCustomersPayload:
        key, errors = await write(info, input, UUID, lambda actor: _tag(actor, input, adding=False))
        return UntagCustomersPayload(batch=await _batch(info, key), user_errors=errors)

    @strawberry.mutation(
        description="Restores, within 30 days, what a use of a tag changed, also what gave way to it. What somebody "
        "changed since stays, and is counted."
    )
    async def undo_tagging(self, info: Info, input: UndoTaggingInput) -> UndoTaggingPayload:
        key, errors = await write(
            info, input, UUID, lambda actor: service.undo_tagging(actor, parse_id(input.id, "TagBatch"))
        )
        return UndoTaggingPayload(batch=await _batch(info, key), user_errors=errors)


async def _tag(actor: Actor, input: TagCustomersInput | UntagCustomersInput, *, adding: bool) -> UUID:
    tag_id = parse_id(input.tag_id, "Tag", "tagId")
    if (input.customer_ids is None) is (input.whom is None):
        raise Refusal(ErrorCode.REQUIRED, "customerIds")
    if input.whom is not None:
        return await service.tag_customers(actor, tag_id, _whom(input.whom), adding=adding)
    ids = [parse_id(one, "Customer", "customerIds") for one in input.customer_ids or ()]
    return await service.tag_customers(actor, tag_id, ids, adding=adding)


def _whom(said: TagWhomInput) -> Whom:
    return Whom(
        said.search,
        optional_id(said.store_id, "Store", "storeId"),
        optional_id(said.region_id, "Region", "regionId"),
        said.mine,
        said.cell.value if said.cell else None,
        optional_id(said.segment_id, "Segment", "segmentId"),
        optional_id(said.tag_id, "Tag", "tagId"),
    )


async def _batch(info: Info, key: UUID | None) -> Any:
    return await queries.tag_batch(info.context.require(), key) if key else None
