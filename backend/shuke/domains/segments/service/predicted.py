"""The door by which models set tags: for many customers at once, with score, reasons and a last day."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from shuke.domains.segments.service.tags import hold_tags
from shuke.domains.segments.types.tags import Prediction
from shuke.kit import clock, codec, db, events
from shuke.kit.ids import new_ids

HOLD = """
SELECT id FROM customer c WHERE brand_id = $1 AND id = ANY($2) AND merged_into_id IS NULL AND erased_at IS NULL
ORDER BY id FOR NO KEY UPDATE
"""
# One statement: whoever the model no longer says it of loses the tag; whoever it says it of has it, with today's score
# and reasons, unless she refused to be grouped, or a person gave her another tag of an exclusive group. Of such a group
# what another model's tag said gives way. Who had it keeps the day since when; and is no news, unless it ends earlier.
PLACE = """
WITH said AS (
  SELECT w.id, w.customer, w.score, w.reasons FROM unnest($3::uuid[], $4::uuid[], $5::float8[], $6::jsonb[])
    w(id, customer, score, reasons)
  JOIN customer c ON c.id = w.customer AND c.brand_id = $1 AND NOT c.refusals ? 'profiling/any'
  WHERE NOT EXISTS (SELECT FROM customer_tag x JOIN tag t ON t.id = x.tag_id AND t.archived_at IS NULL
    JOIN tag_group g ON g.id = t.group_id AND g.exclusive
    WHERE x.customer_id = c.id AND x.removed_at IS NULL AND x.set_how <> 'model' AND x.tag_id <> $2
      AND t.group_id = (SELECT group_id FROM tag WHERE id = $2))
), kept AS (
  SELECT x.customer_id FROM customer_tag x JOIN said ON said.customer = x.customer_id
  WHERE x.tag_id = $2 AND x.removed_at IS NULL AND x.expires_at BETWEEN $7 AND $9
), gone AS (
  UPDATE customer_tag x SET removed_at = $7, removed_how = 'model', updated_at = $7
  WHERE x.brand_id = $1 AND x.tag_id = $2 AND x.removed_at IS NULL AND x.customer_id = ANY($10)
    AND NOT EXISTS (SELECT FROM said WHERE said.customer = x.customer_id)
  RETURNING x.customer_id
), displaced AS (
  UPDATE customer_tag x SET removed_at = $7, removed_how = 'displaced', updated_at = $7
  FROM said, tag t JOIN tag_group g ON g.id = t.group_id AND g.exclusive
  WHERE x.customer_id = said.customer AND t.id = x.tag_id AND x.removed_at IS NULL AND x.tag_id <> $2
    AND x.set_how = 'model' AND t.group_id = (SELECT group_id FROM tag WHERE id = $2)
  RETURNING x.customer_id
), placed AS (
  INSERT INTO customer_tag AS x (id, brand_id, tag_id, customer_id, set_how, set_at, score, reasons, model_version,
    expires_at, created_at, updated_at)
  SELECT id, $1, $2, customer, 'model', $7, score, reasons, $8, $9, $7, $7 FROM said
  ON CONFLICT (tag_id, customer_id) WHERE removed_at IS NULL DO UPDATE SET score = excluded.score,
    reasons = excluded.reasons, model_version = excluded.model_version, expires_at = excluded.expires_at,
    set_at = CASE WHEN x.expires_at < $7 THEN $7 ELSE x.set_at END, updated_at = $7
  RETURNING x.customer_id
)
SELECT customer_id, CASE WHEN EXISTS (SELECT FROM kept WHERE kept.customer_id = placed.customer_id) THEN 'kept'
  ELSE 'placed' END FROM placed UNION ALL SELECT customer_id, 'gone' FROM gone
UNION ALL SELECT customer_id, 'gone' FROM displaced
"""


async def place_predictive(
    brand_id: UUID,
    tag_id: UUID,
    rows: Sequence[Prediction],
    *,
    model_version: str,
    expires_at: datetime,
    looked_at: Sequence[UUID] = (),
) -> tuple[int, int]:
    """What a model says of these customers, in one statement; how many have the tag from it, and how many lost one.

    `rows`: who has the tag, each once. `looked_at`: further customers of whom the model decided that they have not;
    those it did not look at keep what they had, until it expires (at the end of `expires_at`'s day in her store).
    `tag_id`: of `predictive_tag`. Who refused to be grouped is never given one and loses what she had. One event, on
    which rules that ask for tags look at those who got it, lost one, or have it for less long. Joins the
    caller's transaction; call it for a few thousand at a time.
    """
    async with db.tx():
        await hold_tags(brand_id, shared=True)
        about = sorted({*(one.customer_id for one in rows), *looked_at})
        held = {row[0] for row in await db.fetch(HOLD, brand_id, about)}
        said = [one for one in rows if one.customer_id in held]
        told = [codec.dumps(list(one.reasons)[:3]) for one in said]
        people, scores = [one.customer_id for one in said], [one.score for one in said]
        args = (new_ids(len(said)), people, scores, told, clock.now(), model_version, expires_at, about)
        found = await db.fetch(PLACE, brand_id, tag_id, *args)
        placed, kept, gone = ({row[0] for row in found if row[1] == what} for what in ("placed", "kept", "gone"))
        if placed or gone:
            data = {"customers": sorted(placed | gone), "model": model_version}
            await events.record(brand_id, "tags.predicted", events.SYSTEM, ("tag", tag_id), data)
    return len(placed) + len(kept), len(gone)
