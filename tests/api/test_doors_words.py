"""What is refused at the API's doors is said in the language that was asked for, whatever it is."""

import json
import re
from typing import Any

import httpx
import pytest

from shuke.api.http.uploads import KIND
from shuke.kit import i18n
from shuke.kit.words import doors
from tests.api import toy
from tests.api.real import real_app

COSTLY = "{ customers(first: 100) { edges { node { orders(first: 100) { edges { node { id } } } } } } }"


def body(text: str | bytes) -> dict[str, Any]:
    return {"content": text, "headers": {"content-type": "application/json"}}


def document(text: str, **more: Any) -> dict[str, Any]:
    return body(json.dumps({"query": text, **more}))


def nested(levels: int) -> Any:
    value: Any = 0
    for _ in range(levels):
        value = [value]
    return value


CASES: dict[str, dict[str, Any]] = {
    "another_site": {"json": {}, "headers": {"origin": "http://elsewhere.example"}},
    "methods_allowed": {"method": "PUT"},
    "mutation_by_post": {"method": "GET", "params": {"query": "mutation { signIn }"}},
    "no_subscriptions": document("subscription { ticks }"),
    "answer_kinds": {"json": {}, "headers": {"accept": "text/html"}},
    "send_json": {"content": b"{}", "headers": {"content-type": "text/plain"}},
    "send_file": {"url": "/imports", "content": b"a,b", "headers": {"content-type": "text/csv"}},
    "body_large": body(b" " * 1_100_000),
    "body_object": body(b"[]"),
    "query_missing": body(b"{}"),
    "part_deep": body(b"[" * 50_000),
    "part_json": body(b"{"),
    "part_object": document("{ __typename }", variables="x"),
    "part_text": body(b'{"query": 1}'),
    "values_many": document("{ __typename }", variables={"v": [0] * 20_001}),
    "variables_deep": document("{ __typename }", variables={"v": nested(70)}),
    "document_long": document("#" * 70_000),
    "document_nested": document("{ echo(text: " + "[" * 900 + "]" * 900 + ") }"),
    "tokens_many": document("{" + "".join(f"a{n}: __typename " for n in range(1_000)) + "}"),
    "fields_deep": document("{ box " + "{ inner " * 12 + "{ label }" + "}" * 13),
    "aliases_many": document("{" + "".join(f"a{n}: __typename " for n in range(31)) + "}"),
    "fields_many": document("{" + "__typename " * 501 + "}"),
    "too_costly": document(COSTLY),
}
SHOPS_OWN = {"send_file", "too_costly"}
"""What the small schema has no case of."""


def as_said(locale: str, key: str) -> str:
    """The sentence as a pattern, anything in its gaps."""
    return re.sub(r"\\\{\w+\\\}", "[^{}]+", re.escape(i18n.CATALOGUE[locale][key]))


def test_every_sentence_of_the_doors_has_its_case() -> None:
    assert set(CASES) == set(doors.ZH_CN)


@pytest.mark.parametrize("locale", ["zh-CN", "en"])
@pytest.mark.parametrize("key", sorted(CASES))
async def test_a_door_speaks_the_callers_language(key: str, locale: str) -> None:
    case = {"method": "POST", "url": "/graphql", **CASES[key]}
    headers = {**case.pop("headers", {}), "accept-language": f"{locale};q=0.9"}
    async with toy.client(real_app() if key in SHOPS_OWN else toy.create_app()) as http:
        answer: httpx.Response = await http.request(**case, headers=headers)
    (error,) = answer.json()["errors"]
    assert re.fullmatch(as_said(locale, key), error["message"]), error
    assert error["extensions"]["code"] and answer.status_code < 500


async def test_live_screens_are_refused_in_the_callers_language() -> None:
    async with toy.client(real_app()) as http:
        for locale in ("zh-CN", "en"):
            headers = {"accept-language": locale, "origin": "http://elsewhere.example"}
            error = (await http.get("/live", headers=headers)).json()["errors"][0]
            assert error == {"message": i18n.say(locale, "another_site"), "extensions": {"code": "CROSS_ORIGIN"}}


async def test_a_file_from_another_sites_page_is_refused_in_the_callers_language() -> None:
    async with toy.client(real_app()) as http:
        headers = {"accept-language": "en", "origin": "http://elsewhere.example", "content-type": KIND}
        error = (await http.post("/imports", content=b"a", headers=headers)).json()["errors"][0]
        assert error == {"message": i18n.say("en", "another_site"), "extensions": {"code": "CROSS_ORIGIN"}}
