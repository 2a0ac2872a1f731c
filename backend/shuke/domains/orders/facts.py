"""What rules may ask of purchases. Net of refunds: a sale that was given back whole counts nothing, money and pieces
that came back are taken off on the day of their sale; a refund that names no sale weighs on its own day.
"""

from collections.abc import Iterator, Sequence

from shuke.kit.rules import Arg, Fact, Kind, Option, Source

# Completed documents of a customer `c`, and which of them count as a purchase: the one definition of statistics.
DOCUMENTS = """
SELECT d.kind, d.total_minor, d.placed_at, d.store_id, d.refund_of_id, d.kind = 'sale' AND d.total_minor > 0
  AND d.total_minor + coalesce((SELECT sum(r.total_minor) FROM "order" r
    WHERE r.refund_of_id = d.id AND r.status = 'completed'), 0) > 0 AS counts
FROM "order" d WHERE d.customer_id = c.id AND d.status = 'completed'
"""
GROUP = "orders"
CHANGED = frozenset(
    ("orders.recorded", "customer.merged", "customer.unmerged", "customer.erased", "products.categorised")
)
BOUGHT = Source(
    "bought",
    f"""FROM (SELECT d.counts, d.total_minor, d.store_id,
        (coalesce(sale.placed_at, d.placed_at) AT TIME ZONE z.timezone)::date AS day
      FROM ({DOCUMENTS}) d LEFT JOIN "order" sale ON sale.id = d.refund_of_id OFFSET 0) o""",
    "o.day",
)
"""OFFSET 0: each row is worked out once, and not again for every condition that looks at it."""
# what she kept of every article, sale by sale
KEPT = Source(
    "kept",
    """FROM (SELECT s.id, l.sku, p.category, (s.placed_at AT TIME ZONE z.timezone)::date AS day,
        sum(l.quantity) AS pieces, sum(l.total_minor)::bigint AS minor
      FROM "order" s JOIN "order" d ON (d.id = s.id OR d.refund_of_id = s.id) AND d.status = 'completed'
      JOIN order_line l ON l.order_id = d.id
      LEFT JOIN product p ON p.brand_id = s.brand_id AND p.sku = l.sku
      WHERE s.customer_id = c.id AND s.kind = 'sale' AND s.status = 'completed'
      GROUP BY s.id, l.sku, p.category HAVING sum(l.quantity) > 0) k""",
    "k.day",
)


def _said(zh: str, en: str) -> dict[str, str]:
    return {"zh-CN": zh, "en": en}


def facts(stores: Sequence[Option], categories: Sequence[Option]) -> Iterator[Fact]:
    """Everything that may be asked of a brand's sales; `categories`: of its articles."""
    days = Arg("days", Kind.NUMBER)
    where = (Arg("stores", Kind.SET, "o.store_id::text = ANY({})", tuple(stores)),)

    def bought(key: str, kind: Kind, sql: str, zh: str, en: str, rows: str = "o.counts", window: bool = False) -> Fact:
        args = ((days,) if window else ()) + where
        empty = "0" if kind is not Kind.DATE else None
        return Fact(
            f"orders.{key}",
            kind,
            sql,
            _said(zh, en),
            GROUP,
            CHANGED,
            BOUGHT,
            False,
            rows,
            args,
            empty=empty,
            profiling=True,
        )

    yield bought("count", Kind.NUMBER, "count(*)", "购买次数", "purchases", window=True)
    yield bought("sum", Kind.MONEY, "sum(o.total_minor)", "消费金额", "spending", "true", window=True)
    yield bought("last", Kind.DATE, "max(o.day)", "上次购买", "last purchase")
    yield bought("first", Kind.DATE, "min(o.day)", "首次购买", "first purchase")

    which = (
        Arg("categories", Kind.SET, "k.category = ANY({})", tuple(categories)),
        Arg("products", Kind.TEXT, "k.sku = ANY({})"),
    )

    def kept(key: str, kind: Kind, sql: str, zh: str, en: str, window: bool = True) -> Fact:
        args = ((days,) if window else ()) + which
        empty = "0" if kind is not Kind.DATE else None
        return Fact(
            f"products.{key}", kind, sql, _said(zh, en), GROUP, CHANGED, KEPT, args=args, empty=empty, profiling=True
        )

    yield kept("count", Kind.NUMBER, "count(DISTINCT k.id)", "商品购买次数", "purchases of articles")
    yield kept("pieces", Kind.NUMBER, "sum(k.pieces)", "商品购买件数", "pieces bought")
    yield kept("sum", Kind.MONEY, "sum(k.minor)", "商品消费金额", "spending on articles")
    yield kept("last", Kind.DATE, "max(k.day)", "商品上次购买", "last purchase of articles", window=False)
