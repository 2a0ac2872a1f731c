"""A till's batch."""

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from shuke.domains.identity import queries as identity
from shuke.domains.identity.service import allow
from shuke.domains.identity.types import Actor
from shuke.domains.orders import rules
from shuke.domains.orders.service.store import store_documents
from shuke.domains.orders.types import Document, House, IngestResult, IngestVerdict, OrderIn
from shuke.kit import clock
from shuke.kit.errors import ErrorCode, Refusal
from shuke.kit.ids import new_id

MAX_BATCH = 500
TILL_CLOCK = timedelta(days=1)  # how far a till's clock may run ahead


async def ingest_orders(
    actor: Actor, brand_id: UUID, orders: Sequence[OrderIn], follow_ups: bool = True
) -> list[IngestResult]:
    """Takes a till's batch: a verdict for each order; a bad one spoils no other, and a repeat changes nothing.

    Raises Refusal INVALID for a batch of more than 500, FORBIDDEN for who may not.
    """
    reach = allow(actor, "ingestOrders")
    if brand_id != actor.brand_id:
        raise Refusal(ErrorCode.NOT_FOUND)
    if len(orders) > MAX_BATCH:
        raise Refusal(ErrorCode.INVALID, "orders", "batch_size", most=MAX_BATCH)
    house = await house_of(brand_id, reach.all_stores)
    results: list[IngestResult | None] = [None] * len(orders)
    documents, places = [], []
    for index, order in enumerate(orders):
        checked = rules.check(order, house, new_id())
        if isinstance(checked, Document):
            documents.append(checked)
            places.append(index)
        else:
            results[index] = IngestResult(index, IngestVerdict.REJECTED, None, checked)
    stored = await store_documents(brand_id, actor.ref, documents, follow_ups)
    for index, one in zip(places, stored, strict=True):
        results[index] = IngestResult(index, one.verdict, one.order_id, [])
    return [result for result in results if result]


async def house_of(brand_id: UUID, stores: tuple[UUID, ...] | None = None) -> House:
    """What orders of this brand are checked against; `stores` None: all of them."""
    brand = await identity.brand(brand_id)
    found = await identity.stores(brand_id, stores)
    return House(brand.currency, {store.code: store.id for store in found}, clock.now() + TILL_CLOCK)
