"""What fills a reason changes while its card is open: of twins, one is not to be spoken of any more."""

from collections.abc import Mapping
from dataclasses import replace
from uuid import UUID

from shuke.domains.tasks.service.cards import LOCK_CARDS, OPEN_CARDS, card_row, save
from shuke.kit import db


async def rename_reasons(brand_id: UUID, params: Mapping[UUID, Mapping[UUID, Mapping[str, str]]]) -> None:
    """Gives reasons on open cards (customer -> reason -> what fills it) other words. Joins the caller's transaction."""
    if not params:
        return
    async with db.tx():
        await db.fetch(LOCK_CARDS, [str(key) for key in params])
        for found in await db.fetch(OPEN_CARDS, list(params)):
            row = card_row(found)
            said = params[row.customer_id]
            reasons = tuple(replace(one, params=said[one.id]) if one.id in said else one for one in row.reasons)
            if reasons != row.reasons:
                await save(row, row.card.standing, row.card.last, reasons)
