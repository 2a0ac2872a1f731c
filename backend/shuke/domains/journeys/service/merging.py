"""Two archives of one person become one: so do her ways through journeys."""

from datetime import datetime
from uuid import UUID

from shuke.domains.journeys.service.enrolments import enrol
from shuke.domains.journeys.service.milestones import follow_children
from shuke.kit import db

ABSORB = """
UPDATE enrolment e SET customer_id = $1, updated_at = $3 WHERE e.customer_id = $2 AND NOT EXISTS (
  SELECT FROM enrolment h WHERE h.customer_id = $1 AND h.journey_id = e.journey_id AND h.subject = e.subject
    AND h.occurrence = e.occurrence)
"""


async def absorb(brand_id: UUID, winner_id: UUID, loser_id: UUID, now: datetime) -> None:
    """The loser's ways through journeys become the winner's, but for those that she has gone herself; then what is
    true of both together, orders and children, decides. Joins the caller's transaction, which holds both customers'
    enrolments and cards.
    """
    await db.execute(ABSORB, winner_id, loser_id, now)
    await enrol(brand_id, [winner_id, loser_id], follow_ups=False)
    await follow_children(brand_id, [winner_id, loser_id])
