"""What is asked of and done to segments by rules."""

from typing import Annotated, Any
from uuid import UUID

import strawberry

from shuke.api.context import Info
from shuke.api.errors import UserError, user_error, write
from shuke.api.pagination import optional_id, parse_id
from shuke.api.segments.said import spoken
from shuke.api.segments.shapes import (
    RuleTree,
    Segment,
    SegmentFact,
    SegmentPreview,
    SegmentStoreCount,
    SegmentWhy,
    shown_fact,
)
from shuke.domains.customers import queries as customers
from shuke.domains.identity.service import allow
from shuke.domains.identity.types import Actor
from shuke.domains.segments import queries, service
from shuke.domains.segments.types.rules import NewSegment
from shuke.kit import rules
from shuke.kit.errors import ErrorCode, Refusal
from shuke.kit.ids import new_id


@strawberry.input(description="A segment, new or changed.")
class SaveSegmentInput:
    operation_id: UUID = strawberry.field(description="Made by the caller.")
    name: str = strawberry.field(description="At most 60 characters; no two alike.")
    tree: RuleTree = strawberry.field(description="Its rule.")
    note: str | None = strawberry.field(default=None, description="What it is for; at most 500 characters.")
    id: strawberry.ID | None = strawberry.field(default=None, description="The segment to change; null: a new one.")
    base_version: int | None = strawberry.field(default=None, description="Its `version` that the caller had.")


@strawberry.input(description="A segment to put away.")
class ArchiveSegmentInput:
    operation_id: UUID = strawberry.field(description="Made by the caller.")
    id: strawberry.ID = strawberry.field(description="The segment.")


@strawberry.input(description="A segment to take up again.")
class RestoreSegmentInput:
    operation_id: UUID = strawberry.field(description="Made by the caller.")
    id: strawberry.ID = strawberry.field(description="The segment.")


@strawberry.input(description="A segment whose members are kept as they are.")
class FreezeSegmentInput:
    operation_id: UUID = strawberry.field(description="Made by the caller.")
    id: strawberry.ID = strawberry.field(description="The segment.")
    name: str = strawberry.field(description="What the snapshot is called.")


@strawberry.type(description="The segment as it was saved.")
class SaveSegmentPayload:
    segment: Segment | None = strawberry.field(default=None, description="As it is now.")
    user_errors: list[UserError] = strawberry.field(default_factory=list, description="Why not.")


@strawberry.type(description="The segment, put away.")
class ArchiveSegmentPayload:
    segment: Segment | None = strawberry.field(default=None, description="As it is now.")
    user_errors: list[UserError] = strawberry.field(default_factory=list, description="Why not.")


@strawberry.type(description="The segment, in use again.")
class RestoreSegmentPayload:
    segment: Segment | None = strawberry.field(default=None, description="As it is now.")
    user_errors: list[UserError] = strawberry.field(default_factory=list, description="Why not.")


@strawberry.type(description="The snapshot.")
class FreezeSegmentPayload:
    segment: Segment | None = strawberry.field(default=None, description="As it is now.")
    user_errors: list[UserError] = strawberry.field(default_factory=list, description="Why not.")


ID_ARG = strawberry.argument(description="The segment.")


@strawberry.type
class RuleSegmentQuery:
    @strawberry.field(description="The brand's segments, the newest first.")
    async def segment_list(
        self,
        info: Info,
        archived: Annotated[bool, strawberry.argument(description="Those that were put away, too.")] = False,
    ) -> list[Segment]:
        return await queries.segment_list(info.context.require(), archived)  # type: ignore[return-value]

    @strawberry.field(description="One segment; null: there is none.")
    async def segment(self, info: Info, id: Annotated[strawberry.ID, ID_ARG]) -> Segment | None:
        return await queries.segment(info.context.require(), parse_id(id, "Segment"))  # type: ignore[return-value]

    @strawberry.field(description="Everything that a rule may ask, group by group.")
    async def segment_facts(self, info: Info) -> list[SegmentFact]:
        actor = info.context.require()
        allow(actor, "segmentFacts")
        known = await queries.catalogue(actor.brand_id)
        return [shown_fact(fact, info.context.locale) for fact in known.values()]

    @strawberry.field(description="What a rule finds now, before anybody saves it.")
    async def segment_preview(
        self, info: Info, tree: Annotated[RuleTree, strawberry.argument(description="The rule.")]
    ) -> SegmentPreview:
        actor = info.context.require()
        try:
            found = await queries.preview(actor, tree)
        except Refusal as refusal:
            if refusal.code is not ErrorCode.INVALID:
                raise
            return SegmentPreview(user_errors=[user_error(refusal, info.context.locale)])
        sample: Any = await customers.customers_by_id(actor, found.sample)
        stores = [SegmentStoreCount(store=store, customers=many) for store, many in found.stores]  # type: ignore[arg-type]
        return SegmentPreview(
            sentence=rules.sentence(found.tree, found.known, *spoken(info)),
            customers=found.customers,
            exact=found.exact,
            each=found.each,
            stores=stores,
            sample=[one for one in sample if one],
        )

    @strawberry.field(
        description="Why a customer whom the caller may open is in a segment, or not; null: there is no such customer "
        "or segment."
    )
    async def segment_why(
        self,
        info: Info,
        segment_id: Annotated[strawberry.ID, ID_ARG],
        customer_id: Annotated[strawberry.ID, strawberry.argument(description="The customer.")],
    ) -> SegmentWhy | None:
        keys = parse_id(segment_id, "Segment", "segmentId"), parse_id(customer_id, "Customer", "customerId")
        try:
            return await queries.why(info.context.require(), *keys)  # type: ignore[return-value]
        except Refusal as refusal:
            if refusal.code is not ErrorCode.NOT_FOUND:
                raise
            return None


@strawberry.type
class RuleSegmentMutation:
    @strawberry.mutation(
        description="Makes or changes a segment. A new rule looks at everybody in the background: see `filling`."
    )
    async def save_segment(self, info: Info, input: SaveSegmentInput) -> SaveSegmentPayload:
        async def act(actor: Actor) -> UUID:
            key = optional_id(input.id, "Segment", "id")
            base = None if key is None else input.base_version or 0
            return await service.save_segment(
                actor, NewSegment(key or new_id(), input.name, input.tree, input.note, base)
            )

        key, errors = await write(info, input, UUID, act)
        return SaveSegmentPayload(segment=await _segment(info, key), user_errors=errors)

    @strawberry.mutation(description="Puts a segment away: nobody is in it any more.")
    async def archive_segment(self, info: Info, input: ArchiveSegmentInput) -> ArchiveSegmentPayload:
        key, errors = await write(
            info, input, UUID, lambda actor: service.archive_segment(actor, parse_id(input.id, "Segment"))
        )
        return ArchiveSegmentPayload(segment=await _segment(info, key), user_errors=errors)

    @strawberry.mutation(description="Takes a segment up again: its rule looks at everybody anew.")
    async def restore_segment(self, info: Info, input: RestoreSegmentInput) -> RestoreSegmentPayload:
        key, errors = await write(
            info, input, UUID, lambda actor: service.restore_segment(actor, parse_id(input.id, "Segment"))
        )
        return RestoreSegmentPayload(segment=await _segment(info, key), user_errors=errors)

    @strawberry.mutation(description="Keeps those who fit a rule now, for use once, under a name of their own.")
    async def freeze_segment(self, info: Info, input: FreezeSegmentInput) -> FreezeSegmentPayload:
        async def act(actor: Actor) -> UUID:
            return await service.freeze_segment(actor, parse_id(input.id, "Segment"), new_id(), input.name)

        key, errors = await write(info, input, UUID, act)
        return FreezeSegmentPayload(segment=await _segment(info, key), user_errors=errors)


async def _segment(info: Info, key: UUID | None) -> Any:
    return await queries.segment(info.context.require(), key) if key else None
