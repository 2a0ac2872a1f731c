"""Tags as GraphQL shows them: groups, tags, and what was done with one at once."""

from datetime import datetime
from typing import Any

import strawberry

from shuke.api.context import Info
from shuke.api.identity import Node, node_id
from shuke.api.pagination import global_id
from shuke.api.segments.shapes import Segment
from shuke.domains.segments import queries
from shuke.domains.segments.types import tags as types
from shuke.domains.segments.types.tags import UNDO_WITHIN, BatchState, TagColour, TagKind

strawberry.enum(
    BatchState,
    name="TagBatchState",
    description="How far it is; RUNNING and UNDOING: it goes on in the background.",
)


@strawberry.type(description="What head office says of customers in a word.")
class Tag(Node):
    id: strawberry.ID = node_id("Tag")
    name: str = strawberry.field(description="No two in use are alike.")
    colour: TagColour = strawberry.field(description="Its colour.")
    kind: TagKind = strawberry.field(description="How it is set; it never changes.")
    version: int = strawberry.field(description="Grows with every change; the `baseVersion` of the next one.")
    archived_at: datetime | None = strawberry.field(description="When it was put away; null: it is in use.")

    @strawberry.field(description="The group that it stands in.")
    def group_id(self: Any) -> strawberry.ID:
        return global_id("TagGroup", self.group_id)

    @strawberry.field(description="Of a dynamic one: the segment whose members have it, for whom segments are for.")
    async def segment(self: Any, info: Info) -> Segment | None:
        actor = info.context.require()
        seen = self.segment_id is not None and queries.may_count(actor)
        return await queries.segment(actor, self.segment_id) if seen else None  # type: ignore[return-value]

    @strawberry.field(description="The tag that it was merged into; null: it was not.")
    def merged_into_id(self: Any) -> strawberry.ID | None:
        return global_id("Tag", self.merged_into_id) if self.merged_into_id else None

    @strawberry.field(description="Customers of the brand who have it now; null for who works in stores.")
    async def customers(self: Any, info: Info) -> int | None:
        return await info.context.load(queries.tag_counts, self.id)

    @classmethod
    def is_type_of(cls, obj: object, info: Any) -> bool:
        return isinstance(obj, types.TagView)


@strawberry.type(description="Tags that belong together.")
class TagGroup(Node):
    id: strawberry.ID = node_id("TagGroup")
    name: str = strawberry.field(description="What head office calls it.")
    exclusive: bool = strawberry.field(description="A customer has one of its tags at most.")
    version: int = strawberry.field(description="Grows with every change; the `baseVersion` of the next one.")
    archived_at: datetime | None = strawberry.field(description="When it was put away; null: it is in use.")
    tags: list[Tag] = strawberry.field(description="In their order; archived ones where the query asks for them.")

    @classmethod
    def is_type_of(cls, obj: object, info: Any) -> bool:
        return isinstance(obj, types.TagGroupView)


@strawberry.type(description="A tag of an exclusive group that gave way to another.")
class DisplacedTag:
    tag: Tag = strawberry.field(description="The tag.")
    customers: int = strawberry.field(description="Of how many customers.")

    @classmethod
    def is_type_of(cls, obj: object, info: Any) -> bool:
        return isinstance(obj, types.Displaced)


@strawberry.type(description="One use of a tag, set or taken away, of however many customers.")
class TagBatch(Node):
    id: strawberry.ID = node_id("TagBatch")
    adding: bool = strawberry.field(description="False: it was taken away.")
    state: BatchState = strawberry.field(description="How far it is.")
    customers: int = strawberry.field(description="Whom it changed so far; who had it already is not among them.")
    staff: str | None = strawberry.field(description="Who did it.")
    created_at: datetime = strawberry.field(description="When.")
    undone_at: datetime | None = strawberry.field(description="When it was taken back; null: it was not.")
    kept: int = strawberry.field(
        description="Customers of whom its undo left something alone, since somebody changed it meanwhile."
    )

    @strawberry.field(description="The tag.")
    async def tag(self: Any, info: Info) -> Tag:
        found = await queries.tag(info.context.require(), self.tag_id)
        assert found
        return found  # type: ignore[return-value]

    @strawberry.field(description="Until when it can be taken back; null: it cannot.")
    def undo_until(self: Any, info: Info) -> datetime | None:
        view: types.TagBatchView = self
        return view.created_at + UNDO_WITHIN if queries.undoable(view, info.context.now) else None

    @strawberry.field(description="What gave way: tags of an exclusive group, those of the most customers first.")
    async def displaced(self: Any, info: Info) -> list[DisplacedTag]:
        view: types.TagBatchView = self
        return await queries.displaced_by(info.context.require(), view.id)  # type: ignore[return-value]

    @classmethod
    def is_type_of(cls, obj: object, info: Any) -> bool:
        return isinstance(obj, types.TagBatchView)
