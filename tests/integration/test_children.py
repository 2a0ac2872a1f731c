"""Children on real PostgreSQL: entering, editing together, births, what silences one, head office's list."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import asyncpg
import pytest
from msgspec.structs import replace

from shuke.domains.customers import queries, service
from shuke.domains.customers.types import Conflict, TimelineKind
from shuke.domains.customers.types.dependants import Age, AgeUnit, Dependant, LifeStageKind, NewDependant
from shuke.domains.identity.types import Actor
from shuke.kit import clock, db
from shuke.kit.errors import ErrorCode
from shuke.kit.ids import new_id
from tests.factories import World, make_world
from tests.factories.children import make_child
from tests.factories.customers import make_customer, refused

NOON = datetime(2026, 11, 22, 4, tzinfo=UTC)


async def shown(actor: Actor, key: UUID) -> Dependant:
    found = await queries.dependant(actor, key)
    assert found
    return found


async def test_children_stand_on_the_card_the_eldest_first(database: str) -> None:
    world = await make_world()
    guide = world.staff["guide"]
    with clock.pretended(NOON):
        customer = await make_customer(world)
        due = await make_child(world, customer, "guide", due_on=date(2027, 1, 1))
        elder = await make_child(world, customer, "guide", name=" 小满\n ", born_on=date(2024, 2, 29))
    (card,) = await queries.cards_of(guide, [customer])
    assert [child.id for child in card.dependants] == [elder, due]
    assert (card.dependants[0].name, card.dependants[0].anchor) == ("小满", date(2024, 2, 29))
    latest = (await queries.timeline(guide, customer, 1))[0]
    assert (latest.kind, latest.data) == (TimelineKind.PROFILE, {"fields": ["dependants"]})
    news = await db.fetch_value("SELECT data::text FROM event WHERE kind = 'dependant.added' LIMIT 1")
    assert str(customer) in news and "小满" not in news


@pytest.mark.parametrize(
    ("said", "field", "reason"),
    [
        ({"born_on": date(2026, 11, 23)}, "bornOn", "birth_to_come"),
        ({"due_on": date(2026, 11, 21)}, "dueOn", "due_date_past"),
        ({"due_on": date(2028, 1, 1)}, "dueOn", "due_date_far"),
        ({"born_on": date(2026, 1, 1), "due_on": date(2026, 12, 1)}, "bornOn", "one_date"),
        ({"born_on": None}, "bornOn", "one_date"),
        ({"born_on": date(2026, 1, 1), "name": "长" * 121}, "name", "too_long"),
    ],
)
async def test_what_cannot_be_is_refused(database: str, said: dict[str, Any], field: str, reason: str) -> None:
    world = await make_world()
    customer = await make_customer(world)
    with clock.pretended(NOON):
        refusal = await refused(make_child(world, customer, "guide", **said))
    assert (refusal.code, refusal.field, refusal.reason) == (ErrorCode.INVALID, field, reason)


async def test_a_day_is_a_day_of_the_familys_store(database: str) -> None:
    world = await make_world()
    customer = await make_customer(world)
    with clock.pretended(datetime(2026, 11, 22, 17, tzinfo=UTC)):  # the 23rd in Shanghai
        assert await make_child(world, customer, "guide", born_on=date(2026, 11, 23))


async def test_edits_of_different_fields_merge_and_the_two_days_are_one(database: str) -> None:
    world = await make_world()
    guide, manager = world.staff["guide"], world.staff["manager"]
    with clock.pretended(NOON):
        key = await make_child(world, await make_customer(world), due_on=date(2026, 12, 24))
        await service.update_dependant(manager, key, 1, {"name": "小满"})
        await service.update_dependant(guide, key, 1, {"born_on": date(2026, 11, 20)})
        child = await shown(guide, key)
        assert (child.name, child.born_on, child.due_on, child.version) == ("小满", date(2026, 11, 20), None, 3)
        clash = await refused(service.update_dependant(manager, key, 1, {"due_on": date(2026, 12, 25)}))
        assert clash.code is ErrorCode.CONFLICT
        assert clash.subject == [Conflict("dueOn", "2026-12-25", "2026-11-20")]
        clash = await refused(service.update_dependant(manager, key, 1, {"name": "阿树"}))
        assert clash.subject == [Conflict("name", "阿树", "小满")]
        refusal = await refused(service.update_dependant(guide, key, 3, {"born_on": None}))
        assert refusal.reason == "one_date"
        await service.update_dependant(guide, key, 3, {"name": None, "gender": "female"})
        await service.update_dependant(guide, key, 4, {"gender": "female"})
        child = await shown(guide, key)
        assert (child.name, child.gender, child.version) == (None, "female", 4)


async def test_a_due_date_becomes_a_birth_in_one_tap(database: str) -> None:
    world = await make_world()
    guide = world.staff["guide"]
    with clock.pretended(NOON):
        key = await make_child(world, await make_customer(world), due_on=date(2026, 11, 30))
        await service.confirm_birth(guide, key, None)
        await service.confirm_birth(guide, key, None)
        await service.confirm_birth(guide, key, date(2026, 11, 22))
        child = await shown(guide, key)
        assert (child.born_on, child.due_on, child.version) == (date(2026, 11, 22), None, 2)
        refusal = await refused(service.confirm_birth(guide, key, date(2026, 11, 20)))
        assert (refusal.reason, refusal.params) == ("born_already", {"day": "2026-11-22"})


async def test_a_stop_tells_nobody_and_a_removal_can_be_undone(database: str) -> None:
    world = await make_world()
    guide, customer = world.staff["guide"], await make_customer(world)
    key = await make_child(world, customer)
    entries = len(await queries.timeline(guide, customer, 50))
    for _ in range(2):
        await service.stop_milestones(guide, key, "不想被打扰")
    child = await shown(guide, key)
    assert child.stopped_at and (child.stop_reason, child.version) == ("不想被打扰", 2)
    assert len(await queries.timeline(guide, customer, 50)) == entries
    await service.resume_milestones(guide, key)
    child = await shown(guide, key)
    assert (child.stopped_at, child.stop_reason) == (None, None)
    await service.remove_dependant(guide, key)
    assert await queries.dependant(guide, key) is None
    assert (await refused(service.update_dependant(guide, key, 1, {"name": "x"}))).code is ErrorCode.NOT_FOUND
    await service.restore_dependant(guide, key)
    assert (await shown(guide, key)).version == 5


async def test_only_who_edits_the_mother_touches_her_children(database: str) -> None:
    world, other = await make_world(), await make_world("别家")
    customer = await make_customer(world)
    key = await make_child(world, customer)
    acts = (
        lambda actor: service.add_dependant(actor, new_child(customer)),
        lambda actor: service.update_dependant(actor, key, 1, {"name": "x"}),
        lambda actor: service.confirm_birth(actor, key, None),
        lambda actor: service.stop_milestones(actor, key, None),
        lambda actor: service.resume_milestones(actor, key),
        lambda actor: service.remove_dependant(actor, key),
        lambda actor: service.restore_dependant(actor, key),
    )
    for act in acts:
        assert (await refused(act(world.staff["colleague"]))).code is ErrorCode.FORBIDDEN
        assert (await refused(act(world.staff["stranger"]))).code is ErrorCode.NOT_FOUND
        assert (await refused(act(other.staff["admin"]))).code is ErrorCode.NOT_FOUND
    assert await queries.dependant(world.staff["colleague"], key)
    assert await queries.dependant(world.staff["stranger"], key) is None


def new_child(customer: UUID) -> NewDependant:
    return NewDependant(id=new_id(), customer_id=customer, born_on=date(2026, 1, 1))


async def test_head_offices_list_replaces_the_one_that_is_shipped(database: str) -> None:
    world = await make_world()
    hq, shipped = world.staff["hq"], await queries.life_stages(world.brand_id)
    assert shipped.version == 0 and shipped.stages == queries.SHIPPED
    kept = [stage for stage in shipped.stages if stage.key in ("newborn", "solids", "graduated")]
    renamed = [replace(kept[0], labels={"zh-CN": " 月子期 "}), *kept[1:]]
    assert await service.save_life_stages(hq, 0, renamed) == 1
    saved = await queries.life_stages(world.brand_id)
    assert [stage.key for stage in saved.stages] == ["newborn", "solids", "graduated"]
    assert (saved.version, saved.stages[0].labels) == (1, {"zh-CN": "月子期"})
    stale = await refused(service.save_life_stages(hq, 0, kept))
    assert (stale.code, stale.reason) == (ErrorCode.CONFLICT, "stages_changed")
    await service.save_life_stages(hq, 1, [kept[2], kept[0]])
    saved = await queries.life_stages(world.brand_id)
    assert [stage.key for stage in saved.stages] == ["graduated", "newborn"]
    swapped = replace(kept[1], kind=LifeStageKind.STAGE, why={}, say={}, active=False)
    refusal = await refused(service.save_life_stages(hq, 2, [swapped, kept[2]]))
    assert refusal.reason == "stage_kind"  # archived keys keep what they were
    assert await service.save_life_stages(hq, 2, [kept[1], kept[2]]) == 3
    other = await make_world("别家")
    assert (await queries.life_stages(other.brand_id)).version == 0


async def test_a_moved_milestone_counts_from_now_and_a_renamed_one_as_before(database: str) -> None:
    world: World = await make_world()
    hq, stages = world.staff["hq"], list(queries.SHIPPED)
    place = next(n for n, stage in enumerate(stages) if stage.key == "solids")
    with clock.pretended(NOON):
        stages[place] = replace(stages[place], begins=Age(5, AgeUnit.MONTHS))
        await service.save_life_stages(hq, 0, stages)
    with clock.pretended(NOON + timedelta(days=1)):
        stages[place] = replace(stages[place], labels={"zh-CN": "辅食"})
        await service.save_life_stages(hq, 1, stages)
    since = {stage.key: stage.since for stage in (await queries.life_stages(world.brand_id)).stages}
    assert since["solids"] == NOON and since["day_42"] is None


async def test_the_database_keeps_exactly_one_day(database: str) -> None:
    world = await make_world()
    key = await make_child(world, await make_customer(world))
    for change in ("due_on = NULL", "born_on = '2026-01-01'"):
        with pytest.raises(asyncpg.CheckViolationError):
            await db.execute(f"UPDATE dependant SET {change} WHERE id = $1", key)
