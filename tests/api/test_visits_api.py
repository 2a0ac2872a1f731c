"""Visits, interactions, leads and referrals as the API takes and shows them, to owner, colleague, stranger, partner and
nobody.
"""

from dataclasses import replace
from typing import Any
from uuid import UUID, uuid4

from starlette.requests import Request

from shuke.api.context import Context
from shuke.api.pagination import global_id
from shuke.api.schema import schema
from shuke.domains.identity.types import Actor
from shuke.kit import clock, db
from shuke.kit.ids import new_id
from tests.api.test_customers_api import CREATE, UPDATE, ask, send
from tests.factories import World, make_world
from tests.factories.customers import make_customer, next_phone
from tests.factories.visits import make_visit
from tests.integration.test_leads import partner

VISIT = "id kind channel bought isNew note source filedAt staff { name } store { code } customer { id }"
RECORD = f"""
mutation ($input: RecordVisitInput!) {{ recordVisit(input: $input) {{
  visit {{ {VISIT} }} userErrors {{ code field message }} }} }}
"""
SAY = f"""
mutation ($input: UpdateVisitInput!) {{ updateVisit(input: $input) {{
  visit {{ {VISIT} }} userErrors {{ code field }} }} }}
"""
UNDO = "mutation ($input: UndoVisitInput!) { undoVisit(input: $input) { userErrors { code } } }"
ADD = """
mutation ($input: AddInteractionInput!) { addInteraction(input: $input) {
  entry { id kind title detail actor } userErrors { code field } } }
"""
TAKE_BACK = "mutation ($input: UndoInteractionInput!) { undoInteraction(input: $input) { userErrors { code } } }"
LEAD = """
mutation ($input: CreateLeadInput!) { createLead(input: $input) { leadId repeated userErrors { code field message } } }
"""
LINES = """
query ($id: ID!, $kinds: [TimelineKind!]) { customer(id: $id) { timeline(first: 20, kinds: $kinds) {
  edges { node { kind title detail } } } } }
"""
GRAPH = """
query ($id: ID!) { customer(id: $id) { referrals { count furtherCount referrer { id name store }
  brought { id name brought { name } } } } }
"""
FILING = """
{ filing(by: GUIDE) { counts { visits onTime rate } rows { staff { name } counts { missing waiting } } } }
"""


def codes(payload: Any) -> list[str]:
    return [error["code"] for error in payload["userErrors"]]


async def attempt(actor: Actor | None, document: str, **said: Any) -> set[str]:
    """Every refusal of one call, wherever it stands."""
    request = Request({"type": "http", "method": "POST", "headers": [], "path": "/graphql"})
    variables = {"input": {"operationId": str(uuid4())} | said}
    result = await schema.execute(document, variables, Context(request, actor, "en"))
    found = {error.extensions["code"] for error in result.errors or [] if error.extensions}
    for payload in (result.data or {}).values():
        found |= {error["code"] for error in (payload or {}).get("userErrors", [])}
    return found


async def test_two_taps_put_a_visit_down_once_and_the_new_customer_takes_it(database: str) -> None:
    world = await make_world()
    guide, operation, visit = world.staff["guide"], uuid4(), str(new_id())
    for _ in range(2):
        done = await send(guide, RECORD, operation, id=visit, kind="VISIT", bought=True)
        assert done["visit"] | {"id": ""} == {
            "id": "",
            "kind": "VISIT",
            "channel": "STORE",
            "bought": True,
            "isNew": True,
            "note": None,
            "source": None,
            "filedAt": None,
            "staff": {"name": "guide"},
            "store": {"code": "S1"},
            "customer": None,
        }
    key = global_id("Visit", UUID(visit))
    assert await ask(guide, "{ openVisits { id } }") == [{"id": key}]
    her = str(new_id())
    made = await send(guide, CREATE, id=her, phone=next_phone(), visitId=key, filedAt=clock.now().isoformat())
    assert made["userErrors"] == []
    said = await send(guide, SAY, id=key, channel=None, note="带宝宝来")
    assert said["visit"]["customer"] == {"id": global_id("Customer", UUID(her))} and said["visit"]["filedAt"]
    page = await ask(guide, LINES, id=global_id("Customer", UUID(her)), kinds=["VISIT", "INQUIRY"])
    assert [edge["node"] for edge in page["timeline"]["edges"]] == [
        {"kind": "VISIT", "title": "到店：买了", "detail": "带宝宝来"}
    ]
    filing = await ask(world.staff["manager"], FILING)
    assert filing["counts"] == {"visits": 1, "onTime": 1, "rate": 1.0}
    assert codes(await send(guide, UNDO, id=key)) == []
    assert await db.fetch_value("SELECT count(*) FROM visit") == 0


async def test_interactions_are_told_in_both_languages_and_kept_from_partners(database: str) -> None:
    world = await make_world()
    guide, customer = world.staff["guide"], global_id("Customer", await make_customer(world))
    for kind, text in (("CALL", None), ("MESSAGE", "发了尺码表"), ("PREFERENCE", "有机棉"), ("COMPLAINT", "漏发")):
        done = await send(guide, ADD, customerId=customer, id=str(new_id()), kind=kind, text=text)
        assert codes(done) == [] and (done["entry"]["kind"], done["entry"]["detail"]) == (kind, text)
    await send(guide, RECORD, id=str(new_id()), kind="INQUIRY", channel="WECHAT", customerId=customer, note="问价")
    chosen = ["CALL", "MESSAGE", "PREFERENCE", "COMPLAINT", "INQUIRY"]
    told = await ask(guide, LINES, "en", id=customer, kinds=chosen)
    assert [(e["node"]["title"], e["node"]["detail"]) for e in told["timeline"]["edges"]] == [
        ("Asked", "by WeChat · 问价"),
        ("Complaint", "漏发"),
        ("Preference", "有机棉"),
        ("WeChat message", "发了尺码表"),
        ("Call", None),
    ]
    reader = replace(partner(world), scopes=frozenset({"read"}))
    seen = await ask(reader, LINES, id=customer, kinds=chosen)
    assert {edge["node"]["detail"] for edge in seen["timeline"]["edges"]} == {None, "微信"}
    everything = await ask(guide, LINES, id=customer)
    assert len(everything["timeline"]["edges"]) == 6
    async with db.counting() as statements:
        await ask(guide, LINES, id=customer, kinds=["CALL"])
    assert len(statements) == 2


async def test_a_lead_by_a_partners_key_tells_nothing_of_who_is_on_file(database: str) -> None:
    world = await make_world()
    await make_customer(world, phone="13700002047")
    key, operation = partner(world, 0), uuid4()
    said = {"storeCode": "S1", "source": "抖音", "phone": "137 0000 2047", "message": "还有货吗"}
    known = await send(key, LEAD, operation, **said)
    assert await send(key, LEAD, operation, **said) == known
    unknown = await send(key, LEAD, None, **said | {"phone": "13700002048"})
    assert set(known) == set(unknown) and codes(known) == codes(unknown) == []
    assert not known["repeated"] and not unknown["repeated"]
    assert await db.fetch_value("SELECT count(*) FROM visit") == 2
    bad = await ask(key, LEAD, "en", input={"operationId": str(uuid4())} | said | {"storeCode": "S2"})
    assert [(error["code"], error["field"]) for error in bad["userErrors"]] == [("NOT_FOUND", "storeCode")]
    assert not await db.fetch_value("SELECT bool_or(data::text LIKE '%2047%') FROM event")


async def test_the_graph_on_the_page_masks_who_is_out_of_reach(database: str) -> None:
    world = await make_world()
    guide = world.staff["guide"]
    away = await make_customer(world, guide="stranger", alias="外店")
    her, friend = await make_customer(world), global_id("Customer", await make_customer(world, alias="朋友"))
    key = global_id("Customer", her)
    done = await send(world.staff["hq"], UPDATE, id=key, baseVersion=1, referrerId=global_id("Customer", away))
    assert done["userErrors"] == []
    assert codes(await send(guide, UPDATE, id=friend, baseVersion=1, referrerId=key)) == []
    page = (await ask(guide, GRAPH, id=key))["referrals"]
    assert page == {
        "count": 1,
        "furtherCount": 0,
        "referrer": {"id": None, "name": "外••", "store": "滨江店"},
        "brought": [{"id": friend, "name": "朋友", "brought": []}],
    }
    circle = await send(guide, UPDATE, id=key, baseVersion=2, referrerId=friend)
    assert circle["userErrors"] == [{"code": "INVALID", "field": "referrerId", "message": "介绍人绕回了她自己，换一位"}]
    hidden = await send(guide, UPDATE, id=friend, baseVersion=2, referrerId=global_id("Customer", away))
    assert codes(hidden) == ["NOT_FOUND"]


async def calls(world: World) -> dict[str, tuple[str, dict[str, Any]]]:
    """One call of each operation about the guide's customer, her visit, her entry."""
    customer, visit = await make_customer(world), await make_visit(world)
    entry = new_id()
    key = global_id("Customer", customer)
    await send(world.staff["guide"], ADD, customerId=key, id=str(entry), kind="CALL")
    return {
        "record": (RECORD, {"id": str(new_id()), "kind": "VISIT", "customerId": key}),
        "say": (SAY, {"id": global_id("Visit", visit), "bought": True}),
        "undo": (UNDO, {"id": global_id("Visit", visit)}),
        "add": (ADD, {"customerId": key, "id": str(new_id()), "kind": "CALL"}),
        "take back": (TAKE_BACK, {"id": global_id("TimelineEntry", entry)}),
        "lead": (LEAD, {"storeCode": "S1", "source": "x", "phone": next_phone()}),
    }


EXPECTED: dict[str, dict[str, set[str]]] = {
    "guide": {"lead": {"FORBIDDEN"}},
    "colleague": {
        "say": {"NOT_FOUND"},
        "undo": {"NOT_UNDOABLE"},
        "take back": {"NOT_UNDOABLE"},
        "lead": {"FORBIDDEN"},
    },
    "stranger": {
        "record": {"NOT_FOUND"},
        "say": {"NOT_FOUND"},
        "undo": {"NOT_UNDOABLE"},
        "add": {"NOT_FOUND"},
        "take back": {"NOT_UNDOABLE"},
        "lead": {"FORBIDDEN"},
    },
    "manager": {"undo": {"NOT_UNDOABLE"}, "take back": {"NOT_UNDOABLE"}, "lead": {"FORBIDDEN"}},
}
"""Who -> call -> what she is refused with; what is left out she may."""


async def test_owner_colleague_stranger_partner_and_nobody_may_what_the_matrix_says(database: str) -> None:
    for who in (*EXPECTED, "partner", "nobody"):
        world = await make_world()
        for name, (document, said) in (await calls(world)).items():
            if who == "nobody":
                actor, wanted = None, {"SIGN_IN_NEEDED"}
            elif who == "partner":
                actor, wanted = partner(world), set[str]() if name == "lead" else {"FORBIDDEN"}
            else:
                actor, wanted = world.staff[who], EXPECTED[who].get(name, set())
            assert await attempt(actor, document, **said) == wanted, (who, name)
    for actor in (world.staff["guide"], partner(world)):
        assert await attempt(actor, FILING) == {"FORBIDDEN"}
        assert await attempt(actor, "{ filingVisits { edges { cursor } } }") == {"FORBIDDEN"}
    assert await attempt(partner(world), "{ openVisits { id } }") == {"FORBIDDEN"}


async def test_where_a_lead_came_from_is_said_in_words(database: str) -> None:
    world = await make_world()
    key, guide = partner(world, 0), world.staff["guide"]
    number = next_phone()
    for source in ("link", "DouYin", "mini-program", "网易考拉", "kaola"):
        assert (await send(key, LEAD, None, storeCode="S1", source=source, phone=number))["userErrors"] == []
    customer = await db.fetch_value("SELECT customer_id FROM visit LIMIT 1")
    told = {}
    for locale in ("zh-CN", "en"):
        page = await ask(guide, LINES, locale, id=global_id("Customer", customer), kinds=["INQUIRY"])
        told[locale] = {edge["node"]["detail"] for edge in page["timeline"]["edges"]}
    assert told == {
        "zh-CN": {"门店二维码", "抖音", "小程序", "网易考拉", "kaola"},
        "en": {"the shop's code", "Douyin", "the mini program", "网易考拉", "kaola"},
    }
