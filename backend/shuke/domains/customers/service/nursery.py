"""A building block for the rooms above: many children at once."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from shuke.domains.customers.types.dependants import NewDependant
from shuke.kit import db

ENTER = """
INSERT INTO dependant (id, brand_id, customer_id, name, gender, born_on, due_on, since)
SELECT x.id, $1, x.customer, x.name, x.gender, x.born, x.due, $2
FROM unnest($3::uuid[], $4::uuid[], $5::text[], $6::text[], $7::date[], $8::date[])
  AS x (id, customer, name, gender, born, due)
ON CONFLICT (id) DO NOTHING
"""


async def enter_children(brand_id: UUID, children: Sequence[NewDependant], since: datetime) -> int:
    """Enters children whose dates are known to be right; how many are new. Milestones of days before `since` are not
    announced, and timers are not set: `journeys.follow_all_children` does that. Joins the caller's transaction.
    """
    rows = [(one.id, one.customer_id, one.name, one.gender, one.born_on, one.due_on) for one in children]
    columns = [list(column) for column in zip(*rows, strict=True)] if rows else [[] for _ in range(6)]
    return await db.execute(ENTER, brand_id, since, *columns)
