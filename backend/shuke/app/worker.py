"""The worker: delivers events, sweeps timer rows, runs nightly jobs. Any number of workers double nothing."""

import asyncio
import logging
import signal
from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import timedelta
from typing import Any
from uuid import UUID

from arq.cron import cron
from arq.worker import Worker, func
from redis.exceptions import RedisError

from shuke.app.log import configure
from shuke.app.settings import Settings
from shuke.app.wiring import SWEEPS, WIRING
from shuke.domains.segments import handlers as segments
from shuke.kit import clock, db, events, operations, queue, throttle

log = logging.getLogger(__name__)

BATCH = 200
PAUSE = 1.0  # seconds between two looks at the timers
KEEP_ANSWERS = timedelta(days=40)


async def refresh_segments(context: dict[Any, Any], brand_id: str) -> None:
    await segments.refresh_brand(UUID(brand_id))


async def nightly(context: dict[Any, Any]) -> None:
    """Runs every hour; each brand's night comes once a day."""
    await segments.refresh_where_it_is_night()


async def tidy(context: dict[Any, Any]) -> None:
    await operations.purge(clock.now() - KEEP_ANSWERS)
    await throttle.purge()


async def _sweep_forever(sweep: Callable[[int], Awaitable[int]], stop: asyncio.Event) -> None:
    """Each sweep has a loop of its own: a silent push service keeps no other timer waiting."""
    while not stop.is_set():
        try:
            found = await sweep(BATCH)
        except Exception:
            log.exception("%s stumbled", sweep.__name__)
            found = 0
        if not found:
            await _nap(stop, PAUSE)


async def _listen_forever(url: str, woken: asyncio.Event, stop: asyncio.Event) -> None:
    while not stop.is_set():
        try:
            connection = await db.listen(url, events.CHANNEL, woken)
        except OSError:
            await _nap(stop, PAUSE)
            continue
        while not stop.is_set() and not connection.is_closed():
            await _nap(stop, PAUSE)
        await connection.close()


async def _jobs_forever(redis_url: str, stop: asyncio.Event) -> None:
    """arq, begun again when the queue was away: the timers do not depend on it."""
    while not stop.is_set():
        worker = Worker(
            functions=[func(refresh_segments, name="refresh_segments", timeout=3600, max_tries=3)],  # type: ignore[arg-type]
            cron_jobs=[cron(nightly, minute=20, timeout=3600), cron(tidy, minute=40)],  # type: ignore[arg-type]
            redis_settings=queue.settings(redis_url),
            handle_signals=False,
            max_jobs=2,
            poll_delay=0.5,
        )
        running = asyncio.create_task(worker.async_run())
        stopping = asyncio.create_task(stop.wait())
        done, _ = await asyncio.wait({running, stopping}, return_when=asyncio.FIRST_COMPLETED)
        if running in done and (error := running.exception()):
            log.warning("the queue is away: %s", type(error).__name__)
        running.cancel()
        stopping.cancel()
        await asyncio.gather(running, return_exceptions=True)
        with suppress(RedisError, OSError):  # saying goodbye to a queue that is away
            await worker.close()
        await _nap(stop, PAUSE)


async def _nap(stop: asyncio.Event, seconds: float) -> None:
    with suppress(TimeoutError):
        await asyncio.wait_for(stop.wait(), seconds)


async def run(database_url: str, redis_url: str, stop: asyncio.Event) -> None:
    """Works until `stop` is set; what is under way is finished first."""
    await db.connect(database_url, pool=6)
    queue.configure(redis_url)
    woken = asyncio.Event()
    stop_waker = asyncio.create_task(_wake_on(stop, woken))
    try:
        await asyncio.gather(
            events.run_forever(events.Dispatcher(WIRING), woken, stop),
            _listen_forever(database_url, woken, stop),
            *(_sweep_forever(sweep, stop) for sweep in SWEEPS),
            _jobs_forever(redis_url, stop),
        )
    finally:
        stop_waker.cancel()
        await queue.close()
        await db.disconnect()


async def _wake_on(stop: asyncio.Event, woken: asyncio.Event) -> None:
    await stop.wait()
    woken.set()


async def _main(settings: Settings) -> None:
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    assert settings.database_url and settings.redis_url
    await run(settings.database_url, settings.redis_url, stop)


def main() -> None:
    """Blocks until SIGTERM or SIGINT. Settings come from the environment."""
    configure()
    asyncio.run(_main(Settings.load()))
