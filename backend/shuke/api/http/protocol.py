"""HTTP's side of a GraphQL request: media types, origin, the body and what it says."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import msgspec
from starlette.exceptions import HTTPException
from starlette.requests import Request

from shuke.api.http.limits import Limits

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
                parameters[name] = _json(parameters[name], f"`{name}`")
    else:
        _check_content_type(request.headers.get("content-type", ""))
        parameters = _json(await _body(request, limits.body_bytes), "The body")
    if not isinstance(parameters, dict):
        raise Problem(400, "The body must be a JSON object with a `query`.")
    variables = _typed(parameters, "variables", dict, "an object")
    _check_size(variables, limits)
    query = _typed(parameters, "query", str, "a string")
    if not query:
        raise Problem(400, "`query` is missing.")
    return Asked(
        query,
        _typed(parameters, "operationName", str, "a string") or None,
        variables,
        _typed(parameters, "extensions", dict, "an object"),
    )


def _check_content_type(content_type: str) -> None:
    name, _, parameters = content_type.lower().partition(";")
    charset = parameters.partition("charset=")[2].partition(";")[0].strip(' "')
    if name.strip() != JSON or charset not in ("", "utf-8", "utf8"):
        raise Problem(415, "Send the request as application/json in UTF-8.")


async def _body(request: Request, most: int) -> bytes:
    length = request.headers.get("content-length", "")
    too_large = Problem(413, f"The request is larger than {most} bytes.", "BODY_TOO_LARGE")
    if length.isdecimal() and int(length[:20]) > most:
        raise too_large
    parts, size = [], 0
    async for part in request.stream():
        size += len(part)
        if size > most:
            raise too_large
        parts.append(part)
    return b"".join(parts)


def _json(text: str | bytes, what: str) -> Any:
    try:
        return _decode(text)
    except RecursionError:
        raise Problem(400, f"{what} is nested too deeply.", "BODY_TOO_DEEP") from None
    except ValueError:  # malformed JSON and malformed UTF-8 alike
        raise Problem(400, f"{what} is not valid JSON.") from None


def _typed(parameters: dict[str, Any], name: str, kind: type, words: str) -> Any:
    value = parameters.get(name)
    if value is not None and not isinstance(value, kind):
        raise Problem(400, f"`{name}` must be {words}.")
    return value


def _check_size(variables: dict[str, Any] | None, limits: Limits) -> None:
    """Refuse variables that would take long to coerce. Walks level by level, so that it needs no recursion itself."""
    level: list[Any] = [variables] if variables else []
    values = depth = 0
    while level:
        depth += 1
        values += sum(map(len, level))
        if values > limits.values:
            raise Problem(413, f"`variables` hold more than {limits.values} values.", "TOO_MANY_VALUES")
        if depth > limits.nesting:
            raise Problem(400, f"`variables` are nested deeper than {limits.nesting} levels.", "VARIABLES_TOO_DEEP")
        level = [
            child
            for parent in level
            for child in (parent.values() if type(parent) is dict else parent)
            if type(child) is dict or type(child) is list
        ]
