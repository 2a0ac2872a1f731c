"""A chain of n customers with ten orders each, made inside the database: for every 2,000 customers a store with four
guides, each with 40 open cards and 300 closed ones.

What a person sees is of the same size in every chain, so what takes longer in a larger one grows with the chain.
"""

import hashlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import asyncpg

from shuke.domains.customers import rules
from shuke.kit import db
from tests.servers import fresh_database, new_database

A_STORE = 2000  # customers
GUIDES = 4  # of a store
ORDERS = 10  # of a customer
OPEN, CLOSED = 40, 300  # cards of a guide
REGION = 5  # stores
GUIDE, MANAGER, HQ = "bench-guide", "bench-manager", "bench-hq"
"""session tokens: the first guide; the first region's manager; head office"""

COMMUNITIES = (
    "翠苑一区",
    "翠苑三区",
    "滨江花园",
    "文华苑",
    "古荡新村",
    "和家园",
    "嘉绿名苑",
    "府苑新村",
    "九莲",
    "湖畔花园",
)
"""Where customers live, a field that head office made searchable."""

PEOPLE = """
INSERT INTO brand (id, name, currency, timezone, locale) VALUES ({brand}, 'bench', 'CNY', 'Asia/Shanghai', 'zh-CN');
INSERT INTO region (id, brand_id, name) SELECT {region}, {brand}, 'Region ' || i
  FROM generate_series(0, ({stores} - 1) / {a_region}) i;
INSERT INTO store (id, brand_id, region_id, code, name, timezone)
  SELECT {id}, {brand}, lpad(to_hex(i / {a_region} + (1::bigint << 40)), 32, '0')::uuid, 'S' || i, 'Store ' || i,
    'Asia/Shanghai'
  FROM generate_series(0, {stores} - 1) i;
INSERT INTO staff (id, brand_id, name, phone, password_hash, locale)
  SELECT {id}, {brand}, '导购' || i, '+861370' || lpad(i::text, 7, '0'), 'x', 'zh-CN'
  FROM generate_series(0, {stores} * {guides} + 1) i;
INSERT INTO staff_role (id, brand_id, staff_id, role, store_id, region_id)
  SELECT {id}, {brand}, {id}, 'guide', lpad(to_hex(i / {guides}), 32, '0')::uuid, NULL
  FROM generate_series(0, {stores} * {guides} - 1) i
  UNION ALL SELECT {id}, {brand}, {id}, 'regional_manager', NULL, lpad(to_hex(1::bigint << 40), 32, '0')::uuid
  FROM generate_series({stores} * {guides}, {stores} * {guides}) i
  UNION ALL SELECT {id}, {brand}, {id}, 'hq', NULL, NULL
  FROM generate_series({stores} * {guides} + 1, {stores} * {guides} + 1) i;
INSERT INTO session (id, brand_id, staff_id, token_hash, device, last_seen_at, expires_at)
  SELECT gen_random_uuid(), {brand}, lpad(to_hex(staff), 32, '0')::uuid, decode(token, 'hex'), 'bench', now(),
    now() + interval '1 day'
  FROM (VALUES (0, '{guide_token}'), ({stores} * {guides}, '{manager_token}'), ({stores} * {guides} + 1, '{hq_token}'))
    v(staff, token);
"""
CUSTOMERS = """
INSERT INTO customer (id, brand_id, store_id, guide_id, name, gender, level, source, created_at, updated_at)
  SELECT {id}, {brand}, lpad(to_hex(i / {a_store}), 32, '0')::uuid,
    lpad(to_hex(i / ({a_store} / {guides})), 32, '0')::uuid,
    substr('王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗', i % 20 + 1, 1)
      || substr('梓涵宇轩欣怡子萱一诺浩然雨桐思语晨曦若溪', i / 20 % 20 + 1, 1)
      || chr(19968 + i / 400 % 5000), 'female', '金卡', 'walk_in', now(), now()
  FROM generate_series(0, {n} - 1) i;
INSERT INTO customer_identity (id, brand_id, customer_id, kind, value, raw_value)
  SELECT gen_random_uuid(), {brand}, {id}, kind, CASE kind WHEN 'phone' THEN '+86138' ELSE 'M' END
    || lpad(i::text, 8, '0'), ''
  FROM generate_series(0, {n} - 1) i, (VALUES ('phone'), ('member_no')) k(kind);
INSERT INTO segment_membership (id, brand_id, customer_id, cell, store_id, entered_at, reason)
  SELECT gen_random_uuid(), {brand}, {id},
    (ARRAY['HHH', 'HHL', 'HLH', 'HLL', 'LHH', 'LHL', 'LLH', 'LLL'])[i % 8 + 1],
    lpad(to_hex(i / {a_store}), 32, '0')::uuid, now(), '{{}}'
  FROM generate_series(0, {n} - 1) i;
INSERT INTO segment_store_count (brand_id, store_id, cell, customers)
  SELECT brand_id, store_id, cell, count(*) FROM segment_membership GROUP BY 1, 2, 3;
"""
ORDER = """
INSERT INTO "order" (id, brand_id, store_id, customer_id, source, business_date, receipt_no, kind, status, placed_at,
    currency, total_minor, digest, created_at, updated_at)
  SELECT {id}, {brand}, lpad(to_hex(c / {a_store}), 32, '0')::uuid, lpad(to_hex(c), 32, '0')::uuid, 'till', at::date,
    i::text, 'sale', 'completed', at, 'CNY', 5000 + i % 9000, '\\x00', at, at
  FROM generate_series(0, {n}::bigint * {orders} - 1) i
  CROSS JOIN LATERAL (SELECT i * 7919 % {n} AS c, now() - interval '1000 days'
    * (1 - i::float8 / ({n}::bigint * {orders})) AS at) x;
"""
# an article an order, of as many as have come onto the shelves by then, a new one every three or four days
LINES = """
INSERT INTO product (id, brand_id, sku, name, category)
  SELECT gen_random_uuid(), {brand}, 'A' || i, '商品' || i, '品类' || i % 12 FROM generate_series(0, 299) i;
INSERT INTO order_line (order_id, position, sku, name, quantity, unit_price, total_minor)
  SELECT id, 1, 'A' || (n * 7877 % (30 + n * 270 / ({n}::bigint * {orders}))), '', 1, total_minor / 100.0, total_minor
  FROM (SELECT id, total_minor, receipt_no::bigint AS n FROM "order") o;
"""
TIMELINE = """
INSERT INTO timeline_entry (id, brand_id, customer_id, kind, at, data, created_at, updated_at)
  SELECT id, brand_id, customer_id, 'order', placed_at, jsonb_build_object('total', total_minor, 'currency', 'CNY',
    'items', 3, 'store', 'Store'), placed_at, placed_at FROM "order";
"""
NAMES = """
SELECT c.store_id, c.id, c.name, i.value FROM customer c JOIN customer_identity i ON i.customer_id = c.id
WHERE i.kind = 'member_no'
"""
REST = """
INSERT INTO customer_stats (id, brand_id, order_count, gross_minor, refunded_minor, first_order_at, last_order_at)
  SELECT customer_id, brand_id, count(*), sum(total_minor), 0, min(placed_at), max(placed_at) FROM "order"
  GROUP BY customer_id, brand_id;
INSERT INTO task (id, brand_id, customer_id, store_id, assignee_id, reasons, due_at, expires_at, state, outcome,
    closed_at, closed_by_id)
  SELECT gen_random_uuid(), {brand}, c.id, c.store_id, c.guide_id,
    jsonb_build_array(jsonb_build_object('id', gen_random_uuid(), 'key', 'silent_90_days',
      'why', jsonb_build_object('zh-CN', '{{days}} 天没来了', 'en', '{{days}} days without a visit'),
      'say', jsonb_build_object('zh-CN', '好久没见您来了', 'en', 'Long time no see'),
      'params', jsonb_build_object('since', to_char(now() - interval '95 days', 'YYYY-MM-DD')), 'due_at', due)),
    due, due + interval '9 days', CASE WHEN k < {open} THEN 'open' ELSE 'done' END,
    CASE WHEN k >= {open} THEN 'reached' END, CASE WHEN k >= {open} THEN due + interval '1 hour' END,
    CASE WHEN k >= {open} THEN c.guide_id END
  FROM generate_series(0, {stores} * {guides} - 1) g CROSS JOIN generate_series(0, {open} + {closed} - 1) k
  CROSS JOIN LATERAL (SELECT now() + CASE WHEN k < {open} THEN (k - 12) * interval '1 hour'
    ELSE -(k - {open}) * interval '5 hours' END AS due) d
  JOIN customer c ON c.id = lpad(to_hex(g * ({a_store} / {guides}) + k), 32, '0')::uuid;
"""


_made: dict[int, str] = {}
"""n -> the URL of a database with such a chain, to be copied"""


@asynccontextmanager
async def of(n: int) -> AsyncIterator[str]:
    """The URL of a database that holds such a chain, for as long as it is needed. n: a multiple of 10,000."""
    if n not in _made:
        url = await new_database()
        await db.migrate(url)
        await _fill(db.plain_dsn(url), n)
        _made[n] = url
    async with fresh_database(_made[n]) as url:
        yield url


async def _fill(url: str, n: int) -> None:
    names = {
        "n": n, "id": "lpad(to_hex(i), 32, '0')::uuid", "brand": "lpad('1', 32, '0')::uuid",
        "region": "lpad(to_hex(i + (1::bigint << 40)), 32, '0')::uuid", "a_store": A_STORE, "guides": GUIDES,
        "stores": n // A_STORE, "a_region": REGION, "orders": ORDERS, "open": OPEN, "closed": CLOSED,
        "guide_token": hashlib.sha256(GUIDE.encode()).hexdigest(),
        "manager_token": hashlib.sha256(MANAGER.encode()).hexdigest(),
        "hq_token": hashlib.sha256(HQ.encode()).hexdigest(),
    }  # fmt: skip
    connection = await asyncpg.connect(url, timeout=60, server_settings={"session_replication_role": "replica"})
    try:
        await connection.execute("SET maintenance_work_mem = '512MB'; SET work_mem = '256MB'")
        await connection.execute(PEOPLE.format(**names), timeout=3600)
        for tables, text in (
            (("customer", "customer_identity", "segment_membership"), CUSTOMERS),
            (("order",), ORDER),
            (("order_line", "product"), LINES),
            (("timeline_entry",), TIMELINE),
            (("customer_stats", "task"), REST),
        ):
            async with without_indexes(connection, tables):
                await connection.execute(text.format(**names), timeout=3600)
        async with without_indexes(connection, ("search_token",)):
            await _make_findable(connection)
        await connection.execute("VACUUM ANALYZE", timeout=3600)
    finally:
        await connection.close()


async def _make_findable(connection: asyncpg.Connection) -> None:
    """Every customer's tokens, as the product writes them."""
    for shop in await connection.fetch("SELECT id FROM store"):
        rows = await connection.fetch(f"{NAMES} AND c.store_id = $1", shop[0], timeout=3600)
        tokens = [
            (store, token, key)
            for place, (store, key, name, number) in enumerate(rows)
            for token in rules.tokens([name, COMMUNITIES[place % len(COMMUNITIES)]], [number])
        ]
        await connection.copy_records_to_table(
            "search_token", records=tokens, columns=("store_id", "token", "customer_id"), timeout=3600
        )


@asynccontextmanager
async def without_indexes(connection: asyncpg.Connection, tables: tuple[str, ...]) -> AsyncIterator[None]:
    """Indexes are made afterwards, by sorting, which is many times faster than row by row."""
    constraints = await connection.fetch(
        """SELECT conrelid::regclass::text AS owner, quote_ident(conname) AS name, pg_get_constraintdef(oid) AS text
        FROM pg_constraint WHERE contype IN ('p', 'u') AND conrelid = ANY($1::text[]::regclass[])""",
        [f'"{table}"' for table in tables],
    )
    indexes = await connection.fetch(
        """SELECT indexrelid::regclass::text AS name, pg_get_indexdef(indexrelid) AS text FROM pg_index
        WHERE indrelid = ANY($1::text[]::regclass[])
        AND NOT EXISTS (SELECT FROM pg_constraint c WHERE c.conindid = indexrelid AND c.contype IN ('p', 'u'))""",
        [f'"{table}"' for table in tables],
    )
    for row in constraints:  # and the references that stand on them, which a bench can spare
        await connection.execute(f"ALTER TABLE {row['owner']} DROP CONSTRAINT {row['name']} CASCADE")
    for row in indexes:
        await connection.execute(f"DROP INDEX {row['name']}")
    yield
    for row in constraints:
        await connection.execute(f"ALTER TABLE {row['owner']} ADD CONSTRAINT {row['name']} {row['text']}", timeout=3600)
    for row in indexes:
        await connection.execute(row["text"], timeout=3600)
