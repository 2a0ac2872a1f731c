"""Visits and inquiries: one, those that nobody is named for yet, those behind a number of the filing rate."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from shuke.domains.customers.types.visits import VisitChannel, VisitKind, VisitView
from shuke.domains.identity.service import allow
from shuke.domains.identity.types import Actor, Staff, Store
from shuke.kit import clock, db

MOST_OPEN = 50

COLUMNS = """
v.id, v.kind, v.channel, v.bought, v.is_new, v.at, v.filed_at, v.note, v.source, v.customer_id,
v_store.id, v_store.name, v_store.code, v_region.name, v_store.timezone, v_staff.id, v_staff.name
"""
JOINS = """
JOIN store v_store ON v_store.id = v.store_id LEFT JOIN region v_region ON v_region.id = v_store.region_id
LEFT JOIN staff v_staff ON v_staff.id = v.staff_id
"""
BY_IDS = f"SELECT {COLUMNS} FROM visit v {JOINS} WHERE v.brand_id = $1 AND v.id = ANY($2)"
# A store's day is never more than 25 hours old: that bounds the index.
OPEN_TODAY = f"""
SELECT {COLUMNS} FROM visit v {JOINS}
WHERE v.staff_id = $1 AND v.brand_id = $2 AND v.is_new AND v.customer_id IS NULL
  AND v.at > $3::timestamptz - interval '25 hours'
  AND v.at >= ($3 AT TIME ZONE v_store.timezone)::date::timestamp AT TIME ZONE v_store.timezone
ORDER BY v.at DESC, v.id DESC LIMIT {MOST_OPEN}
"""
ASKED = """
SELECT v.customer_id, v.at, s.timezone FROM visit v JOIN store s ON s.id = v.store_id
WHERE v.brand_id = $1 AND v.id = $2 AND v.customer_id IS NOT NULL
"""
COMPLAINED = """
SELECT t.at, s.timezone FROM timeline_entry t JOIN customer c ON c.id = t.customer_id JOIN store s ON s.id = c.store_id
WHERE t.brand_id = $1 AND t.customer_id = $2 AND t.id = $3 AND t.kind = 'complaint'
"""


def from_row(row: Any) -> VisitView:
    """The visit in the values that COLUMNS has."""
    store = Store(*row[10:15])
    staff = Staff(row[15], row[16]) if row[15] else None
    said = (row[3], row[4], row[5], row[6], row[7], row[8], row[9])
    return VisitView(row[0], VisitKind(row[1]), VisitChannel(row[2]), *said, store, staff)


async def visit(actor: Actor, visit_id: UUID) -> VisitView | None:
    """The visit; None when there is none that the caller may say more of."""
    return (await visits_by_id(actor, [visit_id]))[0]


async def visits_by_id(actor: Actor, ids: Iterable[UUID]) -> list[VisitView | None]:
    """A batch, in the order of `ids`."""
    reach, wanted = allow(actor, "updateVisit"), list(ids)
    rows = map(from_row, await db.fetch(BY_IDS, actor.brand_id, wanted))
    seen = {view.id: view for view in rows if reach.covers(view.store.id, view.staff.id if view.staff else None)}
    return [seen.get(key) for key in wanted]


async def open_visits(actor: Actor) -> list[VisitView]:
    """New customers of the store's day whom the caller put down and who have no record yet, the latest first."""
    allow(actor, "openVisits")
    return [from_row(row) for row in await db.fetch(OPEN_TODAY, actor.id, actor.brand_id, clock.now())]


async def who_asked(brand_id: UUID, visit_id: UUID) -> tuple[UUID, datetime, str] | None:
    """For rooms above: customer, time and the store's zone of a visit that somebody is named for."""
    row = await db.fetch_row(ASKED, brand_id, visit_id)
    return (row[0], row[1], row[2]) if row else None


async def complained(brand_id: UUID, customer_id: UUID, entry_id: UUID) -> tuple[datetime, str] | None:
    """For rooms above: time and her store's zone of a complaint; None: it was taken back, or is none by now."""
    row = await db.fetch_row(COMPLAINED, brand_id, customer_id, entry_id)
    return (row[0], row[1]) if row else None
