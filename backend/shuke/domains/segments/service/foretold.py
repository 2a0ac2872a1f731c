"""What the room of predictions calls customers, as tags: one walk through the brand's customers after every run.

`prediction_walk` is the timer row and says how far the walk has come, so whoever is killed in the middle has done whole
chunks, and the next worker goes on behind them.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from shuke.domains.identity import queries as identity
from shuke.domains.identity.types import Actor
from shuke.domains.predictions import queries as predictions
from shuke.domains.predictions import rules as words
from shuke.domains.predictions.types import Label, Labelled
from shuke.domains.segments.service.predicted import HOLD, place_predictive
from shuke.domains.segments.service.tags import hold_tags, predictive_tag
from shuke.domains.segments.types.tags import Prediction, TagColour
from shuke.kit import clock, db, events

CHUNK = 2000
"""Customers of a transaction."""
COLOURS: Mapping[Label, TagColour] = {
    Label.CHURN_RISK: TagColour.ROSE,
    Label.LIKELY_BUYER: TagColour.MOSS,
    Label.NEW_ITEM_BUYER: TagColour.SKY,
}
"""What the tags begin with."""
NOBODY = UUID(int=0)
BEGIN = """
INSERT INTO prediction_walk (brand_id, walked_to) VALUES ($1, $2)
ON CONFLICT (brand_id) DO UPDATE SET walked_to = excluded.walked_to
"""
NEXT = "SELECT brand_id, walked_to FROM prediction_walk ORDER BY brand_id LIMIT 1 FOR UPDATE SKIP LOCKED"
GONE_ON = "UPDATE prediction_walk SET walked_to = $2 WHERE brand_id = $1"
END = "DELETE FROM prediction_walk WHERE brand_id = $1"
TO = """
SELECT id FROM (SELECT id FROM customer WHERE brand_id = $1 AND id > $2 ORDER BY id LIMIT $3) x ORDER BY id DESC LIMIT 1
"""
TAGS = "SELECT model, id FROM tag WHERE brand_id = $1 AND model = ANY($2) AND archived_at IS NULL"
MADE = "SELECT model FROM tag WHERE brand_id = $1 AND model = ANY($2)"
# held before they are read of, so that nobody is given what is forgotten of her at the same moment
HOLD_RANGE = """
SELECT id FROM customer c WHERE brand_id = $1 AND id > $2 AND id <= $3 AND (
  EXISTS (SELECT FROM customer_prediction p WHERE p.customer_id = c.id AND p.labels <> '{}')
  OR EXISTS (SELECT FROM customer_tag x WHERE x.tag_id = ANY($4) AND x.customer_id = c.id AND x.removed_at IS NULL))
ORDER BY id FOR NO KEY UPDATE
"""
HAVE = """
SELECT tag_id, customer_id FROM customer_tag
WHERE tag_id = ANY($1) AND customer_id = ANY($2) AND removed_at IS NULL
"""
UNSAY = """
UPDATE customer_tag SET removed_at = $3, removed_how = 'model', updated_at = $3
WHERE tag_id = ANY($1) AND customer_id = ANY($2) AND removed_at IS NULL RETURNING tag_id, customer_id
"""


async def walk_predictions(brand_id: UUID) -> None:
    """Everybody's tags are to say what is foretold now; `sweep_foretold` does it. A walk under way begins again."""
    await db.execute(BEGIN, brand_id, NOBODY)


async def sweep_foretold(limit: int) -> int:
    """Goes on with a brand's walk; 1 if there was one."""
    async with db.tx():
        row = await db.fetch_row(NEXT)
        if row is None:
            return 0
        brand_id, after = row
        to = await db.fetch_value(TO, brand_id, after, CHUNK)
        if to is None:
            await db.execute(END, brand_id)
        else:
            await _chunk(await identity.system_actor(brand_id), after, to)
            await db.execute(GONE_ON, brand_id, to)
    return 1


async def _chunk(actor: Actor, after: UUID, to: UUID) -> None:
    """These customers have the tags of their labels and lose those of labels that they no longer have. A tag that head
    office has put away is left as it is.
    """
    tags = await _tags(actor, await predictions.labels_between(actor.brand_id, after, to))
    if not tags:
        return
    await hold_tags(actor.brand_id, shared=True)
    held = [row[0] for row in await db.fetch(HOLD_RANGE, actor.brand_id, after, to, list(tags.values()))]
    if not held:
        return
    said: dict[Label, list[Labelled]] = defaultdict(list)
    for one in await predictions.labelled_among(actor.brand_id, held):
        said[one.label].append(one)
    have: dict[UUID, set[UUID]] = defaultdict(set)
    for tag_id, customer in await db.fetch(HAVE, list(tags.values()), held):
        have[tag_id].add(customer)
    for label, tag_id in tags.items():
        await _place(actor.brand_id, tag_id, said[label], have[tag_id])


async def _tags(actor: Actor, labels: Sequence[Label]) -> dict[Label, UUID]:
    """The tags in use, made where somebody has the label for the first time: all before anybody is held."""
    models = [label.value for label in Label]
    made = {row[0] for row in await db.fetch(MADE, actor.brand_id, models)}
    for label in labels:
        if label.value not in made:
            await predictive_tag(actor, label.value, words.label_name(label, actor.locale.value), COLOURS[label])
    return {Label(row[0]): row[1] for row in await db.fetch(TAGS, actor.brand_id, models)}


async def _place(brand_id: UUID, tag_id: UUID, said: Sequence[Labelled], have: set[UUID]) -> None:
    """One label's, by the model and the day with which each of them is told."""
    told: dict[tuple[str, datetime], list[Prediction]] = defaultdict(list)
    for one in said:
        told[one.version, one.expires_at].append(Prediction(one.customer_id, one.score, one.reasons))
    gone = sorted(have - {one.customer_id for one in said})
    for (version, expires_at), rows in told.items():
        await place_predictive(brand_id, tag_id, rows, model_version=version, expires_at=expires_at)
    if gone:
        await place_predictive(brand_id, tag_id, [], model_version="", expires_at=clock.now(), looked_at=gone)


async def unsay_predictions(brand_id: UUID, ids: Sequence[UUID]) -> None:
    """What was foretold of these customers is forgotten, and their tags of it go."""
    async with db.tx():
        await hold_tags(brand_id, shared=True)
        models = [label.value for label in Label]
        tags = [
            row[0]
            for row in await db.fetch("SELECT id FROM tag WHERE brand_id = $1 AND model = ANY($2)", brand_id, models)
        ]
        await db.fetch(HOLD, brand_id, sorted(ids))
        gone: dict[UUID, set[UUID]] = defaultdict(set)
        for tag_id, customer in await db.fetch(UNSAY, tags, list(ids), clock.now()):
            gone[tag_id].add(customer)
        for tag_id, people in gone.items():
            await events.record(
                brand_id, "tags.predicted", events.SYSTEM, ("tag", tag_id), {"customers": sorted(people)}
            )
