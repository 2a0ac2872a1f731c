"""Every night, or when asked to: models are made anew, then everybody is scored, chunk by chunk.

`prediction_state` is the timer row and says how far a run has come, so whoever is killed in the middle has done whole
chunks, and the next worker goes on behind them.
"""

from contextlib import aclosing
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from shuke.domains.identity import queries as identity
from shuke.domains.identity.service import allow
from shuke.domains.identity.types import Actor, Brand
from shuke.domains.predictions import learning, queries, rules
from shuke.domains.predictions.service import studying
from shuke.domains.predictions.service.reading import NOBODY, Busy, Features, everybody
from shuke.domains.predictions.types import Label, Learned, Target, Wanted
from shuke.kit import aside, clock, codec, db, events, pulse, zones
from shuke.kit.ids import new_id, new_ids

AT = 4
"""o'clock in the brand's zone."""
KEPT = 60
"""Models of each target that are kept to look at."""
MISSING = "SELECT id, timezone FROM brand b WHERE NOT EXISTS (SELECT FROM prediction_state s WHERE s.brand_id = b.id)"
BEGIN = "INSERT INTO prediction_state (brand_id, due_at) VALUES ($1, $2) ON CONFLICT DO NOTHING"
DUE = "SELECT brand_id FROM prediction_state WHERE due_at <= $1 ORDER BY due_at"
STATE = "SELECT due_at, run, as_of, scored_to, scored FROM prediction_state WHERE brand_id = $1"
WISH = """
INSERT INTO prediction_state (brand_id, due_at) VALUES ($1, $2) ON CONFLICT (brand_id) DO UPDATE
SET due_at = least(prediction_state.due_at, excluded.due_at)
"""
KEEP_MODEL = """
INSERT INTO prediction_model (id, brand_id, target, number, state, as_of, report, line, lack, created_at, updated_at)
SELECT $1, $2, $3::varchar, coalesce(max(number), 0) + 1, $4, $5, $6, $7, $8, $9, $9 FROM prediction_model
WHERE brand_id = $2 AND target = $3
"""
FORGET_MODELS = """
DELETE FROM prediction_model m WHERE brand_id = $1 AND number <= (
  SELECT max(number) FROM prediction_model x WHERE x.brand_id = $1 AND x.target = m.target) - $2
"""
LEARNED = """
UPDATE prediction_state SET run = run + 1, as_of = $2, scored_to = $3, scored = 0 WHERE brand_id = $1
"""
REACHED = "SELECT run FROM prediction_state WHERE brand_id = $1 AND as_of = $2 AND scored_to = $3 FOR UPDATE"
SCORED_TO = "UPDATE prediction_state SET scored_to = $2, scored = scored + $3 WHERE brand_id = $1"
ENDED = """
UPDATE prediction_state SET due_at = $2, known_as_of = as_of, known = scored, ended_at = $3, as_of = NULL,
  scored_to = NULL WHERE brand_id = $1 RETURNING known_as_of, known
"""
BARS = "INSERT INTO prediction_label (id, brand_id, label, bar) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING"
TAKE_IN = """
CREATE TEMP TABLE prediction_in (id UUID, silent BIGINT, visits BIGINT, basket BIGINT, known BIGINT, refunds BIGINT,
  order_30 FLOAT8, order_90 FLOAT8, new_90 FLOAT8, next_in INT, why_0 SMALLINT, why_1 SMALLINT, why_2 SMALLINT,
  why_3 SMALLINT, why_4 SMALLINT, why_5 SMALLINT) ON COMMIT DROP
"""
# $2 day, $3 run, $4 when it is no longer told, $5 the models' numbers, $6 $7 $8 the bars, $9 who is worth saving.
# ids rise, so that rows go in where the last ones went; nothing is kept of who refused since, or went up in another
KEEP = """
INSERT INTO customer_prediction AS p (customer_id, brand_id, as_of, run, expires_at, numbers, order_30, order_90,
  new_90, next_on, labels, why, why_new, seen)
SELECT id, $1, $2::date, $3::int, $4::timestamptz, $5::int[], nullif(order_30, 'NaN'), nullif(order_90, 'NaN'),
  nullif(new_90, 'NaN'), CASE WHEN next_in >= 0 THEN $2::date + next_in END,
  array_remove(ARRAY[
    CASE WHEN order_90 <> 'NaN' AND 1 - order_90 >= $6::float8 AND silent <= $9::int THEN 'churn_risk' END,
    CASE WHEN order_90 <> 'NaN' AND order_90 >= $7::float8 THEN 'likely_buyer' END,
    CASE WHEN new_90 <> 'NaN' AND new_90 >= $8::float8 THEN 'new_item_buyer' END], NULL),
  array_remove(ARRAY[why_0, why_1, why_2], 0::smallint), array_remove(ARRAY[why_3, why_4, why_5], 0::smallint),
  ARRAY[silent, visits, basket, known, refunds]
FROM prediction_in JOIN customer c USING (id)
WHERE c.merged_into_id IS NULL AND NOT c.refusals ? 'profiling/any' ORDER BY id
ON CONFLICT (customer_id) DO UPDATE SET as_of = excluded.as_of, run = excluded.run, expires_at = excluded.expires_at,
  numbers = excluded.numbers, order_30 = excluded.order_30, order_90 = excluded.order_90, new_90 = excluded.new_90,
  next_on = excluded.next_on, labels = excluded.labels, why = excluded.why, why_new = excluded.why_new,
  seen = excluded.seen
"""
PASSED = """
DELETE FROM customer_prediction WHERE brand_id = $1 AND run < $2 AND customer_id > $3 AND customer_id <= $4
"""
LAST = UUID(int=2**128 - 1)
NEVER = "DELETE FROM customer_prediction WHERE brand_id = $1"
SPANS = ((30, False), (90, True))


async def retrain(actor: Actor) -> Wanted:
    """Models are made anew within seconds, then everybody is scored; a run that is under way serves the wish."""
    allow(actor, "retrainPredictions")
    await db.execute(WISH, actor.brand_id, clock.now())
    data: dict[str, object] = {}
    await events.record(actor.brand_id, "predictions.wanted", actor.ref, ("prediction_model", None), data)
    return Wanted()


async def sweep_predictions(limit: int) -> int:
    """One turn of each brand that is due: learning, or scoring everybody. How many had a turn."""
    now = clock.now()
    for row in await db.fetch(MISSING):
        await db.execute(BEGIN, row[0], _next_night(now, row[1]))
    turns = 0
    for row in await db.fetch(DUE, now):
        turns += await _turn(await identity.brand(row[0]))
        pulse.beat()
    return turns


def _next_night(now: datetime, zone: str) -> datetime:
    at = zones.at_local(zones.local_date(now, zone), AT, zone)
    return at if at > now else zones.at_local(zones.local_date(now, zone) + timedelta(days=1), AT, zone)


@dataclass(slots=True, frozen=True)
class Run:
    """How far a run has come. `as_of` None: it has to learn first."""

    due_at: datetime
    run: int
    as_of: date | None
    scored_to: UUID | None
    scored: int


async def _turn(brand: Brand) -> int:
    async with db.tx():
        if not await db.try_lock(*_lock(brand)):
            return 0  # somebody else is at it
        run = Run(*await db.fetch_row(STATE, brand.id) or ())
        if run.due_at > clock.now():
            return 0
        if run.as_of is None:
            await _learn(brand)
            return 1
    return await _score(brand, run)


def _lock(brand: Brand) -> tuple[object, ...]:
    return "predictions", brand.id


async def _learn(brand: Brand) -> None:
    """New models, each as good as it is; then scoring begins, if there is anything to score by."""
    now = clock.now()
    span = await studying.span(brand, now)
    today = zones.local_date(now, brand.timezone)
    as_of = span.last if span else today
    first = span.first if span else today
    (soon,), (later, new) = await studying.study(brand, first, as_of, SPANS)
    found = {Target.ORDER_30: soon, Target.ORDER_90: later, Target.NEW_90: new}
    for (target, learned), key in zip(found.items(), new_ids(len(found)), strict=True):
        texts = (codec.dumps(part) if part else None for part in (learned.report, learned.line))
        lack = learned.lack.value if learned.lack else None
        about = (key, brand.id, target.value, learned.state.value, as_of)
        await db.execute(KEEP_MODEL, *about, *texts, lack, clock.now())
    await db.execute(FORGET_MODELS, brand.id, KEPT)
    for label, bar in rules.BARS.items():
        await db.execute(BARS, new_id(), brand.id, label.value, bar)
    await db.execute(LEARNED, brand.id, as_of, NOBODY)
    if not studying.lines(found):
        await db.execute(NEVER, brand.id)
        await _end(brand, found)


async def _end(brand: Brand, found: dict[Target, Learned]) -> None:
    now = clock.now()
    row = await db.fetch_row(ENDED, brand.id, _next_night(now, brand.timezone), now)
    assert row
    states = {target.value: one.state.value for target, one in found.items()}
    data = {"asOf": row[0], "customers": row[1], "models": states}
    await events.record(brand.id, "predictions.scored", events.SYSTEM, ("prediction_model", None), data)


async def _score(brand: Brand, run: Run) -> int:
    """Everybody from where the run has come to, each chunk in a transaction of its own. 0: somebody else is at it."""
    assert run.as_of and run.scored_to
    models, words = await queries.newest(brand.id), aside.Words()
    found = {target: one.learned for target, one in models.items()}
    numbers, reached = [models[target].number for target in Target], run.scored_to
    scored = aside.aside(learning.score, studying.lines(found), told=words)
    try:
        async with aclosing(scored), aclosing(everybody(brand, run.as_of, reached, _lock(brand))) as chunks:
            async for chunk in chunks:
                words.say(chunk.rows)
                rows = await anext(scored)
                async with db.tx():
                    if not await db.fetch_value(REACHED, brand.id, run.as_of, reached):
                        return 1  # somebody else goes on
                    await _keep(brand, run, chunk, rows, numbers)
                reached = chunk.to
                pulse.beat()
    except Busy:
        return 0
    async with db.tx():
        if await db.fetch_value(REACHED, brand.id, run.as_of, reached):
            await db.execute(PASSED, brand.id, run.run, reached, LAST)
            await _end(brand, found)
    return 1


async def _keep(brand: Brand, run: Run, chunk: Features, rows: bytes, numbers: list[int]) -> None:
    """A chunk's chances."""
    await db.execute(TAKE_IN)
    await db.copy_in("prediction_in", rows)
    bars = await queries.bars(brand.id)
    until = clock.now() + rules.FRESH
    kept = await db.execute(
        *(KEEP, brand.id, run.as_of, run.run, until, numbers),
        *(bars[label] for label in Label),
        rules.WORTH_SAVING,
    )
    await db.execute("DROP TABLE prediction_in")
    await db.execute(PASSED, brand.id, run.run, chunk.after, chunk.to)
    await db.execute(SCORED_TO, brand.id, chunk.to, kept)
