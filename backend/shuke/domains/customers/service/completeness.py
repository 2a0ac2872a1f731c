"""How full cards are: measured in the transaction of every change, and all of them when the template has changed."""

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from shuke.domains.customers.queries import profile as queries
from shuke.domains.customers.rules import completeness as rules
from shuke.domains.customers.service.search import refresh_search
from shuke.domains.customers.types.profile import Document, Field
from shuke.kit import clock, codec, db, events
from shuke.kit.ids import new_id

CHUNK = 1000
"""customers in one transaction"""
# in order, so that two callers wait for each other and never in a circle
READ = f"""
SELECT c.id, {queries.FACTS_JSON}, c.problems FROM customer c WHERE c.id = ANY($1) ORDER BY c.id
FOR NO KEY UPDATE OF c
"""
WRITE = """
UPDATE customer c SET completeness = w.score, problems = string_to_array(w.problems, '|')
FROM unnest($1::uuid[], $2::smallint[], $3::text[]) AS w(id, score, problems)
WHERE c.id = w.id AND (c.completeness <> w.score OR c.problems <> string_to_array(w.problems, '|'))
"""
SHIP = """
INSERT INTO profile_template (id, brand_id, version, document, created_at, updated_at)
SELECT $2, b.id, $3, $4, $5, $5 FROM brand b WHERE b.id = $1 ON CONFLICT (brand_id, version) DO NOTHING
"""
# Of births that are awaited for too long, those whose card does not say so yet: found by the days alone, of which few
# lie so far back. What somebody said is right stays right.
OVERDUE = """
SELECT c.brand_id, array_agg(DISTINCT c.id) FROM dependant d JOIN customer c ON c.id = d.customer_id
JOIN store z ON z.id = c.store_id
WHERE d.born_on IS NULL AND d.removed_at IS NULL AND d.due_on <= $1
  AND d.due_on <= ($2::timestamptz AT TIME ZONE z.timezone)::date - $3::int
  AND c.merged_into_id IS NULL AND c.erased_at IS NULL AND NOT c.problems @> '{overdue_birth}'
  AND NOT EXISTS (SELECT FROM dismissed_problem p WHERE p.customer_id = c.id AND p.problem = 'overdue_birth'
    AND p.value = (SELECT min(o.due_on)::text FROM dependant o
      WHERE o.customer_id = c.id AND o.born_on IS NULL AND o.removed_at IS NULL))
GROUP BY 1
"""
BARE = "SELECT b.id FROM brand b WHERE NOT EXISTS (SELECT FROM profile_template p WHERE p.brand_id = b.id) LIMIT $1"
CLAIM = """
SELECT p.id, p.brand_id, p.document, p.swept_to FROM profile_template p WHERE p.swept_at IS NULL
ORDER BY p.id LIMIT 1 FOR UPDATE SKIP LOCKED
"""
NEXT = """
SELECT id FROM customer WHERE brand_id = $1 AND ($2::uuid IS NULL OR id > $2) AND merged_into_id IS NULL
  AND erased_at IS NULL ORDER BY id LIMIT $3
"""
CAME_TO = """
UPDATE profile_template SET swept_to = $2, swept_at = CASE WHEN $3 THEN $4::timestamptz END, updated_at = $4
WHERE id = $1
"""
WITH_VALUES = "SELECT id FROM customer WHERE id = ANY($1) AND custom_values <> '{}'"


async def refresh_completeness(brand_id: UUID, customer_ids: Sequence[UUID]) -> list[str]:
    """Measures these customers anew; call it in the transaction of a change, best for up to 1,000 at once. Codes of
    the problems that are gone now.
    """
    return await _measure((await queries.latest(brand_id)).document, customer_ids) if customer_ids else []


async def asked(brand_id: UUID) -> list[Field]:
    """The fields that the brand measures completeness by."""
    return rules.asked((await queries.latest(brand_id)).document)


async def _measure(document: Document, customer_ids: Sequence[UUID]) -> list[str]:
    rows, fields = await db.fetch(READ, customer_ids), rules.asked(document)
    found = [rules.measure(fields, queries.facts(row[1])) for row in rows]
    scores, problems = [one.score for one in found], ["|".join(one.problems) for one in found]
    await db.execute(WRITE, [row[0] for row in rows], scores, problems)
    return [code for row, one in zip(rows, found, strict=True) for code in row[2] if code not in one.problems]


async def ensure_template(brand_id: UUID) -> None:
    """Puts down the template that every brand begins with, where the brand has none."""
    document = codec.dumps(queries.shipped())
    await db.execute(SHIP, brand_id, new_id(), queries.SHIPPED, document, clock.now())


async def find_what_time_made() -> int:
    """Puts what became a problem by time alone onto the cards that it is of; how many. Call it now and then: it looks
    at births that are overdue, not at everybody.
    """
    now = clock.now()
    latest = rules.overdue_since(now.date() + timedelta(days=1))  # by the clock that is furthest ahead
    rows = await db.fetch(OVERDUE, latest, now, rules.OVERDUE.days)
    found = [(row[0], sorted(row[1])) for row in rows]
    for brand_id, ids in found:
        for start in range(0, len(ids), CHUNK):
            async with db.tx():
                await refresh_completeness(brand_id, ids[start : start + CHUNK])
    return sum(len(ids) for _, ids in found)


async def sweep_profiles(limit: int) -> int:
    """Gives new brands their template, and measures some cards by one that has changed; how much it found to do."""
    bare = await db.fetch(BARE, limit)
    for row in bare:
        await ensure_template(row[0])
    return len(bare) + await _sweep_chunk()


async def _sweep_chunk() -> int:
    async with db.tx():
        row = await db.fetch_row(CLAIM)
        if row is None:
            return 0
        key, brand_id, document, came_to = row
        found = [one[0] for one in await db.fetch(NEXT, brand_id, came_to, CHUNK)]
        if found:
            await _measure(codec.load(document, Document), found)
            await refresh_search([one[0] for one in await db.fetch(WITH_VALUES, found)])
        last = len(found) < CHUNK
        await db.execute(CAME_TO, key, found[-1] if found else came_to, last, clock.now())
        if last and (found or came_to):
            await events.record(brand_id, "completeness.measured", events.SYSTEM, ("profile_template", key))
        return len(found) or 1
