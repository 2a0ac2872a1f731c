"""Who brought whom: set, versioned, counted; no chain bites its tail, not even when two links are made at once."""

import asyncio
from uuid import UUID

from shuke.domains.customers import queries, service
from shuke.domains.customers.queries import referrals
from shuke.domains.customers.types.referrals import Referrals
from shuke.domains.identity.types import Actor
from shuke.domains.records.service import erasure
from shuke.kit import clock, db
from shuke.kit.errors import ErrorCode, Refusal
from shuke.kit.ids import new_id
from tests.factories import World, make_world
from tests.factories.customers import make_customer, refused


async def graph(actor: Actor, customer: UUID) -> Referrals:
    return (await queries.cards_of(actor, [customer]))[0].referrals


async def bring(world: World, customer: UUID, referrer: UUID | None, who: str = "guide") -> None:
    version = await db.fetch_value("SELECT version FROM customer WHERE id = $1", customer)
    await service.update_customer(world.staff[who], customer, version, {"referrer_id": referrer})


async def test_the_graph_shows_who_brought_her_and_two_levels_below(database: str) -> None:
    world = await make_world()
    top = await make_customer(world, alias="王姐")
    middle = await make_customer(world, alias="周周", referrer_id=top)
    one, two = [await make_customer(world, alias=name, referrer_id=middle) for name in ("一", "二")]
    deep = await make_customer(world, alias="三", referrer_id=two)
    guide = world.staff["guide"]
    seen = await graph(guide, middle)
    assert seen.referrer and (seen.referrer.id, seen.referrer.name) == (top, "王姐")
    assert [person.id for person in seen.brought] == [two, one] and (seen.brought_count, seen.further_count) == (2, 1)
    assert [person.id for person in referrals.brought_by(seen, two)] == [deep]
    above = await graph(guide, top)
    assert (above.referrer, above.brought_count, above.further_count) == (None, 1, 2)
    await bring(world, deep, None)
    assert (await graph(guide, two)).brought_count == 0


async def test_out_of_reach_a_person_of_the_graph_is_masked(database: str) -> None:
    world = await make_world()
    away = await make_customer(world, guide="stranger", alias="外店")
    here = await make_customer(world)
    await bring(world, here, away, "hq")
    person = (await graph(world.staff["guide"], here)).referrer
    assert person
    shown = referrals.shown(world.staff["guide"], person)
    assert (shown.id, shown.name, shown.store) == (None, "外••", "滨江店")
    assert referrals.shown(world.staff["regional"], person).id == away
    unseen = await refused(bring(world, await make_customer(world), away))
    assert (unseen.code, unseen.field) == (ErrorCode.NOT_FOUND, "referrerId")


async def test_whoever_was_erased_brought_nobody_that_is_known(database: str) -> None:
    world = await make_world()
    top = await make_customer(world, name="王姐")
    middle = await make_customer(world, referrer_id=top)
    low = await make_customer(world, referrer_id=middle)
    await erasure.erase_customer(world.staff["hq"], top, "王姐")
    seen = await graph(world.staff["guide"], middle)
    assert seen.referrer is None and [person.id for person in seen.brought] == [low]
    await bring(world, middle, await make_customer(world, alias="新介绍人"))
    seen = await graph(world.staff["guide"], middle)
    assert seen.referrer and seen.referrer.name == "新介绍人"


async def test_a_circle_is_refused_however_long(database: str) -> None:
    world = await make_world()
    chain = [await make_customer(world)]
    for _ in range(5):
        chain.append(await make_customer(world, referrer_id=chain[-1]))
    for customer in (chain[-1], chain[1], chain[0]):
        circle = await refused(bring(world, chain[0], customer))
        assert (circle.code, circle.field, circle.reason) == (ErrorCode.INVALID, "referrerId", "referral_circle")
    herself = new_id()
    assert (await refused(make_customer(world, id=herself, referrer_id=herself))).reason == "referral_circle"
    await bring(world, chain[3], None)
    await bring(world, chain[0], chain[-1])  # the chain was cut, so this closes nothing


async def test_two_who_bring_each_other_at_once_cannot_both_win(database: str) -> None:
    world = await make_world()
    for _ in range(5):
        ring = [await make_customer(world) for _ in range(3)]
        links = [bring(world, ring[n], ring[(n + 1) % 3]) for n in range(3)]
        done = await asyncio.gather(*links, return_exceptions=True)
        lost = [problem for problem in done if isinstance(problem, Refusal)]
        assert len(lost) == 1 and lost[0].reason == "referral_circle", done


async def test_who_brought_her_is_a_field_like_others(database: str) -> None:
    world = await make_world()
    one, other, customer = [await make_customer(world, alias=name) for name in ("甲", "乙", "丙")]
    guide = world.staff["guide"]
    await service.update_customer(guide, customer, 1, {"referrer_id": one})
    clash = await refused(service.update_customer(world.staff["manager"], customer, 1, {"referrer_id": other}))
    assert clash.code is ErrorCode.CONFLICT and isinstance(clash.subject, list)
    assert [(c.field, c.yours, c.theirs) for c in clash.subject] == [("referrerId", "乙", "甲")]
    entry = (await queries.timeline(guide, customer, 1))[0]
    assert entry.data == {"fields": ["referrerId"]}


async def referrer_of(customer: UUID) -> UUID | None:
    found: UUID | None = await db.fetch_value("SELECT referrer_id FROM customer WHERE id = $1", customer)
    return found


async def test_whom_two_archives_brought_one_person_brought_after_their_merge(database: str) -> None:
    world = await make_world()
    top, winner = await make_customer(world), await make_customer(world)
    loser = await make_customer(world, referrer_id=top)
    hers = await make_customer(world, referrer_id=loser)
    async with db.tx():
        await service.relink_referrals(world.brand_id, winner, loser, clock.now())
    assert (await referrer_of(winner), await referrer_of(hers)) == (top, winner)


async def test_a_merge_closes_no_circle(database: str) -> None:
    world = await make_world()
    loser = await make_customer(world)
    between = await make_customer(world, referrer_id=loser)
    winner = await make_customer(world, referrer_id=between)
    async with db.tx():
        await service.relink_referrals(world.brand_id, winner, loser, clock.now())
    assert (await referrer_of(winner), await referrer_of(between)) == (None, winner)
    other = await make_customer(world, referrer_id=between)
    async with db.tx():
        await service.relink_referrals(world.brand_id, winner, other, clock.now())
    assert await referrer_of(winner) is None
