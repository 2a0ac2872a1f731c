"""Links by which nothing came in go forty days after their end; what somebody said by one stays, and who came by it."""

from datetime import timedelta
from uuid import UUID, uuid4

from shuke.app.worker import tidy
from shuke.domains.customers import queries, service
from shuke.domains.customers.types.consents import ConsentPurpose
from shuke.domains.customers.types.links import Filled
from shuke.domains.identity.types import Locale
from shuke.domains.records import service as records
from shuke.kit import clock, db
from shuke.kit.ids import new_id
from tests.factories import World, make_world
from tests.factories.customers import make_customer, next_phone
from tests.factories.links import make_link
from tests.factories.merging import merge

END = timedelta(days=7)  # of a customer's link
GONE = timedelta(days=41)


async def fill(
    link: UUID, *, done: bool = False, texts: dict[str, str] | None = None, consent: UUID | None = None
) -> None:
    consents = {ConsentPurpose.MARKETING: (True, consent)} if consent else {}
    said = Filled(Locale.ZH_CN, texts or {}, consents=consents, nonce=uuid4(), done=done)
    assert not (await service.fill_in(await service.link_token(link), said, "10.0.0.7")).mistakes


async def left() -> set[UUID]:
    return {row[0] for row in await db.fetch("SELECT id FROM customer_link")}


async def hers(world: World, days: int = 7) -> UUID:
    return await make_link(world, await make_customer(world, phone=next_phone()), days=days)


async def test_only_what_ended_long_ago_and_brought_nothing_is_forgotten(database: str) -> None:
    world = await make_world()
    _, revoked, long = await hers(world), await hers(world), await hers(world, 30)
    receipt = await make_link(world, await make_customer(world), order_id=new_id(), days=1)
    answered, finished, agreed, kept = [await hers(world) for _ in range(4)]
    await service.revoke_link(world.staff["guide"], revoked)
    await fill(answered, texts={"gender": "female"})
    await fill(finished, done=True)
    text = next(one for one in await queries.texts_of(world.brand_id) if one.purpose is ConsentPurpose.MARKETING)
    await fill(agreed, consent=text.id)
    await fill(kept, texts={"phone": next_phone()})  # she has another: it waits, and is left as it is
    await service.settle_answers(world.staff["guide"], kept, ())
    before = await left()
    with clock.pretended(clock.now() + END + GONE - timedelta(days=2)):
        assert await service.tidy_links() == 1  # the receipt's, which was for a day
        assert await left() == before - {receipt}
    with clock.pretended(clock.now() + END + GONE):
        await tidy()
        assert await left() == {long, answered, finished, agreed, kept}
        assert await service.tidy_links() == 0
    assert await db.fetch_value("SELECT count(*) FROM consent_entry") == 1


async def test_a_stores_code_stays_as_long_as_somebody_who_came_by_it(database: str) -> None:
    world = await make_world()
    scanned, idle, begun = [await make_link(world, days=1) for _ in range(3)]
    await fill(scanned, texts={"name": "周雨桐", "phone": next_phone()}, done=True)
    await fill(begun, texts={"phone": next_phone()})
    empty = "UPDATE customer_link SET said = '{}', used_at = NULL WHERE parent_id = $1"
    await db.execute(empty, begun)  # what was said by it was taken over and forgotten
    await db.execute("DELETE FROM customer_link WHERE id = $1", idle)
    with clock.pretended(clock.now() + GONE + timedelta(days=1)):
        assert await service.tidy_links() == 2  # whoever began nothing, then the code itself
    assert await db.fetch_value("SELECT count(*) FROM customer_link WHERE parent_id = $1", scanned) == 1
    assert scanned in await left() and begun not in await left()


async def test_thousands_go_piece_by_piece_and_a_merge_is_undone_without_them(database: str) -> None:
    world = await make_world()
    winner, loser = await make_customer(world, name="周雨桐"), await make_customer(world, name="周雨彤")
    with clock.pretended(clock.now() - END - GONE):
        for _ in range(3):
            await make_link(world, loser)
    done = await merge(world, winner, loser)
    assert await service.tidy_links(1) == 3
    await records.undo_merge(world.staff["hq"], done)
    assert await left() == set()
