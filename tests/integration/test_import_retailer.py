"""A real retailer's year, whole: totals to the penny, cells to the customer. Needs the file SHUKE_TEST_DATA holds."""

import csv
import json
import lzma
import os
import shutil
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from shuke.domains.orders import service as orders
from shuke.kit import db
from tests.factories.files import RETAILER, killed_import, measured_import, shuke_import
from tests.factories.segments import refresh_command

NAME = "online_retail_lines.csv.xz"
STATS = """SELECT sum(gross_minor), sum(refunded_minor), count(*) FILTER (WHERE order_count > 0),
  count(*) FILTER (WHERE order_count = 0 AND refunded_minor < 0),
  count(*) FILTER (WHERE order_count = 0 AND refunded_minor = 0 AND gross_minor = 0) FROM customer_stats"""
IN_ALL = 'SELECT count(*), sum(total_minor), (SELECT count(*) FROM order_line) FROM "order"'
CELLS = {
    "r=90,f=2,m=median": (1723, 520, 80, 566, 300, 302, 66, 781),
    "r=92.06,f=4.272,m=2054.27": (689, 358, 117, 1750, 27, 40, 38, 1319),
}
"""Customers from HHH to LLL as published for this file, refunds left out, as of its last day."""


@pytest.fixture
def lines(tmp_path: Path) -> Iterator[Path]:
    packed = Path(os.environ.get("SHUKE_TEST_DATA", "/nowhere")) / NAME
    if not packed.is_file():
        pytest.skip(f"no {NAME} in the folder that SHUKE_TEST_DATA names")
    path = tmp_path / "lines.csv"
    with lzma.open(packed) as source, path.open("wb") as target:
        shutil.copyfileobj(source, target)
    yield path
    path.unlink()


async def one(sql: str) -> tuple[object, ...]:
    return tuple(await db.fetch_row(sql) or ())


async def test_the_whole_file_reconciles_to_the_penny(database: str, lines: Path) -> None:
    arguments = ("orders", lines, "--mapping", RETAILER)
    everything = dict.fromkeys(("created", "updated", "unchanged", "rejected"), 0) | {"read": 541_909}
    first, megabytes = measured_import(database, *arguments)
    assert first == everything | {"created": 541_909}
    assert megabytes < 300
    assert await one('SELECT count(*), sum(total_minor) FROM "order"') == (25_900, 974_774_793)
    known = "SELECT count(*), count(*) FILTER (WHERE kind = 'refund') FROM \"order\" WHERE customer_id IS NOT NULL"
    assert await one(known) == (22_190, 3_654)
    refunds = "FROM order_line l JOIN \"order\" o ON o.id = l.order_id WHERE o.kind = 'refund'"
    assert await one(f"SELECT count(*), count(DISTINCT o.id) {refunds}") == (9_288, 3_836)
    odd = """SELECT count(*) FILTER (WHERE o.customer_id IS NULL), count(*) FILTER (WHERE l.quantity < 0),
      count(*) FILTER (WHERE l.quantity < 0 AND o.kind = 'sale'),
      count(*) FILTER (WHERE l.quantity < 0 AND o.kind = 'sale' AND l.unit_price = 0)
      FROM order_line l JOIN "order" o ON o.id = l.order_id"""
    assert await one(odd) == (135_080, 10_624, 1_336, 1_336)
    adjusted = "SELECT count(*) FILTER (WHERE total_minor < 0), count(*) FROM \"order\" WHERE receipt_no LIKE 'A%'"
    assert await one(adjusted) == (2, 3)
    assert await one(STATS) == (891_140_790, -61_134_209, 4_338, 33, 1)
    net = """SELECT s.gross_minor + s.refunded_minor FROM customer_stats s
      JOIN customer_identity i ON i.customer_id = s.id WHERE i.value = '%s'"""
    assert await one(net % "17448") == (-428_763,) and await one(net % "14646") == (27_948_902,)
    await every_line_stands_as_in_the_file(lines)
    assert shuke_import(database, *arguments) == everything | {"unchanged": 541_909}
    assert await one(STATS) == (891_140_790, -61_134_209, 4_338, 33, 1)
    assert await one(IN_ALL) == (25_900, 974_774_793, 541_909)
    for cuts, counts in CELLS.items():
        assert cells(database, "--cuts", cuts, "--refunds", "ignore") == counts
    assert sum(cells(database)) == 4_338


def cells(url: str, *arguments: str) -> tuple[int, ...]:
    done = refresh_command(url, "--as-of", "2011-12-09", "--json", *arguments)
    assert done.returncode == 0, done.stderr
    return tuple(json.loads(done.stdout)["cells"].values())


async def test_killed_half_way_and_run_again_it_comes_to_the_same(database: str, lines: Path) -> None:
    arguments = ("orders", lines, "--mapping", RETAILER)
    half = await killed_import(database, *arguments, after=8_000)
    assert half < 25_900
    stored = await db.fetch_value("SELECT count(*) FROM order_line")
    counts = shuke_import(database, *arguments)
    assert counts["created"] + counts["unchanged"] == 541_909 and counts["unchanged"] >= stored > 0
    assert await one(IN_ALL) == (25_900, 974_774_793, 541_909)
    assert await one(STATS) == (891_140_790, -61_134_209, 4_338, 33, 1)
    assert await orders.rebuild_stats(await db.fetch_value("SELECT id FROM brand")) == 0
    await every_line_stands_as_in_the_file(lines)


async def every_line_stands_as_in_the_file(path: Path) -> None:
    """In its invoice, at its place; invoices with two timestamps and lines that are alike included."""
    said: dict[str, list[tuple[str | None, str]]] = {}
    moments: dict[str, set[str]] = {}
    alike: Counter[tuple[str, ...]] = Counter()
    with path.open(encoding="utf-8", newline="") as file:
        rows = csv.reader(file)
        next(rows)
        for row in rows:
            said.setdefault(row[0], []).append((row[1].strip() or None, row[3]))
            moments.setdefault(row[0], set()).add(row[4])
            alike[tuple(row)] += 1
    assert sum(len(at) == 2 for at in moments.values()) == 43
    assert alike.total() - len(alike) == 5_268
    stored = await db.fetch("""SELECT o.receipt_no, array_agg(l.sku ORDER BY l.position),
      array_agg(trim_scale(l.quantity)::text ORDER BY l.position)
      FROM "order" o JOIN order_line l ON l.order_id = o.id GROUP BY o.id""")
    assert len(stored) == len(said)
    assert all(list(zip(row[1], row[2], strict=True)) == said[row[0]] for row in stored)
