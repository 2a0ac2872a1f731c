"""Use cases that silence a child: its milestones are stopped, or it is taken off the card. Both can be undone.

Nobody is told: no entry on the timeline, no message. The event is the audit trail. `journeys.service` stands around
these for the API, so that open cards lose what they say of the child in the same transaction.
"""

from datetime import timedelta
from uuid import UUID

from shuke.domains.customers.service import checks, children
from shuke.domains.customers.types import CustomerView
from shuke.domains.identity.types import Actor
from shuke.kit import clock, db

UNDONE_WITHIN = timedelta(minutes=10)
"""A stop or removal that is taken back within this time never was: what it silenced is said again."""
REASON_LENGTH = 200

STOP = "UPDATE dependant SET stopped_at = $2, stop_reason = $3, version = version + 1, updated_at = $2 WHERE id = $1"
RESUME = """
UPDATE dependant SET stopped_at = NULL, stop_reason = NULL, since = $3, version = version + 1, updated_at = $2
WHERE id = $1
"""
REMOVE = "UPDATE dependant SET removed_at = $2, version = version + 1, updated_at = $2 WHERE id = $1"
RESTORE = "UPDATE dependant SET removed_at = NULL, since = $3, version = version + 1, updated_at = $2 WHERE id = $1"


async def stop_milestones(actor: Actor, key: UUID, reason: str | None) -> CustomerView:
    """No milestone of this child is spoken of from now on; its mother. Said again, it changes nothing.

    Joins the caller's transaction. Raises Refusal NOT_FOUND, FORBIDDEN and INVALID (the reason is too long).
    """
    words = checks.text("reason", reason, REASON_LENGTH)
    async with db.tx():
        child = await children.load(actor, "stopMilestones", key)
        if child.row["stopped_at"] is None:
            await db.execute(STOP, key, clock.now(), words)
            await children.announce(actor, "silenced", key, child.mother)
    return child.mother


async def resume_milestones(actor: Actor, key: UUID) -> CustomerView:
    """Milestones that are still to come are spoken of again; its mother. Raises Refusal NOT_FOUND and FORBIDDEN."""
    async with db.tx():
        child = await children.load(actor, "resumeMilestones", key)
        stopped_at, now = child.row["stopped_at"], clock.now()
        if stopped_at is not None:
            since = child.row["since"] if now - stopped_at <= UNDONE_WITHIN else now
            await db.execute(RESUME, key, now, since)
            await children.announce(actor, "resumed", key, child.mother)
    return child.mother


async def remove_dependant(actor: Actor, key: UUID) -> CustomerView:
    """Takes a child off its mother's card; her. Removed already, nothing changes.

    Raises Refusal NOT_FOUND and FORBIDDEN.
    """
    async with db.tx():
        child = await children.load(actor, "removeDependant", key, removed=True)
        if child.row["removed_at"] is None:
            await db.execute(REMOVE, key, clock.now())
            await children.tell(actor, "removed", key, child.mother)
    return child.mother


async def restore_dependant(actor: Actor, key: UUID) -> CustomerView:
    """Puts a child back that was removed; its mother. Raises Refusal NOT_FOUND and FORBIDDEN."""
    async with db.tx():
        child = await children.load(actor, "restoreDependant", key, removed=True)
        removed_at, now = child.row["removed_at"], clock.now()
        if removed_at is not None:
            since = child.row["since"] if now - removed_at <= UNDONE_WITHIN else now
            await db.execute(RESTORE, key, now, since)
            await children.tell(actor, "restored", key, child.mother)
    return child.mother
