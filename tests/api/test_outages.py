"""The database goes, fills up, swallows an answer; the queue goes: what is said, and nothing is lost or doubled."""

import io
import logging
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import asyncpg
import pytest
from starlette.types import ASGIApp

from shuke.app.log import configure
from shuke.kit import db, queue
from tests.api.real import Browser, real_app, signed_in
from tests.api.wire import Wire, wire
from tests.factories import World, make_world
from tests.factories.customers import next_phone
from tests.servers import embedded_for_tests

CREATE = """mutation ($input: CreateCustomerInput!) { createCustomer(input: $input) {
  customer { id name } userErrors { code message } } }"""
TODAY = "{ today { openCount } }"
FAIL = """CREATE FUNCTION fail() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
  RAISE EXCEPTION 'as the server would' USING ERRCODE = '{}'; END $$"""


@dataclass(slots=True)
class Shop:
    """The API on a wire that may be cut, and a guide signed in."""

    wire: Wire
    app: ASGIApp
    world: World
    guide: Browser
    direct: asyncpg.Connection
    """past the wire"""

    async def failing(self, table: str, code: str) -> None:
        """From now on the server answers every insert into the table with this SQLSTATE."""
        await self.direct.execute(FAIL.format(code))
        await self.direct.execute(f"CREATE TRIGGER fail BEFORE INSERT ON {table} EXECUTE FUNCTION fail()")

    async def mended(self) -> None:
        await self.direct.execute("DROP FUNCTION fail() CASCADE")


@pytest.fixture
async def shop(database_url: str) -> AsyncIterator[Shop]:
    direct = await asyncpg.connect(database_url)
    async with wire(database_url) as (made, url):
        await db.connect(url)
        queue.configure(embedded_for_tests().redis)
        try:
            world, app = await make_world(), real_app()
            yield Shop(made, app, world, await signed_in(app, world, "guide"), direct)
        finally:
            await direct.close()
            await queue.close()
            await db.disconnect()


def newcomer() -> dict[str, Any]:
    return {"input": {"operationId": str(uuid4()), "id": str(uuid4()), "phone": next_phone(), "name": "周雨桐"}}


def check_away(answer: Any, words: str) -> None:
    assert answer.status_code == 503, answer.text
    assert int(answer.headers["retry-after"]) > 0 and set(answer.json()) == {"errors"}
    (error,) = answer.json()["errors"]
    assert error["extensions"] == {"code": "UNAVAILABLE"} and words in error["message"]


async def customers() -> int:
    return int(await db.fetch_value("SELECT count(*) FROM customer"))


async def test_without_its_database_it_says_so_and_recovers_by_itself(
    shop: Shop, caplog: pytest.LogCaptureFixture
) -> None:
    guide = shop.guide
    said = newcomer()
    await shop.wire.cut()
    for _ in range(3):
        check_away(await guide.send(TODAY), "database")
        check_away(await guide.send(CREATE, said), "database")
    check_away(await guide.send(TODAY, None, **{"accept-language": "zh-CN"}), "数据库")
    check_away(await Browser(shop.app).send("{ stores { id } }", None, authorization="Bearer x"), "database")
    assert (await guide.http.get("/health/live")).status_code == 200
    ready = await guide.http.get("/health/ready")
    assert ready.status_code == 503 and ready.json() == {"status": {"database": "down", "queue": "up"}}
    assert said["input"]["phone"] not in caplog.text
    await shop.wire.mend()
    assert (await guide.http.get("/health/ready")).status_code == 200
    assert (await guide.send(CREATE, said)).json()["data"]["createCustomer"]["userErrors"] == []
    assert await customers() == 1


async def test_a_write_whose_answer_was_lost_after_the_commit_happens_once(
    shop: Shop,
) -> None:
    guide = shop.guide
    said = newcomer()
    shop.wire.lose_answer_to = b"COMMIT"
    check_away(await guide.send(CREATE, said), "database")
    assert await customers() == 1  # it was saved: nobody could know
    answers = [(await guide.send(CREATE, said)).json() for _ in range(2)]
    assert answers[0] == answers[1] and answers[0]["data"]["createCustomer"]["customer"]["name"] == "周雨桐"
    assert await customers() == 1
    assert await db.fetch_value("SELECT count(*) FROM event WHERE kind = 'customer.created'") == 1


async def test_a_write_that_broke_off_before_the_commit_left_nothing(
    shop: Shop,
) -> None:
    guide = shop.guide
    said = newcomer()
    shop.wire.lose_answer_to = b"INSERT INTO timeline_entry"
    check_away(await guide.send(CREATE, said), "database")
    assert await customers() == 0
    assert (await guide.send(CREATE, said)).json()["data"]["createCustomer"]["userErrors"] == []
    assert await customers() == 1


@pytest.mark.parametrize("table", ["event", "operation", "customer", "throttle"])
async def test_a_full_disk_is_said_and_leaves_nothing_half_done(shop: Shop, table: str) -> None:
    guide = shop.guide
    said = newcomer()
    await shop.failing(table, "53100")
    if table == "throttle":
        sign_in = "mutation ($input: SignInInput!) { signIn(input: $input) { userErrors { code } } }"
        who = {"operationId": str(uuid4()), "phone": shop.world.phones["guide"], "password": "x"}
        check_away(await Browser(shop.app).send(sign_in, {"input": who}), "disk")
    else:
        check_away(await guide.send(CREATE, said), "disk")
        assert await customers() == 0 and await db.fetch_value("SELECT count(*) FROM operation") == 0
    assert (await guide.send(TODAY)).status_code == 200  # reading goes on
    await shop.mended()
    assert (await guide.send(CREATE, said)).json()["data"]["createCustomer"]["userErrors"] == []


async def test_without_the_queue_only_what_needs_it_says_so(shop: Shop) -> None:
    guide = shop.guide
    admin = await signed_in(shop.app, shop.world, "admin")
    operation = str(uuid4())
    await queue.close()
    queue.configure("unix:///nonexistent/valkey.sock")
    refused = await admin.do("refreshSegments", "queued", operationId=operation)
    assert refused["queued"] is False and refused["userErrors"][0]["code"] == "UNAVAILABLE"
    ready = await guide.http.get("/health/ready")
    assert ready.status_code == 503 and ready.json() == {"status": {"database": "up", "queue": "down"}}
    assert (await guide.send(TODAY)).status_code == 200
    assert (await guide.send(CREATE, newcomer())).json()["data"]["createCustomer"]["userErrors"] == []
    queue.configure(embedded_for_tests().redis)
    again = await admin.do("refreshSegments", "queued", operationId=operation)
    assert again == {"queued": True, "userErrors": []}


async def test_the_loser_of_a_deadlock_may_come_again(shop: Shop) -> None:
    said = newcomer()
    await shop.failing("event", "40P01")
    check_away(await shop.guide.send(CREATE, said), "database")
    await shop.mended()
    assert (await shop.guide.send(CREATE, said)).json()["data"]["createCustomer"]["userErrors"] == []


def test_what_a_database_says_of_a_row_stays_out_of_the_log() -> None:
    root, kept = logging.getLogger(), list(logging.getLogger().handlers)
    level, words = root.level, io.StringIO()
    try:
        configure()
        root.handlers[0].stream = words  # type: ignore[attr-defined]
        try:
            try:
                raise ValueError(f"Key (phone)=({'138'}00001111) already exists")
            except ValueError as error:
                raise RuntimeError(str(error)) from error
        except RuntimeError:
            logging.getLogger("shuke").exception("handler failed")
    finally:
        root.handlers[:] = kept
        root.setLevel(level)
    assert "RuntimeError because of ValueError" in words.getvalue() and "test_outages" in words.getvalue()
    assert "13800001111" not in words.getvalue()
