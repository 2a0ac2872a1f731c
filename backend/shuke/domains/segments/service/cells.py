"""Use cases: recompute the cells, keep them up to date, or ask the worker to."""

from dataclasses import replace
from datetime import date, datetime, timedelta

from shuke.domains.identity import queries as identity
from shuke.domains.identity.service import allow
from shuke.domains.identity.types import Actor, Brand
from shuke.domains.segments import queries
from shuke.domains.segments.service import figures, judging, placing
from shuke.domains.segments.service.joining import hold_cells
from shuke.domains.segments.service.placing import Place
from shuke.domains.segments.service.rfm import keep_config
from shuke.domains.segments.types import CutNote, Options, Requested, RfmCell, Run, RunConfig
from shuke.kit import clock, codec, db, events, queue, zones
from shuke.kit.errors import ErrorCode, Refusal
from shuke.kit.ids import new_id

JOB = "refresh_segments"
"""Name of the worker's job; its argument: the brand's id as text."""
CUTS_HOLD = timedelta(days=7)
"""After this long a night is a full run, in which quantiles move."""

KEEP = """
INSERT INTO segment_run (id, brand_id, as_of, config, cells, customers, created_at, updated_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $7)
"""
WAITING = """
SELECT s.brand_id FROM rfm_state s WHERE s.wanted
  OR EXISTS (SELECT FROM rfm_touched t WHERE t.brand_id = s.brand_id AND t.due_at <= $1)
"""


async def refresh(actor: Actor, as_of: date | None = None, options: Options | None = None) -> Run:
    """A full run: everybody's cell as of the end of a day (None: today in the brand's zone), kept with its cut-offs.

    Of today it is made from the figures that are kept, of another day from the orders. Memberships follow unless a
    later day has been computed already. Options left out are those of the last run that was made for its own day.
    Raises Refusal INVALID for a day that has not begun and, of today, for a cut of other options that divides nobody,
    with what to take instead.
    """
    allow(actor, "refreshSegments")
    async with db.tx():
        await hold_cells(actor.brand_id)  # two runs take turns; the second sees the first one's memberships
        brand, now = await identity.brand(actor.brand_id), clock.now()
        today = zones.local_date(now, brand.timezone)
        day = as_of or today
        if day > today:
            raise Refusal(ErrorCode.INVALID, "asOf", "as_of_future")
        standing = await queries.standing_options(brand.id, brand.timezone)
        options = options or standing
        if live := day == today:
            if options != standing:
                await keep_config(actor, options)
            await figures.settle(brand.id, brand.timezone, options, now)
        else:
            await figures.report(brand.id, brand.timezone, options, day)
        return await _run(actor, brand, day, options, standing if live else None, now)


async def _run(actor: Actor, brand: Brand, day: date, options: Options, standing: Options | None, now: datetime) -> Run:
    """Puts everybody into her cell, or only counts. `standing`: what held before a run of today; None: of another day,
    by cuts that nobody judges.
    """
    latest = await queries.latest_run(brand.id)
    live, applied = standing is not None, latest is None or day >= latest.as_of
    again = latest is not None and latest.config.options == options
    table = placing.KEPT if live else placing.REPORTED
    cut_offs = await placing.cut(brand.id, day, options.cuts, brand.currency, table)
    place = Place(brand.id, day, cut_offs or placing.NOBODY, options.band if applied and again else 0, table)
    sort = placing.sort_all if applied else placing.numbers
    cells = await sort(place)
    notes: tuple[CutNote, ...] = ()
    if standing and cut_offs:
        problems = await judging.problems_of(brand, day, options.cuts, cut_offs, cells, table)
        judging.refuse(judging.newly_said(problems, options, standing))
        held, notes = judging.held(problems, options, cut_offs, latest)
        if held != cut_offs:
            cut_offs, place = held, replace(place, cut_offs=held)
            cells = await sort(place)
    moved = await placing.move(place, now) if applied else (0, 0)
    return await _keep(actor, day, RunConfig(options, cut_offs, applied, live, day, notes), cells, moved, now)


async def _keep(
    actor: Actor, day: date, config: RunConfig, cells: dict[RfmCell, int], moved: tuple[int, int], now: datetime
) -> Run:
    run = Run(new_id(), day, sum(cells.values()), cells, config, *moved)
    args = (run.id, actor.brand_id, day, codec.dumps(config), codec.dumps(cells), run.customers, now)
    await db.execute(KEEP, *args)
    data = {
        "asOf": day,
        "customers": run.customers,
        "entered": run.entered,
        "left": run.left,
        "applied": config.applied,
    }
    await events.record(actor.brand_id, "segments.refreshed", actor.ref, ("segment_run", run.id), data)
    # where everybody is in a cell for the first time, the numbers say it
    if run.left or 0 < run.entered < run.customers:
        await placing.tell_moves(actor.brand_id, actor.ref, run.id)
    return run


async def refresh_by_night(actor: Actor) -> Run:
    """A day has passed: moves those whom it moves, by the cut-offs of the last full run. A full run instead where there
    is none to go by, its configuration is no longer the brand's, or it has cuts that are due to move.
    """
    allow(actor, "refreshSegments")
    async with db.tx():
        await hold_cells(actor.brand_id)
        brand, now = await identity.brand(actor.brand_id), clock.now()
        day = zones.local_date(now, brand.timezone)
        latest = await queries.latest_run(brand.id)
        options = await queries.standing_options(brand.id, brand.timezone)
        basis, wanted = await figures.basis_of(brand.id)
        if latest is None or wanted or not latest.goes_on(options, basis, day, CUTS_HOLD):
            return await refresh(actor)
        while await _touched(brand, options, latest, now, figures.A_CHUNK):
            pass
        config = latest.config
        assert config.cut_offs
        place = Place(brand.id, day, config.cut_offs, options.band)
        moved = await placing.place_aged(place, latest.as_of, now)
        return await _keep(actor, day, config, await placing.counted(brand.id), moved, now)


async def sweep_cells(limit: int) -> int:
    """Looks at the customers of whom something happened that may change their figures; how many there were."""
    found = 0
    for row in await db.fetch(WAITING, clock.now()):
        async with db.tx():
            if not await db.try_lock("segments", row[0]):
                continue  # whoever holds the cells sees to it, or the next look does
            now = clock.now()
            basis, wanted = await figures.basis_of(row[0])
            if wanted:
                await refresh(await identity.system_actor(row[0]))
                found += 1
            elif basis:
                brand = await identity.brand(row[0])
                found += await _touched(brand, basis, await queries.latest_run(brand.id), now, limit)
    return found


async def _touched(brand: Brand, basis: Options, latest: queries.Latest | None, now: datetime, limit: int) -> int:
    """Figures and cells of the next customers with marks; how many there were."""
    ids = await figures.claim(brand.id, now, limit)
    if not ids:
        return 0
    await figures.write(brand.id, brand.timezone, basis, now, ids)
    if latest and latest.config.live and latest.config.cut_offs:
        config = latest.config
        place = Place(brand.id, zones.local_date(now, brand.timezone), latest.config.cut_offs, config.options.band)
        entered, left = await placing.place_these(place, ids, now)
        if entered or left:
            await placing.tell_moves(brand.id, events.SYSTEM, None)
    return len(ids)


async def request_refresh(actor: Actor) -> Requested:
    """Puts a refresh of the actor's brand into the queue; one that waits there already serves both.

    Raises Refusal UNAVAILABLE while the queue cannot be reached.
    """
    allow(actor, "refreshSegments")
    await queue.enqueue(JOB, str(actor.brand_id), job_id=f"{JOB}/{actor.brand_id}")
    return Requested(queued=True)
