"""Use case: a merge is taken back. What was before stands again; what came after stays with the winner, and is told."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from shuke.domains.customers import service as customers
from shuke.domains.identity.service import allow
from shuke.domains.identity.types import Actor
from shuke.domains.journeys import service as journeys
from shuke.domains.orders import service as orders
from shuke.domains.records.queries.merging import SCHEMA
from shuke.domains.records.rules import merging as rules
from shuke.domains.records.service import merging, snapshots
from shuke.domains.records.types.merging import Snapshot, Undone
from shuke.domains.segments import service as segments
from shuke.kit import clock, codec, db, events
from shuke.kit.errors import ErrorCode, Refusal

FIND = "SELECT winner_id, loser_id FROM merge_record WHERE brand_id = $1 AND id = $2"
LOAD = """
SELECT m.snapshot, m.merged_at, m.undone_at IS NOT NULL, EXISTS (
  SELECT FROM merge_record later WHERE later.brand_id = m.brand_id AND later.id > m.id AND later.undone_at IS NULL
    AND (later.winner_id IN (m.winner_id, m.loser_id) OR later.loser_id IN (m.winner_id, m.loser_id)))
FROM merge_record m WHERE m.id = $1 FOR UPDATE OF m
"""
PLACES = "SELECT id, store_id, guide_id FROM customer WHERE id = ANY($1)"
BUYERS = """
SELECT x FROM unnest($1::uuid[]) x WHERE EXISTS (SELECT FROM customer_stats s WHERE s.id = x)
  OR EXISTS (SELECT FROM "order" o WHERE o.customer_id = x)
"""
DONE = "UPDATE merge_record SET undone_at = $2, undone_by_id = $3, stayed = $4, updated_at = $2 WHERE id = $1"
FORGET = "UPDATE merge_record SET snapshot = NULL WHERE snapshot IS NOT NULL AND merged_at < $1"


async def undo_merge(actor: Actor, merge_id: UUID) -> Undone:
    """Takes a merge back, in one transaction.

    Raises Refusal NOT_FOUND, FORBIDDEN (an archive out of reach), NOT_UNDOABLE (done already, longer ago than 30 days,
    or a later merge builds upon it).
    """
    reach = allow(actor, "undoMerge")
    async with db.tx():
        found = await db.fetch_row(FIND, actor.brand_id, merge_id)
        if found is None:
            raise Refusal(ErrorCode.NOT_FOUND, "mergeId")
        winner_id, loser_id = found
        ids = [winner_id, loser_id]
        await merging.hold(actor.brand_id, ids)
        places = await db.fetch(PLACES, ids)
        if not any(reach.covers(row[1], row[2]) for row in places):
            raise Refusal(ErrorCode.NOT_FOUND, "mergeId")
        if not all(reach.covers(row[1], row[2]) for row in places):
            raise Refusal(ErrorCode.FORBIDDEN, "mergeId")
        taken = await _undoable(merge_id)
        undone = await _take_back(actor, merge_id, winner_id, loser_id, taken)
        await db.execute(DONE, merge_id, clock.now(), actor.id, codec.dumps(undone.stayed))
        data = {"merge": merge_id, "loser": loser_id, "stayed": undone.stayed}
        await events.record(actor.brand_id, "customer.unmerged", actor.ref, ("customer", winner_id), data)
    return undone


async def forget_snapshots() -> int:
    """Strips merges that nobody can undo any more of what they kept; how many."""
    return await db.execute(FORGET, clock.now() - rules.UNDO_WITHIN)


async def _undoable(merge_id: UUID) -> Snapshot:
    row = await db.fetch_row(LOAD, merge_id)
    assert row
    snapshot, merged_at, undone, built_upon = row
    if undone:
        raise Refusal(ErrorCode.NOT_UNDOABLE, "mergeId", "merge_undone")
    if snapshot is None or clock.now() - merged_at > rules.UNDO_WITHIN:
        raise Refusal(ErrorCode.NOT_UNDOABLE, "mergeId", "merge_too_old")
    if built_upon:
        raise Refusal(ErrorCode.NOT_UNDOABLE, "mergeId", "merge_later")
    return codec.load(snapshot, Snapshot)


async def _take_back(actor: Actor, merge_id: UUID, winner_id: UUID, loser_id: UUID, taken: Snapshot) -> Undone:
    brand_id, ids = actor.brand_id, [winner_id, loser_id]
    since, cells = await snapshots.come_since(taken, winner_id), await segments.cells_held(ids)
    async with customers.ledger_open("merging"):
        kept = await snapshots.put_back(taken)
    fields = _changed(taken, winner_id)
    await customers.give_back(brand_id, ids, fields)
    await orders.follow_sales(brand_id, [UUID(row["id"]) for row in _orders(taken)])
    buyers = [row[0] for row in await db.fetch(BUYERS, ids)]
    if await orders.rebuild_stats(brand_id, buyers):  # something was bought, returned or corrected since
        await journeys.enrol(brand_id, ids, follow_ups=False)
    await segments.shift_counts(cells, await segments.cells_held(ids))
    if since or any(kept.values()):  # else all of this stands already as it did
        for key in ids:
            await customers.refresh_refusals(key)
        await customers.refresh_completeness(brand_id, ids)
    await customers.refresh_search(ids)
    stayed = rules.counted(rules.kind_of(table, row) for table, row in since)
    names = tuple(SCHEMA.get(name, name) for name in dict.fromkeys(kept.get("customer", ())))
    return Undone(merge_id, winner_id, loser_id, stayed, names)


def _changed(taken: Snapshot, winner_id: UUID) -> Sequence[str]:
    """The winner's columns that the merge had changed."""
    mine = [change for change in taken.changes if change.table == "customer" and change.key["id"] == str(winner_id)]
    return [name for change in mine for name in change.before or () if name != "updated_at"]


def _orders(taken: Snapshot) -> list[dict[str, Any]]:
    return [dict(change.key) for change in taken.changes if change.table == "order"]
