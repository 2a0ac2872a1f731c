"""Two tags become one, and what becomes of tags when customers are merged or erased."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from shuke.domains.identity.service import allow
from shuke.domains.identity.types import Actor
from shuke.domains.segments import queries
from shuke.domains.segments.rules import mentioned, renamed
from shuke.domains.segments.service.definitions import KEEP
from shuke.domains.segments.service.tags import hold_tags, refill_asking
from shuke.domains.segments.types.tags import TagKind
from shuke.kit import clock, codec, db, events
from shuke.kit.errors import ErrorCode, Refusal
from shuke.kit.ids import new_id
from shuke.kit.rules import dump

HOLD = """
SELECT id FROM customer WHERE id IN (SELECT customer_id FROM customer_tag WHERE tag_id = $1 AND removed_at IS NULL)
ORDER BY id FOR NO KEY UPDATE
"""
# whoever has another tag of the winner's exclusive group keeps that one: it was said of her there
TAKE_OVER = """
INSERT INTO customer_tag (id, brand_id, tag_id, customer_id, staff_id, batch_id, set_how, set_at, created_at,
  updated_at)
SELECT gen_random_uuid(), x.brand_id, $2, x.customer_id, x.staff_id, x.batch_id, x.set_how, x.set_at, $3, $3
FROM customer_tag x WHERE x.tag_id = $1 AND x.removed_at IS NULL
  AND NOT EXISTS (SELECT FROM customer_tag o JOIN tag t ON t.id = o.tag_id AND t.archived_at IS NULL
    JOIN tag_group g ON g.id = t.group_id AND g.exclusive
    WHERE o.customer_id = x.customer_id AND o.removed_at IS NULL AND o.tag_id <> $1
      AND t.group_id = (SELECT group_id FROM tag WHERE id = $2))
ON CONFLICT (tag_id, customer_id) WHERE removed_at IS NULL DO NOTHING
"""
CLOSE = """
UPDATE customer_tag SET removed_at = $2, removed_how = 'merged', removed_by = $3, updated_at = $2
WHERE tag_id = $1 AND removed_at IS NULL
"""
LOSE = """
UPDATE tag SET merged_into_id = $2, archived_at = coalesce(archived_at, $3), version = version + 1, updated_at = $3
WHERE brand_id = $1 AND (id = $4 OR merged_into_id = $4)
"""
REWRITE = """
UPDATE segment SET tree = $2, version = version + 1, updated_at = $3, filling = filling + 1, filled_to = NULL,
  filled_at = NULL WHERE id = $1 RETURNING version
"""
# of two customers who become one: what both have counts once, the winner's; of an exclusive group hers stays
GIVE_WAY = """
UPDATE customer_tag x SET removed_at = $3, removed_how = 'merged', updated_at = $3
FROM tag t JOIN tag_group g ON g.id = t.group_id
WHERE t.id = x.tag_id AND x.customer_id = $2 AND x.removed_at IS NULL
  AND EXISTS (SELECT FROM customer_tag h JOIN tag ht ON ht.id = h.tag_id
    WHERE h.customer_id = $1 AND h.removed_at IS NULL
      AND (h.tag_id = x.tag_id OR (g.exclusive AND ht.group_id = t.group_id AND ht.archived_at IS NULL)))
"""
RELINK = "UPDATE customer_tag SET customer_id = $1, updated_at = $3 WHERE customer_id = $2"


async def merge_tags(actor: Actor, winner_id: UUID, loser_id: UUID) -> UUID:
    """Whoever has the one has the other from now on, as set by whom and when it was; rules that asked for the one ask
    for the other. Who has another tag of the winner's exclusive group keeps that. Both must be set by hand.

    Raises Refusal NOT_FOUND; INVALID (the same twice, a tag that is not set by hand).
    """
    allow(actor, "mergeTags")
    async with db.tx():
        await db.lock("segment definitions", actor.brand_id)
        await hold_tags(actor.brand_id)
        if winner_id == loser_id:
            raise Refusal(ErrorCode.INVALID, "loserId", "tag_same")
        for key, name in ((winner_id, "winnerId"), (loser_id, "loserId")):
            found = await queries.tag(actor, key)
            if found is None or found.archived_at:
                raise Refusal(ErrorCode.NOT_FOUND, name)
            if found.kind is not TagKind.STATIC:
                raise Refusal(ErrorCode.INVALID, name, f"tag_is_{found.kind.value}")
        now = clock.now()
        await db.fetch(HOLD, loser_id)
        moved = await db.execute(TAKE_OVER, loser_id, winner_id, now)
        closed = await db.execute(CLOSE, loser_id, now, actor.id)
        await _rules_follow(actor, loser_id, winner_id, now)
        await db.execute(LOSE, actor.brand_id, winner_id, now, loser_id)
        await refill_asking(actor.brand_id, winner_id)
        data = {"loser_tag": loser_id, "moved": moved, "closed": closed}
        await events.record(actor.brand_id, "tag.merged", actor.ref, ("tag", winner_id), data)
    return winner_id


async def _rules_follow(actor: Actor, loser_id: UUID, winner_id: UUID, now: datetime) -> None:
    known = await queries.catalogue(actor.brand_id)
    for one in await queries.trees(actor.brand_id, known):
        if loser_id in mentioned(one.tree):
            tree = codec.dumps(dump(renamed(one.tree, loser_id, winner_id)))
            version = await db.fetch_value(REWRITE, one.id, tree, now)
            await db.execute(KEEP, new_id(), actor.brand_id, one.id, actor.id, version, tree, now)


async def absorb_tags(winner_id: UUID, loser_id: UUID, now: datetime) -> None:
    """Of two customers who become one: the winner has the tags of both, of an exclusive group her own, and all that
    they once had. Joins the caller's transaction, which holds both.
    """
    await db.execute(GIVE_WAY, winner_id, loser_id, now)
    await db.execute(RELINK, winner_id, loser_id, now)


async def forget_tags(customer_ids: Sequence[UUID]) -> None:
    """Somebody is erased: nothing is kept of what was said of her. Joins the caller's transaction."""
    await db.execute("DELETE FROM customer_tag WHERE customer_id = ANY($1)", list(customer_ids))
