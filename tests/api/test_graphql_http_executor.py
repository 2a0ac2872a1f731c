"""The short cut for plain fields gives what the general executor gives, to the letter of its errors."""

import asyncio
import enum
from dataclasses import dataclass
from typing import Any

import pytest
import strawberry
from graphql import execute, parse
from strawberry.execution.is_awaitable import optimized_is_awaitable
from strawberry.permission import BasePermission
from strawberry.schema.schema import StrawberryGraphQLCoreExecutionContext

from shuke.api.http.executor import executor_for


class Never(BasePermission):
    message = "never"

    def has_permission(self, source: Any, info: strawberry.Info, **kwargs: Any) -> bool:
        return False


@strawberry.enum
class Level(enum.Enum):
    GOLD = "gold"


@strawberry.interface
class Named:
    label: str


@strawberry.type
class Thing(Named):
    level: Level
    visits: int
    ratio: float | None
    tags: list[str]
    note: str | None = strawberry.field(name="remark")
    hidden: str | None = strawberry.field(permission_classes=[Never], default=None)

    @strawberry.field
    def twice(self) -> int:
        return self.visits * 2


@strawberry.type
class Query:
    @strawberry.field
    def things(self, info: strawberry.Info) -> list[Thing | None]:
        return info.context

    @strawberry.field
    def named(self, info: strawberry.Info) -> Named:
        return info.context[0]


@dataclass
class Late:
    """A domain object whose label is only known later."""

    label: asyncio.Future[str]


def thing(**changed: Any) -> Thing:
    values = {"label": "a", "level": Level.GOLD, "visits": 3, "ratio": None, "tags": ["x"], "note": "n"}
    return Thing(**{**values, **changed})


SCHEMA = strawberry.Schema(Query, types=[Thing])._schema
ALL = "{ things { __typename shown: label label level visits ratio tags remark twice hidden } }"


async def both_ways(query: str, context: Any) -> tuple[Any, Any]:
    answers = []
    for executor in (StrawberryGraphQLCoreExecutionContext, executor_for(SCHEMA)):
        result = execute(
            SCHEMA,
            parse(query),
            context_value=context,
            executor_class=executor,
            is_awaitable=optimized_is_awaitable,  # type: ignore[arg-type]
            operation_extensions=None,
        )
        if optimized_is_awaitable(result):
            result = await result  # type: ignore[misc]
        answers.append(result.formatted)  # type: ignore[union-attr]
    return answers[0], answers[1]


@pytest.mark.parametrize(
    "odd",
    [
        {},
        {"visits": "3"},
        {"visits": "many"},
        {"visits": None},
        {"visits": 2**40},
        {"level": "silver"},
        {"level": None},
        {"note": None},
        {"ratio": float("inf")},
        {"label": RuntimeError("as a value")},
        {"label": 7, "visits": True},
    ],
    ids=repr,
)
async def test_plain_fields_come_out_as_from_the_general_executor(odd):
    general, short = await both_ways(ALL, [thing(**odd), thing()])
    assert short == general
    assert "never" in str(general["errors"])


async def test_a_missing_attribute_is_an_error_of_that_field():
    general, short = await both_ways("{ things { label visits } }", [Thing.__new__(Thing)])
    assert short == general
    assert general["errors"][0]["path"] == ["things", 0, "label"]


async def test_interfaces_and_introspection_keep_working():
    general, short = await both_ways('{ named { __typename label } __type(name: "Level") { kind } }', [thing()])
    assert short == general == {"data": {"named": {"__typename": "Thing", "label": "a"}, "__type": {"kind": "ENUM"}}}


async def test_an_awaitable_attribute_is_awaited():
    @strawberry.type
    class Promise:
        label: str

        @classmethod
        def is_type_of(cls, obj: object, info: Any) -> bool:
            return True

    @strawberry.type
    class Root:
        @strawberry.field
        async def promise(self) -> Promise:
            return Late(asyncio.ensure_future(asyncio.sleep(0.01, "late")))  # type: ignore[return-value]

    schema = strawberry.Schema(Root)._schema
    result = execute(
        schema, parse("{ promise { label } }"), executor_class=executor_for(schema), operation_extensions=None
    )
    assert (await result).data == {"promise": {"label": "late"}}  # type: ignore[misc]
