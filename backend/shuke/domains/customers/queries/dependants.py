"""Children of customers, and the stages and milestones of a brand."""

from collections.abc import Iterable, Sequence
from importlib.resources import files
from typing import Any
from uuid import UUID

import msgspec

from shuke.domains.customers.queries.view import customers_by_id
from shuke.domains.customers.types.dependants import Dependant, LifeStage, LifeStages
from shuke.domains.identity.types import Actor
from shuke.kit import codec, db

# A child as JSON, about the aliases `d` of `dependant` and `s` of her family's store.
CHILD = """jsonb_build_object('id', d.id, 'customer_id', d.customer_id, 'name', d.name, 'gender', d.gender,
  'born_on', d.born_on, 'due_on', d.due_on, 'stopped_at', d.stopped_at, 'stop_reason', d.stop_reason,
  'since', d.since, 'version', d.version, 'zone', s.timezone, 'store_id', s.id, 'custom_values', d.custom_values)"""
CHILDREN = f"""(SELECT coalesce(jsonb_agg({CHILD} ORDER BY coalesce(d.born_on, d.due_on), d.id), '[]')
  FROM dependant d, store s WHERE d.customer_id = c.id AND d.removed_at IS NULL AND s.id = c.store_id)"""
ONE = f"""
SELECT {CHILD} FROM dependant d JOIN customer c ON c.id = d.customer_id JOIN store s ON s.id = c.store_id
WHERE d.brand_id = $1 AND d.id = $2 AND d.removed_at IS NULL
"""
OF_MANY = f"SELECT c.id, {CHILDREN} FROM customer c WHERE c.brand_id = $1 AND c.id = ANY($2)"
PARENTS = """
SELECT DISTINCT customer_id FROM dependant WHERE brand_id = $1 AND removed_at IS NULL AND customer_id > $2
ORDER BY customer_id LIMIT $3
"""
STAGES = """
SELECT jsonb_build_object('key', key, 'kind', kind, 'labels', labels, 'active', active, 'why', why, 'say', say,
  'since', since, 'begins', jsonb_build_object('value', from_value, 'unit', from_unit),
  'ends', CASE WHEN to_value IS NOT NULL THEN jsonb_build_object('value', to_value, 'unit', to_unit) END),
  version, archived_at IS NOT NULL
FROM life_stage WHERE brand_id = $1 ORDER BY position, key
"""
_shipped = files("shuke.domains.customers").joinpath("shipped", "life_stages.json").read_bytes()
SHIPPED = codec.load(_shipped, tuple[LifeStage, ...])


async def life_stages(brand_id: UUID) -> LifeStages:
    """The brand's stages and milestones; as they are shipped, with version 0, where nobody has saved any."""
    rows = await db.fetch(STAGES, brand_id)
    if not rows:
        return LifeStages(0, SHIPPED)
    living = tuple(codec.load(row[0], LifeStage) for row in rows if not row[2])
    return LifeStages(max(row[1] for row in rows), living)


async def stages_of_brands(actor: Actor, ids: Iterable[UUID]) -> list[LifeStages]:
    """A batch for the API: the stages of the caller's brand, whichever is asked for."""
    mine = await life_stages(actor.brand_id)
    return [mine for _ in ids]


async def dependant(actor: Actor, key: UUID) -> Dependant | None:
    """The child; None when there is none, or its mother is not within the caller's reach, or a partner asks."""
    row = await db.fetch_value(ONE, actor.brand_id, key)
    found = codec.load(row, Dependant) if row and sees_children(actor) else None
    mother = (await customers_by_id(actor, [found.customer_id]))[0] if found else None
    return found if mother else None


def sees_children(actor: Actor) -> bool:
    """Children are not a partner's business."""
    return actor.kind != "partner"


async def children_of(brand_id: UUID, customer_ids: Sequence[UUID]) -> dict[UUID, tuple[Dependant, ...]]:
    """For rooms above: customer -> her children, in the order of their birth; who has none has an empty entry."""
    rows = await db.fetch(OF_MANY, brand_id, list(customer_ids))
    return {row[0]: _children(row[1]) for row in rows}


async def parents(brand_id: UUID, after: UUID, first: int) -> list[UUID]:
    """The next so many customers who have children, by id."""
    return [row[0] for row in await db.fetch(PARENTS, brand_id, after, first)]


_decoder = msgspec.json.Decoder(tuple[Dependant, ...])


def _children(said: Any) -> tuple[Dependant, ...]:
    return _decoder.decode(said)
