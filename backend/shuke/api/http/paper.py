"""Photos of paper cards: one way in, one guarded way out; no address by which anybody else could see one."""

from uuid import UUID

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from shuke.api.context import from_request
from shuke.api.http.doors import told
from shuke.api.http.protocol import problem, same_origin
from shuke.api.pagination import global_id, optional_id
from shuke.domains.customers import queries, service
from shuke.kit.errors import ErrorCode, Refusal

KIND = "application/octet-stream"
HEADERS = {
    "cache-control": "private, no-store",
    "x-content-type-options": "nosniff",
    "content-security-policy": "default-src 'none'; sandbox",
    "cross-origin-resource-policy": "same-origin",
}


@told
async def receive(request: Request) -> Response:
    """POST /paper-cards: the body is the photo (JPEG, PNG, WebP), `x-card-id` a UUID made by the caller, `x-store-id`
    the store's global id (left out: the caller's first). Answers {"id"}; the same id again is the same card.

    A form of another site can send neither this content type nor these headers without asking first, and is refused.
    """
    if not same_origin(request):
        raise problem(request, 403, "another_site", "CROSS_ORIGIN")
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != KIND:
        raise problem(request, 415, "send_file", kind=KIND)
    actor = (await from_request(request)).require()
    length = request.headers.get("content-length", "")
    if length.isdecimal() and int(length[:20]) > service.MOST_BYTES:
        raise Refusal(ErrorCode.INVALID, reason="photo_large", most=service.MOST_BYTES >> 20)
    store = optional_id(request.headers.get("x-store-id"), "Store", "storeId")
    card = await service.receive_paper(actor, _key(request.headers.get("x-card-id", "")), store, request.stream())
    return JSONResponse({"id": global_id("PaperCard", card)}, 201)


@told
async def photo(request: Request) -> Response:
    """GET /paper-cards/{id}/photo, for whoever is signed in and may see the card."""
    actor = (await from_request(request)).require()
    found = await queries.paper_photo(actor, _key(request.path_params["id"]))
    if found is None:
        raise Refusal(ErrorCode.NOT_FOUND)
    media, content = found
    return Response(content, media_type=media, headers=HEADERS)


def _key(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError as error:
        raise Refusal(ErrorCode.NOT_FOUND) from error
