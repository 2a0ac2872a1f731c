"""Two customers become one: of two open cards one is left, with the reasons of both."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from shuke.domains.tasks.service.cards import LOCK_CARDS, OPEN_CARDS, card_row, join, save
from shuke.domains.tasks.types import NewReason, TaskState
from shuke.kit import db

RELINK = "UPDATE task SET customer_id = $1, version = version + 1, updated_at = $3 WHERE customer_id = $2"
# a card that comes along goes to her guide or pool where it came from another store; else it stays with whom it is
COME_ALONG = """
UPDATE task t SET store_id = c.store_id, moved_by = NULL, assignee_id = g.id
FROM customer c LEFT JOIN staff g ON g.id = c.guide_id AND g.left_at IS NULL
WHERE t.customer_id = $1 AND t.state = 'open' AND c.id = $1 AND t.store_id <> c.store_id
"""
JOINED = "UPDATE task SET joined_id = $2 WHERE id = $1 OR joined_id = $1"


async def hold_cards(customer_ids: Sequence[UUID]) -> None:
    """Until the transaction's end nobody else opens, joins or closes a card of these customers."""
    await db.fetch(LOCK_CARDS, [str(key) for key in customer_ids])


async def absorb(winner_id: UUID, loser_id: UUID, now: datetime) -> None:
    """The loser's cards become the winner's. Where both are open, hers takes the other's reasons, and whoever still
    has the other before her records on hers.

    Joins the caller's transaction, which holds both customers' cards.
    """
    found = {row[1]: card_row(row) for row in await db.fetch(OPEN_CARDS, [winner_id, loser_id])}
    hers, other = found.get(winner_id), found.get(loser_id)
    if hers and other:
        expires = other.card.standing.expires_at
        await join(hers, [NewReason(winner_id, reason, expires) for reason in other.reasons])
        gone = replace(other.card.standing, state=TaskState.EXPIRED, remind_at=None)
        await save(other, gone, other.card.last, other.reasons)
        await db.execute(JOINED, other.card.id, hers.card.id)
    await db.execute(RELINK, winner_id, loser_id, now)
    await db.execute(COME_ALONG, winner_id)
