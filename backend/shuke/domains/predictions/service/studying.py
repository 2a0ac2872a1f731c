"""Learning from a brand's orders as they stood on a day: the database looks back, another process learns."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from shuke.domains.identity.types import Brand
from shuke.domains.predictions import learning, rules
from shuke.domains.predictions.learning import Study
from shuke.domains.predictions.queries import features
from shuke.domains.predictions.types import Learned, Line, ModelState, Target
from shuke.kit import aside, db, pulse, zones

# by each store's index; a day that has not come is a till's clock that is ahead
ENDS = """
SELECT min(a.placed_at), max(z.placed_at) FROM store s
CROSS JOIN LATERAL (SELECT placed_at FROM "order" WHERE store_id = s.id ORDER BY placed_at LIMIT 1) a
LEFT JOIN LATERAL (SELECT placed_at FROM "order" WHERE store_id = s.id AND placed_at < $2
  ORDER BY placed_at DESC LIMIT 1) z ON true
WHERE s.brand_id = $1
"""
LONGEST = 900.0  # seconds that one step of learning may take


@dataclass(slots=True, frozen=True)
class Span:
    """First and last day on which a brand's stores sold."""

    first: date
    last: date


async def span(brand: Brand, before: datetime) -> Span | None:
    """The days between which all orders before a moment lie; None: there are none."""
    row = await db.fetch_row(ENDS, brand.id, before)
    if row is None or row[0] is None or row[1] is None:
        return None
    first, last = (zones.local_date(moment, brand.timezone) for moment in row)
    return Span(first, last)


async def study(brand: Brand, first: date, as_of: date, spans: Sequence[tuple[int, bool]]) -> list[list[Learned]]:
    """For each number of days whether customers order within them, and (if so said) what is new: learned from what
    happened until the end of `as_of`, measured on its last days. Within a transaction of the caller's.

    Raises aside.Ended if the other process is killed.
    """
    lacks = [rules.lack(first, as_of, days) for days, _ in spans]
    if all(lacks):
        return [_nothing(new, missing) for (_, new), missing in zip(spans, lacks, strict=True)]
    async with pulse.patience(LONGEST):
        await _prepare(brand, first, as_of, spans)
    words = aside.Words()
    learned = aside.aside(learning.learn, told=words)
    found = []
    try:
        for (days, new), missing in zip(spans, lacks, strict=True):
            if missing:
                found.append(_nothing(new, missing))
                continue
            words.say(Study(first, as_of, days, await _windows(brand, first, as_of, days, new), new))
            async with pulse.patience(LONGEST):
                found.append(await anext(learned))
    finally:
        await learned.aclose()
        for table in ("prediction_sample", "prediction_order", "prediction_line", "prediction_launch"):
            await db.execute(f"DROP TABLE IF EXISTS {table}")
    return found


def _nothing(new: bool, missing: object) -> list[Learned]:
    return [Learned(ModelState.TOO_LITTLE, lack=missing)] * (1 + new)  # type: ignore[arg-type]


async def _prepare(brand: Brand, first: date, as_of: date, spans: Sequence[tuple[int, bool]]) -> None:
    end = features.end_of(as_of, brand.timezone)
    await db.execute(features.SAMPLE, brand.id, end, rules.SAMPLE)
    new = [days for days, about_new in spans if about_new]
    since = as_of - timedelta(days=2 * max(new, default=0) + rules.STEP * rules.WINDOWS)
    if new:
        await db.execute(features.LAUNCHES, brand.id, end, features.end_of(since, brand.timezone))
    else:
        await db.execute("CREATE TEMP TABLE prediction_launch (sku TEXT, at TIMESTAMPTZ) ON COMMIT DROP")
    await db.execute("ANALYZE prediction_sample")
    await db.execute(features.ORDERS, brand.id, end)
    await db.execute("ANALYZE prediction_order")
    await db.execute(features.REFUNDS, end)
    await db.execute(features.LINES, brand.id, bool(new))
    await db.execute("ANALYZE prediction_line")


async def _windows(brand: Brand, first: date, as_of: date, days: int, new: bool) -> dict[date, bytes]:
    held = as_of - timedelta(days=days)
    wanted = {held, *rules.windows(first, held), *rules.windows(first, held - timedelta(days=days))}
    found = {}
    for day in sorted(wanted):
        async with pulse.patience(LONGEST):
            found[day] = await db.copy_out(*features.answered(brand.id, day, days, brand.timezone, new))
    return found


def lines(found: dict[Target, Learned]) -> dict[Target, Line]:
    """What can be scored by."""
    return {target: one.line for target, one in found.items() if one.line}
