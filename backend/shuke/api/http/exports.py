"""One way out for exports: their files."""

from uuid import UUID

from starlette.requests import Request
from starlette.responses import Response

from shuke.api.context import from_request
from shuke.api.http.doors import stored, told
from shuke.domains.records import service
from shuke.kit.errors import ErrorCode, Refusal


@told
async def fetch(request: Request) -> Response:
    """GET /exports/{id}: the file, to whoever asked for it, by her session and what she may see now."""
    actor = (await from_request(request)).require()
    try:
        export_id = UUID(request.path_params["id"])
    except ValueError as error:
        raise Refusal(ErrorCode.NOT_FOUND, reason="export_gone") from error
    return stored(await service.fetch_export(actor, export_id))
