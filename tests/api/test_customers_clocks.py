"""Times in sentences: by the clock of the store that they are about."""

from shuke.api.pagination import global_id
from shuke.domains.customers import service
from shuke.domains.customers.types import TimelineKind
from shuke.domains.identity import service as identity
from shuke.domains.identity.types import Role
from shuke.kit import clock
from tests.api.test_customers_api import ask
from tests.factories import make_staff, make_world
from tests.factories.customers import make_customer

TIMELINE = "query ($id: ID!) { customer(id: $id) { timeline(first: 1) { edges { node { detail } } } } }"


async def test_a_booked_visit_is_told_by_the_stores_clock_whoever_asks(database: str) -> None:
    world = await make_world()
    store = await identity.create_store(world.brand_id, "L1", "伦敦店", "Europe/London")
    world.staff["londoner"], _ = await make_staff(world.brand_id, "londoner", Role.GUIDE, store)
    key = await make_customer(world, "londoner")
    call = {"outcome": "visit_booked", "followUpAt": "2026-11-25T20:30:00Z"}
    await service.append_timeline(world.brand_id, key, TimelineKind.CONTACT, clock.now(), None, call)
    for who in ("londoner", "hq"):
        page = await ask(world.staff[who], TIMELINE, id=global_id("Customer", key))
        assert page["timeline"]["edges"][0]["node"]["detail"] == "2026年11月25日 20:30", who
