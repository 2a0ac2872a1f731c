"""Numbers of people who were erased: kept as keyed hashes, so that a file or a till does not bring them back."""

import hashlib
import hmac
import secrets
from collections.abc import Iterable
from uuid import UUID

from shuke.kit import db
from shuke.kit.ids import new_ids
from shuke.kit.secrets import secret

SECRET = "suppression"
FIND = """
SELECT w.kind, w.hash FROM unnest($2::text[], $3::bytea[]) AS w(kind, hash)
JOIN suppression s ON s.brand_id = $1 AND s.kind = w.kind AND s.hash = w.hash
"""
ADD = """
INSERT INTO suppression (id, brand_id, kind, hash, erasure_id)
SELECT w.id, $1, w.kind, w.hash, $5 FROM unnest($2::uuid[], $3::text[], $4::bytea[]) AS w(id, kind, hash)
ORDER BY w.kind, w.hash ON CONFLICT (brand_id, kind, hash) DO UPDATE SET erasure_id = excluded.erasure_id
"""
LIFT = """
DELETE FROM suppression WHERE brand_id = $1 AND erasure_id IN (
  SELECT erasure_id FROM suppression WHERE brand_id = $1 AND kind = $2 AND hash = $3)
"""

Number = tuple[str, str]
"""kind, normalised value"""


async def suppressed(brand_id: UUID, numbers: Iterable[Number]) -> set[Number]:
    """Those of the numbers that an erased customer was known by."""
    wanted = list(dict.fromkeys(numbers))
    if not wanted or not await db.fetch_value("SELECT EXISTS (SELECT FROM suppression WHERE brand_id = $1)", brand_id):
        return set()  # the usual case costs no hash
    key = await _key()
    hashes = {(kind, _hash(key, brand_id, kind, value)): (kind, value) for kind, value in wanted}
    columns = ([kind for kind, _ in hashes], [digest for _, digest in hashes])
    return {hashes[row[0], bytes(row[1])] for row in await db.fetch(FIND, brand_id, *columns)}


async def suppress(brand_id: UUID, numbers: Iterable[Number], erasure_id: UUID) -> int:
    """Puts these numbers down as those of one erased customer; how many."""
    wanted, key = list(dict.fromkeys(numbers)), await _key()
    hashes = [_hash(key, brand_id, kind, value) for kind, value in wanted]
    return await db.execute(ADD, brand_id, new_ids(len(wanted)), [kind for kind, _ in wanted], hashes, erasure_id)


async def lift(brand_id: UUID, kind: str, value: str) -> int:
    """Forgets this number's erasure, with every other number of the same customer; how many."""
    return await db.execute(LIFT, brand_id, kind, _hash(await _key(), brand_id, kind, value))


async def _key() -> bytes:
    return bytes.fromhex(await secret(SECRET, lambda: secrets.token_hex(32)))


def _hash(key: bytes, brand_id: UUID, kind: str, value: str) -> bytes:
    """HMAC-SHA256 (RFC 2104) of brand, kind and normalised value: useless to who has the table but not the key."""
    return hmac.digest(key, f"{brand_id}/{kind}/{value}".encode(), hashlib.sha256)
