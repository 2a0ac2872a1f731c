"""Customers whom two stores serve: asked for by number, answered by the home store, ended from either side."""

from uuid import UUID

from shuke.domains.customers import queries, service
from shuke.domains.customers.types import Filters, IdentityKind, TimelineKind
from shuke.domains.identity.types import Actor, Locale
from shuke.domains.notifications import queries as inbox
from shuke.domains.notifications.types import InboxKind
from shuke.domains.tasks import queries as tasks
from shuke.domains.tasks import service as task_service
from shuke.domains.tasks.types import Outcome
from shuke.kit import db
from shuke.kit.errors import ErrorCode
from shuke.kit.ids import new_id
from tests.factories import World, make_world
from tests.factories.customers import make_customer, next_phone, refused
from tests.factories.tasks import make_card


async def shared(world: World, name: str = "周雨桐", phone: str | None = None) -> UUID:
    """A customer of the guide's, shared with the stranger's store."""
    phone = phone or next_phone()
    her = await make_customer(world, name=name, phone=phone)
    request = await service.ask_to_share(world.staff["stranger"], phone)
    await service.answer_share_request(world.staff["manager"], request, True)
    return her


async def listed(actor: Actor, **filters: object) -> list[UUID]:
    chosen = Filters(**filters)  # type: ignore[arg-type]
    found = [view.id for view in await queries.customers(actor, chosen, 50)]
    assert await queries.total(actor, chosen) == len(found)
    return found


async def test_the_home_stores_manager_is_asked_and_who_asked_is_told(database: str) -> None:
    world = await make_world()
    stranger, manager, phone = world.staff["stranger"], world.staff["manager"], next_phone()
    her = await make_customer(world, phone=phone, name="周雨桐")
    request = await service.ask_to_share(stranger, phone)
    assert await service.ask_to_share(stranger, phone) == request
    (message,) = await inbox.inbox(manager, 5)
    assert (message.kind, message.data, message.url) == (
        InboxKind.SHARE_REQUEST,
        {"store": "滨江店"},
        f"/inbox?sheet=share&of={request}",
    )
    assert await inbox.inbox(world.staff["guide"], 5) == [] and await inbox.inbox(world.staff["hq"], 5) == []
    found = await queries.share_request(manager, request)
    assert found and (found.customer_id, found.store.name, found.asked_by.name) == (her, "滨江店", "stranger")
    assert await queries.customer(stranger, her) is None
    assert (await refused(service.answer_share_request(stranger, request, True))).code is ErrorCode.FORBIDDEN
    await service.answer_share_request(manager, request, False)
    (message,) = await inbox.inbox(stranger, 5)
    assert (message.kind, message.data) == (InboxKind.SHARE_ANSWERED, {"accepted": False})
    assert (await refused(service.answer_share_request(manager, request, True))).code is ErrorCode.CONFLICT
    again = await service.ask_to_share(stranger, phone)
    assert again != request
    await service.answer_share_request(manager, again, True)
    assert await service.answer_share_request(manager, again, True) == again
    assert await queries.customer(stranger, her)
    kinds = [entry.kind for entry in await queries.timeline(stranger, her, 9)]
    assert kinds == [TimelineKind.SHARED, TimelineKind.CREATED]


async def test_a_store_without_a_manager_is_answered_by_its_region_or_head_office(database: str) -> None:
    world = await make_world()
    for store, who in ((world.stores[1], ["regional"]), (world.stores[2], ["hq", "admin"])):
        phone = next_phone()
        await make_customer(world, "hq", phone=phone, store_id=store)
        await service.ask_to_share(world.staff["guide"], phone)
        told = await db.fetch(
            "SELECT staff_id FROM inbox_message WHERE created_at = (SELECT max(created_at) FROM inbox_message)"
        )
        assert {row[0] for row in told} == {world.staff[name].id for name in who}


async def test_only_what_is_elsewhere_can_be_asked_for(database: str) -> None:
    world = await make_world()
    phone = next_phone()
    await make_customer(world, phone=phone)
    nobody = await refused(service.ask_to_share(world.staff["stranger"], next_phone()))
    assert (nobody.code, nobody.reason) == (ErrorCode.NOT_FOUND, "nobody_to_share")
    assert (await refused(service.ask_to_share(world.staff["colleague"], phone))).code is ErrorCode.TAKEN
    for _ in range(service.HOLDERS_AN_HOUR):
        await service.ask_to_share(world.staff["stranger"], phone)
    assert (await refused(service.ask_to_share(world.staff["stranger"], phone))).code is ErrorCode.TOO_MANY


async def test_she_is_opened_noted_called_and_served_there_as_one_of_the_pool(database: str) -> None:
    world = await make_world()
    stranger = world.staff["stranger"]
    phone = next_phone()
    her = await shared(world, phone=phone)
    card = await make_card(world, her)
    await service.add_note(stranger, her, new_id(), "问了推车")
    number = await service.reveal_phone(stranger, her)
    assert number and await queries.plain_phone(stranger, her, number) == f"+86{phone}"
    assert (await tasks.open_tasks_of(stranger, [her]))[0]
    await task_service.record_outcome(stranger, new_id(), card, Outcome.REACHED)
    assert [view.id for view in await tasks.done_today(stranger)] == [card]
    view = await queries.customer(stranger, her)
    assert view and view.store.id == world.stores[0]
    await service.update_customer(stranger, her, view.version, {"alias": "糖糖妈妈"})
    refusal = await refused(service.update_customer(stranger, her, view.version + 1, {"guide_id": None}))
    assert (refusal.code, refusal.field) == (ErrorCode.FORBIDDEN, "guideId")
    taken = await queries.holder(stranger, IdentityKind.PHONE, f"+86{phone}")
    assert taken and taken.id == her


async def test_she_is_found_there_and_stands_under_shared_alone(database: str) -> None:
    world = await make_world()
    stranger = world.staff["stranger"]
    own = await make_customer(world, "stranger", name="周晓晓")
    phone = next_phone()
    her = await shared(world, phone=phone)
    other = await make_customer(world, name="周雨天")
    for typed in ("周", "zhouyutong", "zyt", "雨桐", phone[-4:], phone):
        assert her in await listed(stranger, search=typed) and other not in await listed(stranger, search=typed), typed
    assert await listed(stranger) == [own]
    assert await listed(stranger, shared=True) == [her] == await listed(stranger, shared=True, search="雨桐")
    assert await listed(stranger, shared=True, search="晓") == []
    assert await listed(world.staff["hq"], shared=True) == [her]
    assert await listed(world.staff["guide"], shared=True) == [] == await listed(world.staff["regional"], shared=True)
    new = await queries.customer(stranger, her)
    assert new
    await service.update_customer(stranger, her, new.version, {"name": "何佳"})
    assert await listed(stranger, search="hejia") == [her] and await listed(stranger, search="zyt") == []


async def test_she_is_found_among_very_many_too(database: str, monkeypatch: object) -> None:
    from shuke.domains.customers.queries import lists

    world = await make_world()
    own = await make_customer(world, "stranger", name="周晓晓")
    her = await shared(world)
    monkeypatch.setattr(lists, "MANY_FROM", 1)  # type: ignore[attr-defined]
    assert await listed(world.staff["stranger"], search="周") == [her, own]
    rows = await queries.customers(world.staff["stranger"], Filters(search="周"), 1)
    assert [row.id for row in rows] == [her, own]
    assert [row.id for row in await queries.customers(world.staff["stranger"], Filters(search="周"), 1, her)] == [own]


async def test_no_share_widens_a_partners_key(database: str) -> None:
    world = await make_world()
    her = await shared(world)
    key = Actor(
        *("partner", new_id(), world.brand_id, "till", Locale.EN, "UTC", "CNY"),
        scopes=frozenset({"read"}),
        stores=(world.stores[1],),
    )
    assert await queries.customer(key, her) is None
    assert await listed(key, search="周") == [] == await listed(key, shared=True)


async def test_either_side_ends_it_and_nothing_is_left_behind(database: str) -> None:
    world = await make_world()
    stranger, there = world.staff["stranger"], world.stores[1]
    for who in ("manager", "regional", "hq"):
        her = await shared(world)
        assert (await refused(service.end_share(world.staff["guide"], her, there))).code is ErrorCode.FORBIDDEN
        await service.end_share(world.staff[who], her, there)
        assert await queries.customer(stranger, her) is None and await listed(stranger, search="周") == []
        assert await db.fetch_value("SELECT count(*) FROM search_token WHERE store_id = $1", there) == 0
        assert (await queries.timeline(world.staff["guide"], her, 1))[0].kind is TimelineKind.UNSHARED
