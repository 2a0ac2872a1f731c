"""Use cases: orders come in, from a till or a file, and keep their customers' statistics in the same transaction."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from io import BytesIO
from typing import Any
from uuid import UUID

from shuke.domains.customers import queries as customer_queries
from shuke.domains.customers import service as customers
from shuke.domains.customers.types import IdentityKind, TimelineIn, TimelineKind
from shuke.domains.identity import queries as identity
from shuke.domains.identity.service import allow
from shuke.domains.identity.types import Actor
from shuke.domains.orders import queries, rules
from shuke.domains.orders.types import (
    Document,
    House,
    IngestResult,
    IngestVerdict,
    OrderIn,
    OrderKey,
    OrderKind,
    OrderStatus,
    Stored,
)
from shuke.kit import clock, db, events, pgcopy
from shuke.kit.errors import ErrorCode, Refusal
from shuke.kit.ids import new_ids

MAX_BATCH = 500
TILL_CLOCK = timedelta(days=1)  # how far a till's clock may run ahead
TIMELINE = {OrderKind.SALE.value: TimelineKind.ORDER, OrderKind.REFUND.value: TimelineKind.REFUND}
CUSTOMERS_AN_EVENT = 2000

COLUMNS = (
    "id", "brand_id", "source", "store_id", "terminal", "business_date", "receipt_no", "customer_id", "kind", "status",
    "refund_of_receipt_no", "refund_of_business_date", "refund_of_terminal", "follows_sale", "placed_at", "currency",
    "total_minor", "digest", "updated_at", "created_at",
)  # fmt: skip
LINE_COLUMNS = ("position", "sku", "name", "quantity", "unit_price", "total_minor", "order_id")
UPDATE = """
UPDATE "order" SET customer_id = $2, kind = $3, status = $4, refund_of_receipt_no = $5, refund_of_business_date = $6,
  refund_of_terminal = $7, follows_sale = $8, placed_at = $9, currency = $10, total_minor = $11, digest = $12,
  updated_at = $13
WHERE id = $1
"""
# A refund belongs to the latest sale before it that bears the number it names; whatever arrives first, the same pairs
# come out. $1 brand, $2 orders just written. Gives the refunds concerned, whether they moved, and who is touched.
LINK = """
WITH refund AS (
  SELECT r.* FROM "order" r WHERE r.id = ANY($2) AND (r.refund_of_receipt_no IS NOT NULL OR r.refund_of_id IS NOT NULL)
  UNION
  SELECT r.* FROM "order" s JOIN "order" r ON r.brand_id = $1 AND r.store_id = s.store_id
    AND r.refund_of_receipt_no = s.receipt_no AND r.source = s.source
  WHERE s.id = ANY($2)
  UNION
  SELECT r.* FROM "order" r WHERE r.refund_of_id = ANY($2)
), pair AS (
  SELECT r.id, r.customer_id AS old_customer, r.refund_of_id AS old_sale, sale.id AS sale,
    sale.customer_id AS sale_customer,
    CASE WHEN r.follows_sale THEN sale.customer_id ELSE r.customer_id END AS customer
  FROM refund r LEFT JOIN LATERAL (
    SELECT s.id, s.customer_id FROM "order" s
    WHERE s.brand_id = $1 AND s.store_id = r.store_id AND s.receipt_no = r.refund_of_receipt_no
      AND s.source = r.source AND s.kind = 'sale' AND s.placed_at <= r.placed_at AND r.kind = 'refund'
      AND (r.refund_of_business_date IS NULL OR s.business_date = r.refund_of_business_date)
      AND (r.refund_of_terminal IS NULL OR s.terminal = r.refund_of_terminal)
    ORDER BY s.placed_at DESC, s.business_date DESC, s.terminal DESC LIMIT 1
  ) sale ON true
), moved AS (
  UPDATE "order" o SET refund_of_id = p.sale, customer_id = p.customer FROM pair p
  WHERE o.id = p.id AND (o.refund_of_id IS DISTINCT FROM p.sale OR o.customer_id IS DISTINCT FROM p.customer)
  RETURNING o.id
)
SELECT p.id, m.id IS NOT NULL, p.old_customer, p.customer, p.sale_customer,
  (SELECT s.customer_id FROM "order" s WHERE s.id = p.old_sale)
FROM pair p LEFT JOIN moved m ON m.id = p.id
"""
# The one definition of purchase statistics. $2: these customers; NULL: everybody who ever had any.
REBUILD = """
INSERT INTO customer_stats AS mine (id, brand_id, order_count, gross_minor, refunded_minor, first_order_at,
  last_order_at, created_at, updated_at)
SELECT c.id, $1, count(*) FILTER (WHERE o.counts), coalesce(sum(o.total_minor) FILTER (WHERE o.kind = 'sale'), 0),
  coalesce(sum(o.total_minor) FILTER (WHERE o.kind = 'refund'), 0),
  min(o.placed_at) FILTER (WHERE o.counts), max(o.placed_at) FILTER (WHERE o.counts), $3, $3
FROM customer c LEFT JOIN LATERAL (
  SELECT d.kind, d.total_minor, d.placed_at, d.kind = 'sale' AND d.total_minor > 0 AND d.total_minor + coalesce((
    SELECT sum(r.total_minor) FROM "order" r WHERE r.refund_of_id = d.id AND r.status = 'completed'), 0) > 0 AS counts
  FROM "order" d WHERE d.customer_id = c.id AND d.status = 'completed'
) o ON true
WHERE c.brand_id = $1 AND (c.id = ANY($2) OR ($2::uuid[] IS NULL AND (
  EXISTS (SELECT FROM "order" d WHERE d.customer_id = c.id)
  OR EXISTS (SELECT FROM customer_stats s WHERE s.id = c.id))))
GROUP BY c.id
ON CONFLICT (id) DO UPDATE SET order_count = excluded.order_count, gross_minor = excluded.gross_minor,
  refunded_minor = excluded.refunded_minor, first_order_at = excluded.first_order_at,
  last_order_at = excluded.last_order_at, updated_at = excluded.updated_at
WHERE (mine.order_count, mine.gross_minor, mine.refunded_minor, mine.first_order_at, mine.last_order_at)
  IS DISTINCT FROM (excluded.order_count, excluded.gross_minor, excluded.refunded_minor, excluded.first_order_at,
    excluded.last_order_at)
"""
REFUNDS_NAME_SALES = 'SELECT EXISTS (SELECT FROM "order" WHERE brand_id = $1 AND refund_of_receipt_no IS NOT NULL)'
ENTRIES = """
SELECT o.id, CASE WHEN o.status = 'completed' THEN o.customer_id END, o.kind, o.placed_at, o.total_minor, o.currency,
  st.name, (SELECT count(*) FROM order_line l WHERE l.order_id = o.id)
FROM "order" o JOIN store st ON st.id = o.store_id WHERE o.id = ANY($1)
"""


async def rebuild_stats(brand_id: UUID, customer_ids: Sequence[UUID] | None = None) -> int:
    """Purchase statistics from the orders as they stand, of these customers or (None) of everybody; rows changed."""
    return await db.execute(REBUILD, brand_id, customer_ids, clock.now())


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
        checked = rules.check(order, house)
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


async def rehearse(brand_id: UUID, documents: Sequence[Document]) -> list[Stored]:
    """The verdicts that `store_documents` would give; reads only."""
    known = await queries.known(brand_id, [document.key for document in documents]) if documents else {}
    found = await _found(brand_id, documents)
    verdicts = _verdicts(documents, known, [rules.customer_of(document, *found) for document in documents])
    ids = {key: row[0] for key, row in known.items()}
    return [Stored(verdict, ids.get(doc.key)) for verdict, doc in zip(verdicts, documents, strict=True)]


@dataclass(slots=True, frozen=True)
class _News:
    """A document to be written, as the row of this id."""

    order_id: UUID
    document: Document
    buyer: UUID | None
    is_new: bool

    @property
    def follows_sale(self) -> bool:
        said = self.document.said
        return self.buyer is None and said.kind is OrderKind.REFUND and said.refund_of_receipt_no is not None


async def store_documents(
    brand_id: UUID, actor: tuple[str, UUID | None], documents: Sequence[Document], follow_ups: bool
) -> list[Stored]:
    """Stores a chunk in one transaction: orders, lines, links of refunds, statistics, timelines, one event.

    Chunks of one brand take turns, so statistics see every order and nobody waits in a circle.
    """
    if not documents:
        return []
    async with db.tx():
        await db.lock("orders", brand_id)
        # arrays of very different length must not share a plan
        await db.execute("SELECT set_config('plan_cache_mode', 'force_custom_plan', true)")
        known = await queries.known(brand_id, [document.key for document in documents])
        buyers = await _buyers(brand_id, documents)
        verdicts = _verdicts(documents, known, buyers)
        latest = {  # of a key that comes twice, the last word
            document.key: (document, buyer)
            for document, buyer, verdict in zip(documents, buyers, verdicts, strict=True)
            if verdict is not IngestVerdict.UNCHANGED
        }
        ids = {key: row[0] for key, row in known.items()}
        unseen = [key for key in latest if key not in ids]
        ids |= zip(unseen, new_ids(len(unseen)), strict=True)
        news = [_News(ids[key], *item, key not in known) for key, item in latest.items()]
        if news:
            await _write(brand_id, news)
            await _settle(brand_id, actor, news, {known[key][2] for key in latest if key in known}, follow_ups)
        return [Stored(verdict, ids[doc.key]) for verdict, doc in zip(verdicts, documents, strict=True)]


def _verdicts(
    documents: Sequence[Document],
    known: dict[OrderKey, tuple[UUID, bytes, UUID | None]],
    buyers: Sequence[UUID | None],
) -> list[IngestVerdict]:
    """By digest; an order that was nobody's is news again when its customer has become known."""
    verdicts = rules.verdicts(documents, {key: row[1] for key, row in known.items()})
    for place, (document, buyer) in enumerate(zip(documents, buyers, strict=True)):
        stored = known.get(document.key)
        if stored and buyer and stored[2] is None and verdicts[place] is IngestVerdict.UNCHANGED:
            verdicts[place] = IngestVerdict.UPDATED
    return verdicts


async def _found(brand_id: UUID, documents: Sequence[Document]) -> tuple[dict[str, UUID], dict[str, UUID]]:
    """Member number -> customer, phone -> customer, as far as they are on file."""
    members = {document.member_no for document in documents if document.member_no}
    numbers = {document.phone for document in documents if document.phone}
    by_member = await customer_queries.find_by_identity(brand_id, IdentityKind.MEMBER_NO, members) if members else {}
    by_phone = await customer_queries.find_by_identity(brand_id, IdentityKind.PHONE, numbers) if numbers else {}
    return by_member, by_phone


async def _buyers(brand_id: UUID, documents: Sequence[Document]) -> list[UUID | None]:
    """Whose each order is. An unknown member number makes a customer; an unknown phone does not, for a till's
    phone field is typed in a hurry and a wrong one would be somebody else's archive.
    """
    by_member, by_phone = await _found(brand_id, documents)
    wanted: dict[UUID, dict[str, None]] = {}
    for document in documents:
        if document.member_no and rules.customer_of(document, by_member, by_phone) is None:
            wanted.setdefault(document.key.store_id, {})[document.member_no] = None
    for store_id, numbers in wanted.items():
        missing = [(IdentityKind.MEMBER_NO, number, number) for number in sorted(numbers) if number not in by_member]
        by_member |= await customers.ensure_members(brand_id, store_id, missing)
    return [rules.customer_of(document, by_member, by_phone) for document in documents]


async def _write(brand_id: UUID, news: Sequence[_News]) -> None:
    """The orders and their lines."""
    now = clock.now()
    fresh: list[tuple[Any, ...]] = []
    changed: list[tuple[Any, ...]] = []
    lines = [pgcopy.BEGIN]
    for one in news:
        document, said = one.document, one.document.said
        refund = (said.refund_of_receipt_no, said.refund_of_business_date, said.refund_of_terminal, one.follows_sale)
        money = (said.placed_at, document.currency, document.total_minor)
        state = (one.buyer, said.kind.value, said.status.value, *refund, *money, document.digest, now)
        if one.is_new:
            fresh.append((one.order_id, brand_id, *document.key, *state, now))
        else:
            changed.append((one.order_id, *state))
        end = pgcopy.uuid(one.order_id)
        lines += (end.join(document.lines), end)
    async with db.raw() as connection:
        await connection.copy_records_to_table("order", records=fresh, columns=COLUMNS)
        if changed:
            await connection.executemany(UPDATE, changed)
            await connection.execute("DELETE FROM order_line WHERE order_id = ANY($1)", [row[0] for row in changed])
        rows = BytesIO(b"".join((*lines, pgcopy.END)))
        await connection.copy_to_table("order_line", source=rows, columns=LINE_COLUMNS, format="binary")


async def _settle(
    brand_id: UUID,
    actor: tuple[str, UUID | None],
    news: Sequence[_News],
    touched: set[UUID | None],
    follow_ups: bool,
) -> None:
    """What follows from written orders: links of refunds, statistics, timelines, the event."""
    moved = await _link(brand_id, news, touched)
    touched.update(one.buyer for one in news)
    people = sorted((person for person in touched if person), key=lambda person: person.int)
    await rebuild_stats(brand_id, people)
    stores = await _store_names({one.document.key.store_id for one in news})
    entries = {one.order_id: _entry(one, stores[one.document.key.store_id]) for one in news}
    for row in await db.fetch(ENTRIES, moved) if moved else ():
        data = {"total": row[4], "currency": row[5], "items": row[7], "store": row[6]}
        entries[row[0]] = TimelineIn(row[0], row[1], TIMELINE[row[2]], row[3], None, data) if row[1] else None
    fresh = {one.order_id for one in news if one.is_new}
    await customers.append_new_timeline(brand_id, [entry for key, entry in entries.items() if entry and key in fresh])
    await customers.append_timeline_many(
        brand_id, [entry for key, entry in entries.items() if entry and key not in fresh]
    )
    for order_id in [key for key, entry in entries.items() if entry is None and key not in fresh]:
        await customers.remove_timeline(order_id)
    for start in range(0, max(len(people), 1), CUSTOMERS_AN_EVENT):
        data = {"customers": people[start : start + CUSTOMERS_AN_EVENT], "followUps": follow_ups}
        await events.record(brand_id, "orders.recorded", actor, ("orders", None), data)


async def _link(brand_id: UUID, news: Sequence[_News], touched: set[UUID | None]) -> list[UUID]:
    """Leads refunds to their sales; the refunds that moved. Adds to `touched` whose statistics that concerns."""
    if all(one.is_new for one in news) and not await db.fetch_value(REFUNDS_NAME_SALES, brand_id):
        return []  # the usual case, and the whole question for a source that never says
    moved = []
    for refund_id, changed, *people in await db.fetch(LINK, brand_id, [one.order_id for one in news]):
        touched.update(people)
        if changed:
            moved.append(refund_id)
    return moved


async def _store_names(ids: set[UUID]) -> dict[UUID, str]:
    return {row[0]: row[1] for row in await db.fetch("SELECT id, name FROM store WHERE id = ANY($1)", list(ids))}


def _entry(one: _News, store: str) -> TimelineIn | None:
    """The order on its customer's timeline, under the order's own id; None: it shows nowhere."""
    said = one.document.said
    if one.buyer is None or said.status is not OrderStatus.COMPLETED:
        return None
    data = {
        "total": one.document.total_minor,
        "currency": one.document.currency,
        "items": len(one.document.lines),
        "store": store,
    }
    return TimelineIn(one.order_id, one.buyer, TIMELINE[said.kind.value], said.placed_at, None, data)
