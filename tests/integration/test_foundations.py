"""The kit's promises: replayed operations, events delivered once, sign-in."""

import asyncio

import pytest

from shuke.domains.identity import service
from shuke.domains.identity.types import Role
from shuke.kit import db, events, operations
from shuke.kit.errors import ErrorCode, Refusal
from shuke.kit.events import EventRow
from shuke.kit.ids import new_id
from tests.factories import PASSWORD, make_world

seen: list[EventRow] = []


async def remember(event: EventRow) -> None:
    seen.append(event)


async def stumble(event: EventRow) -> None:
    raise RuntimeError("no")


async def test_an_operation_runs_once_and_answers_the_same_again(database: str) -> None:
    world = await make_world()
    calls: list[int] = []

    async def act() -> int:
        calls.append(1)
        return len(calls)

    key = new_id()

    async def run(request: dict[str, int]) -> int:
        return await operations.once(key, world.brand_id, None, "test", request, int, act)

    assert await run({"a": 1}) == 1
    assert await run({"a": 1}) == 1
    assert calls == [1]
    with pytest.raises(Refusal) as refused:
        await run({"a": 2})
    assert refused.value.code is ErrorCode.OPERATION_REUSED


async def test_two_callers_with_one_operation_id_act_once(database: str) -> None:
    world = await make_world()
    key, calls = new_id(), []

    async def act() -> str:
        calls.append(1)
        await asyncio.sleep(0.05)
        return "done"

    answers = await asyncio.gather(
        *(operations.once(key, world.brand_id, None, "test", {}, str, act) for _ in range(5))
    )
    assert answers == ["done"] * 5 and len(calls) == 1


async def test_an_event_reaches_each_handler_once_and_a_failing_one_is_put_off(database: str) -> None:
    world = await make_world()
    seen.clear()
    dispatcher = events.Dispatcher({"thing.done": [remember, stumble]})
    await events.record(world.brand_id, "thing.done", ("system", None), ("thing", None), {"n": 1})
    assert await dispatcher.drain() == 1
    assert await dispatcher.drain() == 0
    assert [event.data for event in seen] == [{"n": 1}]
    row = await db.fetch_row("SELECT attempts, error FROM event_delivery WHERE done_at IS NULL")
    assert row is not None and tuple(row) == (1, "RuntimeError")


async def test_two_dispatchers_double_nothing(database: str) -> None:
    world = await make_world()
    seen.clear()
    for n in range(30):
        await events.record(world.brand_id, "thing.done", ("system", None), ("thing", None), {"n": n})
    await asyncio.gather(*(events.Dispatcher({"thing.done": [remember]}).drain() for _ in range(3)))
    assert sorted(event.data["n"] for event in seen) == list(range(30))


async def test_signing_in_opens_a_session_that_can_be_revoked(database: str) -> None:
    world = await make_world()
    key = new_id()
    signed = await service.sign_in(key, world.phones["guide"].removeprefix("+86"), PASSWORD, "Pixel", "10.0.0.1")
    again = await service.sign_in(key, world.phones["guide"], PASSWORD, "Pixel", "10.0.0.1")
    assert signed.token == again.token
    actor = await service.by_session(signed.token)
    assert actor is not None and actor.id == world.staff["guide"].id
    assert [grant.role for grant in actor.grants] == [Role.GUIDE] and actor.store_ids == (world.stores[0],)
    await service.revoke_session(actor, signed.session_id)
    assert await service.by_session(signed.token) is None


async def test_a_wrong_password_is_refused_and_too_many_tries_wait(database: str) -> None:
    world = await make_world()
    codes = []
    for _ in range(service.TRIES_FROM_ONE_PLACE + 1):
        with pytest.raises(Refusal) as refused:
            await service.sign_in(new_id(), world.phones["guide"], "wrong password", "x", "10.0.0.2")
        codes.append(refused.value.code)
    assert codes[:-1] == [ErrorCode.SIGN_IN_FAILED] * service.TRIES_FROM_ONE_PLACE
    assert codes[-1] is ErrorCode.TOO_MANY
    elsewhere = await service.sign_in(new_id(), world.phones["guide"], PASSWORD, "x", "10.0.0.3")
    assert elsewhere.token
