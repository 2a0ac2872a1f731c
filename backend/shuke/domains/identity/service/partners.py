"""Partners' keys: made, rotated, revoked; who calls by one, how often, and what became of it."""

import secrets as random
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from shuke.domains.identity import queries
from shuke.domains.identity.service.door import allow
from shuke.domains.identity.service.house import named
from shuke.domains.identity.service.passwords import token_hash
from shuke.domains.identity.types import Actor, KeyWish
from shuke.kit import clock, codec, db, events, throttle
from shuke.kit.errors import ErrorCode, Refusal
from shuke.kit.ids import first_id, new_id

USED_EVERY = timedelta(minutes=5)
MINUTE = timedelta(minutes=1)
MOST_PER_MINUTE = 60_000
MOST_DAYS = 3650
OVERLAP_HOURS = 168
MOST_OVERLAP_HOURS = 720
KEEP_CALLS = timedelta(days=90)

CREATE = """
INSERT INTO partner_key (id, brand_id, name, token_hash, scopes, store_ids, per_minute, expires_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
"""
# The key from now on, and the one until now as its predecessor, which never outlives the end that it was given.
ROTATE = """
UPDATE partner_key SET previous_hash = token_hash, previous_until = least($4, expires_at),
  previous_used_at = last_used_at, token_hash = $3, last_used_at = NULL, expires_at = $5, updated_at = $6
WHERE brand_id = $1 AND id = $2
"""
REVOKE = """
UPDATE partner_key SET revoked_at = coalesce(revoked_at, $3), updated_at = $3 WHERE brand_id = $1 AND id = $2
"""
# Nobody waits for this row; its set_config spares the disk.
RECORD = """
INSERT INTO partner_call (id, brand_id, key_id, at, operation, root_fields, status, code, duration_ms, cost)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) RETURNING set_config('synchronous_commit', 'off', true)
"""


@dataclass(slots=True, frozen=True)
class Caller:
    """A partner's program that calls, and how it stands to its rate; this call is counted."""

    actor: Actor
    allowance: throttle.Allowance


@dataclass(slots=True, frozen=True)
class Issued:
    """A key and its bearer token, which is kept nowhere."""

    key_id: UUID
    token: str


async def by_key(token: str) -> Caller | None:
    """Who calls by this bearer key; None: it is unknown, has ended or was revoked. Counts the call."""
    hashed = token_hash(token)
    found = await queries.partner_by_key(hashed)
    if found is None:
        return None
    actor, per_minute, previous, used = found
    if used is None or clock.now() - used > USED_EVERY:
        column = "previous_used_at" if previous else "last_used_at"
        await db.execute(f"UPDATE partner_key SET {column} = $2 WHERE id = $1", actor.id, clock.now())
    return Caller(actor, await throttle.count(f"partner/{actor.id}", per_minute, MINUTE))


async def create_partner_key(actor: Actor, wish: KeyWish) -> Issued:
    """A new key. Raises Refusal FORBIDDEN, INVALID, or NOT_FOUND for a store out of the maker's reach."""
    reach = allow(actor, "createPartnerKey")
    name = named("name", wish.name)
    if not wish.scopes:
        raise Refusal(ErrorCode.REQUIRED, "scopes")
    _within("perMinute", wish.per_minute, 1, MOST_PER_MINUTE)
    expires = _ends(wish.days)
    if wish.stores is None and reach.all_stores is not None:
        raise Refusal(ErrorCode.FORBIDDEN)
    if wish.stores is not None:
        known = {store.id for store in await queries.stores(actor.brand_id, reach.all_stores)}
        if not wish.stores or not known.issuperset(wish.stores):
            raise Refusal(ErrorCode.NOT_FOUND, "storeIds")
    key_id, token = new_id(), _token()
    scopes = sorted(scope.value for scope in wish.scopes)
    stores = None if wish.stores is None else codec.dumps(list(dict.fromkeys(wish.stores)))
    async with db.tx():
        row = (key_id, actor.brand_id, name, token_hash(token), " ".join(scopes), stores, wish.per_minute, expires)
        await db.execute(CREATE, *row)
        data = {"scopes": scopes, "stores": wish.stores, "expiresAt": expires, "perMinute": wish.per_minute}
        await events.record(actor.brand_id, "partner_key.created", actor.ref, ("partner_key", key_id), data)
    return Issued(key_id, token)


async def rotate_partner_key(
    actor: Actor, key_id: UUID, overlap_hours: int = OVERLAP_HOURS, days: int | None = None
) -> Issued:
    """A new bearer token for a key; the one until now works for the overlap, the one before that no more.

    days: when the key is to end, from now; None: when it was to end anyway. Raises Refusal NOT_FOUND, INVALID.
    """
    allow(actor, "rotatePartnerKey")
    _within("overlapHours", overlap_hours, 0, MOST_OVERLAP_HOURS)
    token, now = _token(), clock.now()
    async with db.tx():
        sql = "SELECT revoked_at, expires_at FROM partner_key WHERE brand_id = $1 AND id = $2 FOR UPDATE"
        row = await db.fetch_row(sql, actor.brand_id, key_id)
        if row is None:
            raise Refusal(ErrorCode.NOT_FOUND, "id")
        if row[0] is not None:
            raise Refusal(ErrorCode.INVALID, "id", "partner_key_revoked")
        expires = row[1] if days is None else _ends(days)
        if expires is not None and expires <= now:
            raise Refusal(ErrorCode.REQUIRED, "expiresInDays", "partner_key_ended")
        until = now + timedelta(hours=overlap_hours)
        await db.execute(ROTATE, actor.brand_id, key_id, token_hash(token), until, expires, now)
        data = {"overlapHours": overlap_hours, "expiresAt": expires}
        await events.record(actor.brand_id, "partner_key.rotated", actor.ref, ("partner_key", key_id), data)
    return Issued(key_id, token)


async def revoke_partner_key(actor: Actor, key_id: UUID) -> None:
    """Ends a key at once, its predecessor too; one that has ended stays ended. Raises Refusal NOT_FOUND."""
    allow(actor, "revokePartnerKey")
    async with db.tx():
        if not await db.execute(REVOKE, actor.brand_id, key_id, clock.now()):
            raise Refusal(ErrorCode.NOT_FOUND, "id")
        await events.record(actor.brand_id, "partner_key.revoked", actor.ref, ("partner_key", key_id))


async def record_call(
    caller: Actor,
    *,
    at: datetime,
    operation: str | None,
    root_fields: tuple[str, ...],
    status: int,
    code: str | None,
    milliseconds: int,
    cost: int,
) -> None:
    """Keeps what became of a call: no variables, nothing that was answered."""
    said = (operation and operation[:120], " ".join(root_fields), status, code and code[:40], milliseconds, cost)
    await db.execute(RECORD, new_id(), caller.brand_id, caller.id, at, *said)


async def purge_calls() -> int:
    """Forgets calls after 90 days; the number of rows."""
    return await db.execute("DELETE FROM partner_call WHERE id < $1", first_id(clock.now() - KEEP_CALLS))


def _token() -> str:
    return f"shuke_{random.token_urlsafe(32)}"


def _ends(days: int | None) -> datetime | None:
    if days is None:
        return None
    _within("expiresInDays", days, 1, MOST_DAYS)
    return clock.now() + timedelta(days=days)


def _within(field: str, value: int, least: int, most: int) -> None:
    if not least <= value <= most:
        raise Refusal(ErrorCode.INVALID, field, "number_between", least=least, most=most)
