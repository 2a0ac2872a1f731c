"""Use cases: sign in and out, sessions, brands and staff, partner keys; and `allow`, the door of every use case."""

import asyncio
import hashlib
import hmac
import secrets as random
from datetime import datetime, timedelta
from functools import cache
from uuid import UUID

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError
from tortoise.exceptions import IntegrityError

from shuke.domains.identity import queries, rules
from shuke.domains.identity.models import Brand, PartnerKey, Region, Staff, StaffRole, Store
from shuke.domains.identity.types import Actor, Locale, Reach, Role, SignedIn
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
TRIES_FOR_NUMBER = 100  # from anywhere: too few to guess, too many to lock a colleague out by hand
HASHES_AT_ONCE = 4  # each takes 64 MiB and a core
MIN_PASSWORD = 8

_hasher = PasswordHasher()
_hashing = asyncio.Semaphore(HASHES_AT_ONCE)


def allow(actor: Actor | None, operation: str) -> Reach:
    """The reach of the actor's operation by the matrix. Raises Refusal SIGN_IN_NEEDED or FORBIDDEN."""
    if actor is None:
        raise Refusal(ErrorCode.SIGN_IN_NEEDED)
    reach = rules.reach(actor, operation)
    if reach is None:
        raise Refusal(ErrorCode.FORBIDDEN)
    return reach


def token_hash(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()


def hash_password(password: str) -> str:
    """The argon2id hash. Raises Refusal INVALID for a short password."""
    if len(password) < MIN_PASSWORD:
        raise Refusal(ErrorCode.INVALID, "password", "password_short", least=MIN_PASSWORD)
    return _hasher.hash(password)


async def by_session(token: str) -> Actor | None:
    """The actor of a session cookie; notes at most every few minutes that the device was seen."""
    found = await queries.staff_by_session(token_hash(token))
    if found is None:
        return None
    actor, seen = found
    if isinstance(seen, datetime) and clock.now() - seen > SEEN_EVERY:
        await db.execute("UPDATE session SET last_seen_at = $2 WHERE id = $1", actor.session_id, clock.now())
    return actor


async def by_key(token: str) -> Actor | None:
    """The actor of a partner's bearer key."""
    found = await queries.partner_by_key(token_hash(token))
    if found is None:
        return None
    actor, used = found
    if not isinstance(used, datetime) or clock.now() - used > SEEN_EVERY:
        await db.execute("UPDATE partner_key SET last_used_at = $2 WHERE id = $1", actor.id, clock.now())
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
        await _matches(_nobodys(), password)
    found = [row for row in rows if await _matches(row[2], password)]
    if not found:
        raise Refusal(ErrorCode.SIGN_IN_FAILED)
    await throttle.clear(place)
    await throttle.give_back(behind)
    await throttle.give_back(anywhere)
    return await _open_session(operation_id, found[0][0], found[0][1], clean(device) or "")


def _tries(*who: str) -> str:
    """The throttle's key, in which nobody reads a number."""
    return f"sign-in/{hashlib.sha256('|'.join(who).encode()).hexdigest()}"


@cache
def _nobodys() -> str:
    """A hash that no password fits; made when it is first needed, since making one takes its time."""
    return _hasher.hash(random.token_urlsafe())


async def _matches(hashed: str, password: str) -> bool:
    async with _hashing:
        try:
            return await asyncio.to_thread(_hasher.verify, hashed, password)
        except (VerifyMismatchError, InvalidHashError):
            return False


async def _open_session(operation_id: UUID, staff_id: UUID, brand_id: UUID, device: str) -> SignedIn:
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


async def update_me(actor: Actor, locale: Locale) -> None:
    """The language in which the caller is spoken to."""
    allow(actor, "updateMe")
    async with db.tx():
        await db.execute(
            "UPDATE staff SET locale = $2, updated_at = $3 WHERE id = $1", actor.id, locale.value, clock.now()
        )
        await events.record(actor.brand_id, "staff.updated", actor.ref, ("staff", actor.id), {"fields": ["locale"]})


def _named(field: str, said: str, most: int = 120) -> str:
    """The cleaned name. Raises Refusal INVALID for an empty or too long one."""
    name = clean(said)
    if name is None or len(name) > most:
        raise Refusal(ErrorCode.INVALID, field, "name_wrong", most=most, name=(name or "")[:20])
    return name


async def create_brand(name: str, currency: str, timezone: str, locale: Locale) -> UUID:
    """Begins a brand. Raises Refusal INVALID for a name that is none."""
    name = _named("brand", name)
    async with db.tx():
        brand = await Brand.create(name=name, currency=currency, timezone=timezone, locale=locale.value)
        await events.record(brand.id, "brand.created", events.SYSTEM, ("brand", brand.id))
        return brand.id


async def create_region(brand_id: UUID, name: str) -> UUID:
    return (await Region.create(brand_id=brand_id, name=_named("region", name))).id


async def ensure_region(brand_id: UUID, name: str) -> UUID:
    """The region of this name, made when it is new."""
    return await queries.region_named(brand_id, name) or await create_region(brand_id, name)


async def create_store(brand_id: UUID, code: str, name: str, timezone: str, region_id: UUID | None = None) -> UUID:
    """Opens a store. Raises Refusal INVALID for a code or a name that is none."""
    code, name = _named("code", code, 60), _named("store", name)
    async with db.tx():
        store = await Store.create(brand_id=brand_id, code=code, name=name, timezone=timezone, region_id=region_id)
        await events.record(brand_id, "store.created", events.SYSTEM, ("store", store.id))
        return store.id


async def create_staff(
    brand_id: UUID,
    name: str,
    phone: str,
    password_hash: str,
    role: Role,
    *,
    store_id: UUID | None = None,
    region_id: UUID | None = None,
    locale: Locale = Locale.ZH_CN,
) -> UUID:
    """A staff member with one role. Raises Refusal INVALID for a phone that is none, TAKEN for a colleague's."""
    number = phones.normalise(phone)
    if number is None:
        raise Refusal(ErrorCode.INVALID, "phone", "phone_invalid")
    name = _named("name", name)
    async with db.tx():
        try:
            staff = await Staff.create(
                brand_id=brand_id, name=name, phone=number, password_hash=password_hash, locale=locale.value
            )
        except IntegrityError as error:
            raise Refusal(ErrorCode.TAKEN, "phone", "staff_phone_taken") from error
        await add_role(brand_id, staff.id, role, store_id=store_id, region_id=region_id)
        await events.record(brand_id, "staff.created", events.SYSTEM, ("staff", staff.id))
        return staff.id


async def add_role(
    brand_id: UUID, staff_id: UUID, role: Role, *, store_id: UUID | None = None, region_id: UUID | None = None
) -> None:
    """A further role, in a store, a region or (both None) the brand."""
    await StaffRole.create(
        brand_id=brand_id, staff_id=staff_id, role=role.value, store_id=store_id, region_id=region_id
    )


async def create_partner_key(brand_id: UUID, name: str, scopes: frozenset[str]) -> str:
    """A bearer key, shown this once. Raises Refusal INVALID for a scope that does not exist."""
    if not scopes or not scopes <= rules.SCOPES:
        raise Refusal(ErrorCode.INVALID, "scope", "scope_unknown", known=", ".join(sorted(rules.SCOPES)))
    name, token = _named("name", name), f"shuke_{random.token_urlsafe(32)}"
    async with db.tx():
        key = await PartnerKey.create(
            id=new_id(), brand_id=brand_id, name=name, token_hash=token_hash(token), scopes=" ".join(sorted(scopes))
        )
        await events.record(brand_id, "partner_key.created", events.SYSTEM, ("partner_key", key.id))
    return token
