"""Use case of head office: the stages and milestones of children's lives, saved as one list."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from shuke.domains.customers import queries
from shuke.domains.customers.rules import stages as rules
from shuke.domains.customers.types.dependants import LifeStage
from shuke.domains.identity.service import allow
from shuke.domains.identity.types import Actor
from shuke.kit import clock, codec, db, events
from shuke.kit.errors import ErrorCode, Refusal
from shuke.kit.ids import new_id

SAVE = """
INSERT INTO life_stage (id, brand_id, key, kind, labels, from_value, from_unit, to_value, to_unit, position, active,
  why, say, since, version)
SELECT w.id, $1, w.key, w.kind, w.labels, w.from_value, w.from_unit, w.to_value, w.to_unit, w.position, w.active,
  w.why, w.say, w.since, $2
FROM unnest($3::uuid[], $4::text[], $5::text[], $6::jsonb[], $7::int[], $8::text[], $9::int[], $10::text[], $11::int[],
  $12::bool[], $13::jsonb[], $14::jsonb[], $15::timestamptz[])
  AS w(id, key, kind, labels, from_value, from_unit, to_value, to_unit, position, active, why, say, since)
ON CONFLICT (brand_id, key) DO UPDATE SET labels = excluded.labels, from_value = excluded.from_value,
  from_unit = excluded.from_unit, to_value = excluded.to_value, to_unit = excluded.to_unit,
  position = excluded.position, active = excluded.active, why = excluded.why, say = excluded.say,
  since = excluded.since, version = excluded.version, archived_at = NULL, updated_at = $16
"""
ARCHIVE = """
UPDATE life_stage SET archived_at = $3, version = $4, updated_at = $3
WHERE brand_id = $1 AND NOT key = ANY($2) AND archived_at IS NULL
"""
KINDS = "SELECT key, kind FROM life_stage WHERE brand_id = $1"


async def save_life_stages(actor: Actor, base_version: int, stages: Sequence[LifeStage]) -> int:
    """Replaces the brand's list, in this order; what is left out is archived. The list's new version.

    Raises Refusal CONFLICT when somebody else saved since `base_version`, and INVALID for a list that does not hold
    together; the field is `stages`.
    """
    allow(actor, "saveLifeStages")
    wanted = [rules.cleaned(stage) for stage in stages]
    if problem := rules.problem(wanted):
        raise Refusal(ErrorCode.INVALID, "stages", problem.reason, **problem.params)
    async with db.tx():
        await db.lock("life stages", actor.brand_id)
        present = await queries.life_stages(actor.brand_id)
        if present.version != base_version:
            raise Refusal(ErrorCode.CONFLICT, "baseVersion", "stages_changed")
        kinds = {row[0]: row[1] for row in await db.fetch(KINDS, actor.brand_id)}
        kinds = kinds or {one.key: one.kind.value for one in present.stages}
        if changed := [stage for stage in wanted if kinds.get(stage.key, stage.kind.value) != stage.kind.value]:
            raise Refusal(ErrorCode.INVALID, "stages", "stage_kind", key=changed[0].key)
        now, version = clock.now(), base_version + 1
        before = {stage.key: stage for stage in present.stages}
        rows = [_row(place, rules.dated(stage, before.get(stage.key), now)) for place, stage in enumerate(wanted)]
        await db.execute(SAVE, actor.brand_id, version, *map(list, zip(*rows, strict=True)), now)
        await db.execute(ARCHIVE, actor.brand_id, [stage.key for stage in wanted], now, version)
        data = {"version": version, "stages": len(wanted)}
        await events.record(actor.brand_id, "life_stages.saved", actor.ref, ("brand", actor.brand_id), data)
    return version


def _row(position: int, stage: LifeStage) -> tuple[UUID | str | int | bool | datetime | None, ...]:
    ends: tuple[Any, Any] = (stage.ends.value, stage.ends.unit.value) if stage.ends else (None, None)
    begins = (stage.begins.value, stage.begins.unit.value)
    texts = (codec.dumps(stage.why), codec.dumps(stage.say))
    head = (new_id(), stage.key, stage.kind.value, codec.dumps(stage.labels), *begins, *ends)
    return (*head, position, stage.active, *texts, stage.since)
