"""Two archives of one person, merges of them, and every table as it stands."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from shuke.domains.records import service
from shuke.domains.records.types.merging import Side
from shuke.kit import codec, db
from tests.factories import World

BOOKKEEPING = frozenset({"event", "event_delivery", "merge_record", "operation", "rfm_touched", "tortoise_migrations"})
"""Tables that tell what was done, not what is: a merge and its undo both stand there for ever."""

GOES_ON = {"customer": ("version", "field_versions"), "task": ("version",)}
"""Columns that count on, so that a phone which read the merged card is told that it has changed."""

TABLES = "SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1"


async def everything() -> dict[str, list[str]]:
    """Every row of every table, as JSON, but for bookkeeping."""
    found = {}
    for (table,) in await db.fetch(TABLES):
        if table in BOOKKEEPING:
            continue
        left_out = "".join(f" - '{name}'" for name in GOES_ON.get(table, ()))
        rows = await db.fetch(f'SELECT (to_jsonb(t){left_out})::text FROM "{table}" t')
        found[table] = sorted(row[0] for row in rows)
    return found


async def merge(world: World, winner: UUID, loser: UUID, who: str = "hq", **picks: Side) -> UUID:
    """Merges them as they stand; the merge's id."""
    return await service.merge_customers(world.staff[who], winner, loser, picks, await versions(winner, loser))


async def versions(winner: UUID, loser: UUID) -> tuple[int, int]:
    rows = await db.fetch("SELECT id, version FROM customer WHERE id = ANY($1)", [winner, loser])
    found = {row[0]: row[1] for row in rows}
    return found[winner], found[loser]


async def known_by(customer: UUID) -> dict[str, int]:
    """Table.column -> rows that know the customer by it."""
    from shuke.domains.records.rules.parts import PARTS

    counts = {}
    for part in PARTS:
        sql = f'SELECT count(*) FROM "{part.table}" WHERE "{part.column}" = $1'
        counts[f"{part.table}.{part.column}"] = await db.fetch_value(sql, customer)
    return {name: count for name, count in counts.items() if count}


def told(tallies: Any) -> Mapping[str, int]:
    return {tally.kind: tally.count for tally in tallies}


async def row_of(table: str, key: UUID) -> dict[str, Any]:
    text = await db.fetch_value(f'SELECT to_jsonb(t)::text FROM "{table}" t WHERE id = $1', key)
    return dict(codec.loads(text))
