"""Whether somebody has a tag at all, as rules ask it, is what her page shows."""

from uuid import UUID

from shuke.domains.segments import service
from shuke.domains.segments.types.rules import NewSegment
from shuke.kit import db
from tests.factories import World, make_world
from tests.factories.customers import refused
from tests.factories.segments import add_customers
from tests.factories.tags import names, settle, static, tag
from tests.integration.test_segments_live import members, segment

GOLD = {"fact": "customer.level", "op": "eq", "value": "金卡"}
SILVER = {"fact": "customer.level", "op": "eq", "value": "银卡"}
SOME, NONE = {"fact": "tags", "op": "known"}, {"fact": "tags", "op": "unknown"}


async def level(world: World, her: UUID, said: str | None) -> None:
    await db.execute("UPDATE customer SET level = $2 WHERE id = $1", her, said)
    await service.touch(world.brand_id, [her])


async def test_whoever_is_shown_with_a_tag_has_one_and_nobody_else(database: str) -> None:
    world = await make_world()
    by_hand, by_rule, by_old, bare = people = await add_customers(world, 4)
    hq = world.staff["hq"]
    gold, silver = await segment(world, "金卡", GOLD), await segment(world, "银卡", SILVER)
    await tag(world, await static(world, "VIP"), by_hand)
    old = await static(world, "旧")
    await tag(world, old, by_old)
    some, none = await segment(world, "有标签", SOME), await segment(world, "没标签", NONE)
    outer = await segment(world, "外", {"fact": "segments", "op": "any", "value": [str(some)]})
    await level(world, by_rule, "金卡")

    async def agrees(*tagged: UUID) -> None:
        await settle()
        assert {her for her in people if await names(world, her)} == set(tagged)
        assert await members(some) == await members(outer) == set(tagged)
        assert await members(none) == set(people) - set(tagged)

    await agrees(by_hand, by_old)
    follows = await static(world, "金", segment_id=gold)
    await agrees(by_hand, by_rule, by_old)
    await service.archive_tag(hq, old)
    await agrees(by_hand, by_rule)
    await level(world, bare, "银卡")
    await static(world, "银", segment_id=silver)
    await agrees(by_hand, by_rule, bare)
    await service.archive_tag(hq, follows)
    await agrees(by_hand, bare)
    await service.restore_tag(hq, old)
    await service.restore_tag(hq, follows)
    await level(world, bare, None)
    await agrees(by_hand, by_rule, by_old)


async def test_a_tag_follows_no_rule_that_asks_whether_there_is_a_tag(database: str) -> None:
    world = await make_world()
    none, gold = await segment(world, "没标签", NONE), await segment(world, "金卡", GOLD)
    try_it = static(world, "新客", segment_id=none)
    assert (await refused(try_it)).reason == "tag_circle"
    follows = await static(world, "金", segment_id=gold)
    circle = NewSegment(gold, "金卡", SOME, None, 1)
    assert (await refused(service.save_segment(world.staff["hq"], circle))).reason == "segment_circle"
    await service.archive_tag(world.staff["hq"], follows)
    await service.save_segment(world.staff["hq"], circle)
    assert (await refused(service.restore_tag(world.staff["hq"], follows))).reason == "tag_circle"


async def test_whether_she_is_in_a_segment_is_not_asked_and_who_asked_it_once_is_read_still(database: str) -> None:
    world = await make_world()
    (her,) = await add_customers(world, 1)
    asks = {"fact": "segments", "op": "unknown"}
    assert (await refused(segment(world, "没分群", asks))).reason == "rule_op_unknown"
    key = await segment(world, "以前的", GOLD)
    once = "UPDATE segment SET tree = $2, version = 2, filled_at = NULL WHERE id = $1"
    await db.execute(once, key, '{"fact": "segments", "op": "unknown"}')
    await settle()
    assert await members(key) == {her}
