"""Imports in the background: done by whoever holds the lease, taken up again where the last one came to."""

import asyncio
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest

from shuke.domains.identity.types import Actor
from shuke.domains.orders import service as orders
from shuke.domains.records import queries, service
from shuke.domains.records.service import running
from shuke.domains.records.types import Choices, ImportJob, ImportKind, ImportState, Tally
from shuke.kit import clock, db, queue
from tests.factories import World, make_world
from tests.factories.files import write_csv
from tests.factories.workbooks import write_xlsx
from tests.programs import Program, data_folder
from tests.servers import embedded_for_tests

HEADER = "receipt_no placed_at quantity unit_price member_no"
ENDED = (ImportState.DONE, ImportState.FAILED, ImportState.CANCELLED)


async def asked(actor: Actor, path: Path, choices: Choices) -> UUID:
    """An import of this file that waits for a worker."""

    async def pieces() -> AsyncIterator[bytes]:
        with path.open("rb") as file:
            while piece := file.read(700_001):
                yield piece

    upload = await service.receive_upload(actor, path.name, pieces())
    async with db.tx():
        return (await service.start_import(actor, upload.id, choices)).id


def long_file(folder: Path, first: int = 0, name: str = "lines.csv") -> Path:
    """24,000 rows, 8,000 orders from this receipt on, each alike in every file; a row in 100 is no order's."""
    lines = []
    for n in range(24_000):
        receipt = first + n // 3
        day = f"2026-03-{1 + receipt % 7:02} 10:00"
        lines.append(["" if n % 100 == 99 else str(receipt), day, "1", "1.25", f"M{receipt % 700}"])
    return write_csv(folder / name, HEADER, sorted(lines, key=lambda line: line[1]))


def in_earnest(world: World) -> Choices:
    return Choices(ImportKind.ORDERS, dry_run=False, store_id=world.stores[0])


async def ended(actor: Actor, job_id: UUID, seconds: float = 90) -> ImportJob:
    async with asyncio.timeout(seconds):
        while (job := await queries.import_job(actor, job_id)).state not in ENDED:
            await asyncio.sleep(0.05)
    return job


async def whole_report(job: ImportJob) -> list[tuple[str, int]]:
    return sorted([(row.sheet, row.row) async for batch in queries.every_row(job, False) for row in batch])


@asynccontextmanager
async def worker(url: str) -> AsyncIterator[Program]:
    """A worker as a process of its own."""
    environment = {"SHUKE_DATABASE_URL": url, "SHUKE_REDIS_URL": embedded_for_tests().redis}
    with data_folder() as folder:
        program = Program(folder, "worker", env=environment)
        try:
            yield program
        finally:
            if program.process.poll() is None:
                program.process.send_signal(signal.SIGTERM)
                await asyncio.to_thread(program.wait, 30)


@pytest.fixture
async def world(database: str) -> World:
    return await make_world()


async def test_a_file_of_customers_and_a_workbook_of_orders_come_in(world: World, tmp_path: Path) -> None:
    hq = world.staff["hq"]
    people = write_csv(
        tmp_path / "people.csv",
        "姓名 手机号 门店",
        [["小满", "13800138000", "S1"], ["谷雨", "1", "S1"], [], ["立夏", "13800138002", "S9"]],
    )
    people.write_bytes(people.read_text().encode("gb18030"))
    job_id = await asked(hq, people, Choices(ImportKind.CUSTOMERS, dry_run=False))
    await service.run_import(job_id)
    job = await queries.import_job(hq, job_id)
    assert (job.state, job.tally, job.rows_total) == (ImportState.DONE, Tally(3, created=1, rejected=2), 4)
    rejected = await queries.rejected_rows(job, 10, 0)
    assert [(row.row, row.reason) for row in rejected] == [(3, "phone_invalid"), (5, "store_unknown")]
    row = ("1", clock.now().replace(tzinfo=None) - timedelta(days=2), 1, 5)
    book = write_xlsx(tmp_path / "o.xlsx", {"甲": [("单号", "时间", "数量", "单价"), row], "乙": [("x",)]})
    job_id = await asked(hq, book, Choices(ImportKind.ORDERS, dry_run=False, store_id=world.stores[1]))
    await service.run_import(job_id)
    job = await queries.import_job(hq, job_id)
    assert (job.state, job.tally) == (ImportState.DONE, Tally(1, created=1))
    assert await whole_report(job) == [("乙", 0), ("甲", 2)]
    assert await db.fetch_value('SELECT store_id FROM "order"') == world.stores[1]
    kinds = await db.fetch("SELECT kind, actor_id FROM event WHERE kind LIKE 'import.%' ORDER BY at, id")
    assert [tuple(one) for one in kinds] == [("import.started", hq.id), ("import.ended", None)] * 2


@pytest.mark.parametrize("kind", ImportKind)
async def test_a_dry_run_counts_and_reports_and_leaves_nothing(world: World, tmp_path: Path, kind: ImportKind) -> None:
    hq, path = world.staff["hq"], long_file(tmp_path)
    choices = Choices(kind, dry_run=True, store_id=world.stores[0])
    job_id = await asked(hq, path, choices)
    await service.run_import(job_id)
    job = await queries.import_job(hq, job_id)
    assert (job.state, job.tally.read, job.rows_total) == (ImportState.DONE, 24_000, 24_000)
    assert len(await whole_report(job)) == 24_000
    assert await db.fetch_value('SELECT (SELECT count(*) FROM "order") + (SELECT count(*) FROM customer)') == 0


async def test_a_worker_killed_in_the_middle_is_followed_by_another_and_nothing_counts_twice(
    world: World, database: str, tmp_path: Path
) -> None:
    hq = world.staff["hq"]
    job_id = await asked(hq, long_file(tmp_path), in_earnest(world))
    async with worker(database) as first:
        async with asyncio.timeout(60):
            while (await queries.import_job(hq, job_id)).tally.read == 0:
                await asyncio.sleep(0.01)
        first.process.kill()
        await asyncio.to_thread(first.wait)
    half = await queries.import_job(hq, job_id)
    stored = await db.fetch_value('SELECT count(*) FROM "order"')
    assert half.state is ImportState.RUNNING and 0 < half.tally.read < 24_000 and 0 < stored < 8_000
    assert stored == await db.fetch_value("SELECT count(DISTINCT subject_id) FROM import_verdict")
    killed = clock.now()
    async with worker(database):
        job = await ended(hq, job_id)
    assert clock.now() - killed < timedelta(minutes=1)
    assert (job.state, job.tally) == (ImportState.DONE, Tally(24_000, created=23_760, rejected=240))
    assert await whole_report(job) == [("", n) for n in range(2, 24_002)]
    assert await db.fetch_value('SELECT sum(total_minor) FROM "order"') == 23_760 * 125
    assert await orders.rebuild_stats(world.brand_id) == 0


async def test_a_worker_that_is_told_to_stop_leaves_the_rest_to_the_next(world: World, tmp_path: Path) -> None:
    hq = world.staff["hq"]
    job_id = await asked(hq, long_file(tmp_path), in_earnest(world))
    run = asyncio.create_task(service.run_import(job_id))
    while (await queries.import_job(hq, job_id)).tally.read == 0:
        await asyncio.sleep(0.01)
    run.cancel()
    with pytest.raises(asyncio.CancelledError):
        await run
    assert (await queries.import_job(hq, job_id)).state is ImportState.RUNNING
    await service.run_import(job_id)  # at once: nobody waits for the lease
    job = await queries.import_job(hq, job_id)
    assert (job.state, job.tally) == (ImportState.DONE, Tally(24_000, created=23_760, rejected=240))


async def test_two_at_once_move_together_and_store_everything_once(world: World, database: str, tmp_path: Path) -> None:
    hq = world.staff["hq"]
    paths = [long_file(tmp_path), long_file(tmp_path, 4000, "more.csv")]  # half of the receipts are in both
    jobs = [await asked(hq, path, in_earnest(world)) for path in paths]
    together = False
    async with worker(database), asyncio.timeout(90):
        states: list[ImportJob] = []
        while not states or not all(job.state in ENDED for job in states):
            await asyncio.sleep(0.02)
            states = [await queries.import_job(hq, one) for one in jobs]
            together |= all(0 < job.tally.read < 24_000 for job in states)
    assert together and [job.state for job in states] == [ImportState.DONE] * 2
    tallies = [job.tally for job in states]
    assert [(tally.read, tally.rejected, tally.updated) for tally in tallies] == [(24_000, 240, 0)] * 2
    assert sum(tally.created for tally in tallies) == 35_640  # each order by whichever import came to it first
    assert sum(tally.unchanged for tally in tallies) == 11_880
    for job in states:
        assert await whole_report(job) == [("", n) for n in range(2, 24_002)]
    stored = await db.fetch_row('SELECT count(*), sum(total_minor) FROM "order"')
    assert tuple(stored or ()) == (12_000, 35_640 * 125)
    assert await orders.rebuild_stats(world.brand_id) == 0


async def test_a_run_that_lost_its_hold_writes_no_more(world: World, tmp_path: Path) -> None:
    hq = world.staff["hq"]
    job_id = await asked(hq, long_file(tmp_path), in_earnest(world))
    first = asyncio.create_task(service.run_import(job_id))
    while (await queries.import_job(hq, job_id)).tally.read == 0:
        await asyncio.sleep(0.01)
    await db.execute("UPDATE import_job SET lease_until = now() - interval '1 s' WHERE id = $1", job_id)
    await service.run_import(job_id)
    await first
    job = await queries.import_job(hq, job_id)
    assert (job.state, job.tally) == (ImportState.DONE, Tally(24_000, created=23_760, rejected=240))
    assert len(await whole_report(job)) == 24_000


async def test_called_off_it_stops_and_what_it_stored_stays(world: World, tmp_path: Path) -> None:
    hq = world.staff["hq"]
    job_id = await asked(hq, long_file(tmp_path), in_earnest(world))
    run = asyncio.create_task(service.run_import(job_id))
    while (await queries.import_job(hq, job_id)).tally.read == 0:
        await asyncio.sleep(0.01)
    async with db.tx():
        await service.cancel_import(hq, job_id)
    await run
    job = await queries.import_job(hq, job_id)
    assert job.state is ImportState.CANCELLED and 0 < job.tally.read < 24_000
    rows = await db.fetch_value("SELECT count(DISTINCT subject_id) FROM import_verdict")
    assert rows == await db.fetch_value('SELECT count(*) FROM "order"')
    await service.run_import(job_id)
    assert (await queries.import_job(hq, job_id)).tally == job.tally


async def test_a_file_that_is_none_fails_with_its_sentence_and_breaking_off_again_and_again_too(
    world: World, tmp_path: Path
) -> None:
    hq, path = world.staff["hq"], write_csv(tmp_path / "x.csv", "a b", [["1", "2"]])
    job_id = await asked(hq, path, in_earnest(world))
    await service.run_import(job_id)
    job = await queries.import_job(hq, job_id)
    assert job.state is ImportState.FAILED and job.problem and job.problem[0] == "file_columns"
    job_id = await asked(hq, long_file(tmp_path), in_earnest(world))
    await db.execute("UPDATE import_job SET attempts = $2 WHERE id = $1", job_id, running.MOST_ATTEMPTS)
    await service.run_import(job_id)
    assert (await queries.import_job(hq, job_id)).problem == ("import_broke", {})


async def test_the_sweep_wakes_what_waits_and_files_are_forgotten_after_a_week(world: World, tmp_path: Path) -> None:
    hq = world.staff["hq"]
    queue.configure(embedded_for_tests().redis)
    job_id = await asked(hq, long_file(tmp_path), in_earnest(world))
    assert (await service.sweep_imports(10), await service.sweep_imports(10)) == (1, 0)
    with clock.pretended(clock.now() + timedelta(days=8)):
        assert (await service.purge_uploads(), await service.sweep_imports(10)) == (0, 1)
        async with db.tx():
            await service.cancel_import(hq, job_id)
        assert (await service.purge_uploads(), await service.sweep_imports(10)) == (1, 0)
    assert (await queries.import_job(hq, job_id)).upload_id is None
    assert await db.fetch_value("SELECT count(*) FROM import_piece") == 0
    await queue.close()
