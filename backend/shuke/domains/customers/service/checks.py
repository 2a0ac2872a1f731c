"""What every use case at the counter asks first: may she touch this customer, this store; are her words too long."""

from uuid import UUID

from shuke.domains.customers import rules
from shuke.domains.customers.service.holders import reachable as reachable
from shuke.domains.identity import queries as identity
from shuke.domains.identity.types import Actor, Reach
from shuke.kit.errors import ErrorCode, Refusal

NOTE_LENGTH = 2000
LENGTHS = {"name": 120, "alias": 120, "level": 60, "note": NOTE_LENGTH}


async def store_for(actor: Actor, reach: Reach, wanted: UUID | None) -> UUID:
    """The store that a new customer or visit belongs to: the one that was named, else the caller's first.

    Raises Refusal NOT_FOUND or FORBIDDEN.
    """
    stores = await identity.stores(actor.brand_id, actor.store_ids if wanted is None else (wanted,))
    if not stores:
        raise Refusal(ErrorCode.NOT_FOUND, "storeId")
    if not reach.covers(stores[0].id, actor.id):
        raise Refusal(ErrorCode.FORBIDDEN, "storeId")
    return stores[0].id


def text(field: str, said: str | None, most: int | None = None) -> str | None:
    """The cleaned text of a field. Raises Refusal INVALID when it is too long."""
    words, limit = rules.clean(said), most or LENGTHS[field]
    if words is not None and len(words) > limit:
        raise Refusal(ErrorCode.INVALID, field, "too_long", most=limit)
    return words
