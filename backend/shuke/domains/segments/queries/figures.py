"""Each customer's last day, visits and money as SQL, under a brand's options."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from shuke.domains.segments.types import Options, Refunds
from shuke.kit import zones

# A sale counts if it was completed above zero and its own refunds left something of it; money is every completed
# document's, so that a refund that names no sale still weighs. A refund after the day has not happened yet. Who does
# not want to be grouped is in no group.
TEXT = """
WITH {given_back}document AS (
  SELECT o.id, o.customer_id, o.placed_at, {amount} AS minor, {day} AS day, o.kind = 'sale' AND {counts} AS counts
  FROM "order" o{lines}{sale}{joined}
  WHERE {whose}o.status = 'completed' AND o.customer_id IS NOT NULL AND o.placed_at < $2{whom}
){visits}
SELECT f.customer_id, c.store_id, f.last_on, f.visits, f.minor, f.first_on FROM (
  SELECT customer_id, (max(placed_at) FILTER (WHERE counts) AT TIME ZONE $3)::date AS last_on,
    count(*) FILTER (WHERE {visit}) AS visits, (sum(minor){money})::bigint AS minor, min(day) AS first_on
  FROM {document} GROUP BY 1 HAVING bool_or(counts)
) f JOIN customer c ON c.id = f.customer_id WHERE NOT c.refusals ? 'profiling/any'{levels}{hers}
"""
GIVEN_BACK = """given_back AS (
  SELECT o.refund_of_id AS id, sum({amount}) AS minor FROM "order" o{lines}
  WHERE o.brand_id = $1 AND o.refund_of_id IS NOT NULL AND o.status = 'completed' AND o.placed_at < $2{whom}
  GROUP BY 1
), """
LINES = """
  JOIN LATERAL (SELECT sum(x.total_minor)::bigint AS minor FROM order_line x
    LEFT JOIN product p ON p.brand_id = $1 AND p.sku = x.sku WHERE x.order_id = o.id{which}) l ON l.minor IS NOT NULL"""
# a sale begins a visit unless one that counts came just before it
VISITS = """, visit AS (
  SELECT *, counts AND coalesce(placed_at - max(placed_at) FILTER (WHERE counts) OVER (PARTITION BY customer_id
    ORDER BY placed_at, id ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) > make_interval(mins => {minutes}), true)
    AS begins
  FROM document
)"""


def figures(
    basis: Options, brand_id: UUID, day: date, zone: str, ids: Sequence[UUID] | None = None
) -> tuple[str, list[Any]]:
    """SQL and its arguments: customer_id, store_id, last_on, visits, minor (of the money that counts), first_on (with a
    window: the first day within it on which something of hers stands) as of the end of `day` in the brand's `zone`; of
    these customers or (None) of everybody.
    """
    args: list[Any] = [brand_id, zones.at_local(day + timedelta(days=1), 0, zone), zone]

    def arg(value: Any, kind: str) -> str:
        args.append(value)
        return f"${len(args)}::{kind}"

    people = arg(list(ids), "uuid[]") if ids is not None else None
    whom = f" AND o.customer_id = ANY({people})" if people else ""
    sold = f' AND o.refund_of_id IN (SELECT id FROM "order" WHERE customer_id = ANY({people}))' if people else ""
    which = f" AND p.category = ANY({arg(list(basis.categories), 'text[]')})" if basis.categories else ""
    if basis.without_categories:
        which += f" AND (p.category = ANY({arg(list(basis.without_categories), 'text[]')})) IS NOT TRUE"
    amount, lines = ("l.minor", LINES.format(which=which)) if which else ("o.total_minor", "")
    if basis.without_sources:
        elsewhere = f" AND NOT o.source = ANY({arg(list(basis.without_sources), 'text[]')})"
        whom, sold = whom + elsewhere, sold + elsewhere
    sale, own_day = "", "NULL::date"
    if basis.window_days is not None:
        sale, own_day = (
            '\n  LEFT JOIN "order" s ON s.id = o.refund_of_id',
            "(coalesce(s.placed_at, o.placed_at) AT TIME ZONE $3)::date",
        )
        whom += f" AND {own_day} > {arg(day - timedelta(days=basis.window_days), 'date')}"
    net = basis.refunds is Refunds.NET
    levels = ""
    if basis.without_levels:
        levels = f" AND (c.level = ANY({arg(list(basis.without_levels), 'text[]')})) IS NOT TRUE"
    sql = TEXT.format(
        given_back=GIVEN_BACK.format(amount=amount, lines=lines, whom=sold) if net else "",
        amount=amount,
        day=own_day,
        counts=_counts(amount, net, basis.zero),
        lines=lines,
        sale=sale,
        joined="\n  LEFT JOIN given_back g ON g.id = o.id" if net else "",
        whose="" if people else "o.brand_id = $1 AND ",  # whom it asks for is the brand's: an index tells all of it
        whom=whom,
        visits=VISITS.format(minutes=basis.visit_minutes) if basis.visit_minutes else "",
        visit="begins" if basis.visit_minutes else "counts",
        document="visit" if basis.visit_minutes else "document",
        money="" if net else " FILTER (WHERE counts)",
        levels=levels,
        hers=f" AND c.id = ANY({people})" if people else "",
    )
    return sql, args


def _counts(amount: str, net: bool, zero: bool) -> str:
    kept = f"{amount} > 0 AND {amount} + coalesce(g.minor, 0) > 0" if net else f"{amount} > 0"
    return f"({kept} OR {amount} = 0)" if zero else f"{kept}"
