"""Refusals as data: the one place that puts them into words for the caller."""

import dataclasses
from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager, nullcontext
from typing import Any, TypeVar
from uuid import UUID

import strawberry
from strawberry import UNSET

from shuke.api.context import Info
from shuke.domains.identity.types import Actor
from shuke.kit import i18n, operations
from shuke.kit.errors import ErrorCode, Refusal

T = TypeVar("T")

strawberry.enum(ErrorCode, description="Why a request was refused.")


@strawberry.type(description="An expected failure, for the caller to mend.")
class UserError:
    code: ErrorCode = strawberry.field(description="What kind of failure.")
    field: str | None = strawberry.field(description="The input field it is about, as the schema spells it.")
    message: str = strawberry.field(description="What to do, in the caller's language.")
    subject: strawberry.Private[object] = None  # what the refusal is about, for the payloads that show it


def user_error(refusal: Refusal, locale: str) -> UserError:
    """The refusal in the caller's words."""
    message = i18n.say(locale, refusal.reason, **refusal.params)
    return UserError(code=refusal.code, field=refusal.field, message=message, subject=refusal.subject)


def plain_input(value: Any) -> Any:
    """An input as plain objects, fields that were left out left out: what an operation's hash is taken of."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        pairs = ((item.name, getattr(value, item.name)) for item in dataclasses.fields(value))
        return {name: plain_input(inner) for name, inner in pairs if inner is not UNSET and name != "operation_id"}
    if isinstance(value, list):
        return [plain_input(item) for item in value]
    return value


async def write(
    info: Info,
    input: Any,
    kind: type[T],
    act: Callable[[Actor], Awaitable[T]],
    guard: Callable[[Actor], AbstractAsyncContextManager[None]] | None = None,
) -> tuple[T | None, list[UserError]]:
    """Runs a mutation's use case once for its operation id: its answer (of type `kind`), or the refusal in words.

    `guard` stands around the use case's transaction: what it writes is there after a refusal, too.
    """
    try:
        actor = info.context.require()
        operation_id: UUID = input.operation_id
        async with guard(actor) if guard else nullcontext():
            answer = await operations.once(
                operation_id, actor.brand_id, actor.id, info.field_name, plain_input(input), kind, lambda: act(actor)
            )
        info.context.forget_reads()
        return answer, []
    except Refusal as refusal:
        return None, [user_error(refusal, info.context.locale)]
