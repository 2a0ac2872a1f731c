"""Reads: the queue of customers who may be one person, those of them that the caller may decide about."""

from typing import Any
from uuid import UUID

from shuke.domains.customers import queries as customers
from shuke.domains.identity.service import allow
from shuke.domains.identity.types import Actor
from shuke.domains.records.types.merging import Pair, PairState, Rule
from shuke.kit import codec, db

# $2: stores in both of which the caller must reach everybody (None: all); $3: the store of at least one of the two
QUEUE = """
SELECT {columns} FROM duplicate_pair p JOIN customer a ON a.id = p.a_id JOIN customer b ON b.id = p.b_id
WHERE p.brand_id = $1 AND a.merged_into_id IS NULL AND b.merged_into_id IS NULL
  AND ($2::uuid[] IS NULL OR (a.store_id = ANY($2) AND b.store_id = ANY($2)))
"""
COLUMNS = "p.id, p.a_id, p.b_id, p.reasons, p.score, p.state, p.created_at"
OPEN = "AND p.state = 'open' AND ($3::uuid IS NULL OR $3 IN (a.store_id, b.store_id))"


async def duplicate_pairs(
    actor: Actor, store_id: UUID | None, first: int, after: tuple[int, UUID] | None
) -> list[Pair]:
    """Open pairs of which both are within the caller's reach, the likeliest first: `first` and one more.

    `store_id`: one of the two has her home there. `after`: score and id of the last pair of the page before.
    """
    sql = f"{QUEUE.format(columns=COLUMNS)} {OPEN}"
    args: list[Any] = [actor.brand_id, allow(actor, "duplicatePairs").all_stores, store_id, first + 1]
    if after:
        sql, args = f"{sql} AND (p.score, p.id) < ($5, $6)", [*args, *after]
    return await _pairs(actor, await db.fetch(f"{sql} ORDER BY p.score DESC, p.id DESC LIMIT $4", *args))


async def duplicate_count(actor: Actor, store_id: UUID | None) -> int:
    """How many pairs wait for the caller."""
    sql = f"{QUEUE.format(columns='count(*)')} {OPEN}"
    count: int = await db.fetch_value(sql, actor.brand_id, allow(actor, "duplicatePairs").all_stores, store_id)
    return count


async def pair(actor: Actor, pair_id: UUID) -> Pair | None:
    """One pair, decided or not, of which both are within the caller's reach; locked within a transaction."""
    stores = allow(actor, "duplicatePairs").all_stores
    sql = f"{QUEUE.format(columns=COLUMNS)} AND p.id = $3 FOR UPDATE OF p"
    found = await _pairs(actor, await db.fetch(sql, actor.brand_id, stores, pair_id))
    return found[0] if found else None


async def _pairs(actor: Actor, rows: Any) -> list[Pair]:
    ids = list(dict.fromkeys(key for row in rows for key in row[1:3]))
    views = {view.id: view for view in await customers.customers_by_id(actor, ids) if view} if ids else {}
    return [
        Pair(
            row[0],
            views[row[1]],
            views[row[2]],
            codec.load(row[3], tuple[Rule, ...]),
            row[4],
            PairState(row[5]),
            row[6],
        )
        for row in rows
        if row[1] in views and row[2] in views
    ]
