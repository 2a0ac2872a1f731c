"""What passed between a customer and the shop, put down with a tap: a call, a message, what she likes, a complaint."""

from datetime import datetime
from uuid import UUID

from shuke.domains.customers.rules import visits as rules
from shuke.domains.customers.service import checks
from shuke.domains.customers.types.visits import InteractionKind
from shuke.domains.identity.service import allow
from shuke.domains.identity.types import Actor
from shuke.kit import clock, codec, db, events
from shuke.kit.errors import ErrorCode, Refusal

KINDS = {kind.value for kind in InteractionKind}

# the same id again by the same person says more of the same thing
ADD = """
INSERT INTO timeline_entry (id, brand_id, customer_id, kind, at, actor_id, data, created_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
ON CONFLICT (id) DO UPDATE SET data = excluded.data, updated_at = excluded.created_at
WHERE timeline_entry.brand_id = $2 AND timeline_entry.customer_id = $3 AND timeline_entry.actor_id = $6
  AND timeline_entry.kind = excluded.kind
"""
FIND = """
SELECT customer_id, kind, actor_id, created_at FROM timeline_entry WHERE brand_id = $1 AND id = $2 FOR UPDATE
"""


async def add_interaction(
    actor: Actor, customer_id: UUID, entry_id: UUID, kind: InteractionKind, said: str | None, at: datetime | None
) -> UUID:
    """Puts a call, a message, a preference or a complaint into her timeline; again with its id: says it anew.

    Raises Refusal NOT_FOUND, FORBIDDEN, INVALID (longer ago than a month, the text) or TAKEN (the id).
    """
    reach, now = allow(actor, "addInteraction"), clock.now()
    words, moment = checks.text("text", said, checks.NOTE_LENGTH), rules.happened(at, now)
    if moment is None:
        raise Refusal(ErrorCode.INVALID, "at", "visit_long_ago")
    data = {"text": words} if words else {}
    async with db.tx():
        customer_id = (await checks.reachable(actor, reach, customer_id, "customerId")).id
        row = (entry_id, actor.brand_id, customer_id, kind.value, moment, actor.id, codec.dumps(data), now)
        if not await db.execute(ADD, *row):
            raise Refusal(ErrorCode.TAKEN, "id", "id_taken")
        told = {"entry": entry_id, "kind": kind.value}
        await events.record(actor.brand_id, "customer.interaction_added", actor.ref, ("customer", customer_id), told)
    return entry_id


async def undo_interaction(actor: Actor, entry_id: UUID) -> None:
    """Takes back what the caller put down a moment ago; what is gone already is fine.

    Raises Refusal NOT_UNDOABLE for somebody else's entry, another kind of entry, or after ten minutes.
    """
    allow(actor, "undoInteraction")
    async with db.tx():
        row = await db.fetch_row(FIND, actor.brand_id, entry_id)
        if row is None:
            return
        customer_id, kind, by, put_down = row
        if by != actor.id or kind not in KINDS or clock.now() - put_down > rules.UNDO_WITHIN:
            raise Refusal(ErrorCode.NOT_UNDOABLE, "id")
        await db.execute("DELETE FROM timeline_entry WHERE id = $1", entry_id)
        told = {"entry": entry_id, "kind": kind}
        await events.record(actor.brand_id, "customer.interaction_undone", actor.ref, ("customer", customer_id), told)
