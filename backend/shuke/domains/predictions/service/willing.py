"""Who does not want to be profiled, or is no longer who she was, is spoken of by no prediction."""

from collections.abc import Sequence
from uuid import UUID

from shuke.kit import db

UNWILLING = """
DELETE FROM customer_prediction p USING customer c
WHERE p.customer_id = c.id AND c.brand_id = $1 AND c.id = ANY($2) AND c.refusals ? 'profiling/any'
"""


async def forget_unwilling(brand_id: UUID, ids: Sequence[UUID]) -> None:
    """Of these customers."""
    await db.execute(UNWILLING, brand_id, list(ids))


async def forget(brand_id: UUID, ids: Sequence[UUID]) -> None:
    """Whoever of these it is: what was said of them is no longer so, until the next night."""
    await db.execute(
        "DELETE FROM customer_prediction WHERE brand_id = $1 AND customer_id = ANY($2)", brand_id, list(ids)
    )
