"""Whatever is sent: a clear answer of the negotiated media type, never a 500, and the others are served meanwhile."""

import asyncio
import json
import time
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
from graphql import get_introspection_query
from starlette.types import ASGIApp

from tests.api import toy
from tests.api.real import real_app

JSON = "application/json"
GRAPHQL = "application/graphql-response+json"
BOMB = "{ ...f0 }" + "".join(f"fragment f{n} on Query {{ ...f{n + 1} ...f{n + 1} }} " for n in range(60))
BOMB += "fragment f60 on Query { __typename }"


@pytest.fixture
def app() -> ASGIApp:
    return toy.create_app()


@pytest.fixture(params=[JSON, GRAPHQL])
async def http(app, request):
    async with toy.client(app) as client:
        client.headers["accept"] = request.param
        yield client


@pytest.fixture(params=[JSON, GRAPHQL])
def accept(request) -> str:
    return str(request.param)


@pytest.fixture(params=[toy.create_app, real_app], ids=["toy", "real"])
async def either(accept, request):
    """Against the small schema, and against the shop's own."""
    async with toy.client(request.param()) as client:
        client.headers["accept"] = accept
        yield client


async def post(http: httpx.AsyncClient, body: bytes, kind: str | None = JSON) -> httpx.Response:
    return await http.post("/graphql", content=body, headers={"content-type": kind} if kind else {})


def check(response: httpx.Response, accept: str, status: int, code: str) -> None:
    assert response.status_code == status, response.text[:300]
    assert response.headers["content-type"] == f"{accept}; charset=utf-8"
    assert set(response.json()) == {"errors"}
    error = response.json()["errors"][0]
    assert error["message"] and len(error["message"]) < 500
    assert error["extensions"]["code"] == code


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"", "BAD_REQUEST"),
        (b"{", "BAD_REQUEST"),
        (b"1", "BAD_REQUEST"),
        (b"null", "BAD_REQUEST"),
        (b"[]", "BAD_REQUEST"),
        (b'"{ __typename }"', "BAD_REQUEST"),
        (b'[{"query": "{ __typename }"}]', "BAD_REQUEST"),
        (b"{}", "BAD_REQUEST"),
        (b'{"query": ""}', "BAD_REQUEST"),
        (b'{"query": null}', "BAD_REQUEST"),
        (b'{"query": "\xff\xfe"}', "BAD_REQUEST"),
        (b'{"query": "\\ud800"}', "BAD_REQUEST"),
        (b'{"query": "{ __typename }", "variables": {"n": NaN}}', "BAD_REQUEST"),
        (b'{"query": "{ __typename }", "variables": {"n": ' + b"1" * 5_000 + b"}}", "BAD_REQUEST"),
        (b"[" * 50_000, "BODY_TOO_DEEP"),
        (b'{"query":' * 50_000, "BODY_TOO_DEEP"),
        (b'{"query": "{ __typename }", "variables": {"v": ' + b"[" * 200 + b"]" * 200 + b"}}", "VARIABLES_TOO_DEEP"),
        (b'{"query": 1}', "BAD_REQUEST"),
        (b'{"query": ["{ __typename }"]}', "BAD_REQUEST"),
        (b'{"query": "{ __typename }", "variables": "x"}', "BAD_REQUEST"),
        (b'{"query": "{ __typename }", "variables": [1]}', "BAD_REQUEST"),
        (b'{"query": "{ __typename }", "operationName": {"a": 1}}', "BAD_REQUEST"),
        (b'{"query": "{ __typename }", "extensions": 0}', "BAD_REQUEST"),
    ],
    ids=lambda value: repr(value[:40]) if isinstance(value, bytes) else value,
)
async def test_a_malformed_body_is_a_400(either, body, code):
    check(await post(either, body), either.headers["accept"], 400, code)


@pytest.mark.parametrize("kind", [None, "text/plain", "application/graphql", "application/json; charset=latin-1", ";"])
async def test_a_wrong_content_type_is_a_415(either, kind):
    check(
        await post(either, b'{"query": "{ __typename }"}', kind),
        either.headers["accept"],
        415,
        "UNSUPPORTED_MEDIA_TYPE",
    )


@pytest.mark.parametrize("query", ["variables=1&query=x", "variables={&query=x", "query=", "", "extensions=[]&query=x"])
async def test_a_malformed_get_is_a_400(either, query):
    check(await either.get(f"/graphql?{query}"), either.headers["accept"], 400, "BAD_REQUEST")


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("{", "GRAPHQL_PARSE_FAILED"),
        ("\x00", "GRAPHQL_PARSE_FAILED"),
        ("{ nothing }", "GRAPHQL_VALIDATION_FAILED"),
        ("query Q($v: Nothing!) { __typename }", "GRAPHQL_VALIDATION_FAILED"),
        ("{ ...f } fragment f on Query { ...f }", "GRAPHQL_VALIDATION_FAILED"),
        ("{ ...missing }", "GRAPHQL_VALIDATION_FAILED"),
        ("type Query { a: Int }", "GRAPHQL_VALIDATION_FAILED"),
        ("{" + "".join(f"a{n}: __typename " for n in range(1_000)) + "}", "TOO_MANY_TOKENS"),
        ("{" + "".join(f"a{n}: __typename " for n in range(31)) + "}", "TOO_MANY_ALIASES"),
        ("{ box " + "{ inner " * 12 + "{ label }" + "}" * 13, "TOO_DEEP"),
        ("{ box " + "{ inner " * 900 + "}" * 901, "TOO_DEEP"),
        ("{ echo(text: " + "[" * 900 + "]" * 900 + ") }", "TOO_DEEP"),
        ("{" + "__typename " * 501 + "}", "TOO_MANY_FIELDS"),
        (BOMB, "TOO_MANY_FIELDS"),
        ("#" * 70_000, "DOCUMENT_TOO_LONG"),
        ("query Q($v: String!) { __type(name: $v) { name } }", "BAD_USER_INPUT"),
    ],
    ids=lambda value: value[:30],
)
async def test_a_document_that_cannot_run_has_no_data_and_a_code(either, query, code):
    status = 200 if either.headers["accept"] == JSON else 400
    check(await either.post("/graphql", json={"query": query}), either.headers["accept"], status, code)


async def test_an_unknown_operation_name_is_named(either):
    status = 200 if either.headers["accept"] == JSON else 400
    response = await either.post("/graphql", json={"query": "query A { __typename }", "operationName": "B"})
    check(response, either.headers["accept"], status, "BAD_USER_INPUT")
    assert "B" in response.json()["errors"][0]["message"]


async def test_a_bad_variable_is_named(http):
    query = "query Q($lines: [Line!]!) { count(lines: $lines) }"
    status = 200 if http.headers["accept"] == JSON else 400
    wrong: list[Any] = [None, 1, [None], [{"sku": 1, "quantity": 1}], [{}] * 5_000, [{"sku": "a", "quantity": 10**30}]]
    for lines in wrong:
        response = await http.post("/graphql", json={"query": query, "variables": {"lines": lines}})
        check(response, http.headers["accept"], status, "BAD_USER_INPUT")
        assert len(response.json()["errors"]) <= 51


async def test_deep_but_allowed_variables_pass_through_every_recursion(http):
    rule: dict[str, object] = {}
    for _ in range(30):
        rule = {"all": [rule]}
    query = "query Q($rule: Rule!, $value: JSON!) { rule(rule: $rule) anything(value: $value) }"
    response = await http.post("/graphql", json={"query": query, "variables": {"rule": rule, "value": rule}})
    assert response.json() == {"data": {"rule": True, "anything": rule}}


async def test_the_explorers_own_query_is_within_the_limits(either):
    response = await either.post("/graphql", json={"query": get_introspection_query(input_value_deprecation=True)})
    assert response.json()["data"]["__schema"]["queryType"]["name"] == "Query"


async def test_a_huge_body_is_refused_without_reading_it_all(either):
    sent = 0

    async def ten_megabytes() -> AsyncIterator[bytes]:
        nonlocal sent
        for _ in range(10 * 16):
            sent += 65_536
            yield b"x" * 65_536

    async def announced() -> AsyncIterator[bytes]:
        raise AssertionError("the announced length was enough")
        yield b""

    response = await either.post("/graphql", content=ten_megabytes(), headers={"content-type": JSON})
    check(response, either.headers["accept"], 413, "BODY_TOO_LARGE")
    headers = {"content-type": JSON, "content-length": str(10**30)}
    response = await either.post("/graphql", content=announced(), headers=headers)
    check(response, either.headers["accept"], 413, "BODY_TOO_LARGE")


async def test_too_many_variable_values_are_refused(http):
    body = {"query": "query Q($v: JSON!) { anything(value: $v) }", "variables": {"v": [0] * 20_001}}
    check(await http.post("/graphql", json=body), http.headers["accept"], 413, "TOO_MANY_VALUES")


async def test_others_are_served_while_a_hard_document_is_validated(app):
    # Every pair of these fields is compared: slow to validate, and within every limit.
    hard = "{" + "box { label } " * 245 + "}"
    async with toy.client(app) as http:
        await http.post("/graphql", json={"query": "{ __typename }"})
        work = asyncio.create_task(http.post("/graphql", json={"query": hard}))
        await asyncio.sleep(0)
        waits = []
        while not work.done():
            begun = time.perf_counter()
            await asyncio.sleep(0.001)  # this transport answers without ever giving way to the loop
            assert (await http.post("/graphql", json={"query": "{ __typename }"})).status_code == 200
            waits.append(time.perf_counter() - begun)
        assert work.result().json() == {"data": {"box": {"label": "box"}}}
    assert len(waits) >= 3
    assert sorted(waits)[len(waits) // 2] < 0.1


async def test_a_body_in_small_pieces_is_read(http):
    text = json.dumps({"query": '{ echo(text: "早") }'}).encode()

    async def pieces() -> AsyncIterator[bytes]:
        for at in range(len(text)):
            yield text[at : at + 1]

    response = await http.post("/graphql", content=pieces(), headers={"content-type": "application/json;charset=UTF-8"})
    assert response.json() == {"data": {"echo": "早"}}
