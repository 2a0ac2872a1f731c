"""Reads: how a brand's cells are computed, what they are called, how many are in them, and who moved."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from shuke.domains.identity.service import allow
from shuke.domains.identity.types import Actor
from shuke.domains.segments.queries.cells import latest_run, standing_options
from shuke.domains.segments.types import RfmCell
from shuke.domains.segments.types.rfm import CellBook, CellState, CellWords, ConfigView, Movement, RfmBoard
from shuke.kit import codec, db, i18n
from shuke.kit.money import Money

CONFIG = """
SELECT c.number, c.created_at, s.name FROM rfm_config c LEFT JOIN staff s ON s.id = c.staff_id
WHERE c.brand_id = $1 ORDER BY c.number DESC LIMIT 1
"""
WORDS = "SELECT number, document FROM rfm_words WHERE brand_id = $1 ORDER BY number DESC LIMIT 1"
STATES = """
SELECT m.cell, count(*), sum(f.minor)::bigint FROM rfm_figure f
JOIN segment_membership m ON m.customer_id = f.customer_id AND m.left_at IS NULL
WHERE f.brand_id = $1 AND ($2::uuid[] IS NULL OR f.store_id = ANY($2)) GROUP BY 1
"""
# the run before the last one that memberships followed
PREVIOUS = """
SELECT created_at FROM segment_run WHERE brand_id = $1 AND (config->>'applied')::boolean
ORDER BY as_of DESC, created_at DESC, id DESC OFFSET 1 LIMIT 1
"""
MOVED = """
WITH changed AS (
  SELECT DISTINCT customer_id FROM segment_membership WHERE brand_id = $1 AND updated_at > $3
)
SELECT w.cell, n.cell, count(*)::int FROM changed x
JOIN customer c ON c.id = x.customer_id AND ($2::uuid[] IS NULL OR c.store_id = ANY($2))
LEFT JOIN segment_membership n ON n.customer_id = x.customer_id AND n.left_at IS NULL
LEFT JOIN LATERAL (
  SELECT o.cell FROM segment_membership o WHERE o.customer_id = x.customer_id AND o.entered_at <= $3
    AND (o.left_at IS NULL OR o.left_at > $3) ORDER BY o.entered_at DESC LIMIT 1
) w ON true
WHERE w.cell IS DISTINCT FROM n.cell GROUP BY 1, 2 ORDER BY 1, 2
"""


async def rfm_config(actor: Actor) -> ConfigView:
    """How the brand's cells are computed from now on. Raises Refusal FORBIDDEN."""
    allow(actor, "rfmConfig")
    row = await db.fetch_row(CONFIG, actor.brand_id) or (0, None, None)
    latest = await latest_run(actor.brand_id)
    cut = (latest.config.cut_offs, latest.config.cut_on) if latest else (None, None)
    return ConfigView(row[0], await standing_options(actor.brand_id, actor.timezone), row[1], row[2], *cut)


async def cell_book(brand_id: UUID) -> CellBook:
    """What the brand calls its cells; what it says nothing of has the words that come with the program."""
    row = await db.fetch_row(WORDS, brand_id)
    number, said = (row[0], codec.loads(row[1])) if row else (0, {})
    return CellBook(number, {cell: _words(cell, said.get(cell.value, {})) for cell in RfmCell})


def _words(cell: RfmCell, said: Mapping[str, Any]) -> CellWords:
    return CellWords(
        said.get("name") or _by_language(f"told_cell_{cell.value}"),
        said.get("playbook") or _by_language(f"rfm_play_{cell.value}"),
    )


def _by_language(key: str) -> dict[str, str]:
    return {locale: i18n.say(locale, key) for locale in i18n.CATALOGUE}


async def rfm_board(actor: Actor) -> RfmBoard:
    """The eight cells within the actor's reach. Raises Refusal FORBIDDEN."""
    stores = allow(actor, "rfmCells").all_stores
    book, latest = await cell_book(actor.brand_id), await latest_run(actor.brand_id)
    found = {RfmCell(row[0]): (row[1], row[2]) for row in await db.fetch(STATES, actor.brand_id, stores)}
    since: datetime | None = await db.fetch_value(PREVIOUS, actor.brand_id)
    rows = await db.fetch(MOVED, actor.brand_id, stores, since) if since else []
    movements = [Movement(_cell(row[0]), _cell(row[1]), row[2]) for row in rows]
    cells = [
        CellState(
            cell,
            book.cells[cell],
            found.get(cell, (0, 0))[0],
            Money(found.get(cell, (0, 0))[1], actor.currency),
            sum(one.customers for one in movements if one.now is cell),
            sum(one.customers for one in movements if one.before is cell),
        )
        for cell in RfmCell
    ]
    notes = latest.config.notes if latest else ()
    return RfmBoard(book.version, latest.as_of if latest else None, since, cells, movements, notes)


def _cell(name: str | None) -> RfmCell | None:
    return RfmCell(name) if name else None
