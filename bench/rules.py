"""One customer looked at by a hundred live rules, as after an order; against reading her receipts, which that needs."""

import asyncio
from statistics import quantiles
from time import perf_counter
from typing import Any
from uuid import UUID

from bench import chain
from bench.table import Row
from shuke.domains.identity import queries as identity
from shuke.domains.orders import service as orders
from shuke.domains.segments import service
from shuke.domains.segments.types.rules import NewSegment
from shuke.kit import db
from shuke.kit.ids import new_id

SIZES = (10_000, 100_000, 1_000_000)  # customers; ten times as many orders
RULES, LOOKS = 100, 200
GOAL = 20  # ms
# what time alone changes is left to its own timers, so that the look is at her and nobody else
FILLED = "UPDATE segment SET filled_at = now()"
BOUGHT = """
INSERT INTO "order" (id, brand_id, store_id, customer_id, source, business_date, receipt_no, kind, status, placed_at,
  currency, total_minor, digest)
SELECT gen_random_uuid(), brand_id, store_id, id, 'till', now()::date, gen_random_uuid()::text, 'sale', 'completed',
  now(), 'CNY', 12345, '\\x00' FROM customer WHERE id = $1
"""
RECEIPTS = 'SELECT kind, total_minor, placed_at FROM "order" WHERE customer_id = $1'


def rule(n: int) -> dict[str, Any]:
    """Four or five conditions: purchases in a window, how long ago, the card, being in touch; and of each fourth rule a
    cell, articles, or children.
    """
    more: dict[int, dict[str, Any]] = {
        1: {"fact": "rfm.cell", "op": "in", "value": ["HHH", "LHH"]},
        2: {"fact": "products.count", "op": "ge", "value": 1, "where": {"days": 60 + n, "categories": ["品类3"]}},
        3: {"fact": "children.age", "op": "between", "value": [n % 30, 40]},
    }
    bought = {"fact": "orders.count", "op": "ge", "value": n % 7, "where": {"days": 30 + n}}
    silent = {"fact": "orders.last", "op": "ago", "value": n}
    gold = {"fact": "customer.level", "op": "eq", "value": f"金卡 {n % 10}"}
    met = {"fact": "contact.last", "op": "within", "value": 7 + n % 5}
    return {"all": [bought, {"any": [silent, gold, *filter(None, [more.get(n % 4)])]}, {"not": met}]}


async def look(brand_id: UUID, customer: UUID) -> float:
    """Milliseconds of the look after she has bought something."""
    await db.execute(BOUGHT, customer)
    await orders.rebuild_stats(brand_id, [customer])
    await service.touch(brand_id, [customer])
    began = perf_counter()
    await service.sweep_members(1)
    return (perf_counter() - began) * 1000


async def receipts(customer: UUID) -> float:
    """Milliseconds."""
    began = perf_counter()
    await db.fetch(RECEIPTS, customer)
    return (perf_counter() - began) * 1000


async def statements(brand_id: UUID, customer: UUID) -> tuple[int, int]:
    """Of a whole look: those that ask rules, and all."""
    await service.touch(brand_id, [customer])
    async with db.counting() as noted:
        await service.sweep_members(1)
    return sum("FROM customer c" in sql for sql in noted), len(noted)


async def measured(n: int) -> tuple[float, float, list[tuple[int, int]]]:
    """95th percentiles of a look and of its floor in ms; statements of a look at ten rules, and at all."""
    async with chain.of(n) as url:
        await db.connect(url)
        (brand,) = await identity.brands()
        actor = await identity.system_actor(brand.id)
        people = [UUID(int=place * (n // LOOKS)) for place in range(LOOKS)]
        counts = []
        for number in range(RULES):
            await service.save_segment(actor, NewSegment(new_id(), f"{number}", rule(number)))
            if number + 1 in (10, RULES):
                await db.execute(FILLED)
                await look(brand.id, people[0])
                counts.append(await statements(brand.id, people[0]))
        for one in people:  # she is in her segments already, and the statement has its plan
            await look(brand.id, one)
        ours = [await look(brand.id, one) for one in people]
        floor = [await receipts(one) for one in people]
        await db.disconnect()
    return quantiles(ours, n=20)[-1], quantiles(floor, n=20)[-1], counts


def run() -> list[Row]:
    rows = []
    for n in SIZES:
        ours, floor, (few, many) = asyncio.run(measured(n))
        what = f"a customer looked at by {RULES} rules, {n:,} customers"
        told = f"p95 {ours:.1f} ms; {many[0]} statement asks them, {many[1]} in all"
        met = ours <= GOAL and few == many and many[0] == 1
        rows.append(Row(what, told, f"p95 {floor:.1f} ms", ours / floor, f"≤ {GOAL} ms; one asks", met))
    return rows
