"""Visits of days gone by, as they were kept elsewhere."""

from collections.abc import Sequence
from uuid import UUID

from shuke.domains.customers.service.timeline import append_timeline_many
from shuke.domains.customers.service.visits import line
from shuke.domains.customers.types import TimelineIn
from shuke.domains.customers.types.visits import KeptVisit
from shuke.kit import db

RECALL = """
INSERT INTO visit (id, brand_id, store_id, staff_id, customer_id, kind, channel, bought, is_new, at, filed_at, note,
  source, created_at)
SELECT v.id, $1, v.store_id, v.staff_id, v.customer_id, v.kind, v.channel, v.bought, v.is_new, v.at, v.filed_at, v.note,
  v.source, v.at
FROM unnest($2::uuid[], $3::uuid[], $4::uuid[], $5::uuid[], $6::text[], $7::text[], $8::bool[], $9::bool[],
  $10::timestamptz[], $11::timestamptz[], $12::text[], $13::text[])
  AS v (id, store_id, staff_id, customer_id, kind, channel, bought, is_new, at, filed_at, note, source)
"""


async def recall_visits(brand_id: UUID, visits: Sequence[KeptVisit]) -> None:
    """Puts visits down with their lines on the timelines of those who are named, as new rows. Nobody is reminded of
    what is over. Joins the caller's transaction.
    """
    if not visits:
        return
    rows = [
        (v.id, v.store_id, v.staff_id, v.customer_id, *said, v.is_new, v.at, v.filed_at, v.note, v.source)
        for v in visits
        for said in [(v.kind.value, v.channel.value, v.bought)]
    ]
    await db.execute(RECALL, brand_id, *(list(column) for column in zip(*rows, strict=True)))
    entries = [
        TimelineIn(v.id, v.customer_id, kind, v.at, v.staff_id, told)
        for v in visits
        if v.customer_id
        for kind, told in [line(v.kind, v.channel.value, v.bought, v.note, v.source)]
    ]
    await append_timeline_many(brand_id, entries)
