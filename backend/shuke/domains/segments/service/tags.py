"""Making, changing, arranging, archiving tags and their groups."""

from collections.abc import Sequence
from uuid import UUID

from shuke.domains.identity.service import allow
from shuke.domains.identity.types import Actor
from shuke.domains.segments import queries
from shuke.domains.segments.rules import goes_round, mentioned
from shuke.domains.segments.service.definitions import REFILL
from shuke.domains.segments.types.rules import SEGMENTS
from shuke.domains.segments.types.tags import ANY_TAG, NewTag, NewTagGroup, TagColour, TagGroupView, TagKind, TagView
from shuke.kit import clock, db, events
from shuke.kit.errors import ErrorCode, Refusal
from shuke.kit.ids import new_id
from shuke.kit.rules import Condition, Op
from shuke.kit.text import clean

MOST_GROUPS, MOST_TAGS, LONGEST = 40, 500, 30
SEPARATORS = "、,，;；|"
"""What parts several tags in one cell of a file, and so stands in no tag's name."""
PREDICTED = {"zh-CN": "预测", "en": "Predictions"}

CREATE_GROUP = """
INSERT INTO tag_group (id, brand_id, name, exclusive, position, created_at, updated_at)
SELECT $1, $2, $3, $4, coalesce(max(position) + 1, 0), $5, $5 FROM tag_group WHERE brand_id = $2
ON CONFLICT (id) DO NOTHING
"""
CHANGE_GROUP = """
UPDATE tag_group SET name = $3, exclusive = $4, version = version + 1, updated_at = $5 WHERE brand_id = $1 AND id = $2
"""
CREATE = """
INSERT INTO tag (id, brand_id, group_id, name, colour, kind, segment_id, model, position, created_at, updated_at)
SELECT $1, $2, $3, $4, $5, $6, $7, $8, coalesce(max(position) + 1, 0), $9, $9 FROM tag WHERE brand_id = $2
ON CONFLICT (id) DO NOTHING
"""
CHANGE = """
UPDATE tag SET group_id = $3, name = $4, colour = $5, segment_id = $6, version = version + 1, updated_at = $7
WHERE brand_id = $1 AND id = $2
"""
ARCHIVE = "UPDATE {table} SET archived_at = $3, version = version + 1, updated_at = $4 WHERE brand_id = $1 AND id = $2"
ARRANGE_GROUPS = """
UPDATE tag_group g SET position = w.place FROM unnest($2::uuid[]) WITH ORDINALITY w(id, place)
WHERE g.brand_id = $1 AND g.id = w.id
"""
ARRANGE = """
UPDATE tag t SET position = w.place, group_id = w.group_id
FROM unnest($2::uuid[], $3::uuid[]) WITH ORDINALITY w(id, group_id, place) WHERE t.brand_id = $1 AND t.id = w.id
"""
# somebody with two tags of what is to be an exclusive group
TWICE = """
SELECT count(*) FROM (SELECT FROM customer_tag x JOIN tag t ON t.id = x.tag_id
  WHERE t.group_id = $1 AND t.archived_at IS NULL AND x.removed_at IS NULL
  GROUP BY x.customer_id HAVING count(*) > 1) twice
"""


async def hold_tags(brand_id: UUID, *, shared: bool = False) -> None:
    """Until the transaction's end no tag of the brand is changed; whoever changes one waits for those who set any."""
    how = "pg_advisory_xact_lock_shared" if shared else "pg_advisory_xact_lock"
    await db.fetch_value(f"SELECT {how}(hashtextextended($1, 0))", f"tags/{brand_id}")


async def save_tag_group(actor: Actor, said: NewTagGroup) -> UUID:
    """Makes a group, or changes it. Raises Refusal REQUIRED, INVALID (too long, too many, somebody has two tags of a
    group that is to be exclusive, a tag in it follows a rule), TAKEN (the name, the id), NOT_FOUND, CONFLICT.
    """
    allow(actor, "saveTagGroup")
    async with db.tx():
        await hold_tags(actor.brand_id)
        name = _name(said.name)
        before = await queries.tag_group(actor, said.id)
        await _free("tag_group", actor.brand_id, name, said.id)
        if said.base_version is None and before is None:
            if len(await queries.tag_groups(actor)) >= MOST_GROUPS:
                raise Refusal(ErrorCode.INVALID, "name", "tag_groups_many", most=MOST_GROUPS)
            args = (said.id, actor.brand_id, name, said.exclusive, clock.now())
            if not await db.execute(CREATE_GROUP, *args):
                raise Refusal(ErrorCode.TAKEN, "id")
        else:
            _standing(before, said.base_version)
            await db.execute(CHANGE_GROUP, actor.brand_id, said.id, name, said.exclusive, clock.now())
            if said.exclusive:
                await _one_each(said.id, [one.kind for one in before.tags] if before else [], "exclusive")
        await events.record(actor.brand_id, "tag_group.saved", actor.ref, ("tag_group", said.id))
    return said.id


async def save_tag(actor: Actor, said: NewTag) -> UUID:
    """Makes a tag, or changes its name, colour, group, and of a dynamic one the segment whose members have it.

    Raises Refusal REQUIRED, INVALID (too long, too many, a segment of a tag that is set by hand or none of one that is
    dynamic, a segment that comes back to the tag, an exclusive group), TAKEN, NOT_FOUND, CONFLICT.
    """
    allow(actor, "saveTag")
    async with db.tx():
        await db.lock("segment definitions", actor.brand_id)
        await hold_tags(actor.brand_id)
        name, before = _name(said.name), await queries.tag(actor, said.id)
        await _free("tag", actor.brand_id, name, said.id)
        group = await queries.tag_group(actor, said.group_id)
        if group is None or group.archived_at:
            raise Refusal(ErrorCode.NOT_FOUND, "groupId")
        if (said.kind is TagKind.DYNAMIC) is (said.segment_id is None):
            raise Refusal(ErrorCode.INVALID, "segmentId", "tag_segment")
        if said.segment_id:
            await _follows(actor, said.id, said.segment_id)
        now = clock.now()
        if said.base_version is None and before is None:
            await _create(actor, said, name)
        else:
            _standing(before, said.base_version)
            assert before
            if before.kind is not said.kind:
                raise Refusal(ErrorCode.INVALID, "kind", "tag_kind")
            row = (said.id, said.group_id, name, said.colour.value, said.segment_id, now)
            await db.execute(CHANGE, actor.brand_id, *row)
        if group.exclusive:
            await _one_each(group.id, [said.kind], "groupId")
        if said.segment_id != (before.segment_id if before else None):
            await refill_asking(actor.brand_id, said.id, ANY_TAG)
        await events.record(actor.brand_id, "tag.saved", actor.ref, ("tag", said.id))
    return said.id


async def _create(actor: Actor, said: NewTag, name: str) -> None:
    if said.kind is TagKind.PREDICTIVE:
        raise Refusal(ErrorCode.INVALID, "kind", "tag_of_model")
    if sum(len(one.tags) for one in await queries.tag_groups(actor)) >= MOST_TAGS:
        raise Refusal(ErrorCode.INVALID, "name", "tags_many", most=MOST_TAGS)
    row = (said.id, actor.brand_id, said.group_id, name, said.colour.value, said.kind.value, said.segment_id, None)
    if not await db.execute(CREATE, *row, clock.now()):
        raise Refusal(ErrorCode.TAKEN, "id")


async def _follows(actor: Actor, tag_id: UUID, segment_id: UUID) -> None:
    """The segment has a rule, is in use, and does not come back to the tag."""
    known = await queries.catalogue(actor.brand_id)
    live = await queries.trees(actor.brand_id, known)
    if segment_id not in {one.id for one in live}:
        raise Refusal(ErrorCode.INVALID, "segmentId", "tag_segment_live")
    asked = Condition(SEGMENTS, Op.ANY, (str(segment_id),))
    meant = await queries.by_id(actor.brand_id, live)
    if goes_round(tag_id, asked, meant) or goes_round(ANY_TAG, asked, meant):
        raise Refusal(ErrorCode.INVALID, "segmentId", "tag_circle")


async def _one_each(group_id: UUID, kinds: Sequence[TagKind], field: str) -> None:
    if TagKind.DYNAMIC in kinds:
        raise Refusal(ErrorCode.INVALID, field, "tag_exclusive_rule")
    if many := await db.fetch_value(TWICE, group_id):
        raise Refusal(ErrorCode.INVALID, field, "tag_exclusive_twice", many=many)


async def refill_asking(brand_id: UUID, *tag_ids: UUID) -> None:
    """Rules that ask for one of these tags, by however many others, look at everybody anew; of `ANY_TAG`: those that
    ask whether there is one.
    """
    live = await queries.trees(brand_id, await queries.catalogue(brand_id))
    meant = await queries.by_id(brand_id, live)
    asking = [one.id for one in live if any(goes_round(key, one.tree, meant) for key in tag_ids)]
    await db.execute(REFILL, brand_id, asking)


async def arrange_tags(actor: Actor, groups: Sequence[tuple[UUID, Sequence[UUID]]]) -> None:
    """Puts groups, and tags within and into them, into this order; what is not named stays where it is.

    Raises Refusal NOT_FOUND; INVALID where a tag may not go into an exclusive group.
    """
    allow(actor, "arrangeTags")
    async with db.tx():
        await hold_tags(actor.brand_id)
        standing = {one.id: one for one in await queries.tag_groups(actor)}
        known = {tag.id: tag for one in standing.values() for tag in one.tags}
        if any(key not in standing or any(tag not in known for tag in tags) for key, tags in groups):
            raise Refusal(ErrorCode.NOT_FOUND, "groups")
        await db.execute(ARRANGE_GROUPS, actor.brand_id, [key for key, _ in groups])
        pairs = [(tag, key) for key, tags in groups for tag in tags]
        if pairs:
            await db.execute(ARRANGE, actor.brand_id, *map(list, zip(*pairs, strict=True)))
        for key, tags in groups:
            if standing[key].exclusive:
                await _one_each(key, [known[tag].kind for tag in tags], "groups")
        await events.record(actor.brand_id, "tags.arranged", actor.ref, ("tag_group", None))


async def archive_tag(actor: Actor, key: UUID) -> UUID:
    """Nobody sees it any more; who had it has it again when it is restored. Raises Refusal NOT_FOUND; INVALID while a
    rule asks for it.
    """
    allow(actor, "archiveTag")
    async with db.tx():
        await db.lock("segment definitions", actor.brand_id)
        await hold_tags(actor.brand_id)
        before = await queries.tag(actor, key)
        if before is None:
            raise Refusal(ErrorCode.NOT_FOUND, "id")
        if before.archived_at is None:
            known = await queries.catalogue(actor.brand_id)
            users = [one.id for one in await queries.trees(actor.brand_id, known) if key in mentioned(one.tree)]
            if users:
                names = "、".join(one.name for one in await queries.segment_list(actor) if one.id in users)
                raise Refusal(ErrorCode.INVALID, "id", "tag_used", names=names)
            now = clock.now()
            await db.execute(ARCHIVE.format(table="tag"), actor.brand_id, key, now, now)
            await events.record(actor.brand_id, "tag.archived", actor.ref, ("tag", key))
    return key


async def restore_tag(actor: Actor, key: UUID) -> UUID:
    """It is there again, with who had it. Raises Refusal NOT_FOUND; INVALID for one that was merged, whose group or
    segment is archived, or whose group is exclusive and somebody has two; TAKEN, the name.
    """
    allow(actor, "restoreTag")
    async with db.tx():
        await db.lock("segment definitions", actor.brand_id)
        await hold_tags(actor.brand_id)
        before = await queries.tag(actor, key)
        if before is None:
            raise Refusal(ErrorCode.NOT_FOUND, "id")
        if before.archived_at is not None:
            group = await queries.tag_group(actor, before.group_id)
            if before.merged_into_id or group is None or group.archived_at:
                raise Refusal(ErrorCode.INVALID, "id", "tag_merged" if before.merged_into_id else "tag_group_away")
            await _free("tag", actor.brand_id, before.name, key)
            if before.segment_id:
                await _follows(actor, key, before.segment_id)
            await db.execute(ARCHIVE.format(table="tag"), actor.brand_id, key, None, clock.now())
            if group.exclusive:
                await _one_each(group.id, [before.kind], "id")
            await events.record(actor.brand_id, "tag.restored", actor.ref, ("tag", key))
    return key


async def archive_tag_group(actor: Actor, key: UUID) -> UUID:
    """Puts an empty group away. Raises Refusal NOT_FOUND; INVALID while a tag is in it."""
    allow(actor, "archiveTagGroup")
    async with db.tx():
        await hold_tags(actor.brand_id)
        before = await queries.tag_group(actor, key)
        if before is None:
            raise Refusal(ErrorCode.NOT_FOUND, "id")
        if before.tags:
            raise Refusal(ErrorCode.INVALID, "id", "tag_group_full")
        if before.archived_at is None:
            now = clock.now()
            await db.execute(ARCHIVE.format(table="tag_group"), actor.brand_id, key, now, now)
            await events.record(actor.brand_id, "tag_group.archived", actor.ref, ("tag_group", key))
    return key


async def restore_tag_group(actor: Actor, key: UUID) -> UUID:
    """Takes a group up again. Raises Refusal NOT_FOUND; TAKEN, the name."""
    allow(actor, "restoreTagGroup")
    async with db.tx():
        await hold_tags(actor.brand_id)
        before = await queries.tag_group(actor, key)
        if before is None:
            raise Refusal(ErrorCode.NOT_FOUND, "id")
        if before.archived_at is not None:
            await _free("tag_group", actor.brand_id, before.name, key)
            await db.execute(ARCHIVE.format(table="tag_group"), actor.brand_id, key, None, clock.now())
            await events.record(actor.brand_id, "tag_group.restored", actor.ref, ("tag_group", key))
    return key


async def predictive_tag(actor: Actor, model: str, name: str, colour: TagColour, group: str | None = None) -> UUID:
    """The tag that a model sets, made the first time; head office may rename, move and recolour it from then on.

    `model`: its key, one a tag (for bands: churn/high). `group`: the name of the group to begin in, else one for
    predictions. Two who ask at once get the same. Joins the caller's transaction, if any.
    """
    async with db.tx():
        await hold_tags(actor.brand_id)
        found = await db.fetch_value("SELECT id FROM tag WHERE brand_id = $1 AND model = $2", actor.brand_id, model)
        if found:
            return UUID(str(found))
        title = group or PREDICTED[actor.locale.value]
        sql = "SELECT id FROM tag_group WHERE brand_id = $1 AND lower(name) = lower($2) AND archived_at IS NULL"
        group_id, key, now = await db.fetch_value(sql, actor.brand_id, title), new_id(), clock.now()
        if group_id is None:
            group_id = new_id()
            await db.execute(CREATE_GROUP, group_id, actor.brand_id, title, False, now)
        taken = "SELECT count(*) FROM tag WHERE brand_id = $1 AND lower(name) = lower($2) AND archived_at IS NULL"
        free = name if not await db.fetch_value(taken, actor.brand_id, name) else f"{name} ({model})"[:LONGEST]
        row = (key, actor.brand_id, group_id, free, colour.value, TagKind.PREDICTIVE.value, None, model, now)
        await db.execute(CREATE, *row)
        await events.record(actor.brand_id, "tag.saved", actor.ref, ("tag", key))
    return key


def _name(said: str) -> str:
    name = clean(said)
    if name is None:
        raise Refusal(ErrorCode.REQUIRED, "name")
    if len(name) > LONGEST:
        raise Refusal(ErrorCode.INVALID, "name", "too_long", most=LONGEST)
    if any(one in name for one in (*SEPARATORS, "\n")):
        raise Refusal(ErrorCode.INVALID, "name", "tag_name_marks")
    return name


async def _free(table: str, brand_id: UUID, name: str, key: UUID) -> None:
    sql = f"SELECT id FROM {table} WHERE brand_id = $1 AND lower(name) = lower($2) AND archived_at IS NULL AND id <> $3"
    if await db.fetch_value(sql, brand_id, name, key):
        raise Refusal(ErrorCode.TAKEN, "name", f"{table}_name_taken")


def _standing(before: TagGroupView | TagView | None, base_version: int | None) -> None:
    if before is None or before.archived_at:
        raise Refusal(ErrorCode.NOT_FOUND, "id")
    if base_version != before.version:
        raise Refusal(ErrorCode.CONFLICT, "baseVersion", "tag_changed")
