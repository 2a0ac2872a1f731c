"""What passed between a customer and the shop."""

from collections.abc import Collection, Iterator
from datetime import datetime
from typing import Any
from uuid import UUID

from shuke.domains.customers.queries.view import customer
from shuke.domains.customers.types import TimelineEntry, TimelineKind
from shuke.domains.identity.types import Actor
from shuke.kit import codec, db

TIMELINE = """
SELECT t.id, t.customer_id, t.kind, t.at, coalesce(st.name, t.data->>'author'), t.data, c_store.timezone
FROM timeline_entry t JOIN customer c ON c.id = t.customer_id JOIN store c_store ON c_store.id = c.store_id
LEFT JOIN staff st ON st.id = t.actor_id
"""
# What was bought, for a partner's key that is limited to stores: theirs alone. An order's entry has the order's id, and
# only by the order, which stands a room above, is its store known.
WITHIN = """
AND (t.kind NOT IN ('order', 'refund') OR EXISTS (
  SELECT FROM "order" o WHERE o.id = t.id AND o.store_id = ANY({stores})))
"""


# Kinds that most entries are of, found as they lie; each other kind has its own range of an index (`timeline_by_kind`).
COMMON = ("order", "refund", "created")
RARE = f"kind NOT IN {COMMON}"


async def timeline(
    actor: Actor,
    customer_id: UUID,
    first: int,
    after: tuple[datetime, UUID] | None = None,
    kinds: Collection[TimelineKind] | None = None,
) -> list[TimelineEntry]:
    """What touched a customer whom the caller has before her, the latest first: `first` rows and one more, if there is.

    `after`: time and id of the last entry of the page before. `kinds`: only these; None: all.
    """
    if kinds is not None and not kinds:
        return []
    args: list[Any] = [actor.brand_id, customer_id, first + 1]
    behind = ""
    if after:
        args += after
        behind = f"AND (t.at, t.id) < (${len(args) - 1}, ${len(args)})"
    hers, order = f"t.brand_id = $1 AND t.customer_id = $2 {behind}", "ORDER BY t.at DESC, t.id DESC LIMIT $3"
    if kinds is None:
        sql = f"{TIMELINE} WHERE {hers} {_within(actor, args)} {order}"
    else:
        found = " UNION ALL ".join(f"({part})" for part in _by_kind(kinds, hers, order, _within(actor, args), args))
        sql = f"{TIMELINE} WHERE t.id IN (SELECT id FROM ({found}) found) {order}"
    return [_entry(row) for row in await db.fetch(sql, *args)]


def _by_kind(kinds: Collection[TimelineKind], hers: str, order: str, within: str, args: list[Any]) -> Iterator[str]:
    """What gives the ids of a page's candidates: the common kinds together, each other one from its own range."""
    chosen = {kind.value for kind in kinds}
    if common := sorted(chosen.intersection(COMMON)):
        args.append(common)
        yield f"SELECT t.id FROM timeline_entry t WHERE {hers} AND t.kind = ANY(${len(args)}) {within} {order}"
    if rare := sorted(chosen.difference(COMMON)):
        args.append(rare)
        yield f"""SELECT t.id FROM unnest(${len(args)}::text[]) k(kind) CROSS JOIN LATERAL (
          SELECT t.id, t.at FROM timeline_entry t WHERE {hers} AND t.{RARE} AND t.kind = k.kind {order}) t {order}"""


async def timeline_entry(actor: Actor, entry_id: UUID) -> TimelineEntry | None:
    """One entry, of a customer within the caller's reach."""
    args: list[Any] = [actor.brand_id, entry_id]
    row = await db.fetch_row(f"{TIMELINE} WHERE t.brand_id = $1 AND t.id = $2 {_within(actor, args)}", *args)
    return _entry(row) if row and await customer(actor, row[1]) else None


def _within(actor: Actor, args: list[Any]) -> str:
    """What narrows a statement to the caller's stores; its argument is added to `args`."""
    if actor.stores is None:
        return ""
    args.append(actor.stores)
    return WITHIN.format(stores=f"${len(args)}")


def _entry(row: Any) -> TimelineEntry:
    return TimelineEntry(row[0], row[1], TimelineKind(row[2]), row[3], row[4], codec.loads(row[5]), row[6])
