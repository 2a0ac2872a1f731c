"""What is asked of and done to tags and their groups."""

from typing import Annotated, Any
from uuid import UUID

import strawberry

from shuke.api.context import Info
from shuke.api.errors import UserError, write
from shuke.api.pagination import optional_id, parse_id
from shuke.api.segments.tag_shapes import Tag, TagGroup
from shuke.domains.identity.types import Actor
from shuke.domains.segments import queries, service
from shuke.domains.segments.types.tags import NewTag, NewTagGroup, TagColour, TagKind
from shuke.kit.ids import new_id


@strawberry.input(description="A group of tags, new or changed.")
class SaveTagGroupInput:
    operation_id: UUID = strawberry.field(description="Made by the caller.")
    name: str = strawberry.field(description="At most 30 characters; no two alike.")
    exclusive: bool = strawberry.field(default=False, description="A customer has one of its tags at most.")
    id: strawberry.ID | None = strawberry.field(default=None, description="The group to change; null: a new one.")
    base_version: int | None = strawberry.field(default=None, description="Its `version` that the caller had.")


@strawberry.input(description="A tag, new or changed.")
class SaveTagInput:
    operation_id: UUID = strawberry.field(description="Made by the caller.")
    group_id: strawberry.ID = strawberry.field(description="Where it stands.")
    name: str = strawberry.field(description="At most 30 characters without commas; no two alike.")
    colour: TagColour = strawberry.field(description="Its colour.")
    kind: TagKind = strawberry.field(default=TagKind.STATIC, description="It never changes.")
    segment_id: strawberry.ID | None = strawberry.field(
        default=None, description="Of a dynamic one: the segment whose members have it."
    )
    id: strawberry.ID | None = strawberry.field(default=None, description="The tag to change; null: a new one.")
    base_version: int | None = strawberry.field(default=None, description="Its `version` that the caller had.")


@strawberry.input(description="A group and its tags, in the order that is meant.")
class TagPlaceInput:
    group_id: strawberry.ID = strawberry.field(description="The group.")
    tag_ids: list[strawberry.ID] = strawberry.field(description="Its tags from now on.")


@strawberry.input(description="The order of groups, and of tags within and into them.")
class ArrangeTagsInput:
    operation_id: UUID = strawberry.field(description="Made by the caller.")
    groups: list[TagPlaceInput] = strawberry.field(description="All of them, in their order.")


@strawberry.input(description="A tag to put away.")
class ArchiveTagInput:
    operation_id: UUID = strawberry.field(description="Made by the caller.")
    id: strawberry.ID = strawberry.field(description="The tag.")


@strawberry.input(description="A tag to take up again.")
class RestoreTagInput:
    operation_id: UUID = strawberry.field(description="Made by the caller.")
    id: strawberry.ID = strawberry.field(description="The tag.")


@strawberry.input(description="An empty group to put away.")
class ArchiveTagGroupInput:
    operation_id: UUID = strawberry.field(description="Made by the caller.")
    id: strawberry.ID = strawberry.field(description="The group.")


@strawberry.input(description="A group to take up again.")
class RestoreTagGroupInput:
    operation_id: UUID = strawberry.field(description="Made by the caller.")
    id: strawberry.ID = strawberry.field(description="The group.")


@strawberry.input(description="Two tags that are to be one.")
class MergeTagsInput:
    operation_id: UUID = strawberry.field(description="Made by the caller.")
    winner_id: strawberry.ID = strawberry.field(description="The tag that stays.")
    loser_id: strawberry.ID = strawberry.field(description="The tag whose customers get the other.")


@strawberry.type(description="The group as it was saved.")
class SaveTagGroupPayload:
    group: TagGroup | None = strawberry.field(default=None, description="As it is now.")
    user_errors: list[UserError] = strawberry.field(default_factory=list, description="Why not.")


@strawberry.type(description="The tag as it was saved.")
class SaveTagPayload:
    tag: Tag | None = strawberry.field(default=None, description="As it is now.")
    user_errors: list[UserError] = strawberry.field(default_factory=list, description="Why not.")


@strawberry.type(description="The order as it was saved.")
class ArrangeTagsPayload:
    groups: list[TagGroup] = strawberry.field(default_factory=list, description="As they are now.")
    user_errors: list[UserError] = strawberry.field(default_factory=list, description="Why not.")


@strawberry.type(description="The tag, put away.")
class ArchiveTagPayload:
    tag: Tag | None = strawberry.field(default=None, description="As it is now.")
    user_errors: list[UserError] = strawberry.field(default_factory=list, description="Why not.")


@strawberry.type(description="The tag, in use again.")
class RestoreTagPayload:
    tag: Tag | None = strawberry.field(default=None, description="As it is now.")
    user_errors: list[UserError] = strawberry.field(default_factory=list, description="Why not.")


@strawberry.type(description="The group, put away.")
class ArchiveTagGroupPayload:
    group: TagGroup | None = strawberry.field(default=None, description="As it is now.")
    user_errors: list[UserError] = strawberry.field(default_factory=list, description="Why not.")


@strawberry.type(description="The group, in use again.")
class RestoreTagGroupPayload:
    group: TagGroup | None = strawberry.field(default=None, description="As it is now.")
    user_errors: list[UserError] = strawberry.field(default_factory=list, description="Why not.")


@strawberry.type(description="The tag that stayed.")
class MergeTagsPayload:
    tag: Tag | None = strawberry.field(default=None, description="As it is now.")
    user_errors: list[UserError] = strawberry.field(default_factory=list, description="Why not.")


@strawberry.type
class TagQuery:
    @strawberry.field(description="The brand's groups of tags, in their order.")
    async def tag_groups(
        self,
        info: Info,
        archived: Annotated[bool, strawberry.argument(description="What was put away, too.")] = False,
    ) -> list[TagGroup]:
        return await queries.tag_groups(info.context.require(), archived)  # type: ignore[return-value]


@strawberry.type
class TagMutation:
    @strawberry.mutation(description="Makes or changes a group of tags.")
    async def save_tag_group(self, info: Info, input: SaveTagGroupInput) -> SaveTagGroupPayload:
        async def act(actor: Actor) -> UUID:
            key = optional_id(input.id, "TagGroup", "id")
            base = None if key is None else input.base_version or 0
            return await service.save_tag_group(actor, NewTagGroup(key or new_id(), input.name, input.exclusive, base))

        key, errors = await write(info, input, UUID, act)
        return SaveTagGroupPayload(group=await _group(info, key), user_errors=errors)

    @strawberry.mutation(description="Makes or changes a tag.")
    async def save_tag(self, info: Info, input: SaveTagInput) -> SaveTagPayload:
        async def act(actor: Actor) -> UUID:
            key = optional_id(input.id, "Tag", "id")
            group_id = parse_id(input.group_id, "TagGroup", "groupId")
            segment_id = optional_id(input.segment_id, "Segment", "segmentId")
            base = None if key is None else input.base_version or 0
            said = NewTag(key or new_id(), group_id, input.name, input.colour, input.kind, segment_id, base)
            return await service.save_tag(actor, said)

        key, errors = await write(info, input, UUID, act)
        return SaveTagPayload(tag=await _tag(info, key), user_errors=errors)

    @strawberry.mutation(description="Puts groups, and tags within and into them, into an order.")
    async def arrange_tags(self, info: Info, input: ArrangeTagsInput) -> ArrangeTagsPayload:
        async def act(actor: Actor) -> bool:
            order = [
                (
                    parse_id(one.group_id, "TagGroup", "groups"),
                    [parse_id(tag, "Tag", "groups") for tag in one.tag_ids],
                )
                for one in input.groups
            ]
            await service.arrange_tags(actor, order)
            return True

        done, errors = await write(info, input, bool, act)
        groups: Any = await queries.tag_groups(info.context.require()) if done else []
        return ArrangeTagsPayload(groups=groups, user_errors=errors)

    @strawberry.mutation(description="Puts a tag away: nobody sees it. Who had it has it again when it is restored.")
    async def archive_tag(self, info: Info, input: ArchiveTagInput) -> ArchiveTagPayload:
        key, errors = await write(
            info, input, UUID, lambda actor: service.archive_tag(actor, parse_id(input.id, "Tag"))
        )
        return ArchiveTagPayload(tag=await _tag(info, key), user_errors=errors)

    @strawberry.mutation(description="Takes a tag up again, with who had it.")
    async def restore_tag(self, info: Info, input: RestoreTagInput) -> RestoreTagPayload:
        key, errors = await write(
            info, input, UUID, lambda actor: service.restore_tag(actor, parse_id(input.id, "Tag"))
        )
        return RestoreTagPayload(tag=await _tag(info, key), user_errors=errors)

    @strawberry.mutation(description="Puts an empty group of tags away.")
    async def archive_tag_group(self, info: Info, input: ArchiveTagGroupInput) -> ArchiveTagGroupPayload:
        key, errors = await write(
            info, input, UUID, lambda actor: service.archive_tag_group(actor, parse_id(input.id, "TagGroup"))
        )
        return ArchiveTagGroupPayload(group=await _group(info, key), user_errors=errors)

    @strawberry.mutation(description="Takes a group of tags up again.")
    async def restore_tag_group(self, info: Info, input: RestoreTagGroupInput) -> RestoreTagGroupPayload:
        key, errors = await write(
            info, input, UUID, lambda actor: service.restore_tag_group(actor, parse_id(input.id, "TagGroup"))
        )
        return RestoreTagGroupPayload(group=await _group(info, key), user_errors=errors)

    @strawberry.mutation(
        description="Gives a tag's customers another tag instead, as set by whom and when it was; rules that asked for "
        "the one ask for the other. Both are set by hand."
    )
    async def merge_tags(self, info: Info, input: MergeTagsInput) -> MergeTagsPayload:
        async def act(actor: Actor) -> UUID:
            winner, loser = parse_id(input.winner_id, "Tag", "winnerId"), parse_id(input.loser_id, "Tag", "loserId")
            return await service.merge_tags(actor, winner, loser)

        key, errors = await write(info, input, UUID, act)
        return MergeTagsPayload(tag=await _tag(info, key), user_errors=errors)


async def _tag(info: Info, key: UUID | None) -> Any:
    return await queries.tag(info.context.require(), key) if key else None


async def _group(info: Info, key: UUID | None) -> Any:
    return await queries.tag_group(info.context.require(), key) if key else None
