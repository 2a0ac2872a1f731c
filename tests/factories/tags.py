"""Tags and who has them."""

from uuid import UUID

from shuke.app.wiring import WIRING
from shuke.domains.segments import queries, service
from shuke.domains.segments.types.tags import HeldTag, NewTag, NewTagGroup, TagColour, TagKind
from shuke.kit import db
from shuke.kit.events import Dispatcher
from shuke.kit.ids import new_id
from tests.factories import World

OTHERS = "其他"


async def group(world: World, name: str, *, exclusive: bool = False) -> UUID:
    return await service.save_tag_group(world.staff["hq"], NewTagGroup(new_id(), name, exclusive))


async def static(world: World, name: str, group_id: UUID | None = None, segment_id: UUID | None = None) -> UUID:
    """A tag that is set by hand, or one that follows a segment; in a group for others where none is given."""
    sql = "SELECT id FROM tag_group WHERE brand_id = $1 AND name = $2"
    place = group_id or await db.fetch_value(sql, world.brand_id, OTHERS) or await group(world, OTHERS)
    kind = TagKind.DYNAMIC if segment_id else TagKind.STATIC
    said = NewTag(new_id(), place, name, TagColour.PINE, kind, segment_id)
    return await service.save_tag(world.staff["hq"], said)


async def tag(world: World, key: UUID, *people: UUID) -> UUID:
    """Head office sets a tag; the batch."""
    return await service.tag_customers(world.staff["hq"], key, list(people), adding=True)


async def untag(world: World, key: UUID, *people: UUID) -> UUID:
    return await service.tag_customers(world.staff["hq"], key, list(people), adding=False)


async def held(world: World, her: UUID) -> list[HeldTag]:
    return (await queries.standing_of(world.staff["hq"], [her]))[0].tags


async def names(world: World, her: UUID) -> list[str]:
    return [one.name for one in await held(world, her)]


async def settle() -> None:
    """Whatever happened is delivered, and whoever waits is looked at."""
    while await Dispatcher(WIRING).drain() + await service.sweep_members(50) + await service.sweep_fills(50):
        pass
