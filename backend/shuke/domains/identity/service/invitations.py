"""Invitations: a link by which a person chooses her password, to join or because she forgot the old one.

The link's token is computed from the operation that made it, under the installation's key: a repeat of the operation
gives the same link, and the database holds only its hash.
"""

import asyncio
import hashlib
import hmac
import secrets as random
from datetime import timedelta
from uuid import UUID

from shuke.domains.identity.service import authority
from shuke.domains.identity.service.door import allow
from shuke.domains.identity.service.house import named
from shuke.domains.identity.service.passwords import hash_password, matches, nobodys, token_hash
from shuke.domains.identity.service.people import END_SESSIONS, replace_roles
from shuke.domains.identity.service.sessions import open_session
from shuke.domains.identity.types import Actor, Post, SignedIn
from shuke.kit import clock, db, events, phones
from shuke.kit.errors import ErrorCode, Refusal
from shuke.kit.ids import new_id
from shuke.kit.secrets import secret

GOOD_FOR = timedelta(days=7)

JOIN = """
INSERT INTO staff (id, brand_id, name, phone, password_hash, locale) VALUES ($1, $2, $3, $4, $5, $6)
ON CONFLICT (brand_id, phone) DO UPDATE SET name = excluded.name, password_hash = excluded.password_hash,
  left_at = NULL, updated_at = $7
WHERE staff.left_at IS NOT NULL RETURNING id
"""
OPEN = """
INSERT INTO invitation (id, brand_id, staff_id, kind, token_hash, expires_at, created_at, updated_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $7)
"""
REPLACE = "UPDATE invitation SET ended_at = $2, updated_at = $2 WHERE staff_id = $1 AND ended_at IS NULL RETURNING kind"
FIND = """
SELECT i.id, i.brand_id, i.staff_id, i.expires_at, i.ended_at, i.used_by, st.password_hash
FROM invitation i JOIN staff st ON st.id = i.staff_id WHERE i.token_hash = $1 AND st.left_at IS NULL
"""
USE = "UPDATE invitation SET ended_at = $2, used_by = $3, updated_at = $2 WHERE id = $1"
PASSWORD = "UPDATE staff SET password_hash = $2, updated_at = $3 WHERE id = $1"


async def invite(actor: Actor, operation_id: UUID, name: str, phone: str, post: Post) -> UUID:
    """A new colleague with one role and no password yet, or one who had left; gives her id.

    Raises Refusal INVALID for a name, phone or place that is none, TAKEN for the phone of somebody who works here,
    FORBIDDEN for a role that is not the caller's to give.
    """
    allow(actor, "inviteStaff")
    number, name = phones.normalise(phone), named("name", name)
    if number is None:
        raise Refusal(ErrorCode.INVALID, "phone", "phone_invalid")
    async with db.tx():
        grants = await authority.standing(actor)
        authority.check(grants, await authority.places(actor.brand_id, [post]))
        now = clock.now()
        values = (new_id(), actor.brand_id, name, number, nobodys(), actor.locale.value, now)
        staff_id: UUID | None = await db.fetch_value(JOIN, *values)
        if staff_id is None:
            raise Refusal(ErrorCode.TAKEN, "phone", "staff_phone_taken")
        await replace_roles(actor.brand_id, staff_id, [post])
        await _open(actor, operation_id, staff_id, "join")
        await events.record(actor.brand_id, "staff.invited", actor.ref, ("staff", staff_id), {"role": post.role.value})
        return staff_id


async def renew_invitation(actor: Actor, operation_id: UUID, staff_id: UUID) -> UUID:
    """A new link, the older one ends: for who has not joined yet, or to reset the password of who has.

    Never for the caller herself: whoever holds her device for a moment would own her account. Raises Refusal
    NOT_FOUND, FORBIDDEN or INVALID.
    """
    async with db.tx():
        member = await authority.manageable(actor, "renewInvitation", staff_id)
        if member.left_at is not None:
            raise Refusal(ErrorCode.INVALID, "staffId", "has_left")
        kind = "join" if member.invited_at else "reset"
        await _open(actor, operation_id, staff_id, kind)
        await events.record(actor.brand_id, "invitation.renewed", actor.ref, ("staff", staff_id), {"kind": kind})
        return staff_id


async def _open(actor: Actor, operation_id: UUID, staff_id: UUID, kind: str) -> None:
    now = clock.now()
    await db.execute(REPLACE, staff_id, now)
    hashed = token_hash(await _token(operation_id))
    await db.execute(OPEN, new_id(), actor.brand_id, staff_id, kind, hashed, now + GOOD_FOR, now)


async def _token(operation_id: UUID) -> str:
    key = await secret("invitation", lambda: random.token_urlsafe(32))
    return hmac.new(key.encode(), operation_id.bytes, hashlib.sha256).hexdigest()


async def invitation_link(operation_id: UUID) -> str:
    """Where the link of this operation leads. The token stands behind #, which browsers send to no server."""
    return f"/join#{await _token(operation_id)}"


async def accept_invitation(operation_id: UUID, token: str, password: str, device: str, known: str = "") -> SignedIn:
    """Sets the password, ends every older session and opens one here. The same operation gives the same session.

    Raises Refusal NOT_FOUND for a link that is over or never was, INVALID for a short password, SIGN_IN_FAILED for a
    repeat beside which the password is replaced.
    """
    row = await db.fetch_row(FIND, token_hash(token))
    if row is None:
        raise Refusal(ErrorCode.NOT_FOUND, "token", "invitation_over")
    if row[4] is not None:
        return await _again(operation_id, row, password, device, known)
    hashed = await asyncio.to_thread(hash_password, password)
    async with db.tx():
        row = await db.fetch_row(f"{FIND} FOR UPDATE OF i", token_hash(token))
        now = clock.now()
        if row is None or row[4] is not None or row[3] <= now:
            raise Refusal(ErrorCode.NOT_FOUND, "token", "invitation_over")
        key, brand_id, staff_id = row[:3]
        await db.execute(USE, key, now, operation_id)
        await db.execute(PASSWORD, staff_id, hashed, now)
        await db.execute(END_SESSIONS, staff_id, now, None)
        signed = await open_session(operation_id, staff_id, brand_id, device, known)
        await events.record(brand_id, "invitation.accepted", ("staff", staff_id), ("staff", staff_id))
        return signed


async def _again(operation_id: UUID, row: object, password: str, device: str, known: str) -> SignedIn:
    _, brand_id, staff_id, _, _, used_by, hashed = tuple(row)  # type: ignore[arg-type, var-annotated]
    if used_by != operation_id or not await matches(hashed, password):
        raise Refusal(ErrorCode.NOT_FOUND, "token", "invitation_over")
    return await open_session(operation_id, staff_id, brand_id, device, known, checked=hashed)
