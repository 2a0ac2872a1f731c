"""GraphQL over HTTP, by the specification's musts and shoulds.

The endpoint hands kept documents straight to the executor: Strawberry's own way through `schema.execute` costs every
request three nested stacks of context managers for extensions that have nothing to do here. Extensions beyond
`schema_extensions()` would therefore be passed over in silence, so they are refused at the start; what a field needs
belongs into a FieldExtension.
"""

import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

import msgspec
from anyio import CapacityLimiter, to_thread
from graphql import ExecutionResult, GraphQLError, OperationType, execute
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import HTMLResponse
from starlette.types import ASGIApp, Receive, Scope, Send
from strawberry import Schema
from strawberry.execution.is_awaitable import optimized_is_awaitable
from strawberry.http.ides import get_graphql_ide_html

from shuke.api.http.calls import Call, Recorder
from shuke.api.http.executor import executor_for
from shuke.api.http.limits import DocumentGuard, Documents, Prepared
from shuke.api.http.protocol import (
    GRAPHQL,
    JSON,
    Asked,
    Problem,
    asked,
    negotiate,
    problem,
    problem_error,
    same_origin,
    spoken,
)
from shuke.api.http.surprises import MaskSurprises, masked, report, surprise
from shuke.kit import trace
from shuke.kit.outage import outage

log = logging.getLogger(__name__)

RETRY_AFTER = 5  # seconds
_encode = msgspec.json.Encoder().encode
_CONTENT_TYPES = {kind: f"{kind}; charset=utf-8".encode() for kind in (GRAPHQL, JSON)}

ContextMaker = Callable[[Request], Awaitable[object]]
Answer = tuple[int, dict[str, Any], list[tuple[str, str]]]
"""Status, body, further headers."""


def graphql_endpoint(schema: Schema, get_context: ContextMaker, *, graphiql: bool) -> ASGIApp:
    """An ASGI app that answers GraphQL, for `Route("/graphql", …)`.

    schema: made with `extensions=schema_extensions(…)`; anything else raises ValueError.
    get_context: called once a well-formed request has been read, or, where it brings a bearer key, before its body is;
    a starlette HTTPException from it becomes the answer. Where the context has `response_headers`, a list of (name,
    value), they are sent along: so a resolver sets a cookie. A context that is a `Recorder` learns of every answer.
    graphiql: whether a browser that opens the address gets the explorer.
    """
    return _Endpoint(schema, get_context, graphiql)


class _Endpoint:
    def __init__(self, schema: Schema, get_context: ContextMaker, graphiql: bool) -> None:
        self._schema = schema
        self._documents = _documents_of(schema)
        self._executor = executor_for(schema._schema)
        self._get_context = get_context
        self._graphiql = graphiql
        # One at a time: hard documents wait for each other, and the event loop keeps its half of the interpreter.
        self._preparing = CapacityLimiter(1)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope, receive)
        accept = request.headers.get("accept", "")
        if self._graphiql and request.method == "GET" and "text/html" in accept and "query" not in request.query_params:
            await HTMLResponse(get_graphql_ide_html())(scope, receive, send)
            return
        kind, call = negotiate(accept), _Call()
        try:
            if kind is None:
                raise problem(request, 406, "answer_kinds", kinds=f"{JSON}, {GRAPHQL}")
            status, answer, headers = await self._answer(request, kind, call)
            body = _encode(answer)
        except ClientDisconnect:
            return
        except Exception as error:
            status, answer, headers = _failed(request, error)
            body = _encode(answer)
        recorder = call.context if isinstance(call.context, Recorder) else None
        await _send(send, status, body, kind or JSON, [*headers, *(recorder.standing_headers if recorder else ())])
        if recorder:
            call.answered(status, answer)
            await _record(recorder, call)

    async def _answer(self, request: Request, kind: str, call: "_Call") -> Answer:
        """Status, body and further headers. Raises HTTPException where no GraphQL is run."""
        if request.method not in ("GET", "POST"):
            raise problem(request, 405, "methods_allowed", headers={"Allow": "GET, POST"})
        # A bearer key is sent on purpose; a cookie goes along with whatever page made the browser ask.
        by_key = request.headers.get("authorization", "").lower().startswith("bearer ")
        if not by_key and not same_origin(request):
            raise problem(request, 403, "another_site", "CROSS_ORIGIN")
        if by_key:  # a key that may not call now is refused before its request is read; what it sends is put down
            call.context = await self._get_context(request)
        parameters = await asked(request, self._documents.limits)
        if not by_key:
            call.context = await self._get_context(request)
        result = await self._result(request, parameters, call)
        for error in result.errors or ():
            if away := _away(request, error.original_error):
                raise away
        status, answer = _shaped(result, kind, call.context)
        return status, answer, getattr(call.context, "response_headers", [])

    async def _result(self, request: Request, parameters: Asked, call: "_Call") -> ExecutionResult:
        prepared = await self._prepared(parameters.query)
        if prepared.document is None:
            return ExecutionResult(None, prepared.errors)
        chosen = call.operation = prepared.chosen(parameters.operation_name)
        if chosen:
            trace.tell(prepared.called(parameters.operation_name))
            _check_operation(request, chosen.kind)
            call.cost = chosen.cost.of(parameters.variables or {})
            if refused := self._documents.too_costly(call.cost):
                return ExecutionResult(None, [refused])
        return await self._execute(prepared, parameters, call.context)

    async def _prepared(self, text: str) -> Prepared:
        prepared = self._documents.recall(text)
        if prepared is None:
            work = partial(self._documents.prepare, self._schema._schema, text)
            prepared = await to_thread.run_sync(work, limiter=self._preparing)
            self._documents.keep(text, prepared)
        return prepared

    async def _execute(self, prepared: Prepared, parameters: Asked, context: object) -> ExecutionResult:
        assert prepared.document is not None
        result = execute(
            self._schema._schema,
            prepared.document,
            context_value=context,
            variable_values=parameters.variables,
            operation_name=parameters.operation_name,
            executor_class=self._executor,
            is_awaitable=optimized_is_awaitable,  # type: ignore[arg-type]
            operation_extensions=parameters.extensions,
        )
        return result if isinstance(result, ExecutionResult) else await result


@dataclass(slots=True)
class _Call(Call):
    """A call and the context that was made for it, once there is one."""

    context: object = None


async def _record(recorder: Recorder, call: Call) -> None:
    """The answer is on its way already: what goes wrong here is for the log alone."""
    try:
        await recorder.record(call)
    except Exception as error:
        report(error, "the record of a call")


def _failed(request: Request, error: Exception) -> Answer:
    """What is answered where no GraphQL was run, or none of it counts."""
    refused = error if isinstance(error, HTTPException) else _away(request, error)
    if refused:
        return refused.status_code, {"errors": [problem_error(refused)]}, list((refused.headers or {}).items())
    message, extensions = surprise(error, "request", spoken(request))
    return 500, {"errors": [{"message": message, "extensions": extensions}]}, []


def _away(request: Request, error: BaseException | None) -> Problem | None:
    """503 for trouble that passes: whoever sent this may send the same again, operation ids and all."""
    sentence = outage(error)
    if sentence is None:
        return None
    log.error("%s: %s", sentence, type(error).__qualname__)
    return problem(request, 503, sentence, "UNAVAILABLE", {"Retry-After": str(RETRY_AFTER)})


def _documents_of(schema: Schema) -> Documents:
    found: Documents | None = None
    for extension in schema.extensions:
        if isinstance(extension, partial) and extension.func is DocumentGuard:
            found = extension.args[0]
        elif extension is not MaskSurprises:
            raise ValueError(
                f"the HTTP endpoint does not run schema extensions such as {extension!r}: use FieldExtension"
            )
    if found is None or schema.directives:
        raise ValueError("make the schema with extensions=schema_extensions() and without directives of its own")
    return found


def _check_operation(request: Request, operation: OperationType) -> None:
    if operation is OperationType.MUTATION and request.method == "GET":
        raise problem(request, 405, "mutation_by_post", headers={"Allow": "POST"})
    if operation is OperationType.SUBSCRIPTION:
        raise problem(request, 400, "no_subscriptions", "UNSUPPORTED")


def _shaped(result: ExecutionResult, kind: str, context: object) -> tuple[int, dict[str, Any]]:
    """Status and body.

    When no error has a path, nothing was executed: then there is no `data`, and the newer media type says 400.
    """
    if not result.errors:
        return 200, {"data": result.data}
    errors = [_formatted(error, context) for error in result.errors]
    if result.data is None and all(error.path is None for error in result.errors):
        return 400 if kind == GRAPHQL else 200, {"errors": errors}
    return 200, {"errors": errors, "data": result.data}


def _formatted(error: GraphQLError, context: object) -> dict[str, Any]:
    shown: dict[str, Any] = dict(masked(error, context).formatted)
    if error.path is None and not error.extensions:
        shown["extensions"] = {"code": "BAD_USER_INPUT"}
    return shown


async def _send(send: Send, status: int, body: bytes, kind: str, headers: list[tuple[str, str]]) -> None:
    raw = [
        (b"content-type", _CONTENT_TYPES[kind]),
        (b"content-length", str(len(body)).encode()),
        (b"cache-control", b"no-store"),
        *((name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in headers),
    ]
    await send({"type": "http.response.start", "status": status, "headers": raw})
    await send({"type": "http.response.body", "body": body})
