"""Use cases: how a brand's cells are computed, tried before it is saved, and what they are called."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from uuid import UUID

from shuke.domains.identity import queries as identity
from shuke.domains.identity.service import allow
from shuke.domains.identity.types import Actor
from shuke.domains.segments import queries
from shuke.domains.segments.service import figures, judging, placing
from shuke.domains.segments.service.joining import hold_cells
from shuke.domains.segments.service.placing import Place
from shuke.domains.segments.types import Options, RfmCell
from shuke.domains.segments.types.rfm import CellBook, CellWords, Preview
from shuke.kit import clock, codec, db, events, i18n, zones
from shuke.kit.errors import ErrorCode, Refusal
from shuke.kit.ids import new_id
from shuke.kit.text import clean

MOST_NAMED = 100
NAME, PLAYBOOK = 20, 200
NUMBERS: Mapping[str, tuple[float, float]] = {"window_days": (1, 3660), "visit_minutes": (0, 1440), "band": (0, 0.5)}
SPELLED = {
    "window_days": "windowDays",
    "visit_minutes": "visitMinutes",
    "without_categories": "withoutCategories",
    "without_sources": "withoutSources",
    "without_levels": "withoutLevels",
}
"""As the schema spells them."""
APPEND = """
INSERT INTO {table} (id, brand_id, staff_id, number, document, created_at, updated_at)
SELECT $1, $2, $3, coalesce(max(number), 0) + 1, $4, $5, $5 FROM {table} WHERE brand_id = $2
"""
WANTED = "UPDATE rfm_state SET wanted = true WHERE brand_id = $1"
RECATEGORISED = """
UPDATE rfm_state SET wanted = true WHERE brand_id = $1
  AND (basis->'categories' <> '[]' OR basis->'without_categories' <> '[]')
"""


async def preview_config(actor: Actor, options: Options) -> Preview:
    """What a configuration would do today; changes nothing. Raises Refusal FORBIDDEN, INVALID."""
    allow(actor, "rfmPreview")
    return await _tried(actor, _checked(options))


async def save_config(actor: Actor, base_version: int, options: Options) -> int:
    """From now on cells are computed so: by a full run within seconds. The version.

    Raises Refusal FORBIDDEN, INVALID (a number out of bounds; a cut that divides nobody, with what to take instead),
    CONFLICT (somebody changed it meanwhile).
    """
    allow(actor, "saveRfmConfig")
    options = _checked(options)
    async with db.tx():
        await hold_cells(actor.brand_id)
        before = await queries.rfm_config(actor)
        if before.version != base_version:
            raise Refusal(ErrorCode.CONFLICT, "baseVersion", "rfm_changed")
        tried = await _tried(actor, options)
        judging.refuse(tried.problems)
        await keep_config(actor, options)
        await db.execute(WANTED, actor.brand_id)
        data = {"version": before.version + 1}
        await events.record(actor.brand_id, "segments.configured", actor.ref, ("rfm_config", None), data)
    return before.version + 1


async def recategorise(brand_id: UUID) -> None:
    """Articles stand in other categories: everybody's figures are computed anew where they ask for any."""
    await db.execute(RECATEGORISED, brand_id)


async def keep_config(actor: Actor, options: Options) -> None:
    """Joins the caller's transaction, which holds `hold_cells`."""
    await _append("rfm_config", actor, codec.dumps(options))


async def _append(table: str, actor: Actor, document: str) -> None:
    staff = actor.id if actor.kind == "staff" else None
    await db.execute(APPEND.format(table=table), new_id(), actor.brand_id, staff, document, clock.now())


def _checked(options: Options) -> Options:
    for name, (least, most) in NUMBERS.items():
        value = getattr(options, name)
        if value is not None and not least <= value <= most:
            raise Refusal(ErrorCode.INVALID, SPELLED.get(name, name), "rfm_number", least=least, most=most)
    lists = ("categories", "without_categories", "without_sources", "without_levels")
    named = {name: tuple(dict.fromkeys(filter(None, map(clean, getattr(options, name))))) for name in lists}
    for name, words in named.items():
        if len(words) > MOST_NAMED:
            raise Refusal(ErrorCode.INVALID, SPELLED.get(name, name), "rfm_many", most=MOST_NAMED)
    return replace(options, **named)  # type: ignore[arg-type]


async def _tried(actor: Actor, options: Options) -> Preview:
    """Figures as they are kept if they are of this basis, else computed aside."""
    async with db.tx():
        brand, now = await identity.brand(actor.brand_id), clock.now()
        day = zones.local_date(now, brand.timezone)
        basis, _ = await figures.basis_of(brand.id)
        table = placing.KEPT if basis == options.basis else placing.REPORTED
        if table == placing.REPORTED:
            await figures.report(brand.id, brand.timezone, options, day)
        offs = await placing.cut(brand.id, day, options.cuts, brand.currency, table)
        if offs is None:
            return Preview(0, dict.fromkeys(RfmCell, 0), None)
        cells = await placing.numbers(Place(brand.id, day, offs, 0, table))
        problems = await judging.problems_of(brand, day, options.cuts, offs, cells, table)
        return Preview(sum(cells.values()), cells, offs, problems)


async def save_cells(actor: Actor, base_version: int, cells: Sequence[tuple[RfmCell, CellWords]]) -> int:
    """Changes what cells are called and what is to be done; words that are empty become those that come with the
    program. The version. Raises Refusal FORBIDDEN, INVALID (too long, two alike), CONFLICT.
    """
    allow(actor, "saveRfmCells")
    async with db.tx():
        await db.lock("rfm words", actor.brand_id)
        before = await queries.cell_book(actor.brand_id)
        if before.version != base_version:
            raise Refusal(ErrorCode.CONFLICT, "baseVersion", "rfm_changed")
        said = {cell: CellWords(_text(words.name, NAME), _text(words.playbook, PLAYBOOK)) for cell, words in cells}
        book = {cell.value: said.get(cell, before.cells[cell]) for cell in RfmCell}
        await _append("rfm_words", actor, codec.dumps(book))
        _apart(await queries.cell_book(actor.brand_id))
        data = {"version": base_version + 1}
        await events.record(actor.brand_id, "segments.named", actor.ref, ("rfm_words", None), data)
    return base_version + 1


def _text(words: Mapping[str, str], most: int) -> dict[str, str]:
    kept = {locale: said for locale in i18n.CATALOGUE if (said := clean(words.get(locale) or ""))}
    if any(len(said) > most for said in kept.values()):
        raise Refusal(ErrorCode.INVALID, "cells", "too_long", most=most)
    return kept


def _apart(book: CellBook) -> None:
    for locale in i18n.CATALOGUE:
        names = [i18n.pick(words.name, locale).lower() for words in book.cells.values()]
        if len(set(names)) < len(names):
            raise Refusal(ErrorCode.INVALID, "cells", "rfm_name_taken")
