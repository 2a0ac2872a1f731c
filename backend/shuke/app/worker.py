"""The worker: delivers events, sweeps timer rows, runs nightly jobs. Any number of workers double nothing."""

import asyncio
import logging
import signal
import socket
from collections.abc import Awaitable, Callable, Coroutine
from contextlib import suppress
from datetime import timedelta
from typing import Any
from uuid import UUID

from arq.cron import cron
from arq.worker import Worker, func
from redis.exceptions import RedisError
from starlette.requests import Request
from starlette.responses import JSONResponse

from shuke.api.http import health
from shuke.app import figures, heartbeat
from shuke.app.log import configure, mind
from shuke.app.processes import GRACE
from shuke.app.settings import Settings
from shuke.app.side import side_door
from shuke.app.wiring import SWEEPS, WIRING
from shuke.domains.customers import service as customers
from shuke.domains.identity import service as identity
from shuke.domains.records import handlers as records
from shuke.domains.segments import handlers as segments
from shuke.kit import clock, db, events, files, leaving, metrics, operations, queue, throttle, trace
from shuke.kit.pulse import heard_by

log = logging.getLogger(__name__)

BATCH = 200
PAUSE = 1.0  # seconds between two looks at the timers
PARTING = 3.0  # seconds that the queue has to note what was given up
KEEP_ANSWERS = timedelta(days=40)


class JobFailed(Exception):
    """What the queue is told of a failed job: the kind of error, and nothing of what it holds."""


def job(work: Callable[..., Awaitable[None]]) -> Any:
    """A function as the queue runs it: named in logs and figures, its errors without their text."""

    async def told(context: dict[Any, Any], *arguments: Any) -> None:
        with trace.work(f"job.{work.__name__}"):
            try:
                await work(*arguments)
            except Exception as error:
                metrics.JOBS.labels(work.__name__, "failed").inc()
                log.exception("job %s failed", work.__name__)
                raise JobFailed(type(error).__name__) from None
            metrics.JOBS.labels(work.__name__, "done").inc()

    told.__qualname__ = work.__name__
    return told


async def refresh_segments(brand_id: str) -> None:
    trace.tell(brand=UUID(brand_id))
    await segments.refresh_brand(UUID(brand_id))


async def run_import(job_id: str) -> None:
    await records.run_import(UUID(job_id))


async def run_export(job_id: str) -> None:
    await records.run_export(UUID(job_id))


async def nightly() -> None:
    """Runs every hour; each brand's night comes once a day."""
    await segments.refresh_where_it_is_night()


async def quality() -> None:
    """Runs every hour; each store's day is kept once, after what time has made of cards was found."""
    await customers.find_what_time_made()
    await customers.keep_quality_where_it_is_day()


async def tidy() -> None:
    await operations.purge(clock.now() - KEEP_ANSWERS)
    await throttle.purge()
    await identity.purge_calls()
    await records.tidy()
    await files.purge()
    await customers.tidy_paper()
    await customers.tidy_links()
    await heartbeat.forget()


async def _sweep_forever(sweep: Callable[[int], Awaitable[int]], stop: asyncio.Event, pulse: heartbeat.Pulse) -> None:
    """Each sweep has a loop of its own: a silent push service keeps no other timer waiting."""
    name = sweep.__name__.removeprefix("sweep_")
    while not stop.is_set():
        pulse.passed(name)
        try:
            with (
                trace.work(f"sweep.{name}"),
                heard_by(lambda: pulse.passed(name)),
                metrics.SWEEP_SECONDS.labels(name).time(),
            ):
                found = await sweep(BATCH)
            metrics.SWEPT.labels(name).inc(found)
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
        with suppress(Exception):  # the database may be what we are stopping for
            await connection.close()


async def _jobs_forever(redis_url: str, stop: asyncio.Event) -> None:
    """arq, begun again when the queue was away: the timers do not depend on it."""
    while not stop.is_set():
        worker = Worker(
            functions=[
                func(job(refresh_segments), name="refresh_segments", timeout=3600, max_tries=3),
                func(job(run_import), name="run_import", timeout=6 * 3600, max_tries=3),
                func(job(run_export), name="run_export", timeout=3600, max_tries=3),
            ],
            cron_jobs=[
                cron(job(nightly), name="cron:nightly", minute=20, timeout=3600),
                cron(job(quality), name="cron:quality", minute=5, timeout=3600),
                cron(job(tidy), name="cron:tidy", minute=40),
            ],
            redis_settings=queue.settings(redis_url),
            handle_signals=False,
            max_jobs=4,
            poll_delay=0.5,
        )
        await _work_off(worker, stop)
        await _nap(stop, PAUSE)


async def _work_off(worker: Worker, stop: asyncio.Event) -> None:
    """Runs jobs until `stop` is set or the queue is away; when it returns, however it does, none runs any more."""
    running = asyncio.create_task(worker.async_run())
    stopping = asyncio.create_task(stop.wait())
    try:
        done, _ = await asyncio.wait({running, stopping}, return_when=asyncio.FIRST_COMPLETED)
        if running in done and (error := running.exception()):
            log.warning("the queue is away: %s", type(error).__name__)
        worker.allow_pick_jobs = False
        if stop.is_set() and worker.tasks:  # what does not finish in time is begun again by the next worker
            await asyncio.wait(set(worker.tasks.values()), timeout=GRACE - 2)
            await asyncio.sleep(worker.poll_delay_s * 2)  # it notes what it has finished
    finally:
        stopping.cancel()
        await _outlast(_end(worker, running))


async def _end(worker: Worker, running: "asyncio.Task[None]") -> None:
    """Has what runs give up, and says goodbye to a queue that may be away or say nothing."""
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    with suppress(RedisError, OSError, TimeoutError, asyncio.CancelledError):
        async with asyncio.timeout(PARTING):
            await worker.close()
    for task in worker.tasks.values():
        task.cancel()
    await asyncio.gather(*worker.tasks.values(), return_exceptions=True)


async def _outlast(work: Coroutine[Any, Any, None]) -> None:
    """Waits for the end of this even when its time is up: a job that outlived the pool would fail for good."""
    task, cancelled = asyncio.create_task(work), False
    while not task.done():
        try:
            await asyncio.shield(task)
        except asyncio.CancelledError:
            cancelled = True
    if cancelled:
        raise asyncio.CancelledError


async def _nap(stop: asyncio.Event, seconds: float) -> None:
    with suppress(TimeoutError):
        await asyncio.wait_for(stop.wait(), seconds)


async def run(database_url: str, redis_url: str, stop: asyncio.Event, side: socket.socket | None = None) -> None:
    """Works until `stop` is set; what is under way then has GRACE seconds to finish, and is undone if it does not.

    `side` is a listener for figures and health.
    """
    await db.connect(database_url, pool=12)
    queue.configure(redis_url)
    woken, pulse = asyncio.Event(), heartbeat.Pulse()
    stop_waker = asyncio.create_task(_wake_on(stop, woken))
    try:
        async with side_door(side, _ready(pulse)):
            work = asyncio.gather(
                events.run_forever(events.Dispatcher(WIRING), woken, stop),
                _listen_forever(database_url, woken, stop),
                *(_sweep_forever(sweep, stop, pulse) for sweep in SWEEPS),
                _jobs_forever(redis_url, stop),
                heartbeat.beat(pulse, stop),
                *([figures.keep(stop)] if side else []),
            )
            await _finish(work, stop)
    finally:
        stop_waker.cancel()
        await queue.close()
        await db.disconnect()


async def _finish(work: "asyncio.Future[Any]", stop: asyncio.Event) -> None:
    stopping = asyncio.create_task(stop.wait())
    try:
        await asyncio.wait((work, stopping), return_when=asyncio.FIRST_COMPLETED)
        await asyncio.wait((work,), timeout=GRACE)
        if not work.done():
            log.warning("stopped in the middle of something: the next worker does it again")
    finally:
        stopping.cancel()
        work.cancel()
    with suppress(asyncio.CancelledError):
        await work


def _ready(pulse: heartbeat.Pulse) -> Callable[[Request], Awaitable[JSONResponse]]:
    async def ready(request: Request) -> JSONResponse:
        """As the API's; and 503 when a loop has not come round for long."""
        loop, away = pulse.slowest()
        if away > heartbeat.STUCK:
            return JSONResponse({"status": {loop: f"stuck for {away:.0f} s"}}, 503)
        return await health.ready(request)

    return ready


async def _wake_on(stop: asyncio.Event, woken: asyncio.Event) -> None:
    await stop.wait()
    woken.set()


async def _main(settings: Settings, side: socket.socket | None) -> None:
    stop, loop = asyncio.Event(), asyncio.get_running_loop()
    mind(loop)

    def told() -> None:
        leaving.begin()
        stop.set()

    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, told)
    assert settings.database_url and settings.redis_url
    await run(settings.database_url, settings.redis_url, stop, side)


def main(settings: Settings, side: socket.socket | None = None) -> None:
    """Blocks until SIGTERM or SIGINT. `side` is a listener for figures and health."""
    configure(settings.log)
    asyncio.run(_main(settings, side))
