"""Migrations: from nothing, on a database with data, two at once, and never behind the models."""

import asyncio
from datetime import UTC, date, datetime
from uuid import UUID

import asyncpg
import pytest
from tortoise import Tortoise
from tortoise.migrations.api import migrate as run_migrations
from tortoise.migrations.autodetector import MigrationAutodetector

from shuke.domains.customers import queries
from shuke.domains.customers import service as customers
from shuke.domains.customers.queries.profile import shipped
from shuke.domains.customers.types import Filters, TimelineKind
from shuke.kit import codec, db
from shuke.kit.ids import new_id
from tests.factories import World, make_world
from tests.servers import fresh_database

INVENTORY = """
SELECT 'index ' || indexdef FROM pg_indexes WHERE schemaname = 'public'
UNION ALL SELECT 'constraint ' || conname || pg_get_constraintdef(oid) FROM pg_constraint
  WHERE connamespace = 'public'::regnamespace
UNION ALL SELECT 'column ' || table_name || column_name || data_type || is_nullable FROM information_schema.columns
  WHERE table_schema = 'public'
"""


async def inventory(url: str) -> set[str]:
    connection = await asyncpg.connect(db.plain_dsn(url))
    try:
        return {row[0] for row in await connection.fetch(INVENTORY)}
    finally:
        await connection.close()


async def counts(url: str) -> dict[str, int]:
    connection = await asyncpg.connect(db.plain_dsn(url))
    try:
        tables = await connection.fetch("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        return {row[0]: await connection.fetchval(f'SELECT count(*) FROM "{row[0]}"') for row in tables}
    finally:
        await connection.close()


async def test_two_processes_that_migrate_at_once_take_turns() -> None:
    async with fresh_database() as url:
        code = f"import asyncio; from shuke.kit import db; asyncio.run(db.migrate({url!r}))"
        import sys

        runs = [await asyncio.create_subprocess_exec(sys.executable, "-c", code) for _ in range(2)]
        assert [await process.wait() for process in runs] == [0, 0]
        assert await db.pending_migrations(url) == []


async def test_migrating_a_database_with_data_keeps_every_row_and_index(database_url: str) -> None:
    await db.connect(database_url)
    await make_world()
    await db.disconnect()
    rows, shape = await counts(database_url), await inventory(database_url)
    assert rows["staff"] > 0 and rows["event"] > 0
    await db.migrate(database_url)
    assert (await counts(database_url), await inventory(database_url)) == (rows, shape)


async def earlier(world: World, name: str = "周雨桐", phone: str | None = None) -> UUID:
    """A guide's customer as an earlier version wrote her."""
    key, guide = new_id(), world.staff["guide"].id
    sql = "INSERT INTO customer (id, brand_id, store_id, guide_id, name, source) VALUES ($1, $2, $3, $4, $5, 'walk_in')"
    await db.execute(sql, key, world.brand_id, world.stores[0], guide, name)
    if phone:
        sql = """INSERT INTO customer_identity (id, brand_id, customer_id, kind, value, raw_value)
          VALUES ($1, $2, $3, 'phone', $4, $4)"""
        await db.execute(sql, new_id(), world.brand_id, key, phone)
    return key


async def test_phones_lose_their_tokens_and_names_and_member_numbers_keep_theirs() -> None:
    """0004, on a database as 0003 left it: what a phone alone said is gone, what a name says as well stays."""
    async with fresh_database() as url:
        before = "shuke.0003_refunds_find_their_sale"
        await run_migrations(config=db.config(url, 1), app_labels=["shuke"], target=before, direction="forward")
        await Tortoise.close_connections()
        assert "0004_phones_found_whole" in await db.pending_migrations(url)
        await db.connect(url)
        world = await make_world()
        her = await earlier(world, "Anna 2047", "+8613800002047")
        plain = await earlier(world, "周雨桐", "+442079460958")
        await db.execute(
            "INSERT INTO customer_identity (id, brand_id, customer_id, kind, value, raw_value)"
            " VALUES ($1, $2, $3, 'member_no', '13800002047', '')",
            *(new_id(), world.brand_id, her),
        )
        tokens = "SELECT customer_id, token FROM search_token ORDER BY 1, 2"
        sql = "INSERT INTO search_token (brand_id, customer_id, token) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING"
        said = [(her, "Anna 2047"[place:].lower()) for place in (0, 1, 2, 3, 5, 6, 7, 8)]
        said += [(her, "13800002047"), (plain, "周雨桐"), (plain, "雨桐"), (plain, "桐")]
        await db.execute_many(sql, [(world.brand_id, *pair) for pair in said])
        wanted = await db.fetch(tokens)
        old = [(her, "13800002047"), (her, "00002047"), (her, "2047")]
        old += [(plain, "442079460958"), (plain, "79460958"), (plain, "0958")]
        await db.execute_many(sql, [(world.brand_id, *pair) for pair in old])
        assert len(await db.fetch(tokens)) == len(wanted) + 4
        await db.disconnect()
        await db.migrate(url)
        await db.connect(url)
        assert await db.fetch(tokens) == wanted
        guide = world.staff["guide"]
        found = [await queries.customers(guide, Filters(search=typed), 9) for typed in ("0958", "079460958")]
        assert [[view.id for view in views] for views in found] == [[plain], []]
        await db.disconnect()


async def test_a_newer_database_is_refused(database_url: str) -> None:
    connection = await asyncpg.connect(db.plain_dsn(database_url))
    await connection.execute(
        "INSERT INTO tortoise_migrations (app, name, applied_at) VALUES ('shuke', '9999_later', now())"
    )
    await connection.close()
    with pytest.raises(db.NewerDatabase):
        await db.migrate(database_url)


async def test_the_migrations_say_all_that_the_models_say(database: str) -> None:
    detector = MigrationAutodetector(Tortoise.apps, db.config(database)["apps"])
    assert await detector.changes() == []


async def test_cells_that_stand_already_are_counted_by_store() -> None:
    """0010, on a database as 0009 left it: what the last run made is what a board shows."""
    async with fresh_database() as url:
        before = "shuke.0009_imports_in_the_background"
        await run_migrations(config=db.config(url, 1), app_labels=["shuke"], target=before, direction="forward")
        await Tortoise.close_connections()
        await db.connect(url)
        world = await make_world()
        people = [await earlier(world) for _ in range(3)]
        sql = """INSERT INTO segment_membership (id, brand_id, customer_id, cell, entered_at, left_at, reason)
          VALUES ($1, $2, $3, $4, now(), $5, '{}')"""
        left = datetime(2026, 11, 1, tzinfo=UTC)
        for person, cell, gone in ((0, "HHH", None), (1, "HHH", None), (2, "LLL", None), (0, "LLL", left)):
            await db.execute(sql, new_id(), world.brand_id, people[person], cell, gone)
        await db.disconnect()
        await db.migrate(url)
        await db.connect(url)
        rows = await db.fetch("SELECT store_id, cell, customers FROM segment_store_count ORDER BY cell")
        assert [tuple(row) for row in rows] == [(world.stores[0], "HHH", 2), (world.stores[0], "LLL", 1)]
        await db.disconnect()


async def test_birthdays_become_texts_and_lose_only_years_that_nobody_lived_in() -> None:
    """0014, on a database as 0013 left it."""
    async with fresh_database() as url:
        before = "shuke.0013_two_become_one"
        await run_migrations(config=db.config(url, 1), app_labels=["shuke"], target=before, direction="forward")
        await Tortoise.close_connections()
        await db.connect(url)
        world = await make_world()
        people = [await earlier(world) for _ in range(4)]
        days = (date(1990, 3, 8), date(1890, 3, 8), date(2024, 2, 29), None)
        for person, day in zip(people, days, strict=True):
            await db.execute("UPDATE customer SET birthday = $2 WHERE id = $1", person, day)
        await db.disconnect()
        await db.migrate(url)
        await db.connect(url)
        views = await queries.customers_by_id(world.staff["guide"], people)
        kept = [(view.birth_date, view.birthday) for view in views if view]
        assert kept == [("1990-03-08", days[0]), ("--03-08", None), ("2024-02-29", days[2]), (None, None)]
        await db.disconnect()


async def test_cards_on_file_are_measured_by_the_worker_after_the_update() -> None:
    """0017, on a database as 0016 left it."""
    async with fresh_database() as url:
        before = "shuke.0016_found_in_pinyin"
        await run_migrations(config=db.config(url, 1), app_labels=["shuke"], target=before, direction="forward")
        await Tortoise.close_connections()
        await db.connect(url)
        world = await make_world()
        bare, known = await earlier(world), await earlier(world, phone="+8613867524047")
        await db.disconnect()
        await db.migrate(url)
        await db.connect(url)
        assert (
            await db.fetch_value("SELECT count(*) FROM customer WHERE custom_values = '{}' AND completeness = 0") == 2
        )
        while await customers.sweep_profiles(10):
            pass
        rows = await db.fetch("SELECT id, completeness, problems FROM customer ORDER BY id")
        assert [(row[0], row[2]) for row in rows] == [(bare, ["no_phone"]), (known, [])]
        assert 0 < rows[0][1] < rows[1][1]
        await db.disconnect()


async def test_cards_on_file_are_measured_anew_where_a_name_names_nobody() -> None:
    """0025, on a database as 0024 left it: the newest template of a brand sweeps everybody once more."""
    async with fresh_database() as url:
        before = "shuke.0024_links_to_fill_in"
        await run_migrations(config=db.config(url, 1), app_labels=["shuke"], target=before, direction="forward")
        await Tortoise.close_connections()
        await db.connect(url)
        world = await make_world()
        key = await earlier(world, "测试", "+8613867524047")
        sql = """INSERT INTO profile_template (id, brand_id, version, document, swept_at)
          VALUES ($1, $2, $3, $4::text::jsonb, now())"""
        for version in (1, 2):
            await db.execute(sql, new_id(), world.brand_id, version, codec.dumps(shipped()))
        await db.disconnect()
        await db.migrate(url)
        await db.connect(url)
        waiting = await db.fetch("SELECT version FROM profile_template WHERE swept_at IS NULL")
        assert [row[0] for row in waiting] == [2]
        while await customers.sweep_profiles(100):
            pass
        assert await db.fetch_value("SELECT problems FROM customer WHERE id = $1", key) == ["junk_name"]
        assert await customers.keep_quality(world.brand_id) in (0, 1)
        await db.disconnect()


async def test_customers_and_timelines_that_stand_already_are_found_by_kind_and_brought_by_nobody() -> None:
    """0021, on a database as 0020 left it."""
    async with fresh_database() as url:
        before = "shuke.0020_numbers_and_stores_shared"
        await run_migrations(config=db.config(url, 1), app_labels=["shuke"], target=before, direction="forward")
        await Tortoise.close_connections()
        await db.connect(url)
        world = await make_world()
        her = await earlier(world)
        sql = """INSERT INTO timeline_entry (id, brand_id, customer_id, kind, at, data)
          VALUES ($1, $2, $3, $4, now(), '{"text": "x"}')"""
        for kind in ("note", "created", "note"):
            await db.execute(sql, new_id(), world.brand_id, her, kind)
        await db.disconnect()
        await db.migrate(url)
        await db.connect(url)
        guide = world.staff["guide"]
        found = await queries.timeline(guide, her, 9, kinds=[TimelineKind.NOTE])
        assert len(found) == 2
        (card,) = await queries.cards_of(guide, [her])
        assert (card.referrals.referrer, card.referrals.brought_count) == (None, 0)
        await db.disconnect()
