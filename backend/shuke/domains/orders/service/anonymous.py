"""Somebody is erased: what she bought counts on, and is nobody's."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from shuke.kit import db

# the digest was taken of her number, too: an order that comes again is written anew, and stays nobody's
UNLINK = """
UPDATE "order" SET customer_id = NULL, follows_sale = false, digest = '', updated_at = $2 WHERE customer_id = ANY($1)
"""
FORGET_STATS = "DELETE FROM customer_stats WHERE id = ANY($1)"


async def make_anonymous(customer_ids: Sequence[UUID], now: datetime) -> int:
    """Takes the customers off their orders; every sum of a store or a day stays. How many orders.

    Joins the caller's transaction, which holds `hold_orders`.
    """
    await db.execute(FORGET_STATS, list(customer_ids))
    return await db.execute(UNLINK, list(customer_ids), now)


async def hold_orders(brand_id: UUID) -> None:
    """Until the transaction's end nobody else stores orders of this brand."""
    await db.lock("orders", brand_id)
