"""HTTP's side of a GraphQL request: media types, origin, the body and what it says."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import msgspec
from starlette.exceptions import HTTPException
from starlette.requests import Request

from shuke.api.http.limits import Limits
from shuke.kit import i18n

JSON = "application/json"
GRAPHQL = "application/graphql-response+json"

_CODES = {
    400: "BAD_REQUEST",
    401: "SIGN_IN_NEEDED",
    403: "FORBIDDEN",
    405: "METHOD_NOT_ALLOWED",
    406: "NOT_ACCEPTABLE",
    413: "TOO_LARGE",
    415: "UNSUPPORTED_MEDIA_TYPE",
    429: "TOO_MANY",
}
_OFFERED = {GRAPHQL: GRAPHQL, JSON: JSON, "application/*": JSON, "*/*": JSON}
_decode = msgspec.json.Decoder().decode


class Problem(HTTPException):
    """A request that is answered without running any GraphQL. `code` goes into `extensions.code`."""

    def __init__(
        self, status: int, message: str, code: str | None = None, headers: dict[str, str] | None = None
    ) -> None:
        super().__init__(status, message, headers)
        self.code = code


@dataclass(frozen=True, slots=True)
class Asked:
    """The parameters of one request, of the right types."""

    query: str
    operation_name: str | None
    variables: dict[str, Any] | None
    extensions: dict[str, Any] | None


def spoken(request: Request) -> str:
    """The language that the request asks for."""
    return i18n.negotiate(request.headers.get("accept-language")) or i18n.DEFAULT


def problem(
    request: Request,
    status: int,
    reason: str,
    code: str | None = None,
    headers: dict[str, str] | None = None,
    **params: object,
) -> Problem:
    """A Problem in the request's language; `reason` picks the sentence in `kit.words`, `params` fill it."""
    return Problem(status, i18n.say(spoken(request), reason, **params), code, headers)


def problem_error(refused: HTTPException) -> dict[str, Any]:
    """One entry of `errors` for a request that was refused, by us or by whoever makes the context."""
    code = getattr(refused, "code", None) or _CODES.get(refused.status_code, "BAD_REQUEST")
    return {"message": refused.detail, "extensions": {"code": code}}


def negotiate(accept: str) -> str | None:
    """The media type to answer with, None when the client takes neither. To say nothing, or `*/*`, means plain JSON."""
    if not accept:
        return JSON
    if accept in _OFFERED:
        return _OFFERED[accept]
    best: tuple[float, bool, str] = 0.0, False, ""
    for part in accept.lower().split(","):
        name, *parameters = (piece.strip() for piece in part.split(";"))
        offered = _OFFERED.get(name)
        weight = _weight(parameters)
        if offered and weight > 0:
            best = max(best, (weight, name == GRAPHQL, offered))
    return best[2] or None


def _weight(parameters: list[str]) -> float:
    for parameter in parameters:
        if parameter.startswith("q="):
            try:
                return float(parameter[2:])
            except ValueError:
                return 0.0
    return 1.0


def same_origin(request: Request) -> bool:
    """Whether a browser sent this from our own pages, or no browser sent it at all.

    Browsers say where a request comes from in headers that no page can forge; other programs leave them out and carry
    nobody's cookie. A proxy in front must hand on the Host header.
    """
    if request.headers.get("sec-fetch-site") in ("cross-site", "same-site"):
        return False
    origin = request.headers.get("origin")
    if origin is None:
        return True
    try:
        return urlsplit(origin).netloc.lower() == request.headers.get("host", "").lower()
    except ValueError:
        return False


async def asked(request: Request, limits: Limits) -> Asked:
    """Read and check the parameters. Raises Problem where they are malformed, ClientDisconnect when the client left."""
    if request.method == "GET":
        parameters: Any = dict(parse_qsl(request.url.query))
        for name in ("variables", "extensions"):
            if name in parameters:
                parameters[name] = _json(request, parameters[name], name)
    else:
        _check_content_type(request)
        parameters = _json(request, await _body(request, limits.body_bytes), "body")
    if not isinstance(parameters, dict):
        raise problem(request, 400, "body_object")
    variables = _typed(request, parameters, "variables", dict)
    _check_size(request, variables, limits)
    query = _typed(request, parameters, "query", str)
    if not query:
        raise problem(request, 400, "query_missing")
    return Asked(
        query,
        _typed(request, parameters, "operationName", str) or None,
        variables,
        _typed(request, parameters, "extensions", dict),
    )


def _check_content_type(request: Request) -> None:
    name, _, parameters = request.headers.get("content-type", "").lower().partition(";")
    charset = parameters.partition("charset=")[2].partition(";")[0].strip(' "')
    if name.strip() != JSON or charset not in ("", "utf-8", "utf8"):
        raise problem(request, 415, "send_json")


async def _body(request: Request, most: int) -> bytes:
    length = request.headers.get("content-length", "")
    too_large = problem(request, 413, "body_large", "BODY_TOO_LARGE", most=most)
    if length.isdecimal() and int(length[:20]) > most:
        raise too_large
    parts, size = [], 0
    async for part in request.stream():
        size += len(part)
        if size > most:
            raise too_large
        parts.append(part)
    return b"".join(parts)


def _json(request: Request, text: str | bytes, part: str) -> Any:
    try:
        return _decode(text)
    except RecursionError:
        raise problem(request, 400, "part_deep", "BODY_TOO_DEEP", part=part) from None
    except ValueError:  # malformed JSON and malformed UTF-8 alike
        raise problem(request, 400, "part_json", part=part) from None


def _typed(request: Request, parameters: dict[str, Any], name: str, kind: type[dict[str, Any]] | type[str]) -> Any:
    value = parameters.get(name)
    if value is not None and not isinstance(value, kind):
        raise problem(request, 400, "part_text" if kind is str else "part_object", part=name)
    return value


def _check_size(request: Request, variables: dict[str, Any] | None, limits: Limits) -> None:
    """Refuse variables that would take long to coerce. Walks level by level, so that it needs no recursion itself."""
    level: list[Any] = [variables] if variables else []
    values = depth = 0
    while level:
        depth += 1
        values += sum(map(len, level))
        if values > limits.values:
            raise problem(request, 413, "values_many", "TOO_MANY_VALUES", most=limits.values)
        if depth > limits.nesting:
            raise problem(request, 400, "variables_deep", "VARIABLES_TOO_DEEP", most=limits.nesting)
        level = [
            child
            for parent in level
            for child in (parent.values() if type(parent) is dict else parent)
            if type(child) is dict or type(child) is list
        ]
