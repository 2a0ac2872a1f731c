"""Use cases of the door: somebody came in or asked, who she was is said afterwards, a visit is taken back."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from shuke.domains.customers.rules import visits as rules
from shuke.domains.customers.service import checks
from shuke.domains.customers.service.timeline import append_timeline, remove_timeline
from shuke.domains.customers.types import TimelineKind
from shuke.domains.customers.types.visits import NewVisit, VisitKind
from shuke.domains.identity.service import allow
from shuke.domains.identity.types import Actor, Reach
from shuke.kit import clock, codec, db, events
from shuke.kit.errors import ErrorCode, Refusal

NOTE_LENGTH = 500

INSERT = """
INSERT INTO visit (id, brand_id, store_id, staff_id, customer_id, kind, channel, bought, is_new, at, filed_at, note,
  created_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13) ON CONFLICT (id) DO NOTHING
"""
LOCKED = """
SELECT id, store_id, staff_id, customer_id, kind, channel, bought, is_new, at, filed_at, note, created_at, source
FROM visit WHERE brand_id = $1 AND id = $2 FOR UPDATE
"""
SAVE = """
UPDATE visit SET customer_id = $2, channel = $3, bought = $4, is_new = $5, filed_at = $6, note = $7, updated_at = $8
WHERE id = $1
"""
# what only the line of a lead says
BESIDE = """
SELECT jsonb_strip_nulls(jsonb_build_object('left', data -> 'left', 'others', data -> 'others'))::text
FROM timeline_entry WHERE id = $1
"""
ENTERED = "SELECT created_at FROM customer WHERE id = $1"


@dataclass(slots=True)
class _Row:
    """A visit as its row has it, locked until the transaction's end."""

    id: UUID
    store_id: UUID
    staff_id: UUID | None
    customer_id: UUID | None
    kind: str
    channel: str
    bought: bool | None
    is_new: bool
    at: datetime
    filed_at: datetime | None
    note: str | None
    created_at: datetime
    source: str | None = None


async def record_visit(actor: Actor, new: NewVisit) -> UUID:
    """Puts a visit or an inquiry down, of a customer or (for the time being) of nobody.

    Raises Refusal INVALID (longer ago than a month, the note), NOT_FOUND or FORBIDDEN (store, customer), TAKEN (id).
    """
    reach, now = allow(actor, "recordVisit"), clock.now()
    at = rules.happened(new.at, now)
    if at is None:
        raise Refusal(ErrorCode.INVALID, "at", "visit_long_ago")
    note, fresh = checks.text("note", new.note, NOTE_LENGTH), new.is_new is not False
    async with db.tx():
        store_id = await checks.store_for(actor, reach, new.store_id)
        said = (new.kind.value, new.channel.value, new.bought, fresh, at, None, note, now)
        row = _Row(new.id, store_id, actor.id, None, *said)
        if new.customer_id:
            customer = await checks.reachable(actor, reach, new.customer_id, "customerId")
            await _name(row, customer.id, None, now)
        shown = (row.kind, row.channel, row.bought, row.is_new, row.at, row.filed_at, row.note, now)
        if not await db.execute(INSERT, row.id, actor.brand_id, store_id, actor.id, row.customer_id, *shown):
            raise Refusal(ErrorCode.TAKEN, "id", "id_taken")
        await _tell(actor, row)
        data = {"kind": row.kind, "isNew": row.is_new, "customer": row.customer_id}
        await events.record(actor.brand_id, "visit.recorded", actor.ref, ("visit", row.id), data)
    return new.id


async def update_visit(actor: Actor, visit_id: UUID, patch: Mapping[str, Any], filed: datetime | None = None) -> UUID:
    """Says more of a visit: channel (VisitChannel), bought, is_new, note, customer_id (None: nobody after all).

    Naming a customer settles whether she is new. `filed`: when that was done, where the phone could not tell at once.
    Raises Refusal NOT_FOUND (visit, customer), FORBIDDEN, INVALID (the note).
    """
    reach, now = allow(actor, "updateVisit"), clock.now()
    wanted = dict(patch)
    if "note" in wanted:
        wanted["note"] = checks.text("note", wanted["note"], NOTE_LENGTH)
    async with db.tx():
        row = await _locked(actor, reach, visit_id)
        before = row.customer_id
        if "channel" in wanted:
            row.channel = wanted["channel"].value
        if row.customer_id is not None:
            wanted.pop("is_new", None)  # settled by who she is
        for name in ("bought", "is_new", "note"):
            setattr(row, name, wanted.get(name, getattr(row, name)))
        if wanted.get("customer_id", row.customer_id) != row.customer_id:
            await _rename(actor, row, wanted["customer_id"], filed, now)
        await _save(actor, row, now)
        people = [key for key in {before, row.customer_id} if key]
        data = {"fields": sorted(wanted), "customers": people}
        await events.record(actor.brand_id, "visit.updated", actor.ref, ("visit", row.id), data)
    return visit_id


async def undo_visit(actor: Actor, visit_id: UUID) -> None:
    """Takes a visit back that the caller put down a moment ago; one that is gone already is fine.

    Raises Refusal NOT_UNDOABLE for somebody else's, or after ten minutes.
    """
    allow(actor, "undoVisit")
    async with db.tx():
        found = await db.fetch_row(LOCKED, actor.brand_id, visit_id)
        if found is None:
            return
        row = _Row(*found)
        if row.staff_id != actor.id or clock.now() - row.created_at > rules.UNDO_WITHIN:
            raise Refusal(ErrorCode.NOT_UNDOABLE, "id")
        await remove_timeline(row.id)
        await db.execute("DELETE FROM visit WHERE id = $1", row.id)
        data = {"kind": row.kind, "customer": row.customer_id}
        await events.record(actor.brand_id, "visit.undone", actor.ref, ("visit", row.id), data)


async def file_visit(actor: Actor, visit_id: UUID, customer_id: UUID, filed: datetime | None) -> None:
    """Links a visit to the customer who was entered after it, in the caller's transaction and event.

    Whoever is entered stays entered: a visit that was taken back, named otherwise or is not the caller's is let be.
    """
    found = await db.fetch_row(LOCKED, actor.brand_id, visit_id)
    if found is None:
        return
    row, now, reach = _Row(*found), clock.now(), allow(actor, "updateVisit")
    if row.customer_id is None and reach.covers(row.store_id, row.staff_id):
        await _name(row, customer_id, filed, now)
        await _save(actor, row, now)


async def _locked(actor: Actor, reach: Reach, visit_id: UUID) -> _Row:
    found = await db.fetch_row(LOCKED, actor.brand_id, visit_id)
    if found is None or not reach.covers(found[1], found[2]):
        raise Refusal(ErrorCode.NOT_FOUND, "id")
    return _Row(*found)


async def _rename(actor: Actor, row: _Row, customer_id: UUID | None, filed: datetime | None, now: datetime) -> None:
    if row.customer_id is not None:
        await remove_timeline(row.id)
    if customer_id is None:
        row.customer_id = row.filed_at = None
        return
    customer = await checks.reachable(actor, allow(actor, "recordVisit"), customer_id, "customerId")
    await _name(row, customer.id, filed, now)


async def _name(row: _Row, customer_id: UUID, filed: datetime | None, now: datetime) -> None:
    """Says who she was; whether she is new is settled by when she was entered."""
    entered = await db.fetch_value(ENTERED, customer_id)
    row.customer_id, row.is_new = customer_id, rules.is_new(entered, row.at)
    row.filed_at = rules.filed_at(row.at, filed, now) if row.is_new else None


async def _save(actor: Actor, row: _Row, now: datetime) -> None:
    said = (row.customer_id, row.channel, row.bought, row.is_new, row.filed_at, row.note, now)
    await db.execute(SAVE, row.id, *said)
    await _tell(actor, row)


async def _tell(actor: Actor, row: _Row) -> None:
    """Her timeline says what the visit says now."""
    if row.customer_id is None:
        return
    kind, data = line(VisitKind(row.kind), row.channel, row.bought, row.note, row.source)
    if row.source is not None and (beside := await db.fetch_value(BESIDE, row.id)):
        data |= codec.loads(beside)
    await append_timeline(actor.brand_id, row.customer_id, kind, row.at, row.staff_id, data, row.id)


def line(
    kind: VisitKind, channel: str, bought: bool | None, note: str | None, source: str | None
) -> tuple[TimelineKind, dict[str, Any]]:
    """What a visit's entry on the timeline is, and what it holds."""
    said = {"channel": channel, "bought": bought, "note": note, "source": source}
    told = {name: value for name, value in said.items() if value is not None}
    return TimelineKind.VISIT if kind is VisitKind.VISIT else TimelineKind.INQUIRY, told
