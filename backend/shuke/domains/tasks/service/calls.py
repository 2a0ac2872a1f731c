"""Calling for a card: whether she may be called depends on what the card is about."""

from uuid import UUID

from shuke.domains.customers import service as customers
from shuke.domains.customers.types import RevealReason
from shuke.domains.customers.types.consents import ConsentPurpose
from shuke.domains.identity.types import Actor
from shuke.domains.tasks.service.cards import OPEN_CARDS, card_row
from shuke.kit import db


async def reveal_for_card(actor: Actor, customer_id: UUID) -> UUID | None:
    """Reveals her number for her open card, if she may be called about any of its reasons; her number's id.

    Raises what `customers.reveal_phone` raises.
    """
    async with db.tx():
        rows = [card_row(found) for found in await db.fetch(OPEN_CARDS, [customer_id])]
        purposes = {reason.purpose for row in rows for reason in row.reasons} or {ConsentPurpose.MARKETING.value}
        return await customers.reveal_phone(actor, customer_id, RevealReason.CARD, purposes=sorted(purposes))
