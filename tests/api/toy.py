"""A small schema behind the real HTTP endpoint, so that tests of HTTP need no shop."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field

import httpx
import strawberry
from graphql import GraphQLError
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.routing import Route
from starlette.types import ASGIApp
from strawberry.scalars import JSON

from shuke.api.http.graphql import graphql_endpoint
from shuke.api.http.limits import Limits, schema_extensions
from shuke.kit import i18n
from shuke.kit.errors import ErrorCode, Refusal

SECRET = "row (phone)=(13800001111) already exists"
"""What an exception may carry; written here, so that it is in no quoted source line."""


@dataclass
class Context:
    locale: str = "zh-CN"
    response_headers: list[tuple[str, str]] = field(default_factory=list)


@dataclass(slots=True)
class Row:
    id: str
    name: str
    reason: str
    phone: str
    score: int
    due_at: str
    note: str | None
    urgent: bool
    ratio: float
    store: str
    guide: str


ROWS = [
    Row(
        str(n),
        f"顾客{n}",
        "满月回访",
        "138****0000",
        n,
        "2026-11-22T09:00:00Z",
        None,
        n % 2 == 0,
        n / 7,
        "南门店",
        "小林",
    )
    for n in range(20)
]


@strawberry.type
class Card:
    id: strawberry.ID
    name: str
    reason: str
    phone: str
    score: int
    due_at: str
    note: str | None
    urgent: bool
    ratio: float
    store: str
    guide: str

    @classmethod
    def is_type_of(cls, obj: object, info: strawberry.Info) -> bool:
        return isinstance(obj, Row)


@strawberry.input
class Line:
    sku: str
    quantity: int


@strawberry.input
class Rule:
    all: list["Rule"] | None = None


@strawberry.type
class Box:
    label: str

    @strawberry.field
    def inner(self) -> "Box":
        return Box(label=self.label)

    @strawberry.field
    def broken(self) -> str | None:
        raise RuntimeError(SECRET)


@strawberry.type
class Query:
    @strawberry.field
    async def today(self) -> list[Card]:
        return ROWS  # type: ignore[return-value]

    @strawberry.field
    def box(self) -> Box:
        return Box(label="box")

    @strawberry.field
    def echo(self, text: str) -> str:
        return text

    @strawberry.field
    def count(self, lines: list[Line]) -> int:
        return len(lines)

    @strawberry.field
    def rule(self, rule: Rule) -> bool:
        return True

    @strawberry.field
    def anything(self, value: JSON) -> JSON:
        return value

    @strawberry.field
    def refused(self) -> str | None:
        raise GraphQLError("not yours", extensions={"code": "FORBIDDEN"})

    @strawberry.field
    def forbidden(self) -> str | None:
        raise Refusal(ErrorCode.TOO_MANY, minutes=5)

    @strawberry.field
    def broken(self) -> str:
        raise RuntimeError(SECRET)


@strawberry.type
class Mutation:
    @strawberry.mutation
    def sign_in(self, info: strawberry.Info[Context, None]) -> bool:
        info.context.response_headers.append(("Set-Cookie", "session=1; HttpOnly"))
        return True


@strawberry.type
class Subscription:
    @strawberry.subscription
    async def ticks(self) -> AsyncIterator[int]:
        yield 1


async def get_context(request: Request) -> Context:
    if request.headers.get("authorization") == "Bearer stale":
        raise HTTPException(401, "Sign in again.", {"WWW-Authenticate": "Bearer"})
    if "flood" in request.headers:
        raise HTTPException(429, "Slow down.", {"Retry-After": "7"})
    if "fail" in request.headers:
        raise RuntimeError(SECRET)
    return Context(i18n.negotiate(request.headers.get("accept-language")) or "zh-CN")


def create_schema(limits: Limits | None = None, *, introspection: bool = True) -> strawberry.Schema:
    return strawberry.Schema(
        Query, Mutation, Subscription, extensions=schema_extensions(limits, introspection=introspection)
    )


def create_app(limits: Limits | None = None, *, introspection: bool = True, graphiql: bool = False) -> Starlette:
    schema = create_schema(limits, introspection=introspection)
    return Starlette(routes=[Route("/graphql", graphql_endpoint(schema, get_context, graphiql=graphiql))])


def client(app: ASGIApp) -> httpx.AsyncClient:
    """A client on the app itself; an exception that escapes it fails the test."""
    return httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://shop.example")
