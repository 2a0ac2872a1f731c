"""What a request carries: who asks, in which language, and the batches of reads that its fields share."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypeAlias
from uuid import UUID

import strawberry
from starlette.requests import Request
from strawberry.dataloader import DataLoader

from shuke.api.http.calls import Call
from shuke.api.http.protocol import Problem
from shuke.domains.identity import service as identity
from shuke.domains.identity.types import Actor, Locale
from shuke.kit import clock, i18n, trace
from shuke.kit.errors import ErrorCode, Refusal
from shuke.kit.throttle import Allowance

strawberry.enum(Locale, description="A language that Shuke speaks.")

COOKIE = "shuke_session"
RATE_LIMITED = "RATE_LIMITED"
DEVICE_COOKIE = "shuke_device"
DEVICE_COOKIE_DAYS = 400  # the longest that browsers keep one

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
    standing_headers: list[tuple[str, str]] = field(default_factory=list)
    """sent along whatever becomes of the call"""
    partner: Actor | None = None
    """by whose key the call is made, even if somebody signs in by it"""
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

    async def record(self, call: Call) -> None:
        """Puts a partner's call down; staff's leave their traces as events."""
        if self.partner is not None:
            await _record(self.partner, call)

    def keep_session(self, token: str, expires_at: datetime) -> None:
        """Puts the session into a cookie that scripts cannot read and other sites cannot send; "" takes it away."""
        self._keep(COOKIE, token, max(0, int((expires_at - self.now).total_seconds())))

    @property
    def address(self) -> str:
        """Where the call comes from; "": from nowhere that has one."""
        return self.request.client.host if self.request.client else ""

    @property
    def device_token(self) -> str:
        """What this browser was given when somebody signed in; "": nothing."""
        return self.request.cookies.get(DEVICE_COOKIE, "")

    def keep_device(self, token: str) -> None:
        """Lets this browser show, after sign-out too, that it is known here."""
        self._keep(DEVICE_COOKIE, token, DEVICE_COOKIE_DAYS * 86400)

    def _keep(self, name: str, value: str, seconds: int) -> None:
        secure = "; Secure" if self.request.url.scheme == "https" else ""
        cookie = f"{name}={value}; Path=/; HttpOnly; SameSite=Strict; Max-Age={seconds}{secure}"
        self.response_headers.append(("set-cookie", cookie))


Info: TypeAlias = strawberry.Info[Context, None]


async def from_request(request: Request) -> Context:
    """Who asks: a bearer key wins over a cookie; the language is the header's, else the person's.

    Raises Problem 401 for a bearer key that does not work and 429 beyond its rate.
    """
    scheme, _, key = request.headers.get("authorization", "").partition(" ")
    spoken = i18n.negotiate(request.headers.get("accept-language"))
    if scheme.lower() == "bearer":
        return await _partners(request, key.strip(), spoken)
    token = request.cookies.get(COOKIE)
    actor = await identity.by_session(token) if token else None
    if actor:
        trace.tell(brand=actor.brand_id)
    return Context(request, actor, spoken or (actor.locale if actor else Locale.ZH_CN).value)


async def _partners(request: Request, key: str, spoken: str | None) -> Context:
    caller = await identity.by_key(key)
    if caller is None:
        words = i18n.say(spoken or Locale.ZH_CN.value, "key_unknown")
        raise Problem(401, words, "KEY_INVALID", {"WWW-Authenticate": "Bearer"})
    actor, allowance = caller.actor, caller.allowance
    trace.tell(brand=actor.brand_id)
    locale, headers = spoken or actor.locale.value, rate_headers(allowance)
    if allowance.exceeded:
        if allowance.used == allowance.limit + 1:  # of a flood, the first is put down
            await _record(actor, Call(status=429, code=RATE_LIMITED))
        words = i18n.say(locale, "rate_limited", seconds=allowance.resets_in)
        raise Problem(429, words, RATE_LIMITED, {**headers, "Retry-After": str(allowance.resets_in)})
    return Context(request, actor, locale, standing_headers=list(headers.items()), partner=actor)


def rate_headers(allowance: Allowance) -> dict[str, str]:
    """As draft-ietf-httpapi-ratelimit-headers has them: the policy, and what is left of it for how many seconds."""
    policy = f'"minute";q={allowance.limit};w=60'
    return {"RateLimit-Policy": policy, "RateLimit": f'"minute";r={allowance.remaining};t={allowance.resets_in}'}


async def _record(partner: Actor, call: Call) -> None:
    operation = call.operation
    await identity.record_call(
        partner,
        at=call.at,
        operation=operation.name if operation else None,
        root_fields=operation.root_fields if operation else (),
        status=call.status,
        code=call.code,
        milliseconds=call.milliseconds,
        cost=call.cost,
    )
