"""Cards change hands: a manager gives them to somebody else, takes that back, nudges; who leaves hands them over."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import timedelta
from uuid import UUID

from shuke.domains.identity import queries as identity
from shuke.domains.identity.service import allow, hold_people
from shuke.domains.identity.types import Actor
from shuke.domains.notifications import service as notifications
from shuke.domains.notifications.types import InboxKind, Letter
from shuke.domains.tasks import rules
from shuke.domains.tasks.types import Moved, Moves, Reassigned
from shuke.kit import clock, codec, db, events, throttle
from shuke.kit.errors import ErrorCode, Refusal
from shuke.kit.ids import new_id

UNDO_WITHIN = timedelta(days=1)
NUDGE_EVERY = timedelta(minutes=30)

NAMED = """
SELECT t.id, t.store_id, t.assignee_id, t.state, t.due_at, t.remind_at, s.timezone
FROM task t JOIN store s ON s.id = t.store_id WHERE t.brand_id = $1 AND t.id = ANY($2) ORDER BY t.id FOR UPDATE OF t
"""
MOVE = """
UPDATE task t SET assignee_id = x.assignee, remind_at = x.remind, moved_by = $1, version = t.version + 1,
  updated_at = $2
FROM unnest($3::uuid[], $4::uuid[], $5::timestamptz[]) AS x (id, assignee, remind) WHERE t.id = x.id
"""
MOVED = """
SELECT data FROM event WHERE id = $1 AND brand_id = $2 AND kind = 'tasks.reassigned' AND actor_id = $3 AND at > $4
"""
STILL = """
SELECT t.id, t.store_id FROM task t
WHERE t.brand_id = $1 AND t.id = ANY($2) AND t.state = 'open' AND t.moved_by = $3
ORDER BY t.id FOR UPDATE
"""
HERS = """
SELECT count(*) FILTER (WHERE t.due_at < $4), count(*) FILTER (WHERE t.due_at >= $4)
FROM store s JOIN task t ON t.brand_id = $1 AND t.store_id = s.id AND t.assignee_id = $3 AND t.state = 'open'
  AND t.due_at < (date_trunc('day', $4 AT TIME ZONE s.timezone) + interval '1 day') AT TIME ZONE s.timezone
WHERE s.brand_id = $1 AND s.id = $2
"""
# Who takes over gets the cards of the stores where she works; the rest goes to the stores' pools.
LEFT_BEHIND = """
SELECT t.id, t.due_at, s.timezone, (
  SELECT r.staff_id FROM staff_role r WHERE r.staff_id = $3 AND r.store_id = t.store_id LIMIT 1)
FROM task t JOIN store s ON s.id = t.store_id
WHERE t.brand_id = $1 AND t.assignee_id = $2 AND t.state = 'open' AND NOT t.store_id = ANY($4)
ORDER BY t.id FOR UPDATE OF t
"""


async def reassign(actor: Actor, task_ids: Sequence[UUID], assignee_id: UUID | None) -> Reassigned:
    """Gives open cards to somebody who works in the store of each (None: the stores' pools), all or none.

    Closed cards, and those that are hers already, stay. A card's reminder rings anew, for who has it now.
    Raises Refusal NOT_FOUND for a card or a person out of reach, INVALID for one who does not work there.
    """
    reach, wanted = allow(actor, "reassignTasks"), tuple(dict.fromkeys(task_ids))
    async with db.tx():
        await hold_people(actor.brand_id)  # else she may leave before the card is hers, and nobody hands it over
        rows = await db.fetch(NAMED, actor.brand_id, wanted)
        if len(rows) < len(wanted) or not all(reach.covers(row[1], row[2]) for row in rows):
            raise Refusal(ErrorCode.NOT_FOUND, "taskIds")
        if assignee_id is not None:
            for store in {row[1] for row in rows}:
                if assignee_id not in await _crew(actor.brand_id, store):
                    raise Refusal(ErrorCode.INVALID, "assigneeId", "guide_not_here")
        moving = [row for row in rows if row[3] == "open" and row[2] != assignee_id]
        if not moving:
            return Reassigned(None, wanted)
        now = clock.now()
        told = asdict(Moves(assignee_id, tuple(Moved(row[0], row[2], row[5]) for row in moving)))
        event_id = await events.record(actor.brand_id, "tasks.reassigned", actor.ref, ("staff", assignee_id), told)
        reminders = [rules.remind_at(row[4], now, row[6]) for row in moving]
        await db.execute(MOVE, event_id, now, [row[0] for row in moving], [assignee_id] * len(moving), reminders)
        return Reassigned(event_id, wanted)


async def undo_reassign(actor: Actor, event_id: UUID) -> tuple[UUID, ...]:
    """Gives cards back to whom the caller's reassignment took them from; those that moved on, were closed or are in
    a store that is the caller's no longer stay.

    Raises Refusal NOT_UNDOABLE for what is not hers, older than a day, or where no card can go back.
    """
    reach = allow(actor, "undoReassign")
    async with db.tx():
        await hold_people(actor.brand_id)
        now = clock.now()
        data = await db.fetch_value(MOVED, event_id, actor.brand_id, actor.id, now - UNDO_WITHIN)
        moved = codec.load(data, Moves).cards if data else ()
        rows = await db.fetch(STILL, actor.brand_id, [card.id for card in moved], event_id)
        still = {row[0]: row[1] for row in rows if reach.covers(row[1], None)}
        here = {store: {None, *await _crew(actor.brand_id, store)} for store in set(still.values())}
        back = [card for card in moved if card.id in still and card.giver in here[still[card.id]]]
        if not back:
            raise Refusal(ErrorCode.NOT_UNDOABLE, "reassignmentId")
        ids = [card.id for card in back]
        await db.execute(MOVE, None, now, ids, [card.giver for card in back], [card.remind_at for card in back])
        said = {"reassignment": event_id, "tasks": ids}
        await events.record(actor.brand_id, "tasks.reassign_undone", actor.ref, ("task", None), said)
        return tuple(ids)


async def nudge(actor: Actor, staff_id: UUID, store_id: UUID) -> None:
    """Tells a person how many of her cards in this store are late and due today.

    Raises Refusal NOT_FOUND for who does not work in a store of the caller's, INVALID where nothing waits for her,
    TOO_MANY within 30 minutes of the last.
    """
    reach = allow(actor, "nudgeStaff")
    if staff_id not in await _crew(actor.brand_id, store_id) or not reach.covers(store_id, None):
        raise Refusal(ErrorCode.NOT_FOUND, "staffId")
    async with db.tx():
        row = await db.fetch_row(HERS, actor.brand_id, store_id, staff_id, clock.now())
        assert row
        late, due = row
        if not late and not due:
            raise Refusal(ErrorCode.INVALID, "staffId", "nothing_waits")
        await throttle.hit(f"nudge/{staff_id}", 1, NUDGE_EVERY, "nudged_already")
        letter = Letter(new_id(), staff_id, InboxKind.NUDGE, {"count": late + due, "late": late, "due": due}, "/")
        await notifications.post(actor.brand_id, [letter])
        await events.record(actor.brand_id, "staff.nudged", actor.ref, ("staff", staff_id), {"storeId": store_id})


async def hand_over(brand_id: UUID, staff_id: UUID, to: UUID | None, stays_in: Sequence[UUID] = ()) -> int:
    """Her open cards go to a colleague where that one works, else to the pools; but not in the stores where she stays.

    Their reminders ring anew, for who has them now. Joins the caller's transaction, which holds the people. How many.
    """
    rows, now = await db.fetch(LEFT_BEHIND, brand_id, staff_id, to, list(stays_in)), clock.now()
    reminders = [rules.remind_at(row[1], now, row[2]) for row in rows]
    return await db.execute(MOVE, None, now, [row[0] for row in rows], [row[3] for row in rows], reminders)


async def _crew(brand_id: UUID, store_id: UUID) -> set[UUID]:
    """Who works in this store now."""
    return {person.id for person in await identity.staff_of_store(brand_id, store_id)}
