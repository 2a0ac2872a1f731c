"""Somebody wants to be forgotten: what is personal goes, table by table as the registry of parts says; what she bought
stays in every total, and is nobody's. It cannot be taken back.
"""

from collections.abc import Sequence
from uuid import UUID

from shuke.domains.customers import queries as customer_queries
from shuke.domains.customers import service as customers
from shuke.domains.customers.rules import clean
from shuke.domains.customers.types import CustomerView
from shuke.domains.identity.service import allow
from shuke.domains.identity.types import Actor
from shuke.domains.journeys import service as journeys
from shuke.domains.orders import service as orders
from shuke.domains.records import queries
from shuke.domains.records.queries.held import own_ids
from shuke.domains.records.rules.fates import Delete, Part, Strip
from shuke.domains.records.rules.parts import PARTS
from shuke.domains.records.service import batches
from shuke.domains.segments import service as segments
from shuke.domains.tasks import service as tasks
from shuke.kit import clock, db, events
from shuke.kit.errors import ErrorCode, Refusal
from shuke.kit.ids import new_id

# lists that were taken out may have her in them: whoever needs one makes it anew
EXPORTS = "DELETE FROM stored_file WHERE id IN (SELECT file_id FROM export_job WHERE brand_id = $1)"


async def erase_customer(actor: Actor, customer_id: UUID, confirm: str) -> UUID:
    """Forgets a customer, and those who were merged into her, for ever; the id of the erasure.

    `confirm`: what `erasure_preview` asks to be typed. Raises Refusal FORBIDDEN, NOT_FOUND, INVALID (something else was
    typed).
    """
    allow(actor, "eraseCustomer")
    async with db.tx():
        view = await _within_reach(actor, customer_id)
        ids, now, erasure_id = await own_ids(actor.brand_id, view.id), clock.now(), new_id()
        await _hold(actor.brand_id, ids)
        view = await _within_reach(actor, view.id)  # as she is now that nobody else changes her
        if clean(confirm) != queries.confirm_with(view):
            raise Refusal(ErrorCode.INVALID, "confirm", "erase_confirm")
        await batches.unquote(actor.brand_id, await customers.hold_numbers(actor.brand_id, ids))
        heirs = await customers.hand_numbers_on(actor.brand_id, ids)
        numbers = await customers.suppress_numbers(actor.brand_id, ids, erasure_id)
        kept = await orders.make_anonymous(ids, now)
        await segments.forget(ids)
        await journeys.forget(ids, now)
        await tasks.forget(ids, now)
        for part in PARTS:
            await _forget(part, ids)
        await customers.erase(ids, now)
        await segments.touch(actor.brand_id, heirs)
        await db.execute(EXPORTS, actor.brand_id)
        data = {"erasure": erasure_id, "orders": kept, "numbers": numbers, "records": len(ids)}
        await events.record(actor.brand_id, "customer.erased", actor.ref, ("customer", view.id), data)
    return erasure_id


async def _within_reach(actor: Actor, customer_id: UUID) -> CustomerView:
    view = await customer_queries.customer(actor, customer_id)
    if view is None:
        raise Refusal(ErrorCode.NOT_FOUND, "id")
    return view


async def _hold(brand_id: UUID, ids: Sequence[UUID]) -> None:
    """Keeps everybody away who writes of her, in the order in which the others take the same locks: imports, tills,
    cells, rules, journeys, cards, then the customers by their ids, with those who use a number of hers.
    """
    await customers.hold_bulk(brand_id)
    await orders.hold_orders(brand_id)
    await segments.hold_cells(brand_id)
    await segments.hold_watched(ids)
    await journeys.hold_enrolments(brand_id, ids)
    await tasks.hold_cards(ids)
    await customers.hold_customers(brand_id, [*ids, *await customer_queries.users_of(brand_id, ids)])


async def _forget(part: Part, ids: Sequence[UUID]) -> None:
    """What the registry says of a table, where no room has a use case of its own for it."""
    if isinstance(part.erasure, Delete):
        await db.execute(f'DELETE FROM "{part.table}" WHERE {part.column} = ANY($1)', list(ids))
    elif isinstance(part.erasure, Strip):
        cleared = ", ".join(f"{column} = DEFAULT" for column in part.erasure.columns)
        await db.execute(f'UPDATE "{part.table}" SET {cleared} WHERE {part.column} = ANY($1)', list(ids))
