"""Requests to share a customer, for who may answer them."""

from typing import Any
from uuid import UUID

from shuke.domains.customers.types import ShareRequest, ShareState
from shuke.domains.identity.service import allow
from shuke.domains.identity.types import Actor, Staff, Store
from shuke.kit import db

REQUEST = """
SELECT r.id, h.id, h.store_id, r.store_id, s.name, s.code, g.name, s.timezone, st.id, st.name, r.state, r.created_at,
  r.answered_at
FROM share_request r JOIN customer c ON c.id = r.customer_id
JOIN customer h ON h.id = coalesce(c.merged_into_id, c.id)
JOIN store s ON s.id = r.store_id LEFT JOIN region g ON g.id = s.region_id JOIN staff st ON st.id = r.staff_id
WHERE r.brand_id = $1 AND r.id = $2
"""


async def share_request(actor: Actor, request_id: UUID) -> ShareRequest | None:
    """One request; None where it is not the caller's to answer."""
    reach = allow(actor, "shareRequest")
    row = await db.fetch_row(REQUEST, actor.brand_id, request_id)
    if row is None or not reach.covers(row[2], None):
        return None
    return _request(row)


async def my_request(actor: Actor, request_id: UUID) -> ShareRequest | None:
    """A request that the caller's own operation has made or found."""
    row = await db.fetch_row(REQUEST, actor.brand_id, request_id)
    return _request(row) if row else None


def _request(row: Any) -> ShareRequest:
    store, staff = Store(*row[3:8]), Staff(row[8], row[9])
    return ShareRequest(row[0], row[1], store, staff, ShareState(row[10]), row[11], row[12])
