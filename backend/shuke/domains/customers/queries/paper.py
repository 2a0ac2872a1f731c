"""Photographed paper cards: the queue of a store, and the photo itself."""

from typing import Any
from uuid import UUID

from shuke.domains.customers.types.visits import PaperCard, PaperState
from shuke.domains.identity.service import allow
from shuke.domains.identity.types import Actor, Staff, Store
from shuke.kit import db

COLUMNS = """
p.id, p.state, p.created_at, p.closed_at, p.customer_id, s.id, s.name, s.code, r.name, s.timezone, st.id, st.name
"""
CARDS = f"""
SELECT {COLUMNS} FROM paper_card p JOIN store s ON s.id = p.store_id LEFT JOIN region r ON r.id = s.region_id
JOIN staff st ON st.id = p.staff_id WHERE p.brand_id = $1 AND ($2::uuid[] IS NULL OR p.store_id = ANY($2))
"""
WAITING = f"""{CARDS} AND p.state = 'waiting' AND ($3::uuid IS NULL OR p.store_id = $3)
AND ($4::uuid IS NULL OR p.id > $4) ORDER BY p.id LIMIT $5
"""
COUNT = """
SELECT count(*) FROM (SELECT FROM paper_card p WHERE p.brand_id = $1 AND p.state = 'waiting'
  AND ($2::uuid[] IS NULL OR p.store_id = ANY($2)) AND ($3::uuid IS NULL OR p.store_id = $3) LIMIT 1000) x
"""
PHOTO = """
SELECT media, photo FROM paper_card
WHERE brand_id = $1 AND id = $2 AND ($3::uuid[] IS NULL OR store_id = ANY($3))
"""


async def paper_cards(actor: Actor, store_id: UUID | None, first: int, after: UUID | None = None) -> list[PaperCard]:
    """What waits in the caller's stores, the oldest first: `first` and, when there are more, one further."""
    stores = allow(actor, "paperCards").all_stores
    rows = await db.fetch(WAITING, actor.brand_id, stores, store_id, after, first + 1)
    return [_card(row) for row in rows]


async def paper_waiting(actor: Actor, store_id: UUID | None) -> int:
    """How many wait, up to 1,000."""
    stores = allow(actor, "paperCards").all_stores
    return int(await db.fetch_value(COUNT, actor.brand_id, stores, store_id))


async def paper_card(actor: Actor, card_id: UUID) -> PaperCard | None:
    """One card of the caller's stores, whatever became of it."""
    stores = allow(actor, "paperCards").all_stores
    row = await db.fetch_row(f"{CARDS} AND p.id = $3", actor.brand_id, stores, card_id)
    return _card(row) if row else None


async def paper_photo(actor: Actor, card_id: UUID) -> tuple[str, bytes] | None:
    """Media type and bytes of a card's photo, for whoever may see the card."""
    row = await db.fetch_row(PHOTO, actor.brand_id, card_id, allow(actor, "paperCards").all_stores)
    return (row[0], row[1]) if row else None


def _card(row: Any) -> PaperCard:
    return PaperCard(row[0], PaperState(row[1]), row[2], row[3], row[4], Store(*row[5:10]), Staff(row[10], row[11]))
