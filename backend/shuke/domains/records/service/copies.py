"""A customer's own copy of all that is kept of her: asked for, fetched once, written down both times, kept nowhere."""

from datetime import timedelta
from uuid import UUID

from shuke.domains.customers import queries as customers
from shuke.domains.identity.service import allow
from shuke.domains.identity.types import Actor
from shuke.domains.records.queries.held import everything
from shuke.domains.records.types.privacy import Copy, CopyTicket
from shuke.kit import clock, db, events, throttle
from shuke.kit.errors import ErrorCode, Refusal
from shuke.kit.ids import new_id

A_DAY = 20
"""How many copies a person may ask for within a day."""
KEPT = timedelta(hours=24)

START = """
INSERT INTO customer_copy (id, brand_id, customer_id, staff_id, expires_at, created_at) VALUES ($1, $2, $3, $4, $5, $6)
"""
TAKE = """
UPDATE customer_copy SET fetched_at = $4, updated_at = $4
WHERE brand_id = $1 AND id = $2 AND staff_id = $3 AND fetched_at IS NULL AND expires_at > $4 RETURNING customer_id
"""


async def copy_customer(actor: Actor, customer_id: UUID) -> CopyTicket:
    """Leave to fetch her copy once within a day. Raises Refusal FORBIDDEN, NOT_FOUND, TOO_MANY."""
    reach = allow(actor, "copyCustomer")
    async with db.tx():
        view = await customers.customer(actor, customer_id)
        if view is None or not customers.may_touch(reach, view):
            raise Refusal(ErrorCode.NOT_FOUND, "id")
        await throttle.hit(f"copy/{actor.id}", A_DAY, timedelta(days=1), "copies_many")
        ticket = CopyTicket(new_id(), clock.now() + KEPT)
        row = (ticket.id, actor.brand_id, view.id, actor.id, ticket.expires_at, clock.now())
        await db.execute(START, *row)
        await events.record(actor.brand_id, "customer.copy_made", actor.ref, ("customer", view.id))
    return ticket


async def copy_ticket(actor: Actor, ticket_id: UUID) -> CopyTicket | None:
    """The caller's own ticket, fetched or not."""
    allow(actor, "copyCustomer")
    sql = "SELECT id, expires_at FROM customer_copy WHERE brand_id = $1 AND id = $2 AND staff_id = $3"
    row = await db.fetch_row(sql, actor.brand_id, ticket_id, actor.id)
    return CopyTicket(row[0], row[1]) if row else None


async def fetch_copy(actor: Actor, ticket_id: UUID, locale: str) -> Copy:
    """Her copy as it is now, to whoever asked for it, once. Raises Refusal FORBIDDEN, NOT_FOUND (fetched already, too
    late, somebody else's, or she is out of the caller's reach by now).
    """
    reach, now = allow(actor, "copyCustomer"), clock.now()
    async with db.tx():
        customer_id = await db.fetch_value(TAKE, actor.brand_id, ticket_id, actor.id, now)
        view = await customers.customer(actor, customer_id) if customer_id else None
        if view is None or not customers.may_touch(reach, view):
            raise Refusal(ErrorCode.NOT_FOUND, reason="copy_gone")
        await events.record(actor.brand_id, "customer.copy_fetched", actor.ref, ("customer", view.id))
        return await everything(actor.brand_id, view, now, locale, actor.currency)


async def purge_copies() -> int:
    """Forgets tickets that have ended; the number."""
    return await db.execute("DELETE FROM customer_copy WHERE expires_at < $1", clock.now())
