"""Many customers at once: members made on the way, rows of a file, two callers at the same time."""

import asyncio
import random
from datetime import UTC, date, datetime

from shuke.domains.customers import queries, service
from shuke.domains.customers.types import (
    CustomerRow,
    CustomerSource,
    Filters,
    Gender,
    IdentityKind,
    RowOutcome,
    TimelineIn,
    TimelineKind,
)
from shuke.kit import db
from shuke.kit.ids import new_id
from tests.factories import World, make_world
from tests.factories.customers import make_customer, refused

MEMBER, LONG_AGO = IdentityKind.MEMBER_NO, datetime(2011, 12, 9, 8, tzinfo=UTC)


async def test_unknown_members_become_customers_of_the_pool_and_known_ones_stay(database: str) -> None:
    world = await make_world()
    first = await service.ensure_members(world.brand_id, world.stores[0], [(MEMBER, "1", "1"), (MEMBER, "2", " 2")])
    again = await service.ensure_members(world.brand_id, world.stores[1], [(MEMBER, "2", "2"), (MEMBER, "3", "3")])
    assert again["2"] == first["2"] and len({*first.values(), *again.values()}) == 3
    view = await queries.customer(world.staff["guide"], first["2"])
    assert view and (view.name, view.guide, view.member_no, view.source) == (None, None, "2", CustomerSource.IMPORT)
    assert await queries.find_by_identity(world.brand_id, MEMBER, ["3", "4"]) == {"3": again["3"]}
    assert await service.ensure_members(world.brand_id, world.stores[0], []) == {}


async def test_many_who_ensure_the_same_members_at_once_make_each_once(database: str) -> None:
    world = await make_world()

    async def caller(seed: int) -> dict[str, object]:
        numbers = [(MEMBER, str(n), str(n)) for n in range(200)]
        random.Random(seed).shuffle(numbers)
        return {**await service.ensure_members(world.brand_id, world.stores[seed % 2], numbers[:150])}

    answers = await asyncio.gather(*(caller(seed) for seed in range(8)))
    made = {number: key for answer in answers for number, key in answer.items()}
    assert all(made[number] == key for answer in answers for number, key in answer.items())
    assert await db.fetch_value("SELECT count(*) FROM customer") == len(made)


def row(world: World, **said) -> CustomerRow:
    return CustomerRow(world.stores[0], **said)


async def test_rows_fill_an_archive_and_change_nothing_the_second_time(database: str) -> None:
    world = await make_world()
    guide = world.staff["guide"]
    rows = [
        row(world, name="周雨桐", member_no="M1", phone="+8613800002047", raw_phone="138-0000-2047", guide_id=guide.id),
        row(world, name="何佳", phone="+8613900001111", birthday=date(1990, 1, 2), created_at=LONG_AGO),
        row(world, name="nobody"),
        row(world, id=(chosen := new_id()), alias="米粒妈妈"),
    ]
    verdicts = await service.upsert_many(world.brand_id, rows)
    created, rejected = RowOutcome.CREATED, RowOutcome.REJECTED
    assert [verdict.outcome for verdict in verdicts] == [created, created, rejected, created]
    assert verdicts[2].reason == "identity_missing" and verdicts[3].customer_id == chosen
    assert verdicts[0].customer_id and verdicts[1].customer_id
    first = await queries.customer(guide, verdicts[0].customer_id)
    assert first and first.guide and (first.guide.id, first.member_no, first.phone) == (guide.id, "M1", "138 •••• 2047")
    second = await queries.customer(guide, verdicts[1].customer_id)
    assert second and (second.created_at, second.birthday, second.guide) == (LONG_AGO, date(1990, 1, 2), None)
    assert await names_found(world, "雨桐") == ["周雨桐"] and await names_found(world, "1111") == ["何佳"]
    before = await everything()
    again = await service.upsert_many(world.brand_id, rows)
    unchanged = RowOutcome.UNCHANGED
    assert [verdict.outcome for verdict in again] == [unchanged, unchanged, rejected, unchanged]
    assert await everything() == before


async def test_a_row_completes_what_is_on_file_and_wipes_nothing(database: str) -> None:
    world = await make_world()
    key = await make_customer(world, phone="13800002047", note="爱喝温水")
    rows = [row(world, phone="+8613800002047", raw_phone="13800002047", member_no="M1", level="金卡")]
    rows += [row(world, member_no="M1", phone="+8613900001111", gender=Gender.FEMALE)]
    verdicts = await service.upsert_many(world.brand_id, rows)
    assert [(verdict.outcome, verdict.customer_id) for verdict in verdicts] == [(RowOutcome.UPDATED, key)] * 2
    view = await queries.customer(world.staff["guide"], key)
    assert view and (view.name, view.note, view.level, view.gender) == ("周雨桐", "爱喝温水", "金卡", Gender.FEMALE)
    assert (view.member_no, view.phone, view.version) == ("M1", "139 •••• 1111", 2)
    latest = (await queries.timeline(world.staff["guide"], key, 1))[0]
    assert latest.kind is TimelineKind.PROFILE and latest.actor is None
    assert latest.data == {"fields": ["gender", "level", "memberNo", "phone"]}
    clash = await refused(service.update_customer(world.staff["guide"], key, 1, {"level": "银卡"}))
    assert clash.field == "level"  # an import is an edit like any other


async def test_an_id_of_another_brand_is_refused_row_by_row(database: str) -> None:
    world, other = await make_world(), await make_world("别家")
    key = await make_customer(other)
    verdicts = await service.upsert_many(world.brand_id, [row(world, id=key, name="x"), row(world, member_no="1")])
    assert [(verdict.outcome.name, verdict.reason) for verdict in verdicts] == [
        ("REJECTED", "id_taken"),
        ("CREATED", None),
    ]


async def test_two_files_and_the_counter_at_once_make_each_customer_once(database: str) -> None:
    world = await make_world()
    phones = [f"138{n:08d}" for n in range(120)]
    rows = [row(world, member_no=f"M{n}", phone=f"+86{phone}", name=f"客{n}") for n, phone in enumerate(phones)]
    shuffled = random.Random(1).sample(rows, len(rows))
    counter = [make_customer(world, phone=phone) for phone in phones[::12]]
    members = [
        service.ensure_members(world.brand_id, world.stores[0], [(MEMBER, f"M{n}", "x")]) for n in range(5, 120, 10)
    ]
    files = [service.upsert_many(world.brand_id, part) for part in (rows, shuffled)]
    results = await asyncio.gather(*counter, *files, *members, return_exceptions=True)
    verdicts = [verdict for result in results if isinstance(result, list) for verdict in result]
    assert len(verdicts) == 240
    assert await db.fetch_value("SELECT count(*) FROM customer") == await db.fetch_value(
        "SELECT count(DISTINCT customer_id) FROM customer_identity"
    )
    rejected = {verdict.reason for verdict in verdicts if verdict.outcome is RowOutcome.REJECTED}
    assert rejected <= {"two_archives"}  # the till and the counter had each begun an archive for one person
    numbers = await db.fetch_value("SELECT count(DISTINCT value) FROM customer_identity")
    assert numbers == 240


async def test_the_timeline_takes_many_entries_replaces_one_and_lets_one_go(database: str) -> None:
    world = await make_world()
    guide, key = world.staff["guide"], await make_customer(world)
    sale = {"total": 12900, "currency": "CNY", "items": 3, "store": "文三路店"}
    ids = [new_id() for _ in range(5)]
    entries = [TimelineIn(one, key, TimelineKind.ORDER, LONG_AGO, None, sale) for one in ids]
    await service.append_timeline_many(world.brand_id, entries)
    contact = {"outcome": "no_answer"}
    called = await service.append_timeline(
        world.brand_id, key, TimelineKind.CONTACT, LONG_AGO, guide.id, contact, id=ids[0]
    )
    assert called == ids[0]
    await service.remove_timeline(ids[1])
    await service.remove_timeline(ids[1])
    seen, after = [], None
    while page := await queries.timeline(guide, key, 2, after):
        seen += page[:2]
        after = (page[:2][-1].at, page[:2][-1].id)
    assert [entry.kind for entry in seen[:1]] == [TimelineKind.CREATED] and len(seen) == 5
    assert [entry.id for entry in seen[1:]] == sorted((ids[0], *ids[2:]), reverse=True)
    assert {entry.id: entry.data for entry in seen}[ids[0]] == contact


async def names_found(world: World, typed: str) -> list[str | None]:
    found = await queries.customers(world.staff["guide"], Filters(search=typed), 10)
    return [view.name for view in found]


async def everything() -> list[object]:
    tables = ("customer", "customer_identity", "timeline_entry", "search_token", "event")
    return [await db.fetch(f"SELECT t::text FROM {table} t ORDER BY 1") for table in tables]
