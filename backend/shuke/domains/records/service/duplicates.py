"""Who may be one person: looked for among customers who were touched, and once a night among all; never merged here.

Every rule is a look-up by an index and gives at most LIKE others a customer, so that a chunk costs the same in a shop
of a hundred and in a chain of a million.
"""

from collections import defaultdict
from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from shuke.domains.customers import queries as customers
from shuke.domains.identity import queries as identity
from shuke.domains.records.rules import duplicates as rules
from shuke.domains.records.types.merging import Rule
from shuke.kit import clock, codec, db, zones
from shuke.kit.ids import new_id

LIKE = 20
CHUNK = 200
AT_NIGHT = 2
"""The hour of the brand's day at which everybody is looked at."""

NAME = "lower(replace(normalize({of}.name, NFKC), ' ', ''))"
"""A name as it is compared; the indexes `customer_named` and `dependant_named` are of the same words."""

ALIAS = NAME.replace("name", "alias")

SAME_BIRTHDAY = f"""
SELECT c.id, x.id, c.birthday FROM customer c CROSS JOIN LATERAL (
  SELECT o.id FROM customer o WHERE o.brand_id = $1 AND {NAME.format(of="o")} = {NAME.format(of="c")}
    AND o.birthday = c.birthday AND o.merged_into_id IS NULL AND o.id <> c.id LIMIT {LIKE}) x
WHERE c.brand_id = $1 AND c.id = ANY($2) AND c.merged_into_id IS NULL AND c.birthday IS NOT NULL AND c.name <> ''
"""
SAME_ADDRESS = f"""
SELECT c.id, x.id FROM customer c CROSS JOIN LATERAL (
  SELECT o.id FROM customer o WHERE o.brand_id = $1 AND {NAME.format(of="o")} = {NAME.format(of="c")}
    AND o.merged_into_id IS NULL AND o.id <> c.id AND EXISTS (
      SELECT FROM unnest($3::text[]) AS k WHERE c.custom_values ->> k <> ''
        AND lower(replace(o.custom_values ->> k, ' ', '')) = lower(replace(c.custom_values ->> k, ' ', '')))
  LIMIT {LIKE}) x
WHERE c.brand_id = $1 AND c.id = ANY($2) AND c.merged_into_id IS NULL AND c.name <> ''
  AND c.custom_values ?| $3::text[]
"""
SAME_CHILD = f"""
SELECT c.id, x.customer_id FROM dependant d JOIN customer c ON c.id = d.customer_id AND c.merged_into_id IS NULL
CROSS JOIN LATERAL (
  SELECT o.customer_id FROM dependant o JOIN customer m ON m.id = o.customer_id AND m.merged_into_id IS NULL
  WHERE o.brand_id = $1 AND o.born_on = d.born_on AND {NAME.format(of="o")} = {NAME.format(of="d")}
    AND o.removed_at IS NULL AND o.customer_id <> d.customer_id LIMIT {LIKE}) x
WHERE d.customer_id = ANY($2) AND d.removed_at IS NULL AND d.born_on IS NOT NULL AND d.name <> ''
"""
NUMBERS = """
SELECT c.id, i.value FROM customer c JOIN customer_identity i ON i.customer_id = c.id AND i.kind = 'phone'
WHERE c.brand_id = $1 AND c.id = ANY($2) AND c.merged_into_id IS NULL
"""
# OFFSET 0 keeps the planner from reading every number there is instead of looking a hundred up
NEAR_PHONE = f"""
SELECT DISTINCT c.id, o.id FROM unnest($2::uuid[], $3::text[]) AS w(id, near)
CROSS JOIN LATERAL (SELECT i.customer_id FROM customer_identity i
  WHERE i.brand_id = $1 AND i.kind = 'phone' AND i.value = ANY(string_to_array(w.near, ' ')) OFFSET 0) i
JOIN customer c ON c.id = w.id
JOIN customer o ON o.id = i.customer_id AND o.id <> c.id AND o.merged_into_id IS NULL
  AND ARRAY[{NAME.format(of="o")}, {ALIAS.format(of="o")}] && ARRAY[{NAME.format(of="c")}, {ALIAS.format(of="c")}]
"""
# what somebody decided stays decided, whatever is found again
KEEP = """
INSERT INTO duplicate_pair AS p (id, brand_id, a_id, b_id, reasons, score)
SELECT w.id, $1, w.a, w.b, w.reasons::jsonb, w.score
FROM unnest($2::uuid[], $3::uuid[], $4::uuid[], $5::text[], $6::int[]) AS w(id, a, b, reasons, score) ORDER BY w.a, w.b
ON CONFLICT (a_id, b_id) DO UPDATE SET reasons = excluded.reasons, score = excluded.score, updated_at = $7
WHERE p.state = 'open' AND p.reasons <> excluded.reasons
"""
# whoever was mended is like nobody any more: but for those who are like so many that not all were looked at
DROP = """
DELETE FROM duplicate_pair p WHERE p.brand_id = $1 AND p.state = 'open' AND (p.a_id = ANY($2) OR p.b_id = ANY($2))
  AND NOT EXISTS (SELECT FROM unnest($3::uuid[], $4::uuid[]) AS w(a, b) WHERE w.a = p.a_id AND w.b = p.b_id)
"""
NEXT = """
SELECT brand_id, after_id FROM duplicate_scan WHERE next_at <= $1 ORDER BY next_at LIMIT 1 FOR UPDATE SKIP LOCKED
"""
PAGE = """
SELECT id FROM customer WHERE brand_id = $1 AND merged_into_id IS NULL AND ($2::uuid IS NULL OR id > $2)
ORDER BY id LIMIT $3
"""
SEEN = "UPDATE duplicate_scan SET after_id = $2, next_at = $3 WHERE brand_id = $1"
BEGIN = """
INSERT INTO duplicate_scan (brand_id, next_at) VALUES ($1, $2) ON CONFLICT (brand_id) DO NOTHING
"""


async def look_for_duplicates(brand_id: UUID, customer_ids: Sequence[UUID]) -> int:
    """Finds whom each of these customers may be one with; how many pairs hold now. Safe to repeat.

    A pair that somebody decided about is left alone; an open one whose reasons hold no longer goes.
    """
    count = 0
    for start in range(0, len(customer_ids), CHUNK):
        ids = sorted(customer_ids[start : start + CHUNK])
        async with db.tx():
            await db.lock("duplicates", brand_id)  # two chunks with the same pairs would wait for each other
            found = await _found(brand_id, ids)
            await _keep(brand_id, found)
            await db.execute(DROP, brand_id, _sure(ids, found), *_columns(found))
        count += len(found)
    return count


async def watch_brand(brand_id: UUID) -> None:
    """From now on everybody of the brand is looked at every night."""
    await db.execute(BEGIN, brand_id, clock.now())


async def sweep_duplicates(limit: int) -> int:
    """Looks at the next customers of a brand whose turn it is; how many there were. `limit`: at most so many."""
    async with db.tx():
        row = await db.fetch_row(NEXT, clock.now())
        if row is None:
            return 0
        brand_id, after = row
        ids = [found[0] for found in await db.fetch(PAGE, brand_id, after, min(limit, CHUNK))]
        await look_for_duplicates(brand_id, ids)
        if ids:
            await db.execute(SEEN, brand_id, ids[-1], clock.now())
        else:
            brand = await identity.brand(brand_id)
            tomorrow = clock.now().astimezone(ZoneInfo(brand.timezone)).date() + timedelta(days=1)
            await db.execute(SEEN, brand_id, None, zones.at_local(tomorrow, AT_NIGHT, brand.timezone))
        return len(ids)


Found = dict[tuple[UUID, UUID], set[Rule]]


async def _found(brand_id: UUID, ids: Sequence[UUID]) -> Found:
    found: Found = defaultdict(set)
    for one, other in await db.fetch(SAME_CHILD, brand_id, ids):
        found[min(one, other), max(one, other)].add(Rule.SAME_CHILD)
    for one, other, birthday in await db.fetch(SAME_BIRTHDAY, brand_id, ids):
        if rules.tells_apart(birthday):
            found[min(one, other), max(one, other)].add(Rule.SAME_BIRTHDAY)
    homes = rules.addresses((await customers.latest(brand_id)).document.fields)
    for one, other in await db.fetch(SAME_ADDRESS, brand_id, ids, homes):
        found[min(one, other), max(one, other)].add(Rule.SAME_ADDRESS)
    numbers = await db.fetch(NUMBERS, brand_id, ids)
    near = [" ".join(rules.near_phones(row[1])) for row in numbers]
    for one, other in await db.fetch(NEAR_PHONE, brand_id, [row[0] for row in numbers], near) if numbers else ():
        found[min(one, other), max(one, other)].add(Rule.NEAR_PHONE)
    return found


async def _keep(brand_id: UUID, found: Found) -> None:
    if not found:
        return
    rows = [
        (new_id(), a, b, codec.dumps(rules.ordered(reasons)), rules.score(reasons)) for (a, b), reasons in found.items()
    ]
    await db.execute(KEEP, brand_id, *map(list, zip(*rows, strict=True)), clock.now())


def _sure(ids: Sequence[UUID], found: Found) -> list[UUID]:
    """Those of whom nothing was cut off."""
    count: dict[UUID, int] = defaultdict(int)
    for pair in found:
        for one in pair:
            count[one] += 1
    return [key for key in ids if count[key] < LIKE]


def _columns(found: Found) -> tuple[list[UUID], list[UUID]]:
    return [pair[0] for pair in found], [pair[1] for pair in found]
