"""Reads: tags by group, who has them, and what was done with them at once."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from shuke.domains.customers import queries as customers
from shuke.domains.customers.types import Among, Filters
from shuke.domains.identity.service import allow
from shuke.domains.identity.types import Actor
from shuke.domains.segments.types import RfmCell
from shuke.domains.segments.types.rules import SEGMENTS
from shuke.domains.segments.types.tags import (
    ANY_TAG,
    UNDO_WITHIN,
    BatchState,
    Displaced,
    TagBatchView,
    TagColour,
    TagGroupView,
    TagKind,
    TagView,
    Whom,
)
from shuke.kit import clock, db
from shuke.kit.rules import Condition, Node, Op

COLUMNS = """t.id, t.brand_id, t.group_id, t.name, t.colour, t.kind, t.segment_id, t.merged_into_id, t.model,
  t.position, t.version, t.archived_at"""
TAGS = f"""
SELECT {COLUMNS} FROM tag t WHERE t.brand_id = $1 AND (t.archived_at IS NULL OR $2) ORDER BY t.position, t.id
"""
TAG = f"SELECT {COLUMNS} FROM tag t WHERE t.brand_id = $1 AND t.id = $2"
GROUPS = """
SELECT id, brand_id, name, exclusive, position, version, archived_at FROM tag_group
WHERE brand_id = $1 AND (archived_at IS NULL OR $2) ORDER BY position, id
"""
STANDS = """x.removed_at IS NULL
  AND (x.expires_at IS NULL OR (x.expires_at AT TIME ZONE z.timezone)::date
    >= ($2::timestamptz AT TIME ZONE z.timezone)::date)
  AND (x.set_how <> 'model' OR NOT c.refusals ? 'profiling/any')"""
"""SQL: the tag `x` of the customer `c` of the store `z` counts at the moment $2."""
COUNTS = f"""
SELECT t.id, CASE WHEN t.kind = 'dynamic' THEN (SELECT g.members FROM segment g WHERE g.id = t.segment_id)
  WHEN t.kind = 'predictive' THEN (SELECT count(*) FROM customer_tag x JOIN customer c ON c.id = x.customer_id
    JOIN store z ON z.id = c.store_id WHERE x.tag_id = t.id AND {STANDS})
  ELSE (SELECT count(*) FROM customer_tag x WHERE x.tag_id = t.id AND x.removed_at IS NULL) END::int
FROM tag t WHERE t.brand_id = $1 AND t.id = ANY($3)
"""
BATCH = """
SELECT b.id, b.brand_id, b.tag_id, b.staff_id, s.name, b.adding, b.state, b.customers, b.displaced, b.kept,
  b.created_at, b.undone_at
FROM tag_batch b LEFT JOIN staff s ON s.id = b.staff_id WHERE b.brand_id = $1
"""
STORES_OF = """
SELECT DISTINCT c.store_id FROM customer_tag x JOIN customer c ON c.id = x.customer_id
WHERE x.batch_id = $1 OR x.removed_batch_id = $1
"""
# who tags one customer takes that back at the counter; a list of what was done names the large ones
RECENT = f"{BATCH} AND b.created_at > $2 AND (b.whom IS NOT NULL OR b.customers > 1) ORDER BY b.id DESC LIMIT 30"
DISPLACED = f"""
SELECT {COLUMNS}, n.many FROM (
  SELECT tag_id, count(*)::int AS many FROM customer_tag
  WHERE removed_batch_id = $2 AND removed_how = 'displaced' GROUP BY 1
) n JOIN tag t ON t.id = n.tag_id WHERE t.brand_id = $1 ORDER BY n.many DESC, t.id
"""
NAMED = f"SELECT {COLUMNS} FROM tag t WHERE t.brand_id = $1 AND t.archived_at IS NULL"
EXCLUSIVE = "SELECT id FROM tag_group WHERE brand_id = $1 AND exclusive"
STATIC_OF = """
SELECT x.customer_id, array_agg(t.name ORDER BY g.position, t.position, t.id)
FROM customer_tag x JOIN tag t ON t.id = x.tag_id AND t.archived_at IS NULL JOIN tag_group g ON g.id = t.group_id
WHERE x.customer_id = ANY($1) AND x.removed_at IS NULL AND x.set_how <> 'model' GROUP BY 1
"""


def tag_view(row: Any) -> TagView:
    """Of the columns of COLUMNS."""
    key, brand_id, group_id, name, colour, kind, *further = row
    return TagView(key, brand_id, group_id, name, TagColour(colour), TagKind(kind), *further)


async def tag_groups(actor: Actor, archived: bool = False) -> list[TagGroupView]:
    """The brand's groups in their order, each with its tags."""
    allow(actor, "tagGroups")
    by_group: dict[UUID, list[TagView]] = {}
    for row in await db.fetch(TAGS, actor.brand_id, archived):
        by_group.setdefault(row[2], []).append(tag_view(row))
    rows = await db.fetch(GROUPS, actor.brand_id, archived)
    return [_group(row, by_group.get(row[0], [])) for row in rows]


async def tag_group(actor: Actor, key: UUID) -> TagGroupView | None:
    """One of the brand's groups, archived or not, with its tags in use."""
    allow(actor, "tagGroups")
    rows = await db.fetch(GROUPS.replace("AND (archived_at IS NULL OR $2)", "AND id = $2"), actor.brand_id, key)
    tags = [tag_view(row) for row in await db.fetch(TAGS, actor.brand_id, False) if row[2] == key]
    return _group(rows[0], tags) if rows else None


def _group(row: Any, tags: list[TagView]) -> TagGroupView:
    told: list[Any] = [*row, tags]
    return TagGroupView(*told)


async def tag(actor: Actor, key: UUID) -> TagView | None:
    """One of the brand's tags, archived or not."""
    allow(actor, "tagGroups")
    row = await db.fetch_row(TAG, actor.brand_id, key)
    return tag_view(row) if row else None


async def tag_counts(actor: Actor, ids: Iterable[UUID]) -> list[int | None]:
    """How many customers of the brand have each of these tags now; None for who works at the counter."""
    keys = list(ids)
    if not may_count(actor):
        return [None] * len(keys)
    found = {row[0]: row[1] for row in await db.fetch(COUNTS, actor.brand_id, clock.now(), keys)}
    return [found.get(key, 0) for key in keys]


def may_count(actor: Actor) -> bool:
    """Whether the brand's numbers are hers to see."""
    return any(grant.stores is None for grant in actor.grants) or actor.kind == "system"


async def tag_batch(actor: Actor, key: UUID) -> TagBatchView | None:
    """One use of a tag: of one's own, or of customers of stores that one leads."""
    reach = allow(actor, "tagCustomers")
    row = await db.fetch_row(f"{BATCH} AND b.id = $2", actor.brand_id, key)
    found = _batch(row) if row else None
    if found is None or found.staff_id == actor.id or reach.all_stores is None:
        return found
    stores = {one[0] for one in await db.fetch(STORES_OF, key)}
    return found if stores and stores <= set(reach.all_stores) else None


async def tag_batches(actor: Actor) -> list[TagBatchView]:
    """What was done of late for more than one customer, the latest first."""
    allow(actor, "tagBatches")
    return [_batch(row) for row in await db.fetch(RECENT, actor.brand_id, clock.now() - UNDO_WITHIN)]


def _batch(row: Any) -> TagBatchView:
    told: list[Any] = [*row[:6], BatchState(row[6]), *row[7:]]
    return TagBatchView(*told)


def undoable(batch: TagBatchView, now: datetime) -> bool:
    return batch.state in (BatchState.DONE, BatchState.RUNNING) and batch.created_at > now - UNDO_WITHIN


async def displaced_by(actor: Actor, batch_id: UUID) -> list[Displaced]:
    """The tags of exclusive groups that gave way, those of the most customers first."""
    rows = await db.fetch(DISPLACED, actor.brand_id, batch_id)
    return [Displaced(tag_view(row[:-1]), row[-1]) for row in rows]


def with_tag(found: TagView | None) -> Among:
    """Of the customers in a list, those who have this tag now."""
    if found is None or found.archived_at:
        return Among("false")
    if found.segment_id:
        inside = "SELECT FROM segment_member m WHERE m.customer_id = c.id AND m.segment_id = {0} AND m.left_at IS NULL"
        return Among(f"EXISTS ({inside})", (found.segment_id,))
    counts = STANDS.replace("$2", "{1}")
    held = f"x.customer_id = c.id AND x.tag_id = {{0}} AND {counts}"
    sql = f"EXISTS (SELECT FROM customer_tag x JOIN store z ON z.id = c.store_id WHERE {held})"
    return Among(sql, (found.id, clock.now()))


def both(first: Among | None, second: Among | None) -> Among | None:
    """Customers who are among these and among those."""
    if first is None or second is None:
        return first or second
    shifted = second.sql
    for place in reversed(range(len(second.args))):
        shifted = shifted.replace(f"{{{place}}}", f"{{{place + len(first.args)}}}")
    return Among(f"({first.sql}) AND ({shifted})", (*first.args, *second.args))


async def among(actor: Actor, cell: RfmCell | None, segment_id: UUID | None, tag_id: UUID | None) -> Among | None:
    """Of the customers in a list, those in this cell and this segment and with this tag now; None: whoever they are.

    A partner's key learns of no tag.
    """
    from shuke.domains.segments.queries.rules import chosen

    found = chosen(actor, cell, segment_id)
    if tag_id is None:
        return found
    row = await db.fetch_row(TAG, actor.brand_id, tag_id) if actor.kind != "partner" else None
    return both(found, with_tag(tag_view(row) if row else None))


async def filters_of(actor: Actor, whom: Whom) -> Filters:
    """A list's filters as the archive takes them."""
    cell = RfmCell(whom.cell) if whom.cell else None
    narrowed = await among(actor, cell, whom.segment_id, whom.tag_id)
    return Filters(whom.search, whom.store_id, whom.mine, narrowed, whom.region_id)


async def page_of(actor: Actor, whom: Whom, many: int, after: UUID | None) -> Sequence[Any]:
    """The next of a list's customers, from the newest on, as views."""
    return (await customers.customers(actor, await filters_of(actor, whom), many, after))[:many]


async def predicted_names(brand_id: UUID) -> dict[str, str]:
    """Model -> what head office calls the tag that it sets; of those that were ever set."""
    sql = "SELECT model, name FROM tag WHERE brand_id = $1 AND model IS NOT NULL"
    return {row[0]: row[1] for row in await db.fetch(sql, brand_id)}


async def meanings(brand_id: UUID) -> dict[UUID, Node]:
    """Dynamic tags, each as the condition that it stands for, to be a member of its segment; and any of them at all."""
    sql = "SELECT id, segment_id FROM tag WHERE brand_id = $1 AND kind = 'dynamic' AND archived_at IS NULL"
    found = {row[0]: str(row[1]) for row in await db.fetch(sql, brand_id)}
    meant: dict[UUID, Node] = {key: Condition(SEGMENTS, Op.ANY, (segment,)) for key, segment in found.items()}
    if found:
        meant[ANY_TAG] = Condition(SEGMENTS, Op.ANY, tuple(sorted(set(found.values()))))
    return meant


async def tags_by_name(brand_id: UUID) -> tuple[Mapping[str, TagView], frozenset[UUID]]:
    """The brand's tags in use by their names in lower case, and the groups of which only one can be had."""
    found = [tag_view(row) for row in await db.fetch(NAMED, brand_id)]
    exclusive = frozenset(row[0] for row in await db.fetch(EXCLUSIVE, brand_id))
    return {one.name.lower(): one for one in found}, exclusive


async def tag_names_of(customer_ids: Sequence[UUID]) -> Mapping[UUID, list[str]]:
    """Customer -> the names of the tags that people and files gave her, in their order."""
    return {row[0]: row[1] for row in await db.fetch(STATIC_OF, list(customer_ids))}
