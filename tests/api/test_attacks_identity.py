"""Attacks on who somebody is: cookies, sessions, keys, guesses, other sites' pages."""

import asyncio
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest

from shuke.api.context import COOKIE
from shuke.domains.identity.service import sessions
from shuke.kit import clock, db
from tests.api.real import ORIGIN, SIGN_IN, Browser, partner, serving, signed_in
from tests.factories import PASSWORD, make_world

ME = "{ me { staff { name } } }"
WRONG = "not her password"


def codes(payload: Any) -> list[str]:
    return [problem["code"] for problem in payload["userErrors"]]


async def test_the_session_cookie_is_kept_from_scripts_and_from_other_sites(database: str) -> None:
    world = await make_world()
    async with serving() as app:
        browser = Browser(app)
        said = {"operationId": str(uuid4()), "phone": world.phones["guide"], "password": PASSWORD}
        answer = await browser.send(SIGN_IN, {"input": said})
        parts = {part.strip().lower() for part in answer.headers["set-cookie"].split(";")[1:]}
        assert {"httponly", "samesite=strict", "path=/"} <= parts and "secure" not in parts  # plain http
        browser.http.base_url = "https://shop.example"
        answer = await browser.send(SIGN_IN, {"input": {**said, "operationId": str(uuid4())}})
        assert "secure" in answer.headers["set-cookie"].lower()
        assert str(browser.token()) not in answer.text and PASSWORD not in answer.text


async def test_a_session_that_ended_in_whatever_way_is_nobodys(database: str) -> None:
    world = await make_world()
    ways = {
        "revoked": "UPDATE session SET revoked_at = now()",
        "expired": "UPDATE session SET expires_at = now() - interval '1 second'",
        "left": "UPDATE staff SET left_at = now()",
    }
    async with serving() as app:
        for who, how in zip(("guide", "manager", "admin"), ways, strict=True):
            browser = await signed_in(app, world, who)
            assert (await browser.ask(ME))["me"] == {"staff": {"name": who}}
            target = "id" if how == "left" else "staff_id"
            await db.execute(f"{ways[how]} WHERE {target} = $1", world.staff[who].id)
            assert (await browser.ask(ME))["me"] is None
            answer = (await browser.send("{ today { openCount } }")).json()
            assert answer["errors"][0]["extensions"]["code"] == "SIGN_IN_NEEDED"
            payload = await browser.do("updateMe", locale="EN")
            assert codes(payload) == ["SIGN_IN_NEEDED"]
        fresh = await Browser(app).sign_in(world.phones["admin"])
        assert codes(fresh) == ["SIGN_IN_FAILED"]  # who has left cannot come back in


async def test_a_session_cannot_be_planted_nor_brought_back(database: str) -> None:
    world = await make_world()
    async with serving() as app:
        victim, operation = Browser(app), str(uuid4())
        victim.http.cookies.set(COOKIE, "planted-by-somebody", "shop.example", "/")
        assert codes(await victim.sign_in(world.phones["guide"], operationId=operation)) == []
        token = victim.token()
        assert token and "planted" not in token
        # the operation id alone, or with another's password, opens nothing of hers
        thief = Browser(app)
        assert codes(await thief.sign_in(world.phones["guide"], WRONG, operationId=operation)) == ["SIGN_IN_FAILED"]
        await thief.sign_in(world.phones["colleague"], operationId=operation)
        assert thief.token() != token and (await thief.ask(ME))["me"]["staff"]["name"] == "colleague"
        # the same again is the same session; ended, it stays so
        again = Browser(app)
        await again.sign_in(world.phones["guide"], operationId=operation)
        assert again.token() == token
        assert codes(await victim.do("signOut")) == []
        late = Browser(app)
        answer = await late.sign_in(world.phones["guide"], operationId=operation)
        assert answer["me"] is None and codes(answer) == ["OPERATION_REUSED"] and late.token() is None


async def test_guesses_are_throttled_and_honest_colleagues_are_not(database: str) -> None:
    world = await make_world()
    async with serving() as app:
        guesser = Browser(app, "10.9.9.9")
        seen = [codes(await guesser.sign_in(world.phones["guide"], WRONG)) for _ in range(9)]
        assert seen == [["SIGN_IN_FAILED"]] * 8 + [["TOO_MANY"]]
        assert codes(await guesser.sign_in(world.phones["guide"])) == ["TOO_MANY"]
        # behind the same address and elsewhere the others, and she herself elsewhere, sign in
        assert codes(await Browser(app, "10.9.9.9").sign_in(world.phones["colleague"])) == []
        assert codes(await Browser(app, "10.8.8.8").sign_in(world.phones["guide"])) == []
        kept = await db.fetch("SELECT key FROM throttle")
        assert kept and not any(phone[-8:] in row[0] for row in kept for phone in world.phones.values())


async def test_successes_behind_one_address_are_not_counted_and_failures_are(
    database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sessions, "TRIES_FROM_ADDRESS", 3)
    monkeypatch.setattr(sessions, "TRIES_FOR_NUMBER", 5)
    world = await make_world()
    async with serving() as app:
        for _ in range(4):
            assert codes(await Browser(app).sign_in(world.phones["guide"])) == []
        wrong = [codes(await Browser(app).sign_in(world.phones[who], WRONG))[0] for who in ("hq", "admin", "manager")]
        assert wrong == ["SIGN_IN_FAILED"] * 3
        assert codes(await Browser(app).sign_in(world.phones["guide"])) == ["TOO_MANY"]
        # one number from ever new addresses
        seen = [codes(await Browser(app, f"10.1.1.{n}").sign_in(world.phones["regional"], WRONG)) for n in range(6)]
        assert seen == [["SIGN_IN_FAILED"]] * 5 + [["TOO_MANY"]]


async def test_many_guesses_at_once_count_each(database: str) -> None:
    world = await make_world()
    async with serving() as app:
        tries = [Browser(app).sign_in(world.phones["guide"], WRONG) for _ in range(12)]
        seen = [codes(answer)[0] for answer in await asyncio.gather(*tries)]
        assert seen.count("SIGN_IN_FAILED") == 8 and seen.count("TOO_MANY") == 4


async def test_an_unknown_number_costs_a_hash_like_a_known_one(database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    world, hashed = await make_world(), []

    async def counted(stored: str, password: str) -> bool:
        hashed.append(stored)
        return False

    monkeypatch.setattr(sessions, "matches", counted)
    async with serving() as app:
        answers = [await Browser(app).sign_in(phone, WRONG) for phone in (world.phones["guide"], "13000000000", "x")]
    assert len(hashed) == 3 and answers[0] == answers[1] == answers[2]


async def test_many_guesses_in_one_document_are_counted_one_by_one(database: str) -> None:
    world = await make_world()
    call = (
        'a{0}: signIn(input: {{operationId: "{1}", phone: "{2}", password: "{0} guessed"}}) {{ userErrors {{ code }} }}'
    )
    text = " ".join(call.format(n, uuid4(), world.phones["guide"]) for n in range(12))
    async with serving() as app:
        data = await Browser(app).ask(f"mutation {{ {text} }}")
    assert [codes(data[f"a{n}"])[0] for n in range(12)] == ["SIGN_IN_FAILED"] * 8 + ["TOO_MANY"] * 4


@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "https://evil.example"},
        {"origin": "null"},
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
        {"origin": "https://evil.example", "authorization": "bearer\tx"},
        {"content-type": "text/plain"},
        {"content-type": "application/x-www-form-urlencoded"},
        {"content-type": "multipart/form-data; boundary=x"},
    ],
    ids=str,
)
async def test_another_sites_page_cannot_use_her_session(database: str, headers: dict[str, str]) -> None:
    world = await make_world()
    async with serving() as app:
        browser = await signed_in(app, world, "guide")
        said = {"input": {"operationId": str(uuid4()), "locale": "EN"}}
        text = "mutation ($input: UpdateMeInput!) { updateMe(input: $input) { userErrors { code } } }"
        answer = await browser.send(text, said, **headers)
        assert answer.status_code in (403, 415) and "data" not in answer.json()
        answer = await browser.http.get(
            "/graphql", params={"query": "mutation { __typename }"}, headers={"origin": ORIGIN}
        )
        assert answer.status_code == 405
    assert await db.fetch_value("SELECT locale FROM staff WHERE id = $1", world.staff["guide"].id) == "zh-CN"


async def test_a_bearer_key_with_a_cookie_acts_as_the_key_alone(database: str) -> None:
    world = await make_world()
    async with serving() as app:
        browser = await signed_in(app, world, "guide")
        answer = await browser.send(ME, None, authorization="Bearer nothing", origin="https://evil.example")
        assert answer.status_code == 401 and answer.json()["errors"][0]["extensions"]["code"] == "KEY_INVALID"


async def test_a_partners_key_does_what_its_scope_says_until_it_is_revoked(database: str) -> None:
    world = await make_world()
    orders = "{ orders { edges { node { id } } } }"
    async with serving() as app:
        reader, till = await partner(app, world, "read"), await partner(app, world, "ingest")
        assert (await reader.ask(orders))["orders"] == {"edges": []}
        assert (await till.send(orders)).json()["errors"][0]["extensions"]["code"] == "FORBIDDEN"
        assert codes(await reader.do("ingestOrders", orders=[])) == ["FORBIDDEN"]
        assert codes(await till.do("ingestOrders", orders=[])) == []
        for closed in (
            "{ today { openCount } }",
            "{ sessions { id } }",
            "{ inbox { unread } }",
            "{ pushDevices { id } }",
        ):
            assert (await reader.send(closed)).json()["errors"][0]["extensions"]["code"] == "FORBIDDEN"
        key = reader.http.headers["authorization"].split()[1]
        for address in (f"/graphql?access_token={key}", f"/graphql?key={key}", f"/graphql?authorization=Bearer+{key}"):
            answer = await Browser(app).http.post(address, json={"query": orders})
            assert answer.json()["errors"][0]["extensions"]["code"] == "SIGN_IN_NEEDED"
        await db.execute("UPDATE partner_key SET revoked_at = $1 WHERE name = 'till'", clock.now())
        assert (await reader.send(orders)).json()["errors"][0]["extensions"]["code"] == "KEY_INVALID"
        assert key not in str(await db.fetch("SELECT * FROM partner_key"))


async def test_one_person_cannot_end_or_see_anothers_sessions(database: str) -> None:
    world = await make_world()
    async with serving() as app:
        guide, colleague = await signed_in(app, world, "guide"), await signed_in(app, world, "colleague")
        hers = (await guide.ask("{ me { sessionId } }"))["me"]["sessionId"]
        assert codes(await colleague.do("revokeSession", id=hers)) == ["NOT_FOUND"]
        assert hers not in [one["id"] for one in (await colleague.ask("{ sessions { id } }"))["sessions"]]
        assert (await colleague.ask("query ($id: ID!) { node(id: $id) { id } }", id=hers))["node"] is None
        assert (await guide.ask(ME))["me"]
        with clock.pretended(clock.now() + timedelta(days=91)):
            assert (await guide.ask(ME))["me"] is None
