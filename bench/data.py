"""Rows for the benches, made by the database itself: n customers with an open card each, 60 guides, 17 stores."""

import hashlib
from uuid import UUID

import asyncpg

TOKEN = "bench-session"
STORES, GUIDES = 17, 60

SQL = """
INSERT INTO brand (id, name, currency, timezone, locale) VALUES ('{brand}', 'bench', 'CNY', 'Asia/Shanghai', 'zh-CN');
INSERT INTO store (id, brand_id, code, name, timezone)
  SELECT md5('store' || i)::uuid, '{brand}', 'S' || i, 'Store ' || i, 'Asia/Shanghai'
  FROM generate_series(0, {stores} - 1) i;
INSERT INTO staff (id, brand_id, name, phone, password_hash, locale)
  SELECT md5('staff' || i)::uuid, '{brand}', 'Guide ' || i, '+861380000' || lpad(i::text, 4, '0'), 'x', 'zh-CN'
  FROM generate_series(0, {guides} - 1) i;
INSERT INTO staff_role (id, brand_id, staff_id, role, store_id)
  SELECT gen_random_uuid(), '{brand}', md5('staff' || i)::uuid, 'guide', md5('store' || i % {stores})::uuid
  FROM generate_series(0, {guides} - 1) i;
INSERT INTO session (id, brand_id, staff_id, token_hash, device, last_seen_at, expires_at)
  VALUES (gen_random_uuid(), '{brand}', md5('staff0')::uuid, '\\x{token}', 'bench', now(), now() + interval '1 day');
INSERT INTO customer (id, brand_id, store_id, guide_id, name, alias, gender, level, source)
  SELECT md5('customer' || i)::uuid, '{brand}', md5('store' || i % {guides} % {stores})::uuid,
    CASE WHEN i % 5 > 0 THEN md5('staff' || i % {guides})::uuid END, '客户' || i, '小' || i || '妈妈', 'female', '金卡',
    'walk_in'
  FROM generate_series(1, {n}) i;
INSERT INTO customer_identity (id, brand_id, customer_id, kind, value, raw_value)
  SELECT gen_random_uuid(), '{brand}', md5('customer' || i)::uuid, 'phone', '+86139' || lpad(i::text, 8, '0'), ''
  FROM generate_series(1, {n}) i;
INSERT INTO segment_membership (id, brand_id, customer_id, cell, store_id, entered_at, reason)
  SELECT gen_random_uuid(), '{brand}', id, 'HHH', store_id, now(), '{{}}' FROM customer;
INSERT INTO task (id, brand_id, customer_id, store_id, assignee_id, reasons, due_at, expires_at, state)
  SELECT md5('task' || i)::uuid, '{brand}', c.id, c.store_id, c.guide_id,
    jsonb_build_array(jsonb_build_object('id', md5('reason' || i)::uuid, 'key', 'silent_90_days',
      'why', jsonb_build_object('zh-CN', '{{days}} 天没来了', 'en', '{{days}} days without a visit'),
      'say', jsonb_build_object('zh-CN', '{{alias}}，好久没见您来了', 'en', 'Long time no see'),
      'params', jsonb_build_object('since', to_char(now() - interval '95 days', 'YYYY-MM-DD')), 'due_at', now())),
    now() - interval '2 days' + i * interval '1 millisecond', now() + interval '9 days', 'open'
  FROM generate_series(1, {n}) i JOIN customer c ON c.id = md5('customer' || i)::uuid;
ANALYZE;
"""


async def fill(url: str, n: int) -> None:
    """Fills an empty, migrated database with n customers and n open cards that are due."""
    connection = await asyncpg.connect(url, timeout=60)
    try:
        token = hashlib.sha256(TOKEN.encode()).hexdigest()
        await connection.execute(
            SQL.format(brand=UUID(int=1), stores=STORES, guides=GUIDES, n=n, token=token), timeout=1800
        )
    finally:
        await connection.close()
