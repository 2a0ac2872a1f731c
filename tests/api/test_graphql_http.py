"""GraphQL over HTTP, as the specification has it: what the audit suite does not look at is here."""

import logging

import httpx
import pytest
import strawberry
from strawberry.extensions import SchemaExtension

from shuke.api.http.graphql import graphql_endpoint
from shuke.api.http.limits import schema_extensions
from tests.api import toy

GRAPHQL = "application/graphql-response+json"
PHONE = "13800001111"


@pytest.fixture
async def http():
    async with toy.client(toy.create_app()) as client:
        yield client


async def ask(http: httpx.AsyncClient, query: str, headers: dict[str, str] | None = None, **more: object):
    return await http.post("/graphql", json={"query": query, **more}, headers=headers)


def codes(response: httpx.Response) -> list[str]:
    return [error["extensions"]["code"] for error in response.json()["errors"]]


async def test_domain_objects_are_answered_as_data(http):
    response = await ask(http, "{ today { id name dueAt note urgent } }")
    assert response.status_code == 200
    assert response.headers["cache-control"] == "no-store"
    assert response.json()["data"]["today"][1] == {
        "id": "1",
        "name": "顾客1",
        "dueAt": "2026-11-22T09:00:00Z",
        "note": None,
        "urgent": False,
    }


@pytest.mark.parametrize(
    ("accept", "answered"),
    [
        ("", "application/json"),
        ("application/*", "application/json"),
        ("text/html, */*;q=0.1", "application/json"),
        (f"application/json, {GRAPHQL}", GRAPHQL),
        (f"application/json, {GRAPHQL};q=0.9", "application/json"),
        (f"{GRAPHQL};charset=utf-8, application/json;q=0.5", GRAPHQL),
        (f"{GRAPHQL};q=0, application/json;q=0.5", "application/json"),
        ("application/json;q=nonsense, */*;q=0.2", "application/json"),
    ],
)
async def test_the_answer_comes_in_the_preferred_media_type(http, accept, answered):
    response = await ask(http, "{ __typename }", {"accept": accept})
    assert (response.status_code, response.headers["content-type"]) == (200, f"{answered}; charset=utf-8")


async def test_a_client_that_takes_neither_media_type_is_told_so(http):
    response = await ask(http, "{ __typename }", {"accept": "text/html, application/json;q=0"})
    assert (response.status_code, codes(response)) == (406, ["NOT_ACCEPTABLE"])


async def test_a_query_may_be_sent_by_get_but_a_mutation_may_not(http):
    query = "query Echo($text: String!) { echo(text: $text) }"
    response = await http.get(
        "/graphql", params={"query": query, "variables": '{"text": "早"}', "operationName": "Echo"}
    )
    assert response.json() == {"data": {"echo": "早"}}
    response = await http.get("/graphql", params={"query": "mutation { signIn }"}, headers={"accept": GRAPHQL})
    assert (response.status_code, response.headers["allow"]) == (405, "POST")
    assert codes(response) == ["METHOD_NOT_ALLOWED"]


async def test_other_methods_and_subscriptions_are_refused(http):
    response = await http.put("/graphql", json={"query": "{ __typename }"})
    assert (response.status_code, response.headers["allow"]) == (405, "GET, POST")
    response = await ask(http, "subscription { ticks }")
    assert (response.status_code, codes(response)) == (400, ["UNSUPPORTED"])


async def test_an_ambiguous_operation_is_not_guessed(http):
    document = 'query A { echo(text: "a") } mutation B { signIn }'
    assert (await ask(http, document, operationName="A")).json() == {"data": {"echo": "a"}}
    for name in (None, "C"):
        response = await ask(http, document, {"accept": GRAPHQL}, operationName=name)
        assert (response.status_code, codes(response)) == (400, ["BAD_USER_INPUT"])
        assert "data" not in response.json()


async def test_a_resolver_can_set_a_cookie(http):
    response = await ask(http, "mutation { signIn }")
    assert response.headers["set-cookie"] == "session=1; HttpOnly"


async def test_a_refusal_while_making_the_context_is_the_answer(http):
    response = await ask(http, "{ __typename }", {"authorization": "Bearer stale"})
    assert (response.status_code, response.headers["www-authenticate"]) == (401, "Bearer")
    assert response.json() == {"errors": [{"message": "Sign in again.", "extensions": {"code": "SIGN_IN_NEEDED"}}]}
    response = await ask(http, "{ __typename }", {"flood": "1", "accept": GRAPHQL})
    assert (response.status_code, response.headers["retry-after"], codes(response)) == (429, "7", ["TOO_MANY"])


async def test_a_surprise_shows_an_id_that_is_in_the_log_and_nothing_else(http, caplog):
    with caplog.at_level(logging.ERROR):
        response = await ask(http, "{ box { label broken } }", {"accept": GRAPHQL})
    [error] = response.json()["errors"]
    assert (response.status_code, response.json()["data"]) == (200, {"box": {"label": "box", "broken": None}})
    assert (error["path"], error["extensions"]["code"]) == (["box", "broken"], "INTERNAL")
    assert error["extensions"]["errorId"] in caplog.text
    assert "RuntimeError at box.broken" in caplog.text
    assert PHONE not in response.text + caplog.text


async def test_a_surprise_that_leaves_no_data_is_still_an_executed_answer(http):
    response = await ask(http, "{ broken }", {"accept": GRAPHQL})
    assert (response.status_code, response.json()["data"], codes(response)) == (200, None, ["INTERNAL"])


async def test_a_surprise_while_making_the_context_is_a_masked_500(http, caplog):
    response = await ask(http, "{ __typename }", {"fail": "1"})
    assert (response.status_code, codes(response)) == (500, ["INTERNAL"])
    assert response.json()["errors"][0]["extensions"]["errorId"] in caplog.text
    assert PHONE not in response.text + caplog.text


async def test_what_is_meant_for_the_caller_stays_readable(http):
    response = await ask(http, "{ refused }")
    assert response.json()["errors"][0]["message"] == "not yours"
    assert codes(response) == ["FORBIDDEN"]
    response = await ask(http, "{ tody }")
    assert "Did you mean 'today'" in response.json()["errors"][0]["message"]
    assert codes(response) == ["GRAPHQL_VALIDATION_FAILED"]
    assert codes(await ask(http, "{ today")) == ["GRAPHQL_PARSE_FAILED"]


async def test_a_refusal_is_put_into_the_callers_words(http, caplog):
    response = await ask(http, "{ forbidden }", {"accept-language": "en"})
    assert response.json()["errors"][0]["message"] == "Too many tries. Please come back in 5 min"
    assert codes(response) == ["TOO_MANY"]
    assert "5 分钟" in (await ask(http, "{ forbidden }")).json()["errors"][0]["message"]
    assert caplog.text == ""


async def test_introspection_can_be_switched_off():
    async with toy.client(toy.create_app(introspection=False)) as http:
        response = await ask(http, "{ __schema { queryType { name } } }")
        assert set(codes(response)) == {"GRAPHQL_VALIDATION_FAILED"}
        assert "introspection" in response.text
        assert (await ask(http, "{ __typename }")).json() == {"data": {"__typename": "Query"}}


@pytest.mark.parametrize(("graphiql", "status", "kind"), [(True, 200, "text/html"), (False, 406, "application/json")])
async def test_the_explorer_is_a_setting(graphiql, status, kind):
    async with toy.client(toy.create_app(graphiql=graphiql)) as http:
        response = await http.get("/graphql", headers={"accept": "text/html"})
        assert (response.status_code, response.headers["content-type"].partition(";")[0]) == (status, kind)


async def test_the_schema_itself_has_the_same_limits_and_mask(caplog):
    schema = toy.create_schema()
    result = await schema.execute("{" + "".join(f"a{n}: __typename " for n in range(31)) + "}")
    assert result.errors and result.errors[0].extensions == {"code": "TOO_MANY_ALIASES"}
    result = await schema.execute("{ box { broken } }")
    assert result.errors and result.errors[0].extensions and result.errors[0].extensions["code"] == "INTERNAL"
    for _ in range(2):
        assert (await schema.execute("{ __typename }")).data == {"__typename": "Query"}


def test_extensions_that_the_endpoint_would_pass_over_are_refused_at_the_start():
    class Extra(SchemaExtension):
        pass

    schema = strawberry.Schema(toy.Query, extensions=[*schema_extensions(), Extra])
    with pytest.raises(ValueError, match="Extra"):
        graphql_endpoint(schema, toy.get_context, graphiql=False)
    with pytest.raises(ValueError, match="schema_extensions"):
        graphql_endpoint(strawberry.Schema(toy.Query), toy.get_context, graphiql=False)
