"""Customers as the API shows them: the page, the list, and every answer of the mutations."""

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

from starlette.requests import Request

from shuke.api.context import Context
from shuke.api.pagination import global_id
from shuke.api.schema import schema
from shuke.domains.customers import service
from shuke.domains.customers.types import IdentityKind, TimelineKind
from shuke.domains.identity.types import Actor
from shuke.kit import clock, db
from shuke.kit.ids import new_id
from tests.factories import World, make_world
from tests.factories.customers import make_customer, next_phone

FACTS = """id name alias gender birthday birthDate nextBirthday level source note phone memberNo store { id name }
  guide { id name } cell cellReason version"""
PAGE = f"""
query ($id: ID!) {{ customer(id: $id) {{ {FACTS} createdAt graduated
  segments {{ segmentId name kind since }} values {{ key kind label content text masked }}
  completeness {{ score missing {{ key label benefit required }} problems {{ code message advice field }} }}
  dependants {{ id name gender bornOn dueOn overdue graduated stoppedAt stopReason version
    stage {{ key label kind }} nextMilestone {{ day stage {{ label }} }} }}
  identities {{ id kind value usedBy {{ customerId name role label }} }} shares {{ at store {{ name }} }}
  reachedThrough {{ kind value owner {{ customerId name }} }}
  stats {{ orderCount net {{ minor currency }} months {{ month net {{ minor }} }} }} task {{ id }}
  consents {{ purpose channel state at how by textVersion }} closedChannels
  orders {{ edges {{ node {{ id lines {{ position }} }} }} pageInfo {{ hasNextPage }} }}
  timeline(first: 12) {{ edges {{ node {{ id kind at actor title detail }} }} pageInfo {{ hasNextPage }} }} }} }}
"""
LIST = f"""
query ($first: Int!, $after: String, $search: String, $mine: Boolean, $cell: RfmCell, $storeId: ID) {{
  customers(first: $first, after: $after, search: $search, mine: $mine, cell: $cell, storeId: $storeId) {{
    edges {{ cursor node {{ {FACTS} stats {{ orderCount lastOrderAt }} task {{ id }} }} }}
    pageInfo {{ hasNextPage hasPreviousPage startCursor endCursor }} }} }}
"""
CREATE = """
mutation ($input: CreateCustomerInput!) { createCustomer(input: $input) { customer { id version phone guide { name } }
  existing { id name phone store { name } } userErrors { code field message } } }
"""
UPDATE = """
mutation ($input: UpdateCustomerInput!) { updateCustomer(input: $input) { customer { name note birthday version }
  conflicts { field yours theirs } userErrors { code field message } } }
"""
REVEAL = "mutation ($input: RevealPhoneInput!) { revealPhone(input: $input) { phone userErrors { code } } }"
NOTE = """
mutation ($input: AddNoteInput!) { addNote(input: $input) {
  entry { id kind actor title detail } userErrors { code field } } }
"""


async def ask(actor: Actor, document: str, locale: str = "zh-CN", **variables: Any) -> Any:
    request = Request({"type": "http", "method": "POST", "headers": [], "path": "/graphql"})
    result = await schema.execute(document, variables, Context(request, actor, locale))
    assert result.errors is None, result.errors
    assert result.data is not None
    return next(iter(result.data.values()))


async def send(actor: Actor, document: str, operation: UUID | None = None, **said: Any) -> Any:
    return await ask(actor, document, input={"operationId": str(operation or uuid4())} | said)


async def test_a_page_shows_everything_in_at_most_eight_statements(database: str) -> None:
    world = await make_world()
    key = await make_customer(world, phone="13800002047", note="爱喝温水")
    async with db.counting() as statements:
        page = await ask(world.staff["guide"], PAGE, id=global_id("Customer", key))
    assert len(statements) <= 8, statements
    assert page["id"] == global_id("Customer", key)
    assert (page["phone"], page["gender"], page["source"]) == ("138 •••• 2047", "UNKNOWN", "WALK_IN")
    assert (page["store"]["name"], page["guide"]["name"], page["version"]) == ("文三路店", "guide", 1)
    assert (page["stats"]["orderCount"], len(page["stats"]["months"])) == (0, 12)
    assert page["cell"] is None and page["task"] is None and page["orders"]["edges"] == []
    assert page["consents"] == page["closedChannels"] == []
    (edge,) = page["timeline"]["edges"]
    assert (edge["node"]["title"], edge["node"]["detail"], edge["node"]["actor"]) == ("建档", "到店", "guide")


async def test_a_stranger_and_another_brand_find_nobody(database: str) -> None:
    world, other = await make_world(), await make_world("别家")
    key = global_id("Customer", await make_customer(world))
    for actor in (world.staff["stranger"], other.staff["admin"]):
        assert await ask(actor, PAGE, id=key) is None
        assert (await ask(actor, LIST, first=10, search="周"))["edges"] == []


async def test_a_list_takes_as_many_statements_for_one_as_for_fifty_and_pages_without_gap(database: str) -> None:
    world = await make_world()
    numbers = [(IdentityKind.MEMBER_NO, f"M{n}", f"M{n}") for n in range(53)]
    await service.ensure_members(world.brand_id, world.stores[0], numbers)
    counts, seen, after = [], [], None
    for size in (1, 50, 50):
        async with db.counting() as statements:
            page = await ask(world.staff["guide"], LIST, first=size, after=after)
        counts.append(len(statements))
        seen += [edge["node"]["memberNo"] for edge in page["edges"]]
        info, after = page["pageInfo"], page["pageInfo"]["endCursor"]
        assert info["startCursor"] == page["edges"][0]["cursor"]
    assert len(set(counts)) == 1 and counts[0] <= 5
    assert sorted(seen) == sorted(number for _, number, _ in numbers)
    assert info["hasPreviousPage"] and not info["hasNextPage"]
    total = await ask(world.staff["guide"], '{ customers(first: 1, search: "M1") { totalCount } }')
    assert total == {"totalCount": 11}


async def test_a_list_may_be_narrowed_to_a_cell(database: str) -> None:
    world = await make_world()
    high, low = await make_customer(world, name="高"), await make_customer(world, name="低")
    for key, cell in ((high, "HHH"), (low, "LLL")):
        await db.execute(
            "INSERT INTO segment_membership (id, brand_id, customer_id, cell, store_id, entered_at, reason)"
            " VALUES ($1, $2, $3, $4, $5, $6, '{}')",
            *(new_id(), world.brand_id, key, cell, world.stores[0], clock.now()),
        )
    page = await ask(world.staff["guide"], LIST, first=10, cell="HHH")
    assert [(edge["node"]["name"], edge["node"]["cell"]) for edge in page["edges"]] == [("高", "HHH")]


async def test_cursors_sizes_and_ids_that_are_none_of_ours_are_refused_in_words(database: str) -> None:
    world = await make_world()
    request = Request({"type": "http", "method": "POST", "headers": [], "path": "/graphql"})
    for variables, words in (
        ({"first": 0}, "A page holds 1 to 100 rows"),
        ({"first": 5, "after": "nonsense"}, "This cursor is not one of ours. Please start from the first page"),
        ({"first": 5, "after": "eA=="}, "This cursor is not one of ours. Please start from the first page"),
        ({"first": 5, "storeId": "x"}, "Not found; it may be gone"),
    ):
        result = await schema.execute(LIST, variables, Context(request, world.staff["guide"], "en"))
        assert [error.message for error in result.errors or []] == [words]


async def test_entering_is_replayed_by_its_operation_id(database: str) -> None:
    world = await make_world()
    guide, operation = world.staff["guide"], uuid4()
    said = {"id": str(new_id()), "phone": "138 0000 2047", "name": "周雨桐"}
    first = await send(guide, CREATE, operation, **said)
    assert first["userErrors"] == [] and first["existing"] is None
    assert first["customer"] == {
        "id": global_id("Customer", UUID(said["id"])),
        "version": 1,
        "phone": "138 •••• 2047",
        "guide": {"name": "guide"},
    }
    assert await send(guide, CREATE, operation, **said) == first
    assert await db.fetch_value("SELECT count(*) FROM customer") == 1
    reused = await send(guide, CREATE, operation, **said | {"name": "别人"})
    assert reused["userErrors"][0]["code"] == "OPERATION_REUSED"


async def test_a_phone_on_file_answers_who_has_it_beside_the_error(database: str) -> None:
    world = await make_world()
    phone = next_phone()
    key = await make_customer(world, phone=phone)
    here = await send(world.staff["colleague"], CREATE, id=str(new_id()), phone=phone, gender=None, source=None)
    assert here["customer"] is None and here["userErrors"][0]["code"] == "TAKEN"
    assert here["existing"] == {
        "id": global_id("Customer", key),
        "name": "周雨桐",
        "phone": f"{phone[:3]} •••• {phone[-4:]}",
        "store": {"name": "文三路店"},
    }
    away = await send(world.staff["stranger"], CREATE, id=str(new_id()), phone=phone)
    assert away["userErrors"] == [
        {"code": "TAKEN_ELSEWHERE", "field": "phone", "message": "这个号码在文三路店有档案，可以申请共享"}
    ]
    assert (away["existing"]["id"], away["existing"]["name"]) == (None, "周••")


async def test_an_edit_patches_and_a_clash_shows_both_values(database: str) -> None:
    world = await make_world()
    key = global_id("Customer", await make_customer(world, note="爱喝温水"))
    done = await send(world.staff["guide"], UPDATE, id=key, baseVersion=1, note=None, birthday="1992-03-04")
    assert done["customer"] == {"name": "周雨桐", "note": None, "birthday": "1992-03-04", "version": 2}
    clash = await send(world.staff["manager"], UPDATE, id=key, baseVersion=1, birthday="1990-01-01", note="x")
    assert clash["customer"]["version"] == 2 and [error["code"] for error in clash["userErrors"]] == ["CONFLICT"]
    assert clash["conflicts"] == [
        {"field": "birthday", "yours": "1990-01-01", "theirs": "1992-03-04"},
        {"field": "note", "yours": "x", "theirs": None},
    ]
    away = global_id("Staff", world.staff["stranger"].id or uuid4())
    bad = await send(world.staff["manager"], UPDATE, id=key, baseVersion=2, guideId=away)
    assert [(error["code"], error["field"]) for error in bad["userErrors"]] == [("INVALID", "guideId")]


async def test_a_number_is_revealed_once_per_operation_and_kept_nowhere_else(database: str) -> None:
    world = await make_world()
    key, operation = await make_customer(world, phone="13800002047"), uuid4()
    for _ in range(2):
        shown = await send(world.staff["guide"], REVEAL, operation, id=global_id("Customer", key))
        assert shown == {"phone": "+8613800002047", "userErrors": []}
    assert await db.fetch_value("SELECT count(*) FROM timeline_entry WHERE kind = 'phone_revealed'") == 1
    kept = await db.fetch("SELECT answer FROM operation UNION ALL SELECT data::text FROM event")
    assert not any("13800002047" in (row[0] or "") for row in kept)
    refused = await send(world.staff["hq"], REVEAL, id=global_id("Customer", key))
    assert refused == {"phone": None, "userErrors": [{"code": "FORBIDDEN"}]}


async def test_a_note_comes_back_as_a_line_of_the_timeline(database: str) -> None:
    world = await make_world()
    key = global_id("Customer", await make_customer(world))
    entry = new_id()
    noted = await send(world.staff["colleague"], NOTE, customerId=key, id=str(entry), text="问了推车")
    assert noted["entry"] == {
        "id": global_id("TimelineEntry", entry),
        "kind": "NOTE",
        "actor": "colleague",
        "title": "记了一笔",
        "detail": "问了推车",
    }
    wrong = await send(world.staff["guide"], NOTE, customerId=global_id("Task", entry), id=str(new_id()), text="x")
    assert wrong["userErrors"] == [{"code": "NOT_FOUND", "field": "customerId"}]


async def lines(world: World, key: UUID, locale: str) -> list[tuple[str, str | None]]:
    page = await ask(world.staff["guide"], PAGE, locale, id=global_id("Customer", key))
    return [(edge["node"]["title"], edge["node"]["detail"]) for edge in page["timeline"]["edges"]]


async def test_the_timeline_is_told_in_the_callers_language(database: str) -> None:
    world = await make_world()
    key, now = await make_customer(world), clock.now()
    sale = {"total": 63200, "currency": "CNY", "items": 2, "store": "文三路店"}
    refund = {"total": -1050, "currency": "GBP", "items": 1, "store": "文三路店"}
    call = {"outcome": "visit_booked", "note": "带宝宝来", "followUpAt": "2026-11-25T02:00:00Z"}
    told: tuple[tuple[TimelineKind, dict[str, Any]], ...] = (
        (TimelineKind.ORDER, sale),
        (TimelineKind.REFUND, refund),
        (TimelineKind.CONTACT, call),
        (TimelineKind.CONTACT, {"outcome": "no_answer"}),
        (TimelineKind.PROFILE, {"fields": ["alias", "guideId"]}),
        (TimelineKind.PHONE_REVEALED, {}),
    )
    for minute, (kind, data) in enumerate(told, 1):
        await service.append_timeline(world.brand_id, key, kind, now + timedelta(minutes=minute), None, data)
    assert await lines(world, key, "zh-CN") == [
        ("看了电话号码", None),
        ("改了资料", "称呼、导购"),
        ("回访：未接", None),
        ("回访：约到店", "2026年11月25日 10:00 · 带宝宝来"),
        ("退款 £10.50", "1 件 · 文三路店"),
        ("消费 ¥632.00", "2 件 · 文三路店"),
        ("建档", "到店"),
    ]
    assert await lines(world, key, "en") == [
        ("Looked at the phone number", None),
        ("Profile changed", "what we call her, guide"),
        ("Follow-up: no answer", None),
        ("Follow-up: visit booked", "2026-11-25 10:00 · 带宝宝来"),
        ("Refund of £10.50", "Items: 1 · 文三路店"),
        ("Bought for ¥632.00", "Items: 2 · 文三路店"),
        ("Entered as a customer", "Walk-in"),
    ]
