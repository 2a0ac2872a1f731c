"""Customers change hands when somebody leaves."""

from collections.abc import Sequence
from uuid import UUID

from shuke.kit import clock, db

HAND_OVER = """
UPDATE customer c SET version = c.version + 1, updated_at = $4,
  field_versions = c.field_versions || jsonb_build_object('guide_id', c.version + 1), guide_id = (
    SELECT r.staff_id FROM staff_role r WHERE r.staff_id = $3 AND r.store_id = c.store_id LIMIT 1)
WHERE c.brand_id = $1 AND c.guide_id = $2 AND c.merged_into_id IS NULL AND NOT c.store_id = ANY($5)
"""


async def hand_over(brand_id: UUID, staff_id: UUID, to: UUID | None, stays_in: Sequence[UUID] = ()) -> int:
    """Her customers go to a colleague where that one works, else to the pools; but not in the stores where she stays.

    Joins the caller's transaction. How many.
    """
    return await db.execute(HAND_OVER, brand_id, staff_id, to, clock.now(), list(stays_in))
