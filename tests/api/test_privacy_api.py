"""A customer's copy, her erasure and the audit over the API: who may, what they see, what is written down."""

import json
from io import BytesIO
from typing import Any
from uuid import UUID
from zipfile import ZipFile

import pytest

from shuke.api.pagination import global_id
from shuke.domains.customers import service as customers
from shuke.domains.customers.types import RevealReason
from shuke.domains.records import queries as records
from shuke.domains.records import service
from shuke.domains.records.types.privacy import AuditFilter
from shuke.kit import db, events
from shuke.kit.errors import ErrorCode
from shuke.kit.ids import new_id
from tests.api.real import Browser, serving, signed_in
from tests.api.test_consents_api import partner
from tests.api.test_customers_api import ask, send
from tests.factories import make_world
from tests.factories.customers import make_customer, refused
from tests.factories.orders import ingest, sale

PREVIEW = """
query ($id: ID!) { erasurePreview(id: $id) { confirmWith goes { name label count } stays { name label count } } }
"""
ERASE = """
mutation ($input: EraseCustomerInput!) { eraseCustomer(input: $input) { erased userErrors { code field message } } }
"""
COPY = """
mutation ($input: CopyCustomerInput!) { copyCustomer(input: $input) { path expiresAt userErrors { code } } }
"""
AUDIT = """
query ($filter: AuditFilterInput, $first: Int!, $after: String) {
  auditEvents(filter: $filter, first: $first, after: $after) {
    edges { node { id kind title detail actor actorKind at customer { id name } } }
    kinds { kind title } pageInfo { hasNextPage endCursor } } }
"""
WHO = ["guide", "colleague", "stranger", "manager", "regional", "hq", "partner", "nobody"]
OFFICE = {"hq"}


def actor_of(world: Any, who: str) -> Any:
    return {"partner": partner(world), "nobody": None}.get(who, world.staff.get(who))


def refusal_for(who: str) -> str:
    return "SIGN_IN_NEEDED" if who == "nobody" else "FORBIDDEN"


@pytest.mark.parametrize("who", WHO)
async def test_head_office_alone_erases(database: str, who: str) -> None:
    world = await make_world()
    her = global_id("Customer", await make_customer(world))
    answer = await send(actor_of(world, who), ERASE, id=her, confirm="周雨桐")
    if who in OFFICE:
        assert answer == {"erased": True, "userErrors": []}
        assert await ask(world.staff["hq"], "query ($id: ID!) { customer(id: $id) { id } }", id=her) is None
    else:
        assert not answer["erased"] and [one["code"] for one in answer["userErrors"]] == [refusal_for(who)]


async def test_before_she_is_forgotten_it_is_said_what_goes_and_what_stays(database: str) -> None:
    world = await make_world()
    key = await make_customer(world, phone="13800002047")
    await ingest(world, sale("1", phone="13800002047"))
    preview = await ask(world.staff["hq"], PREVIEW, id=global_id("Customer", key))
    assert preview["confirmWith"] == "周雨桐"
    assert {"name": "identities", "label": "电话与会员号", "count": 1} in preview["goes"]
    assert preview["stays"] == [{"name": "orders", "label": "订单", "count": 1}]


@pytest.mark.parametrize("who", WHO)
async def test_managers_and_head_office_make_copies_of_whom_they_may_open(database: str, who: str) -> None:
    world = await make_world()
    her = global_id("Customer", await make_customer(world))
    elsewhere = global_id("Customer", await make_customer(world, guide="stranger"))
    answer = await send(actor_of(world, who), COPY, id=her)
    may = who in {"manager", "regional", "hq"}
    assert bool(answer["path"]) is may
    assert [one["code"] for one in answer["userErrors"]] == ([] if may else [refusal_for(who)])
    if who == "manager":
        assert [one["code"] for one in (await send(world.staff[who], COPY, id=elsewhere))["userErrors"]] == [
            "NOT_FOUND"
        ]


async def test_a_copy_is_fetched_once_by_who_asked_and_holds_all_of_her_and_nobody_else(database: str) -> None:
    world = await make_world()
    guide, manager, hq = (world.staff[who] for who in ("guide", "manager", "hq"))
    key = await make_customer(world, phone="13800002047", note="<b>爱喝温水</b>")
    await make_customer(world, phone="13800002048", name="别人", note="别人的话")
    await customers.add_note(guide, key, new_id(), "喜欢米色")
    await ingest(world, sale("1", phone="13800002047"))
    ticket = await service.copy_customer(manager, key)
    assert (await refused(service.fetch_copy(hq, ticket.id, "en"))).code is ErrorCode.NOT_FOUND
    copy = await service.fetch_copy(manager, ticket.id, "zh-CN")
    assert (await refused(service.fetch_copy(manager, ticket.id, "zh-CN"))).reason == "copy_gone"
    from shuke.api.http.copies import pack

    with ZipFile(BytesIO(pack(copy))) as zipped:
        data, page = json.loads(zipped.read("copy.json")), zipped.read("copy.html").decode()
    assert data["identities"][0]["value"] == "+8613800002047"
    assert data["customer"][0]["store"] == "文三路店" and data["lines"][0]["name"] == "奶粉"
    assert "喜欢米色" in page and "&lt;b&gt;爱喝温水" in page and "别人" not in page
    assert "<script" not in page and "brand_id" not in json.dumps(data)
    kinds = [row[0] for row in await db.fetch("SELECT kind FROM event WHERE kind LIKE 'customer.copy%' ORDER BY id")]
    assert kinds == ["customer.copy_made", "customer.copy_fetched"]


async def test_a_copy_that_nobody_fetched_ends_by_itself(database: str) -> None:
    world = await make_world()
    ticket = await service.copy_customer(world.staff["hq"], await make_customer(world))
    await db.execute("UPDATE customer_copy SET expires_at = now() - interval '1 minute'")
    assert (await refused(service.fetch_copy(world.staff["hq"], ticket.id, "en"))).reason == "copy_gone"
    assert await service.purge_copies() == 1


@pytest.mark.parametrize("who", WHO)
async def test_head_office_alone_reads_the_audit(database: str, who: str) -> None:
    world = await make_world()
    if who in OFFICE:
        assert (await ask(world.staff[who], AUDIT, first=5))["edges"] == []
        return
    from starlette.requests import Request

    from shuke.api.context import Context
    from shuke.api.schema import schema

    request = Request({"type": "http", "method": "POST", "headers": [], "path": "/graphql"})
    result = await schema.execute(AUDIT, {"first": 5}, Context(request, actor_of(world, who), "en"))
    assert [(error.extensions or {})["code"] for error in result.errors or []] == [refusal_for(who)]


async def test_the_audit_says_who_did_what_when_and_nothing_personal(database: str) -> None:
    world = await make_world()
    guide, hq = world.staff["guide"], world.staff["hq"]
    key = await make_customer(world)
    await customers.reveal_phone(guide, key, RevealReason.OTHER, "快递问路")
    page = await ask(hq, AUDIT, first=5)
    latest = page["edges"][0]["node"]
    assert (latest["kind"], latest["title"], latest["detail"]) == ("customer.phone_revealed", "看了电话号码", "其他")
    assert (latest["actor"], latest["actorKind"]) == ("guide", "staff")
    assert latest["customer"] == {"id": global_id("Customer", key), "name": "周雨桐"}
    assert {"kind": "customer.erased", "title": "永久清除了客人资料"} in page["kinds"]
    assert (await ask(hq, AUDIT, "en", first=5))["edges"][0]["node"]["title"] == "Looked at a phone number"
    assert "快递" not in str(page)
    await service.erase_customer(hq, key, "周雨桐")
    after = await ask(hq, AUDIT, first=9)
    assert [edge["node"]["customer"] for edge in after["edges"]] == [None] * len(after["edges"])


async def test_kinds_without_words_show_their_name(database: str) -> None:
    world = await make_world()
    hq = world.staff["hq"]
    await events.record(world.brand_id, "moon.landed", hq.ref, ("moon", None))
    assert (await ask(hq, AUDIT, first=5))["edges"][0]["node"]["title"] == "moon.landed"


async def test_the_audit_is_narrowed_and_paged_without_gap(database: str) -> None:
    world = await make_world()
    hq, guide, key = world.staff["hq"], world.staff["guide"], await make_customer(world)
    for n in range(7):
        who = hq if n % 2 else guide
        kind = "customer.noted" if n % 3 else "customer.updated"
        await events.record(world.brand_id, kind, who.ref, ("customer", key))
    await events.record(world.brand_id, "tasks.due", events.SYSTEM, ("task", None))
    seen: list[str] = []
    after: str | None = None
    while True:
        page = await ask(hq, AUDIT, first=3, after=after)
        seen += [edge["node"]["id"] for edge in page["edges"]]
        after = page["pageInfo"]["endCursor"]
        if not page["pageInfo"]["hasNextPage"]:
            break
    assert len(seen) == len(set(seen)) == 8  # seven and her own entry; the program's is left out

    async def count(**chosen: Any) -> int:
        return len((await ask(hq, AUDIT, first=50, filter=chosen))["edges"])

    assert await count(program=True) == await db.fetch_value("SELECT count(*) FROM event")
    assert await count(kinds=["customer.noted"]) == 4
    assert await count(kinds=["customer.noted", "customer.updated"]) == 7
    assert await count(staffId=global_id("Staff", hq.id or UUID(int=0))) == 3
    assert await count(staffId=global_id("Staff", hq.id or UUID(int=0)), kinds=["customer.updated"]) == 1
    assert await count(customerId=global_id("Customer", key)) == 8
    assert await count(customerId=global_id("Customer", new_id())) == 0
    assert await count(until="2020-01-01") == 0 and await count(since="2020-01-01") == 8


@pytest.mark.parametrize(
    ("chosen", "index"),
    [
        (AuditFilter(), "event_by_people"),
        (AuditFilter(kinds=("customer.noted", "customer.updated")), "idx_event_brand"),
        (AuditFilter(staff_id=UUID(int=5)), "event_by_actor"),
        (AuditFilter(customer_id=UUID(int=5)), "idx_event_brand"),
    ],
)
async def test_a_page_of_the_audit_reads_an_index_range_however_many_events_there_are(
    database: str, chosen: AuditFilter, index: str
) -> None:
    from shuke.domains.records.queries.audit import AUDIT as SQL
    from shuke.domains.records.queries.audit import _page

    world = await make_world()
    await db.execute(
        """INSERT INTO event (id, brand_id, kind, actor_kind, actor_id, subject_type, subject_id, data, at)
        SELECT gen_random_uuid(), $1, (ARRAY['customer.noted', 'customer.updated', 'task.outcome'])[1 + n % 3],
          CASE WHEN n % 4 = 0 THEN 'system' ELSE 'staff' END, CASE WHEN n % 4 > 0 THEN $2::uuid END, 'customer',
          gen_random_uuid(), '{}', now() - n * interval '1 minute' FROM generate_series(1, 30000) n""",
        *(world.brand_id, world.staff["guide"].id),
    )
    await db.execute("ANALYZE event")
    sql, args = _page(world.staff["hq"], chosen, 30, None)
    plan = "\n".join(row[0] for row in await db.fetch(f"EXPLAIN {SQL.format(page=sql)}", *args))
    assert index in plan and "Seq Scan on event" not in plan, plan
    assert len(await records.audit_events(world.staff["hq"], chosen, 30)) <= 31


async def test_the_door_gives_a_copy_once_and_to_its_session_alone(database: str) -> None:
    """Over HTTP: without the session of who asked, the address is worth nothing."""
    world = await make_world()
    her = global_id("Customer", await make_customer(world))
    async with serving() as app:
        hq, manager = await signed_in(app, world, "hq"), await signed_in(app, world, "manager")
        path = (await hq.do("copyCustomer", "path", id=her))["path"]
        assert (await Browser(app).http.get(path)).status_code == 401
        assert (await manager.http.get(path)).status_code == 404
        copy = await hq.http.get(path)
        assert (copy.status_code, copy.headers["content-type"]) == (200, "application/zip")
        assert copy.headers["cache-control"] == "no-store" and "周" not in copy.headers["content-disposition"]
        assert (await hq.http.get(path)).status_code == 404
        assert (await hq.http.get("/exports/copies/none")).status_code == 404
