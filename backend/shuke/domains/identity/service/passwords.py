"""Passwords and tokens: neither is ever stored as it was said."""

import asyncio
import hashlib
import secrets as random
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError

from shuke.kit.errors import ErrorCode, Refusal

HASHES_AT_ONCE = 4  # each takes 64 MiB and a core
MIN_PASSWORD = 8

_hasher = PasswordHasher()
_hashing = asyncio.Semaphore(HASHES_AT_ONCE)


def token_hash(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()


def hash_password(password: str) -> str:
    """The argon2id hash. Raises Refusal INVALID for a short password."""
    if len(password) < MIN_PASSWORD:
        raise Refusal(ErrorCode.INVALID, "password", "password_short", least=MIN_PASSWORD)
    return _hasher.hash(password)


async def matches(hashed: str, password: str) -> bool:
    async with _hashing:
        try:
            return await asyncio.to_thread(_hasher.verify, hashed, password)
        except (VerifyMismatchError, InvalidHashError):
            return False


@cache
def nobodys() -> str:
    """A hash that no password fits; made when it is first needed, since making one takes its time."""
    return _hasher.hash(random.token_urlsafe())
