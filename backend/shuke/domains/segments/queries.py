"""Reads: every customer's three figures, and who is in which cell."""

from datetime import date
from uuid import UUID

from shuke.domains.customers.types import Among
from shuke.domains.identity.service import allow
from shuke.domains.identity.types import Actor
from shuke.domains.segments.types import Options, RfmCell, RunConfig, SegmentCount, Segments
from shuke.kit import codec, db

# $1 brand, $2 end of the as-of day, $3 net of refunds?, $4 as-of day, $5 the brand's zone.
# A sale counts if it was completed above zero and its own refunds left something of it; money is every completed
# document's, so that a refund that names no sale still weighs. A refund after the as-of day has not happened yet. Who
# does not want to be grouped is in no group.
FIGURES = """
WITH given_back AS (
  SELECT refund_of_id AS id, sum(total_minor) AS minor FROM "order"
  WHERE $3 AND brand_id = $1 AND refund_of_id IS NOT NULL AND status = 'completed' AND placed_at < $2
  GROUP BY 1
), document AS (
  SELECT o.customer_id, o.placed_at, o.total_minor, o.kind = 'sale' AND o.total_minor > 0
    AND o.total_minor + coalesce(g.minor, 0) > 0 AS counts
  FROM "order" o LEFT JOIN given_back g ON g.id = o.id
  WHERE o.brand_id = $1 AND o.status = 'completed' AND o.customer_id IS NOT NULL AND o.placed_at < $2
    AND NOT EXISTS (SELECT FROM customer c WHERE c.id = o.customer_id AND c.refusals ? 'profiling/any')
)
SELECT customer_id, $4::date - (max(placed_at) FILTER (WHERE counts) AT TIME ZONE $5)::date AS days,
  count(*) FILTER (WHERE counts) AS orders, sum(total_minor) FILTER (WHERE counts OR $3)::bigint AS minor
FROM document GROUP BY 1 HAVING bool_or(counts)
"""
CELLS_OF = """
SELECT customer_id, cell FROM segment_membership WHERE brand_id = $1 AND customer_id = ANY($2) AND left_at IS NULL
"""
COUNTS = """
SELECT n.cell, sum(n.customers)::int FROM store s JOIN segment_store_count n ON n.brand_id = $1 AND n.store_id = s.id
WHERE s.brand_id = $1 AND ($2::uuid[] IS NULL OR s.id = ANY($2)) AND ($3::uuid IS NULL OR s.region_id = $3)
  AND (NOT $4::bool OR s.region_id IS NULL) AND ($5::uuid IS NULL OR s.id = $5)
GROUP BY 1
"""
APPLIED = """
SELECT as_of FROM segment_run WHERE brand_id = $1 AND (config->>'applied')::boolean ORDER BY as_of DESC LIMIT 1
"""
# the last run that was made for its own day: that is when somebody says what holds from now on
STANDING = """
SELECT config FROM segment_run
WHERE brand_id = $1 AND (config->>'applied')::boolean AND as_of = (created_at AT TIME ZONE $2)::date
ORDER BY created_at DESC, id DESC LIMIT 1
"""


async def cells_of(actor: Actor, ids: list[UUID]) -> list[RfmCell | None]:
    """The present cell of each customer of the actor's brand; None: no priced sale, or not computed yet.

    A cell is made of what she bought anywhere, so a partner's key that is limited to stores learns none.
    """
    if actor.stores is not None:
        return [None] * len(ids)
    rows = await db.fetch(CELLS_OF, actor.brand_id, ids)
    found = {row[0]: RfmCell(row[1]) for row in rows}
    return [found.get(key) for key in ids]


def in_cell(actor: Actor, cell: RfmCell) -> Among:
    """Of the customers in a list, those whom the actor sees in this cell now."""
    if actor.stores is not None:
        return Among("false")
    sql = "SELECT FROM segment_membership m WHERE m.customer_id = c.id AND m.left_at IS NULL AND m.cell = {0}"
    return Among(f"EXISTS ({sql})", (cell.value,))


async def segments(actor: Actor) -> Segments:
    """How many of the customers within the actor's reach are in each cell now."""
    reach = allow(actor, "segments")
    cells = await _counts(actor.brand_id, reach.all_stores, None, False, None)
    return Segments(await last_applied(actor.brand_id), sum(cell.customers for cell in cells), cells)


async def board_cells(
    actor: Actor, region_id: UUID | None, no_region: bool, store_id: UUID | None
) -> list[SegmentCount]:
    """All eight cells: customers of the board's stores in each, as of the last computation."""
    reach = allow(actor, "board")
    return await _counts(actor.brand_id, reach.all_stores, region_id, no_region, store_id)


async def _counts(*chosen: object) -> list[SegmentCount]:
    """`chosen`: what COUNTS takes."""
    counts = {RfmCell(row[0]): row[1] for row in await db.fetch(COUNTS, *chosen)}
    return [SegmentCount(cell, counts.get(cell, 0)) for cell in RfmCell]


async def last_applied(brand_id: UUID) -> date | None:
    """The day that the present memberships are as of."""
    day: date | None = await db.fetch_value(APPLIED, brand_id)
    return day


async def standing_options(brand_id: UUID, zone: str) -> Options:
    """The options that the nightly run repeats."""
    config = await db.fetch_value(STANDING, brand_id, zone)
    return codec.load(config, RunConfig).options if config else Options()
