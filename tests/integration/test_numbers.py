"""What a customer is known by: several numbers, a number for a family, a number that changed hands."""

import asyncio
from uuid import UUID

import pytest

from shuke.domains.customers import queries, service
from shuke.domains.customers.types import (
    Claim,
    ContactRole,
    Filters,
    IdentityKind,
    IfTaken,
    MaskedCustomer,
    TimelineKind,
)
from shuke.domains.identity.types import Actor
from shuke.kit import db
from shuke.kit.errors import ErrorCode, Refusal
from tests.factories import make_world
from tests.factories.customers import make_customer, next_phone, refused

FAMILY = Claim(IfTaken.FAMILY, ContactRole.GRANDMOTHER, "外婆")
TAKE_OVER = Claim(IfTaken.TAKE_OVER)


async def identity_of(customer: UUID, kind: str = "phone") -> UUID:
    sql = "SELECT id FROM customer_identity WHERE customer_id = $1 AND kind = $2 ORDER BY id DESC LIMIT 1"
    key: UUID = await db.fetch_value(sql, customer, kind)
    return key


async def shown(actor: Actor, customer: UUID) -> str | None:
    view = await queries.customer(actor, customer)
    assert view
    return view.phone


async def found(actor: Actor, typed: str) -> list[UUID]:
    return [view.id for view in await queries.customers(actor, Filters(search=typed), 9)]


async def test_she_is_known_by_several_things_each_found_as_its_kind_may_be(database: str) -> None:
    world = await make_world()
    guide, her = world.staff["guide"], await make_customer(world, name="周雨桐")
    for kind, typed in (("wechat", "TangGuo_Mama"), ("email", "Zhou@Example.com"), ("card", "6214 8301 2211")):
        await service.add_identity(guide, her, IdentityKind(kind), typed)
    (card,) = await queries.cards_of(guide, [her])
    assert {one.kind.value: one.value for one in card.identities if one.kind is not IdentityKind.PHONE} == {
        "wechat": "tangguo_mama",
        "email": "zhou@example.com",
        "card": "621483012211",
    }
    raw = await db.fetch_value("SELECT raw_value FROM customer_identity WHERE kind = 'card'")
    assert raw == "6214 8301 2211"
    for typed in ("tangguo_mama", "ZHOU@example.com", "6214"):
        assert await found(guide, typed) == [her], typed
    for typed in ("tangguo", "zhou@ex", "8301"):  # never by a part that the mask hides
        assert await found(guide, typed) == [], typed
    events = await db.fetch("SELECT data::text FROM event WHERE kind = 'customer.identity_added'")
    assert [row[0] for row in events] == [f'{{"fields": ["{kind}"]}}' for kind in ("wechat", "email", "card")]


@pytest.mark.parametrize(
    ("kind", "typed", "reason"),
    [
        (IdentityKind.PHONE, "123", "phone_invalid"),
        (IdentityKind.WECHAT, "小满", "wechat_invalid"),
        (IdentityKind.CARD, "1", "card_invalid"),
        (IdentityKind.EMAIL, "a@b", "email_invalid"),
        (IdentityKind.MEMBER_NO, "\x00", "member_no_invalid"),
    ],
)
async def test_what_is_none_of_its_kind_is_refused(database: str, kind: IdentityKind, typed: str, reason: str) -> None:
    world = await make_world()
    her = await make_customer(world)
    refusal = await refused(service.add_identity(world.staff["guide"], her, kind, typed))
    assert (refusal.code, refusal.field, refusal.reason) == (ErrorCode.INVALID, "value", reason)


async def test_of_several_phones_the_chosen_one_is_shown_until_a_later_one_comes(database: str) -> None:
    world = await make_world()
    guide = world.staff["guide"]
    her = await make_customer(world, phone="13800000001")
    first = await identity_of(her)
    await service.add_identity(guide, her, IdentityKind.PHONE, "13800000002")
    assert await shown(guide, her) == "138 •••• 0002"
    await service.choose_phone(guide, her, first)
    assert await shown(guide, her) == "138 •••• 0001"
    number = await service.reveal_phone(guide, her)
    assert number == first and await queries.plain_phone(guide, her, first) == "+8613800000001"
    await service.add_identity(guide, her, IdentityKind.PHONE, "13800000003")
    assert await shown(guide, her) == "138 •••• 0003"
    version = (await queries.customer(guide, her)).version  # type: ignore[union-attr]
    await service.update_customer(guide, her, version, {"phone": "13800000001"})  # hers already: shown, nothing is lost
    assert await shown(guide, her) == "138 •••• 0001"


async def test_what_is_hers_already_is_added_once(database: str) -> None:
    world = await make_world()
    guide, her = world.staff["guide"], await make_customer(world, phone="13800000001")
    await service.add_identity(guide, her, IdentityKind.PHONE, "138 0000 0001")
    assert await db.fetch_value("SELECT count(*) FROM customer_identity") == 1
    for number in range(19):
        await service.add_identity(guide, her, IdentityKind.CARD, f"CARD{number:04}")
    refusal = await refused(service.add_identity(guide, her, IdentityKind.CARD, "CARD9999"))
    assert refusal.reason == "identities_many"


async def test_a_family_uses_one_phone_and_it_is_revealed_for_each_of_them(database: str) -> None:
    world = await make_world()
    guide, phone = world.staff["guide"], next_phone()
    mother = await make_customer(world, phone=phone, name="周雨桐")
    granny = await make_customer(world, phone=phone, name="何佳", claim=FAMILY)
    assert await shown(guide, granny) == await shown(guide, mother)
    hers, other = await queries.cards_of(guide, [granny, mother])
    assert hers.identities == () and hers.through[0].owner.name == "周雨桐"
    (used,) = other.identities[0].used_by
    assert (used.name, used.role, used.label) == ("何佳", ContactRole.GRANDMOTHER, "外婆")
    assert await service.reveal_phone(guide, granny) == await identity_of(mother)
    assert await queries.plain_phone(guide, granny, await identity_of(mother)) == f"+86{phone}"
    (entry, _) = await queries.timeline(guide, granny, 10)
    assert entry.kind is TimelineKind.PHONE_REVEALED
    await service.remove_contact(guide, mother, used.contact_id)
    assert await shown(guide, granny) is None
    assert await queries.plain_phone(guide, granny, await identity_of(mother)) is None


async def test_when_its_owner_gives_it_up_the_family_keeps_it(database: str) -> None:
    world = await make_world()
    guide, phone = world.staff["guide"], next_phone()
    mother = await make_customer(world, phone=phone)
    granny = await make_customer(world, phone=phone, claim=FAMILY)
    father = await make_customer(world, phone=phone, claim=Claim(IfTaken.FAMILY, ContactRole.FATHER))
    await service.remove_identity(guide, mother, await identity_of(mother))
    assert [await shown(guide, key) for key in (mother, granny, father)] == [None, *[f"139 •••• {phone[-4:]}"] * 2]
    assert await identity_of(granny) and await found(guide, phone) == [granny]
    view = await queries.customer(guide, granny)
    assert view
    await service.update_customer(guide, granny, view.version, {"phone": None})
    assert await found(guide, phone) == [father]


async def test_a_number_that_changed_hands_is_taken_off_and_comes_back_by_adding_it_again(database: str) -> None:
    world = await make_world()
    guide, phone = world.staff["guide"], next_phone()
    old = await make_customer(world, phone=phone)
    granny = await make_customer(world, phone=phone, claim=FAMILY)
    await service.disown_identity(guide, old, await identity_of(old))
    assert await shown(guide, old) is None and await shown(guide, granny) is None
    entry = (await queries.timeline(guide, old, 1))[0]
    assert (entry.kind, entry.data) == (TimelineKind.DISOWNED, {"kind": "phone"})
    said = await db.fetch_value("SELECT string_agg(data::text, ' ') FROM event") or ""
    assert phone not in said and phone[-4:] not in said
    await service.add_identity(guide, old, IdentityKind.PHONE, phone)
    assert await shown(guide, old) == f"139 •••• {phone[-4:]}"
    new = await make_customer(world, phone=phone, name="新机主", claim=TAKE_OVER)
    assert await shown(guide, old) is None and await found(guide, phone) == [new]
    stale = await refused(service.update_customer(guide, old, 1, {"phone": next_phone()}))
    assert stale.code is ErrorCode.CONFLICT  # who did not see it go is told


async def test_a_guide_takes_no_number_from_a_colleagues_customer_and_no_family_in_another_store(database: str) -> None:
    world = await make_world()
    phone, far = next_phone(), next_phone()
    hers = await make_customer(world, "colleague", phone=phone)
    await make_customer(world, "stranger", phone=far, name="周晓晓")
    refusal = await refused(make_customer(world, phone=phone, claim=TAKE_OVER))
    assert refusal.code is ErrorCode.FORBIDDEN and await identity_of(hers)
    granny = await make_customer(world, phone=phone, claim=FAMILY)
    assert await shown(world.staff["guide"], granny)
    for claim in (FAMILY, TAKE_OVER):
        refusal = await refused(make_customer(world, phone=far, claim=claim))
        assert refusal.code is ErrorCode.TAKEN_ELSEWHERE and isinstance(refusal.subject, MaskedCustomer)
        assert (refusal.subject.id, refusal.subject.name) == (None, "周••")
    her = await make_customer(world)
    refusal = await refused(service.add_identity(world.staff["guide"], her, IdentityKind.PHONE, phone))
    assert (refusal.code, refusal.field) == (ErrorCode.TAKEN, "value")
    refusal = await refused(make_customer(world, phone=phone, claim=Claim(IfTaken.FAMILY, label="x" * 41)))
    assert refusal.code is ErrorCode.INVALID


async def test_of_ten_who_add_one_card_at_once_one_has_it(database: str) -> None:
    world = await make_world()
    guide = world.staff["guide"]
    people = [await make_customer(world) for _ in range(10)]
    adding = (service.add_identity(guide, key, IdentityKind.CARD, "CARD 0001") for key in people)
    results = await asyncio.gather(*adding, return_exceptions=True)
    assert sum(isinstance(result, Refusal) and result.code is ErrorCode.TAKEN for result in results) == 9
    assert await db.fetch_value("SELECT count(*) FROM customer_identity WHERE kind = 'card'") == 1
