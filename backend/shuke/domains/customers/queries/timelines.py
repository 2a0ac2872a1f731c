"""What passed between a customer and the shop."""

from datetime import datetime
from typing import Any
from uuid import UUID

from shuke.domains.customers.queries.view import customer
from shuke.domains.customers.types import TimelineEntry, TimelineKind
from shuke.domains.identity.types import Actor
from shuke.kit import codec, db

TIMELINE = """
SELECT t.id, t.customer_id, t.kind, t.at, st.name, t.data, c_store.timezone
FROM timeline_entry t JOIN customer c ON c.id = t.customer_id JOIN store c_store ON c_store.id = c.store_id
LEFT JOIN staff st ON st.id = t.actor_id
"""
# What was bought, for a partner's key that is limited to stores: theirs alone. An order's entry has the order's id, and
# only by the order, which stands a room above, is its store known.
WITHIN = """
AND (t.kind NOT IN ('order', 'refund') OR EXISTS (
  SELECT FROM "order" o WHERE o.id = t.id AND o.store_id = ANY({stores})))
"""


async def timeline(
    actor: Actor, customer_id: UUID, first: int, after: tuple[datetime, UUID] | None = None
) -> list[TimelineEntry]:
    """What touched a customer whom the caller has before her, the latest first: `first` rows and one more, if there is.

    `after`: time and id of the last entry of the page before.
    """
    sql = f"{TIMELINE} WHERE t.brand_id = $1 AND t.customer_id = $2"
    args: list[Any] = [actor.brand_id, customer_id, first + 1]
    if after:
        sql, args = f"{sql} AND (t.at, t.id) < ($4, $5)", [*args, *after]
    rows = await db.fetch(f"{sql} {_within(actor, args)} ORDER BY t.at DESC, t.id DESC LIMIT $3", *args)
    return [_entry(row) for row in rows]


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
