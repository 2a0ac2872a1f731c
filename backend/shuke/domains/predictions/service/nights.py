"""Every night, or when asked to: models are made anew, then everybody is scored, chunk by chunk.

`prediction_state` is the timer row and says how far a run has come, so whoever is killed in the middle has done whole
chunks, and the next worker goes on behind them.
"""

import asyncio
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from shuke.domains.identity import queries as identity
from shuke.domains.identity.service import allow
from shuke.domains.identity.types import Actor, Brand
from shuke.domains.predictions import learning, queries, rules
from shuke.domains.predictions.queries import features
from shuke.domains.predictions.service import studying
from shuke.domains.predictions.types import Label, Learned, Target, Wanted
from shuke.kit import aside, clock, codec, db, events, pulse, zones
from shuke.kit.ids import new_id, new_ids

AT = 4
"""o'clock in the brand's zone."""
CHUNK, CHUNKS = 20_000, 10
"""Customers of a chunk, which is one transaction; chunks of a turn, which shares a process beside this one."""
KEPT = 60
"""Models of each target that are kept to look at."""
MISSING = "SELECT id, timezone FROM brand b WHERE NOT EXISTS (SELECT FROM prediction_state s WHERE s.brand_id = b.id)"
BEGIN = "INSERT INTO prediction_state (brand_id, due_at) VALUES ($1, $2) ON CONFLICT DO NOTHING"
DUE = "SELECT brand_id FROM prediction_state WHERE due_at <= $1 ORDER BY due_at"
TRY = "SELECT pg_try_advisory_xact_lock(hashtextextended($1, 0))"
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
# ids rise, so that rows go in where the last ones went
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
FROM prediction_in ORDER BY id
ON CONFLICT (customer_id) DO UPDATE SET as_of = excluded.as_of, run = excluded.run, expires_at = excluded.expires_at,
  numbers = excluded.numbers, order_30 = excluded.order_30, order_90 = excluded.order_90, new_90 = excluded.new_90,
  next_on = excluded.next_on, labels = excluded.labels, why = excluded.why, why_new = excluded.why_new,
  seen = excluded.seen
"""
PASSED = """
DELETE FROM customer_prediction WHERE brand_id = $1 AND run < $2 AND customer_id > $3 AND customer_id <= $4
"""
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
    """One turn of each brand that is due: learning, or some chunks of customers. How many had a turn."""
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


async def _held(brand: Brand) -> Run | None:
    """Takes the brand's turn until the transaction's end; None: somebody else has it, or nothing is due any more."""
    if not await db.fetch_value(TRY, f"predictions/{brand.id}"):
        return None
    run = Run(*await db.fetch_row(STATE, brand.id) or ())
    return run if run.due_at <= clock.now() else None


async def _turn(brand: Brand) -> int:
    async with db.tx():
        held = await _held(brand)
        if held is None:
            return 0
        if held.as_of is None:
            await _learn(brand)
            return 1
    await _score(brand)
    return 1


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
    await db.execute(LEARNED, brand.id, as_of, studying.NOBODY)
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


async def _score(brand: Brand) -> None:
    """Some chunks, each written in a transaction while the next one is read; whoever finds nobody more ends the run."""
    row = await db.fetch_row(STATE, brand.id)
    run = Run(*row or ())
    if run.as_of is None or run.scored_to is None:
        return
    models = await queries.newest(brand.id)
    words = aside.Words()
    lines = studying.lines({target: one.learned for target, one in models.items()})
    numbers = [models[target].number for target in Target]
    scored = aside.aside(learning.score, lines, told=words)
    coming = asyncio.create_task(_features(brand, run.as_of, run.scored_to))
    try:
        for left in reversed(range(CHUNKS)):
            found = await coming
            if found and left:
                coming = asyncio.create_task(_features(brand, run.as_of, found.to))
            if found:
                words.say(found.rows)
            async with db.tx():
                held = await _held(brand)
                if held is None or held.scored_to is None or (found and held.scored_to != found.after):
                    return  # somebody else goes on
                if not found:
                    await _end(brand, {target: one.learned for target, one in models.items()})
                    return
                await _keep(brand, held, found.to, await anext(scored), numbers)
            pulse.beat()
    finally:
        coming.cancel()
        await asyncio.gather(coming, return_exceptions=True)
        await scored.aclose()


@dataclass(slots=True, frozen=True)
class Features:
    """Of the customers whose ids come after one, up to another."""

    after: UUID
    to: UUID
    rows: bytes


async def _features(brand: Brand, as_of: date, after: UUID) -> Features | None:
    """The next chunk's, read outside any transaction; None: there are no more customers."""
    to = await studying.chunk_end(brand.id, after, CHUNK)
    if to is None:
        return None
    return Features(after, to, await db.copy_out(*features.asked(brand.id, as_of, brand.timezone, after, to)))


async def _keep(brand: Brand, held: Run, to: UUID, rows: bytes, numbers: list[int]) -> None:
    """A chunk's chances."""
    await db.execute(TAKE_IN)
    await db.copy_in("prediction_in", rows)
    bars = await queries.bars(brand.id)
    until = clock.now() + rules.FRESH
    kept = await db.execute(
        *(KEEP, brand.id, held.as_of, held.run, until, numbers),
        *(bars[label] for label in Label),
        rules.WORTH_SAVING,
    )
    await db.execute("DROP TABLE prediction_in")
    await db.execute(PASSED, brand.id, held.run, held.scored_to, to)
    await db.execute(SCORED_TO, brand.id, to, kept)
