"""Whether cuts divide anybody: asked before a configuration is saved, and of every full run."""

from collections.abc import Mapping, Sequence
from datetime import date
from uuid import UUID

from shuke.domains.identity.types import Brand
from shuke.domains.segments import queries, rules
from shuke.domains.segments.types import Cut, CutNote, CutOffs, Cuts, Options, RfmCell
from shuke.domains.segments.types.rfm import Problem, Spread
from shuke.kit import db, zones
from shuke.kit.errors import ErrorCode, Refusal

# the first order of each store, by its index
FIRST = """
SELECT min(o.placed_at) FROM store s CROSS JOIN LATERAL (
  SELECT placed_at FROM "order" WHERE store_id = s.id ORDER BY placed_at LIMIT 1) o WHERE s.brand_id = $1
"""
HIGH = {"r": "$2::date - last_on <= {}", "f": "visits >= {}", "m": "minor >= {}"}


async def problems_of(
    brand: Brand, day: date, cuts: Cuts, offs: CutOffs, cells: Mapping[RfmCell, int], table: str
) -> list[Problem]:
    """What is wrong with cuts that come to these cut-offs, of the figures of a table, which put so many into each cell;
    the figures are gone through only where something may be.
    """
    customers = sum(cells.values())
    first = await db.fetch_value(FIRST, brand.id)
    days = (day - zones.local_date(first, brand.timezone)).days if first else 0
    if rules.divides(rules.highs(cells), customers, days):
        return []
    spreads = await _spreads(brand, day, offs, table)
    return rules.judge(cuts, spreads, customers, days, brand.currency)


async def _spreads(brand: Brand, day: date, offs: CutOffs, table: str) -> dict[str, Spread]:
    parts = "percentile_cont(ARRAY[0.5, 0.7, 0.8, 0.3]) WITHIN GROUP (ORDER BY minor)"
    middle = await db.fetch_value(f"SELECT {parts} FROM {table} WHERE brand_id = $1", brand.id)
    money = tuple(rules.rounded(value, brand.currency) for value in middle or ())
    tried = {"r": (offs.days, *rules.TRY["r"]), "f": (offs.orders, *rules.TRY["f"]), "m": (offs.minor, *money)}
    shares = await _shares(brand.id, day, tried, table)
    return {
        name: Spread(values[0], shares[name][0], list(zip(values[1:], shares[name][1:], strict=True)))
        for name, values in tried.items()
    }


async def _shares(
    brand_id: UUID, day: date, tried: Mapping[str, Sequence[float]], table: str
) -> dict[str, list[float]]:
    """The part of the customers who would be high by each of these cut-offs."""
    args: list[object] = [brand_id, day]
    columns = []
    for name, values in tried.items():
        for value in values:
            args.append(float(value))
            high = HIGH[name].format(f"${len(args)}::float8")
            columns.append(f"count(*) FILTER (WHERE {high})::float8 / greatest(count(*), 1)")
    row = list(await db.fetch_row(f"SELECT {', '.join(columns)} FROM {table} WHERE brand_id = $1", *args) or ())
    found = {}
    for name, values in tried.items():
        found[name], row = row[: len(values)], row[len(values) :]
    return found


def refuse(problems: list[Problem]) -> None:
    """Raises Refusal INVALID for the first of them, with what to take instead."""
    for one in problems:
        raise Refusal(ErrorCode.INVALID, one.dimension, one.reason, **one.params)


def newly_said(problems: list[Problem], options: Options, standing: Options) -> list[Problem]:
    """Those of cuts that are not the brand's already."""
    return [one for one in problems if _cut(options, one) != _cut(standing, one)]


def held(
    problems: list[Problem], options: Options, fresh: CutOffs, latest: queries.Latest | None
) -> tuple[CutOffs, tuple[CutNote, ...]]:
    """A full run's cut-offs and what there is to say of them: where a quantile has come to divide nobody, the last
    full run's stays, if that was by the same cut of the same figures. With few customers or a short history it moves:
    one that stood since there were fewer would say less.
    """
    last = latest.config if latest and latest.config.live and latest.config.options.basis == options.basis else None
    offs, notes = {"r": fresh.days, "f": fresh.orders, "m": fresh.minor}, []
    for one in problems:
        cut, before = _cut(options, one), None
        if cut.quantile and one.reason not in rules.THIN and last and _cut(last.options, one) == cut:
            before = last.cut_offs
        if before:
            offs[one.dimension] = {"r": before.days, "f": before.orders, "m": before.minor}[one.dimension]
        notes.append(CutNote(one.dimension, one.reason, dict(one.params), before is not None))
    return CutOffs(offs["r"], offs["f"], offs["m"]), tuple(notes)


def _cut(options: Options, problem: Problem) -> Cut:
    cut: Cut = getattr(options.cuts, problem.dimension)
    return cut
