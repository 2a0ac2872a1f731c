"""Web push as a protocol (RFC 8030, 8188, 8291, 8292): keys, and one encrypted, signed message to one device.

What sends is loaded with the first message: few processes ever send one, and all would start a good deal later.
"""

import base64
import binascii
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from py_vapid import Vapid02

if TYPE_CHECKING:
    import aiohttp

PATIENCE: dict[str, float] = {"total": 10, "sock_connect": 5}  # seconds
LONGEST_PAYLOAD = 3993  # bytes; with its header and tag 4,096, which is what a push service must take


@dataclass(slots=True, frozen=True)
class Device:
    """Where a browser wants to be reached: its push service's address and its two keys, base64url."""

    endpoint: str
    p256dh: str
    auth: str


@dataclass(slots=True, frozen=True)
class Answer:
    """What the push service said; `status` None: nothing, for the reason in `error` (an exception's name)."""

    status: int | None
    retry_after: str | None = None
    error: str | None = None


class _Post:
    """aiohttp's session as pywebpush uses it, but following no redirect: that would lead out of the allow-list."""

    def __init__(self, session: "aiohttp.ClientSession") -> None:
        self._session = session

    async def post(self, url: str, **options: Any) -> "aiohttp.ClientResponse":
        return await self._session.post(url, allow_redirects=False, **options)


@asynccontextmanager
async def session() -> AsyncIterator[Any]:
    """Connections that `send` shares."""
    import aiohttp

    async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(**PATIENCE)) as opened:
        yield _Post(opened)


async def send(
    post: Any, device: Device, payload: str, *, key: str, contact: str, topic: str, ttl: int, urgency: str = "high"
) -> Answer:
    """Sends one message, once. `topic` (at most 32 URL-safe characters) lets a repeat replace what still waits there;
    `ttl` in seconds; `contact` is a mailto: or https: address for the push service's operators.

    Raises ValueError for a payload that is too long; every other trouble is an answer.
    """
    import aiohttp
    from pywebpush import WebPushException, webpush_async

    if len(payload.encode()) > LONGEST_PAYLOAD:
        raise ValueError("the payload is too long for a push message")
    info = {"endpoint": device.endpoint, "keys": {"p256dh": device.p256dh, "auth": device.auth}}
    try:
        answer = await webpush_async(
            info,
            payload,
            vapid_private_key=_signer(key),
            vapid_claims={"sub": contact},  # a new one each time: the library writes audience and expiry into it
            ttl=ttl,
            headers={"Topic": topic, "Urgency": urgency},
            timeout=aiohttp.ClientTimeout(**PATIENCE),
            aiohttp_session=post,
        )
    except WebPushException as refused:
        return Answer(refused.status_code, refused.retry_after, None if refused.status_code else "WebPushException")
    except (aiohttp.ClientError, TimeoutError, OSError) as error:
        return Answer(None, None, type(error).__name__)
    return Answer(answer.status)


def new_key() -> str:
    """A private VAPID key: 32 bytes, base64url."""
    number = ec.generate_private_key(ec.SECP256R1()).private_numbers().private_value
    return _encode(number.to_bytes(32, "big"))


@lru_cache
def public_key(key: str) -> str:
    """The public half as browsers take it: 65 bytes, base64url."""
    return _encode(_signer(key).public_key.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint))


@lru_cache
def _signer(key: str) -> Any:
    return Vapid02.from_string(key)


def wrong_key(device: Device) -> str | None:
    """Which of the device's keys cannot be one (p256dh: a point of P-256; auth: 16 bytes); None: both are good."""
    try:
        ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), _exactly(65, device.p256dh))
    except ValueError:
        return "p256dh"
    try:
        _exactly(16, device.auth)
    except ValueError:
        return "auth"
    return None


def _exactly(length: int, text: str) -> bytes:
    try:
        found = base64.b64decode(text.rstrip("=") + "=" * (-len(text.rstrip("=")) % 4), altchars=b"-_", validate=True)
    except binascii.Error as error:
        raise ValueError from error
    if len(found) != length:
        raise ValueError
    return found


def _encode(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")
