"""What a change of people does to the archive: who leaves a store, or the brand, hands cards and customers over."""

from collections.abc import Sequence
from uuid import UUID

from shuke.domains.customers import service as customers
from shuke.domains.identity import queries as identity
from shuke.domains.identity import service as people
from shuke.domains.identity.types import Actor, Post
from shuke.domains.tasks import service as tasks
from shuke.kit import db, events


async def end(actor: Actor, staff_id: UUID, cards_to: UUID | None) -> UUID:
    """She leaves; her open cards and customers go to `cards_to` where that one works, else to the pools.

    Raises what `people.end_staff` raises.
    """
    async with db.tx():
        await people.end_staff(actor, staff_id, cards_to)
        cards = await tasks.hand_over(actor.brand_id, staff_id, cards_to)
        owned = await customers.hand_over(actor.brand_id, staff_id, cards_to)
        data = {"to": cards_to, "cards": cards, "customers": owned}
        await events.record(actor.brand_id, "staff.ended", actor.ref, ("staff", staff_id), data)
        return staff_id


async def set_roles(actor: Actor, staff_id: UUID, posts: Sequence[Post]) -> UUID:
    """Her roles from now on; in stores where she works no longer, her cards and customers go to the pool.

    Raises what `people.set_roles` raises.
    """
    async with db.tx():
        await people.set_roles(actor, staff_id, posts)
        stays = await identity.reached_by(actor.brand_id, staff_id)
        if stays is not None:
            await tasks.hand_over(actor.brand_id, staff_id, None, stays)
            await customers.hand_over(actor.brand_id, staff_id, None, stays)
        return staff_id
