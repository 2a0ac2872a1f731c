"""Cards change hands: given to somebody else, taken back, handed over; and a nudge."""

import asyncio
from collections.abc import Coroutine
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from shuke.domains.customers import service as customers
from shuke.domains.customers.types import CustomerView
from shuke.domains.identity.types import Actor, Grant, Post, Role
from shuke.domains.notifications import queries as inbox
from shuke.domains.notifications.types import InboxKind
from shuke.domains.records.service import people as handovers
from shuke.domains.tasks import handlers, queries, service
from shuke.domains.tasks.types import Outcome
from shuke.kit import clock, codec, db
from shuke.kit.errors import ErrorCode, Refusal
from shuke.kit.events import EventRow
from shuke.kit.ids import new_id
from tests.factories import World, make_world
from tests.factories.board import HOUR, NOON, open_card
from tests.factories.customers import make_customer, refused
from tests.factories.meeting import meet
from tests.factories.tasks import make_card


def key_of(world: World, who: str) -> UUID:
    found = world.staff[who].id
    assert found
    return found


async def owner(task_id: UUID) -> UUID | None:
    found: UUID | None = await db.fetch_value("SELECT assignee_id FROM task WHERE id = $1", task_id)
    return found


async def test_cards_go_to_a_colleague_and_back_and_ring_for_who_has_them(database: str) -> None:
    world = await make_world()
    manager, guide, colleague = world.staff["manager"], key_of(world, "guide"), key_of(world, "colleague")
    late, later = await open_card(world, NOON - HOUR), await open_card(world, NOON + 5 * HOUR, guide=None)
    await db.execute("UPDATE task SET remind_at = NULL WHERE id = $1", late)  # it has rung for the guide
    with clock.pretended(NOON):
        done = await service.reassign(manager, [late, later], colleague)
        assert done.event_id and (await owner(late), await owner(later)) == (colleague, colleague)
        rings = {row[0]: row[1] for row in await db.fetch("SELECT id, remind_at FROM task")}
        assert rings == {late: NOON, later: NOON + 5 * HOUR - timedelta(minutes=30)}
        told = await db.fetch("SELECT data, actor_id FROM event WHERE kind = 'tasks.reassigned'")
        assert len(told) == 1 and told[0][1] == manager.id
        assert {card["giver"] for card in codec.loads(told[0][0])["cards"]} == {str(guide), None}
        assert set(await service.undo_reassign(manager, done.event_id)) == {late, later}
        assert (await owner(late), await owner(later)) == (guide, None)
        assert await db.fetch_value("SELECT remind_at FROM task WHERE id = $1", late) is None
        assert (await refused(service.undo_reassign(manager, done.event_id))).code is ErrorCode.NOT_UNDOABLE


async def test_what_moved_on_or_was_closed_stays_where_it_is(database: str) -> None:
    world = await make_world()
    manager, colleague = world.staff["manager"], key_of(world, "colleague")
    gone, closed, waits = [await open_card(world, NOON) for _ in range(3)]
    done = await service.reassign(manager, [gone, closed, waits], colleague)
    assert done.event_id
    await service.reassign(world.staff["regional"], [gone], None)
    await service.reassign(world.staff["regional"], [gone], colleague)  # away and back again
    await service.record_outcome(world.staff["colleague"], new_id(), closed, Outcome.REACHED)
    assert (await refused(service.undo_reassign(world.staff["hq"], done.event_id))).code is ErrorCode.NOT_UNDOABLE
    assert await service.undo_reassign(manager, done.event_id) == (waits,)
    assert [await owner(card) for card in (gone, closed, waits)] == [colleague, colleague, key_of(world, "guide")]


async def test_all_cards_move_or_none(database: str) -> None:
    world = await make_world()
    manager, hers = world.staff["manager"], await open_card(world, NOON)
    elsewhere = await open_card(world, NOON, guide="stranger", store=1)
    colleague, stranger = key_of(world, "colleague"), key_of(world, "stranger")
    other = await make_world("别家")
    theirs = await open_card(other, NOON)
    for cards, to, code in (
        ([hers, elsewhere], colleague, ErrorCode.NOT_FOUND),
        ([hers, theirs], colleague, ErrorCode.NOT_FOUND),
        ([hers, new_id()], colleague, ErrorCode.NOT_FOUND),
        ([hers], stranger, ErrorCode.INVALID),
        ([hers], key_of(other, "guide"), ErrorCode.INVALID),
    ):
        assert (await refused(service.reassign(manager, cards, to))).code is code
    assert (await refused(service.reassign(world.staff["regional"], [hers, elsewhere], colleague))).code is (
        ErrorCode.INVALID
    )
    assert (await refused(service.reassign(world.staff["guide"], [hers], colleague))).code is ErrorCode.FORBIDDEN
    assert await owner(hers) == key_of(world, "guide")
    same = await service.reassign(manager, [hers], key_of(world, "guide"))
    assert same.event_id is None and same.tasks == (hers,)


async def test_a_card_stays_with_whom_it_was_given_until_the_customer_changes_hands(database: str) -> None:
    world = await make_world()
    customer = await make_customer(world)
    card, colleague = await make_card(world, customer), key_of(world, "colleague")
    done = await service.reassign(world.staff["manager"], [card], colleague)
    assert done.event_id
    for field, expected in (("note", colleague), ("guideId", None)):
        if field == "guideId":
            await db.execute("UPDATE customer SET guide_id = NULL WHERE id = $1", customer)
        said = {"fields": [field]}
        await handlers.on_customer_updated(
            EventRow(new_id(), world.brand_id, "customer.updated", "staff", None, "customer", customer, said, NOON)
        )
        assert await owner(card) == expected
    assert (await refused(service.undo_reassign(world.staff["manager"], done.event_id))).code is ErrorCode.NOT_UNDOABLE


async def test_undo_ends_after_a_day_and_gives_nothing_to_who_left(database: str) -> None:
    world = await make_world()
    manager, colleague = world.staff["manager"], key_of(world, "colleague")
    with clock.pretended(NOON):
        done = await service.reassign(manager, [await open_card(world, NOON)], colleague)
    assert done.event_id
    with clock.pretended(NOON + timedelta(days=1, seconds=1)):
        assert (await refused(service.undo_reassign(manager, done.event_id))).code is ErrorCode.NOT_UNDOABLE
    await db.execute("UPDATE staff SET left_at = now() WHERE id = $1", key_of(world, "guide"))
    with clock.pretended(NOON):
        assert (await refused(service.undo_reassign(manager, done.event_id))).code is ErrorCode.NOT_UNDOABLE


@pytest.mark.parametrize("how", ["ends", "changes store"])
@pytest.mark.parametrize("act", ["reassign", "undo"])
@pytest.mark.parametrize("she_is_first", [False, True])
async def test_no_card_stays_with_who_leaves_while_it_comes_to_her(
    database: str, how: str, act: str, she_is_first: bool
) -> None:
    world = await make_world()
    manager, hq, card = world.staff["manager"], world.staff["hq"], await open_card(world, NOON)
    giver, leaves = ("guide", "colleague") if act == "reassign" else ("colleague", "guide")
    move: Coroutine[Any, Any, object]
    if act == "reassign":
        move = service.reassign(manager, [card], key_of(world, leaves))
    else:
        done = await service.reassign(manager, [card], key_of(world, giver))
        assert done.event_id
        move = service.undo_reassign(manager, done.event_id)
    elsewhere = Post(Role.GUIDE, world.stores[1], None)
    end, go = handovers.end, handovers.set_roles
    leave = end(hq, key_of(world, leaves), None) if how == "ends" else go(hq, key_of(world, leaves), [elsewhere])
    answers = await meet(database, *((leave, move) if she_is_first else (move, leave)))
    refusals = [answer.code for answer in answers if isinstance(answer, Refusal)]
    if she_is_first:
        assert refusals == [ErrorCode.INVALID if act == "reassign" else ErrorCode.NOT_UNDOABLE]
        assert await owner(card) == key_of(world, giver)
    else:
        assert refusals == [] and await owner(card) is None


@pytest.mark.parametrize("closed_first", [True, False])
async def test_a_card_that_is_closed_while_it_moves_is_one_or_the_other(database: str, closed_first: bool) -> None:
    world = await make_world()
    manager, guide, colleague = world.staff["manager"], key_of(world, "guide"), key_of(world, "colleague")
    touched, other = await open_card(world, NOON), await open_card(world, NOON)
    close = service.record_outcome(world.staff["guide"], new_id(), touched, Outcome.REACHED)
    move = service.reassign(manager, [touched, other], colleague)
    answers = await meet(database, *((close, move) if closed_first else (move, close)))
    moved, said = answers[::-1] if closed_first else answers
    assert moved.event_id and moved.tasks == (touched, other)
    if closed_first:
        assert said == touched and await owner(touched) == guide
    else:  # it is a colleague's now, which a guide may read and not close
        assert said.code is ErrorCode.FORBIDDEN and await owner(touched) == colleague
    states = {row[0]: row[1] for row in await db.fetch("SELECT id, state FROM task")}
    assert states == {touched: "done" if closed_first else "open", other: "open"}
    back = await service.undo_reassign(manager, moved.event_id)
    assert set(back) == ({other} if closed_first else {touched, other})
    assert (await owner(touched), await owner(other)) == (guide, guide)


async def test_a_card_that_is_closed_while_its_move_is_undone_stays_with_who_closed_it(database: str) -> None:
    world = await make_world()
    manager, guide, colleague = world.staff["manager"], key_of(world, "guide"), key_of(world, "colleague")
    for closed_first in (True, False):
        card = await open_card(world, NOON)
        done = await service.reassign(manager, [card], colleague)
        assert done.event_id
        close = service.record_outcome(world.staff["colleague"], new_id(), card, Outcome.REACHED)
        undo = service.undo_reassign(manager, done.event_id)
        (refusal,) = [
            answer
            for answer in await meet(database, *((close, undo) if closed_first else (undo, close)))
            if isinstance(answer, Refusal)
        ]
        assert refusal.code is (ErrorCode.NOT_UNDOABLE if closed_first else ErrorCode.FORBIDDEN)
        state = await db.fetch_value("SELECT state FROM task WHERE id = $1", card)
        assert (await owner(card), state) == ((colleague, "done") if closed_first else (guide, "open"))


async def test_who_moved_to_another_store_takes_back_nothing_in_the_old_one(database: str) -> None:
    world = await make_world()
    hq, colleague = world.staff["hq"], key_of(world, "colleague")
    near, far = await open_card(world, NOON), await open_card(world, NOON, guide="stranger", store=1)
    done = await service.reassign(world.staff["regional"], [near, far], None)
    assert done.event_id
    one_store = replace(world.staff["regional"], grants=(Grant(Role.STORE_MANAGER, (world.stores[1],)),))
    assert await service.undo_reassign(one_store, done.event_id) == (far,)
    assert (await owner(near), await owner(far)) == (None, key_of(world, "stranger"))
    manager = world.staff["manager"]
    done = await service.reassign(manager, [near], colleague)
    assert done.event_id
    await handovers.set_roles(hq, key_of(world, "manager"), [Post(Role.STORE_MANAGER, world.stores[2], None)])
    moved = replace(manager, grants=(Grant(Role.STORE_MANAGER, (world.stores[2],)),))
    assert (await refused(service.undo_reassign(moved, done.event_id))).code is ErrorCode.NOT_UNDOABLE
    assert await owner(near) == colleague


async def test_two_managers_at_once_give_a_card_to_one(database: str) -> None:
    world = await make_world()
    cards = [await open_card(world, NOON) for _ in range(8)]
    people = (key_of(world, "colleague"), key_of(world, "manager"))
    orders = (cards, cards[::-1])
    tries = [
        service.reassign(world.staff["regional"], list(order), who)
        for who, order in zip(people, orders, strict=True)
        for _ in range(3)
    ]
    await asyncio.gather(*tries)
    assert len({await owner(card) for card in cards}) == 1


async def test_a_nudge_is_one_message_in_half_an_hour(database: str) -> None:
    world = await make_world()
    manager, guide, store = world.staff["manager"], key_of(world, "guide"), world.stores[0]
    with clock.pretended(NOON):
        assert (await refused(service.nudge(manager, guide, store))).reason == "nothing_waits"
        await open_card(world, NOON - HOUR)
        await open_card(world, NOON + HOUR)
        await service.nudge(manager, guide, store)
        again = await refused(service.nudge(world.staff["hq"], guide, store))
        assert again.code is ErrorCode.TOO_MANY and again.params == {"minutes": 30}
    with clock.pretended(NOON + timedelta(minutes=31)):
        await service.nudge(manager, guide, store)
    letters = await inbox.inbox(world.staff["guide"], 10)
    assert [letter.kind for letter in letters] == [InboxKind.NUDGE] * 2
    assert letters[1].data == {"count": 2, "late": 1, "due": 1}
    for who, where in (("stranger", store), ("guide", world.stores[1])):
        assert (await refused(service.nudge(manager, key_of(world, who), where))).code is ErrorCode.NOT_FOUND
    stranger = (key_of(world, "stranger"), world.stores[1])
    assert (await refused(service.nudge(manager, *stranger))).code is ErrorCode.NOT_FOUND
    assert (await refused(service.nudge(world.staff["guide"], guide, store))).code is ErrorCode.FORBIDDEN


async def customer_of(actor: Actor, key: UUID) -> CustomerView:
    from shuke.domains.customers import queries as archive

    found = await archive.customer(actor, key)
    assert found
    return found


async def test_who_leaves_hands_cards_and_customers_over(database: str) -> None:
    world = await make_world()
    mine = [await make_customer(world) for _ in range(3)]
    cards = [await make_card(world, customer) for customer in mine]
    hq, guide, colleague = world.staff["hq"], key_of(world, "guide"), key_of(world, "colleague")
    await db.execute("UPDATE customer SET store_id = $2 WHERE id = $1", mine[2], world.stores[1])
    await db.execute("UPDATE task SET store_id = $2 WHERE id = $1", cards[2], world.stores[1])
    await handovers.end(hq, guide, colleague)
    assert [await owner(card) for card in cards] == [colleague, colleague, None]
    views = [await customer_of(hq, key) for key in mine]
    assert [view.guide.id if view.guide else None for view in views] == [colleague, colleague, None]
    told = codec.loads(await db.fetch_value("SELECT data FROM event WHERE kind = 'staff.ended'"))
    assert told == {"to": str(colleague), "cards": 3, "customers": 3}
    with clock.pretended(NOON):
        assert await queries.open_cards_of(hq, [guide, colleague]) == [0, 2]
    patch = {"guide_id": colleague}
    conflicting = customers.update_customer(hq, mine[2], views[2].version - 1, patch)
    assert (await refused(conflicting)).code in (ErrorCode.CONFLICT, ErrorCode.INVALID)


async def test_who_takes_over_is_reminded_of_what_rang_for_who_left(database: str) -> None:
    world = await make_world()
    rang, later = await open_card(world, NOON - HOUR), await open_card(world, NOON + 5 * HOUR)
    pooled = await open_card(world, NOON - HOUR, store=1)
    await db.execute("UPDATE task SET remind_at = NULL WHERE id = ANY($1)", [rang, pooled])
    with clock.pretended(NOON):
        await handovers.end(world.staff["hq"], key_of(world, "guide"), key_of(world, "colleague"))
        rings = {row[0]: row[1] for row in await db.fetch("SELECT id, remind_at FROM task")}
        assert rings == {rang: NOON, pooled: NOON, later: NOON + 5 * HOUR - timedelta(minutes=30)}
        await service.sweep_reminders(10)
    told = codec.loads(await db.fetch_value("SELECT data FROM event WHERE kind = 'tasks.due'"))["staff"]
    assert told == {str(key_of(world, "colleague")): [str(rang)], str(key_of(world, "stranger")): [str(pooled)]}
