"""Somebody is erased: her cards stay for the boards, with nothing of her on them."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from shuke.kit import db

# a milestone's reason holds names of children, and the day on which they were born
FORGET = """
UPDATE task SET note = NULL, before = NULL, remind_at = NULL, version = version + 1, updated_at = $2,
  reasons = (SELECT coalesce(jsonb_agg(CASE WHEN r -> 'params' ? 'children'
      THEN jsonb_set(r, '{params}', '{"children": ""}') ELSE r END ORDER BY n), '[]')
    FROM jsonb_array_elements(reasons) WITH ORDINALITY AS x(r, n)),
  state = CASE WHEN state = 'open' THEN 'expired' ELSE state END
WHERE customer_id = ANY($1)
"""


async def forget(customer_ids: Sequence[UUID], now: datetime) -> int:
    """Closes her open cards and takes what was written off all of them; how many there were.

    Joins the caller's transaction, which holds her cards.
    """
    return await db.execute(FORGET, list(customer_ids), now)
