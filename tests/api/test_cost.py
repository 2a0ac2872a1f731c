"""What an operation costs is known before it runs; what costs too much, or asks for too large a page, says so."""

from typing import Any

import pytest
from graphql import parse

from shuke.api.http.cost import operations
from shuke.api.http.limits import Limits
from shuke.api.schema import schema
from tests.api import pwa_operations
from tests.api.real import Browser, partner, real_app, serving
from tests.factories import make_world


def cost(text: str, variables: dict[str, Any] | None = None) -> int:
    (operation,) = operations(schema._schema, parse(text))
    return operation.cost.of(variables or {})


@pytest.mark.parametrize(
    ("text", "variables", "wanted"),
    [
        ("{ stores { id name } }", {}, 3),
        ("{ customers(first: 10) { edges { node { id } } } }", {}, 1 + 10 * 3),
        ("{ customers { edges { node { id } } } }", {}, 1 + 30 * 3),  # the schema's own page
        ("query ($n: Int!) { customers(first: $n) { edges { node { id } } } }", {"n": 5}, 1 + 5 * 3),
        ("query ($n: Int = 7) { customers(first: $n) { edges { cursor } } }", {}, 1 + 7 * 2),
        ("{ customers(first: 10) { edges { node { orders(first: 5) { edges { cursor } } } } } }", {}, 131),
        (
            "{ a: customers(first: 2) { ...f } b: customers(first: 3) { ...f } } fragment f on CustomerConnection {"
            " ... { totalCount } }",
            {},
            2 + 5,
        ),
        ("query ($n: Int!) { customers(first: $n) { totalCount } }", {"n": "many"}, 31),
        ("query ($n: Int!) { customers(first: $n) { totalCount } }", {"n": 10**9}, 101),
        ("{ __schema { types { fields { name } } } }", {}, 1),
        ("query ($id: ID!) { node(id: $id) { ... on Customer { orders(first: 9) { edges { cursor } } } } }", {}, 20),
    ],
)
def test_fields_of_a_page_count_once_a_row(text: str, variables: dict[str, Any], wanted: int) -> None:
    assert cost(text, variables) == wanted


def test_the_apps_own_operations_cost_a_fraction_of_what_is_allowed() -> None:
    costs = {name: cost(text, {"first": 100}) for name, text in pwa_operations.operations().items()}
    assert costs and max(costs.values()) < Limits().cost / 2, costs


async def test_what_costs_too_much_is_not_run() -> None:
    text = "{ customers(first: 100) { edges { node { orders(first: 100) { edges { node { id } } } } } } }"
    for browser in (Browser(real_app()), Browser(real_app(), accept="application/graphql-response+json")):
        answer = await browser.send(text)
        error = answer.json()["errors"][0]
        assert error["extensions"] == {"code": "TOO_COSTLY"} and "30301" in error["message"]
    result = await schema.execute(text)
    assert result.errors and result.errors[0].extensions == {"code": "TOO_COSTLY"}


async def test_a_page_that_no_list_gives_has_a_code_of_its_own(database: str) -> None:
    world = await make_world()
    async with serving() as app:
        till = await partner(app, world, "read")
        for first in (0, -1, 101, 2**31 - 1):
            answer = await till.send("query ($n: Int!) { customers(first: $n) { totalCount } }", {"n": first})
            assert answer.json()["errors"][0]["extensions"] == {"code": "PAGE_SIZE"}
