"""A run's hold on the import that it does: a lease that it renews, and a ledger in the database."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import timedelta
from uuid import UUID

from shuke.domains.records.service.report import Ledger
from shuke.domains.records.types import Tally
from shuke.kit import clock, codec, db, metrics
from shuke.kit.ids import new_id

LEASE = timedelta(seconds=30)
BEAT = 1.0  # seconds between two words about progress
COUNTS = ("read", "created", "updated", "unchanged", "rejected", "duplicates")
MINE = "WHERE id = $1 AND owner = $2 AND state IN ('running', 'undoing')"
BEATS = f"UPDATE import_job SET lease_until = $3, looked = $4, rows_total = coalesce($5, rows_total) {MINE}"
SETTLED = f"""
UPDATE import_job SET lease_until = $3, attempts = 0, updated_at = $4, read = $5, created = $6, updated = $7,
  unchanged = $8, rejected = $9, duplicates = $10, looked = $11, rows_total = coalesce($12, rows_total) {MINE}
"""
VERDICT_COLUMNS = ("job_id", "first_row", "rows", "verdict", "reason", "params", "subject_id", "cells")


class Lost(Exception):
    """The import was called off, or is somebody else's by now."""


class Hold:
    """One run's hold on its job: renews the lease, tells how far it is, and stops the run when the hold is lost.

    Its task begins outside every transaction, so what it writes stays, whatever becomes of the run.
    """

    def __init__(self, job_id: UUID) -> None:
        self.job_id, self.owner = job_id, new_id()
        self.looked, self.total = 0, None  # type: int, int | None
        self._todo: asyncio.Queue[tuple[Callable[[], Awaitable[None]], asyncio.Future[None]]] = asyncio.Queue()

    def progress(self, what: str, rows: int) -> None:
        if what == "counted":
            self.looked, self.total = rows, rows
        elif what == "reading":
            self.looked = rows

    async def write(self, sql: str, *args: object) -> None:
        """Runs an UPDATE of the job. Raises Lost when it is not this run's any more."""
        if not await db.execute(sql, self.job_id, self.owner, *args):
            raise Lost

    async def outside(self, work: Callable[[], Awaitable[None]]) -> None:
        """Does this outside the transaction of whoever asks."""
        done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        await self._todo.put((work, done))
        await done

    @asynccontextmanager
    async def kept(self) -> AsyncIterator[None]:
        """Holds on as long as the block runs; ends it with Lost when the hold is lost."""
        run = asyncio.current_task()
        assert run
        beats, helper = asyncio.create_task(self._beat(run)), asyncio.create_task(self._help())
        try:
            yield
        except asyncio.CancelledError:
            if not beats.done():
                raise  # the worker stops
            run.uncancel()
            beats.result()
        finally:
            beats.cancel()
            helper.cancel()
            await asyncio.gather(beats, helper, return_exceptions=True)

    async def _beat(self, run: "asyncio.Task[object]") -> None:
        try:
            while True:
                await self.write(BEATS, clock.now() + LEASE, self.looked, self.total)
                await asyncio.sleep(BEAT)
        except Exception:
            run.cancel()
            raise

    async def _help(self) -> None:
        while True:
            work, done = await self._todo.get()
            try:
                await work()
                done.set_result(None)
            except Exception as error:
                done.set_exception(error)


class JobLedger(Ledger):
    """Keeps each row's verdict and the counts in the database, with the chunk that they are about."""

    def __init__(self, hold: Hold, tally: Tally, dry_run: bool, settled: frozenset[int]) -> None:
        super().__init__()
        self.tally = tally
        self._hold, self._dry_run, self._settled = hold, dry_run, settled
        self._rows: list[tuple[object, ...]] = []

    def settled(self, row: int) -> bool:
        return row in self._settled

    @asynccontextmanager
    async def chunk(self) -> AsyncIterator[None]:
        self._rows = []
        if self._dry_run:
            yield
            await self._hold.outside(self._keep_apart)
        else:
            async with db.tx():
                yield
                await self._keep()

    def add(
        self,
        rows: Sequence[int],
        verdict: str,
        reason: str = "",
        params: Mapping[str, object] | None = None,
        subject: UUID | None = None,
        cells: Mapping[str, str] | None = None,
    ) -> None:
        super().add(rows, verdict, reason, params, subject, cells)
        metrics.IMPORT_ROWS.labels(verdict).inc(len(rows))
        said, stood = codec.dumps(params) if params else None, codec.dumps(cells) if cells else None
        # who mends rejected rows goes through them one by one
        for group in [[row] for row in rows] if verdict == "rejected" else [list(rows)]:
            self._rows.append((self._hold.job_id, group[0], group, verdict, reason, said, subject, stood))

    async def _keep_apart(self) -> None:
        async with db.tx():
            await self._keep()

    async def _keep(self) -> None:
        """Last in the transaction: the job's row is locked for a moment only, and its owner's word holds the chunk."""
        async with db.raw() as connection:
            await connection.copy_records_to_table("import_verdict", records=self._rows, columns=VERDICT_COLUMNS)
        now = clock.now()
        counts = (getattr(self.tally, count) for count in COUNTS)
        await self._hold.write(SETTLED, now + LEASE, now, *counts, self._hold.looked, self._hold.total)
