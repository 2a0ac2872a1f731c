"""What a brand's rules may ask, and its rules as one statement."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from shuke.domains.customers import facts as archive
from shuke.domains.customers import queries as customers
from shuke.domains.identity import queries as identity
from shuke.domains.orders import facts as orders
from shuke.domains.orders import queries as purchases
from shuke.domains.predictions import facts as predictions
from shuke.domains.segments import facts as own
from shuke.domains.segments.queries.rfm import cell_book
from shuke.domains.segments.queries.tags import TAGS, meanings, tag_view
from shuke.domains.segments.rules import expanded
from shuke.domains.segments.types.rules import Live
from shuke.kit import clock, codec, db
from shuke.kit.rules import Catalogue, Node, Option, Statement, read

LIVE = """
SELECT id, version, tree FROM segment WHERE brand_id = $1 AND kind = 'rule' AND archived_at IS NULL ORDER BY id
"""
NAMES = "SELECT id, name, archived_at IS NOT NULL FROM segment WHERE brand_id = $1 ORDER BY id"
# what the compiled statement of a brand depends on
STAMP = """
SELECT (SELECT max(version) FROM profile_template WHERE brand_id = $1),
  (SELECT max(version) FROM life_stage WHERE brand_id = $1),
  (SELECT array_agg((id, version)::text ORDER BY id) FROM segment
    WHERE brand_id = $1 AND kind = 'rule' AND archived_at IS NULL),
  (SELECT array_agg((id, segment_id)::text ORDER BY id) FROM tag
    WHERE brand_id = $1 AND kind = 'dynamic' AND archived_at IS NULL)
"""
NOW_IN = """ARRAY(SELECT m.segment_id FROM segment_member m WHERE m.customer_id = c.id AND m.left_at IS NULL)"""
KEPT = 50
"""Compiled statements that a process keeps."""


@dataclass(slots=True, frozen=True)
class Plan:
    """All of a brand's rules at once: SQL whose first three arguments are the brand, the moment and customers' ids.

    A row: customer, whether each rule holds, segments that she is in, the next moment at which time may change it.
    """

    live: list[Live]
    trees: Mapping[UUID, Node]
    """as they stand, without those they ask for; and what dynamic tags mean"""
    catalogue: Catalogue
    sql: str
    args: list[Any]

    async def ask(self, ids: Sequence[UUID], now: datetime) -> list[Any]:
        """Its rows; within a transaction, for the sake of the plan: to make one takes longer than to run it."""
        await db.execute("SET LOCAL plan_cache_mode = force_generic_plan")
        return await db.fetch(self.sql, self.args[0], now, ids, *self.args[3:])


_plans: dict[tuple[Any, ...], Plan] = {}


async def catalogue(brand_id: UUID) -> Catalogue:
    """Everything that a rule of the brand may ask, by its key."""
    document = (await customers.latest(brand_id)).document
    stages = (await customers.life_stages(brand_id)).stages
    stores = [_option(store.id, store.name) for store in await identity.stores(brand_id)]
    staff = [_option(one.id, one.name) for one in await identity.colleagues(brand_id)]
    segments = [_option(row[0], row[1], row[2]) for row in await db.fetch(NAMES, brand_id)]
    categories = [_option(one.name, one.name) for one in await purchases.categories(brand_id)]
    tags = [tag_view(row) for row in await db.fetch(TAGS, brand_id, True)]
    found = (
        *archive.facts(document, stages, stores, staff),
        *orders.facts(stores, categories),
        *predictions.facts(),
        *own.facts(segments, (await cell_book(brand_id)).cells, tags),
    )
    return {fact.key: fact for fact in found}


def _option(key: object, name: str, archived: bool = False) -> Option:
    return Option(str(key), {"zh-CN": name, "en": name}, archived)


async def trees(brand_id: UUID, known: Catalogue) -> list[Live]:
    """The brand's rules, as they stand."""
    rows = await db.fetch(LIVE, brand_id)
    return [Live(row[0], row[1], read(codec.loads(row[2]), known, stored=True)) for row in rows]


async def by_id(brand_id: UUID, live: Sequence[Live]) -> dict[UUID, Node]:
    """What rules mean that ask for others: a rule by its segment, a dynamic tag as what it stands for."""
    return {one.id: one.tree for one in live} | await meanings(brand_id)


async def plan(brand_id: UUID, only: UUID | None = None) -> Plan:
    """The statement of all of the brand's rules, or of one; kept until a rule, a field or a stage changes."""
    stamp = (brand_id, only, *map(str, await db.fetch_row(STAMP, brand_id) or ()))
    found = _plans.get(stamp)
    if found is None:
        if len(_plans) >= KEPT:
            _plans.clear()
        found = _plans[stamp] = await _compiled(brand_id, only)
    return found


async def _compiled(brand_id: UUID, only: UUID | None) -> Plan:
    known = await catalogue(brand_id)
    live = await trees(brand_id, known)
    known_by_id = await by_id(brand_id, live)
    asked = [one for one in live if only in (None, one.id)]
    statement = Statement(known, brand_id, clock.now())
    who = statement.arg([], "uuid[]")
    holds = ", ".join(statement.finds(expanded(one.tree, known_by_id)) for one in asked)
    sql = f"""SELECT c.id, ARRAY[{holds}]::bool[], {NOW_IN}, {statement.due}
      {statement.people} AND c.id = ANY({who}) ORDER BY c.id"""
    return Plan(asked, known_by_id, known, sql, statement.args)
