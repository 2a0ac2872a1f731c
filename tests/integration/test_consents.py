"""What customers allow: the ledger, what follows from it, and what is not done to who said no."""

from dataclasses import replace
from datetime import timedelta

import asyncpg
import pytest

from shuke.app.wiring import WIRING
from shuke.domains.customers import queries, service
from shuke.domains.customers.types import Filters, RevealReason, TimelineKind
from shuke.domains.customers.types.consents import ConsentChannel, ConsentHow, ConsentPurpose, ConsentSaid, ConsentState
from shuke.domains.identity.types import Actor, Locale
from shuke.domains.records import service as records
from shuke.domains.tasks import service as tasks
from shuke.domains.tasks.types import NewReason
from shuke.kit import clock, db
from shuke.kit.errors import ErrorCode
from shuke.kit.events import Dispatcher
from shuke.kit.ids import new_id
from tests.factories import World, make_world
from tests.factories.customers import make_customer, refused
from tests.factories.merging import merge
from tests.factories.tasks import card, cards_of, make_card, reason

MARKETING, SHARING = ConsentPurpose.MARKETING, ConsentPurpose.SHARING
ANY, PHONE, WECHAT = ConsentChannel.ANY, ConsentChannel.PHONE, ConsentChannel.WECHAT
YES, NO = ConsentState.GRANTED, ConsentState.REFUSED
STOP_CALLING = ConsentSaid(MARKETING, PHONE, NO, ConsentHow.CALL)


async def refusals(customer) -> str:
    return str(await db.fetch_value("SELECT refusals::text FROM customer WHERE id = $1", customer))


async def text_of(world: World, purpose: ConsentPurpose = MARKETING):
    return next(text for text in await queries.consent_texts(world.staff["guide"]) if text.purpose is purpose)


async def service_card(world: World, customer):
    """A card about something that she bought."""
    news = replace(reason("thanks"), purpose="service")
    await tasks.add_reasons(world.brand_id, [NewReason(customer, news, news.due_at + timedelta(days=3))])
    return news.id


async def test_a_no_is_kept_with_its_evidence_and_stands_on_her_timeline(database: str) -> None:
    world = await make_world()
    guide, key = world.staff["guide"], await make_customer(world)
    await service.record_consent(guide, key, ConsentSaid(MARKETING, PHONE, NO, ConsentHow.CALL, note=" 别再打了 "))
    row = await db.fetch_row("SELECT purpose, channel, state, evidence::text, actor_id, text_id FROM consent_entry")
    assert row and tuple(row) == (
        "marketing",
        "phone",
        "refused",
        '{"how": "call", "note": "别再打了"}',
        guide.id,
        None,
    )
    assert await refusals(key) == '["marketing/phone"]'
    latest = (await queries.timeline(guide, key, 1))[0]
    assert (latest.kind, latest.data["channel"]) == (TimelineKind.CONSENT, "phone")
    event = await db.fetch_value("SELECT data::text FROM event WHERE kind = 'consent.recorded'")
    assert "别再打了" not in event and '"how": "call"' in event


async def test_a_yes_needs_the_text_that_she_had_before_her(database: str) -> None:
    world = await make_world()
    guide, key = world.staff["guide"], await make_customer(world)
    bare = await refused(service.record_consent(guide, key, ConsentSaid(MARKETING, ANY, YES, ConsentHow.COUNTER)))
    assert (bare.code, bare.field) == (ErrorCode.REQUIRED, "textId")
    other = await text_of(world, SHARING)
    wrong = ConsentSaid(MARKETING, ANY, YES, ConsentHow.COUNTER, other.id)
    assert (await refused(service.record_consent(guide, key, wrong))).code is ErrorCode.NOT_FOUND
    text = await text_of(world)
    await service.record_consent(guide, key, ConsentSaid(MARKETING, ANY, YES, ConsentHow.COUNTER, text.id))
    kept = await db.fetch_row(
        "SELECT e.text_id, t.version FROM consent_entry e JOIN consent_text t ON t.id = e.text_id"
    )
    assert kept and tuple(kept) == (text.id, 1)


async def test_channels_and_sources_that_do_not_fit_are_refused(database: str) -> None:
    world = await make_world()
    guide, key = world.staff["guide"], await make_customer(world)
    for said, field in (
        (ConsentSaid(SHARING, PHONE, NO, ConsentHow.CALL), "channel"),
        (ConsentSaid(MARKETING, PHONE, NO, ConsentHow.MERGE), "how"),
        (ConsentSaid(MARKETING, PHONE, NO, ConsentHow.CALL, note="x" * 201), "note"),
    ):
        assert (await refused(service.record_consent(guide, key, said))).field == field


async def test_a_yes_that_a_phone_kept_is_history_beside_a_no_that_came_meanwhile(database: str) -> None:
    world = await make_world()
    guide, key, text = world.staff["guide"], await make_customer(world), await text_of(world)
    before = clock.now() - timedelta(hours=4)
    await service.record_consent(world.staff["colleague"], key, STOP_CALLING)
    await service.record_consent(guide, key, ConsentSaid(MARKETING, PHONE, YES, ConsentHow.COUNTER, text.id, at=before))
    assert await refusals(key) == '["marketing/phone"]'
    assert await db.fetch_value("SELECT count(*) FROM consent_entry") == 2
    await service.record_consent(guide, key, ConsentSaid(MARKETING, PHONE, YES, ConsentHow.COUNTER, text.id))
    assert await refusals(key) == "[]"


@pytest.mark.parametrize("statement", ["UPDATE consent_entry SET state = 'granted'", "DELETE FROM consent_entry"])
async def test_the_database_lets_nobody_rewrite_what_she_said(database: str, statement: str) -> None:
    world = await make_world()
    key = await make_customer(world)
    await service.record_consent(world.staff["guide"], key, STOP_CALLING)
    with pytest.raises(asyncpg.PostgresError, match="ledger"):
        await db.execute(statement)
    for what in ("merging", "erasing"):
        with pytest.raises(asyncpg.PostgresError, match="ledger"):
            async with db.tx(), service.ledger_open(what):
                await db.execute(statement)


async def test_two_records_become_one_and_the_strictest_holds_until_they_part(database: str) -> None:
    world = await make_world()
    guide, text = world.staff["guide"], await text_of(world)
    winner, loser = await make_customer(world), await make_customer(world)
    await service.record_consent(guide, loser, STOP_CALLING)
    await service.record_consent(guide, winner, ConsentSaid(MARKETING, PHONE, YES, ConsentHow.COUNTER, text.id))
    owners = {row[0]: row[1] for row in await db.fetch("SELECT id, customer_id FROM consent_entry")}
    merged = await merge(world, winner, loser)
    assert await refusals(winner) == '["marketing/phone"]'
    assert await db.fetch_value("SELECT count(*) FROM consent_entry WHERE customer_id = $1", winner) == 3
    await records.undo_merge(world.staff["hq"], merged)
    assert (await refusals(winner), await refusals(loser)) == ("[]", '["marketing/phone"]')
    assert {row[0]: row[1] for row in await db.fetch("SELECT id, customer_id FROM consent_entry")} == owners


async def test_who_wants_no_calls_keeps_her_card_for_wechat_and_her_number_stays_hidden(database: str) -> None:
    world = await make_world()
    guide, key = world.staff["guide"], await make_customer(world)
    task = await make_card(world, key)
    await service.record_consent(guide, key, STOP_CALLING)
    await Dispatcher(WIRING).drain()
    assert (await card(guide, task)).refusals == ("marketing/phone",)
    assert await cards_of(key) == [("open", 1)]
    for attempt in (service.reveal_phone(guide, key), tasks.reveal_for_card(guide, key)):
        refusal = await refused(attempt)
        assert (refusal.code, refusal.reason) == (ErrorCode.FORBIDDEN, "calls_refused")
    assert await service.reveal_phone(guide, key, RevealReason.ORDER)
    await service_card(world, key)
    assert await tasks.reveal_for_card(guide, key)


async def test_who_wants_no_offers_at_all_leaves_the_lists_and_gets_no_new_card(database: str) -> None:
    world = await make_world()
    guide, key = world.staff["guide"], await make_customer(world)
    await make_card(world, key)
    await service_card(world, key)
    await service.record_consent(guide, key, ConsentSaid(MARKETING, ANY, NO, ConsentHow.CALL))
    await Dispatcher(WIRING).drain()
    assert await cards_of(key) == [("open", 1)]
    other = await make_customer(world)
    await make_card(world, other)
    await service.record_consent(guide, other, ConsentSaid(MARKETING, ANY, NO, ConsentHow.CALL))
    await Dispatcher(WIRING).drain()
    assert await cards_of(other) == [("expired", 1)]
    await make_card(world, other)
    assert await cards_of(other) == [("expired", 1)]


async def test_what_a_number_was_looked_at_for_is_put_down_without_words_in_the_event(database: str) -> None:
    world = await make_world()
    guide, key = world.staff["guide"], await make_customer(world)
    bare = await refused(service.reveal_phone(guide, key, RevealReason.OTHER, "  "))
    assert (bare.code, bare.field) == (ErrorCode.REQUIRED, "note")
    await service.reveal_phone(guide, key, RevealReason.OTHER, "快递问路")
    assert (await queries.timeline(guide, key, 1))[0].data == {"reason": "other", "note": "快递问路"}
    assert await db.fetch_value("SELECT data::text FROM event WHERE kind = 'customer.phone_revealed'") == (
        '{"reason": "other"}'
    )


async def test_a_partner_does_not_find_who_wants_nothing_passed_on(database: str) -> None:
    world = await make_world()
    key, other = await make_customer(world), await make_customer(world)
    where = (world.brand_id, "till", Locale.EN, "Asia/Shanghai", "CNY")
    partner = Actor("partner", new_id(), *where, scopes=frozenset({"read"}))
    await service.record_consent(world.staff["guide"], key, ConsentSaid(SHARING, ANY, NO, ConsentHow.COUNTER))
    assert await queries.customers_by_id(partner, [key]) == [None]
    assert [view.id for view in await queries.customers(partner, Filters(), 9)] == [other]
    assert await queries.customer(world.staff["guide"], key)


async def test_head_office_writes_a_further_version_and_what_was_said_to_the_first_stays(database: str) -> None:
    world = await make_world()
    hq, guide, key, text = world.staff["hq"], world.staff["guide"], await make_customer(world), await text_of(world)
    assert set(text.bodies) == {"zh-CN", "en"} and text.version == 1
    await service.record_consent(guide, key, ConsentSaid(MARKETING, ANY, YES, ConsentHow.COUNTER, text.id))
    await service.save_consent_text(hq, MARKETING, {"zh-CN": " 新的说明 ", "en": ""}, 1)
    newest = await text_of(world)
    assert (newest.version, newest.bodies, newest.saved_by) == (2, {"zh-CN": "新的说明"}, "hq")
    every = [text for text in await queries.consent_texts(hq, versions=True) if text.purpose is MARKETING]
    assert [one.version for one in every] == [2, 1]
    late = await refused(service.save_consent_text(hq, MARKETING, {"en": "later"}, 1))
    assert (late.code, late.reason) == (ErrorCode.CONFLICT, "consent_text_newer")
    assert (await refused(service.save_consent_text(hq, MARKETING, {"zh-CN": " "}, 2))).code is ErrorCode.REQUIRED
    assert (await refused(service.save_consent_text(hq, MARKETING, {"fr": "non"}, 2))).code is ErrorCode.INVALID
    assert await db.fetch_value("SELECT text_id FROM consent_entry") == text.id
