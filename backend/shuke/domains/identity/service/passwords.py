"""Passwords and tokens: neither is ever stored as it was said."""

import asyncio
import hashlib
import secrets as random
from functools import cache
from uuid import UUID

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError
from argon2.low_level import Type, hash_secret_raw

from shuke.kit.errors import ErrorCode, Refusal

HASHES_AT_ONCE = 4  # each takes 64 MiB and a core
MIN_PASSWORD = 8

_hasher = PasswordHasher()
_hashing = asyncio.Semaphore(HASHES_AT_ONCE)


def token_hash(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()


def check_length(password: str, field: str = "password") -> None:
    """Raises Refusal INVALID for a short password."""
    if len(password) < MIN_PASSWORD:
        raise Refusal(ErrorCode.INVALID, field, "password_short", least=MIN_PASSWORD)


def hash_password(password: str) -> str:
    """The argon2id hash. Raises Refusal INVALID for a short password."""
    check_length(password)
    return _hasher.hash(password)


async def digest(operation_id: UUID, *passwords: str) -> str:
    """What an operation that was given passwords is known by: as slow to guess them from as from a stored hash."""
    said = "".join(f"{len(password)}:{password}" for password in passwords).encode()
    cost = _hasher.time_cost, _hasher.memory_cost, _hasher.parallelism
    async with _hashing:
        raw = await asyncio.to_thread(hash_secret_raw, said, operation_id.bytes, *cost, _hasher.hash_len, Type.ID)
        return raw.hex()


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
