"""One way out for a customer's own copy: a page to read and the same as data, packed together."""

from collections.abc import AsyncIterator
from dataclasses import replace
from io import BytesIO
from uuid import UUID
from zipfile import ZIP_DEFLATED, ZipFile

from starlette.requests import Request
from starlette.responses import Response

from shuke.api.context import from_request
from shuke.api.http.copy_page import page
from shuke.api.http.doors import attachment, told
from shuke.domains.records import service
from shuke.domains.records.types.privacy import Copy
from shuke.kit import codec
from shuke.kit.errors import ErrorCode, Refusal


@told
async def fetch(request: Request) -> Response:
    """GET /exports/copies/{id}: her copy, once, to whoever asked for it, by her session."""
    context = await from_request(request)
    actor = context.require()
    try:
        ticket = UUID(request.path_params["id"])
    except ValueError as error:
        raise Refusal(ErrorCode.NOT_FOUND, reason="copy_gone") from error
    packed = pack(await service.fetch_copy(actor, ticket, context.locale))
    return attachment("customer-copy.zip", "application/zip", _whole(packed), len(packed))


async def _whole(content: bytes) -> AsyncIterator[bytes]:
    yield content


def pack(copy: Copy) -> bytes:
    """The zip: copy.html to read, copy.json for programs, and photos of paper cards."""
    file, told = BytesIO(), {name: [dict(row) for row in rows] for name, rows in copy.parts.items()}
    with ZipFile(file, "w", ZIP_DEFLATED) as zipped:
        for number, row in enumerate(told.get("paper_cards", ()), 1):
            name = f"photo-{number}.{row['media'].partition('/')[2]}"
            zipped.writestr(name, bytes.fromhex(row["photo"].removeprefix("\\x")))
            row["photo"] = name
        zipped.writestr("copy.html", page(replace(copy, parts=told)))
        zipped.writestr("copy.json", codec.dumps({"at": copy.at, **told}))
    return file.getvalue()
