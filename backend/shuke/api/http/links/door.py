"""GET and POST /c/{token}: the only doors of the archive that nobody signs in at."""

import gzip
from collections.abc import Callable, Coroutine
from functools import wraps
from typing import Any
from urllib.parse import parse_qs, urlencode
from uuid import uuid4

from starlette.requests import ClientDisconnect, Request
from starlette.responses import RedirectResponse, Response

from shuke.api.http.doors import STATUS
from shuke.api.http.links import page, reading
from shuke.api.http.links.style import HASH
from shuke.api.http.protocol import same_origin, spoken
from shuke.api.http.pwa import takes_gzip
from shuke.domains.customers import queries, service
from shuke.domains.customers.rules import links as rules
from shuke.domains.customers.types.links import OpenLink
from shuke.kit import clock, i18n, trace, zones
from shuke.kit.errors import ErrorCode, Refusal

MOST_BYTES = 16 * 1024
MOST_FIELDS = 200
FORM = "application/x-www-form-urlencoded"
HEADERS = {
    "content-security-policy": f"default-src 'none'; style-src 'sha256-{HASH}'; img-src data:; form-action 'self';"
    " base-uri 'none'; frame-ancestors 'none'",
    "cache-control": "no-store",
    "x-content-type-options": "nosniff",
    "x-robots-tag": "noindex",
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=()",
    "vary": "accept-encoding, accept-language",
}
Endpoint = Callable[[Request], Coroutine[Any, Any, Response]]


def _said_on_a_page(endpoint: Endpoint) -> Endpoint:
    """Refusals as a page with one sentence, in the language that she reads."""

    @wraps(endpoint)
    async def answer(request: Request) -> Response:
        try:
            return await endpoint(request)
        except ClientDisconnect:
            return Response(status_code=400)
        except Refusal as refusal:
            locale = _locale(request)
            if refusal.reason == "link_used" and "done" in request.query_params:
                return _html(request, page.thanks(locale, None, (), ""))
            words = i18n.say(locale, refusal.reason, **refusal.params)
            status = 413 if refusal.reason == "link_large" else STATUS.get(refusal.code, 400)
            return _html(request, page.refused(locale, words), status)

    return answer


@_said_on_a_page
async def show(request: Request) -> Response:
    """The form, one step of it; the thanks after it."""
    link = await service.open_link(request.path_params["token"], _address(request))
    trace.tell(brand=link.brand_id)
    locale = _locale(request)
    if "done" in request.query_params:
        again = "" if link.general else f"?{urlencode({'lang': locale})}"
        return _html(request, page.thanks(locale, link, (await queries.offers_of(link.brand_id)).offers, again))
    return _html(request, page.page(await _form(request, link, locale, request.query_params.get("step", ""))))


@_said_on_a_page
async def fill(request: Request) -> Response:
    """One step's answers are kept; then the next step, or the same one with what is to be mended."""
    if not same_origin(request):
        raise Refusal(ErrorCode.FORBIDDEN, reason="another_site")
    token, typed = request.path_params["token"], await _typed(request)
    locale = (typed.get("lang") or [_locale(request)])[0]
    locale = locale if locale in i18n.CATALOGUE else i18n.DEFAULT
    link = await service.open_link(token, _address(request))
    trace.tell(brand=link.brand_id)
    step = (typed.get("step") or [""])[0]
    form = await _form(request, link, locale, step)
    sent = reading.read(typed, locale, form.fields, link.currency, done=form.step == page.CONSENTS)
    saved = await service.fill_in(token, sent, _address(request))
    if saved.mistakes:
        mistakes = {name: i18n.say(locale, one.reason, **one.params) for name, one in saved.mistakes.items()}
        again = await _form(request, link, locale, step, mistakes=mistakes, typed=typed)
        return _html(request, page.page(again), 422)
    place = form.steps.index(form.step) + 1
    onward = {"done": "1"} if place == len(form.steps) else {"step": form.steps[place]}
    return RedirectResponse(f"/c/{saved.token}?{urlencode(onward | {'lang': locale})}", 303, HEADERS)


async def _form(request: Request, link: OpenLink, locale: str, step: str, **more: Any) -> page.Form:
    template = await queries.latest(link.brand_id)
    texts = [text for text in await queries.texts_of(link.brand_id) if text.purpose in rules.PURPOSES]
    said = await queries.offers_of(link.brand_id)
    nonce = (more.get("typed", {}).get("nonce") or [str(uuid4())])[0]
    year = zones.local_date(clock.now(), link.store.timezone).year
    offers, fields = said.offers, rules.asks(template.document, said.fields)
    form = page.Form(link, locale, fields, template.version, texts, offers, page.BASICS, nonce, year, **more)
    if step in form.steps and not link.general:  # who scans a store's code says first who she is
        return page.Form(link, locale, fields, template.version, texts, offers, step, nonce, year, **more)
    return form


async def _typed(request: Request) -> dict[str, list[str]]:
    """The form's fields. Raises Refusal for what no form of ours sends."""
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != FORM:
        raise Refusal(ErrorCode.INVALID, reason="link_large")
    parts, size = [], 0
    async for part in request.stream():
        size += len(part)
        if size > MOST_BYTES:
            raise Refusal(ErrorCode.INVALID, reason="link_large")
        parts.append(part)
    try:
        return parse_qs(b"".join(parts).decode("ascii"), max_num_fields=MOST_FIELDS, errors="replace")
    except ValueError as error:
        raise Refusal(ErrorCode.INVALID, reason="link_large") from error


def _locale(request: Request) -> str:
    asked = request.query_params.get("lang")
    return asked if asked and asked in i18n.CATALOGUE else spoken(request)


def _address(request: Request) -> str:
    return request.client.host if request.client else ""


def _html(request: Request, text: str, status: int = 200) -> Response:
    content, headers = text.encode(), dict(HEADERS)
    if takes_gzip(request):
        content, headers["content-encoding"] = gzip.compress(content, 6, mtime=0), "gzip"
    return Response(content, status, headers, "text/html; charset=utf-8")
