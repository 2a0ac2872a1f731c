"""A worker's signs of life: when each of its loops last came round, kept in a row that `shuke doctor` reads."""

import asyncio
import logging
import socket
import time
from contextlib import suppress
from datetime import timedelta

from shuke.kit import clock, db
from shuke.kit.ids import new_id

log = logging.getLogger(__name__)

EVERY = 10.0  # seconds
FRESH = 60.0  # seconds after which a worker is thought dead
STUCK = 180.0  # seconds without a sign after which a loop is thought stuck: a long turn gives some (kit.pulse)
FORGOTTEN = timedelta(days=1)

BEAT = """
INSERT INTO worker_heartbeat (id, host, started_at, beat_at, slowest, came_round_at) VALUES ($1, $2, $3, $3, $4, $5)
ON CONFLICT (id) DO UPDATE SET beat_at = $3, slowest = $4, came_round_at = $5
"""


class Pulse:
    """When each loop last came round, or gave a sign of life in a long turn."""

    def __init__(self) -> None:
        self._passes: dict[str, float] = {}

    def passed(self, loop: str) -> None:
        self._passes[loop] = time.monotonic()

    def slowest(self) -> tuple[str, float]:
        """The loop that has been away longest, and for how many seconds."""
        if not self._passes:
            return "none", 0.0
        loop, at = min(self._passes.items(), key=lambda item: item[1])
        return loop, time.monotonic() - at


async def beat(pulse: Pulse, stop: asyncio.Event) -> None:
    """Writes the row until told to stop, then takes it away; a killed worker's goes after a day."""
    key, host = new_id(), socket.gethostname()[:100]
    while not stop.is_set():
        loop, away = pulse.slowest()
        try:
            now = clock.now()
            await db.execute(BEAT, key, host, now, loop, now - timedelta(seconds=away))
        except Exception as error:
            log.warning("no heartbeat: %s", type(error).__name__)
        with suppress(TimeoutError):
            await asyncio.wait_for(stop.wait(), EVERY)
    with suppress(Exception):  # the database may be what we are stopping for
        await db.execute("DELETE FROM worker_heartbeat WHERE id = $1", key)


async def forget() -> None:
    """Rows of workers that ended without a word."""
    await db.execute("DELETE FROM worker_heartbeat WHERE beat_at < $1", clock.now() - FORGOTTEN)
