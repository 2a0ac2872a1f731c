"""Setting tags and taking them away: of one customer or many, with an undo that restores what was there."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from shuke.domains.customers import queries as customers
from shuke.domains.identity import queries as identity
from shuke.domains.identity.service import allow
from shuke.domains.identity.types import Actor, Locale
from shuke.domains.segments import queries
from shuke.domains.segments.service.tags import hold_tags
from shuke.domains.segments.service.untagging import undo_chunk
from shuke.domains.segments.types.tags import MOST_AT_ONCE, BatchState, TagKind, TagView, Whom
from shuke.kit import clock, codec, db, events
from shuke.kit.errors import ErrorCode, Refusal
from shuke.kit.ids import new_id, new_ids

BEGIN = """
INSERT INTO tag_batch (id, brand_id, tag_id, staff_id, adding, whom, state, created_at, updated_at)
VALUES ($1, $2, $3, $4, $5, $6, 'running', $7, $7)
"""
# whoever tags her, merges her or edits her takes turns; in one order, so that nobody waits for each other
HOLD = """
SELECT id FROM customer WHERE brand_id = $1 AND id = ANY($2) AND merged_into_id IS NULL AND erased_at IS NULL
ORDER BY id FOR NO KEY UPDATE
"""
DISPLACE = """
UPDATE customer_tag x SET removed_at = $4, removed_how = 'displaced', removed_by = $5, removed_batch_id = $6,
  updated_at = $4
FROM tag t JOIN tag_group g ON g.id = t.group_id AND g.exclusive
WHERE t.id = x.tag_id AND t.archived_at IS NULL AND x.removed_at IS NULL AND x.customer_id = ANY($3) AND x.tag_id <> $2
  AND t.group_id = (SELECT group_id FROM tag WHERE brand_id = $1 AND id = $2)
"""
SET = """
INSERT INTO customer_tag (id, brand_id, tag_id, customer_id, staff_id, batch_id, set_how, set_at, created_at,
  updated_at)
SELECT n.id, $1, $2, n.customer, $5, $6, $7, $4, $4, $4 FROM unnest($8::uuid[], $3::uuid[]) n(id, customer)
ON CONFLICT (tag_id, customer_id) WHERE removed_at IS NULL DO NOTHING RETURNING customer_id
"""
REMOVE = """
UPDATE customer_tag SET removed_at = $4, removed_how = 'staff', removed_by = $5, removed_batch_id = $6, updated_at = $4
WHERE brand_id = $1 AND tag_id = $2 AND customer_id = ANY($3) AND removed_at IS NULL RETURNING customer_id
"""
GONE_ON = """
UPDATE tag_batch SET walked_to = $2, state = $3, customers = customers + $4, displaced = displaced + $5, updated_at = $6
WHERE id = $1
"""
NEXT = """
SELECT b.id, b.brand_id, b.tag_id, b.adding, b.whom, b.walked_to, b.state, b.undone_by, b.staff_id, s.name, s.locale,
  r.timezone, r.currency
FROM tag_batch b JOIN brand r ON r.id = b.brand_id LEFT JOIN staff s ON s.id = b.staff_id
WHERE b.state IN ('running', 'undoing') ORDER BY b.updated_at LIMIT 1 FOR UPDATE OF b SKIP LOCKED
"""
UNDO = """
UPDATE tag_batch SET state = 'undoing', walked_to = NULL, undone_at = $2, undone_by = $3, updated_at = $2 WHERE id = $1
"""


async def tag_customers(actor: Actor, tag_id: UUID, whom: Sequence[UUID] | Whom, *, adding: bool) -> UUID:
    """Sets a tag, or takes it away: of these customers (at most MOST_AT_ONCE), or of those of a list, of whom the first
    MOST_AT_ONCE are done here and now and the others in the background. The batch's id, for `undo_tagging`.

    Of an exclusive group the other tag gives way, which the batch counts. Raises Refusal NOT_FOUND (the tag, a
    customer out of reach), FORBIDDEN (a customer that the operation does not reach, a list for who works at the
    counter), INVALID (a tag that is not set by hand), TOO_MANY.
    """
    operation = "tagCustomers" if adding else "untagCustomers"
    reach = allow(actor, operation)
    async with db.tx():
        await hold_tags(actor.brand_id, shared=True)
        tag = await _by_hand(actor, tag_id)
        listed = isinstance(whom, Whom)
        if listed and not (reach.all_stores is None or reach.all_stores):
            raise Refusal(ErrorCode.FORBIDDEN, "whom")
        key = new_id()
        said = codec.dumps(whom) if listed else None
        await db.execute(BEGIN, key, actor.brand_id, tag.id, actor.id, adding, said, clock.now())
        if isinstance(whom, Whom):
            await _walk(actor, key, tag, whom, None, adding)
        else:
            ids = await _within(actor, operation, whom)
            await _change(actor.brand_id, actor.ref, key, tag, ids, adding, None, BatchState.DONE)
    return key


async def _by_hand(actor: Actor, tag_id: UUID) -> TagView:
    found = await queries.tag(actor, tag_id)
    if found is None or found.archived_at:
        raise Refusal(ErrorCode.NOT_FOUND, "tagId")
    if found.kind is not TagKind.STATIC:
        raise Refusal(ErrorCode.INVALID, "tagId", f"tag_is_{found.kind.value}")
    return found


async def _within(actor: Actor, operation: str, ids: Sequence[UUID]) -> list[UUID]:
    """Who is meant, each of them within the operation's reach; an old id means whom she was merged into."""
    if not ids:
        raise Refusal(ErrorCode.REQUIRED, "customerIds")
    if len(ids) > MOST_AT_ONCE:
        raise Refusal(ErrorCode.TOO_MANY, "customerIds", "tag_many", most=MOST_AT_ONCE)
    reach = allow(actor, operation)
    views = await customers.customers_by_id(actor, list(dict.fromkeys(ids)))
    if any(view is None for view in views):
        raise Refusal(ErrorCode.NOT_FOUND, "customerIds")
    if not all(view and customers.may_touch(reach, view) for view in views):
        raise Refusal(ErrorCode.FORBIDDEN, "customerIds")
    return sorted({view.id for view in views if view})


async def _walk(actor: Actor, key: UUID, tag: TagView, whom: Whom, after: UUID | None, adding: bool) -> int:
    """The next chunk of a list, the newest first, so that nobody who comes meanwhile is met; how many there were."""
    found = await queries.page_of(actor, whom, MOST_AT_ONCE, after)
    reach = allow(actor, "tagCustomers" if adding else "untagCustomers")
    ids = sorted(view.id for view in found if customers.may_touch(reach, view))
    state = BatchState.RUNNING if len(found) == MOST_AT_ONCE else BatchState.DONE
    to = found[-1].id if found else after
    await _change(actor.brand_id, actor.ref, key, tag, ids, adding, to, state)
    return len(found)


async def _change(
    brand_id: UUID,
    who: tuple[str, UUID | None],
    key: UUID,
    tag: TagView,
    ids: Sequence[UUID],
    adding: bool,
    to: UUID | None,
    state: BatchState,
) -> None:
    """Sets the tag of these customers, or takes it away, and goes on with the batch; one event."""
    now, by = clock.now(), who[1]
    held = [row[0] for row in await db.fetch(HOLD, brand_id, list(ids))]
    place: tuple[Any, ...] = (brand_id, tag.id, held, now, by, key)
    displaced = await db.execute(DISPLACE, *place) if adding else 0
    rows = await db.fetch(SET, *place, "staff", new_ids(len(held))) if adding else await db.fetch(REMOVE, *place)
    await db.execute(GONE_ON, key, to, state.value, len(rows), displaced, now)
    await tell(brand_id, who, tag.id, [row[0] for row in rows], batch=key, adding=adding)


async def tell(brand_id: UUID, who: tuple[str, UUID | None], tag_id: UUID, ids: Sequence[UUID], **more: Any) -> None:
    """These customers' tags have changed: rules that ask for tags look at them again."""
    data = {"customers": sorted(ids), **more}
    await events.record(brand_id, "customers.tagged", who, ("tag", tag_id), data)


async def undo_tagging(actor: Actor, key: UUID) -> UUID:
    """Restores what a batch changed: its tag goes or comes back, and so does what gave way to it, unless somebody
    changed that meanwhile, which is counted in `kept`. A large one goes on in the background.

    Raises Refusal NOT_FOUND, NOT_UNDOABLE (30 days ago, done already).
    """
    allow(actor, "undoTagging")
    async with db.tx():
        await hold_tags(actor.brand_id, shared=True)
        await db.fetch("SELECT id FROM tag_batch WHERE brand_id = $1 AND id = $2 FOR UPDATE", actor.brand_id, key)
        batch = await queries.tag_batch(actor, key)
        if batch is None:
            raise Refusal(ErrorCode.NOT_FOUND, "id")
        now = clock.now()
        if not queries.undoable(batch, now):
            raise Refusal(ErrorCode.NOT_UNDOABLE, "id", "tagging_undone" if batch.undone_at else "tagging_late")
        await db.execute(UNDO, key, now, actor.id)
        await undo_chunk(actor.brand_id, actor.ref, key, batch.tag_id, None)
    return key


async def sweep_tagging(limit: int) -> int:
    """Goes on with a batch, or with its undo; how many customers there were."""
    async with db.tx():
        row = await db.fetch_row(NEXT)
        if row is None:
            return 0
        key, brand_id, tag_id, adding, whom, to, state, undone_by, staff_id = row[:9]
        await hold_tags(brand_id, shared=True)
        if BatchState(state) is BatchState.UNDOING:
            return await undo_chunk(brand_id, ("staff", undone_by), key, tag_id, to)
        grants = await identity.grants(brand_id, staff_id)
        system = await identity.system_actor(brand_id)
        tag = await queries.tag(system, tag_id)
        if tag is None or tag.archived_at or not grants:  # whoever began it has left, or it was put away meanwhile
            await db.execute(GONE_ON, key, to, BatchState.DONE.value, 0, 0, clock.now())
            return 1
        actor = Actor("staff", staff_id, brand_id, row[9], Locale(row[10]), row[11], row[12], grants)
        return max(1, await _walk(actor, key, tag, codec.load(whom, Whom), to, adding))


async def place_from_file(
    brand_id: UUID, batch_id: UUID, pairs: Sequence[tuple[UUID, UUID]], now: datetime
) -> dict[UUID, list[UUID]]:
    """Sets the tags that a file tells of (customer, tag), as its own; who got one, and which. What is set already stays
    whoever set it; of an exclusive group the other gives way. Joins the caller's transaction.
    """
    if not pairs:
        return {}
    await hold_tags(brand_id, shared=True)
    held = {row[0] for row in await db.fetch(HOLD, brand_id, sorted({one for one, _ in pairs}))}
    found: dict[UUID, list[UUID]] = {}
    for tag_id in sorted({tag for _, tag in pairs}):
        ids = sorted(customer for customer, tag in set(pairs) if tag == tag_id and customer in held)
        place = (brand_id, tag_id, ids, now, None, batch_id)
        await db.execute(DISPLACE, *place)
        rows = await db.fetch(SET, *place, "import", new_ids(len(ids)))
        for row in rows:
            found.setdefault(row[0], []).append(tag_id)
        if rows:
            await tell(brand_id, events.SYSTEM, tag_id, [row[0] for row in rows], batch=batch_id, adding=True)
    return found
