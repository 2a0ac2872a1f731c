"""A chain in which who comes again can be told from what she did before, and what is thought of one customer."""

from datetime import date, datetime, time, timedelta
from random import Random
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from shuke.domains.identity.types import Actor
from shuke.domains.predictions import queries, service
from shuke.domains.predictions.types import Page
from shuke.kit import clock, db, zones
from tests.factories import World, system
from tests.factories.segments import add_customers, add_orders, order_row

ZONE = "Asia/Shanghai"
THOUGHT = """
INSERT INTO customer_prediction (customer_id, brand_id, as_of, run, expires_at, numbers, order_30, order_90, new_90,
  next_on, labels, why, why_new, seen)
VALUES ($1, $2, $3, 1, $4, '{1,1,1}', 0.1, 0.2, 0.3, NULL, '{churn_risk}', '{-1,2,-3}', '{2,-1}', '{80,3,12800,300,0}')
"""


async def foretell(world: World, customer: UUID) -> None:
    """She probably does not come again."""
    now = clock.now()
    await db.execute(THOUGHT, customer, world.brand_id, zones.local_date(now, ZONE), now + timedelta(days=3))


async def habits(world: World, customers: int = 400, days: int = 400, seed: int = 1) -> list[UUID]:
    """Customers with orders until today: each comes at her own pace, and one in three stops at some point."""
    rng, today = Random(seed), zones.local_date(clock.now(), ZONE)
    ids, rows = await add_customers(world, customers), []
    for key in ids:
        pace, day = rng.choice((10, 25, 60, 120)), rng.randrange(days)
        stops = rng.randrange(days) if rng.random() < 0.35 else days
        while day < stops:
            rows.append(bought(world, key, today - timedelta(days=days - 1 - day), rng.randrange(500, 30_000)))
            day += max(1, round(rng.expovariate(1 / pace)))
    await add_orders(rows)
    return ids


def bought(world: World, customer: UUID, day: date, minor: int = 5000, **said: Any) -> tuple[object, ...]:
    """A row of an order on this day, at noon."""
    return order_row(world, customer, datetime.combine(day, time(1), ZoneInfo(ZONE)), minor, **said)


async def scored(world: World) -> Page:
    """After a wish and as many turns as it takes."""
    actor: Actor = await system(world)
    await service.retrain(actor)
    while await service.sweep_predictions(10):
        pass
    return await queries.page(actor)
