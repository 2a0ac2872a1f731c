"""What follows from written orders, in their transaction: links of refunds, statistics, timelines, the event."""

from collections.abc import Sequence
from uuid import UUID

from msgspec import Struct

from shuke.domains.customers import service as customers
from shuke.domains.customers.types import TimelineIn, TimelineKind
from shuke.domains.orders.service.stats import rebuild_stats
from shuke.domains.orders.types import Document, OrderKind, OrderStatus
from shuke.kit import db, events

CUSTOMERS_AN_EVENT = 2000
TIMELINE = {OrderKind.SALE.value: TimelineKind.ORDER, OrderKind.REFUND.value: TimelineKind.REFUND}

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
REFUNDS_NAME_SALES = 'SELECT EXISTS (SELECT FROM "order" WHERE brand_id = $1 AND refund_of_receipt_no IS NOT NULL)'
ENTRIES = """
SELECT o.id, CASE WHEN o.status = 'completed' THEN o.customer_id END, o.kind, o.placed_at, o.total_minor, o.currency,
  st.name, (SELECT count(*) FROM order_line l WHERE l.order_id = o.id)
FROM "order" o JOIN store st ON st.id = o.store_id WHERE o.id = ANY($1)
"""
PURCHASES = """
SELECT DISTINCT customer_id FROM "order" WHERE brand_id = $1 AND id = ANY($2) AND kind = 'sale'
  AND status = 'completed' AND total_minor > 0 AND customer_id IS NOT NULL ORDER BY customer_id
"""


class News(Struct, frozen=True):
    """A document to be written, as the row of this id. `former`: whose the order was until now."""

    order_id: UUID
    document: Document
    buyer: UUID | None
    is_new: bool
    former: UUID | None

    @property
    def follows_sale(self) -> bool:
        said = self.document.said
        return self.buyer is None and said.kind is OrderKind.REFUND and said.refund_of_receipt_no is not None

    @property
    def is_purchase(self) -> bool:
        """Whether somebody has bought something: a paid sale that is new, or newly known to be hers."""
        said, total = self.document.said, self.document.total_minor
        is_sale = said.kind is OrderKind.SALE and said.status is OrderStatus.COMPLETED and total > 0
        return is_sale and self.buyer is not None and self.buyer != self.former


async def settle(
    brand_id: UUID,
    actor: tuple[str, UUID | None],
    news: Sequence[News],
    touched: set[UUID | None],
    follow_ups: bool,
) -> None:
    """What follows from written orders: links of refunds, statistics, timelines, the event.

    `follow_ups` is for who bought; for who was touched by a refund or a correction alone, the event never asks for any.
    """
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
    buyers = {one.buyer for one in news if one.is_purchase} if follow_ups else set()
    others = [person for person in people if person not in buyers]
    if others or not buyers:
        await _tell(brand_id, actor, others, follow_ups=False)
    if buyers:
        await _tell(brand_id, actor, [person for person in people if person in buyers], follow_ups=True)


async def set_off(brand_id: UUID, actor: tuple[str, UUID | None], order_ids: Sequence[UUID]) -> None:
    """Lets sales that are on file set off follow-ups after all; safe to repeat."""
    async with db.tx():
        rows = await db.fetch(PURCHASES, brand_id, order_ids) if order_ids else []
        if rows:
            await _tell(brand_id, actor, [row[0] for row in rows], follow_ups=True)


async def _tell(brand_id: UUID, actor: tuple[str, UUID | None], people: Sequence[UUID], *, follow_ups: bool) -> None:
    for start in range(0, max(len(people), 1), CUSTOMERS_AN_EVENT):
        data = {"customers": people[start : start + CUSTOMERS_AN_EVENT], "followUps": follow_ups}
        await events.record(brand_id, "orders.recorded", actor, ("orders", None), data)


async def _link(brand_id: UUID, news: Sequence[News], touched: set[UUID | None]) -> list[UUID]:
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


def _entry(one: News, store: str) -> TimelineIn | None:
    """The order on its customer's timeline, under the order's own id; None: it shows nowhere."""
    said = one.document.said
    if one.buyer is None or said.status is not OrderStatus.COMPLETED:
        return None
    data = {
        "total": one.document.total_minor,
        "currency": one.document.currency,
        "items": one.document.line_count,
        "store": store,
    }
    return TimelineIn(one.order_id, one.buyer, TIMELINE[said.kind.value], said.placed_at, None, data)


FOLLOW = """
WITH moved AS (
  UPDATE "order" r SET customer_id = s.customer_id FROM "order" s
  WHERE r.brand_id = $1 AND s.id = ANY($2) AND r.refund_of_id = s.id AND r.follows_sale
    AND r.customer_id IS DISTINCT FROM s.customer_id
  RETURNING r.id, s.customer_id
)
UPDATE timeline_entry t SET customer_id = moved.customer_id FROM moved WHERE t.id = moved.id
"""


async def follow_sales(brand_id: UUID, sale_ids: Sequence[UUID]) -> None:
    """Refunds that named nobody are whose their sales are, whoever got these just now. Joins the transaction."""
    await db.execute(FOLLOW, brand_id, list(sale_ids))
