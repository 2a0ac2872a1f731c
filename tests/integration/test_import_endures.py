"""Imports that are killed, run twice at once, or meet a full disk: the same totals in the end."""

import asyncio
from pathlib import Path

import asyncpg
import pytest

from shuke.domains.orders import service as orders
from shuke.kit import db
from tests.factories.files import EXTRACT, RETAILER, killed_import, refused_import, shuke_import, write_csv

TOTALS = """
SELECT (SELECT count(*) FROM brand), (SELECT count(*) FROM customer), (SELECT count(*) FROM "order"),
  (SELECT sum(total_minor) FROM "order"), (SELECT count(*) FROM order_line),
  (SELECT sum(order_count) FROM customer_stats), (SELECT sum(gross_minor) FROM customer_stats),
  (SELECT count(*) FROM timeline_entry)
"""
HEADER = "receipt_no placed_at quantity unit_price member_no"


@pytest.fixture
def long_file(tmp_path: Path) -> Path:
    """Enough orders for several chunks."""
    lines = [
        [str(n // 3), f"2026-03-{1 + n % 20 // 3:02} 10:00", "1", "1.25", f"M{n // 9 % 700}"] for n in range(24_000)
    ]
    return write_csv(tmp_path / "lines.csv", HEADER, lines)


async def totals(url: str) -> tuple[object, ...]:
    connection = await asyncpg.connect(url)
    row = await connection.fetchrow(TOTALS)
    await connection.close()
    return tuple(row or ())


async def test_killed_half_way_and_run_again_gives_the_same_totals(database: str, long_file: Path) -> None:
    half = await killed_import(database, "orders", long_file)
    counts = shuke_import(database, "orders", long_file)
    found = await totals(database)
    assert counts["read"] == 24_000 == counts["created"] + counts["unchanged"] and found[2] == 13_600
    assert half < 13_600
    assert counts["unchanged"] >= half
    assert await orders.rebuild_stats(await db.fetch_value("SELECT id FROM brand")) == 0
    assert shuke_import(database, "orders", long_file)["unchanged"] == 24_000
    assert await totals(database) == found
    assert found[3:5] == (24_000 * 125, 24_000)


async def test_two_imports_at_once_make_one_of_everything(database: str) -> None:
    arguments = ("orders", EXTRACT, "--mapping", RETAILER)
    both = await asyncio.gather(*(asyncio.to_thread(shuke_import, database, *arguments) for _ in range(3)))
    assert sum(counts["created"] for counts in both) == 2000 and sum(counts["unchanged"] for counts in both) == 4000
    assert (await totals(database))[:6] == (1, 112, 214, 3489754, 2000, 143)


async def test_a_full_disk_is_one_sentence_and_the_rest_comes_in_later(database: str, long_file: Path) -> None:
    # the server's own error, raised when a later chunk arrives
    await db.execute("""
      CREATE FUNCTION full_disk() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
        IF (SELECT count(*) FROM "order") > 3000 THEN
          RAISE EXCEPTION 'no space left' USING ERRCODE = 'disk_full';
        END IF;
        RETURN NULL; END $$""")
    await db.execute('CREATE TRIGGER full_disk AFTER INSERT ON "order" FOR EACH STATEMENT EXECUTE FUNCTION full_disk()')
    assert "disk is full" in refused_import(database, "orders", long_file)
    kept = await totals(database)
    assert kept[2] == 400 + 800 + 1600 and await orders.rebuild_stats(await db.fetch_value("SELECT id FROM brand")) == 0
    await db.execute('DROP TRIGGER full_disk ON "order"')
    assert shuke_import(database, "orders", long_file)["created"] > 0
    assert (await totals(database))[3:5] == (24_000 * 125, 24_000)
