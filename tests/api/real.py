"""The whole API as the front gate serves it, on a test's own database, asked as a browser or a till would ask."""

import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
from starlette.types import ASGIApp

from shuke.api.context import COOKIE
from shuke.app.asgi import create_app
from shuke.app.settings import Settings
from shuke.domains.identity import service as identity
from shuke.domains.identity.types import Actor, KeyWish, PartnerScope
from shuke.kit import db, queue
from tests.factories import PASSWORD, World, system
from tests.servers import embedded_for_tests

ORIGIN = "http://shop.example"
SIGN_IN = """mutation ($input: SignInInput!) { signIn(input: $input) {
  me { sessionId staff { id name } } userErrors { code field message } } }"""


def real_app() -> ASGIApp:
    """Without its start-up: whoever needs data has connected already. Logging stays the test's."""
    root = logging.getLogger()
    handlers, level = list(root.handlers), root.level
    try:
        return create_app(Settings(data=Path("/nonexistent")))
    finally:
        root.handlers[:] = handlers
        root.setLevel(level)


@asynccontextmanager
async def serving() -> AsyncIterator[ASGIApp]:
    """The app with its queue; the caller has the `database` fixture."""
    queue.configure(embedded_for_tests().redis)
    try:
        yield real_app()
    finally:
        await queue.close()


class Browser:
    """One device: a cookie jar, an address, an origin."""

    def __init__(self, app: ASGIApp, address: str = "10.0.0.1", **headers: str) -> None:
        transport = httpx.ASGITransport(app, client=(address, 1234), raise_app_exceptions=True)
        self.http = httpx.AsyncClient(
            transport=transport, base_url=ORIGIN, headers={"accept-language": "en", **headers}
        )

    async def send(self, document: str, variables: dict[str, Any] | None = None, **headers: str) -> httpx.Response:
        body = {"query": document, "variables": variables or {}}
        return await self.http.post("/graphql", json=body, headers=headers)

    async def ask(self, document: str, **variables: Any) -> Any:
        """The `data` of an answer without errors."""
        answer = (await self.send(document, variables)).json()
        assert "errors" not in answer, answer
        return answer["data"]

    async def do(self, field: str, fields: str = "", **said: Any) -> Any:
        """One mutation's payload; `operationId` is made unless it is given."""
        kind = field[0].upper() + field[1:]
        shown = f"{fields} userErrors {{ code field message }}"
        text = f"mutation ($input: {kind}Input!) {{ {field}(input: $input) {{ {shown} }} }}"
        return (await self.ask(text, input={"operationId": str(uuid4()), **said}))[field]

    async def sign_in(self, phone: str, password: str = PASSWORD, **said: Any) -> Any:
        said = {"operationId": str(uuid4()), "phone": phone, "password": password, **said}
        return (await self.ask(SIGN_IN, input=said))["signIn"]

    def token(self) -> str | None:
        return self.http.cookies.get(COOKIE)


async def signed_in(app: ASGIApp, world: World, who: str, address: str = "10.0.0.1") -> Browser:
    """A browser of this person; no password is checked, which would take its time."""
    return await browser_of(app, world.staff[who], address)


async def browser_of(app: ASGIApp, actor: Actor, address: str = "10.0.0.1") -> Browser:
    assert actor.id
    opened = await identity.open_session(uuid4(), actor.id, actor.brand_id, "test")
    browser = Browser(app, address)
    browser.http.cookies.set(COOKIE, opened.token)
    return browser


async def partner(app: ASGIApp, world: World, *scopes: str, **wish: Any) -> Browser:
    """A till or another program, by a bearer key; `wish`: further fields of a KeyWish."""
    wished = KeyWish("till", frozenset(map(PartnerScope, scopes)), **wish)
    issued = await identity.create_partner_key(await system(world), wished)
    return Browser(app, authorization=f"Bearer {issued.token}")


async def everything_kept() -> str:
    """All that was written down beside the archive itself: events, answers, throttles."""
    rows = await db.fetch(
        "SELECT data::text FROM event UNION ALL SELECT answer FROM operation UNION ALL SELECT key FROM throttle"
        " UNION ALL SELECT data::text FROM inbox_message UNION ALL SELECT error FROM event_delivery"
    )
    return "\n".join(row[0] or "" for row in rows)
