"""Timers of cards: reminders and expiry, swept in batches. Each claims its rows, so that two workers share them."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from shuke.domains.identity import queries as identity
from shuke.domains.tasks import rules
from shuke.kit import clock, db, events

DUE_REMINDERS = """
SELECT t.id, t.brand_id, t.store_id, a.id, s.timezone FROM task t JOIN store s ON s.id = t.store_id
LEFT JOIN staff a ON a.id = t.assignee_id AND a.left_at IS NULL
WHERE t.state = 'open' AND t.remind_at <= $1 ORDER BY t.remind_at LIMIT $2 FOR UPDATE OF t SKIP LOCKED
"""
EXPIRE = """
UPDATE task SET state = 'expired', remind_at = NULL, version = version + 1, updated_at = $1 WHERE id IN (
  SELECT id FROM task WHERE state = 'open' AND expires_at <= $1 ORDER BY expires_at LIMIT $2 FOR UPDATE SKIP LOCKED)
RETURNING brand_id, id
"""


async def sweep_reminders(limit: int) -> int:
    """Tells of cards that are nearly due, one event a brand: her own cards to a guide, the pool's to all of the store.

    A worker that comes too late puts reminders off to the morning. Gives back how many timers went off.
    """
    now = clock.now()
    async with db.tx():
        rows = await db.fetch(DUE_REMINDERS, now, limit)
        late = {row[0]: rules.waking(now, row[4]) for row in rows}
        ringing = [row for row in rows if late[row[0]] <= now]
        await db.execute("UPDATE task SET remind_at = NULL WHERE id = ANY($1)", [row[0] for row in ringing])
        quiet = [(row[0], late[row[0]]) for row in rows if late[row[0]] > now]
        if quiet:
            await db.execute_many("UPDATE task SET remind_at = $2 WHERE id = $1", quiet)
        for brand_id, staff in (await _who(ringing)).items():
            data = {"staff": {str(person): cards for person, cards in staff.items()}}
            await events.record(brand_id, "tasks.due", events.SYSTEM, ("task", None), data)
        return len(rows)


async def _who(rows: Sequence[Any]) -> dict[UUID, dict[UUID, list[UUID]]]:
    """Brand -> staff -> cards to be reminded of."""
    told: dict[UUID, dict[UUID, list[UUID]]] = defaultdict(lambda: defaultdict(list))
    crews: dict[UUID, list[UUID]] = {}
    for task_id, brand_id, store_id, assignee_id, _ in rows:
        if assignee_id is None and store_id not in crews:
            crews[store_id] = [person.id for person in await identity.staff_of_store(brand_id, store_id)]
        for person in crews[store_id] if assignee_id is None else [assignee_id]:
            told[brand_id][person].append(task_id)
    return told


async def sweep_expired(limit: int) -> int:
    """Cards whose time has passed leave the lists, one event a brand; how many."""
    async with db.tx():
        rows = await db.fetch(EXPIRE, clock.now(), limit)
        by_brand: dict[UUID, list[UUID]] = defaultdict(list)
        for brand_id, task_id in rows:
            by_brand[brand_id].append(task_id)
        for brand_id, ids in by_brand.items():
            await events.record(brand_id, "tasks.expired", events.SYSTEM, ("task", None), {"tasks": ids})
        return len(rows)
