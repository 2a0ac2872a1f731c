"""A push service and the browsers behind it, over real HTTP.

It checks what RFC 8030 and 8292 ask of a sender and decrypts as RFC 8291 says a browser does: written from the RFCs
with plain primitives and nothing of the sending library, so that the two sides check each other.
"""

import asyncio
import base64
import json
import re
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

HANG = -1
CURVE = ec.SECP256R1()


def b64(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def unb64(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def point(key: ec.EllipticCurvePublicKey) -> bytes:
    return key.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)


def decrypt(body: bytes, private: ec.EllipticCurvePrivateKey, auth: bytes) -> bytes:
    """The plaintext of one aes128gcm record (RFC 8188 §2, RFC 8291 §3.4)."""
    salt, length = body[:16], body[20]
    sender, record = body[21 : 21 + length], body[21 + length :]
    shared = private.exchange(ec.ECDH(), ec.EllipticCurvePublicKey.from_encoded_point(CURVE, sender))
    info = b"WebPush: info\0" + point(private.public_key()) + sender
    secret = HKDF(hashes.SHA256(), 32, auth, info).derive(shared)
    key = HKDF(hashes.SHA256(), 16, salt, b"Content-Encoding: aes128gcm\0").derive(secret)
    nonce = HKDF(hashes.SHA256(), 12, salt, b"Content-Encoding: nonce\0").derive(secret)
    padded = AESGCM(key).decrypt(nonce, record, None).rstrip(b"\0")
    assert padded.endswith(b"\2"), "this is not the last record"
    return padded[:-1]


def vapid_problem(header: str, server_key: str, origin: str) -> str | None:
    """What is wrong with an Authorization header (RFC 8292 §2, §3), if anything."""
    found = re.fullmatch(r"vapid t=([\w-]+)\.([\w-]+)\.([\w-]+),\s*k=([\w-]+)", header)
    if not found or found[4] != server_key:
        return "no token of the key that was subscribed with"
    signature = unb64(found[3])
    pair = encode_dss_signature(int.from_bytes(signature[:32], "big"), int.from_bytes(signature[32:], "big"))
    key = ec.EllipticCurvePublicKey.from_encoded_point(CURVE, unb64(server_key))
    try:
        key.verify(pair, f"{found[1]}.{found[2]}".encode(), ec.ECDSA(hashes.SHA256()))
    except InvalidSignature:
        return "signature"
    claims = json.loads(unb64(found[2]))
    if claims.get("aud") != origin or not time.time() < claims.get("exp", 0) <= time.time() + 86400:
        return "audience or expiry"
    return None if re.match("mailto:.+@|https://", claims.get("sub", "")) else "subject"


@dataclass
class Browser:
    """One subscription: what the app server is told of it, what came, and what the push service is to answer."""

    endpoint: str
    server_key: str
    private: ec.EllipticCurvePrivateKey
    auth: bytes
    answers: list[tuple[int, dict[str, str]]] = field(default_factory=list)
    """taken one by one; 201 when there is none left"""
    calls: list[Mapping[str, str]] = field(default_factory=list)
    messages: list[dict[str, Any]] = field(default_factory=list)

    @property
    def p256dh(self) -> str:
        return b64(point(self.private.public_key()))

    @property
    def shown(self) -> list[dict[str, Any]]:
        """What a person sees: a message of the same id replaces the one before."""
        return list({message["id"]: message for message in self.messages}.values())


class PushService:
    def __init__(self, origin: str) -> None:
        self.origin = origin
        self.browsers: dict[str, Browser] = {}

    def browser(self, server_key: str) -> Browser:
        path = f"/push/{len(self.browsers)}"
        made = Browser(self.origin + path, server_key, ec.generate_private_key(CURVE), b"0123456789abcdef")
        self.browsers[path] = made
        return made

    async def handle(self, request: web.Request) -> web.Response:
        browser = self.browsers.get(request.path)
        if browser is None:
            return web.Response(status=404)
        browser.calls.append(request.headers)
        body = await request.read()
        if problem := vapid_problem(request.headers.get("Authorization", ""), browser.server_key, self.origin):
            return web.Response(status=403, text=problem)
        headers = request.headers
        topic_fits = re.fullmatch(r"[\w-]{1,32}", headers.get("Topic", "x"))
        urgencies = ("very-low", "low", "normal", "high")
        if not headers.get("TTL", "").isdigit() or not topic_fits or headers.get("Urgency", "normal") not in urgencies:
            return web.Response(status=400)
        if headers.get("Content-Encoding") != "aes128gcm":
            return web.Response(status=415)
        if len(body) > 4096:
            return web.Response(status=413)
        status, extra = browser.answers.pop(0) if browser.answers else (201, {})
        if status == HANG:
            await asyncio.sleep(60)
        if 200 <= status < 300:
            browser.messages.append(json.loads(decrypt(body, browser.private, browser.auth)))
        return web.Response(status=status, headers=extra)


@asynccontextmanager
async def push_service() -> AsyncIterator[PushService]:
    """A running push service on a free port of the loopback."""
    application = web.Application()
    runner = web.AppRunner(application, shutdown_timeout=0.1)
    service = PushService("")
    application.router.add_post("/push/{token}", service.handle)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    host, port = runner.addresses[0][:2]
    service.origin = f"http://{host}:{port}"
    try:
        yield service
    finally:
        await runner.cleanup()
