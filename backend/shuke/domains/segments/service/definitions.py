"""Making, changing, archiving segments; taking a snapshot of one."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from shuke.domains.identity.service import allow
from shuke.domains.identity.types import Actor
from shuke.domains.segments import queries
from shuke.domains.segments.rules import archived_names, expanded, goes_round, mentioned
from shuke.domains.segments.service.members import tell_left
from shuke.domains.segments.types.rules import NewSegment, SegmentKind, SegmentView
from shuke.kit import clock, codec, db, events
from shuke.kit.errors import ErrorCode, Refusal
from shuke.kit.ids import new_id
from shuke.kit.rules import Catalogue, Node, Statement, conditions, dump, read
from shuke.kit.text import clean

MOST_SEGMENTS = 300
LENGTHS = {"name": 60, "note": 500}

CREATE = """
INSERT INTO segment (id, brand_id, staff_id, name, note, kind, tree, filled_at, created_at, updated_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $9) ON CONFLICT (id) DO NOTHING
"""
CHANGE = """
UPDATE segment SET name = $3, note = $4, tree = $5, version = $6, updated_at = $7,
  filling = filling + $8::bool::int, filled_to = CASE WHEN $8 THEN NULL ELSE filled_to END,
  filled_at = CASE WHEN $8 THEN NULL ELSE filled_at END
WHERE brand_id = $1 AND id = $2
"""
KEEP = """
INSERT INTO segment_version (id, brand_id, segment_id, staff_id, number, tree, created_at, updated_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $7)
"""
REFILL = """
UPDATE segment SET filling = filling + 1, filled_to = NULL, filled_at = NULL
WHERE brand_id = $1 AND id = ANY($2) AND archived_at IS NULL
"""
ARCHIVE = "UPDATE segment SET archived_at = $3, updated_at = $3, members = 0 WHERE brand_id = $1 AND id = $2"
EMPTIED = """
UPDATE segment_member SET left_at = $2, left_by = '{"version": 0, "seen": []}', updated_at = $2
WHERE segment_id = $1 AND left_at IS NULL RETURNING customer_id
"""
TAGS_OF = "SELECT name FROM tag WHERE brand_id = $1 AND segment_id = $2 AND archived_at IS NULL ORDER BY name"
RESTORE = """
UPDATE segment SET archived_at = NULL, updated_at = $3, filling = filling + 1, filled_to = NULL, filled_at = NULL,
  members = (SELECT count(*) FROM segment_member WHERE segment_id = $2 AND left_at IS NULL)
WHERE brand_id = $1 AND id = $2
"""
TAKE = """
INSERT INTO segment_member (id, brand_id, segment_id, customer_id, entered_at, entered_by, created_at, updated_at)
SELECT gen_random_uuid(), $1, {segment}, c.id, $2, jsonb_build_object('version', {version}, 'seen', {seen}), $2, $2
{people} AND {finds}
"""


async def save_segment(actor: Actor, said: NewSegment) -> UUID:
    """Makes a segment, or changes its name and its rule; a changed rule looks at everybody anew, in the background.

    Raises Refusal INVALID, TAKEN (the name, the id), NOT_FOUND, CONFLICT (somebody changed it meanwhile).
    """
    allow(actor, "saveSegment")
    async with db.tx():
        await db.lock("segment definitions", actor.brand_id)
        known = await queries.catalogue(actor.brand_id)
        tree = read(said.tree, known)
        name, note = _text("name", said.name), _text("note", said.note)
        if name is None:
            raise Refusal(ErrorCode.REQUIRED, "name")
        before = await queries.segment(actor, said.id)
        if said.base_version is None and before is None:
            await _create(actor, said.id, name, note, tree)
            version, changed = 1, True
        else:
            version, changed = await _change(actor, said, before, name, note, tree, known)
        if changed:
            await _keep(actor, said.id, version, tree)
            await _refill_dependents(actor.brand_id, said.id, known)
        data = {"version": version, "rule": changed}
        await events.record(actor.brand_id, "segment.saved", actor.ref, ("segment", said.id), data)
    return said.id


async def _room(brand_id: UUID, field: str) -> None:
    if await queries.count_segments(brand_id) >= MOST_SEGMENTS:
        raise Refusal(ErrorCode.INVALID, field, "segments_many", most=MOST_SEGMENTS)


async def _create(actor: Actor, key: UUID, name: str, note: str | None, tree: Node) -> None:
    await _room(actor.brand_id, "name")
    await _name_free(actor.brand_id, name, key)
    args = (key, actor.brand_id, actor.id, name, note, SegmentKind.RULE.value, codec.dumps(dump(tree)), None)
    if not await db.execute(CREATE, *args, clock.now()):
        raise Refusal(ErrorCode.TAKEN, "id")


async def _change(
    actor: Actor,
    said: NewSegment,
    before: SegmentView | None,
    name: str,
    note: str | None,
    tree: Node,
    known: Catalogue,
) -> tuple[int, bool]:
    """The version that stands from now on, and whether the rule is another one."""
    if before is None or before.archived_at:
        raise Refusal(ErrorCode.NOT_FOUND, "id")
    if said.base_version != before.version:
        raise Refusal(ErrorCode.CONFLICT, "baseVersion", "segment_changed")
    await _name_free(actor.brand_id, name, said.id)
    if before.kind is SegmentKind.SNAPSHOT and dump(tree) != before.tree:
        raise Refusal(ErrorCode.INVALID, "tree", "segment_frozen")
    others = await queries.by_id(actor.brand_id, await queries.trees(actor.brand_id, known))
    if goes_round(said.id, tree, others):
        raise Refusal(ErrorCode.INVALID, "tree", "segment_circle")
    changed = dump(tree) != before.tree
    version = before.version + 1
    now = clock.now()
    await db.execute(CHANGE, actor.brand_id, said.id, name, note, codec.dumps(dump(tree)), version, now, changed)
    return version, changed


async def _name_free(brand_id: UUID, name: str, key: UUID) -> None:
    sql = "SELECT id FROM segment WHERE brand_id = $1 AND lower(name) = lower($2) AND archived_at IS NULL AND id <> $3"
    if await db.fetch_value(sql, brand_id, name, key):
        raise Refusal(ErrorCode.TAKEN, "name", "segment_name_taken")


async def _keep(actor: Actor, key: UUID, version: int, tree: Node) -> None:
    args = (new_id(), actor.brand_id, key, actor.id, version, codec.dumps(dump(tree)), clock.now())
    await db.execute(KEEP, *args)


async def _refill_dependents(brand_id: UUID, key: UUID, known: Catalogue) -> None:
    """Whoever asks for this segment, by however many others, means its rule: they look at everybody, too."""
    live = await queries.trees(brand_id, known)
    by_id = await queries.by_id(brand_id, live)
    await db.execute(REFILL, brand_id, [one.id for one in live if goes_round(key, one.tree, by_id)])


async def refill(brand_id: UUID, event: str) -> None:
    """Something that facts of everybody come from has changed: the rules that ask for such a fact look anew."""
    known = await queries.catalogue(brand_id)
    live = await queries.trees(brand_id, known)
    by_id = await queries.by_id(brand_id, live)
    ids = [
        one.id
        for one in live
        if any(event in known[asked.fact].events for asked in conditions(expanded(one.tree, by_id)))
    ]
    await db.execute(REFILL, brand_id, ids)


async def archive_segment(actor: Actor, key: UUID) -> UUID:
    """Nobody is in it any more. Raises Refusal NOT_FOUND; INVALID while another segment, or a tag, asks for it."""
    allow(actor, "archiveSegment")
    async with db.tx():
        await db.lock("segment definitions", actor.brand_id)
        before = await queries.segment(actor, key)
        if before is None:
            raise Refusal(ErrorCode.NOT_FOUND, "id")
        if before.archived_at is None:
            known = await queries.catalogue(actor.brand_id)
            users = [one.id for one in await queries.trees(actor.brand_id, known) if key in mentioned(one.tree)]
            if users:
                raise Refusal(ErrorCode.INVALID, "id", "segment_used", names=await _names(actor, users))
            if tags := [row[0] for row in await db.fetch(TAGS_OF, actor.brand_id, key)]:
                raise Refusal(ErrorCode.INVALID, "id", "segment_tagged", names="、".join(tags))
            now = clock.now()
            await db.execute(ARCHIVE, actor.brand_id, key, now)
            gone = await db.fetch(EMPTIED, key, now)
            await events.record(actor.brand_id, "segment.archived", actor.ref, ("segment", key))
            await tell_left(actor.brand_id, [(key, row[0]) for row in gone])
    return key


async def restore_segment(actor: Actor, key: UUID) -> UUID:
    """An archived rule looks at everybody again, and so do those that ask for it. Raises Refusal NOT_FOUND; INVALID for
    a snapshot, whose members left, for one segment too many, and for a rule that comes back to itself by now or asks
    for what is archived; TAKEN, the name.
    """
    allow(actor, "restoreSegment")
    async with db.tx():
        await db.lock("segment definitions", actor.brand_id)
        before = await queries.segment(actor, key)
        if before is None:
            raise Refusal(ErrorCode.NOT_FOUND, "id")
        if before.kind is SegmentKind.SNAPSHOT:
            raise Refusal(ErrorCode.INVALID, "id", "segment_frozen")
        if before.archived_at is not None:
            await _name_free(actor.brand_id, before.name, key)
            await _room(actor.brand_id, "id")
            known = await queries.catalogue(actor.brand_id)
            tree = read(before.tree, known, stored=True)
            others = await queries.by_id(actor.brand_id, await queries.trees(actor.brand_id, known))
            if goes_round(key, tree, others):
                raise Refusal(ErrorCode.INVALID, "id", "segment_circle")
            if away := archived_names(tree, known):
                raise Refusal(ErrorCode.INVALID, "id", "segment_asks_archived", names="、".join(away))
            await db.execute(RESTORE, actor.brand_id, key, clock.now())
            await _refill_dependents(actor.brand_id, key, known)
            await events.record(actor.brand_id, "segment.restored", actor.ref, ("segment", key))
    return key


async def _names(actor: Actor, ids: Iterable[UUID]) -> str:
    return "、".join(one.name for one in await queries.segment_list(actor) if one.id in set(ids))


async def freeze_segment(actor: Actor, source_id: UUID, key: UUID, name: str) -> UUID:
    """Keeps those who fit a segment's rule at this moment under a name of their own, once and for all.

    Raises Refusal NOT_FOUND, REQUIRED, TAKEN (the name, the id); INVALID for a snapshot and for one segment too many.
    """
    allow(actor, "freezeSegment")
    async with db.tx():
        await db.lock("segment definitions", actor.brand_id)
        before, title, now = await queries.segment(actor, source_id), _text("name", name), clock.now()
        if before is None or before.archived_at:
            raise Refusal(ErrorCode.NOT_FOUND, "segmentId")
        if before.kind is SegmentKind.SNAPSHOT:
            raise Refusal(ErrorCode.INVALID, "segmentId", "segment_frozen")
        if title is None:
            raise Refusal(ErrorCode.REQUIRED, "name")
        await _room(actor.brand_id, "name")
        await _name_free(actor.brand_id, title, key)
        told = (key, actor.brand_id, actor.id, title, None, SegmentKind.SNAPSHOT.value, codec.dumps(before.tree), now)
        if not await db.execute(CREATE, *told, now):
            raise Refusal(ErrorCode.TAKEN, "id")
        taken = await _take(actor.brand_id, before, key)
        await db.execute("UPDATE segment SET members = $2 WHERE id = $1", key, taken)
        data: dict[str, Any] = {"of": source_id, "members": taken}
        await events.record(actor.brand_id, "segment.frozen", actor.ref, ("segment", key), data)
    return key


async def _take(brand_id: UUID, source: SegmentView, key: UUID) -> int:
    known = await queries.catalogue(brand_id)
    by_id = await queries.by_id(brand_id, await queries.trees(brand_id, known))
    tree, statement = by_id[source.id], Statement(known, brand_id, clock.now())
    finds = statement.finds(expanded(tree, by_id))
    asked = [one if expanded(one, by_id) is one else None for one in conditions(tree)]
    sql = TAKE.format(
        segment=statement.arg(key, "uuid"),
        version=statement.arg(source.version, "int"),
        seen=statement.seen(asked),
        people=statement.people,
        finds=finds,
    )
    await _keep_snapshot(brand_id, key, tree)
    return await db.execute(sql, *statement.args)


async def _keep_snapshot(brand_id: UUID, key: UUID, tree: Node) -> None:
    await db.execute(KEEP, new_id(), brand_id, key, None, 1, codec.dumps(dump(tree)), clock.now())


def _text(field: str, said: str | None) -> str | None:
    words = clean(said) if said else None
    if words is not None and len(words) > LENGTHS[field]:
        raise Refusal(ErrorCode.INVALID, field, "too_long", most=LENGTHS[field])
    return words
