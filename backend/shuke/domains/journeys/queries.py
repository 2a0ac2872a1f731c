"""Reads: a brand's journeys, what is true of customers now, and which fields of a card journeys refer to."""

from collections.abc import Collection, Sequence
from uuid import UUID

from shuke.domains.customers.types.profile import Field, FieldPlace, FieldUse
from shuke.domains.identity.types import Actor
from shuke.domains.journeys import rules
from shuke.domains.journeys.types import Definition, Facts, Journey, Way
from shuke.kit import codec, db, i18n

JOURNEYS = """
SELECT j.id, j.key, v.id, v.definition FROM journey j
JOIN journey_version v ON v.journey_id = j.id AND v.number = j.version
WHERE j.brand_id = $1 AND j.active ORDER BY j.key
"""
WAYS = """
SELECT j.id, j.active, v.id, v.definition FROM journey j
JOIN journey_version v ON v.journey_id = j.id AND v.number = j.version
WHERE j.brand_id = $1 AND v.definition -> 'trigger' ->> 'on' = $2 ORDER BY j.key
"""
# what new enrolments get, and what those under way go by
IN_USE = """
SELECT j.key, v.definition FROM journey j JOIN journey_version v ON v.journey_id = j.id
WHERE j.brand_id = $1 AND (v.number = j.version
  OR EXISTS (SELECT FROM enrolment e WHERE e.version_id = v.id AND e.ended_at IS NULL))
ORDER BY j.key, v.number DESC
"""
FACTS_COLUMNS = """c.id, s.timezone, coalesce(cs.order_count, 0), cs.first_order_at, cs.last_order_at,
  c.merged_into_id IS NOT NULL OR c.erased_at IS NOT NULL, ARRAY(SELECT jsonb_array_elements_text(c.refusals))"""
FACTS_JOINS = "JOIN store s ON s.id = c.store_id LEFT JOIN customer_stats cs ON cs.id = c.id"
FACTS = f"""
SELECT {FACTS_COLUMNS} FROM customer c {FACTS_JOINS} WHERE c.brand_id = $1 AND c.id = ANY($2) ORDER BY c.id
"""


async def journeys(brand_id: UUID) -> list[Journey]:
    """The active ones, each with the version that new enrolments get."""
    rows = await db.fetch(JOURNEYS, brand_id)
    return [Journey(row[0], row[1], row[2], codec.load(row[3], Definition)) for row in rows]


async def ways(brand_id: UUID, trigger: str) -> list[Way]:
    """The journeys with this trigger, those switched off too."""
    rows = await db.fetch(WAYS, brand_id, trigger)
    return [Way(row[0], row[1], row[2], codec.load(row[3], Definition)) for row in rows]


async def definitions(version_ids: Collection[UUID]) -> dict[UUID, Definition]:
    """Definitions by version."""
    rows = await db.fetch("SELECT id, definition FROM journey_version WHERE id = ANY($1)", list(version_ids))
    return {row[0]: codec.load(row[1], Definition) for row in rows}


async def facts(brand_id: UUID, customer_ids: Sequence[UUID]) -> list[Facts]:
    """What is true of these customers now, by id."""
    return await db.fetch_as(Facts, FACTS, brand_id, list(customer_ids))


async def field_uses(actor: Actor, field: Field) -> list[FieldUse]:
    """This room's answer to where a field is used: journeys that refer to it, by what the step that does is called."""
    words, used = i18n.CATALOGUE[actor.locale.value], dict[str, str]()
    for key, definition in await db.fetch(IN_USE, actor.brand_id):
        step = rules.fields_of(codec.load(definition, Definition)).get(field.key)
        if step is not None:
            used.setdefault(key, words.get(f"reason_{step}", key))
    return [FieldUse(FieldPlace.JOURNEY, name) for name in used.values()]
