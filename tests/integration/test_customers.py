"""Customers at the counter: entering, noting, revealing, as owner, colleague, stranger and other brand."""

import asyncio
from datetime import date, timedelta
from typing import Any

import pytest

from shuke.domains.customers import queries, service
from shuke.domains.customers.types import MaskedCustomer, TimelineKind
from shuke.kit import clock, db
from shuke.kit.errors import ErrorCode, Refusal
from shuke.kit.ids import new_id
from tests.factories import make_world
from tests.factories.customers import make_customer, next_phone, refused


async def test_whoever_enters_a_customer_as_a_guide_owns_her_and_sees_her_phone_masked(database: str) -> None:
    world = await make_world()
    guide = world.staff["guide"]
    key = await make_customer(world, phone="１３８-0000-2047", name="  周雨桐\x00 ", birthday=date(1992, 3, 4))
    view = await queries.customer(guide, key)
    assert view and view.guide and view.guide.id == guide.id and view.store.id == world.stores[0]
    assert (view.name, view.phone, view.birthday, view.version) == ("周雨桐", "138 •••• 2047", date(1992, 3, 4), 1)
    assert await db.fetch_value("SELECT value FROM customer_identity WHERE customer_id = $1", key) == "+8613800002047"
    (entry,) = await queries.timeline(guide, key, 10)
    assert (entry.kind, entry.actor, entry.data) == (TimelineKind.CREATED, "guide", {"source": "walk_in"})
    kinds = await db.fetch("SELECT kind, data::text FROM event WHERE subject_id = $1", key)
    assert [tuple(row) for row in kinds] == [("customer.created", '{"source": "walk_in"}')]


async def test_a_manager_enters_into_the_pool_and_head_office_into_the_first_store(database: str) -> None:
    world = await make_world()
    pooled = await queries.customer(world.staff["manager"], await make_customer(world, "manager"))
    assert pooled and pooled.guide is None
    first = await queries.customer(world.staff["hq"], await make_customer(world, "hq"))
    assert first and first.guide is None and first.store.id == world.stores[0]


async def test_colleagues_see_her_and_strangers_and_other_brands_do_not(database: str) -> None:
    world, other = await make_world(), await make_world("别家")
    key = await make_customer(world)
    for who in ("guide", "colleague", "manager", "regional", "hq", "admin"):
        assert await queries.customer(world.staff[who], key), who
    assert await queries.customer(world.staff["stranger"], key) is None
    assert await queries.customer(other.staff["admin"], key) is None


async def test_a_phone_on_file_shows_who_has_it_as_far_as_the_caller_may_know(database: str) -> None:
    world, other = await make_world(), await make_world("别家")
    phone = next_phone()
    key = await make_customer(world, phone=phone)
    taken = await refused(make_customer(world, "colleague", phone=f"+86 {phone}"))
    assert (taken.code, taken.field) == (ErrorCode.TAKEN, "phone")
    assert isinstance(taken.subject, MaskedCustomer)
    assert (taken.subject.id, taken.subject.name) == (key, "周雨桐") and "••••" in taken.subject.phone
    elsewhere = await refused(make_customer(world, "stranger", phone=phone))
    assert elsewhere.code is ErrorCode.TAKEN_ELSEWHERE and elsewhere.params == {"store": "文三路店"}
    assert isinstance(elsewhere.subject, MaskedCustomer)
    assert (elsewhere.subject.id, elsewhere.subject.name) == (None, "周••")
    assert await make_customer(other, phone=phone)  # brands know nothing of each other
    assert await db.fetch_value("SELECT count(*) FROM customer WHERE brand_id = $1", world.brand_id) == 1


async def test_an_id_that_is_in_use_is_refused_and_shows_nothing(database: str) -> None:
    world, other = await make_world(), await make_world("别家")
    key = await make_customer(other, phone="13711110000")
    for who in ("guide", "stranger"):
        again = await refused(make_customer(world, who, id=key))
        assert (again.code, again.field, again.subject, again.params) == (ErrorCode.TAKEN, "id", None, {})
    assert await db.fetch_value("SELECT count(*) FROM customer_identity") == 1


async def test_twenty_who_enter_one_phone_at_once_make_exactly_one_customer(database: str) -> None:
    world = await make_world()
    phone, people = next_phone(), ["guide", "colleague", "stranger", "manager"] * 5
    results = await asyncio.gather(*(make_customer(world, who, phone=phone) for who in people), return_exceptions=True)
    refusals = [result for result in results if isinstance(result, Refusal)]
    assert len(refusals) == 19 and all(refusal.subject for refusal in refusals)
    assert {refusal.code for refusal in refusals} <= {ErrorCode.TAKEN, ErrorCode.TAKEN_ELSEWHERE}
    assert await db.fetch_value("SELECT count(*) FROM customer") == 1
    assert await db.fetch_value("SELECT count(*) FROM timeline_entry") == 1


@pytest.mark.parametrize(
    ("said", "field", "reason"),
    [
        ({"phone": "12"}, "phone", "phone_invalid"),
        ({"name": "长" * 121}, "name", "too_long"),
        ({"birthday": date(2200, 1, 1)}, "birthday", "birthday_impossible"),
        ({"birthday": date(1850, 1, 1)}, "birthday", "birthday_impossible"),
    ],
)
async def test_what_cannot_be_is_refused_with_its_field(
    database: str, said: dict[str, Any], field: str, reason: str
) -> None:
    refusal = await refused(make_customer(await make_world(), **said))
    assert (refusal.code, refusal.field, refusal.reason) == (ErrorCode.INVALID, field, reason)


async def test_a_store_beyond_reach_or_of_another_brand_takes_no_customer(database: str) -> None:
    world, other = await make_world(), await make_world("别家")
    assert (await refused(make_customer(world, store_id=world.stores[1]))).code is ErrorCode.FORBIDDEN
    assert (await refused(make_customer(world, store_id=other.stores[0]))).code is ErrorCode.NOT_FOUND


async def test_notes_come_from_whoever_may_read_her_and_only_once(database: str) -> None:
    world = await make_world()
    key, entry = await make_customer(world), new_id()
    assert await service.add_note(world.staff["colleague"], key, entry, " 问了推车\n下周再来 ") == entry
    kept = await queries.timeline_entry(world.staff["guide"], entry)
    assert kept and (kept.kind, kept.actor, kept.data) == (
        TimelineKind.NOTE,
        "colleague",
        {"text": "问了推车\n下周再来"},
    )
    assert await queries.timeline_entry(world.staff["stranger"], entry) is None
    again = await refused(service.add_note(world.staff["guide"], key, entry, "又一次"))
    assert (again.code, again.field) == (ErrorCode.TAKEN, "id")
    assert (await refused(service.add_note(world.staff["guide"], key, new_id(), " \n"))).code is ErrorCode.REQUIRED
    assert (await refused(service.add_note(world.staff["stranger"], key, new_id(), "x"))).code is ErrorCode.NOT_FOUND
    data = await db.fetch_value("SELECT data::text FROM event WHERE kind = 'customer.noted'")
    assert "推车" not in data


async def test_a_reveal_is_put_down_limited_and_closed_to_those_who_do_not_call(database: str) -> None:
    world = await make_world()
    key = await make_customer(world, phone="13800002047")
    guide = world.staff["guide"]
    number = await service.reveal_phone(guide, key)
    assert number and await queries.plain_phone(guide, key, number) == "+8613800002047"
    latest = (await queries.timeline(world.staff["manager"], key, 1))[0]
    assert (latest.kind, latest.actor) == (TimelineKind.PHONE_REVEALED, "guide")
    assert await db.fetch_value("SELECT count(*) FROM event WHERE kind = 'customer.phone_revealed'") == 1
    assert (await refused(service.reveal_phone(world.staff["colleague"], key))).code is ErrorCode.FORBIDDEN
    assert (await refused(service.reveal_phone(world.staff["hq"], key))).code is ErrorCode.FORBIDDEN
    assert (await refused(service.reveal_phone(world.staff["stranger"], key))).code is ErrorCode.NOT_FOUND
    assert await queries.plain_phone(world.staff["colleague"], key, number) is None
    for _ in range(service.REVEALS_AN_HOUR - 1):
        await service.reveal_phone(guide, key)
    assert (await refused(service.reveal_phone(guide, key))).code is ErrorCode.TOO_MANY
    await db.execute("UPDATE throttle SET window_ends_at = $1", clock.now() - timedelta(seconds=1))
    await service.reveal_phone(guide, key)
