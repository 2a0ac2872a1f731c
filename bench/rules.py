"""One customer looked at by a hundred live rules, as after an order; against reading her receipts, which that needs."""

import asyncio
from statistics import quantiles
from time import perf_counter
from typing import Any
from uuid import UUID

from bench import chain
from bench.table import Row
from shuke.domains.identity import queries as identity
from shuke.domains.segments import queries, service
from shuke.domains.segments.types.rules import NewSegment
from shuke.kit import clock, db
from shuke.kit.ids import new_id

SIZES = (10_000, 100_000, 1_000_000)  # customers; ten times as many orders
RULES, LOOKS = 100, 200
GOAL = 20  # ms
# what time alone changes is left to its own timers, so that the look is at her and nobody else
FILLED = "UPDATE segment SET filled_at = now()"
RECEIPTS = 'SELECT kind, total_minor, placed_at FROM "order" WHERE customer_id = $1'


def rule(n: int) -> dict[str, Any]:
    """Four conditions: purchases in a window, how long ago, the card, being in touch."""
    bought = {"fact": "orders.count", "op": "ge", "value": n % 7, "where": {"days": 30 + n}}
    silent = {"fact": "orders.last", "op": "ago", "value": n}
    gold = {"fact": "customer.level", "op": "eq", "value": f"金卡 {n % 10}"}
    met = {"fact": "contact.last", "op": "within", "value": 7 + n % 5}
    return {"all": [bought, {"any": [silent, gold]}, {"not": met}]}


async def look(brand_id: UUID, customer: UUID) -> float:
    """Milliseconds."""
    await service.touch(brand_id, [customer])
    began = perf_counter()
    await service.sweep_members(1)
    return (perf_counter() - began) * 1000


async def receipts(customer: UUID) -> float:
    """Milliseconds."""
    began = perf_counter()
    await db.fetch(RECEIPTS, customer)
    return (perf_counter() - began) * 1000


async def measured(n: int) -> tuple[float, float, int]:
    """95th percentiles of a look and of its floor in ms; statements that ask the rules."""
    async with chain.of(n) as url:
        await db.connect(url)
        (brand,) = await identity.brands()
        actor = await identity.system_actor(brand.id)
        for number in range(RULES):
            await service.save_segment(actor, NewSegment(new_id(), f"{number}", rule(number)))
        await db.execute(FILLED)
        people = [UUID(int=place * (n // LOOKS)) for place in range(LOOKS)]
        plan = await queries.plan(brand.id)
        async with db.tx(), db.counting() as noted:
            await plan.ask(people[:1], clock.now())
        for one in people[:20]:  # first looks plan the statement
            await look(brand.id, one)
        ours = [await look(brand.id, one) for one in people]
        floor = [await receipts(one) for one in people]
        await db.disconnect()
    asked = sum("customer c" in sql for sql in noted)
    return quantiles(ours, n=20)[-1], quantiles(floor, n=20)[-1], asked


def run() -> list[Row]:
    rows = []
    for n in SIZES:
        ours, floor, asked = asyncio.run(measured(n))
        what = f"a customer looked at by {RULES} rules, {n:,} customers"
        told = f"p95 {ours:.1f} ms, {asked} statement"
        rows.append(Row(what, told, f"p95 {floor:.1f} ms", ours / floor, f"≤ {GOAL} ms", ours <= GOAL and asked == 1))
    return rows
