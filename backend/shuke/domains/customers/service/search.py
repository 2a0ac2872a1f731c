"""What a customer is found by: tokens, of which a search takes those that begin with what was typed."""

from collections.abc import Sequence
from uuid import UUID

from shuke.domains.customers.rules import SEARCH_LENGTH
from shuke.kit import db

# Every place in a name or alias begins a token, so that any part of it is found as the beginning of one; a member
# number is found from its first character. Phones have no tokens: no part of one but its end is looked for, and that by
# an index of its own. Tokens are those of the customer's store. What is there already stays: few refreshes change much.
REFRESH = f"""
WITH fresh AS MATERIALIZED (
  SELECT DISTINCT c.store_id, substr(words.text, place, {SEARCH_LENGTH}) COLLATE "C" AS token, c.id AS customer_id
  FROM customer c
  CROSS JOIN LATERAL (SELECT lower(normalize(said, NFKC)) AS text FROM (VALUES (c.name), (c.alias)) v(said)) words
  CROSS JOIN LATERAL generate_series(1, length(words.text)) AS place
  WHERE c.id = ANY($1) AND c.merged_into_id IS NULL AND substr(words.text, place, 1) <> ' '
  UNION
  SELECT c.store_id, substr(lower(normalize(i.value, NFKC)), 1, {SEARCH_LENGTH}), i.customer_id
  FROM customer_identity i JOIN customer c ON c.id = i.customer_id
  WHERE i.customer_id = ANY($1) AND i.kind <> 'phone'
), gone AS (
  DELETE FROM search_token t WHERE t.customer_id = ANY($1) AND NOT EXISTS (
    SELECT FROM fresh f WHERE f.store_id = t.store_id AND f.customer_id = t.customer_id AND f.token = t.token)
)
INSERT INTO search_token (store_id, token, customer_id)
SELECT store_id, token, customer_id FROM fresh ORDER BY store_id, token, customer_id ON CONFLICT DO NOTHING
"""


async def refresh_search(customer_ids: Sequence[UUID]) -> None:
    """Makes these customers found by what is on file now; call it in the transaction of the change."""
    await db.execute(REFRESH, customer_ids)
