"""News: one event row a use case, in its transaction; each handler gets it once, in a transaction of its own."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from shuke.kit import clock, codec, db, metrics, trace
from shuke.kit.ids import new_id

log = logging.getLogger(__name__)

CHANNEL = "shuke_event"
"""where commits are told: an event's brand and kind, a space between them"""
SYSTEM: tuple[str, UUID | None] = ("system", None)
"""the program itself, as an event's actor"""
LONGEST_WAIT = 1800  # seconds between two tries of a handler that keeps failing


@dataclass(slots=True, frozen=True)
class EventRow:
    """An event as its handlers see it. A handler reads current state by the ids in here and never applies a delta."""

    id: UUID
    brand_id: UUID
    kind: str
    actor_kind: str
    actor_id: UUID | None
    subject_type: str
    subject_id: UUID | None
    data: dict[str, Any]
    at: datetime


Handler = Callable[[EventRow], Awaitable[None]]
Wiring = Mapping[str, Sequence[Handler]]
"""Event kind -> handlers, called in no promised order."""

RECORD = """
INSERT INTO event (id, brand_id, kind, actor_kind, actor_id, subject_type, subject_id, data, at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
"""
CLAIM_EVENTS = """
SELECT id, kind FROM event WHERE dispatched_at IS NULL ORDER BY at, id LIMIT $1 FOR UPDATE SKIP LOCKED
"""
FAN_OUT = "INSERT INTO event_delivery (id, event_id, handler, next_at) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING"
CLAIM_DELIVERY = """
SELECT d.id, d.handler, d.attempts, e.id, e.brand_id, e.kind, e.actor_kind, e.actor_id, e.subject_type, e.subject_id,
  e.data, e.at
FROM event_delivery d JOIN event e ON e.id = d.event_id
WHERE d.done_at IS NULL AND d.next_at <= $1
ORDER BY d.next_at, d.id LIMIT 1 FOR UPDATE OF d SKIP LOCKED
"""
DONE = "UPDATE event_delivery SET done_at = $2, error = NULL, attempts = attempts + 1 WHERE id = $1"
FAILED = "UPDATE event_delivery SET attempts = attempts + 1, next_at = $2, error = $3 WHERE id = $1 AND done_at IS NULL"


async def record(
    brand_id: UUID,
    kind: str,
    actor: tuple[str, UUID | None],
    subject: tuple[str, UUID | None],
    data: Mapping[str, Any] | None = None,
) -> UUID:
    """Writes the use case's one event row; call it inside its transaction. Nothing personal goes in."""
    event_id = new_id()
    await db.execute(
        RECORD,
        event_id,
        brand_id,
        kind,
        actor[0],
        actor[1],
        subject[0],
        subject[1],
        codec.dumps(data or {}),
        clock.now(),
    )
    await db.execute("SELECT pg_notify($1, $2)", CHANNEL, f"{brand_id} {kind}")
    return event_id


async def happened(kind: str) -> bool:
    """Whether an event of this kind was ever recorded, in any brand."""
    return bool(await db.fetch_value("SELECT EXISTS (SELECT FROM event WHERE kind = $1)", kind))


def handler_name(handler: Handler) -> str:
    return f"{handler.__module__.removeprefix('shuke.domains.')}.{handler.__name__}"


class Dispatcher:
    """Claims events and gives each to its handlers; any number may run at once."""

    def __init__(self, wiring: Wiring) -> None:
        self._wiring = wiring
        self._handlers = {handler_name(handler): handler for group in wiring.values() for handler in group}

    async def drain(self, stop: asyncio.Event | None = None) -> int:
        """Delivers until nothing is due, or `stop` is set; the number of deliveries that succeeded."""
        done = 0
        while not (stop and stop.is_set()):
            fanned_out = await self._fan_out()
            delivered = await self._deliver()
            done += delivered is True
            if not fanned_out and delivered is None:
                break
        return done

    async def _fan_out(self, batch: int = 200) -> int:
        async with db.tx():
            events = await db.fetch(CLAIM_EVENTS, batch)
            if not events:
                return 0
            now = clock.now()
            rows = [
                (new_id(), event[0], handler_name(handler), now)
                for event in events
                for handler in self._wiring.get(event[1], ())
            ]
            if rows:
                await db.execute_many(FAN_OUT, rows)
            ids = [event[0] for event in events]
            await db.execute("UPDATE event SET dispatched_at = $2 WHERE id = ANY($1)", ids, now)
            return len(events)

    async def _deliver(self) -> bool | None:
        """One delivery: True done, False failed and put off, None nothing due."""
        delivery_id = None
        try:
            async with db.tx():
                row = await db.fetch_row(CLAIM_DELIVERY, clock.now())
                if row is None:
                    return None
                delivery_id, name, attempts = row[0], row[1], row[2]
                handler = self._handlers.get(name)
                if handler is not None:  # a handler that no longer exists has nothing left to do
                    with trace.work(name, row[4]):
                        await handler(EventRow(*row[3:10], data=codec.loads(row[10]), at=row[11]))  # type: ignore[misc]
                await db.execute(DONE, delivery_id, clock.now())
            metrics.DELIVERIES.labels(name, "done").inc()
            return True
        except Exception as error:
            if delivery_id is None:
                raise
            metrics.DELIVERIES.labels(name, "failed").inc()
            log.exception("handler %s failed, attempt %d", name, attempts + 1)
            wait = timedelta(seconds=min(2 ** min(attempts + 1, 16), LONGEST_WAIT))
            await db.execute(FAILED, delivery_id, clock.now() + wait, type(error).__name__)
            return False


async def run_forever(dispatcher: Dispatcher, woken: asyncio.Event, stop: asyncio.Event) -> None:
    """Delivers at once when woken, and once a second anyway."""
    while not stop.is_set():
        try:
            await dispatcher.drain(stop)
        except Exception:
            log.exception("dispatcher stumbled")
        woken.clear()
        with suppress(TimeoutError):
            await asyncio.wait_for(woken.wait(), 1)
