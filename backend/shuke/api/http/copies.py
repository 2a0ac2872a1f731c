"""One way out for a customer's own copy: a page to read and the same as data, packed together."""

from collections.abc import AsyncIterator
from html import escape
from io import BytesIO
from typing import Any
from uuid import UUID
from zipfile import ZIP_DEFLATED, ZipFile

from starlette.requests import Request
from starlette.responses import Response

from shuke.api.context import from_request
from shuke.api.http.doors import attachment, told
from shuke.domains.records import service
from shuke.domains.records.types.privacy import Copy
from shuke.kit import codec, i18n
from shuke.kit.errors import ErrorCode, Refusal

STYLE = """
body { font: 16px/1.6 system-ui, "PingFang SC", "Noto Sans CJK SC", sans-serif; max-width: 46rem; margin: 2rem auto;
  padding: 0 1rem; color: #2b2723 }
h2 { margin: 2rem 0 .5rem } dl { display: grid; grid-template-columns: minmax(8rem, 30%) 1fr; gap: .1rem 1rem;
  padding: .7rem 0; margin: 0; border-top: 1px solid #ddd } dt { color: #6b645c }
dd { margin: 0; overflow-wrap: anywhere }
"""


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
    """The zip: copy.html to read, copy.json for programs."""
    file = BytesIO()
    with ZipFile(file, "w", ZIP_DEFLATED) as zipped:
        zipped.writestr("copy.html", page(copy))
        zipped.writestr("copy.json", codec.dumps({"at": copy.at, **copy.parts}))
    return file.getvalue()


def page(copy: Copy) -> str:
    """All of it as one page that needs nothing else; no script, nothing from anywhere."""
    title = i18n.say(copy.locale, "copy_title")
    intro = i18n.say(copy.locale, "copy_intro", day=copy.at.date().isoformat())
    parts = "".join(_part(copy.locale, name, rows) for name, rows in copy.parts.items())
    return (
        f'<!doctype html><html lang="{copy.locale}"><meta charset="utf-8">'
        f'<meta name="viewport" content="width=device-width"><title>{escape(title)}</title><style>{STYLE}</style>'
        f"<h1>{escape(title)}</h1><p>{escape(intro)}</p>{parts}</html>"
    )


def _part(locale: str, name: str, rows: list[dict[str, Any]]) -> str:
    entries = "".join(
        "<dl>"
        + "".join(f"<dt>{_label(locale, key)}</dt><dd>{_value(row[key])}</dd>" for key in row if key != "id")
        + "</dl>"
        for row in rows
    )
    return f"<h2>{_words(locale, f'held_{name}', name)}</h2>{entries}"


def _label(locale: str, column: str) -> str:
    return _words(locale, f"column_{column}", column.replace("_", " "))


def _words(locale: str, key: str, otherwise: str) -> str:
    return escape(i18n.CATALOGUE[locale].get(key, otherwise))


def _value(value: Any) -> str:
    if isinstance(value, dict):
        return "<br>".join(f"{escape(str(key))}: {_value(inner)}" for key, inner in value.items())
    if isinstance(value, list):
        return "<br>".join(_value(inner) for inner in value)
    return escape(str(value))
