"""Leads: whoever asks from outside is on file once, her store has a card within the hour, junk stays out."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from shuke.app.wiring import WIRING
from shuke.domains.customers import queries, service
from shuke.domains.customers.rules import visits as rules
from shuke.domains.customers.types import IdentityKind, TimelineKind
from shuke.domains.customers.types.visits import InteractionKind, LeadSaid
from shuke.domains.identity.types import Actor, Locale
from shuke.domains.tasks import queries as tasks
from shuke.kit import clock, db
from shuke.kit.errors import ErrorCode
from shuke.kit.events import Dispatcher
from shuke.kit.ids import new_id
from tests.factories import World, make_world
from tests.factories.customers import make_customer, refused
from tests.factories.profile import read_template, save_template
from tests.factories.tasks import cards_of

MORNING = datetime(2026, 11, 20, 2, tzinfo=UTC)


def partner(world: World, *stores: int) -> Actor:
    limits = tuple(world.stores[n] for n in stores) or None
    where = (world.brand_id, "form", Locale.EN, "Asia/Shanghai", "CNY")
    return Actor("partner", new_id(), *where, scopes=frozenset({"leads"}), stores=limits)


def lead(**said: Any) -> LeadSaid:
    return LeadSaid(**({"source": "抖音", "store_code": "S1", "phone": "13700002047"} | said))


async def test_somebody_unknown_is_entered_into_the_pool_and_her_card_is_due_in_an_hour(database: str) -> None:
    world = await make_world()
    with clock.pretended(MORNING):
        done = await service.create_lead(partner(world), lead(name="林女士", message="推车有现货吗", wechat="Lin_0099"))
        await Dispatcher(WIRING).drain()
        guide = world.staff["guide"]
        (view,) = await queries.customers_by_id(guide, [await db.fetch_value("SELECT id FROM customer")])
        assert view and (view.name, view.source.value, view.guide, view.store.code) == ("林女士", "online", None, "S1")
        entries = {entry.kind: entry for entry in await queries.timeline(guide, view.id, 5)}
        assert set(entries) == {TimelineKind.INQUIRY, TimelineKind.CREATED}
        entry = entries[TimelineKind.INQUIRY]
        assert (entry.id, entry.data["note"]) == (done.id, "推车有现货吗")
        (card,) = (await tasks.today(guide, 9)).open
        assert ([reason.key for reason in card.reasons], card.due_at) == (["lead"], MORNING + timedelta(hours=1))
        assert card.assignee is None
        kept = await db.fetch("SELECT kind, value FROM customer_identity ORDER BY kind")
        assert [tuple(row) for row in kept] == [("phone", "+8613700002047"), ("wechat", "lin_0099")]
        kinds = [row[0] for row in await db.fetch("SELECT kind FROM event WHERE subject_type = 'visit'")]
        assert kinds == ["lead.received"]


async def test_somebody_known_finds_it_on_her_timeline_and_with_her_guide(database: str) -> None:
    world = await make_world()
    known = await make_customer(world, guide="stranger", phone="13700002047", name="旧名")
    with clock.pretended(MORNING):
        await service.create_lead(partner(world, 0), lead(name="新名", email="Lin@Example.com"))
        await Dispatcher(WIRING).drain()
    view = await queries.customer(world.staff["stranger"], known)
    assert view and (view.name, view.store.code) == ("旧名", "S2")
    assert await db.fetch_value("SELECT count(*) FROM customer") == 1
    assert await cards_of(known) == [("open", 1)]


async def line_of(world: World, key: UUID) -> dict[str, Any]:
    """The latest inquiry on her timeline."""
    entry, *_ = await queries.timeline(world.staff["hq"], key, 1, kinds=[TimelineKind.INQUIRY])
    return dict(entry.data)


async def test_anothers_contacts_do_not_become_hers_because_somebody_typed_them(database: str) -> None:
    world = await make_world()
    known = await make_customer(world, phone="13700002047", name="旧名")
    said = lead(wechat="Lin_0099", email="Lin@Example.com", message="推车有现货吗")
    done = await service.create_lead(partner(world), said)
    kinds = [row[0] for row in await db.fetch("SELECT kind FROM customer_identity WHERE customer_id = $1", known)]
    assert kinds == ["phone"]
    told: dict[str, Any] = {"channel": "online", "source": "抖音", "note": "推车有现货吗"}
    told["left"] = [["wechat", "li••99"], ["email", "l••@example.com"]]
    assert await line_of(world, known) == told
    await service.update_visit(world.staff["guide"], done.id, {"bought": True})
    assert await line_of(world, known) == told | {"bought": True}  # what a colleague adds takes nothing away
    await service.add_identity(world.staff["guide"], known, IdentityKind.WECHAT, "lin_0099")
    await service.create_lead(partner(world), lead(wechat="LIN_0099"))
    assert "left" not in await line_of(world, known)


async def test_of_contacts_of_two_people_the_first_decides_and_the_line_says_so(database: str) -> None:
    world = await make_world()
    known, other = await make_customer(world, phone="13700002047"), await make_customer(world, name="何佳")
    await service.add_identity(world.staff["guide"], other, IdentityKind.WECHAT, "hejia_88")
    await service.create_lead(partner(world), lead(wechat="hejia_88"))
    assert (await line_of(world, known))["others"] == [["wechat", "he••88"]]
    assert await queries.timeline(world.staff["hq"], other, 9, kinds=[TimelineKind.INQUIRY]) == []
    await service.create_lead(partner(world), lead(phone="13700009999", wechat="hejia_88"))
    assert (await line_of(world, other))["left"] == [["phone", "137 •••• 9999"]]
    owners = await db.fetch("SELECT customer_id FROM customer_identity WHERE kind = 'wechat'")
    assert [row[0] for row in owners] == [other]
    assert await db.fetch_value("SELECT count(*) FROM customer") == 2


async def test_a_lead_keeps_head_offices_rules_as_a_form_does(database: str) -> None:
    world = await make_world()
    template = await read_template(world.staff["hq"])
    for field in template["fields"]:
        if field["key"] in ("name", "wechat"):
            field["rules"] = [{"code": "MIN_LENGTH", "value": "7" if field["key"] == "wechat" else "2"}]
    assert (await save_template(world.staff["hq"], template))["userErrors"] == []
    for said, field in ((lead(name="林"), "name"), (lead(wechat="lin_01"), "wechat")):
        refusal = await refused(service.create_lead(partner(world), said))
        assert (refusal.code, refusal.field, refusal.reason) == (ErrorCode.INVALID, field, "value_min_length")
    await service.create_lead(partner(world), lead(name="林女士", wechat="lin_0099"))
    await service.create_lead(partner(world), lead(phone="13700002048"))  # what is not said breaks no rule
    assert await db.fetch_value("SELECT count(*) FROM customer") == 2


async def test_the_same_lead_again_is_the_same_lead(database: str) -> None:
    world = await make_world()
    caller = partner(world)
    first = await service.create_lead(caller, lead(external_id="7"))
    again = await service.create_lead(caller, lead(external_id="7", message="再问一次"))
    assert (again.id, again.repeated) == (first.id, True)
    other = await service.create_lead(caller, lead(external_id="7", source="小红书"))
    assert other.id != first.id
    rows = await db.fetch("SELECT kind FROM event WHERE kind = 'lead.received'")
    assert len(rows) == 2 and await db.fetch_value("SELECT count(*) FROM customer") == 1


async def test_leads_that_come_at_once_make_one_customer_and_one_lead(database: str) -> None:
    world = await make_world()
    caller = partner(world)
    said = [lead(external_id=str(n % 2), phone="13700002047") for n in range(8)]
    done = await asyncio.gather(*(service.create_lead(caller, one) for one in said))
    assert len({one.id for one in done}) == 2 and sum(one.repeated for one in done) == 6
    assert await db.fetch_value("SELECT count(*) FROM customer") == 1


async def test_junk_and_what_nobody_can_answer_is_refused_with_a_sentence(database: str) -> None:
    world = await make_world()
    caller = partner(world, 0)
    for said, code, field in (
        (lead(phone=" "), ErrorCode.REQUIRED, "phone"),
        (lead(phone="12345"), ErrorCode.INVALID, "phone"),
        (lead(phone="13800000000"), ErrorCode.INVALID, "phone"),
        (lead(wechat="1"), ErrorCode.INVALID, "wechat"),
        (lead(email="a@b"), ErrorCode.INVALID, "email"),
        (lead(source=" "), ErrorCode.REQUIRED, "source"),
        (lead(store_code="S2"), ErrorCode.NOT_FOUND, "storeCode"),
        (lead(store_code="S9"), ErrorCode.NOT_FOUND, "storeCode"),
        (lead(name="点 https://x.example"), ErrorCode.INVALID, "message"),
        (lead(message="http://a http://b"), ErrorCode.INVALID, "message"),
        (lead(message="!!!???"), ErrorCode.INVALID, "message"),
        (lead(message="长" * 2001), ErrorCode.INVALID, "message"),
    ):
        refusal = await refused(service.create_lead(caller, said))
        assert (refusal.code, refusal.field) == (code, field), said
    assert await db.fetch_value("SELECT count(*) FROM customer") == 0
    assert not rules.is_junk("林", "看了 https://shop.example/1 这款，有现货吗")


async def test_a_key_sends_so_many_leads_an_hour_and_no_more(database: str) -> None:
    world = await make_world()
    caller = partner(world)
    await db.execute(
        "INSERT INTO throttle (key, window_ends_at, count) VALUES ($1, $2, $3)",
        *(f"leads/{caller.id}", clock.now() + timedelta(minutes=30), service.LEADS_AN_HOUR - 1),
    )
    await service.create_lead(caller, lead())
    assert (await refused(service.create_lead(caller, lead()))).code is ErrorCode.TOO_MANY


async def test_a_lead_of_the_night_is_due_in_the_morning(database: str) -> None:
    world = await make_world()
    night = datetime(2026, 11, 20, 15, tzinfo=UTC)  # 23:00
    with clock.pretended(night):
        await service.create_lead(partner(world), lead())
        await Dispatcher(WIRING).drain()
    assert await db.fetch_value("SELECT due_at FROM task") == datetime(2026, 11, 21, 2, tzinfo=UTC)


async def test_a_complaint_is_a_reason_on_her_card_until_it_is_taken_back(database: str) -> None:
    world = await make_world()
    customer, guide, entry = await make_customer(world), world.staff["guide"], new_id()
    with clock.pretended(MORNING):
        await service.add_interaction(guide, customer, entry, InteractionKind.COMPLAINT, None, None)
        await Dispatcher(WIRING).drain()
        assert await cards_of(customer) == [("open", 1)]
        (card,) = (await tasks.today(guide, 9)).open
        assert (card.reasons[0].key, card.due_at) == ("complaint", MORNING + timedelta(hours=2))
        await service.undo_interaction(guide, entry)
        await Dispatcher(WIRING).drain()
    assert await cards_of(customer) == [("expired", 1)]


async def test_who_had_herself_erased_does_not_come_back_by_a_lead(database: str) -> None:
    world = await make_world()
    gone = await make_customer(world, phone="13700002047")
    await service.suppress_numbers(world.brand_id, [gone], new_id())
    await db.execute("DELETE FROM customer_identity WHERE customer_id = $1", gone)
    await service.create_lead(partner(world), lead(name="林", message="有货吗", external_id="7"))
    await Dispatcher(WIRING).drain()
    row = await db.fetch_row("SELECT customer_id, note, external_id, source FROM visit")
    assert row and tuple(row) == (None, None, None, "抖音")
    assert await db.fetch_value("SELECT count(*) FROM customer") == 1
    assert await db.fetch_value("SELECT count(*) FROM task") == 0
