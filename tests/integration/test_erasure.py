"""Somebody is forgotten: nothing personal is left, every total stays, and nothing brings her back by itself."""

import asyncio
import json
from collections.abc import Awaitable
from typing import Any
from uuid import UUID

import pytest

from shuke.domains.customers import queries, service
from shuke.domains.customers.types import CustomerRow, Filters, IdentityKind, NewCustomer, RevealReason, RowOutcome
from shuke.domains.customers.types.consents import ConsentChannel, ConsentHow, ConsentPurpose, ConsentSaid, ConsentState
from shuke.domains.customers.types.links import Filled
from shuke.domains.identity.types import Locale
from shuke.domains.records import queries as records_queries
from shuke.domains.records import service as records
from shuke.domains.segments import service as segments
from shuke.domains.tasks import service as tasks
from shuke.domains.tasks.types import Outcome
from shuke.kit import clock, db
from shuke.kit.errors import ErrorCode, Refusal
from shuke.kit.ids import new_id
from tests.factories import World, make_world
from tests.factories.customers import make_customer, refused
from tests.factories.links import make_link
from tests.factories.orders import ingest, refund, sale
from tests.factories.tasks import cards_of, make_card

PHONE, MEMBER, NAME = "13800002047", "M-77031", "欧阳雨桐"
WORDS = (NAME, "小满妈妈", "雨桐", "38000020", MEMBER, "对花生过敏", "喜欢米色", "孕吐", "问路", "别打扰")
"""What is hers; none of it may be left in any column of any table."""
SUMS = """
SELECT store_id, business_date, kind, status, currency, count(*), sum(total_minor), count(DISTINCT receipt_no)
FROM "order" GROUP BY 1, 2, 3, 4, 5 ORDER BY 1, 2, 3, 4
"""


async def her(world: World) -> UUID:
    """A customer of whom every room keeps something."""
    guide = world.staff["guide"]
    key = await make_customer(world, phone=PHONE, name=NAME, note="对花生过敏")
    row = CustomerRow(world.stores[0], phone=f"+86{PHONE}", raw_phone=PHONE, member_no=MEMBER)
    await service.upsert_many(world.brand_id, [row])
    await service.add_note(guide, key, new_id(), "喜欢米色")
    await service.reveal_phone(guide, key, RevealReason.OTHER, "问路")
    said = ConsentSaid(ConsentPurpose.SHARING, ConsentChannel.ANY, ConsentState.REFUSED, ConsentHow.CALL, note="别打扰")
    await service.record_consent(guide, key, said)
    await ingest(world, sale("1", member_no=MEMBER), sale("2", 5000, 1, phone=PHONE), refund("3", -2000, 2, of="1"))
    await segments.refresh(world.staff["hq"])
    task = await make_card(world, key)
    await tasks.record_outcome(guide, new_id(), task, Outcome.NO_ANSWER, "孕吐", None)
    token = await service.link_token(await make_link(world, key))
    await service.fill_in(token, Filled(Locale.ZH_CN, {"name": "雨桐本人", "birthday": "1987-11-23"}), "10.0.0.1")
    return key


async def left(words: tuple[str, ...] = WORDS) -> list[tuple[str, str, str]]:
    """(table, column, word) of everything in the database that still says one of the words."""
    columns = await db.fetch("""SELECT table_name, column_name FROM information_schema.columns
      WHERE table_schema = 'public' AND data_type IN ('text', 'character varying', 'jsonb', 'ARRAY', 'json')""")
    found = []
    for table, column in columns:
        for word in words:
            sql = f"""SELECT EXISTS (SELECT FROM "{table}" WHERE "{column}"::text LIKE '%' || $1 || '%')"""
            if await db.fetch_value(sql, word):
                found.append((table, column, word))
    return found


async def erase(world: World, key: UUID, confirm: str = NAME) -> UUID:
    return await records.erase_customer(world.staff["hq"], key, confirm)


async def test_of_who_is_erased_no_word_is_left_and_every_total_stays(database: str) -> None:
    world = await make_world()
    key, other = await her(world), await make_customer(world, name="林一一", alias="一一")
    before = await db.fetch(SUMS)
    lines = await db.fetch_value("SELECT count(*) FROM order_line")
    assert {word for _, _, word in await left()} == set(WORDS)
    await erase(world, key)
    assert await left() == []
    assert await db.fetch(SUMS) == before and await db.fetch_value("SELECT count(*) FROM order_line") == lines
    assert await db.fetch_value('SELECT count(*) FROM "order" WHERE customer_id IS NOT NULL') == 0
    assert await queries.customer(world.staff["hq"], key) is None
    assert [view.id for view in await queries.customers(world.staff["guide"], Filters(), 9)] == [other]
    assert await queries.total(world.staff["guide"], Filters()) == 1
    assert await cards_of(key) == [("expired", 1)]
    assert await db.fetch_value("SELECT count(*) FROM consent_entry WHERE customer_id = $1", key) == 1
    event = await db.fetch_row("SELECT subject_id, data::text FROM event WHERE kind = 'customer.erased'")
    assert event and event[0] == key and json.loads(event[1])["orders"] == 3


async def test_what_was_said_about_her_is_gone_from_the_ledger_but_not_that_it_was_said(database: str) -> None:
    world = await make_world()
    key = await her(world)
    await erase(world, key)
    row = await db.fetch_row("SELECT purpose, state, evidence::text FROM consent_entry")
    assert row and tuple(row) == ("sharing", "refused", '{"how": "call"}')


async def test_nothing_is_erased_before_her_name_was_typed_and_a_preview_says_what_goes(database: str) -> None:
    world = await make_world()
    key = await her(world)
    preview = await records_queries.erasure_preview(world.staff["hq"], key)
    assert preview.confirm_with == NAME
    counts = {one.name: one.count for one in preview.goes}
    assert counts["identities"] == 2 and counts["customer"] == 1 and counts["timeline"] >= 6
    assert {one.name: one.count for one in preview.stays} == {"orders": 3, "consents": 1}
    refusal = await refused(erase(world, key, "周雨桐"))
    assert (refusal.code, refusal.field, refusal.reason) == (ErrorCode.INVALID, "confirm", "erase_confirm")
    assert await queries.customer(world.staff["guide"], key)
    for who in ("guide", "manager", "regional"):
        assert (await refused(records.erase_customer(world.staff[who], key, NAME))).code is ErrorCode.FORBIDDEN


async def test_a_file_does_not_bring_her_back_by_phone_or_member_number(database: str) -> None:
    world = await make_world()
    await erase(world, await her(world))
    rows = [
        CustomerRow(world.stores[0], name=NAME, phone=f"+86{PHONE}", raw_phone=PHONE),
        CustomerRow(world.stores[0], name=NAME, member_no=MEMBER),
        CustomerRow(world.stores[0], name="别人", phone="+8613800009999", raw_phone="13800009999"),
    ]
    verdicts = await service.upsert_many(world.brand_id, rows)
    assert [(one.outcome, one.reason) for one in verdicts[:2]] == [(RowOutcome.REJECTED, "erased")] * 2
    assert verdicts[2].outcome is RowOutcome.CREATED
    assert await left((NAME, MEMBER, "38000020")) == []


async def test_a_till_does_not_bring_her_back_and_what_she_buys_is_nobodys(database: str) -> None:
    world = await make_world()
    key = await her(world)
    await erase(world, key)
    batch = [sale("1", member_no=MEMBER), sale("9", 7000, 5, member_no=MEMBER), sale("10", 100, 6, phone=PHONE)]
    await ingest(world, *batch)
    await ingest(world, *batch)
    assert await db.fetch_value('SELECT count(*) FROM "order" WHERE customer_id IS NOT NULL') == 0
    assert await db.fetch_value('SELECT sum(total_minor) FROM "order"') == 10000 + 5000 - 2000 + 7000 + 100
    assert await queries.find_by_identity(world.brand_id, IdentityKind.MEMBER_NO, [MEMBER]) == {}


async def test_a_person_at_the_counter_is_told_and_may_file_her_anew_with_nothing_allowed(database: str) -> None:
    world = await make_world()
    guide = world.staff["guide"]
    await erase(world, await her(world))
    told = await refused(make_customer(world, phone=PHONE, name=NAME))
    assert (told.code, told.field, told.reason) == (ErrorCode.ERASED, "phone", "erased_before")
    other = await make_customer(world)
    moved = await refused(service.update_customer(guide, other, 1, {"phone": PHONE}))
    assert moved.code is ErrorCode.ERASED
    anew = await service.create_customer(guide, NewCustomer(new_id(), PHONE, name=NAME, file_anew=True))
    refusals = json.loads(await db.fetch_value("SELECT refusals::text FROM customer WHERE id = $1", anew))
    assert {"marketing/phone", "marketing/wechat", "profiling/any", "sharing/any", "children/any"} <= set(refusals)
    assert "service/phone" not in refusals
    assert await db.fetch_value("SELECT subject_id FROM event WHERE kind = 'suppression.lifted'") == anew
    assert await db.fetch_value("SELECT count(*) FROM suppression") == 0, "her member number came back with her"
    assert await queries.customer(guide, anew)


async def test_the_hash_tells_nothing_without_the_key_and_differs_between_brands(database: str) -> None:
    for name in ("好孕来", "别家"):
        world = await make_world(name)
        key = await make_customer(world, phone=PHONE, name=NAME)
        await erase(world, key)
    hashes = {bytes(row[0]) for row in await db.fetch("SELECT hash FROM suppression WHERE kind = 'phone'")}
    assert len(hashes) == 2 and all(len(one) == 32 for one in hashes)
    assert len(await db.fetch_value("SELECT value FROM secret WHERE name = 'suppression'")) == 64


async def test_those_who_were_merged_into_her_are_forgotten_with_her(database: str) -> None:
    world = await make_world()
    winner, loser = await make_customer(world, name=NAME), await make_customer(world, name="林旧名", alias="旧称呼")
    await db.execute("UPDATE customer SET merged_into_id = $2 WHERE id = $1", loser, winner)
    await erase(world, winner)
    assert await left((NAME, "林旧名", "旧称呼")) == []
    assert await db.fetch_value("SELECT count(*) FROM customer WHERE erased_at IS NOT NULL") == 2


async def test_every_column_of_a_customer_is_cleared_or_known_to_say_nothing_of_her(database: str) -> None:
    from shuke.domains.records.rules.fates import Strip
    from shuke.domains.records.rules.parts import PARTS

    part = next(part for part in PARTS if (part.table, part.column) == ("customer", "id"))
    assert isinstance(part.erasure, Strip)
    says_nothing = {
        *("id", "brand_id", "store_id", "created_at", "updated_at", "version", "merged_into_id", "erased_at"),
        *("guide_id", "field_versions", "source", "refusals"),  # the owner and versions go by `customers.erase`
    }
    columns = await db.fetch("SELECT column_name FROM information_schema.columns WHERE table_name = 'customer'")
    assert {row[0] for row in columns} - set(part.erasure.columns) - says_nothing == set()


async def settled(acts: list[Awaitable[Any]]) -> list[Any]:
    return list(await asyncio.gather(*acts, return_exceptions=True))


@pytest.mark.parametrize("turn", range(4))
async def test_whoever_writes_of_her_at_that_moment_leaves_nothing_behind(database: str, turn: int) -> None:
    """An import, a till, an edit, a note, a new record, an outcome: before the erasure or after it, never beside it."""
    world = await make_world()
    guide, key = world.staff["guide"], await her(world)
    task = await make_card(world, key, key="again")
    task = await db.fetch_value("SELECT id FROM task WHERE customer_id = $1 AND state = 'open'", key) or task
    row = CustomerRow(world.stores[0], name=NAME, phone=f"+86{PHONE}", raw_phone=PHONE, note="对花生过敏")
    version = await db.fetch_value("SELECT version FROM customer WHERE id = $1", key)
    said = ConsentSaid(
        ConsentPurpose.MARKETING, ConsentChannel.PHONE, ConsentState.REFUSED, ConsentHow.CALL, note="别打扰"
    )
    acts: list[Awaitable[Any]] = [
        service.upsert_many(world.brand_id, [row]),
        ingest(world, sale("9", 7000, 5, member_no=MEMBER), sale("10", 1, 5, phone=PHONE)),
        service.update_customer(guide, key, version, {"alias": "小满妈妈"}),
        service.add_note(guide, key, new_id(), "喜欢米色"),
        service.record_consent(guide, key, said),
        make_customer(world, phone=PHONE, name=NAME),
        tasks.record_outcome(guide, new_id(), task, Outcome.REACHED, "孕吐", None),
    ]
    acts.insert(turn * 2, erase(world, key))
    results = await settled(acts)
    assert [one for one in results if isinstance(one, BaseException) and not isinstance(one, Refusal)] == []
    assert not isinstance(results[turn * 2], BaseException)
    assert await left() == []
    assert await db.fetch_value('SELECT count(*) FROM "order" WHERE customer_id IS NOT NULL') == 0
    assert clock.now()
