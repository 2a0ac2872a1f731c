"""Who wants to know that something changed: one connection a process hears of every commit, and hands it on by brand.

What PostgreSQL notifies is the event's brand and kind; nothing that a person may not see is in it, so whoever belongs
to the brand may hear it. Who was told asks for what she may see, as always. (docs/adr: live screens by NOTIFY)
"""

import asyncio
import logging
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from uuid import UUID

from shuke.kit import db, events

log = logging.getLogger(__name__)

EVERYTHING = "*"
"""instead of kinds: something may have been missed, or it was too much to name"""
MOST_KINDS = 50
PAUSE = 1.0  # seconds between two tries to connect
ASK_EVERY = 15.0  # seconds; a connection that was cut without a word is found out by asking
ANSWER_WITHIN = 5.0


class Ear:
    """One screen's: gathers kinds until somebody takes them."""

    __slots__ = ("_kinds", "_woken")

    def __init__(self) -> None:
        self._kinds: set[str] = set()
        self._woken = asyncio.Event()

    def hear(self, kind: str) -> None:
        if len(self._kinds) < MOST_KINDS:
            self._kinds.add(kind)
        else:
            self._kinds = {EVERYTHING}
        self._woken.set()

    async def wait(self, seconds: float) -> None:
        """Returns when something was heard, or after so many seconds."""
        with suppress(TimeoutError):
            await asyncio.wait_for(self._woken.wait(), seconds)

    def take(self) -> list[str]:
        """What was heard since the last time, sorted."""
        kinds, self._kinds = sorted(self._kinds), set()
        self._woken.clear()
        return [EVERYTHING] if EVERYTHING in kinds else kinds


class Hub:
    """Hears of every event and tells the ears of its brand."""

    def __init__(self) -> None:
        self._ears: dict[UUID, set[Ear]] = defaultdict(set)
        self.listening = asyncio.Event()
        """set while the connection stands"""

    @contextmanager
    def joined(self, brand_id: UUID) -> Iterator[Ear]:
        """An ear for what happens in this brand."""
        ear = Ear()
        self._ears[brand_id].add(ear)
        try:
            yield ear
        finally:
            self._ears[brand_id].discard(ear)
            if not self._ears[brand_id]:
                del self._ears[brand_id]

    def tell(self, payload: str) -> None:
        """Hands on what was notified: `<brand> <kind>`. What reads otherwise (a process of another version) may be
        anything, so everybody is told.
        """
        brand, _, kind = payload.partition(" ")
        try:
            told = self._ears.get(UUID(brand), set()) if kind else None
        except ValueError:
            told = None
        if told is None:
            self.tell_all()
            return
        for ear in told:
            ear.hear(kind)

    def tell_all(self) -> None:
        for ears in self._ears.values():
            for ear in ears:
                ear.hear(EVERYTHING)

    async def run(self, url: str) -> None:
        """Listens until cancelled; connects again whenever the connection is lost, and then tells everybody."""
        while True:
            with suppress(OSError):
                await self._listen(url)
            self.listening.clear()
            await asyncio.sleep(PAUSE)

    async def _listen(self, url: str) -> None:
        connection = await db.hear(url, events.CHANNEL, self.tell)
        cut = asyncio.Event()
        connection.add_termination_listener(lambda _: cut.set())
        try:
            self.listening.set()
            self.tell_all()
            while not connection.is_closed():
                with suppress(TimeoutError):
                    await asyncio.wait_for(cut.wait(), ASK_EVERY)
                if not cut.is_set():
                    await connection.execute("SELECT 1", timeout=ANSWER_WITHIN)
        except Exception as error:
            log.warning("live screens lost their database connection: %s", type(error).__name__)
        finally:
            connection.terminate()
