"""How complete cards were on the days before: a chain that has been cleaning up for some weeks."""

from datetime import date, timedelta
from random import Random
from uuid import UUID

from shuke.app.demo.people import SEED
from shuke.domains.customers import queries
from shuke.domains.customers import service as customers
from shuke.domains.customers.types.quality import KeptDay, QualityCounts
from shuke.kit import db

DAYS = 45
BEFORE = (4.0, 12.0)
"""So many points less were cards complete then, by whose they are."""
WOBBLE = 0.6
# what is known of each guide's customers now, and how many were on file before each of the days
NOW = """
SELECT c.store_id, c.guide_id, count(*), sum(c.completeness), count(*) FILTER (WHERE c.completeness >= $2),
  count(*) FILTER (WHERE c.problems <> '{}'), array_agg((c.created_at AT TIME ZONE s.timezone)::date)
FROM customer c JOIN store s ON s.id = c.store_id
WHERE c.brand_id = $1 AND c.merged_into_id IS NULL AND c.erased_at IS NULL
GROUP BY 1, 2 ORDER BY min(s.code), min(c.id::text)
"""


async def remember(brand_id: UUID, today: date) -> None:
    """The days up to yesterday; today is kept in its own time."""
    full_from = (await queries.latest(brand_id)).document.full_from
    rng, kept = Random(f"{SEED}/history"), list[KeptDay]()
    for store_id, guide_id, count, score, full, flawed, entered in await db.fetch(NOW, brand_id, full_from):
        less = rng.uniform(*BEFORE)
        for ago in range(DAYS, 0, -1):
            known = sum(day < today - timedelta(days=ago - 1) for day in entered)
            gone = ago / DAYS
            average = max(0.0, score / count - less * gone + rng.uniform(-WOBBLE, WOBBLE))
            complete, wrong = full / count * (1 - 0.4 * gone), flawed / count * (1 + 0.6 * gone)
            counts = QualityCounts(known, round(known * average), round(known * complete), round(known * min(1, wrong)))
            if known:
                kept.append(KeptDay(store_id, guide_id, today - timedelta(days=ago), counts))
    await customers.recall_quality(brand_id, kept)
