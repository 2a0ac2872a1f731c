"""Photos of paper cards: sent once, seen only by their store, gone when they have served."""

from datetime import timedelta

import pytest

from shuke.api.pagination import global_id
from shuke.domains.customers import queries, service
from shuke.domains.records.service import erase_customer
from shuke.kit import clock, db
from shuke.kit.errors import ErrorCode
from shuke.kit.ids import new_id
from tests.api.real import Browser, partner, serving, signed_in
from tests.api.test_customers_api import ask, send
from tests.factories import World, make_world
from tests.factories.customers import make_customer, refused
from tests.factories.visits import PNG, make_paper, pieces

KIND = {"content-type": "application/octet-stream"}
JPEG, WEBP = b"\xff\xd8\xff\xe0" + bytes(40), b"RIFF\x24\0\0\0WEBPVP8 " + bytes(30)
QUEUE = "{ paperCards { totalCount edges { node { id state photo staff { name } store { code } customer { id } } } } }"
FINISH = """
mutation ($input: FinishPaperCardInput!) { finishPaperCard(input: $input) {
  card { state customer { id } } userErrors { code field message } } }
"""
DISCARD = """
mutation ($input: DiscardPaperCardInput!) { discardPaperCard(input: $input) {
  card { state } userErrors { code field } } }
"""


@pytest.fixture
async def world(database: str) -> World:
    return await make_world()


async def test_a_photo_is_sent_once_and_shown_to_her_store_alone(world: World) -> None:
    async with serving() as app:
        guide, key = await signed_in(app, world, "guide"), new_id()
        for _ in range(2):
            sent = await guide.http.post("/paper-cards", content=JPEG, headers=KIND | {"x-card-id": str(key)})
            assert (sent.status_code, sent.json()) == (201, {"id": global_id("PaperCard", key)})
        assert await db.fetch_value("SELECT count(*) FROM paper_card") == 1
        (edge,) = (await ask(world.staff["colleague"], QUEUE))["edges"]
        path = edge["node"]["photo"]
        colleague, strangers = await signed_in(app, world, "colleague"), await signed_in(app, world, "stranger")
        shown = await colleague.http.get(path)
        assert (shown.status_code, shown.content, shown.headers["content-type"]) == (200, JPEG, "image/jpeg")
        assert shown.headers["cache-control"] == "private, no-store"
        assert shown.headers["x-content-type-options"] == "nosniff"
        abroad = await signed_in(app, await make_world("别家"), "admin")
        for who, status in (
            (strangers, 404),
            (abroad, 404),
            (Browser(app), 401),
            (await partner(app, world, "read"), 403),
        ):
            assert (await who.http.get(path)).status_code == status
        assert (await guide.http.get("/paper-cards/nothing/photo")).status_code == 404
        taken = await strangers.http.post("/paper-cards", content=JPEG, headers=KIND | {"x-card-id": str(key)})
        assert taken.json()["errors"][0]["extensions"]["code"] == "TAKEN"


async def test_only_our_own_page_sends_photos_and_only_photos(world: World) -> None:
    async with serving() as app:
        guide = await signed_in(app, world, "guide")
        fresh = {"x-card-id": str(new_id())}
        for headers, content, status in (
            ({"origin": "http://elsewhere.example"}, JPEG, 403),
            ({"content-type": "image/jpeg"}, JPEG, 415),
            ({"x-card-id": "1"}, JPEG, 404),
            ({}, b"<svg onload=alert(1)>", 400),
            ({}, b"GIF89a", 400),
            ({}, b"", 400),
            ({}, JPEG + bytes(service.MOST_BYTES), 413),
            ({"x-store-id": global_id("Store", world.stores[1])}, JPEG, 403),
        ):
            answer = await guide.http.post("/paper-cards", content=content, headers=KIND | fresh | headers)
            assert answer.status_code == status, (headers, answer.text)
        assert await db.fetch_value("SELECT count(*) FROM paper_card") == 0
        for content in (PNG, WEBP):
            sent = await guide.http.post("/paper-cards", content=content, headers=KIND | {"x-card-id": str(new_id())})
            assert sent.status_code == 201


async def test_a_card_is_typed_in_once_and_leaves_the_queue(world: World) -> None:
    card, customer = await make_paper(world), await make_customer(world)
    key, her = global_id("PaperCard", card), global_id("Customer", customer)
    assert (await ask(world.staff["guide"], QUEUE))["totalCount"] == 1
    assert (await ask(world.staff["stranger"], QUEUE))["totalCount"] == 0
    for who, code in (("stranger", "NOT_FOUND"), ("colleague", None), ("guide", "NOT_UNDOABLE")):
        done = await send(world.staff[who], FINISH, id=key, customerId=her)
        assert [error["code"] for error in done["userErrors"]] == ([code] if code else []), who
    assert (await ask(world.staff["guide"], QUEUE))["edges"] == []
    assert await db.fetch_value("SELECT state FROM paper_card") == "typed"


async def test_a_discarded_card_can_be_put_back(world: World) -> None:
    key = global_id("PaperCard", await make_paper(world))
    for keep, state in ((False, "DISCARDED"), (True, "WAITING")):
        done = await send(world.staff["guide"], DISCARD, id=key, keep=keep)
        assert done["card"] == {"state": state}
    again = await send(world.staff["guide"], DISCARD, id=key, keep=True)
    assert [error["code"] for error in again["userErrors"]] == ["NOT_UNDOABLE"]


async def test_photos_go_ninety_days_after_they_were_typed_in_or_with_their_customer(world: World) -> None:
    typed, discarded, waiting = [await make_paper(world) for _ in range(3)]
    customer, guide = await make_customer(world), world.staff["guide"]
    await service.finish_paper(guide, typed, customer)
    await service.discard_paper(guide, discarded, keep=False)
    now = clock.now()
    for days, left in ((6, 3), (8, 2), (89, 2), (91, 1)):
        with clock.pretended(now + timedelta(days=days)):
            await service.tidy_paper()
        assert await db.fetch_value("SELECT count(*) FROM paper_card") == left, days
    assert await queries.paper_photo(guide, waiting) is not None
    await service.finish_paper(guide, waiting, customer)
    await erase_customer(world.staff["hq"], customer, "周雨桐")
    assert await db.fetch_value("SELECT count(*) FROM paper_card") == 0


async def test_a_phone_sends_so_many_photos_an_hour_and_no_more(world: World) -> None:
    guide = world.staff["guide"]
    await db.execute(
        "INSERT INTO throttle (key, window_ends_at, count) VALUES ($1, $2, 200)",
        *(f"paper/{guide.id}", clock.now() + timedelta(minutes=5)),
    )
    many = await refused(service.receive_paper(guide, new_id(), None, pieces(PNG)))
    assert many.code is ErrorCode.TOO_MANY
