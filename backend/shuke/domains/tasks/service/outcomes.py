"""How contacts went: outcomes are recorded, amended, taken back."""

from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

from shuke.domains.customers import queries as customer_queries
from shuke.domains.customers import service as customers
from shuke.domains.customers.types import TimelineKind
from shuke.domains.identity.service import allow
from shuke.domains.identity.types import Actor
from shuke.domains.tasks import rules
from shuke.domains.tasks.service.cards import ONE_CARD, OPEN_CARDS, CardRow, card_row, join, save
from shuke.domains.tasks.types import LastOutcome, NewReason, Outcome, Said, Standing, TaskState
from shuke.kit import clock, db, events
from shuke.kit.errors import ErrorCode, Refusal
from shuke.kit.text import clean

LONGEST_NOTE = 2000
WHOSE = f"""
SELECT t.customer_id, coalesce(t.joined_id, t.id), {customer_queries.SHARED_WITH}
FROM task t JOIN customer c ON c.id = t.customer_id WHERE t.id = $1 AND t.brand_id = $2
"""


async def record_outcome(
    actor: Actor,
    operation_id: UUID,
    task_id: UUID,
    outcome: Outcome,
    note: str | None = None,
    follow_up_at: datetime | None = None,
) -> UUID:
    """Records how a contact went, or amends the caller's own last outcome; gives the id of the card to show.

    A card that somebody else has closed stays as it is. Raises Refusal NOT_FOUND, FORBIDDEN or INVALID.
    """
    said = Said(outcome, _clean(note), follow_up_at)
    now = clock.now()
    if follow_up_at is not None and not rules.within_reason(follow_up_at, now):
        raise Refusal(ErrorCode.INVALID, "followUpAt", "follow_up_far")
    async with db.tx():
        row = await _locked(actor, "recordOutcome", task_id)
        decided = rules.decide(row.card, said, actor.id, operation_id, now, row.zone)
        if decided is None:
            return task_id
        shown = await _settle(row, decided.standing, decided.last)
        await _tell(actor, row.customer_id, decided.standing, decided.last)
        data: dict[str, Any] = {"outcome": outcome.value, "state": decided.standing.state.value}
        data |= {"amends": decided.amends, "customer": row.customer_id}
        await events.record(actor.brand_id, "task.outcome", actor.ref, ("task", task_id), data)
        return shown


async def undo_outcome(actor: Actor, task_id: UUID) -> UUID:
    """Takes the caller's own last outcome back; gives the id of the card that is open now.

    Raises Refusal NOT_UNDOABLE for what is not hers, not the last, or too long ago.
    """
    async with db.tx():
        row = await _locked(actor, "undoOutcome", task_id)
        last = row.card.last
        if last is None or not rules.undoable(row.card, actor.id, clock.now()):
            raise Refusal(ErrorCode.NOT_UNDOABLE, "taskId")
        shown = await _settle(row, last.before, None)
        await customers.remove_timeline(last.entry)
        await events.record(actor.brand_id, "task.undone", actor.ref, ("task", task_id), {"customer": row.customer_id})
        return shown


def _clean(note: str | None) -> str | None:
    if note is None:
        return None
    if len(note) > LONGEST_NOTE:
        raise Refusal(ErrorCode.INVALID, "note", "too_long", most=LONGEST_NOTE)
    return clean(note) or ""


async def _locked(actor: Actor, operation: str, task_id: UUID) -> CardRow:
    """The card, locked, if this operation of the actor reaches it; what she may not even read is not found."""
    reach = allow(actor, operation)
    row, shared = await _held(actor, task_id)
    whose = (row.store_id, row.assignee_id, shared)
    if await db.fetch_value("SELECT erased_at IS NOT NULL FROM customer WHERE id = $1", row.customer_id):
        raise Refusal(ErrorCode.NOT_FOUND, "taskId")  # nobody writes anything of her any more
    if not customer_queries.within(reach, *whose):
        readable = customer_queries.within(allow(actor, "task"), *whose)
        raise Refusal(ErrorCode.FORBIDDEN if readable else ErrorCode.NOT_FOUND, "taskId")
    return row


async def _held(actor: Actor, task_id: UUID) -> tuple[CardRow, Any]:
    """The card, its customer's cards locked, and the stores that she is shared with; of a card whose reasons another
    took when two customers became one, that.
    """
    turn = None
    while found := await db.fetch_row(WHOSE, task_id, actor.brand_id):
        if found[0] == turn:
            return card_row(await db.fetch_row(ONE_CARD, found[1])), found[2]
        turn = found[0]
        await db.lock("card", turn)  # and look again: she may have been merged while this waited
    raise Refusal(ErrorCode.NOT_FOUND, "taskId")


async def _settle(row: CardRow, standing: Standing, last: LastOutcome | None) -> UUID:
    """Saves a card; one that would open beside another open card of the customer gives that its reasons instead."""
    opens = standing.state is TaskState.OPEN and row.card.standing.state is not TaskState.OPEN
    for found in await db.fetch(OPEN_CARDS, [row.customer_id]) if opens else ():
        other = card_row(found)
        moved = [replace(reason, due_at=max(reason.due_at, standing.due_at)) for reason in row.reasons]
        await join(other, [NewReason(row.customer_id, reason, standing.expires_at) for reason in moved])
        await save(row, replace(standing, state=TaskState.EXPIRED, remind_at=None), last, row.reasons)
        return other.card.id
    await save(row, standing, last, row.reasons)
    return row.card.id


async def _tell(actor: Actor, customer_id: UUID, standing: Standing, last: LastOutcome) -> None:
    """Writes the outcome on the customer's timeline; an amendment replaces its entry."""
    data: dict[str, object] = {"outcome": standing.outcome.value if standing.outcome else None}
    if standing.note:
        data["note"] = standing.note
    if standing.follow_up_at:
        data["followUpAt"] = standing.follow_up_at
    await customers.append_timeline(
        actor.brand_id, customer_id, TimelineKind.CONTACT, last.at, actor.id, data, id=last.entry
    )
