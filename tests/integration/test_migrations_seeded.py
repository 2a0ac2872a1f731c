"""Every migration since 0012 on a chain that an earlier version had seeded and worked with."""

import lzma
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import asyncpg
import pytest

from shuke.domains.customers import queries as archive
from shuke.domains.customers import service as customers
from shuke.domains.customers.types import Filters
from shuke.domains.identity import queries as identity
from shuke.domains.identity.types import Actor, Grant, Locale, Role
from shuke.domains.orders import service as orders
from shuke.kit import db
from tests.integration.test_migrations import counts, inventory
from tests.servers import fresh_database

SEEDED = Path(__file__).parents[1] / "data" / "seeded_0012.sql.xz"
KEPT = {
    "customer": "SELECT id, store_id, guide_id, name, alias, gender, level, source, note, version FROM customer",
    "birthday": "SELECT id, birthday::text FROM customer WHERE birthday IS NOT NULL",
    "identity": "SELECT id, customer_id, kind, value, raw_value FROM customer_identity",
    "order": 'SELECT id, customer_id, kind, status, placed_at, total_minor FROM "order"',
    "line": "SELECT order_id, position, sku, quantity, total_minor FROM order_line",
    "entry": "SELECT id, customer_id, kind, at, data FROM timeline_entry",
    "task": "SELECT id, customer_id, state, due_at FROM task",
    "member": "SELECT customer_id, cell FROM segment_membership",
    "staff": "SELECT id, name, phone, password_hash FROM staff",
    "event": "SELECT id, kind, data FROM event",
}
"""What no migration may touch."""
COUNTED = "SELECT store_id, cell, customers::bigint FROM segment_store_count"
STANDING = """SELECT m.store_id, m.cell, count(*) FROM segment_membership m
JOIN customer c ON c.id = m.customer_id AND c.store_id = m.store_id WHERE m.left_at IS NULL GROUP BY 1, 2"""
"""What is counted of cells by store, and who stands there."""

Rows = dict[str, list[Any]]


async def rows(url: str) -> Rows:
    connection = await asyncpg.connect(db.plain_dsn(url))
    try:
        return {name: sorted(map(tuple, await connection.fetch(sql)), key=repr) for name, sql in KEPT.items()}
    finally:
        await connection.close()


@pytest.fixture
async def seeded() -> AsyncIterator[str]:
    async with fresh_database() as url:
        connection = await asyncpg.connect(db.plain_dsn(url))
        await connection.execute(lzma.decompress(SEEDED.read_bytes()).decode())
        await connection.close()
        yield url


async def test_a_seeded_chain_comes_through_every_migration_whole(seeded: str, migrated: str) -> None:
    before, many = await rows(seeded), await counts(seeded)
    assert all(before.values()) and many["customer"] == 40
    await db.migrate(seeded)
    after, more = await rows(seeded), await counts(seeded)
    assert after == before
    assert {name for name, count in many.items() if more[name] < count} == set()
    assert await inventory(seeded) == await inventory(migrated)


async def test_and_is_worked_with_as_if_it_had_been_made_today(seeded: str) -> None:
    await db.migrate(seeded)
    await db.connect(seeded)
    try:
        brand = (await identity.brands())[0]
        head = Actor("staff", None, brand.id, "总部", Locale.ZH_CN, "Asia/Shanghai", "CNY", (Grant(Role.HQ, None),))
        while await customers.sweep_search(100) or await customers.sweep_profiles(100):
            pass
        assert len(await archive.customers(head, Filters(), 100, None)) == 40
        assert await db.fetch_value("SELECT min(completeness) FROM customer") > 0
        assert await db.fetch_value("SELECT count(*) FROM search_waiting") == 0
        named = await db.fetch_row("SELECT id FROM customer WHERE name LIKE '李%' LIMIT 1")
        found = await archive.customers(head, Filters(search="li"), 100, None)
        assert named and named[0] in {one.id for one in found}
        assert await orders.rebuild_stats(brand.id) == 0
        counted = sorted(map(tuple, await db.fetch(COUNTED)))
        assert counted and counted == sorted(map(tuple, await db.fetch(STANDING)))
    finally:
        await db.disconnect()
