"""Logs say what was asked, by which brand's people and how long it took, and never about whom."""

import io
import json
import logging
from collections.abc import AsyncIterator, Iterator
from typing import Any
from uuid import uuid4

import pytest
from starlette.types import ASGIApp

from shuke.app.log import configure
from shuke.kit import db, trace
from tests.api.real import Browser, serving, signed_in
from tests.factories import World, make_world

NAME, ALIAS, PHONE, WORD = "周雨桐", "小满妈妈", "13987654321", "花生过敏"
SEARCH = "query Find_13987654321($text: String) { customers(first: 5, search: $text) { edges { node { id } } } }"


@pytest.fixture
def written() -> Iterator[io.StringIO]:
    """What the API's process would write to its log."""
    root, ours = logging.getLogger(), [logging.getLogger(name) for name in ("shuke", "shuke.request", "arq")]
    handlers, levels = list(root.handlers), [logger.level for logger in (root, *ours)]
    configure("json")
    page = io.StringIO()
    handler = root.handlers[0]
    assert isinstance(handler, logging.StreamHandler)
    handler.setStream(page)
    yield page
    root.handlers[:] = handlers
    for logger, level in zip((root, *ours), levels, strict=True):
        logger.setLevel(level)


@pytest.fixture
async def app(database: str) -> AsyncIterator[ASGIApp]:
    async with serving() as made:
        yield made


@pytest.fixture
async def world(database: str) -> World:
    return await make_world()


def lines(page: io.StringIO) -> list[dict[str, Any]]:
    return [json.loads(line) for line in page.getvalue().splitlines()]


async def customer(browser: Browser) -> Any:
    return await browser.do("createCustomer", "customer { id }", id=str(uuid4()), name=NAME, alias=ALIAS, phone=PHONE)


def nothing_personal(page: io.StringIO, *more: str) -> None:
    for word in (NAME, ALIAS, PHONE, PHONE[-8:], WORD, *more):
        assert word not in page.getvalue(), word
        assert json.dumps(word)[1:-1] not in page.getvalue(), word


async def test_a_request_is_one_line_with_its_operation_brand_and_duration(
    app: ASGIApp, world: World, written: io.StringIO
) -> None:
    browser = await signed_in(app, world, "guide")
    answer = await browser.send("query Hers { customers(first: 1) { edges { node { id } } } }")
    [line] = lines(written)
    assert line["id"] == answer.headers["x-request-id"]
    assert line["operation"] == "customers" and line["brand"] == str(world.brand_id)
    assert line["status"] == 200 and line["ms"] > 0
    assert line["logger"] == "shuke.request" and line["level"] == "INFO"


async def test_a_proxys_name_for_a_request_is_kept_if_it_can_name_nobody(
    app: ASGIApp, world: World, written: io.StringIO
) -> None:
    browser, given = await signed_in(app, world, "guide"), str(uuid4())
    assert (await browser.send("{ __typename }", {}, **{"x-request-id": given})).headers["x-request-id"] == given
    assert (await browser.send("{ __typename }", {}, **{"x-request-id": PHONE})).headers["x-request-id"] != PHONE
    nothing_personal(written)


async def test_what_people_type_is_in_no_line(app: ASGIApp, world: World, written: io.StringIO) -> None:
    guide = await signed_in(app, world, "guide")
    made = await customer(guide)
    assert not made["userErrors"], made
    await customer(guide)  # the number is taken: a refusal
    await guide.send(SEARCH, {"text": NAME})
    await guide.send(SEARCH, {"text": PHONE})
    await guide.send(SEARCH, {"text": [PHONE]})  # refused by the schema, whose message repeats it
    await guide.send(f'{{ customers(first: 5, search: "{PHONE}") {{ nonsense }} }}')
    await guide.http.get("/graphql", params={"query": "{ customers(first: 1) { edges { node { id } } } }", "x": PHONE})
    await guide.http.get(f"/customers/{PHONE}?q={NAME}")
    await guide.do("addNote", "entry { id }", id=str(uuid4()), customerId=made["customer"]["id"], text=WORD)
    await Browser(app).sign_in(world.phones["guide"], "not her password")
    nothing_personal(written, world.phones["guide"], world.phones["guide"][3:], "not her password", "Find_")
    assert len(lines(written)) >= 9


async def test_a_surprise_says_where_and_not_about_whom(app: ASGIApp, world: World, written: io.StringIO) -> None:
    """PostgreSQL's own message holds the whole row that a constraint refused."""
    guide = await signed_in(app, world, "guide")
    await db.execute("ALTER TABLE customer ADD CONSTRAINT no_such_name CHECK (name IS NULL OR name = 'nobody')")
    answer = await guide.send(
        """mutation ($input: CreateCustomerInput!) { createCustomer(input: $input) { userErrors { code } } }""",
        {"input": {"operationId": str(uuid4()), "id": str(uuid4()), "name": NAME, "alias": ALIAS, "phone": PHONE}},
    )
    [error] = answer.json()["errors"]
    [line] = [line for line in lines(written) if line["level"] == "ERROR"]
    assert error["extensions"]["errorId"] in line["message"] and "CheckViolation" in line["message"]
    assert line["operation"] == "createCustomer" and line["brand"] == str(world.brand_id)
    nothing_personal(written, "Failing row")


async def test_an_exceptions_text_stays_out_of_every_line(written: io.StringIO) -> None:
    import asyncio

    from shuke.app.log import mind

    loop = asyncio.get_running_loop()
    mind(loop)
    try:
        with trace.work("job.import"):
            try:
                raise ValueError(f"row of {NAME}, {PHONE}")
            except ValueError as error:
                logging.getLogger("shuke.x").exception("job failed")
                loop.call_exception_handler({"message": "a task died", "exception": error, "future": repr(error)})
    finally:
        loop.set_exception_handler(None)
    first, second = lines(written)
    assert first["operation"] == "job.import" and first["error"].endswith("ValueError")
    assert second["message"] == "a task died" and second["error"].endswith("ValueError")
    nothing_personal(written)
