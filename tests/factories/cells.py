"""RFM by hand: every customer's cell from the rows as they stand, in plain Python, to compare with."""

from collections import defaultdict
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID
from zoneinfo import ZoneInfo

from shuke.app.wiring import WIRING
from shuke.domains.segments import queries, service
from shuke.domains.segments.types import CutOffs, Options, Refunds
from shuke.kit import clock, codec, db, zones
from shuke.kit.events import Dispatcher
from tests.factories import World

ZONE = "Asia/Shanghai"
ORDERS = """
SELECT o.id, o.customer_id, o.kind, o.placed_at, o.total_minor, o.refund_of_id, o.source,
  (SELECT json_agg(json_build_array(p.category, l.total_minor)) FROM order_line l
    LEFT JOIN product p ON p.brand_id = o.brand_id AND p.sku = l.sku WHERE l.order_id = o.id)
FROM "order" o WHERE o.brand_id = $1 AND o.status = 'completed'
"""
NOW_IN = "SELECT customer_id, cell FROM segment_membership WHERE brand_id = $1 AND left_at IS NULL"


class Doc(NamedTuple):
    id: UUID
    customer: UUID | None
    kind: str
    at: datetime
    minor: int
    of: UUID | None


async def settle() -> None:
    """Whatever happened is delivered, and whoever waits is looked at."""
    while await Dispatcher(WIRING).drain() + await service.sweep_cells(7):
        pass


async def held(world: World) -> dict[UUID, str]:
    """Who is in which cell."""
    return {row[0]: row[1] for row in await db.fetch(NOW_IN, world.brand_id)}


async def by_hand(world: World, options: Options) -> dict[UUID, tuple[date, int, int]]:
    """Customer -> last day, visits, money, as of today."""
    today = zones.local_date(clock.now(), ZONE)
    docs = await _documents(world, options, today)
    days = {row[0]: row[1] for row in await db.fetch('SELECT id, placed_at FROM "order"')}
    given: dict[UUID | None, int] = defaultdict(int)
    for doc in docs.values():
        given[doc.of] += doc.minor
    rows = await db.fetch("SELECT id, level, refusals FROM customer WHERE brand_id = $1", world.brand_id)
    found: dict[UUID, tuple[date, int, int]] = {}
    for key, level, refusals in rows:
        own = [doc for doc in docs.values() if doc.customer == key and _within(days[doc.of or doc.id], options, today)]
        if "profiling/any" not in codec.loads(refusals) and level not in options.without_levels:
            figures = _figures(own, given, options)
            found |= {key: figures} if figures else {}
    return found


def placed(
    figures: dict[UUID, tuple[date, int, int]], offs: CutOffs, former: dict[UUID, str], band: float
) -> dict[UUID, str]:
    """The cells of these figures, by cut-offs, as of today; who was high stays so within the band beyond the cut."""
    today = zones.local_date(clock.now(), ZONE)

    def cell(was: str, days: int, visits: int, minor: int) -> str:
        beyond = [
            cut * band if high == "H" else 0
            for high, cut in zip(was, (offs.days, offs.orders, abs(offs.minor)), strict=True)
        ]
        high = (days <= offs.days + beyond[0], visits >= offs.orders - beyond[1], minor >= offs.minor - beyond[2])
        return "".join("H" if one else "L" for one in high)

    return {
        key: cell(former.get(key, "LLL"), (today - last).days, visits, minor)
        for key, (last, visits, minor) in figures.items()
    }


async def cut_offs(world: World) -> CutOffs:
    latest = await queries.latest_run(world.brand_id)
    assert latest and latest.config.cut_offs
    return latest.config.cut_offs


async def _documents(world: World, options: Options, today: date) -> dict[UUID, Doc]:
    end, docs = zones.at_local(today + timedelta(days=1), 0, ZONE), dict[UUID, Doc]()
    for key, customer, kind, at, minor, of, source, lines in await db.fetch(ORDERS, world.brand_id):
        doc = Doc(key, customer, kind, at, minor, of)
        wanted = [one for category, one in _lines(lines) if _wanted(category, options)]
        if options.categories or options.without_categories:
            doc = doc._replace(minor=sum(wanted))
            if not wanted:
                continue
        if doc.at < end and source not in options.without_sources:
            docs[doc.id] = doc
    return docs


def _lines(told: Any) -> list[tuple[str | None, int]]:
    return [tuple(one) for one in (codec.loads(told) if told else ())]


def _wanted(category: str | None, options: Options) -> bool:
    return (not options.categories or category in options.categories) and category not in options.without_categories


def _day(at: datetime) -> date:
    return at.astimezone(ZoneInfo(ZONE)).date()


def _within(at: datetime, options: Options, today: date) -> bool:
    return options.window_days is None or _day(at) > today - timedelta(days=options.window_days)


def _figures(own: list[Doc], given: dict[UUID | None, int], options: Options) -> tuple[date, int, int] | None:
    net = options.refunds is Refunds.NET
    counting = [doc for doc in own if _counts(doc, given[doc.id] if net else 0, options)]
    if not counting:
        return None
    visits, before = 0, None
    for doc in sorted(counting, key=lambda doc: (doc.at, doc.id)):
        gap = timedelta(minutes=options.visit_minutes)
        visits += before is None or not gap or doc.at - before > gap
        before = doc.at
    return max(_day(doc.at) for doc in counting), visits, sum(doc.minor for doc in (own if net else counting))


def _counts(doc: Doc, given: int, options: Options) -> bool:
    if doc.kind != "sale" or doc.minor < 0:
        return False
    return options.zero if doc.minor == 0 else doc.minor + given > 0
