"""Pairs of customers who may be one person: what is said of them."""

from datetime import datetime
from uuid import UUID

from shuke.domains.identity.service import allow
from shuke.domains.identity.types import Actor
from shuke.domains.records.queries import pairs as queries
from shuke.domains.records.types.merging import PairState
from shuke.kit import clock, db, events
from shuke.kit.errors import ErrorCode, Refusal

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
DECIDE = """
UPDATE duplicate_pair SET state = $2, decided_by_id = $3, decided_at = $4, updated_at = $5 WHERE id = $1
"""


async def settle_pairs(winner_id: UUID, loser_id: UUID, staff_id: UUID | None, now: datetime) -> None:
    """The two are one; what was said of the loser and others is said of the winner and them.

    Joins the caller's transaction.
    """
    await db.execute(MERGED, winner_id, loser_id, staff_id, now)
    await db.execute(INHERIT, winner_id, loser_id)


async def dismiss_duplicate(actor: Actor, pair_id: UUID) -> UUID:
    """Not the same person: they are never offered again. The pair's id.

    Raises Refusal NOT_FOUND or FORBIDDEN; INVALID for a pair that was merged.
    """
    return await _decide(actor, "dismissDuplicate", pair_id, PairState.DISMISSED)


async def reopen_duplicate(actor: Actor, pair_id: UUID) -> UUID:
    """Takes a dismissal back: they stand in the queue again. Raises as `dismiss_duplicate`."""
    return await _decide(actor, "reopenDuplicate", pair_id, PairState.OPEN)


async def _decide(actor: Actor, operation: str, pair_id: UUID, state: PairState) -> UUID:
    allow(actor, operation)
    async with db.tx():
        pair = await queries.pair(actor, pair_id)
        if pair is None:
            raise Refusal(ErrorCode.NOT_FOUND, "id")
        if pair.state is PairState.MERGED:
            raise Refusal(ErrorCode.INVALID, "id", "merge_same")
        if pair.state is not state:
            now = clock.now()
            decided = (None, None) if state is PairState.OPEN else (actor.id, now)
            await db.execute(DECIDE, pair_id, state.value, *decided, now)
            kind = "duplicate.reopened" if state is PairState.OPEN else "duplicate.dismissed"
            await events.record(actor.brand_id, kind, actor.ref, ("duplicate_pair", pair_id))
    return pair_id
