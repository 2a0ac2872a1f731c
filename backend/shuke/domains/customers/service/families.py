"""Building block for the rooms above: many children at once, set-based."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from shuke.domains.customers.types import Gender
from shuke.kit import clock, db, events

ADD = """
INSERT INTO dependant (id, brand_id, customer_id, name, gender, born_on, due_on, since)
SELECT w.id, $1, w.customer_id, w.name, w.gender, w.born_on, w.due_on, $8
FROM unnest($2::uuid[], $3::uuid[], $4::text[], $5::date[], $6::date[], $7::text[])
  AS w(id, customer_id, name, born_on, due_on, gender)
WHERE NOT EXISTS (SELECT FROM dependant d WHERE d.customer_id = w.customer_id AND d.removed_at IS NULL
  AND d.born_on IS NOT DISTINCT FROM w.born_on AND d.due_on IS NOT DISTINCT FROM w.due_on
  AND (d.name IS NULL OR w.name IS NULL OR d.name = w.name))
ON CONFLICT (id) DO NOTHING RETURNING id, customer_id
"""


@dataclass(slots=True, frozen=True)
class ChildRow:
    """A child as a file knows it; the id is the caller's, so that a repeat lands on the same."""

    id: UUID
    customer_id: UUID
    name: str | None
    gender: Gender
    born_on: date | None
    due_on: date | None


async def add_children(brand_id: UUID, rows: Sequence[ChildRow]) -> set[UUID]:
    """Enters those of the children that are not on file: of the same mother, day and (where both say one) name.

    Days that have been are not announced. Joins the caller's transaction, with one event for all; the ids of those
    that were entered.
    """
    if not rows:
        return set()
    columns = [[getattr(row, name) for row in rows] for name in ("id", "customer_id", "name", "born_on", "due_on")]
    genders = [row.gender.value for row in rows]
    entered = await db.fetch(ADD, brand_id, *columns, genders, clock.now())
    if entered:
        data = {"customers": sorted({row[1] for row in entered})}
        await events.record(brand_id, "dependants.imported", events.SYSTEM, ("brand", brand_id), data)
    return {row[0] for row in entered}
