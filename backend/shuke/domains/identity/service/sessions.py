"""Sign in and out; sessions, one a device."""

import hashlib
import hmac
import secrets as random
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from uuid import UUID

from shuke.domains.identity import queries
from shuke.domains.identity.service.door import allow
from shuke.domains.identity.service.passwords import matches, nobodys, token_hash
from shuke.domains.identity.types import Actor, SignedIn
from shuke.kit import clock, db, events, phones, throttle
from shuke.kit.errors import ErrorCode, Refusal
from shuke.kit.ids import effect_id, new_id
from shuke.kit.secrets import secret
from shuke.kit.text import clean

SESSION_DAYS = 90
SEEN_EVERY = timedelta(minutes=5)
TRIES_WINDOW = timedelta(minutes=15)
TRIES_FROM_ONE_PLACE = 8  # for one phone number from one address
TRIES_FROM_ADDRESS = 60  # a whole chain may sit behind one address: only what fails is counted
TRIES_FOR_NUMBER = 100  # from anywhere but her own devices
TRIES_FROM_DEVICE = 8  # for one person from one device that she signed in from before
DEVICE_DAYS = 400  # as long as browsers keep a cookie

KNOWN = """
SELECT st.id FROM known_device k JOIN staff st ON st.id = k.staff_id
WHERE k.token_hash = $1 AND k.expires_at > $3 AND st.phone = $2 AND st.left_at IS NULL LIMIT 1
"""
KNOW = """
INSERT INTO known_device (id, brand_id, staff_id, token_hash, expires_at) VALUES ($1, $2, $3, $4, $5)
ON CONFLICT (staff_id, token_hash) DO UPDATE SET expires_at = excluded.expires_at, updated_at = $6
"""
STILL_HERS = "SELECT id FROM staff WHERE id = $1 AND password_hash = $2 AND left_at IS NULL FOR SHARE"


async def by_session(token: str) -> Actor | None:
    """The actor of a session cookie; notes at most every few minutes that the device was seen."""
    found = await queries.staff_by_session(token_hash(token))
    if found is None:
        return None
    actor, seen = found
    if isinstance(seen, datetime) and clock.now() - seen > SEEN_EVERY:
        await db.execute("UPDATE session SET last_seen_at = $2 WHERE id = $1", actor.session_id, clock.now())
    return actor


async def still_signed_in(token: str) -> bool:
    """Whether the session of this cookie lives; that somebody asks is no sign that the device is used."""
    return await queries.staff_by_session(token_hash(token)) is not None


async def sign_in(
    operation_id: UUID, phone: str, password: str, device: str, address: str, known: str = ""
) -> SignedIn:
    """Opens a session. The same operation id with the right password gives the same session again.

    `known`: what the browser shows of an earlier sign-in. From her own devices her tries are counted apart, so that
    nobody who tries elsewhere keeps her out (OWASP, "device cookies").
    Raises Refusal SIGN_IN_FAILED (never saying which of the two was wrong), TOO_MANY or, for the operation id of a
    session that has ended, OPERATION_REUSED.
    """
    number = phones.normalise(phone) or ""
    async with one_try(number or phone, address, known):
        sql = "SELECT id, brand_id, password_hash FROM staff WHERE phone = $1 AND left_at IS NULL"
        rows = await db.fetch(sql, number)
        if not rows:  # an unknown number takes as long as a wrong password
            await matches(nobodys(), password)
        found = [row for row in rows if await matches(row[2], password)]
        if not found:
            raise Refusal(ErrorCode.SIGN_IN_FAILED)
    staff_id, brand_id, checked = found[0]
    return await open_session(operation_id, staff_id, brand_id, clean(device) or "", known, checked=checked)


@asynccontextmanager
async def one_try(number: str, address: str, known: str) -> AsyncIterator[None]:
    """Stands around one try at the password of this number: it counts unless it ends well. Raises Refusal TOO_MANY.

    Outside of any transaction, which a wrong password would take back together with its count.
    """
    limits = await _limits(number, address, known)
    for key, most in limits:
        await throttle.hit(key, most, TRIES_WINDOW)
    yield
    await throttle.clear(limits[0][0])
    for key, _ in limits[1:]:
        await throttle.give_back(key)


async def _limits(number: str, address: str, known: str) -> list[tuple[str, int]]:
    """What a try is counted under, and how many there may be; the first is forgotten once the password was right."""
    if known and await db.fetch_value(KNOWN, token_hash(known), number, clock.now()):
        return [(_tries("device", known, number), TRIES_FROM_DEVICE)]
    return [
        (_tries(number, address), TRIES_FROM_ONE_PLACE),
        (_tries(address), TRIES_FROM_ADDRESS),
        (_tries(number), TRIES_FOR_NUMBER),
    ]


def _tries(*who: str) -> str:
    """The throttle's key, in which nobody reads a number."""
    return f"sign-in/{hashlib.sha256('|'.join(who).encode()).hexdigest()}"


async def open_session(
    operation_id: UUID, staff_id: UUID, brand_id: UUID, device: str, known: str = "", *, checked: str | None = None
) -> SignedIn:
    """A session for her, who has shown who she is; the same operation id gives the same again. Her device is known
    from now on: by what it showed, if that is ours, else by a token of its own.

    `checked`: the hash that her password fitted. Checking takes its time, in which it may have been replaced and her
    sessions ended: then it opens nothing. Raises Refusal SIGN_IN_FAILED or OPERATION_REUSED.
    """
    key = await secret("session", lambda: random.token_urlsafe(32))
    token = hmac.new(key.encode(), f"{operation_id}/{staff_id}".encode(), hashlib.sha256).hexdigest()
    session_id, now = effect_id("session", operation_id, staff_id), clock.now()
    expires = now + timedelta(days=SESSION_DAYS)
    async with db.tx():
        if checked is not None and await db.fetch_value(STILL_HERS, staff_id, checked) is None:
            raise Refusal(ErrorCode.SIGN_IN_FAILED)
        made = await db.execute(
            "INSERT INTO session (id, brand_id, staff_id, token_hash, device, last_seen_at, expires_at)"
            " VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT DO NOTHING",
            *(session_id, brand_id, staff_id, token_hash(token), device[:120], now, expires),
        )
        if made:
            await events.record(brand_id, "session.opened", ("staff", staff_id), ("session", session_id))
        elif await queries.staff_by_session(token_hash(token)) is None:
            raise Refusal(ErrorCode.OPERATION_REUSED, "operationId", "session_ended")
        device_token = await _know(staff_id, brand_id, known, now)
    return SignedIn(session_id, token, expires, device_token)


async def _know(staff_id: UUID, brand_id: UUID, known: str, now: datetime) -> str:
    """Colleagues who share a device share its token; one that we never gave out is not taken over."""
    sql = "SELECT EXISTS (SELECT FROM known_device WHERE token_hash = $1 AND brand_id = $2 AND expires_at > $3)"
    ours = known and await db.fetch_value(sql, token_hash(known), brand_id, now)
    token = known if ours else random.token_urlsafe(32)
    expires = now + timedelta(days=DEVICE_DAYS)
    await db.execute("DELETE FROM known_device WHERE staff_id = $1 AND expires_at <= $2", staff_id, now)
    await db.execute(KNOW, new_id(), brand_id, staff_id, token_hash(token), expires, now)
    return token


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
