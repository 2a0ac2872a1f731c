"""Somebody fills in what differs from her card: whoever looks after her is told, once a filling, and nothing of it."""

from typing import Any
from uuid import UUID, uuid4

import pytest

from shuke.app.wiring import WIRING
from shuke.domains.customers import service
from shuke.domains.customers.types.links import Filled
from shuke.domains.identity.types import Locale
from shuke.domains.notifications import queries as inbox
from shuke.domains.notifications import service as post_office
from shuke.domains.notifications.types import InboxKind, InboxMessage
from shuke.kit import clock, db
from shuke.kit.events import Dispatcher
from tests.factories import World, make_world
from tests.factories.customers import make_customer, next_phone
from tests.factories.links import make_link
from tests.factories.merging import merge
from tests.factories.notifications import reminded
from tests.push.receiver import push_service


async def fill(token: str, *, done: bool = False, **texts: str) -> str:
    saved = await service.fill_in(token, Filled(Locale.ZH_CN, texts, nonce=uuid4(), done=done), "10.0.0.7")
    assert not saved.mistakes
    await Dispatcher(WIRING).drain()
    return saved.token


async def told(world: World, who: str) -> list[InboxMessage]:
    found = await inbox.inbox(world.staff[who], 9)
    return [message for message in found if message.kind is InboxKind.ANSWERS_WAITING]


async def code_of(world: World, customer: UUID | None = None, **said: Any) -> tuple[UUID, str]:
    link = await make_link(world, customer, **said)
    return link, await service.link_token(link)


async def test_her_guide_is_told_once_a_filling_and_nothing_of_her(database: str) -> None:
    world = await make_world()
    her = await make_customer(world, name="周雨桐", phone=next_phone())
    link, token = await code_of(world, her)
    await fill(token, gender="female")
    assert await told(world, "guide") == []  # it stood open and is filled
    for texts in ({"name": "周小桐"}, {"name": "周小彤", "phone": next_phone()}, {"done": True}):
        await fill(token, **texts)
    (message,) = await told(world, "guide")
    assert (message.data, message.url) == ({}, f"/customers/{her}?sheet=answers")
    assert await told(world, "colleague") == [] and await told(world, "manager") == []
    guide = world.staff["guide"]
    await post_office.mark_read(guide)
    await fill(token, name="周彤")
    assert len(await told(world, "guide")) == 1  # the same filling, and it waits still
    await service.settle_answers(guide, link, ["name"])
    await fill(token, name="周童")
    assert len(await told(world, "guide")) == 2


async def test_a_push_goes_under_it_and_says_nothing_of_her(database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    async with push_service() as pushes:
        monkeypatch.setenv("SHUKE_PUSH_HOSTS", pushes.origin)
        world = await make_world()
        _, phone = await reminded(world, pushes)
        her = await make_customer(world, name="周雨桐")
        await fill((await code_of(world, her))[1], name="林小满")
        assert await post_office.sweep_deliveries(9) == 1
        ((message,),) = (phone.messages,)
    assert {key: message[key] for key in ("kind", "count", "url")} == {
        "kind": "ANSWERS_WAITING",
        "count": 1,
        "url": f"/customers/{her}?sheet=answers",
    }


async def test_who_has_not_read_of_her_yet_is_not_told_again(database: str) -> None:
    world = await make_world()
    her, other = await make_customer(world), await make_customer(world)
    for customer in (her, her, other):
        await fill((await code_of(world, customer))[1], name="林小满")
    assert {message.url for message in await told(world, "guide")} == {
        f"/customers/{one}?sheet=answers" for one in (her, other)
    }
    assert len(await told(world, "guide")) == 2


async def test_the_pools_customer_waits_for_everybody_of_the_store(database: str) -> None:
    world = await make_world()
    left = await make_customer(world)
    pooled = await make_customer(world)
    await db.execute("UPDATE customer SET guide_id = NULL WHERE id = $1", pooled)
    await fill((await code_of(world, pooled))[1], name="林小满")
    assert [len(await told(world, who)) for who in ("guide", "colleague", "manager", "stranger")] == [1, 1, 1, 0]
    await db.execute("UPDATE staff SET left_at = $2 WHERE id = $1", world.staff["guide"].id, clock.now())
    link, token = await code_of(world, left, who="manager")
    await fill(token, name="林小满")
    assert [len(await told(world, who)) for who in ("guide", "colleague", "manager")] == [1, 2, 2]
    assert (await told(world, "manager"))[0].url == f"/customers/{left}?sheet=answers" and link


async def test_a_number_typed_at_the_stores_code_tells_whose_customer_it_is(database: str) -> None:
    world, phone = await make_world(), next_phone()
    her = await make_customer(world, phone=phone)
    own = await fill((await code_of(world))[1], name="周小桐", phone=phone)
    assert [message.url for message in await told(world, "guide")] == [f"/customers/{her}?sheet=answers"]
    await fill(own, gender="female", done=True)
    assert len(await told(world, "guide")) == 1


async def test_what_a_colleague_decided_meanwhile_is_told_to_nobody_and_an_old_id_leads_on(database: str) -> None:
    world = await make_world()
    her, twin = await make_customer(world), await make_customer(world)
    link, token = await code_of(world, her)
    await service.fill_in(token, Filled(Locale.ZH_CN, {"name": "林小满"}), "10.0.0.7")
    await service.settle_answers(world.staff["guide"], link, [])
    await Dispatcher(WIRING).drain()
    assert await told(world, "guide") == []
    await merge(world, twin, her)
    await fill(token, name="林小漫")
    assert [message.url for message in await told(world, "guide")] == [f"/customers/{twin}?sheet=answers"]
