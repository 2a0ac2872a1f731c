"""Who brought whom: a chain that never bites its own tail."""

from datetime import datetime
from uuid import UUID

from shuke.domains.customers.service import checks
from shuke.domains.identity.service import allow
from shuke.domains.identity.types import Actor
from shuke.kit import db
from shuke.kit.errors import ErrorCode, Refusal

DEEPEST = 200
"""More links than a chain of people who bring one another has; a longer one is taken for a circle."""

ABOVE = """
WITH RECURSIVE above(id, step) AS (
  SELECT $2::uuid, 1
  UNION ALL
  SELECT c.referrer_id, a.step + 1 FROM above a JOIN customer c ON c.id = a.id AND c.brand_id = $1
  WHERE c.referrer_id IS NOT NULL AND a.id <> $3 AND a.step <= $4
)
SELECT coalesce(bool_or(id = $3 OR step > $4), false) FROM above
"""


# Of one person who was two: whom either brought, she brought. Where the chain above the winner leads through the loser,
# or the other way round, it would bite its own tail: then nobody brought her.
RELINK = "UPDATE customer SET referrer_id = $3, updated_at = $4 WHERE brand_id = $1 AND referrer_id = $2 AND id <> $3"
INHERIT = "UPDATE customer SET referrer_id = $2, updated_at = $3 WHERE id = $1 AND referrer_id IS DISTINCT FROM $2"
REFERRERS = "SELECT id, referrer_id FROM customer WHERE brand_id = $1 AND id = ANY($2)"


async def bring(actor: Actor, customer_id: UUID, referrer_id: UUID) -> None:
    """Says who brought a customer who is being entered: nobody can have named her yet, so she closes no circle.

    Raises Refusal NOT_FOUND for a referrer out of the caller's reach, INVALID for herself.
    """
    referrer_id = await _referrer(actor, customer_id, referrer_id)
    await db.execute("UPDATE customer SET referrer_id = $2 WHERE id = $1", customer_id, referrer_id)


async def check_referrer(actor: Actor, customer_id: UUID, referrer_id: UUID) -> UUID:
    """Holds every chain of the brand until the transaction's end, so that two links at once close no circle. Gives the
    referrer as whom she stands now.

    Raises Refusal NOT_FOUND for a referrer out of the caller's reach, INVALID for a circle, herself included.
    """
    referrer_id = await _referrer(actor, customer_id, referrer_id)
    await db.lock("referrals", actor.brand_id)
    if await db.fetch_value(ABOVE, actor.brand_id, referrer_id, customer_id, DEEPEST):
        raise Refusal(ErrorCode.INVALID, "referrerId", "referral_circle")
    return referrer_id


async def _referrer(actor: Actor, customer_id: UUID, referrer_id: UUID) -> UUID:
    found = await checks.reachable(actor, allow(actor, "customer"), referrer_id, "referrerId")
    if found.id == customer_id:
        raise Refusal(ErrorCode.INVALID, "referrerId", "referral_circle")
    return found.id


async def relink_referrals(brand_id: UUID, winner_id: UUID, loser_id: UUID, now: datetime) -> None:
    """For a merge: whom the loser brought, the winner brought; who brought the loser brought a winner of whom that is
    not known. Joins the caller's transaction, which holds both.
    """
    await db.lock("referrals", brand_id)
    by = {row[0]: row[1] for row in await db.fetch(REFERRERS, brand_id, [winner_id, loser_id])}
    chosen = by[winner_id] or by[loser_id]
    for self_id in (winner_id, loser_id):
        if chosen and await db.fetch_value(ABOVE, brand_id, chosen, self_id, DEEPEST):
            chosen = None
    await db.execute(INHERIT, winner_id, chosen, now)
    await db.execute(RELINK, brand_id, loser_id, winner_id, now)
