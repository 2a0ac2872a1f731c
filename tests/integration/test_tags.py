"""Tags: groups of which one can be had, batches and their undo, rules that ask for them, models that set them."""

import asyncio
from datetime import timedelta
from typing import Any
from uuid import UUID

from shuke.domains.records import service as records
from shuke.domains.segments import queries, service
from shuke.domains.segments.types.rules import NewSegment
from shuke.domains.segments.types.tags import (
    MOST_AT_ONCE,
    BatchState,
    HeldTag,
    NewTag,
    NewTagGroup,
    Prediction,
    TagColour,
    TagKind,
    TagSetBy,
    Whom,
)
from shuke.kit import clock, codec, db
from shuke.kit.errors import ErrorCode
from shuke.kit.ids import new_id
from tests.factories import World, make_world
from tests.factories.customers import refused
from tests.factories.merging import merge
from tests.factories.segments import add_customers, buy
from tests.factories.tags import group, held, names, settle, static, tag, untag
from tests.integration.test_segments_live import LOYAL, members, segment, tell


async def test_who_set_a_tag_and_when_is_told_and_taking_it_away_keeps_that(database: str) -> None:
    world = await make_world()
    (her,) = await add_customers(world, 1)
    vip = await static(world, "VIP")
    await tag(world, vip, her)
    (one,) = await held(world, her)
    told = (one.name, one.kind, one.set_by, one.staff)
    assert told == ("VIP", TagKind.STATIC, TagSetBy.STAFF, world.staff["hq"].name)
    assert abs(one.since - clock.now()) < timedelta(minutes=1)
    await untag(world, vip, her)
    assert await held(world, her) == []
    row = await db.fetch_row("SELECT set_how, staff_id, removed_how, removed_by FROM customer_tag")
    assert row and tuple(row) == ("staff", world.staff["hq"].id, "staff", world.staff["hq"].id)


async def test_of_an_exclusive_group_the_other_gives_way_and_the_answer_tells(database: str) -> None:
    world = await make_world()
    her, other = await add_customers(world, 2)
    taste = await group(world, "口味", exclusive=True)
    sweet, salty = await static(world, "甜", taste), await static(world, "咸", taste)
    await tag(world, sweet, her)
    batch = await tag(world, salty, her, other)
    assert await names(world, her) == await names(world, other) == ["咸"]
    told = await queries.displaced_by(world.staff["hq"], batch)
    assert [(one.tag.name, one.customers) for one in told] == [("甜", 1)]


async def test_whoever_sets_two_tags_of_an_exclusive_group_at_once_leaves_one(database: str) -> None:
    world = await make_world()
    people = await add_customers(world, 20)
    taste = await group(world, "口味", exclusive=True)
    tags = [await static(world, name, taste) for name in ("甜", "咸", "辣")]
    await asyncio.gather(*(tag(world, key, *people) for key in tags for _ in range(3)))
    for her in people:
        assert len(await names(world, her)) == 1
    sql = "SELECT count(*) FROM customer_tag WHERE removed_at IS NULL"
    assert await db.fetch_value(sql) == len(people)


async def test_an_undo_restores_what_gave_way_and_leaves_alone_what_came_after(database: str) -> None:
    world = await make_world()
    _, had, sweet_before, changed, moved_on = people = await add_customers(world, 5)
    taste = await group(world, "口味", exclusive=True)
    sweet, salty, hot = [await static(world, name, taste) for name in ("甜", "咸", "辣")]
    await tag(world, salty, had)
    await tag(world, sweet, sweet_before, changed, moved_on)
    since = {her: (await held(world, her))[0].since for her in (had, sweet_before)}
    batch = await tag(world, salty, *people)
    assert (await queries.tag_batch(world.staff["hq"], batch)).customers == 4  # type: ignore[union-attr]
    await untag(world, salty, changed)
    await tag(world, hot, moved_on)
    await service.undo_tagging(world.staff["hq"], batch)
    told = await queries.tag_batch(world.staff["hq"], batch)
    assert told and (told.state, told.kept) == (BatchState.UNDONE, 2)
    assert [await names(world, her) for her in people] == [[], ["咸"], ["甜"], [], ["辣"]]
    assert since == {her: (await held(world, her))[0].since for her in (had, sweet_before)}
    refusal = await refused(service.undo_tagging(world.staff["hq"], batch))
    assert (refusal.code, refusal.reason) == (ErrorCode.NOT_UNDOABLE, "tagging_undone")


async def test_the_undo_of_taking_away_sets_again_whom_nobody_tagged_since(database: str) -> None:
    world = await make_world()
    her, again = await add_customers(world, 2)
    vip = await static(world, "VIP")
    await tag(world, vip, her, again)
    batch = await untag(world, vip, her, again)
    await tag(world, vip, again)
    await service.undo_tagging(world.staff["hq"], batch)
    told = await queries.tag_batch(world.staff["hq"], batch)
    assert told and told.kept == 1
    assert await names(world, her) == await names(world, again) == ["VIP"]


async def test_after_thirty_days_nothing_is_undone(database: str) -> None:
    world = await make_world()
    (her,) = await add_customers(world, 1)
    batch = await tag(world, await static(world, "VIP"), her)
    await db.execute("UPDATE tag_batch SET created_at = created_at - interval '31 days'")
    refusal = await refused(service.undo_tagging(world.staff["hq"], batch))
    assert (refusal.code, refusal.reason) == (ErrorCode.NOT_UNDOABLE, "tagging_late")


async def test_a_long_list_goes_on_in_the_background_and_so_does_its_undo(database: str) -> None:
    world = await make_world()
    people = await add_customers(world, MOST_AT_ONCE + 300)
    vip = await static(world, "VIP")
    key = await service.tag_customers(world.staff["hq"], vip, Whom(), adding=True)
    first = await queries.tag_batch(world.staff["hq"], key)
    assert first and (first.state, first.customers) == (BatchState.RUNNING, MOST_AT_ONCE)
    late = (await add_customers(world, 1))[0]
    while await service.sweep_tagging(100):
        pass
    done = await queries.tag_batch(world.staff["hq"], key)
    assert done and (done.state, done.customers) == (BatchState.DONE, len(people))
    assert await names(world, late) == []
    await service.undo_tagging(world.staff["hq"], key)
    while await service.sweep_tagging(100):
        pass
    undone = await queries.tag_batch(world.staff["hq"], key)
    assert undone and (undone.state, undone.kept) == (BatchState.UNDONE, 0)
    assert await queries.tag_counts(world.staff["hq"], [vip]) == [0]


async def test_everybody_of_a_segment_is_tagged_and_nobody_else(database: str) -> None:
    world, now = await make_world(), clock.now()
    loyal, other = await add_customers(world, 2)
    for _ in range(2):
        await buy(world, loyal, 1, 100, now)
    key = await segment(world, "loyal", LOYAL)
    await settle()
    vip = await static(world, "VIP")
    await service.tag_customers(world.staff["hq"], vip, Whom(segment_id=key), adding=True)
    assert (await names(world, loyal), await names(world, other)) == (["VIP"], [])


async def test_a_guide_tags_her_own_and_no_list(database: str) -> None:
    world = await make_world()
    mine, other = await add_customers(world, 2)
    guide = world.staff["guide"]
    await db.execute("UPDATE customer SET guide_id = $2 WHERE id = $1", mine, guide.id)
    await db.execute("UPDATE customer SET guide_id = $2 WHERE id = $1", other, world.staff["colleague"].id)
    vip = await static(world, "VIP")
    batch = await service.tag_customers(guide, vip, [mine], adding=True)
    assert await names(world, mine) == ["VIP"]
    assert (await refused(service.tag_customers(guide, vip, [mine, other], adding=True))).code is ErrorCode.FORBIDDEN
    assert (await refused(service.tag_customers(guide, vip, Whom(), adding=True))).code is ErrorCode.FORBIDDEN
    assert await names(world, other) == []
    assert (await refused(service.undo_tagging(world.staff["stranger"], batch))).code is ErrorCode.NOT_FOUND
    await service.undo_tagging(guide, batch)
    assert await names(world, mine) == []


async def test_a_rule_that_asks_for_tags_hears_of_every_one(database: str) -> None:
    world = await make_world()
    her, other = await add_customers(world, 2)
    vip = await static(world, "VIP")
    key = await segment(world, "tagged", {"fact": "tags", "op": "any", "value": [str(vip)]})
    await settle()
    assert await members(key) == set()
    batch = await tag(world, vip, her, other)
    await settle()
    assert await members(key) == {her, other}
    await untag(world, vip, other)
    await settle()
    assert await members(key) == {her}
    await service.undo_tagging(world.staff["hq"], batch)
    await settle()
    assert await members(key) == set()


async def test_a_dynamic_tag_is_its_segment_and_stands_in_rules_with_its_rule(database: str) -> None:
    world, now = await make_world(), clock.now()
    loyal, tagged, both, neither = await add_customers(world, 4)
    for her in (loyal, both):
        for _ in range(2):
            await buy(world, her, 1, 100, now)
    source = await segment(world, "loyal", LOYAL)
    place = await group(world, "消费")
    follows = await static(world, "熟客", place, segment_id=source)
    vip = await static(world, "VIP", place)
    await tag(world, vip, tagged, both)
    every = [str(follows), str(vip)]
    rules = {op: await segment(world, op, {"fact": "tags", "op": op, "value": every}) for op in ("any", "all", "none")}
    await settle()
    assert await names(world, loyal) == ["熟客"] and await names(world, both) == ["熟客", "VIP"]
    (one,) = await held(world, loyal)
    assert (one.set_by, one.segment_id, one.staff) == (TagSetBy.RULE, source, None)
    assert await members(rules["any"]) == {loyal, tagged, both}
    assert await members(rules["all"]) == {both}
    assert await members(rules["none"]) == {neither}
    await buy(world, tagged, 1, 100, now)
    await buy(world, tagged, 2, 100, now)
    await tell(world, tagged)
    await settle()
    assert await names(world, tagged) == ["熟客", "VIP"] and await members(rules["all"]) == {both, tagged}
    refusal = await refused(service.tag_customers(world.staff["hq"], follows, [neither], adding=True))
    assert refusal.reason == "tag_is_dynamic"
    assert (await refused(service.archive_segment(world.staff["hq"], source))).reason == "segment_tagged"
    assert await queries.tag_counts(world.staff["hq"], [follows, vip]) == [3, 2]


async def test_what_comes_back_to_itself_is_refused_from_both_sides(database: str) -> None:
    world = await make_world()
    source = await segment(world, "loyal", LOYAL)
    follows = await static(world, "熟客", await group(world, "消费"), segment_id=source)
    circle = {"fact": "tags", "op": "any", "value": [str(follows)]}
    hq = world.staff["hq"]
    said = NewSegment(source, "loyal", circle, base_version=1)
    assert (await refused(service.save_segment(hq, said))).reason == "segment_circle"
    second = await segment(world, "second", circle)
    found = await queries.tag(hq, follows)
    assert found
    changed = NewTag(follows, found.group_id, "熟客", TagColour.PINE, TagKind.DYNAMIC, second, found.version)
    assert (await refused(service.save_tag(hq, changed))).reason == "tag_circle"
    assert (await refused(service.archive_tag(hq, follows))).reason == "tag_used"


async def test_merged_tags_keep_who_set_them_and_rules_follow(database: str) -> None:
    world = await make_world()
    one, two, three = await add_customers(world, 3)
    taste = await group(world, "口味", exclusive=True)
    sweet, salty = await static(world, "甜", taste), await static(world, "咸", taste)
    sugar = await static(world, "爱吃糖", await group(world, "别的"))
    await tag(world, sugar, one, two, three)
    await tag(world, sweet, two)
    await tag(world, salty, three)
    key = await segment(world, "sugar", {"fact": "tags", "op": "any", "value": [str(sugar)]})
    await settle()
    since = (await held(world, one))[0].since
    await service.merge_tags(world.staff["hq"], sweet, sugar)
    await settle()
    assert [await names(world, her) for her in (one, two, three)] == [["甜"], ["甜"], ["咸"]]
    assert (await held(world, one))[0].since == since
    stored = await queries.segment(world.staff["hq"], key)
    assert stored and stored.tree["value"] == [str(sweet)] and stored.version == 2
    assert await members(key) == {one, two}
    sql = "SELECT count(*) FROM customer_tag WHERE tag_id = $1 AND removed_how = 'merged'"
    assert await db.fetch_value(sql, sugar) == 3
    assert (await refused(service.restore_tag(world.staff["hq"], sugar))).reason == "tag_merged"


async def test_of_merged_customers_the_winner_keeps_her_tag_of_an_exclusive_group(database: str) -> None:
    world = await make_world()
    winner, loser = await add_customers(world, 2)
    taste = await group(world, "口味", exclusive=True)
    sweet, salty = await static(world, "甜", taste), await static(world, "咸", taste)
    vip, twins = await static(world, "VIP"), await static(world, "双胞胎")
    for key, her in ((sweet, winner), (vip, winner), (salty, loser), (vip, loser), (twins, loser)):
        await tag(world, key, her)
    merged = await merge(world, winner, loser)
    assert await names(world, winner) == ["甜", "VIP", "双胞胎"]
    await records.undo_merge(world.staff["hq"], merged)
    assert await names(world, winner) == ["甜", "VIP"]
    assert await names(world, loser) == ["咸", "VIP", "双胞胎"]


async def test_a_group_becomes_exclusive_only_when_nobody_has_two(database: str) -> None:
    world = await make_world()
    (her,) = await add_customers(world, 1)
    taste = await group(world, "口味")
    sweet, salty = await static(world, "甜", taste), await static(world, "咸", taste)
    await tag(world, sweet, her)
    await tag(world, salty, her)
    hq = world.staff["hq"]
    refusal = await refused(service.save_tag_group(hq, NewTagGroup(taste, "口味", True, 1)))
    assert (refusal.reason, refusal.params) == ("tag_exclusive_twice", {"many": 1})
    await untag(world, salty, her)
    await service.save_tag_group(hq, NewTagGroup(taste, "口味", True, 1))
    loyal = await segment(world, "loyal", LOYAL)
    dynamic = NewTag(new_id(), taste, "熟客", TagColour.SKY, TagKind.DYNAMIC, loyal)
    assert (await refused(service.save_tag(hq, dynamic))).reason == "tag_exclusive_rule"


async def predicted(world: World, tag_id: UUID, rows: list[Any], *looked_at: UUID, days: float = 10) -> tuple[int, int]:
    until = clock.now() + timedelta(days=days)
    said = [Prediction(her, score, [{"zh-CN": "很久没来", "en": "has not come for long"}]) for her, score in rows]
    return await service.place_predictive(
        world.brand_id, tag_id, said, model_version="v1", expires_at=until, looked_at=looked_at
    )


async def test_a_model_sets_and_takes_away_with_score_reasons_and_a_last_day(database: str) -> None:
    world = await make_world()
    her, other, shy = await add_customers(world, 3)
    await db.execute("""UPDATE customer SET refusals = '["profiling/any"]' WHERE id = $1""", shy)
    hq = world.staff["hq"]
    churn = await service.predictive_tag(hq, "churn", "快流失", TagColour.ROSE)
    assert churn == await service.predictive_tag(hq, "churn", "另一个名字", TagColour.PINE)
    key = await segment(world, "leaving", {"fact": "tags", "op": "any", "value": [str(churn)]})
    assert await predicted(world, churn, [(her, 0.8), (other, 0.7), (shy, 0.9)]) == (2, 0)
    await settle()
    assert await members(key) == {her, other}
    (one,) = await held(world, her)
    assert (one.score, one.model_version, one.set_by) == (0.8, "v1", TagSetBy.MODEL)
    assert one.reasons == [{"zh-CN": "很久没来", "en": "has not come for long"}]
    since = one.since
    assert await predicted(world, churn, [(her, 0.6)], other) == (1, 1)
    await settle()
    assert await members(key) == {her}
    (one,) = await held(world, her)
    assert (one.score, one.since) == (0.6, since)
    assert (await refused(service.tag_customers(hq, churn, [other], adding=True))).reason == "tag_is_predictive"


async def test_an_expired_prediction_is_not_there_for_screens_lists_and_rules(database: str) -> None:
    world = await make_world()
    (her,) = await add_customers(world, 1)
    churn = await service.predictive_tag(world.staff["hq"], "churn", "快流失", TagColour.ROSE)
    key = await segment(world, "leaving", {"fact": "tags", "op": "any", "value": [str(churn)]})
    await predicted(world, churn, [(her, 0.8)], days=2)
    await settle()
    assert await members(key) == {her} and await queries.tag_counts(world.staff["hq"], [churn]) == [1]
    due = await db.fetch_value("SELECT due_at FROM segment_watch WHERE customer_id = $1", her)
    assert timedelta(days=2) < due - clock.now() < timedelta(days=3, hours=1)
    await db.execute("UPDATE customer_tag SET expires_at = expires_at - interval '4 days'")
    await db.execute("UPDATE segment_watch SET due_at = now()")
    await settle()
    assert await members(key) == set() and await names(world, her) == []
    assert await queries.tag_counts(world.staff["hq"], [churn]) == [0]


async def test_what_a_person_said_stands_above_a_model_in_an_exclusive_group(database: str) -> None:
    world = await make_world()
    said, free = await add_customers(world, 2)
    hq = world.staff["hq"]
    risk = await group(world, "流失风险", exclusive=True)
    high = await service.predictive_tag(hq, "churn/high", "高", TagColour.ROSE, "流失风险")
    low = await service.predictive_tag(hq, "churn/low", "低", TagColour.MOSS, "流失风险")
    safe = await static(world, "已挽回", risk)
    await tag(world, safe, said)
    assert await predicted(world, high, [(said, 0.9), (free, 0.9)]) == (1, 0)
    assert await predicted(world, low, [(free, 0.1)]) == (1, 1)
    assert (await names(world, said), await names(world, free)) == (["已挽回"], ["低"])


async def test_whoever_is_erased_leaves_no_tag(database: str) -> None:
    world = await make_world()
    (her,) = await add_customers(world, 1)
    await tag(world, await static(world, "VIP"), her)
    async with db.tx():
        await service.hold_cells(world.brand_id)
        await service.forget([her])
    assert await db.fetch_value("SELECT count(*) FROM customer_tag") == 0


async def test_tags_go_where_they_are_put_and_keep_their_rules(database: str) -> None:
    world = await make_world()
    (her,) = await add_customers(world, 1)
    hq = world.staff["hq"]
    first, second = await group(world, "甲"), await group(world, "乙", exclusive=True)
    a, b = await static(world, "a", first), await static(world, "b", first)
    await tag(world, a, her)
    await tag(world, b, her)
    await service.arrange_tags(hq, [(second, [a]), (first, [b])])
    shown = [(one.name, [tag.name for tag in one.tags]) for one in await queries.tag_groups(hq)]
    assert shown == [("乙", ["a"]), ("甲", ["b"])]
    refusal = await refused(service.arrange_tags(hq, [(second, [a, b]), (first, [])]))
    assert refusal.reason == "tag_exclusive_twice"
    assert (await refused(service.archive_tag_group(hq, first))).reason == "tag_group_full"


def test_what_is_held_reads_as_it_was_written() -> None:
    told = HeldTag(new_id(), "VIP", TagColour.SKY, TagKind.STATIC, "其他", TagSetBy.STAFF, clock.now())
    assert codec.load(codec.dumps(told), HeldTag) == told
