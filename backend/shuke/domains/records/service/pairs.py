"""Pairs of customers who may be one person: what is said of them."""

from datetime import datetime
from uuid import UUID

from shuke.kit import db

MERGED = """
UPDATE duplicate_pair SET state = 'merged', decided_by_id = $3, decided_at = $4, updated_at = $4
WHERE a_id = least($1::uuid, $2::uuid) AND b_id = greatest($1::uuid, $2::uuid)
"""
# who is not the loser is not the winner either, who is the same person from now on
INHERIT = """
INSERT INTO duplicate_pair (id, brand_id, a_id, b_id, reasons, score, state, decided_by_id, decided_at)
SELECT gen_random_uuid(), p.brand_id, least($1::uuid, x.id), greatest($1::uuid, x.id), p.reasons, p.score, p.state,
  p.decided_by_id, p.decided_at
FROM duplicate_pair p CROSS JOIN LATERAL (SELECT CASE WHEN p.a_id = $2 THEN p.b_id ELSE p.a_id END AS id) x
WHERE $2 IN (p.a_id, p.b_id) AND p.state <> 'merged' AND x.id <> $1
ON CONFLICT (a_id, b_id) DO UPDATE SET state = excluded.state, decided_by_id = excluded.decided_by_id,
  decided_at = excluded.decided_at WHERE excluded.state = 'dismissed' AND duplicate_pair.state = 'open'
"""


async def settle_pairs(winner_id: UUID, loser_id: UUID, staff_id: UUID | None, now: datetime) -> None:
    """The two are one; what was said of the loser and others is said of the winner and them.

    Joins the caller's transaction.
    """
    await db.execute(MERGED, winner_id, loser_id, staff_id, now)
    await db.execute(INHERIT, winner_id, loser_id)
