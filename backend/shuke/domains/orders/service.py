"""Use cases: orders come in, from a till or a file, and keep their customers' statistics in the same transaction."""

from collections.abc import Sequence
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
from shuke.kit import clock, db, events
from shuke.kit.errors import ErrorCode, Refusal
from shuke.kit.ids import new_id

MAX_BATCH = 500
TILL_CLOCK = timedelta(days=1)  # how far a till's clock may run ahead
TIMELINE = {OrderKind.SALE.value: TimelineKind.ORDER, OrderKind.REFUND.value: TimelineKind.REFUND}
CUSTOMERS_AN_EVENT = 2000

COLUMNS = (
    "id", "brand_id", "store_id", "customer_id", "source", "terminal", "business_date", "receipt_no", "kind", "status",
    "refund_of_receipt_no", "refund_of_business_date", "refund_of_terminal", "follows_sale", "placed_at", "currency",
    "total_minor", "digest", "created_at", "updated_at",
)  # fmt: skip
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
SELECT o.id, o.customer_id, o.kind, o.status, o.placed_at, o.total_minor, o.currency, st.name,
  (SELECT count(*) FROM order_line l WHERE l.order_id = o.id)
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
        ids = {key: row[0] for key, row in known.items()}
        news = {}  # of a key that comes twice, the last word
        for document, buyer, verdict in zip(documents, buyers, verdicts, strict=True):
            if verdict is not IngestVerdict.UNCHANGED:
                news[document.key] = (document, buyer)
        fresh = sorted(new_id() for key in news if key not in ids)
        created = dict(zip((key for key in news if key not in ids), fresh, strict=True))
        ids |= created
        if news:
            before = {known[key][2] for key in news if key in known}
            await _write(brand_id, [(ids[key], *item, key in created) for key, item in news.items()])
            await _settle(brand_id, actor, [ids[key] for key in news], created, before, follow_ups)
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
            wanted.setdefault(document.store_id, {})[document.member_no] = None
    for store_id, numbers in wanted.items():
        missing = [(IdentityKind.MEMBER_NO, number, number) for number in sorted(numbers) if number not in by_member]
        by_member |= await customers.ensure_members(brand_id, store_id, missing)
    return [rules.customer_of(document, by_member, by_phone) for document in documents]


async def _write(brand_id: UUID, items: Sequence[tuple[UUID, Document, UUID | None, bool]]) -> None:
    """The orders and their lines: (order id, document, customer, new?)."""
    now = clock.now()
    fresh, changed, lines = [], [], list[str]()
    for order_id, document, buyer, is_new in items:
        said = document.said
        follows = buyer is None and said.refund_of_receipt_no is not None and said.kind is OrderKind.REFUND
        place = (said.source, said.terminal, said.business_date, said.receipt_no)
        refund = (said.refund_of_receipt_no, said.refund_of_business_date, said.refund_of_terminal, follows)
        money: tuple[Any, ...] = (said.placed_at, document.currency, document.total_minor)
        state = (said.kind.value, said.status.value, *refund, *money, document.digest)
        if is_new:
            fresh.append((order_id, brand_id, document.store_id, buyer, *place, *state, now, now))
        else:
            changed.append((order_id, buyer, *state, now))
        prefix = f"{order_id}\t"
        lines += [prefix + line for line in document.lines]
    async with db.raw() as connection:
        await connection.copy_records_to_table("order", records=fresh, columns=COLUMNS)
        if changed:
            await connection.executemany(UPDATE, changed)
            await connection.execute("DELETE FROM order_line WHERE order_id = ANY($1)", [row[0] for row in changed])
        await connection.copy_to_table("order_line", source=BytesIO("".join(lines).encode()), format="text")


async def _settle(
    brand_id: UUID,
    actor: tuple[str, UUID | None],
    order_ids: list[UUID],
    created: dict[OrderKey, UUID],
    before: set[UUID | None],
    follow_ups: bool,
) -> None:
    """What follows from written orders: links, statistics, timelines, the event."""
    touched, moved = set(before), set(order_ids)
    if len(created) < len(order_ids) or await db.fetch_value(REFUNDS_NAME_SALES, brand_id):
        for refund_id, changed, *people in await db.fetch(LINK, brand_id, order_ids):
            touched.update(people)
            if changed:
                moved.add(refund_id)
    entries, stale = [], []
    for row in await db.fetch(ENTRIES, list(moved)):
        touched.add(row[1])
        if row[1] is None or row[3] != OrderStatus.COMPLETED.value:
            stale.append(row[0])
            continue
        data = {"total": row[5], "currency": row[6], "items": row[8], "store": row[7]}
        entries.append(TimelineIn(row[0], row[1], TIMELINE[row[2]], row[4], None, data))
    people = sorted(person for person in touched if person)
    await rebuild_stats(brand_id, people)
    await customers.append_timeline_many(brand_id, entries)
    for order_id in set(stale) - set(created.values()):
        await customers.remove_timeline(brand_id, order_id)
    for start in range(0, max(len(people), 1), CUSTOMERS_AN_EVENT):
        data = {"customers": people[start : start + CUSTOMERS_AN_EVENT], "followUps": follow_ups}
        await events.record(brand_id, "orders.recorded", actor, ("orders", None), data)
