"""The timeline: one small table that this room and those above append to, in the transaction of what happened."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from shuke.domains.customers.types import TimelineIn, TimelineKind
from shuke.kit import codec, db
from shuke.kit.ids import new_id

# the same id again says the same thing better: a contact that was amended, an order that was corrected
APPEND = """
INSERT INTO timeline_entry (id, brand_id, customer_id, kind, at, actor_id, data)
SELECT w.id, $1, w.customer_id, w.kind, w.at, w.actor_id, w.data
FROM unnest($2::uuid[], $3::uuid[], $4::text[], $5::timestamptz[], $6::uuid[], $7::jsonb[])
  AS w(id, customer_id, kind, at, actor_id, data)
ON CONFLICT (id) DO UPDATE SET kind = excluded.kind, at = excluded.at, actor_id = excluded.actor_id,
  data = excluded.data, customer_id = excluded.customer_id
WHERE timeline_entry.brand_id = excluded.brand_id
"""

ADD = f"{APPEND.partition('ON CONFLICT')[0]} ON CONFLICT (id) DO NOTHING RETURNING id"


async def append_timeline(
    brand_id: UUID,
    customer_id: UUID,
    kind: TimelineKind,
    at: datetime,
    actor_id: UUID | None,
    data: Mapping[str, Any],
    id: UUID | None = None,
) -> UUID:
    """Puts an entry down and gives its id; `data` as TimelineKind says. With the id of an entry: replaces it."""
    entry = TimelineIn(id or new_id(), customer_id, kind, at, actor_id, data)
    await append_timeline_many(brand_id, [entry])
    return entry.id


async def append_timeline_many(brand_id: UUID, entries: Sequence[TimelineIn]) -> None:
    """Puts entries down in one statement; no id may stand in it twice."""
    if not entries:
        return
    await db.execute(
        APPEND,
        brand_id,
        [entry.id for entry in entries],
        [entry.customer_id for entry in entries],
        [entry.kind.value for entry in entries],
        [entry.at for entry in entries],
        [entry.actor_id for entry in entries],
        [codec.dumps(entry.data) for entry in entries],
    )


async def append_new_timeline(brand_id: UUID, entries: Sequence[TimelineIn]) -> None:
    """The same for entries whose ids were made just now, in bulk: copied, at less than half the cost."""
    rows = [
        (entry.id, brand_id, entry.customer_id, entry.kind.value, entry.at, entry.actor_id, codec.dumps(entry.data))
        for entry in entries
    ]
    columns = ("id", "brand_id", "customer_id", "kind", "at", "actor_id", "data")
    async with db.raw() as connection:
        await connection.copy_records_to_table("timeline_entry", records=rows, columns=columns)


async def add_timeline(brand_id: UUID, entries: Sequence[TimelineIn]) -> set[UUID]:
    """Puts down those of the entries that are not there yet; their ids."""
    rows = {entry.id: entry for entry in entries}.values()
    if not rows:
        return set()
    found = await db.fetch(
        ADD,
        brand_id,
        [entry.id for entry in rows],
        [entry.customer_id for entry in rows],
        [entry.kind.value for entry in rows],
        [entry.at for entry in rows],
        [entry.actor_id for entry in rows],
        [codec.dumps(entry.data) for entry in rows],
    )
    return {row[0] for row in found}


async def remove_timeline(entry_id: UUID) -> None:
    """Takes an entry back, for an undo; one that is gone already is fine."""
    await db.execute("DELETE FROM timeline_entry WHERE id = $1", entry_id)
