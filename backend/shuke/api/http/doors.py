"""What the doors beside GraphQL have in common: refusals in words, and files on their way out."""

from collections.abc import AsyncIterator, Callable, Coroutine
from functools import wraps
from typing import Any
from urllib.parse import quote

from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response, StreamingResponse

from shuke.api.http.protocol import Problem, problem_error, spoken
from shuke.kit import files, i18n
from shuke.kit.errors import ErrorCode, Refusal
from shuke.kit.files import StoredFile

STATUS = {
    ErrorCode.SIGN_IN_NEEDED: 401,
    ErrorCode.FORBIDDEN: 403,
    ErrorCode.NOT_FOUND: 404,
    ErrorCode.TOO_MANY: 429,
}
TOO_LARGE = ("upload_large", "photo_large")

Endpoint = Callable[[Request], Coroutine[Any, Any, Response]]


def told(endpoint: Endpoint) -> Endpoint:
    """Refusals and problems as the GraphQL endpoint tells them: a list of errors, each with its code."""

    @wraps(endpoint)
    async def answer(request: Request) -> Response:
        try:
            return await endpoint(request)
        except ClientDisconnect:
            return Response(status_code=400)
        except Problem as refused:
            return JSONResponse({"errors": [problem_error(refused)]}, refused.status_code, refused.headers)
        except Refusal as refusal:
            message = i18n.say(spoken(request), refusal.reason, **refusal.params)
            status = 413 if refusal.reason in TOO_LARGE else STATUS.get(refusal.code, 400)
            return JSONResponse({"errors": [{"message": message, "extensions": {"code": refusal.code.name}}]}, status)

    return answer


def disposition(name: str) -> str:
    """`Content-Disposition` for a file to be saved, whatever its name is written in (RFC 6266, RFC 5987)."""
    plain = "".join(char if char.isascii() and char.isprintable() and char not in '"\\' else "_" for char in name)
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"


def attachment(name: str, media_type: str, bytes_: AsyncIterator[bytes], size: int | None = None) -> StreamingResponse:
    """A file to be saved; nothing on the way keeps a copy, and no browser guesses what else it might be."""
    headers = {"content-disposition": disposition(name), "cache-control": "no-store"}
    headers["x-content-type-options"] = "nosniff"
    if size is not None:
        headers["content-length"] = str(size)
    return StreamingResponse(bytes_, headers=headers, media_type=media_type)


def stored(file: StoredFile) -> StreamingResponse:
    """A kept file, to be saved. Who may have it was asked before."""
    return attachment(file.name, file.media_type, files.pieces(file), file.size)
