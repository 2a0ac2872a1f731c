"""The card in a row, by its id, by its customer; how many somebody has."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

import msgspec

from shuke.domains.customers import queries as customers
from shuke.domains.identity.service import allow
from shuke.domains.identity.types import Actor, Reach, Staff, Store
from shuke.domains.tasks.types import Outcome, Reason, TaskState, TaskView
from shuke.kit import codec, db

COLUMNS = f"""
t.id, t.reasons, t.due_at, t.state, t.outcome, t.note, t.follow_up_at, t.attempts, t.closed_at, t.version,
t_store.id, t_store.name, t_store.code, t_region.name, t_store.timezone,
t_staff.id, t_staff.name, t_closer.id, t_closer.name, c.refusals, {customers.COLUMNS}
"""
WIDTH = 20 + customers.WIDTH
JOINS = f"""
JOIN store t_store ON t_store.id = t.store_id LEFT JOIN region t_region ON t_region.id = t_store.region_id
LEFT JOIN staff t_staff ON t_staff.id = t.assignee_id LEFT JOIN staff t_closer ON t_closer.id = t.closed_by_id
JOIN customer c ON c.id = t.customer_id {customers.JOINS}
"""
# of a card whose reasons another took when two customers became one, that
BY_IDS = f"""
SELECT {COLUMNS}, asked.id FROM task asked JOIN task t ON t.id = coalesce(asked.joined_id, asked.id) {JOINS}
WHERE asked.brand_id = $1 AND asked.id = ANY($2)
"""
OPEN_OF = f"""
SELECT {COLUMNS} FROM task t {JOINS} WHERE t.brand_id = $1 AND t.customer_id = ANY($2) AND t.state = 'open'
"""
OPEN_CARDS_OF = """
SELECT assignee_id, count(*) FROM task WHERE state = 'open' AND assignee_id = ANY($2) AND brand_id = $1
  AND ($3::uuid[] IS NULL OR store_id = ANY($3)) GROUP BY 1
"""
OPEN_REASONS = """
SELECT r ->> 'id', r -> 'params' FROM task t, jsonb_array_elements(t.reasons) r
WHERE t.brand_id = $1 AND t.customer_id = ANY($2) AND t.state = 'open'
"""

_reasons = msgspec.json.Decoder(tuple[Reason, ...])
_refusals = msgspec.json.Decoder(tuple[str, ...])


def from_row(row: Any) -> TaskView:
    """The card in WIDTH values, as COLUMNS has them."""
    return TaskView(
        row[0],
        customers.from_row(row[20:WIDTH]),
        Store(*row[10:15]),
        Staff(row[15], row[16]) if row[15] else None,
        _reasons.decode(row[1]),
        row[2],
        TaskState(row[3]),
        Outcome(row[4]) if row[4] else None,
        row[5],
        row[6],
        row[7],
        row[8],
        Staff(row[17], row[18]) if row[17] else None,
        row[9],
        _refusals.decode(row[19]),
    )


async def task(actor: Actor, task_id: UUID) -> TaskView | None:
    """The card; None when there is none within the caller's reach."""
    return (await tasks_by_id(actor, [task_id]))[0]


async def tasks_by_id(actor: Actor, ids: Iterable[UUID]) -> list[TaskView | None]:
    """A batch, in the order of `ids`."""
    reach, wanted = allow(actor, "task"), list(ids)
    rows = await db.fetch(BY_IDS, actor.brand_id, wanted)
    seen = {row[WIDTH]: view for row in rows if may_read(reach, view := from_row(row))}
    return [seen.get(key) for key in wanted]


async def open_tasks_of(actor: Actor, ids: Iterable[UUID]) -> list[TaskView | None]:
    """A batch by customer: the open card of each, in the order of `ids`."""
    reach, wanted = allow(actor, "task"), list(ids)
    rows = await db.fetch(OPEN_OF, actor.brand_id, wanted)
    seen = {view.customer.id: view for view in map(from_row, rows) if may_read(reach, view)}
    return [seen.get(key) for key in wanted]


async def open_reasons(brand_id: UUID, customer_ids: Iterable[UUID]) -> dict[UUID, dict[str, str]]:
    """For rooms above: the reasons on these customers' open cards, by id, with what fills them."""
    rows = await db.fetch(OPEN_REASONS, brand_id, list(customer_ids))
    return {UUID(row[0]): codec.loads(row[1]) for row in rows}


async def open_cards_of(actor: Actor, ids: list[UUID]) -> list[int]:
    """A batch by staff: how many open cards each has in the stores whose people the caller sees."""
    reach = allow(actor, "staffMember")
    found = {row[0]: row[1] for row in await db.fetch(OPEN_CARDS_OF, actor.brand_id, ids, reach.all_stores)}
    return [found.get(key, 0) for key in ids]


def may_read(reach: Reach, view: TaskView) -> bool:
    """A closed card stays with its store; it shows the customer only to who may open her now.

    With a customer who is shared goes her card.
    """
    assignee = view.assignee.id if view.assignee else None
    card = customers.within(reach, view.store.id, assignee, view.customer.shared_with)
    return card and customers.may_touch(reach, view.customer)
