"""Milestones of children: timers follow what is known of a family, and a silenced child is not spoken of again."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from shuke.domains.customers import queries as customers
from shuke.domains.customers import service as customer_service
from shuke.domains.customers.types.dependants import Dependant, LifeStage
from shuke.domains.identity.types import Actor
from shuke.domains.journeys import queries, rules
from shuke.domains.journeys.service.enrolments import START, columns, effect_of, ensure_default_journeys
from shuke.domains.journeys.types import Enrolment, Facts, Start, Way
from shuke.domains.tasks import queries as task_queries
from shuke.domains.tasks import service as tasks
from shuke.kit import clock, db, zones
from shuke.kit.ids import new_id

CHUNK = 1000

# Waits for a sweep that is at one of these timers: what it puts on a card is seen below, and nothing comes later.
ROWS = """
SELECT id, occurrence, step, started_at, customer_id, end_reason FROM enrolment
WHERE journey_id = $1 AND customer_id = ANY($2) ORDER BY id FOR UPDATE
"""
MOVE = """
UPDATE enrolment e SET started_at = x.started, wake_at = x.wake, updated_at = $1
FROM unnest($2::uuid[], $3::timestamptz[], $4::timestamptz[]) AS x (id, started, wake) WHERE e.id = x.id
"""
END = """
UPDATE enrolment e SET ended_at = coalesce(ended_at, $1), wake_at = NULL, end_reason = x.reason, updated_at = $1
FROM unnest($2::uuid[], $3::text[]) AS x (id, reason) WHERE e.id = x.id
"""


@dataclass(slots=True)
class _Changes:
    """What a family's enrolments need, gathered so that each kind of change is one statement."""

    starts: list[tuple[Any, ...]] = field(default_factory=list)
    moves: list[tuple[UUID, datetime, datetime]] = field(default_factory=list)
    ends: list[tuple[UUID, str]] = field(default_factory=list)
    withdrawn: dict[UUID, set[UUID]] = field(default_factory=dict)
    renamed: dict[UUID, dict[UUID, Mapping[str, str]]] = field(default_factory=dict)


@dataclass(slots=True, frozen=True)
class _Family:
    """What is known of these customers now."""

    facts: Mapping[UUID, Facts]
    children: Mapping[UUID, tuple[Dependant, ...]]
    stages: tuple[LifeStage, ...]


async def follow_children(brand_id: UUID, customer_ids: Sequence[UUID]) -> None:
    """Sets, moves and ends the timers of these families' milestones by what is true now; safe to repeat.

    Reasons on open cards lose children that are not to be spoken of any more, and go with the last of them.
    """
    await ensure_default_journeys(brand_id)
    async with db.tx():
        await db.lock("enrol", brand_id)  # who enrols and who silences take turns
        facts = {known.customer_id: known for known in await queries.facts(brand_id, customer_ids)}
        stages = (await customers.life_stages(brand_id)).stages
        children = await customers.children_of(brand_id, list(facts))
        hers = {key: rules.speakable(known, children[key]) for key, known in facts.items()}
        family = _Family(facts, hers, stages)
        for way in await queries.ways(brand_id, "milestone"):
            await _follow(brand_id, way, family)


async def follow_all_children(brand_id: UUID) -> None:
    """The same for every family of the brand: head office has saved other stages or milestones."""
    last = UUID(int=0)
    while found := await customers.parents(brand_id, last, CHUNK):
        await follow_children(brand_id, found)
        last = found[-1]


async def _follow(brand_id: UUID, way: Way, family: _Family) -> None:
    now, changes = clock.now(), _Changes()
    wanted = {
        (known.customer_id, start.occurrence): start
        for known in family.facts.values()
        for start in rules.milestone_starts(way.definition, known, family.children[known.customer_id], family.stages)
    }
    rows = await db.fetch(ROWS, way.id, list(family.facts))
    spoken = await task_queries.open_reasons(brand_id, {row[4] for row in rows})
    latest: dict[tuple[UUID, str], tuple[int, bool]] = {}
    for *head, customer_id, end_reason in rows:
        enrolment = Enrolment(*head)
        base, turn = rules.turn(enrolment.occurrence)
        start = wanted.get((customer_id, base))
        over = _row(changes, way, family, enrolment, customer_id, end_reason, start, spoken)
        latest[customer_id, base] = max(latest.get((customer_id, base), (0, True)), (turn, over))
    for (customer_id, base), start in wanted.items():
        turn, over = latest.get((customer_id, base), (0, True))
        if over and way.active:
            row = (new_id(), customer_id, rules.again(base, turn), start.started_at, start.wake_at)
            changes.starts.append(row)
    await _save(brand_id, way, changes, now)


def _row(
    changes: _Changes,
    way: Way,
    family: _Family,
    enrolment: Enrolment,
    customer_id: UUID,
    end_reason: str | None,
    start: Start | None,
    spoken: Mapping[UUID, Mapping[str, str]],
) -> bool:
    """What becomes of an enrolment; true: its occasion may come again, under another turn."""
    facts = family.facts[customer_id]
    day = zones.local_date(enrolment.started_at, facts.zone)
    occasion = rules.occasion(enrolment.occurrence, day, family.children[customer_id], family.stages)
    if end_reason is None:
        if start is not None:
            if start.started_at != enrolment.started_at:
                changes.moves.append((enrolment.id, start.started_at, start.wake_at))
            return False
        if occasion is None or way.active:
            changes.ends.append((enrolment.id, "merged" if facts.merged else "undone"))
            return True
        return False
    for step in range(len(way.definition.steps)):
        effect = effect_of(enrolment, step)
        if effect not in spoken:
            continue
        if occasion is None:
            changes.withdrawn.setdefault(customer_id, set()).add(effect)
            changes.ends.append((enrolment.id, "stopped"))
            return True
        if rules.called(occasion).items() - spoken[effect].items():
            params = {**spoken[effect], **rules.called(occasion)}
            changes.renamed.setdefault(customer_id, {})[effect] = params
    return end_reason != "completed"


async def _save(brand_id: UUID, way: Way, changes: _Changes, now: datetime) -> None:
    if changes.ends:
        await db.execute(END, now, *columns(changes.ends))
    if changes.moves:
        await db.execute(MOVE, now, *columns(changes.moves))
    if changes.starts:
        await db.execute(START, brand_id, way.id, way.version_id, *columns(changes.starts))
    await tasks.withdraw_reasons(brand_id, changes.withdrawn)
    await tasks.rename_reasons(brand_id, changes.renamed)


async def stop_milestones(actor: Actor, key: UUID, reason: str | None) -> UUID:
    """Silences a child at once: no open card speaks of it when this returns. Raises as the customers' own."""
    async with db.tx():
        await db.lock("enrol", actor.brand_id)
        mother = await customer_service.stop_milestones(actor, key, reason)
        await follow_children(actor.brand_id, [mother.id])
    return key


async def resume_milestones(actor: Actor, key: UUID) -> UUID:
    """Lets milestones be spoken of again. Raises as the customers' own."""
    async with db.tx():
        await db.lock("enrol", actor.brand_id)
        mother = await customer_service.resume_milestones(actor, key)
        await follow_children(actor.brand_id, [mother.id])
    return key


async def remove_dependant(actor: Actor, key: UUID) -> UUID:
    """Takes a child off the card; nothing speaks of it any more when this returns. Raises as the customers' own."""
    async with db.tx():
        await db.lock("enrol", actor.brand_id)
        mother = await customer_service.remove_dependant(actor, key)
        await follow_children(actor.brand_id, [mother.id])
    return key


async def restore_dependant(actor: Actor, key: UUID) -> UUID:
    """Puts a removed child back. Raises as the customers' own."""
    async with db.tx():
        await db.lock("enrol", actor.brand_id)
        mother = await customer_service.restore_dependant(actor, key)
        await follow_children(actor.brand_id, [mother.id])
    return key
