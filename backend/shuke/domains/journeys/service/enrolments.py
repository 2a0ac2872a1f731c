"""Use cases: the shop's own journeys, customers entering and leaving them, the timers that take their steps."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from importlib.resources import files
from typing import Any
from uuid import UUID

from shuke.domains.journeys import queries, rules
from shuke.domains.journeys.service import occasions
from shuke.domains.journeys.types import AddReason, Definition, End, Enrolment, Facts, Intent, Journey, Skip, WakeAt
from shuke.domains.tasks import service as tasks
from shuke.domains.tasks.types import NewReason, Reason
from shuke.kit import clock, codec, db, events, zones
from shuke.kit.ids import effect_id, new_id

SHIPPED = ("first_purchase", "milestones", "silent_90_days")
"""Journeys that every brand begins with: files of the folder `shipped`."""

START = """
INSERT INTO enrolment (id, brand_id, journey_id, version_id, customer_id, occurrence, started_at, wake_at)
SELECT x.id, $1, $2, $3, x.customer, x.occurrence, x.started, x.wake
FROM unnest($4::uuid[], $5::uuid[], $6::text[], $7::timestamptz[], $8::timestamptz[])
  AS x (id, customer, occurrence, started, wake)
ON CONFLICT DO NOTHING
"""
ON_THE_WAY = """
SELECT e.id, e.occurrence, e.step, e.started_at, e.customer_id, e.version_id, e.ended_at IS NOT NULL FROM enrolment e
WHERE e.customer_id = ANY($1) AND (e.ended_at IS NULL
  OR EXISTS (SELECT FROM task t WHERE t.customer_id = e.customer_id AND t.state = 'open'))
ORDER BY e.id
"""
DUE = f"""
SELECT e.id, e.occurrence, e.step, e.started_at, e.brand_id, e.version_id, {queries.FACTS_COLUMNS}
FROM enrolment e JOIN journey j ON j.id = e.journey_id AND j.active
JOIN customer c ON c.id = e.customer_id {queries.FACTS_JOINS}
WHERE e.wake_at <= $1 ORDER BY e.wake_at LIMIT $2 FOR UPDATE OF e SKIP LOCKED
"""
EFFECTS = """
INSERT INTO journey_effect (id, brand_id, enrolment_id, step, result, at)
SELECT x.id, x.brand, x.enrolment, x.step, x.result, $1
FROM unnest($2::uuid[], $3::uuid[], $4::uuid[], $5::int[], $6::text[]) AS x (id, brand, enrolment, step, result)
ON CONFLICT DO NOTHING RETURNING id
"""
ADVANCE = """
UPDATE enrolment e SET step = x.step, wake_at = x.wake, ended_at = x.ended, end_reason = x.reason, updated_at = $1
FROM unnest($2::uuid[], $3::int[], $4::timestamptz[], $5::timestamptz[], $6::text[])
  AS x (id, step, wake, ended, reason)
WHERE e.id = x.id AND e.ended_at IS NULL
"""

HOLD = "SELECT id FROM enrolment WHERE customer_id = ANY($1) ORDER BY id FOR UPDATE"
# what she has gone through herself is not gone through again: the other's stays with the other, and ends


async def ensure_default_journeys(brand_id: UUID) -> None:
    """Gives a brand the shop's own journeys that it lacks; those that it has, changed or not, stay as they are."""
    known = await db.fetch("SELECT key FROM journey WHERE brand_id = $1 AND key = ANY($2)", brand_id, list(SHIPPED))
    for key in sorted(set(SHIPPED) - {row[0] for row in known}):
        definition = codec.load(
            files("shuke.domains.journeys").joinpath("shipped", f"{key}.json").read_bytes(), Definition
        )
        async with db.tx():
            made = await db.fetch_value(
                "INSERT INTO journey (id, brand_id, key) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING RETURNING id",
                *(new_id(), brand_id, key),
            )
            if made is not None:
                await db.execute(
                    "INSERT INTO journey_version (id, brand_id, journey_id, number, definition)"
                    " VALUES ($1, $2, $3, 1, $4)",
                    *(new_id(), brand_id, made, codec.dumps(definition)),
                )


async def enrol(brand_id: UUID, customer_ids: Sequence[UUID], follow_ups: bool) -> None:
    """Lets customers enter and leave journeys by what is true of them now; safe to repeat.

    `follow_ups` false: nobody has just bought, history was filed or an order refunded or corrected; then nobody is
    thanked, and nobody is woken who is silent already.
    """
    await ensure_default_journeys(brand_id)
    async with db.tx():
        await db.lock("enrol", brand_id)  # two chunks with the same customers would wait for each other's rows
        now = clock.now()
        facts = await queries.facts(brand_id, customer_ids)
        ended = await _leave(brand_id, facts, now)
        started = 0
        for journey in await queries.journeys(brand_id):
            started += await _enter(brand_id, journey, facts, follow_ups, now)
        if started or ended:
            data = {"started": started, "ended": ended}
            await events.record(brand_id, "journeys.enrolled", events.SYSTEM, ("journey", None), data)


async def hold_enrolments(brand_id: UUID, customer_ids: Sequence[UUID]) -> None:
    """Until the transaction's end nobody else moves these customers through journeys."""
    await db.lock("enrol", brand_id)
    await db.fetch(HOLD, list(customer_ids))


async def _enter(brand_id: UUID, journey: Journey, facts: Sequence[Facts], follow_ups: bool, now: datetime) -> int:
    starts = [rules.entry(journey.definition, known, follow_ups, now) for known in facts]
    rows = [(new_id(), s.customer_id, s.occurrence, s.started_at, s.wake_at) for s in starts if s]
    if not rows:
        return 0
    return await db.execute(START, brand_id, journey.id, journey.version_id, *columns(rows))


async def _leave(brand_id: UUID, facts: Sequence[Facts], now: datetime) -> int:
    """Ends what is over for these customers, and takes its reasons off their open cards."""
    by_customer = {known.customer_id: known for known in facts}
    rows = await db.fetch(ON_THE_WAY, list(by_customer))
    definitions = await queries.definitions({row[5] for row in rows})
    ending: list[tuple[Any, ...]] = []
    stale: dict[UUID, set[UUID]] = defaultdict(set)
    for *head, customer_id, version_id, is_over in rows:
        enrolment, definition = Enrolment(*head), definitions[version_id]
        if definition.trigger.on == "milestone":  # her orders say nothing of her children
            continue
        reason = rules.over(definition, enrolment, by_customer[customer_id])
        if reason is None:
            continue
        stale[customer_id] |= {effect_of(enrolment, step) for step in range(len(definition.steps))}
        if not is_over:
            ending.append((enrolment.id, enrolment.step, None, now, reason))
    await tasks.withdraw_reasons(brand_id, stale)
    return await db.execute(ADVANCE, now, *columns(ending)) if ending else 0


async def forget(customer_ids: Sequence[UUID], now: datetime) -> int:
    """Somebody is erased: every journey of hers ends; how many did. Joins the caller's transaction, which holds
    `hold_enrolments`. Of milestones nothing says any more which they were.
    """
    await db.execute(
        "UPDATE enrolment SET occurrence = id WHERE customer_id = ANY($1) AND occurrence ~ ':'", list(customer_ids)
    )
    sql = """UPDATE enrolment SET ended_at = $2, wake_at = NULL, end_reason = 'erased', updated_at = $2
      WHERE customer_id = ANY($1) AND ended_at IS NULL"""
    return await db.execute(sql, list(customer_ids), now)


@dataclass(slots=True)
class _Batch:
    """What a sweep's timers want, gathered so that each kind of change is one statement."""

    effects: list[tuple[Any, ...]] = field(default_factory=list)
    reasons: dict[UUID, tuple[UUID, NewReason]] = field(default_factory=dict)
    """effect -> brand, reason"""
    advances: list[tuple[Any, ...]] = field(default_factory=list)


async def sweep_enrolments(limit: int) -> int:
    """Takes the steps of the timers that went off, one transaction a batch; how many there were.

    A timer is claimed by its row's lock and each effect has an id of its own, so that two workers, or one that was
    killed and its successor, never take a step twice.
    """
    now = clock.now()
    async with db.tx():
        rows = await db.fetch(DUE, now, limit)
        if not rows:
            return 0
        definitions = await queries.definitions({row[5] for row in rows})
        on_occasion = [row for row in rows if definitions[row[5]].trigger.on == "milestone"]
        found = await occasions.of_rows((row[4], Enrolment(*row[:4]), Facts(*row[6:])) for row in on_occasion)
        batch, brands = _Batch(), Counter[UUID]()
        for row in rows:
            enrolment, facts, definition = (
                Enrolment(*row[:4]),
                replace(Facts(*row[6:]), occasion=found.get(row[0])),
                definitions[row[5]],
            )
            brands[row[4]] += 1
            for intent in rules.decide(definition, enrolment, facts, now):
                _gather(batch, row[4], definition, enrolment, facts, intent, now)
        made = await _save_effects(batch, now)
        await db.execute(ADVANCE, now, *columns(batch.advances))
        for brand_id, count in brands.items():
            news = [batch.reasons[key][1] for key in made if key in batch.reasons and batch.reasons[key][0] == brand_id]
            await tasks.add_reasons(brand_id, news)
            data = {"enrolments": count, "reasons": len(news)}
            await events.record(brand_id, "journeys.advanced", events.SYSTEM, ("journey", None), data)
        return len(rows)


def _gather(
    batch: _Batch,
    brand_id: UUID,
    definition: Definition,
    enrolment: Enrolment,
    facts: Facts,
    intent: Intent,
    now: datetime,
) -> None:
    match intent:
        case AddReason(step, due_at, expires_at):
            effect, chosen = effect_of(enrolment, step), definition.steps[step]
            since = zones.local_date(enrolment.started_at, facts.zone)
            reason = Reason(effect, chosen.key, *rules.told(chosen, facts.occasion, since), due_at, chosen.purpose)
            batch.effects.append((effect, brand_id, enrolment.id, step, "task"))
            batch.reasons[effect] = brand_id, NewReason(facts.customer_id, reason, expires_at)
        case Skip(step, result):
            batch.effects.append((effect_of(enrolment, step), brand_id, enrolment.id, step, result))
        case WakeAt(step, at):
            batch.advances.append((enrolment.id, step, at, None, None))
        case End(step, reason_word):
            batch.advances.append((enrolment.id, step, None, now, reason_word))


async def _save_effects(batch: _Batch, now: datetime) -> list[UUID]:
    """Notes what the steps did; the ids of those that are new."""
    if not batch.effects:
        return []
    return [row[0] for row in await db.fetch(EFFECTS, now, *columns(batch.effects))]


def effect_of(enrolment: Enrolment, step: int) -> UUID:
    """The id of what a step does, and of the reason that it gives."""
    return effect_id("journey", enrolment.id, step, enrolment.occurrence)


def columns(rows: Sequence[tuple[Any, ...]]) -> list[list[Any]]:
    """Rows as the columns that `unnest` takes."""
    return [list(column) for column in zip(*rows, strict=True)]
