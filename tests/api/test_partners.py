"""Partners' keys: who makes them, what they reach, how they change hands, and what is put down of each call."""

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from shuke.api.pagination import global_id
from shuke.domains.identity import service as identity
from shuke.kit import clock, db
from shuke.kit.ids import first_id, new_id
from tests.api.real import Browser, everything_kept, partner, real_app, serving, signed_in
from tests.factories import make_world
from tests.factories.customers import make_customer
from tests.factories.orders import ingest, sale

STORES = "{ stores { code } }"
CALLS = """query ($key: ID, $first: Int, $after: String) { partnerCalls(keyId: $key, first: $first, after: $after) {
  edges { node { keyId keyName at operation rootFields status code durationMs cost } }
  pageInfo { hasNextPage endCursor } } }"""


def bearer(app: Any, token: str) -> Browser:
    return Browser(app, authorization=f"Bearer {token}")


def code(answer: Any) -> str:
    return str(answer.json()["errors"][0]["extensions"]["code"])


async def made(admin: Browser, **said: Any) -> tuple[dict[str, Any], str]:
    wanted = {"name": "收银", "scopes": ["READ", "INGEST"], **said}
    shown = "key { id name scopes stores { code } expiresAt perMinute } bearer"
    payload = await admin.do("createPartnerKey", shown, **wanted)
    assert payload["userErrors"] == []
    return payload["key"], payload["bearer"]


async def test_a_key_is_shown_once_and_kept_nowhere(database: str) -> None:
    world = await make_world()
    async with serving() as app:
        admin, operation = await signed_in(app, world, "hq"), str(uuid4())
        key, token = await made(admin, operationId=operation)
        assert key["stores"] is None and key["expiresAt"] is None and key["perMinute"] == 600
        said = {"operationId": operation, "name": "收银", "scopes": ["READ", "INGEST"]}
        again = await admin.do("createPartnerKey", "key { id } bearer", **said)
        assert (again["key"]["id"], again["bearer"], again["userErrors"]) == (key["id"], None, [])
        assert len((await admin.ask("{ partnerKeys { id } }"))["partnerKeys"]) == 1
        assert (await bearer(app, token).ask(STORES))["stores"]
    kept = await everything_kept() + str(await db.fetch("SELECT * FROM partner_key"))
    assert token not in kept and token.removeprefix("shuke_") not in kept
    assert await db.fetch_value("SELECT count(*) FROM event WHERE kind = 'partner_key.created'") == 1


@pytest.mark.parametrize(
    ("said", "refused"),
    [
        ({"name": " "}, ("INVALID", "name")),
        ({"scopes": []}, ("REQUIRED", "scopes")),
        ({"storeIds": []}, ("NOT_FOUND", "storeIds")),
        ({"storeIds": [global_id("Store", new_id())]}, ("NOT_FOUND", "storeIds")),
        ({"expiresInDays": 0}, ("INVALID", "expiresInDays")),
        ({"perMinute": 0}, ("INVALID", "perMinute")),
        ({"perMinute": 60_001}, ("INVALID", "perMinute")),
    ],
)
async def test_a_key_that_cannot_be_is_refused_in_words(database: str, said: Any, refused: Any) -> None:
    world = await make_world()
    async with serving() as app:
        admin = await signed_in(app, world, "admin")
        payload = await admin.do("createPartnerKey", "bearer", **{"name": "x", "scopes": ["READ"], **said})
        assert payload["bearer"] is None
        assert [(error["code"], error["field"]) for error in payload["userErrors"]] == [refused]


async def test_a_key_limited_to_stores_reaches_only_those(database: str) -> None:
    world = await make_world()
    near, far = await make_customer(world), await make_customer(world, guide="stranger")
    await ingest(world, sale("here"), sale("there", store_code="S2"))
    await db.execute('UPDATE "order" SET customer_id = $1', near)
    async with serving() as app:
        admin = await signed_in(app, world, "admin")
        _, token = await made(admin, storeIds=[global_id("Store", world.stores[0])])
        till = bearer(app, token)
        assert (await till.ask(STORES))["stores"] == [{"code": "S1"}]
        text = "{ customers { edges { node { id orders { edges { node { receiptNo } } } } } totalCount } }"
        seen = (await till.ask(text))["customers"]
        assert [edge["node"]["id"] for edge in seen["edges"]] == [global_id("Customer", near)] and seen[
            "totalCount"
        ] == 1
        only = {"edges": [{"node": {"receiptNo": "here"}}]}
        assert seen["edges"][0]["node"]["orders"] == only
        assert (await till.ask("{ orders { edges { node { receiptNo } } } }"))["orders"] == only
        there = await db.fetch_value("SELECT id FROM \"order\" WHERE receipt_no = 'there'")
        for one in (global_id("Customer", far), global_id("Order", there), global_id("Store", world.stores[1])):
            assert (await till.ask("query ($id: ID!) { node(id: $id) { id } }", id=one))["node"] is None
        by_store = "query ($s: ID) { customers(storeId: $s) { totalCount } orders(storeId: $s) { edges { cursor } } }"
        elsewhere = await till.ask(by_store, s=global_id("Store", world.stores[1]))
        assert elsewhere == {"customers": {"totalCount": 0}, "orders": {"edges": []}}
        results = "results { verdict errors { message } }"
        answer = await till.do("ingestOrders", results, orders=[receipt("S1"), receipt("S2")])
        assert [one["verdict"] for one in answer["results"]] == ["CREATED", "REJECTED"]


def receipt(store: str) -> dict[str, Any]:
    line = {"quantity": "1", "totalMinor": "100"}
    moment = {"businessDate": "2026-11-01", "placedAt": "2026-11-01T10:00:00+08:00"}
    return {"source": "pos", "storeCode": store, "receiptNo": str(uuid4()), "lines": [line], **moment}


async def test_after_a_rotation_both_keys_work_until_the_overlap_ends(database: str, monkeypatch: Any) -> None:
    world = await make_world()
    async with serving() as app:
        admin = await signed_in(app, world, "admin")
        key, old = await made(admin)
        shown = "key { previousUntil previousUsedAt lastUsedAt } bearer"
        orders = {"operationId": str(uuid4()), "orders": [receipt("S1")]}
        text = "results { verdict orderId }"
        first = await bearer(app, old).do("ingestOrders", text, **orders)
        rotated = await admin.do("rotatePartnerKey", shown, id=key["id"], overlapHours=2)
        new = rotated["bearer"]
        assert rotated["key"]["previousUntil"] and new != old
        assert (await bearer(app, old).send(STORES)).status_code == 200
        # a batch that was on its way is the same batch by the new key
        assert await bearer(app, new).do("ingestOrders", text, **orders) == first
        listed = (await admin.ask("{ partnerKeys { lastUsedAt previousUsedAt } }"))["partnerKeys"][0]
        assert listed["lastUsedAt"] and listed["previousUsedAt"]
        later = clock.now() + timedelta(hours=2, seconds=1)
        monkeypatch.setattr(clock, "now", lambda: later)
        assert code(await bearer(app, old).send(STORES)) == "KEY_INVALID"
        assert (await bearer(app, new).send(STORES)).status_code == 200
        await admin.do("rotatePartnerKey", shown, id=key["id"], overlapHours=0)
        assert code(await bearer(app, new).send(STORES)) == "KEY_INVALID"


async def test_a_key_ends_by_itself_or_at_once_and_the_one_before_it_too(database: str, monkeypatch: Any) -> None:
    world = await make_world()
    async with serving() as app:
        admin = await signed_in(app, world, "admin")
        key, old = await made(admin, expiresInDays=1)
        new = (await admin.do("rotatePartnerKey", "bearer", id=key["id"], overlapHours=720, expiresInDays=90))["bearer"]
        now = clock.now()
        monkeypatch.setattr(clock, "now", lambda: now + timedelta(days=1, seconds=1))
        assert code(await bearer(app, old).send(STORES)) == "KEY_INVALID"  # not longer than it was given
        assert (await bearer(app, new).send(STORES)).status_code == 200
        monkeypatch.setattr(clock, "now", lambda: now + timedelta(days=90, seconds=1))
        assert code(await bearer(app, new).send(STORES)) == "KEY_INVALID"
        monkeypatch.setattr(clock, "now", lambda: now)
        for _ in range(2):
            payload = await admin.do("revokePartnerKey", "key { revokedAt }", id=key["id"])
            assert payload["key"]["revokedAt"] and not payload["userErrors"]
        answer = await bearer(app, new).send(STORES)
        assert (answer.status_code, answer.headers["www-authenticate"]) == (401, "Bearer")
        payload = await admin.do("rotatePartnerKey", "bearer", id=key["id"])
        assert (payload["bearer"], payload["userErrors"][0]["field"]) == (None, "id")


async def test_another_brands_keys_and_calls_are_out_of_reach(database: str) -> None:
    world, other = await make_world(), await make_world("别家")
    async with serving() as app:
        key, token = await made(await signed_in(app, world, "admin"))
        await bearer(app, token).ask(STORES)
        stranger = await signed_in(app, other, "admin")
        assert (await stranger.ask("{ partnerKeys { id } }"))["partnerKeys"] == []
        assert (await stranger.ask(CALLS, key=key["id"]))["partnerCalls"]["edges"] == []
        for field in ("rotatePartnerKey", "revokePartnerKey"):
            assert (await stranger.do(field, "key { id }", id=key["id"]))["userErrors"][0]["code"] == "NOT_FOUND"
        assert (await bearer(app, token).send(STORES)).status_code == 200


async def test_the_rate_is_told_with_every_answer_and_held_across_processes(database: str) -> None:
    world = await make_world()
    async with serving() as app, serving() as second:
        admin = await signed_in(app, world, "admin")
        _, token = await made(admin, perMinute=3)
        answers = [await bearer(gate, token).send(text) for gate, text in ((app, STORES), (second, "{"), (app, STORES))]
        assert [answer.headers["ratelimit-policy"] for answer in answers] == ['"minute";q=3;w=60'] * 3
        assert [answer.headers["ratelimit"].split(";")[1] for answer in answers] == ["r=2", "r=1", "r=0"]
        for gate in (app, second, app):
            refused = await bearer(gate, token).send(STORES)
            assert (refused.status_code, code(refused)) == (429, "RATE_LIMITED")
            assert 1 <= int(refused.headers["retry-after"]) <= 60 and ";r=0;" in refused.headers["ratelimit"]
        calls = (await admin.ask(CALLS))["partnerCalls"]["edges"]
        assert [edge["node"]["status"] for edge in calls] == [429, 200, 200, 200]  # of a flood, the first
        await db.execute("UPDATE throttle SET window_ends_at = $1", clock.now())
        assert (await bearer(app, token).send(STORES)).status_code == 200


async def test_every_call_leaves_a_row_with_nothing_of_its_variables(database: str) -> None:
    world = await make_world()
    async with serving() as app:
        admin = await signed_in(app, world, "admin")
        key, token = await made(admin)
        till = bearer(app, token)
        await till.send(
            "query Look($s: String) { stores { code } customers(search: $s, first: 20) { totalCount } }",
            {"s": "13800001111"},
        )
        await till.send("{ today { openCount } }")
        await till.send("{ nothing }")
        await till.http.post("/graphql", content=b"{", headers={"content-type": "application/json"})
        await till.http.post("/graphql", content=b"x" * 1_100_000, headers={"content-type": "application/json"})
        await admin.ask(STORES)
        rows = [edge["node"] for edge in (await admin.ask(CALLS))["partnerCalls"]["edges"]][::-1]
    shown = [(row["operation"], row["rootFields"], row["status"], row["code"], row["cost"]) for row in rows]
    assert shown == [
        ("Look", ["stores", "customers"], 200, None, 23),
        (None, ["today"], 200, "FORBIDDEN", 21),
        (None, [], 200, "GRAPHQL_VALIDATION_FAILED", 0),
        (None, [], 400, "BAD_REQUEST", 0),
        (None, [], 413, "BODY_TOO_LARGE", 0),
    ]
    assert all(row["keyId"] == key["id"] and row["keyName"] == "收银" and row["durationMs"] >= 0 for row in rows)
    assert "13800001111" not in str(await db.fetch("SELECT * FROM partner_call"))


async def test_calls_are_paged_and_forgotten_after_ninety_days(database: str) -> None:
    world = await make_world()
    async with serving() as app:
        admin = await signed_in(app, world, "hq")
        till = await partner(app, world, "read")
        for name in "ABC":
            await till.ask(f"query {name} {STORES}")
        page = (await admin.ask(CALLS, first=2))["partnerCalls"]
        assert [edge["node"]["operation"] for edge in page["edges"]] == ["C", "B"] and page["pageInfo"]["hasNextPage"]
        page = (await admin.ask(CALLS, first=2, after=page["pageInfo"]["endCursor"]))["partnerCalls"]
        assert [edge["node"]["operation"] for edge in page["edges"]] == ["A"]
    for days, left in ((89, 4), (91, 4)):
        at = clock.now() - timedelta(days=days)
        await db.execute("UPDATE partner_call SET id = $1 WHERE operation = 'A'", UUID(int=first_id(at).int + days))
        purged = await identity.purge_calls()
        assert purged == (1 if days > 90 else 0), left


async def test_a_call_is_answered_without_a_queue_and_if_it_cannot_be_put_down(database: str, caplog: Any) -> None:
    world = await make_world()
    till = await partner(real_app(), world, "read")
    assert (await till.send(STORES)).headers["ratelimit"].startswith('"minute";r=599;')
    await db.execute("ALTER TABLE partner_call RENAME TO away")
    assert (await till.ask(STORES))["stores"]
    assert "the record of a call" in caplog.text
