"""A till's batches: a verdict for each order, whatever comes in whatever sequence, as often as it likes."""

import asyncio
from datetime import date, datetime, timedelta

import pytest
from msgspec.structs import replace

from shuke.domains.identity import queries as identity
from shuke.domains.orders import queries, service
from shuke.domains.orders.types import IngestVerdict, OrderStatus
from shuke.kit import clock, db
from shuke.kit.errors import ErrorCode, Refusal
from tests.factories import make_world
from tests.factories.customers import make_customer
from tests.factories.orders import BEGIN, ingest, money, refund, sale, verdicts

CREATED, UPDATED, UNCHANGED, REJECTED = IngestVerdict


async def test_a_batch_sent_twice_changes_nothing(database: str) -> None:
    world = await make_world()
    batch = [sale("1", member_no="M1"), sale("2", 5000, 1, member_no="M1"), sale("3", day=2)]
    assert await verdicts(world, *batch) == [CREATED] * 3
    assert await verdicts(world, *batch) == [UNCHANGED] * 3
    assert await money(world, "M1") == (2, 15000, 0)
    assert await db.fetch_value("SELECT count(*) FROM event WHERE kind = 'orders.recorded'") == 1
    assert await db.fetch_value("SELECT count(*) FROM order_line") == 3
    assert await db.fetch_value("SELECT count(*) FROM timeline_entry WHERE kind = 'order'") == 2


async def test_a_corrected_order_replaces_what_was_said(database: str) -> None:
    world = await make_world()
    await ingest(world, sale("1", member_no="M1"), sale("2", member_no="M1"))
    other = [("A", None, "2", "9.995", "1999"), ("B", "奶瓶", "0.5", None, "1")]
    assert await verdicts(world, sale("1", member_no="M2", lines=other)) == [UPDATED]
    assert await money(world, "M1") == (1, 10000, 0) and await money(world, "M2") == (1, 2000, 0)
    assert await verdicts(world, sale("2", member_no="M1", status=OrderStatus.CANCELLED)) == [UPDATED]
    assert await money(world, "M1") == (0, 0, 0)
    actor = await identity.system_actor(world.brand_id)
    first, second = await queries.orders_page(actor, first=5)
    assert {first.receipt_no, second.receipt_no} == {"1", "2"}
    (lines,) = await queries.lines_of(actor, [next(one.id for one in (first, second) if one.receipt_no == "1")])
    assert [(line.position, line.sku, line.name, line.quantity, line.unit_price) for line in lines] == [
        (1, "A", None, "2", "9.995"),
        (2, "B", "奶瓶", "0.5", None),
    ]
    assert await db.fetch_value("SELECT count(*) FROM timeline_entry WHERE kind = 'order'") == 1


async def test_one_bad_order_spoils_no_other(database: str) -> None:
    world = await make_world()
    bad = [
        (sale("a", store_code="NO"), "storeCode", "store_unknown"),
        (sale("b", currency="USD"), "currency", "currency_other"),
        (sale("c", lines=[("x", None, "1.2345", None, "1")]), "quantity", "quantity_wrong"),
        (sale("d", lines=[("x", None, "1", "abc", "1")]), "unitPrice", "price_wrong"),
        (sale("e", lines=[("x", None, "1", None, "1.5")]), "totalMinor", "total_wrong"),
        (sale("f", lines=[]), "lines", "lines_count"),
        (refund("g", 100), "lines", "refund_positive"),
        (
            sale("h", placed_at=clock.now() + timedelta(days=3), business_date=clock.now().date()),
            "placedAt",
            "in_future",
        ),
        (sale("i", placed_at=datetime(2026, 1, 1)), "placedAt", "moment_offset"),
        (sale("j" * 61), "receiptNo", "text_wrong"),
        (sale("k", member_no="M\x00"), "memberNo", "text_wrong"),
        (sale(" "), "receiptNo", "required"),
    ]
    results = await ingest(
        world, sale("1"), *(order for order, _, _ in bad), sale("2", lines=[("\ud800\x00", "\n", "1", None, "1")])
    )
    assert [result.verdict for result in results] == [CREATED, *[REJECTED] * len(bad), CREATED]
    for result, (_, field, reason) in zip(results[1:-1], bad, strict=True):
        assert [(problem.field, problem.reason) for problem in result.problems] == [(field, reason)]
        assert result.order_id is None


async def test_the_same_key_twice_in_a_batch_is_one_order_with_the_last_word(database: str) -> None:
    world = await make_world()
    twice = [sale("1", member_no="M1"), sale("1", member_no="M1"), sale("1", 700, member_no="M1")]
    results = await ingest(world, *twice)
    assert [result.verdict for result in results] == [CREATED, UNCHANGED, UPDATED]
    assert len({result.order_id for result in results}) == 1 and await money(world, "M1") == (1, 700, 0)


async def test_racing_callers_store_each_order_once_and_count_them_all(database: str) -> None:
    world = await make_world()
    batches = [
        [sale(str(n % 12), 1000 + n % 12, n % 12, member_no="M1") for n in range(start, start + 12)]
        for start in range(8)
    ]
    found = await asyncio.gather(*(verdicts(world, *batch) for batch in batches))
    assert sorted(verdict.value for batch in found for verdict in batch) == ["created"] * 12 + ["unchanged"] * 84
    assert await money(world, "M1") == (12, sum(1000 + n for n in range(12)), 0)


async def test_a_known_phone_names_the_customer_and_an_unknown_one_nobody(database: str) -> None:
    world = await make_world()
    customer = await make_customer(world, phone="13800138000")
    await ingest(world, sale("1", phone="+86 138-0013-8000"), sale("2", phone="13911112222"), sale("3", phone="??"))
    rows = await db.fetch('SELECT receipt_no, customer_id FROM "order" ORDER BY receipt_no')
    assert [row[1] for row in rows] == [customer, None, None]
    late = await make_customer(world, phone="13911112222")
    assert await verdicts(world, sale("2", phone="13911112222")) == [UPDATED]
    assert await db.fetch_value("""SELECT customer_id FROM "order" WHERE receipt_no = '2'""") == late
    assert await verdicts(world, sale("2", phone="13911112222")) == [UNCHANGED]


@pytest.mark.parametrize("refund_first", [False, True])
async def test_a_refund_finds_its_sale_whichever_comes_first(database: str, refund_first: bool) -> None:
    world = await make_world()
    older, newer = sale("7", 9000, 0, member_no="M1"), sale("7", 10000, 3, member_no="M1")
    back = refund("R1", -10000, 5, of="7")  # names no customer: it is her sale that it takes back
    for order in [back, newer, older] if refund_first else [older, newer, back]:
        assert await verdicts(world, order) == [CREATED]
    assert await money(world, "M1") == (1, 9000, -10000)
    kinds = await db.fetch("SELECT kind, at FROM timeline_entry WHERE kind <> 'created' ORDER BY at")
    assert [row[0] for row in kinds] == ["order", "order", "refund"]
    # the till corrects which sale it was, then that it was none
    assert await verdicts(world, replace(back, refund_of_business_date=date(2026, 3, 2))) == [UPDATED]
    assert await money(world, "M1") == (1, 9000, -10000)
    linked = await db.fetch_value('SELECT s.total_minor FROM "order" r JOIN "order" s ON s.id = r.refund_of_id')
    assert linked == 9000
    assert await verdicts(world, replace(back, refund_of_receipt_no=None)) == [UPDATED]
    assert await money(world, "M1") == (2, 19000, 0)


async def test_a_partial_refund_leaves_the_order_counted(database: str) -> None:
    world = await make_world()
    await ingest(world, sale("1", member_no="M1"), refund("R", -4000, of="1"), refund("R2", -100, member_no="M1"))
    assert await money(world, "M1") == (1, 5900, -4100)
    await ingest(world, refund("R3", -6000, 4, of="1"))
    assert await money(world, "M1") == (0, -100, -10100)


async def test_only_head_office_and_its_partners_send_orders(database: str) -> None:
    world, other = await make_world(), await make_world("别家")
    for who in ("guide", "manager", "regional"):
        with pytest.raises(Refusal) as refused:
            await service.ingest_orders(world.staff[who], world.brand_id, [sale("1")])
        assert refused.value.code is ErrorCode.FORBIDDEN
    with pytest.raises(Refusal):
        await service.ingest_orders(world.staff["hq"], other.brand_id, [sale("1")])
    with pytest.raises(Refusal) as refused:
        await ingest(world, *[sale(str(n)) for n in range(501)])
    assert refused.value.reason == "batch_size"
    assert await db.fetch_value('SELECT count(*) FROM "order"') == 0


async def test_pages_of_orders_have_no_gap_and_no_double(database: str) -> None:
    world = await make_world()
    same = [sale(str(n), placed_at=BEGIN + timedelta(hours=n // 3), store_code=f"S{n % 3 + 1}") for n in range(20)]
    await ingest(world, *same)
    for who, expected in (("hq", 20), ("manager", 7), ("regional", 14)):
        seen, after = [], None
        while True:
            page = await queries.orders_page(world.staff[who], first=4, after=after)
            seen += page[:4]
            if len(page) < 5:
                break
            after = (page[3].placed_at, page[3].id)
        assert len({order.id for order in seen}) == len(seen) == expected
        assert [order.placed_at for order in seen] == sorted((order.placed_at for order in seen), reverse=True)
    (theirs,) = [o for o in await queries.orders_page(world.staff["hq"], first=30) if o.receipt_no == "1"]
    assert await queries.order(world.staff["manager"], theirs.id) is None
    assert await queries.order((await make_world("别家")).staff["hq"], theirs.id) is None
    assert await queries.order(world.staff["regional"], theirs.id) == theirs
