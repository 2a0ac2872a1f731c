"""Begins the demo chain in an empty database, all or nothing; says who may sign in."""

import asyncio
from collections.abc import Callable
from dataclasses import asdict, dataclass

from shuke.app.demo.calendar import Calendar
from shuke.app.demo.groups import gather
from shuke.app.demo.history import remember
from shuke.app.demo.load import build, fill
from shuke.app.demo.people import BRAND, PASSWORD, REGIONS, SHOPS, STAFF, TIMEZONE, Employee
from shuke.app.demo.rehearsal import rehearse
from shuke.app.demo.tags import add_tags
from shuke.app.demo.twins import twin
from shuke.app.trouble import CannotRun
from shuke.domains.identity import queries
from shuke.domains.segments import service as segments
from shuke.kit import clock, db, events, zones

CUSTOMERS = 5000
SEEDED = "demo.seeded"
"""The event by which a demo brand is known."""

BESIDE_A_REAL_BRAND = (
    "There is a brand in this data folder already ({name}), and the demo chain never goes beside a real one: "
    "choose another folder with SHUKE_DATA."
)


@dataclass(slots=True, frozen=True)
class SignIn:
    """`store`: the name of her shop, of her region, or of the brand."""

    role: str
    name: str
    phone: str
    password: str
    store: str


def quietly(done: int) -> None:
    """Tells nobody."""


async def seed(customers: int = CUSTOMERS, brand: str = BRAND, tell: Callable[[int], None] = quietly) -> bool:
    """Fills an empty database; False where the demo chain stands already. Raises CannotRun beside a real brand."""
    async with db.tx():
        await db.lock("demo")
        if await _stands():
            return False
        today = zones.local_date(clock.now(), TIMEZONE)
        house = await build(brand)
        await fill(house, today, customers, tell)
        await rehearse(house, Calendar(today))
        await twin(house.brand_id)
        await remember(house.brand_id, today)
        await segments.refresh(await queries.system_actor(house.brand_id))
        await add_tags(house.office)
        while await segments.sweep_fills(customers):
            pass
        await gather(house.office)
        data = {"customers": customers, "today": today}
        await events.record(house.brand_id, SEEDED, events.SYSTEM, ("brand", house.brand_id), data)
    return True


async def _stands() -> bool:
    brands = await queries.brands()
    if not brands:
        return False
    known = "SELECT EXISTS (SELECT FROM event WHERE brand_id = ANY($1) AND kind = $2)"
    if not await db.fetch_value(known, [brand.id for brand in brands], SEEDED):
        raise CannotRun(BESIDE_A_REAL_BRAND.format(name=brands[0].name))
    return True


def sign_ins(brand: str = BRAND) -> list[dict[str, str]]:
    """One of each role; the guide is the one whose day is told in the documentation."""
    first = {employee.role: employee for employee in reversed(STAFF)}
    chosen = sorted(first.values(), key=STAFF.index)
    return [
        asdict(SignIn(employee.role.value, employee.name, employee.phone, PASSWORD, _place(employee, brand)))
        for employee in chosen
    ]


def _place(employee: Employee, brand: str) -> str:
    if employee.region is not None:
        return REGIONS[employee.region][0]
    return SHOPS[employee.shops[0]].name if employee.shops else brand


def seed_if_empty(database_url: str, tell: Callable[[int], None] = quietly) -> list[dict[str, str]]:
    """Seeds the demo chain unless it stands, from outside an event loop; gives its sign-ins. Raises CannotRun."""

    async def connected() -> None:
        await db.connect(database_url, 2)
        try:
            await seed(tell=tell)
        finally:
            await db.disconnect()

    asyncio.run(connected())
    return sign_ins()
