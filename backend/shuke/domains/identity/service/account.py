"""What a person changes of her own: the language she is spoken to in, her password."""

import asyncio
from uuid import UUID

from shuke.domains.identity.service.door import allow
from shuke.domains.identity.service.passwords import check_length, digest, hash_password, matches
from shuke.domains.identity.service.sessions import one_try
from shuke.domains.identity.types import Actor, Locale
from shuke.kit import clock, db, events, operations
from shuke.kit.errors import ErrorCode, Refusal

REPLACE = "UPDATE staff SET password_hash = $3, updated_at = $4 WHERE id = $1 AND password_hash = $2"
END_OTHERS = """
UPDATE session SET revoked_at = $2, updated_at = $2 WHERE staff_id = $1 AND revoked_at IS NULL AND id <> $3
"""
END_LINKS = "UPDATE invitation SET ended_at = $2, updated_at = $2 WHERE staff_id = $1 AND ended_at IS NULL"


async def update_me(actor: Actor, locale: Locale) -> None:
    """The language in which the caller is spoken to."""
    allow(actor, "updateMe")
    async with db.tx():
        await db.execute(
            "UPDATE staff SET locale = $2, updated_at = $3 WHERE id = $1", actor.id, locale.value, clock.now()
        )
        await events.record(actor.brand_id, "staff.updated", actor.ref, ("staff", actor.id), {"fields": ["locale"]})


async def change_password(
    actor: Actor, operation_id: UUID, current: str, new: str, address: str, known: str = ""
) -> None:
    """A new password for the caller: her other devices are signed out, and a link to reset it is over.

    Whoever holds her unlocked phone may guess no more often than at the door: the tries are those of `sign_in`.
    Raises Refusal INVALID for a wrong `current` or a short `new`, TOO_MANY, or OPERATION_REUSED.
    """
    allow(actor, "changePassword")
    check_length(new, "new")
    row = await db.fetch_row("SELECT phone, password_hash FROM staff WHERE id = $1", actor.id)
    assert row
    async with one_try(row[0], address, known):
        request = await digest(operation_id, current, new)
        after = await asyncio.to_thread(hash_password, new) if await matches(row[1], current) else None
        await operations.once(
            *(operation_id, actor.brand_id, actor.id, "changePassword", request, type(None)),
            act=lambda: _replace(actor, row[1], after),
        )


async def _replace(actor: Actor, before: str, after: str | None) -> None:
    """`after` None: what she said of the present one is wrong. (So it is in a repeat, which never comes here.)"""
    now = clock.now()
    if after is None or not await db.execute(REPLACE, actor.id, before, after, now):  # or it was changed meanwhile
        raise Refusal(ErrorCode.INVALID, "current", "password_wrong")
    ended = await db.execute(END_OTHERS, actor.id, now, actor.session_id)
    await db.execute(END_LINKS, actor.id, now)
    data = {"sessions": ended}
    await events.record(actor.brand_id, "staff.password_changed", actor.ref, ("staff", actor.id), data)
