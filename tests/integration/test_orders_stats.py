"""Purchase statistics: kept order by order, they are what counting everything again would give."""

from datetime import UTC, datetime

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

from shuke.domains.identity import queries as identity
from shuke.domains.orders import service
from shuke.domains.orders.types import OrderIn, OrderStatus
from shuke.kit import clock, db
from tests.factories import World, make_world
from tests.factories.orders import ingest, refund, sale, stats

RECEIPTS, MEMBERS = ["1", "2", "3"], [None, "M1", "M2"]


@some.composite
def documents(draw: some.DrawFn) -> OrderIn:
    """Anything a till may say: few keys, so that corrections, refunds and arrivals in any order meet."""
    day, minor = draw(some.integers(0, 3)), draw(some.sampled_from([0, 1, 500, 1000]))
    said = {
        "member_no": draw(some.sampled_from(MEMBERS)),
        "status": draw(some.sampled_from([OrderStatus.COMPLETED] * 3 + [OrderStatus.CANCELLED])),
    }
    if draw(some.booleans()):
        return sale(draw(some.sampled_from(RECEIPTS)), minor, day, **said)
    number, of = draw(some.sampled_from(["R1", "R2"])), draw(some.sampled_from([None, *RECEIPTS]))
    return refund(number, -minor, day, of, **said)


async def rows() -> list[tuple[object, ...]]:
    sql = "SELECT id, order_count, gross_minor, refunded_minor, first_order_at, last_order_at FROM customer_stats"
    return sorted(tuple(row) for row in await db.fetch(sql))


async def links() -> set[tuple[object, ...]]:
    sql = """SELECT r.receipt_no, r.business_date, s.receipt_no, s.business_date, i.value FROM "order" r
      LEFT JOIN "order" s ON s.id = r.refund_of_id LEFT JOIN customer_identity i ON i.customer_id = r.customer_id"""
    return {tuple(row) for row in await db.fetch(sql)}


async def forget(world: World) -> None:
    for table in ("timeline_entry", "order_line", '"order"', "customer_stats"):
        await db.execute(f"DELETE FROM {table}")


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(history=some.lists(some.lists(documents(), max_size=4), min_size=1, max_size=5))
async def test_any_history_kept_or_counted_again_is_the_same(database: str, history: list[list[OrderIn]]) -> None:
    brands = await identity.brands()
    world = World(brands[0].id, [], [], {"hq": await identity.system_actor(brands[0].id)}, {}) if brands else None
    world = world or await make_world()
    await forget(world)
    for batch in history:
        await ingest(world, *batch)
    kept, linked = await rows(), await links()
    await service.rebuild_stats(world.brand_id)
    assert await rows() == kept
    await db.execute("DELETE FROM customer_stats")
    await service.rebuild_stats(world.brand_id)
    assert [row for row in kept if any(row[1:])] == [row for row in await rows() if any(row[1:])]
    # the last word on each key, told in another sequence
    last = {(o.receipt_no, o.business_date): o for batch in history for o in batch}
    await forget(world)
    for order in reversed(last.values()):
        await ingest(world, order)
    assert await links() == linked
    assert [row for row in await rows() if any(row[1:])] == [row for row in kept if any(row[1:])]


async def test_months_are_the_home_stores_and_zeros_are_shown(database: str) -> None:
    world = await make_world()
    new_year = datetime(2026, 12, 31, 17, tzinfo=UTC)  # in Shanghai it is 2027 already
    with clock.pretended(datetime(2027, 1, 5, tzinfo=UTC)):
        await ingest(
            world,
            sale("1", 1000, placed_at=new_year, member_no="M1"),
            sale("2", 2000, placed_at=datetime(2026, 12, 30, tzinfo=UTC), member_no="M1"),
            sale("3", 4000, placed_at=datetime(2026, 1, 31, 17, tzinfo=UTC), member_no="M1"),
            sale("4", 8000, placed_at=datetime(2026, 1, 31, 15, tzinfo=UTC), member_no="M1"),
            refund("5", -500, placed_at=new_year, member_no="M1"),
        )
        found = await stats(world, "M1")
    nets = {spend.month: spend.net.minor for spend in found.months}
    assert list(nets) == [f"2026-{month:02}" for month in range(2, 13)] + ["2027-01"]
    assert nets == dict.fromkeys(nets, 0) | {"2026-02": 4000, "2026-12": 2000, "2027-01": 500}
    assert (found.order_count, found.net.minor, found.refunded.minor) == (4, 14500, -500)
    assert found.average_gap_days == 112  # 2026-01-31 to 2027-01-01: 335 days in three gaps
