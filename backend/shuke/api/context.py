"""What a request carries: who asks, in which language, and the batches of reads that its fields share."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypeAlias
from uuid import UUID

import strawberry
from starlette.requests import Request
from strawberry.dataloader import DataLoader

from shuke.domains.identity import service as identity
from shuke.domains.identity.types import Actor, Locale
from shuke.kit import clock, i18n
from shuke.kit.errors import ErrorCode, Refusal

COOKIE = "shuke_session"

Batch: TypeAlias = Callable[[Actor, list[UUID]], Awaitable[list[Any]]]


@dataclass(slots=True)
class Context:
    """One request's world."""

    request: Request
    actor: Actor | None
    locale: str
    now: datetime = field(default_factory=clock.now)
    response_headers: list[tuple[str, str]] = field(default_factory=list)
    """sent along with the answer"""
    primed: dict[str, dict[UUID, Any]] = field(default_factory=dict)
    """batch name -> id -> value that a wider read brought along"""
    _loaders: dict[str, DataLoader[UUID, Any]] = field(default_factory=dict)

    def require(self) -> Actor:
        """The actor; nobody signed in is refused."""
        if self.actor is None:
            raise Refusal(ErrorCode.SIGN_IN_NEEDED)
        return self.actor

    def load(self, batch: Batch, key: UUID) -> Any:
        """The value for this key: primed, or read together with every other key asked for in this request."""
        name = batch.__name__
        primed = self.primed.get(name)
        if primed is not None and key in primed:
            return primed[key]
        loader = self._loaders.get(name)
        if loader is None:
            actor = self.require()
            loader = self._loaders[name] = DataLoader(load_fn=lambda keys: batch(actor, keys))
        return loader.load(key)

    def prime(self, batch: Batch, values: dict[UUID, Any]) -> None:
        """Hands over values that are known already."""
        self.primed.setdefault(batch.__name__, {}).update(values)

    def forget_reads(self) -> None:
        """Something was written, or somebody else asks from here on: what was read before is stale."""
        self.primed.clear()
        self._loaders.clear()

    def keep_session(self, token: str, expires_at: datetime) -> None:
        """Puts the session into a cookie that scripts cannot read and other sites cannot send; "" takes it away."""
        secure = "; Secure" if self.request.url.scheme == "https" else ""
        lifetime = max(0, int((expires_at - self.now).total_seconds()))
        cookie = f"{COOKIE}={token}; Path=/; HttpOnly; SameSite=Strict; Max-Age={lifetime}{secure}"
        self.response_headers.append(("set-cookie", cookie))


Info: TypeAlias = strawberry.Info[Context, None]


async def from_request(request: Request) -> Context:
    """Who asks: a bearer key wins over a cookie; the language is the header's, else the person's."""
    scheme, _, key = request.headers.get("authorization", "").partition(" ")
    actor: Actor | None = None
    if scheme.lower() == "bearer":
        actor = await identity.by_key(key.strip())
    elif token := request.cookies.get(COOKIE):
        actor = await identity.by_session(token)
    spoken = i18n.negotiate(request.headers.get("accept-language"))
    return Context(request, actor, spoken or (actor.locale if actor else Locale.ZH_CN).value)
