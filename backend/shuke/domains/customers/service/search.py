"""What a customer is found by: tokens, of which a search takes those that begin with what was typed."""

from collections.abc import Sequence
from uuid import UUID

from shuke.domains.customers import rules
from shuke.domains.customers.queries import SHARED_WITH
from shuke.kit import db

TEXTS = ("c.name", "c.alias")
"""What is found by any part and in pinyin: SQL for a text of the customer `c`."""

SEARCHABLE = """
SELECT v.value FROM jsonb_each_text(c.custom_values) v WHERE v.key IN (
  SELECT f ->> 'key' FROM profile_template p, jsonb_array_elements(p.document -> 'fields') f
  WHERE p.brand_id = c.brand_id AND (f -> 'searchable')::boolean AND NOT f ? 'archived_at'
    AND p.version = (SELECT max(version) FROM profile_template WHERE brand_id = c.brand_id))
"""
"""Her values in fields that head office made searchable: likewise."""
# A customer's tokens lie with her own store and with those that she is shared with.
READ = f"""
SELECT c.id, ARRAY[{", ".join(TEXTS)}] || ARRAY({SEARCHABLE}), ARRAY(
  SELECT i.value FROM customer_identity i WHERE i.customer_id = c.id AND i.kind IN ('member_no', 'card')),
  c.store_id || {SHARED_WITH}
FROM customer c WHERE c.id = ANY($1) AND c.merged_into_id IS NULL
"""
COLUMNS = ("store_id", "token", "customer_id")
# What is there already stays: few refreshes change much.
WRITE = """
WITH fresh AS MATERIALIZED (
  SELECT w.store_id, w.token COLLATE "C" AS token, w.customer_id
  FROM unnest($2::uuid[], $3::text[], $4::uuid[]) AS w(store_id, token, customer_id)
), gone AS (
  DELETE FROM search_token t WHERE t.customer_id = ANY($1) AND NOT EXISTS (
    SELECT FROM fresh f WHERE f.store_id = t.store_id AND f.customer_id = t.customer_id AND f.token = t.token)
)
INSERT INTO search_token (store_id, token, customer_id)
SELECT store_id, token, customer_id FROM fresh ORDER BY store_id, token, customer_id ON CONFLICT DO NOTHING
"""
# Who waits for her tokens: after an update of the program that finds people by more than before. A row that somebody
# else holds, an edit or another worker, is passed over: the edit writes her tokens itself.
WAITING = """
SELECT w.customer_id FROM search_waiting w JOIN customer c ON c.id = w.customer_id
ORDER BY w.customer_id DESC LIMIT $1 FOR NO KEY UPDATE OF w, c SKIP LOCKED
"""


async def refresh_search(customer_ids: Sequence[UUID]) -> None:
    """Makes these customers found by what is on file now; call it in the transaction of the change."""
    if customer_ids:
        rows = await _tokens(customer_ids)
        await db.execute(WRITE, customer_ids, *([row[place] for row in rows] for place in range(len(COLUMNS))))


async def enter_search(customer_ids: Sequence[UUID]) -> None:
    """The same for customers who were made in this transaction and have no tokens yet: copied, at half the cost."""
    if rows := await _tokens(customer_ids) if customer_ids else []:
        async with db.raw() as connection:
            await connection.copy_records_to_table("search_token", records=rows, columns=COLUMNS)


async def _tokens(customer_ids: Sequence[UUID]) -> list[tuple[UUID, str, UUID]]:
    """What these customers are to be found by, in the order of COLUMNS."""
    rows = await db.fetch(READ, customer_ids)
    found = [
        (store, token, key)
        for key, texts, numbers, stores in rows
        for token in rules.tokens(texts, numbers)
        for store in set(stores)
    ]
    return sorted(found, key=lambda row: (row[0].bytes, row[1]))


async def sweep_search(limit: int) -> int:
    """Writes the tokens of customers who wait for them, the newest first; how many there were."""
    async with db.tx():
        ids = [row[0] for row in await db.fetch(WAITING, limit)]
        await refresh_search(ids)
        if ids:
            await db.execute("DELETE FROM search_waiting WHERE customer_id = ANY($1)", ids)
    return len(ids)
