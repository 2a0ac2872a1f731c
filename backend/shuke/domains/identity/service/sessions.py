"""Sign in and out; sessions, one a device."""

import hashlib
import hmac
import secrets as random
from datetime import datetime, timedelta
from uuid import UUID

from shuke.domains.identity import queries
from shuke.domains.identity.service.door import allow
from shuke.domains.identity.service.passwords import matches, nobodys, token_hash
from shuke.domains.identity.types import Actor, SignedIn
from shuke.kit import clock, db, events, phones, throttle
from shuke.kit.errors import ErrorCode, Refusal
from shuke.kit.ids import effect_id
from shuke.kit.secrets import secret
from shuke.kit.text import clean

SESSION_DAYS = 90
SEEN_EVERY = timedelta(minutes=5)
TRIES_WINDOW = timedelta(minutes=15)
TRIES_FROM_ONE_PLACE = 8  # for one phone number from one address
TRIES_FROM_ADDRESS = 60  # a whole chain may sit behind one address: only what fails is counted
TRIES_FOR_NUMBER = 100  # from anywhere: too few to guess, too many to lock a colleague out by hand


async def by_session(token: str) -> Actor | None:
    """The actor of a session cookie; notes at most every few minutes that the device was seen."""
    found = await queries.staff_by_session(token_hash(token))
    if found is None:
        return None
    actor, seen = found
    if isinstance(seen, datetime) and clock.now() - seen > SEEN_EVERY:
        await db.execute("UPDATE session SET last_seen_at = $2 WHERE id = $1", actor.session_id, clock.now())
    return actor


async def sign_in(operation_id: UUID, phone: str, password: str, device: str, address: str) -> SignedIn:
    """Opens a session. The same operation id with the right password gives the same session again.

    Raises Refusal SIGN_IN_FAILED (never saying which of the two was wrong), TOO_MANY or, for the operation id of a
    session that has ended, OPERATION_REUSED.
    """
    number = phones.normalise(phone) or ""
    behind, place, anywhere = _tries(address), _tries(number or phone, address), _tries(number or phone)
    await throttle.hit(behind, TRIES_FROM_ADDRESS, TRIES_WINDOW)
    await throttle.hit(place, TRIES_FROM_ONE_PLACE, TRIES_WINDOW)
    await throttle.hit(anywhere, TRIES_FOR_NUMBER, TRIES_WINDOW)
    rows = await db.fetch("SELECT id, brand_id, password_hash FROM staff WHERE phone = $1 AND left_at IS NULL", number)
    if not rows:  # an unknown number takes as long as a wrong password
        await matches(nobodys(), password)
    found = [row for row in rows if await matches(row[2], password)]
    if not found:
        raise Refusal(ErrorCode.SIGN_IN_FAILED)
    await throttle.clear(place)
    await throttle.give_back(behind)
    await throttle.give_back(anywhere)
    return await open_session(operation_id, found[0][0], found[0][1], clean(device) or "")


def _tries(*who: str) -> str:
    """The throttle's key, in which nobody reads a number."""
    return f"sign-in/{hashlib.sha256('|'.join(who).encode()).hexdigest()}"


async def open_session(operation_id: UUID, staff_id: UUID, brand_id: UUID, device: str) -> SignedIn:
    """A session for her, who has shown who she is; the same operation id gives the same again."""
    key = await secret("session", lambda: random.token_urlsafe(32))
    token = hmac.new(key.encode(), f"{operation_id}/{staff_id}".encode(), hashlib.sha256).hexdigest()
    session_id, now = effect_id("session", operation_id, staff_id), clock.now()
    expires = now + timedelta(days=SESSION_DAYS)
    async with db.tx():
        made = await db.execute(
            "INSERT INTO session (id, brand_id, staff_id, token_hash, device, last_seen_at, expires_at)"
            " VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT DO NOTHING",
            *(session_id, brand_id, staff_id, token_hash(token), device[:120], now, expires),
        )
        if made:
            await events.record(brand_id, "session.opened", ("staff", staff_id), ("session", session_id))
        elif await queries.staff_by_session(token_hash(token)) is None:
            raise Refusal(ErrorCode.OPERATION_REUSED, "operationId", "session_ended")
    return SignedIn(session_id, token, expires)


async def sign_out(actor: Actor) -> None:
    """Ends the caller's own session; a partner's key has none."""
    if actor.session_id is not None:
        await _end_session(actor, actor.session_id)


async def revoke_session(actor: Actor, session_id: UUID) -> None:
    """Ends one of the caller's own sessions; one that has ended stays ended. Raises Refusal NOT_FOUND."""
    allow(actor, "revokeSession")
    await _end_session(actor, session_id)


async def _end_session(actor: Actor, session_id: UUID) -> None:
    async with db.tx():
        touched = await db.execute(
            "UPDATE session SET revoked_at = coalesce(revoked_at, $3), updated_at = $3 WHERE id = $1 AND staff_id = $2",
            *(session_id, actor.id, clock.now()),
        )
        if not touched:
            raise Refusal(ErrorCode.NOT_FOUND, "id")
        await events.record(actor.brand_id, "session.revoked", actor.ref, ("session", session_id))
