"""What a batch of tagging did, taken back: exactly that, and nothing that came after it."""

from collections.abc import Sequence
from uuid import UUID

from shuke.domains.segments.types.tags import MOST_AT_ONCE, BatchState
from shuke.kit import clock, db, events

# whom the batch, or a merge since, changed: by the customer as she stands now
TOUCHED = """
SELECT customer_id FROM (
  SELECT customer_id FROM customer_tag WHERE batch_id = $1 AND ($2::uuid IS NULL OR customer_id > $2)
  UNION SELECT customer_id FROM customer_tag WHERE removed_batch_id = $1 AND ($2::uuid IS NULL OR customer_id > $2)
) one ORDER BY customer_id LIMIT $3
"""
HOLD = "SELECT id FROM customer WHERE id = ANY($1) ORDER BY id FOR NO KEY UPDATE"
# who no longer has what the batch gave her, since somebody took it away: that stays, and what gave way stays away
LEFT_ALONE = """
SELECT customer_id FROM customer_tag x WHERE batch_id = $1 AND customer_id = ANY($2) AND removed_at IS NOT NULL
  AND NOT EXISTS (SELECT FROM customer_tag y
    WHERE y.batch_id = $1 AND y.customer_id = x.customer_id AND y.removed_at IS NULL)
"""
TAKE = """
UPDATE customer_tag SET removed_at = $3, removed_how = 'undone', removed_by = $4, updated_at = $3
WHERE batch_id = $1 AND customer_id = ANY($2) AND removed_at IS NULL RETURNING customer_id
"""
# not while it is there again, while its tag is away, nor beside another of an exclusive group
GIVE_BACK = """
UPDATE customer_tag x SET removed_at = NULL, removed_how = NULL, removed_by = NULL, removed_batch_id = NULL,
  updated_at = $3
FROM tag t JOIN tag_group g ON g.id = t.group_id
WHERE t.id = x.tag_id AND x.removed_batch_id = $1 AND x.customer_id = ANY($2) AND t.archived_at IS NULL
  AND NOT EXISTS (SELECT FROM customer_tag o JOIN tag ot ON ot.id = o.tag_id AND ot.archived_at IS NULL
    WHERE o.customer_id = x.customer_id AND o.removed_at IS NULL
      AND (o.tag_id = x.tag_id OR (g.exclusive AND ot.group_id = g.id)))
RETURNING x.customer_id
"""
STILL = "SELECT DISTINCT customer_id FROM customer_tag WHERE removed_batch_id = $1 AND customer_id = ANY($2)"
GONE_ON = """
UPDATE tag_batch SET walked_to = $2, state = $3, kept = kept + $4, updated_at = $5 WHERE id = $1
"""

FROM_FILE = "DELETE FROM customer_tag WHERE batch_id = $1 AND customer_id = ANY($2) AND removed_at IS NULL"


async def take_from_file(batch_id: UUID, customer_ids: Sequence[UUID]) -> None:
    """A file is undone: the tags that it set go, where nobody took them away, and what gave way to them comes back.
    Joins the caller's transaction.
    """
    ids = list(customer_ids)
    kept = [row[0] for row in await db.fetch(LEFT_ALONE, batch_id, ids)]
    await db.execute(FROM_FILE, batch_id, ids)
    await db.execute(GIVE_BACK, batch_id, [one for one in ids if one not in kept], clock.now())


async def undo_chunk(brand_id: UUID, who: tuple[str, UUID | None], key: UUID, tag_id: UUID, after: UUID | None) -> int:
    """Takes the batch back for the next customers; how many there were. Joins the caller's transaction."""
    now = clock.now()
    ids = [row[0] for row in await db.fetch(TOUCHED, key, after, MOST_AT_ONCE)]
    await db.fetch(HOLD, ids)
    kept = {row[0] for row in await db.fetch(LEFT_ALONE, key, ids)}
    taken = {row[0] for row in await db.fetch(TAKE, key, ids, now, who[1])}
    back = {row[0] for row in await db.fetch(GIVE_BACK, key, [one for one in ids if one not in kept], now)}
    kept |= {row[0] for row in await db.fetch(STILL, key, ids)}
    state = BatchState.UNDOING if len(ids) == MOST_AT_ONCE else BatchState.UNDONE
    await db.execute(GONE_ON, key, ids[-1] if ids else after, state.value, len(kept), now)
    data = {"batch": key, "customers": sorted(taken | back), "kept": len(kept)}
    await events.record(brand_id, "tagging.undone", who, ("tag", tag_id), data)
    return len(ids)
