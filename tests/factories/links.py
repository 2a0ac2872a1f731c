"""Links to fill in, for tests."""

from typing import Any
from uuid import UUID

from shuke.domains.customers import service
from shuke.domains.customers.types.links import NewLink
from shuke.kit.ids import new_id
from tests.factories import World


async def make_link(world: World, customer: UUID | None = None, who: str = "guide", **said: Any) -> UUID:
    """A link of this customer, or (None) of the person's store; more in NewLink."""
    return await service.create_link(world.staff[who], NewLink(said.pop("id", None) or new_id(), customer, **said))
