"""Exports: asked for, done in the background by whoever holds the lease, fetched until their day."""

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from shuke.domains.customers import queries as customers
from shuke.domains.customers.types import Among, CustomerView, Filters
from shuke.domains.customers.types.profile import Field
from shuke.domains.identity import queries as identity
from shuke.domains.identity.service import allow
from shuke.domains.identity.types import Actor, Locale
from shuke.domains.records import queries
from shuke.domains.records.rules import exports as rules
from shuke.domains.records.service.source import scratch
from shuke.domains.records.types import ExportJob, ExportWish
from shuke.domains.segments import queries as segments
from shuke.domains.segments.types import RfmCell
from shuke.kit import clock, codec, db, events, files, i18n, queue, tables, throttle, zones
from shuke.kit.errors import ErrorCode, Refusal
from shuke.kit.files import StoredFile
from shuke.kit.ids import new_id

JOB = "run_export"
A_DAY = 20
"""How many exports a person may ask for within a day."""
KEPT = timedelta(days=7)
LEASE, AGAIN, NUDGE = timedelta(seconds=60), timedelta(seconds=10), timedelta(seconds=10)
MOST_ATTEMPTS = 6
PAGE = 1000
REASON = (2, 200)

START = (
    "INSERT INTO export_job (id, brand_id, staff_id, wish, state, created_at) VALUES ($1, $2, $3, $4, 'waiting', $5)"
)
NUDGED = """
UPDATE export_job SET nudged_at = $1 WHERE id IN (
  SELECT id FROM export_job WHERE state IN ('waiting', 'running') AND (lease_until IS NULL OR lease_until < $1)
    AND (nudged_at IS NULL OR nudged_at < $2)
  ORDER BY id LIMIT $3 FOR UPDATE SKIP LOCKED)
RETURNING id
"""
CLAIM = """
UPDATE export_job j SET state = 'running', owner = $2, lease_until = $3, attempts = attempts + 1, rows = 0,
  updated_at = $4
FROM staff s WHERE s.id = j.staff_id AND j.id = $1 AND j.state IN ('waiting', 'running')
  AND (j.lease_until IS NULL OR j.lease_until < $4)
RETURNING j.brand_id, j.staff_id, s.name, s.locale, j.wish, j.attempts
"""
MINE = "WHERE id = $1 AND owner = $2 AND state = 'running'"
BEAT = f"UPDATE export_job SET lease_until = $3, rows = $4, rows_total = $5 {MINE}"
LET_GO = f"UPDATE export_job SET lease_until = $3 {MINE}"
END = f"""
UPDATE export_job SET state = $3, file_id = $4, problem = $5, ended_at = $6, updated_at = $6, owner = NULL,
  lease_until = NULL {MINE}
"""
VALUES = "SELECT id, custom_values FROM customer WHERE brand_id = $1 AND id = ANY($2) AND custom_values <> '{}'"
NAMED = "SELECT id, name FROM store WHERE brand_id = $1 UNION ALL SELECT id, name FROM staff WHERE brand_id = $1"
HELD = "UPDATE export_job SET stores = $2 WHERE id = $1"
# what somebody searched for may be a name or a phone: it goes with the file
FORGET = "UPDATE export_job SET wish = wish - 'search' WHERE ended_at < $1 AND wish->>'search' IS NOT NULL"


class _Lost(Exception):
    """Somebody else does this export by now."""


@dataclass(slots=True)
class _Run:
    """One run's hold on its job."""

    job_id: UUID
    owner: UUID
    total: int = 0

    async def beat(self, rows: int) -> None:
        if not await db.execute(BEAT, self.job_id, self.owner, clock.now() + LEASE, rows, self.total):
            raise _Lost

    async def end(
        self, brand_id: UUID, state: str, rows: int, file_id: UUID | None = None, reason: str | None = None
    ) -> None:
        """Joins the caller's transaction. Raises _Lost."""
        problem = codec.dumps([reason, {}]) if reason else None
        if not await db.execute(END, self.job_id, self.owner, state, file_id, problem, clock.now()):
            raise _Lost
        data = {"state": state, "rows": rows}
        await events.record(brand_id, "export.ended", events.SYSTEM, ("export_job", self.job_id), data)


async def start_export(actor: Actor, wish: ExportWish) -> ExportJob:
    """Puts an export of customers into the background, of what the caller may see and no more.

    Raises Refusal FORBIDDEN, REQUIRED (a reason), INVALID (a column that does not exist), NOT_FOUND (the segment),
    TOO_MANY.
    """
    allow(actor, "startExport")
    if not REASON[0] <= len(wish.reason.strip()) <= REASON[1]:
        raise Refusal(ErrorCode.REQUIRED, "reason", "export_reason")
    offered = await queries.offered(actor)
    for field in wish.fields:
        if field not in offered:
            known = ", ".join(offered)
            raise Refusal(ErrorCode.INVALID, "fields", "export_field_unknown", field_name=field[:60], known=known)
    if wish.segment_id and not await segments.names_of(actor.brand_id, [wish.segment_id]):
        raise Refusal(ErrorCode.NOT_FOUND, "segmentId")
    await throttle.hit(f"export/{actor.id}", A_DAY, timedelta(days=1), "exports_many")
    job_id = new_id()
    await db.execute(START, job_id, actor.brand_id, actor.id, codec.dumps(wish), clock.now())
    data = {"kind": wish.kind, "format": wish.format, "fields": wish.fields, "searched": bool(wish.search)}
    data |= {"store": wish.store_id, "region": wish.region_id, "mine": wish.mine, "cell": wish.cell}
    data |= {"segment": wish.segment_id}
    await events.record(actor.brand_id, "export.started", actor.ref, ("export_job", job_id), data)
    return await queries.export(actor, job_id)


async def fetch_export(actor: Actor, export_id: UUID) -> StoredFile:
    """The file of an export of the caller's own, while she may still see all that is in it; puts the fetching down.

    Raises Refusal FORBIDDEN, NOT_FOUND.
    """
    job = await queries.export(actor, export_id)
    file = await files.find(actor.brand_id, job.file_id) if job.file_id else None
    if file is None:
        raise Refusal(ErrorCode.NOT_FOUND, reason="export_gone")
    reach = allow(actor, "startExport")
    held = codec.loads(await db.fetch_value("SELECT stores FROM export_job WHERE id = $1", export_id) or "null")
    if reach.all_stores is not None and not (held is not None and set(held) <= set(map(str, reach.all_stores))):
        raise Refusal(ErrorCode.FORBIDDEN, reason="export_no_longer")
    await events.record(actor.brand_id, "export.fetched", actor.ref, ("export_job", export_id), {"bytes": file.size})
    return file


async def run_export(job_id: UUID) -> None:
    """Takes an export up unless somebody else holds it, and writes it from its first row."""
    run, now = _Run(job_id, new_id()), clock.now()
    row = await db.fetch_row(CLAIM, job_id, run.owner, now + LEASE, now)
    if row is None:
        return
    brand_id, staff_id, name, locale, wish, attempts = row
    try:
        grants = await identity.grants(brand_id, staff_id)
        if attempts > MOST_ATTEMPTS or not grants:
            async with db.tx():
                await run.end(brand_id, "failed", 0, reason="export_broke" if grants else "forbidden")
            return
        brand = await identity.brand(brand_id)
        place = (Locale(locale), brand.timezone, brand.currency)
        await _write(run, Actor("staff", staff_id, brand_id, name, *place, grants), codec.load(wish, ExportWish))
    except _Lost:
        pass
    except BaseException as error:
        wait = timedelta() if isinstance(error, asyncio.CancelledError) else AGAIN
        with suppress(Exception):
            await db.execute(LET_GO, job_id, run.owner, clock.now() + wait)
        raise


async def _write(run: _Run, actor: Actor, wish: ExportWish) -> None:
    locale, offered = actor.locale.value, await queries.offered(actor)
    chosen = {key: offered[key] for key in wish.fields or offered if key in offered}
    filters = _filters(actor, wish)
    await db.execute(HELD, run.job_id, codec.dumps(allow(actor, "startExport").all_stores))
    run.total, rows = await customers.total(actor, filters), 0
    suffix, title = wish.format.value, i18n.say(locale, "export_customers")
    with scratch() as folder:
        path = folder / f"export.{suffix}"
        with tables.table(path, suffix, [rules.heading(*one, locale) for one in chosen.items()], title) as table:
            async for lines in _pages(actor, filters, chosen):
                await asyncio.to_thread(table.write, lines)
                rows += len(lines)
                await run.beat(rows)
            table.about(await _about(actor, wish, rows))
        await _keep(run, actor, path, f"{title} {zones.local_date(clock.now(), actor.timezone)}.{suffix}", rows)


async def _keep(run: _Run, actor: Actor, path: Path, name: str, rows: int) -> None:
    media_type = tables.XLSX if path.suffix == ".xlsx" else tables.CSV
    async with db.tx():
        file_id = await files.keep(actor.brand_id, path, name, media_type, clock.now() + KEPT)
        await run.end(actor.brand_id, "done", rows, file_id)


async def _pages(
    actor: Actor, filters: Filters, chosen: Mapping[str, Field | None]
) -> AsyncIterator[list[list[str | None]]]:
    """The rows by the thousand, each page found by the last id of the one before it."""
    after: UUID | None = None
    named = {str(row[0]): (row[1],) for row in await db.fetch(NAMED, actor.brand_id)} if any(chosen.values()) else {}
    while found := (await customers.customers(actor, filters, PAGE, after))[:PAGE]:
        after = found[-1].id
        own = await _values(actor, found) if any(chosen.values()) else {}
        tags = await segments.tag_names_of([view.id for view in found]) if "tags" in chosen else {}
        place = (chosen, actor.locale.value, actor.currency, named)
        yield [rules.line(view, own.get(view.id, {}), *place, tags.get(view.id, ())) for view in found]
        if len(found) < PAGE:
            break


async def _values(actor: Actor, found: Sequence[CustomerView]) -> dict[UUID, dict[str, Any]]:
    """Customer -> values of head office's own fields."""
    rows = await db.fetch(VALUES, actor.brand_id, [view.id for view in found])
    return {row[0]: codec.loads(row[1]) for row in rows}


def _filters(actor: Actor, wish: ExportWish) -> Filters:
    """The list's filters, within the stores where she may export: she may see more as a guide elsewhere."""
    among = segments.chosen(actor, RfmCell(wish.cell) if wish.cell else None, wish.segment_id)
    stores = allow(actor, "startExport").all_stores
    if stores is not None:
        place = len(among.args) if among else 0
        within = f"c.store_id = ANY({{{place}}})"
        among = Among(f"{among.sql} AND {within}" if among else within, (*(among.args if among else ()), stores))
    return Filters(wish.search, wish.store_id, wish.mine, among, wish.region_id)


async def _about(actor: Actor, wish: ExportWish, rows: int) -> list[str]:
    """Who took this out, when, what of it, what for."""
    locale = actor.locale.value
    stores = {store.id: store.name for store in await identity.stores(actor.brand_id)}
    regions = {region.id: region.name for region in await identity.regions(actor.brand_id)}
    said = [wish.search, wish.store_id and stores.get(wish.store_id), wish.region_id and regions.get(wish.region_id)]
    said += [wish.cell, actor.name if wish.mine else None]
    said += (await segments.names_of(actor.brand_id, [wish.segment_id])) if wish.segment_id else []
    filters = ", ".join(one for one in said if one) or i18n.say(locale, "export_filter_none")
    when = f"{clock.now().astimezone(ZoneInfo(actor.timezone)):%Y-%m-%d %H:%M}"
    return [
        i18n.say(locale, "export_about", who=actor.name, when=when),
        i18n.say(locale, "export_about_more", rows=f"{rows:,}", reason=wish.reason.strip()),
        i18n.say(locale, "export_filter", filters=filters),
    ]


async def sweep_exports(limit: int) -> int:
    """Wakes exports that wait or whose worker is gone: a word in the queue for each. The number of them."""
    now = clock.now()
    found = await db.fetch(NUDGED, now, now - NUDGE, limit)
    for row in found:
        await queue.enqueue(JOB, str(row[0]))
    return len(found)


async def tidy_exports() -> int:
    """Forgets what was searched for once the file has gone; the row itself, who took what and why, stays."""
    return await db.execute(FORGET, clock.now() - KEPT)
