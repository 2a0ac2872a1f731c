"""Who does not want to be profiled, or is no longer who she was, is spoken of by no prediction."""

from collections.abc import Sequence
from uuid import UUID

from shuke.kit import db, events

UNWILLING = """
DELETE FROM customer_prediction p USING customer c
WHERE p.customer_id = c.id AND c.brand_id = $1 AND c.id = ANY($2) AND c.refusals ? 'profiling/any'
RETURNING p.customer_id
"""
FORGET = "DELETE FROM customer_prediction WHERE brand_id = $1 AND customer_id = ANY($2) RETURNING customer_id"


async def forget_unwilling(brand_id: UUID, ids: Sequence[UUID]) -> None:
    """Of these customers."""
    async with db.tx():
        await _tell(brand_id, [row[0] for row in await db.fetch(UNWILLING, brand_id, list(ids))])


async def forget(brand_id: UUID, ids: Sequence[UUID]) -> None:
    """Whoever of these it is: what was said of them is no longer so, until the next night."""
    async with db.tx():
        if await db.fetch(FORGET, brand_id, list(ids)):
            await _tell(brand_id, ids)


async def _tell(brand_id: UUID, ids: Sequence[UUID]) -> None:
    if ids:
        data = {"customers": sorted(ids)}
        await events.record(brand_id, "predictions.forgotten", events.SYSTEM, ("prediction_model", None), data)
