"""Links to fill in as the API makes and shows them, to owner, colleague, stranger, partner and nobody."""

from typing import Any
from uuid import uuid4

import pytest
from starlette.requests import Request

from shuke.api.context import Context
from shuke.api.pagination import global_id
from shuke.api.schema import schema
from shuke.app.wiring import WIRING
from shuke.domains.customers import queries, service
from shuke.domains.customers.rules import links as rules
from shuke.domains.customers.types.links import Filled
from shuke.domains.identity.types import Actor, Locale
from shuke.kit import db
from shuke.kit.errors import Refusal
from shuke.kit.events import Dispatcher
from tests.api.real import serving, signed_in
from tests.api.test_customers_api import ask, send
from tests.factories import World, make_world
from tests.factories.customers import make_customer, next_phone
from tests.factories.links import make_link
from tests.factories.orders import ingest, sale
from tests.integration.test_leads import partner

LINK = """id url qr open singleUse orderId unsure expiresAt usedAt revokedAt asks offers store { code } staff { name }
  customer { id } answers { name label state text }"""
CREATE = f"""mutation ($input: CreateCustomerLinkInput!) {{ createCustomerLink(input: $input) {{
  link {{ {LINK} }} userErrors {{ code field message }} }} }}"""
REVOKE = """mutation ($input: RevokeCustomerLinkInput!) { revokeCustomerLink(input: $input) {
  link { open revokedAt } userErrors { code field } } }"""
SETTLE = """mutation ($input: SettleLinkAnswersInput!) { settleLinkAnswers(input: $input) {
  customer { name phone } link { answers { name state text } } existing { id name phone }
  userErrors { code field message } } }"""
LINKS = f"query ($id: ID!) {{ customerLinks(customerId: $id) {{ {LINK} }} }}"
OF_STORE = f"query ($id: ID!) {{ customerLinks(storeId: $id) {{ {LINK} }} }}"
INBOX = "{ inbox { edges { node { kind title body url } } } }"
OFFERS = "{ linkOffers { version offers { key label zh en } } }"
SAVE = """mutation ($input: SaveLinkOffersInput!) { saveLinkOffers(input: $input) {
  offers { version offers { key zh en } fields { key asked } } userErrors { code field } } }"""


@pytest.fixture
async def world(database: str) -> World:
    return await make_world()


async def fill(link: Any, **texts: str) -> None:
    token = await service.link_token(link)
    assert not (await service.fill_in(token, Filled(Locale.ZH_CN, texts), "10.0.0.7")).mistakes


async def test_the_same_operation_is_the_same_link_and_its_code_is_an_image(world: World) -> None:
    customer = global_id("Customer", await make_customer(world))
    async with serving() as app:
        guide, operation = await signed_in(app, world, "guide"), str(uuid4())
        made = [
            await guide.do("createCustomerLink", f"link {{ {LINK} }}", operationId=operation, customerId=customer)
            for _ in range(2)
        ]
    assert made[0] == made[1] and made[0]["userErrors"] == []
    link = made[0]["link"]
    assert link["url"].startswith("http://shop.example/c/") and len(link["url"].rpartition("/")[2]) == 22
    assert link["qr"].startswith('<svg xmlns="http://www.w3.org/2000/svg" viewBox=') and "<script" not in link["qr"]
    assert link["open"] and not link["singleUse"] and link["customer"]["id"] == customer
    assert len(link["asks"][:5]) == 5 and link["asks"][0] == "Name" and "Phone" in link["asks"][1]
    kept = await db.fetch_row("SELECT token_hash, id FROM customer_link")
    assert kept and len(kept[0]) == 32
    stored = await db.fetch_value("SELECT answer FROM operation WHERE id = $1", operation)
    assert link["url"].rpartition("/")[2] not in str(stored)


async def test_a_receipts_link_is_for_its_customer_and_for_one_use(world: World) -> None:
    phone = next_phone()
    customer = await make_customer(world, phone=phone)
    await ingest(world, sale("1", phone=phone), sale("2", 5000, 1))
    rows = {row[1]: row[0] for row in await db.fetch('SELECT id, receipt_no FROM "order"')}
    guide = world.staff["guide"]
    hers = await send(guide, CREATE, orderId=global_id("Order", rows["1"]))
    assert hers["link"]["singleUse"] and hers["link"]["customer"]["id"] == global_id("Customer", customer)
    nobodys = await send(guide, CREATE, orderId=global_id("Order", rows["2"]))
    assert nobodys["link"]["customer"] is None and nobodys["link"]["store"]["code"] == "S1"
    assert (hers["link"]["orderId"], nobodys["link"]["orderId"]) == tuple(global_id("Order", rows[n]) for n in "12")
    refused = await send(world.staff["stranger"], CREATE, orderId=global_id("Order", rows["1"]))
    assert [error["code"] for error in refused["userErrors"]] == ["NOT_FOUND"]


async def test_a_receipts_link_is_whose_the_receipt_says_and_anybodys_who_may_open_her(world: World) -> None:
    phone, other = next_phone(), await make_customer(world)
    customer = await make_customer(world, "stranger", phone=phone)
    await ingest(world, sale("1", phone=phone))  # in the guide's store, though she is at home elsewhere
    order = global_id("Order", await db.fetch_value('SELECT id FROM "order"'))
    hers = await send(world.staff["stranger"], CREATE, orderId=order, customerId=global_id("Customer", other))
    assert hers["link"]["customer"]["id"] == global_id("Customer", customer)
    refused = await send(world.staff["guide"], CREATE, orderId=order)
    assert [error["code"] for error in refused["userErrors"]] == ["NOT_FOUND"]


async def test_a_receipt_that_names_nobody_is_over_once_somebody_has_finished(world: World) -> None:
    await ingest(world, sale("1", 5000, 1))
    order = global_id("Order", await db.fetch_value('SELECT id FROM "order"'))
    made, sent = await send(world.staff["guide"], CREATE, orderId=order), {"phone": next_phone(), "name": "林女士"}
    token = made["link"]["url"].rpartition("/")[2]
    own = (await service.fill_in(token, Filled(Locale.ZH_CN, sent, nonce=uuid4()), "10.0.0.7")).token
    assert own != token and (await service.open_link(token, "10.0.0.7")).general
    await service.fill_in(own, Filled(Locale.ZH_CN, done=True), "10.0.0.7")
    with pytest.raises(Refusal) as refusal:
        await service.open_link(token, "10.0.0.8")
    assert refusal.value.reason == "link_used"


async def test_what_waits_is_taken_or_left_by_a_colleague(world: World) -> None:
    elsewhere = next_phone()
    await make_customer(world, "stranger", phone=elsewhere, name="程女士")
    customer, guide = await make_customer(world, name="周雨桐", alias=None), world.staff["guide"]
    link = await make_link(world, customer)
    await fill(link, name="周小桐", phone=elsewhere, gender="female")
    key, her = global_id("CustomerLink", link), global_id("Customer", customer)
    (shown,) = await ask(guide, LINKS, id=her)
    texts = {one["name"]: (one["label"], one["state"], one["text"]) for one in shown["answers"]}
    assert texts["name"] == ("姓名", "WAITING", "周小桐") and texts["gender"] == ("性别", "TAKEN", None)
    assert texts["phone"][1] == "WAITING" and elsewhere not in str(shown) and elsewhere[-4:] in texts["phone"][2]
    refused = await send(guide, SETTLE, id=key, take=["phone"])
    assert [error["code"] for error in refused["userErrors"]] == ["TAKEN_ELSEWHERE"]
    assert refused["existing"] == {"id": None, "name": "程••", "phone": texts["phone"][2]}
    assert [error["code"] for error in (await send(guide, SETTLE, id=key, take=["level"]))["userErrors"]] == [
        "NOT_FOUND"
    ]
    done = await send(guide, SETTLE, id=key, take=["name"])
    assert done["userErrors"] == [] and done["customer"]["name"] == "周小桐"
    states = {one["name"]: one["state"] for one in done["link"]["answers"]}
    assert states == {"name": "TAKEN", "phone": "KEPT", "gender": "TAKEN"}
    assert "周小桐" not in await db.fetch_value("SELECT said::text FROM customer_link WHERE id = $1", link)


async def test_the_message_that_something_waits_names_nobody(world: World) -> None:
    customer, guide = await make_customer(world, name="周雨桐"), world.staff["guide"]
    await fill(await make_link(world, customer), name="周小桐")
    await Dispatcher(WIRING).drain()
    (edge,) = (await ask(guide, INBOX, locale="en"))["edges"]
    assert edge["node"] == {
        "kind": "ANSWERS_WAITING",
        "title": "A customer wrote something else than her card says",
        "body": "Open to take it, or to let stand what stands there",
        "url": f"/customers/{customer}?sheet=answers",
    }


NO, GONE, OUT = {"FORBIDDEN"}, {"NOT_FOUND"}, {"SIGN_IN_NEEDED"}
DONE = set[str]()


@pytest.mark.parametrize(
    ("who", "make", "settle", "of_store", "revoke", "sees"),
    [
        ("guide", DONE, DONE, DONE, DONE, True),
        ("colleague", DONE, NO, DONE, DONE, True),  # as visits and consents: whoever meets her
        ("stranger", GONE, GONE, NO, GONE, False),
        ("manager", DONE, DONE, DONE, DONE, True),
        ("partner", NO, NO, NO, NO, False),
        ("nobody", OUT, OUT, OUT, OUT, False),
    ],
)
async def test_owner_colleague_stranger_partner_and_nobody(
    world: World, who: str, make: set[str], settle: set[str], of_store: set[str], revoke: set[str], sees: bool
) -> None:
    customer = await make_customer(world)
    her, store = global_id("Customer", customer), global_id("Store", world.stores[0])
    link = global_id("CustomerLink", await make_link(world, customer))
    await make_link(world, store_id=world.stores[0], who="manager")
    actor = partner(world) if who == "partner" else world.staff.get(who)
    assert await call(actor, CREATE, customerId=her) == make
    assert await call(actor, SETTLE, id=link, take=[]) == settle
    assert await call(actor, CREATE, storeId=store) == of_store
    assert await call(actor, REVOKE, id=link) == revoke
    if who in world.staff:
        assert bool(await ask(world.staff[who], LINKS, id=her)) is sees
        assert bool(await ask(world.staff[who], OF_STORE, id=store)) is sees
        assert (await ask(world.staff[who], "query ($id: ID!) { node(id: $id) { id } }", id=link) is not None) is sees


async def call(actor: Actor | None, document: str, **said: Any) -> set[str]:
    request = Request({"type": "http", "method": "POST", "headers": [], "path": "/graphql"})
    variables = {"input": {"operationId": str(uuid4()), **said}}
    result = await schema.execute(document, variables, Context(request, actor, "en"))
    codes = {error.extensions["code"] for error in result.errors or [] if error.extensions}
    payload = next(iter((result.data or {}).values()), None) or {}
    return codes | {error["code"] for error in payload.get("userErrors", [])}


async def test_a_stores_code_is_for_many_and_lasts_long(world: World) -> None:
    guide = world.staff["guide"]
    for said, field in (({"singleUse": True}, "singleUse"), ({"days": 0}, "days"), ({"days": 731}, "days")):
        refused = await send(guide, CREATE, **said)
        assert [(error["code"], error["field"]) for error in refused["userErrors"]] == [("INVALID", field)]
    made = await send(guide, CREATE)
    assert made["link"]["customer"] is None and made["link"]["store"]["code"] == "S1"
    key = made["link"]["id"]
    assert (await send(world.staff["manager"], REVOKE, id=key))["link"]["open"] is False
    assert (await ask(guide, "query ($id: ID!) { node(id: $id) { id } }", id=key)) == {"id": key}


async def test_head_office_words_what_is_given_in_return(world: World) -> None:
    office = world.staff["hq"]
    assert await ask(office, OFFERS) == {"version": 0, "offers": []}
    made = await send(office, SAVE, baseVersion=0, offers=[{"zh": " 会员 9 折 ", "en": "10 % off"}, {"zh": "生日礼"}])
    first, second = made["offers"]["offers"]
    assert (first["zh"], first["en"], second["en"]) == ("会员 9 折", "10 % off", None)
    wrong: tuple[tuple[dict[str, Any], str], ...] = (
        ({"baseVersion": 0, "offers": []}, "CONFLICT"),
        ({"baseVersion": 1, "offers": [{"zh": " "}]}, "REQUIRED"),
        ({"baseVersion": 1, "offers": [{"zh": "长" * 41}]}, "INVALID"),
        ({"baseVersion": 1, "offers": [{"zh": "礼"}] * 9}, "INVALID"),
    )
    for said, code in wrong:
        assert [error["code"] for error in (await send(office, SAVE, **said))["userErrors"]] == [code]
    kept = await send(office, SAVE, baseVersion=1, offers=[{"key": second["key"], "zh": "生日双倍礼"}])
    assert kept["offers"]["offers"] == [{"key": second["key"], "zh": "生日双倍礼", "en": None}]
    assert (await ask(world.staff["guide"], OFFERS, locale="en"))["offers"][0]["label"] == "生日双倍礼"


async def test_nothing_sensitive_hidden_or_of_the_shops_own_is_asked(world: World) -> None:
    document = (await queries.latest(world.brand_id)).document
    asked = rules.asks(document, None)
    assert [field.key for field in asked] == [*rules.BASICS, *rules.FRIENDLY]
    chosen = await send(world.staff["hq"], SAVE, baseVersion=0, offers=[], fields=["events", "occupation"])
    assert {one["key"] for one in chosen["offers"]["fields"] if one["asked"]} == {"events", "occupation"}
    wrong = await send(world.staff["hq"], SAVE, baseVersion=1, offers=[], fields=["level"])
    assert [error["code"] for error in wrong["userErrors"]] == ["NOT_FOUND"]
    kept = await send(world.staff["hq"], SAVE, baseVersion=1, offers=[{"zh": "生日礼"}])
    assert {one["key"] for one in kept["offers"]["fields"] if one["asked"]} == {"events", "occupation"}
    assert {"level", "note", "source", "referrer"}.isdisjoint(one["key"] for one in kept["offers"]["fields"])
