"""A shop with people at work in it, for whom something is to be done."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

from starlette.types import ASGIApp

from shuke.api.pagination import global_id
from shuke.domains.identity.types import Role
from tests.api.operations_cases import Target
from tests.api.real import Browser, browser_of
from tests.factories import World, make_staff
from tests.factories.customers import make_customer
from tests.factories.tasks import make_card

Said = dict[str, Any]


@dataclass(slots=True)
class Shop:
    app: ASGIApp
    world: World
    target: Target
    guide: Browser
    office: Browser

    async def customer(self, guide: str = "guide") -> UUID:
        return await make_customer(self.world, guide, phone=f"137{uuid4().int % 10**8:08d}")

    async def card(self, guide: str = "guide") -> str:
        """An open one, due now."""
        return global_id("Task", await make_card(self.world, await self.customer(guide)))

    async def newcomer(self) -> tuple[str, Browser]:
        """A guide of the first store, known in `world.staff` by her name, and a device of hers."""
        name = f"newcomer {uuid4()}"
        self.world.staff[name], _ = await make_staff(self.world.brand_id, name, Role.GUIDE, self.world.stores[0])
        return name, await browser_of(self.app, self.world.staff[name])

    def member(self, who: str) -> str:
        key = self.world.staff[who].id
        assert key
        return global_id("StaffMember", key)
