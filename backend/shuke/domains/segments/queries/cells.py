"""Reads: who is in which cell, and by which run."""

from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from shuke.domains.customers.types import Among
from shuke.domains.identity.service import allow
from shuke.domains.identity.types import Actor
from shuke.domains.segments.types import Options, RfmCell, RunConfig, SegmentCount, Segments
from shuke.kit import codec, db

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
SELECT as_of, config FROM segment_run WHERE brand_id = $1 AND (config->>'applied')::boolean
ORDER BY as_of DESC, created_at DESC, id DESC LIMIT 1
"""
SAID = "SELECT document FROM rfm_config WHERE brand_id = $1 ORDER BY number DESC LIMIT 1"
# before configurations were kept: the last run that was made for its own day
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


@dataclass(slots=True, frozen=True)
class Latest:
    """The run that the present memberships follow."""

    as_of: date
    config: RunConfig

    def goes_on(self, options: Options, basis: Options | None, day: date, cuts_hold: timedelta) -> bool:
        """Whether a day that passes moves people by this run's cut-offs, and everybody else stays."""
        config, cuts = self.config, options.cuts
        if not config.live or config.cut_offs is None or config.cut_on is None:
            return False
        if config.options != options or basis != options.basis:
            return False
        moving = any(one.quantile for one in (cuts.r, cuts.f, cuts.m))
        return not moving or day - config.cut_on < cuts_hold


async def latest_run(brand_id: UUID) -> Latest | None:
    row = await db.fetch_row(APPLIED, brand_id)
    return Latest(row[0], codec.load(row[1], RunConfig)) if row else None


async def last_applied(brand_id: UUID) -> date | None:
    """The day that the present memberships are as of."""
    latest = await latest_run(brand_id)
    return latest.as_of if latest else None


async def standing_options(brand_id: UUID, zone: str) -> Options:
    """The options that the nightly run repeats: what was said last, on screen or by a run of its own day."""
    said = await db.fetch_value(SAID, brand_id)
    if said:
        return codec.load(said, Options)
    config = await db.fetch_value(STANDING, brand_id, zone)
    return codec.load(config, RunConfig).options if config else Options()
