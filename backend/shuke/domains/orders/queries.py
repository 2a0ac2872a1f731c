"""Reads: orders and their lines, purchase statistics, and what storing a batch must know first."""

from collections.abc import Sequence
from datetime import datetime
from typing import TypeAlias
from uuid import UUID

from shuke.domains.customers import queries as customers
from shuke.domains.identity.service import allow
from shuke.domains.identity.types import Actor, Store
from shuke.domains.orders.facts import DOCUMENTS
from shuke.domains.orders.rules import average_gap, last_months
from shuke.domains.orders.types import (
    Category,
    LineView,
    MonthSpend,
    OrderKey,
    OrderKind,
    OrderStatus,
    OrderView,
    PurchaseStats,
)
from shuke.kit import clock, codec, db
from shuke.kit.errors import ErrorCode, Refusal
from shuke.kit.money import Money

VIEW = """
SELECT o.id, o.kind, o.status, o.placed_at, o.receipt_no, o.total_minor, o.currency, o.refund_of_id, o.customer_id,
  st.id, st.name, st.code, rg.name, st.timezone
FROM "order" o JOIN store st ON st.id = o.store_id LEFT JOIN region rg ON rg.id = st.region_id
WHERE o.brand_id = $1
"""
NEWEST = "ORDER BY o.placed_at DESC, o.id DESC LIMIT $3"
BEFORE = "AND (o.placed_at, o.id) < ($4, $5)"
# each store's newest from its own index range, then the newest of these
OF_STORES = f"""
SELECT o.id FROM store s CROSS JOIN LATERAL (
  SELECT o.id, o.placed_at FROM "order" o WHERE o.store_id = s.id {{before}} {NEWEST}) o
WHERE s.brand_id = $1 AND ($2::uuid[] IS NULL OR s.id = ANY($2)) {NEWEST}
"""
LINES = """
SELECT l.order_id, l.position, l.sku, l.name, trim_scale(l.quantity)::text, trim_scale(l.unit_price)::text,
  l.total_minor, o.currency
FROM order_line l JOIN "order" o ON o.id = l.order_id WHERE o.brand_id = $1 AND l.order_id = ANY($2)
ORDER BY l.order_id, l.position
"""
# months: local month -> net of all completed documents of the last twelve months of the home store's calendar
STATS = """
SELECT c.id, b.currency, z.timezone, s.order_count, s.gross_minor, s.refunded_minor, s.first_order_at, s.last_order_at,
  (s.first_order_at AT TIME ZONE z.timezone)::date, (s.last_order_at AT TIME ZONE z.timezone)::date, m.months
FROM customer c JOIN brand b ON b.id = c.brand_id JOIN store z ON z.id = c.store_id
JOIN {figures} s ON s.id = c.id
LEFT JOIN LATERAL (
  SELECT jsonb_object_agg(month, net) AS months FROM (
    SELECT to_char(o.placed_at AT TIME ZONE z.timezone, 'YYYY-MM') AS month, sum(o.total_minor) AS net FROM "order" o
    WHERE o.customer_id = c.id AND o.status = 'completed' AND {within} AND o.placed_at >=
      (date_trunc('month', $3::timestamptz AT TIME ZONE z.timezone) - interval '11 months') AT TIME ZONE z.timezone
    GROUP BY 1) spend
) m ON true
WHERE c.brand_id = $1 AND c.id = ANY($2)
"""
# of some stores' documents ($4) alone; a refund is always of its sale's store
FIGURES = f"""
LATERAL (SELECT c.id, count(*) FILTER (WHERE counts) AS order_count,
  coalesce(sum(total_minor) FILTER (WHERE kind = 'sale'), 0)::bigint AS gross_minor,
  coalesce(sum(total_minor) FILTER (WHERE kind = 'refund'), 0)::bigint AS refunded_minor,
  min(placed_at) FILTER (WHERE counts) AS first_order_at, max(placed_at) FILTER (WHERE counts) AS last_order_at
FROM ({DOCUMENTS} AND d.store_id = ANY($4)) mine)
"""
STATS_ANYWHERE = STATS.format(figures="customer_stats", within="true")
STATS_WITHIN = STATS.format(figures=FIGURES, within="o.store_id = ANY($4)")
KNOWN = """
SELECT o.source, o.store_id, o.terminal, o.business_date, o.receipt_no, o.id, o.digest, o.customer_id
FROM unnest($2::text[], $3::uuid[], $4::text[], $5::date[], $6::text[]) AS k(source, store, terminal, day, receipt)
JOIN "order" o ON o.brand_id = $1 AND o.source = k.source AND o.store_id = k.store AND o.terminal = k.terminal
  AND o.business_date = k.day AND o.receipt_no = k.receipt
"""


async def order(actor: Actor, order_id: UUID) -> OrderView | None:
    """One order within the actor's reach."""
    found = await _views(actor, " AND o.id = $2", order_id)
    return found[0] if found and allow(actor, "orders").covers(found[0].store.id, None) else None


async def whose(actor: Actor, order_id: UUID) -> tuple[UUID, UUID | None]:
    """Store and customer of a receipt that the caller may make a link for: of her stores, or of somebody whom she may
    open. Raises Refusal NOT_FOUND.
    """
    reach = allow(actor, "createCustomerLink")
    sql = 'SELECT store_id, customer_id FROM "order" WHERE brand_id = $1 AND id = $2'
    row = await db.fetch_row(sql, actor.brand_id, order_id)
    if row is None:
        raise Refusal(ErrorCode.NOT_FOUND, "orderId")
    store_id, customer_id = row
    if reach.covers(store_id, None):
        return store_id, customer_id
    if actor.kind == "partner" or customer_id is None or await customers.customer(actor, customer_id) is None:
        raise Refusal(ErrorCode.NOT_FOUND, "orderId")
    return store_id, customer_id


Place: TypeAlias = tuple[datetime, UUID]
"""placed_at and id of the last row before a page"""


async def orders_page(
    actor: Actor, *, store_id: UUID | None = None, first: int, after: Place | None = None
) -> list[OrderView]:
    """Newest first, `first` + 1 rows, of the stores within reach of the operation `orders`."""
    stores = allow(actor, "orders").all_stores
    if store_id is not None:
        stores = (store_id,) if stores is None or store_id in stores else ()
    page = OF_STORES.format(before=BEFORE if after else "")
    terms = f"AND o.id IN ({page}) ORDER BY o.placed_at DESC, o.id DESC"
    return await _views(actor, terms, stores, first + 1, *(after or ()))


async def orders_of(actor: Actor, customer_id: UUID, first: int, after: Place | None = None) -> list[OrderView]:
    """All orders of a customer whom the actor may open, newest first, `first` + 1 rows; a partner's key sees those of
    its stores.
    """
    terms = f"AND o.customer_id = $2 {BEFORE if after else ''}"
    if actor.stores is not None:
        terms += f" AND o.store_id = ANY(${6 if after else 4})"
    stores = () if actor.stores is None else (actor.stores,)
    return await _views(actor, f"{terms} {NEWEST}", customer_id, first + 1, *(after or ()), *stores)


async def _views(actor: Actor, terms: str, *args: object) -> list[OrderView]:
    rows = await db.fetch(VIEW + terms, actor.brand_id, *args)
    return [
        OrderView(
            row[0], OrderKind(row[1]), OrderStatus(row[2]), row[3], row[4], Money(row[5], row[6]), row[7], row[8],
            Store(*row[9:14]),
        )
        for row in rows
    ]  # fmt: skip


async def lines_of(actor: Actor, ids: list[UUID]) -> list[list[LineView]]:
    """The lines of each of these orders of the actor's brand, in their places."""
    found: dict[UUID, list[LineView]] = {key: [] for key in ids}
    for row in await db.fetch(LINES, actor.brand_id, ids):
        found[row[0]].append(LineView(row[1], row[2], row[3], row[4], row[5], Money(row[6], row[7])))
    return [found[key] for key in ids]


async def stats_of(actor: Actor, ids: list[UUID]) -> list[PurchaseStats]:
    """The purchase statistics of each of these customers; who never bought has zeros.

    A partner's key that is limited to stores gets what was bought there.
    """
    now, found = clock.now(), dict[UUID, PurchaseStats]()
    args = (actor.brand_id, ids, now)
    within = (STATS_ANYWHERE, *args) if actor.stores is None else (STATS_WITHIN, *args, actor.stores)
    for row in await db.fetch(*within):
        currency, zone, count, gross, refunded = row[1:6]
        nets = codec.loads(row[10]) if row[10] else {}
        found[row[0]] = PurchaseStats(
            count,
            Money(gross + refunded, currency),
            Money(refunded, currency),
            row[6],
            row[7],
            average_gap(count, row[8], row[9]),
            [MonthSpend(month, Money(nets.get(month, 0), currency)) for month in last_months(now, zone)],
        )
    zero = Money(0, actor.currency)
    months = [MonthSpend(month, zero) for month in last_months(now, actor.timezone)]
    never = PurchaseStats(0, zero, zero, None, None, None, months)
    return [found.get(key, never) for key in ids]


async def known(brand_id: UUID, keys: Sequence[OrderKey]) -> dict[OrderKey, tuple[UUID, bytes, UUID | None]]:
    """Those of the keys that are stored: id, digest, customer."""
    rows = await db.fetch(KNOWN, brand_id, *(list(column) for column in zip(*keys, strict=True)))
    return {OrderKey(*row[:5]): (row[5], row[6], row[7]) for row in rows}


async def categories(brand_id: UUID) -> list[Category]:
    """What the brand's articles belong to, by name."""
    sql = "SELECT category, count(*) FROM product WHERE brand_id = $1 AND category IS NOT NULL GROUP BY 1 ORDER BY 1"
    return await db.fetch_as(Category, sql, brand_id)
