"""Photographed paper cards: kept until somebody has typed them in, and no longer than that is of use."""

from collections.abc import AsyncIterator
from datetime import timedelta
from uuid import UUID

from shuke.domains.customers.service import checks
from shuke.domains.customers.types.visits import PaperState
from shuke.domains.identity.service import allow
from shuke.domains.identity.types import Actor
from shuke.kit import clock, db, events, throttle
from shuke.kit.errors import ErrorCode, Refusal

MOST_BYTES = 2 << 20
PHOTOS_AN_HOUR = 200
KEPT = {PaperState.TYPED: timedelta(days=90), PaperState.DISCARDED: timedelta(days=7)}
"""How long after it was closed a card stays, photo and all."""

WAITING, TYPED, DISCARDED = (state.value for state in PaperState)
ADD = """
INSERT INTO paper_card (id, brand_id, store_id, staff_id, state, media, photo, created_at)
VALUES ($1, $2, $3, $4, 'waiting', $5, $6, $7) ON CONFLICT (id) DO NOTHING
"""
LOCKED = "SELECT store_id, state FROM paper_card WHERE brand_id = $1 AND id = $2 FOR UPDATE"
CLOSE = """
UPDATE paper_card SET state = $2, customer_id = $3, closed_at = $4, closed_by = $5, updated_at = $6 WHERE id = $1
"""
SWEEP = "DELETE FROM paper_card WHERE state = $1 AND closed_at < $2"


def media_type(head: bytes) -> str | None:
    """Of a photo, by how its file begins; None: it is none that every browser shows."""
    if head.startswith(b"\xff\xd8\xff"):
        return "image/jpeg"
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return "image/png"
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return "image/webp"
    return None


async def receive_paper(actor: Actor, card_id: UUID, store_id: UUID | None, pieces: AsyncIterator[bytes]) -> UUID:
    """Keeps the photo of a paper card for one of the caller's stores; the same id again is the same card.

    Raises Refusal FORBIDDEN, NOT_FOUND (the store), TOO_MANY, TAKEN (the id), or INVALID for what is no photo or
    larger than 2 MiB.
    """
    reach = allow(actor, "paperCards")
    await throttle.hit(f"paper/{actor.id}", PHOTOS_AN_HOUR, timedelta(hours=1), "uploads_many")
    photo = bytearray()
    async for piece in pieces:
        photo += piece
        if len(photo) > MOST_BYTES:
            raise Refusal(ErrorCode.INVALID, reason="photo_large", most=MOST_BYTES >> 20)
    media = media_type(bytes(photo[:12]))
    if media is None:
        raise Refusal(ErrorCode.INVALID, reason="photo_kind")
    async with db.tx():
        store = await checks.store_for(actor, reach, store_id)
        made = await db.execute(ADD, card_id, actor.brand_id, store, actor.id, media, bytes(photo), clock.now())
        if made:
            await events.record(actor.brand_id, "paper.received", actor.ref, ("paper_card", card_id))
        elif (found := await db.fetch_row(LOCKED, actor.brand_id, card_id)) is None or found[0] != store:
            raise Refusal(ErrorCode.TAKEN, reason="id_taken")
    return card_id


async def finish_paper(actor: Actor, card_id: UUID, customer_id: UUID) -> UUID:
    """The card is typed in: it is hers. Raises Refusal NOT_FOUND (card, customer), FORBIDDEN, NOT_UNDOABLE (closed)."""
    async with db.tx():
        await _waiting(actor, "finishPaperCard", card_id)
        customer = await checks.reachable(actor, allow(actor, "customer"), customer_id, "customerId")
        await _close(actor, card_id, TYPED, customer.id)
    return card_id


async def discard_paper(actor: Actor, card_id: UUID, keep: bool) -> UUID:
    """Takes an unreadable or needless card out of the queue; `keep`: puts a discarded one back.

    Raises Refusal NOT_FOUND or NOT_UNDOABLE (typed in, or not discarded).
    """
    async with db.tx():
        await _waiting(actor, "discardPaperCard", card_id, DISCARDED if keep else WAITING)
        await _close(actor, card_id, WAITING if keep else DISCARDED)
    return card_id


async def _waiting(actor: Actor, operation: str, card_id: UUID, state: str = WAITING) -> None:
    reach = allow(actor, operation)
    row = await db.fetch_row(LOCKED, actor.brand_id, card_id)
    if row is None or not reach.covers(row[0], None):
        raise Refusal(ErrorCode.NOT_FOUND, "id")
    if row[1] != state:
        raise Refusal(ErrorCode.NOT_UNDOABLE, "id", "paper_closed")


async def _close(actor: Actor, card_id: UUID, state: str, customer_id: UUID | None = None) -> None:
    now = clock.now()
    closed = (None, None) if state == WAITING else (now, actor.id)
    await db.execute(CLOSE, card_id, state, customer_id, *closed, now)
    data = {"state": state} | ({"customer": customer_id} if customer_id else {})
    await events.record(actor.brand_id, "paper.closed", actor.ref, ("paper_card", card_id), data)


async def tidy_paper() -> int:
    """Deletes photos that have served: 90 days after they were typed in, a week after they were discarded; how many."""
    now = clock.now()
    return sum([await db.execute(SWEEP, state.value, now - days) for state, days in KEPT.items()])
