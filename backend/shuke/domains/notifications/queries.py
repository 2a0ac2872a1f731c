"""Reads: the inbox and the devices of one person."""

from datetime import datetime
from uuid import UUID

import asyncpg

from shuke.domains.identity.service import allow
from shuke.domains.identity.types import Actor
from shuke.domains.notifications.types import InboxKind, InboxMessage, PushDevice
from shuke.kit import clock, codec, db

MESSAGE = "SELECT id, kind, data, url, created_at, read_at FROM inbox_message WHERE staff_id = $1"
PAGE = f"""{MESSAGE} AND ($2::timestamptz IS NULL OR (created_at, id) < ($2, $3::uuid))
ORDER BY created_at DESC, id DESC LIMIT $4
"""
# a subscription lives as long as the session of the browser that made it
LIVE = """
FROM push_subscription p JOIN session s ON s.id = p.session_id JOIN staff st ON st.id = p.staff_id
WHERE p.ended_at IS NULL AND s.revoked_at IS NULL AND s.expires_at > $1 AND st.left_at IS NULL
"""
DEVICES = f"""
SELECT p.id, p.device, p.created_at, p.last_success_at, p.failing_since IS NOT NULL {LIVE}
AND p.staff_id = $2 AND ($3::uuid IS NULL OR p.id = $3) ORDER BY p.created_at DESC, p.id
"""


async def unread(staff_id: UUID) -> int:
    count: int = await db.fetch_value(
        "SELECT count(*) FROM inbox_message WHERE staff_id = $1 AND read_at IS NULL", staff_id
    )
    return count


async def inbox(actor: Actor, first: int, after: tuple[datetime, UUID] | None = None) -> list[InboxMessage]:
    """Up to `first + 1` of the actor's messages older than (created at, id), the newest first."""
    allow(actor, "inbox")
    return [_message(row) for row in await db.fetch(PAGE, actor.id, *(after or (None, None)), first + 1)]


async def message(actor: Actor, id: UUID) -> InboxMessage | None:
    """One of the actor's messages."""
    allow(actor, "inbox")
    row = await db.fetch_row(f"{MESSAGE} AND id = $2", actor.id, id)
    return _message(row) if row else None


def _message(row: asyncpg.Record) -> InboxMessage:
    return InboxMessage(row[0], InboxKind(row[1]), codec.loads(row[2]), row[3], row[4], row[5])


async def devices(actor: Actor) -> list[PushDevice]:
    """The actor's devices that are reminded, the newest first."""
    allow(actor, "pushDevices")
    return await db.fetch_as(PushDevice, DEVICES, clock.now(), actor.id, None)


async def device(actor: Actor, id: UUID) -> PushDevice | None:
    """One of the actor's devices that are reminded."""
    allow(actor, "pushDevices")
    found = await db.fetch_as(PushDevice, DEVICES, clock.now(), actor.id, id)
    return found[0] if found else None
