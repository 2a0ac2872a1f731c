"""Who is in which segment: looked at again whenever something happened to her, or time alone may have changed it.

A customer's watch row is the timer and the lock in one: whoever looks at her holds it, so that what was read before a
change never overwrites what was read after it.
"""

import logging
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, TypeAlias
from uuid import UUID

from shuke.domains.segments import queries
from shuke.domains.segments.queries import Plan
from shuke.domains.segments.rules import expanded
from shuke.kit import clock, codec, db, events
from shuke.kit.ids import new_ids
from shuke.kit.rules import Statement, conditions

log = logging.getLogger(__name__)

Pair: TypeAlias = tuple[UUID, UUID]
"""A segment and a customer."""

TOUCH = """
INSERT INTO segment_watch AS w (customer_id, brand_id, due_at)
SELECT c.id, c.brand_id, $3 FROM customer c WHERE c.brand_id = $1 AND c.id = ANY($2)
  AND EXISTS (SELECT FROM segment WHERE brand_id = $1 AND kind = 'rule' AND archived_at IS NULL)
ORDER BY c.id ON CONFLICT (customer_id) DO UPDATE SET due_at = least(w.due_at, excluded.due_at)
"""
HOLD = """
INSERT INTO segment_watch AS w (customer_id, brand_id) SELECT u.id, $1 FROM unnest($2::uuid[]) u(id) ORDER BY u.id
ON CONFLICT (customer_id) DO UPDATE SET brand_id = w.brand_id
"""
CLAIM = """
SELECT brand_id, customer_id FROM segment_watch WHERE due_at <= $1 ORDER BY due_at LIMIT $2 FOR UPDATE SKIP LOCKED
"""
PUT_OFF = "UPDATE segment_watch SET due_at = $2 WHERE customer_id = ANY($1)"
WATCHED = "SELECT customer_id FROM segment_watch WHERE customer_id = ANY($1) ORDER BY customer_id FOR UPDATE"
NEXT = """
UPDATE segment_watch w SET due_at = CASE WHEN $3 THEN n.due ELSE least(w.due_at, n.due) END
FROM unnest($1::uuid[], $2::timestamptz[]) n(id, due) WHERE w.customer_id = n.id
"""
# whoever archives one of them waits, or has done so: nobody enters it then
IN_USE = "SELECT id FROM segment WHERE id = ANY($1) AND archived_at IS NULL ORDER BY id FOR NO KEY UPDATE"
ENTER = """
INSERT INTO segment_member (id, brand_id, segment_id, customer_id, entered_at, entered_by, created_at, updated_at)
SELECT n.id, $1, n.segment, n.customer, $2, n.reason, $2, $2
FROM unnest($3::uuid[], $4::uuid[], $5::uuid[], $6::jsonb[]) n(id, segment, customer, reason)
ON CONFLICT (segment_id, customer_id) WHERE left_at IS NULL DO NOTHING
"""
LEAVE = """
UPDATE segment_member m SET left_at = $1, left_by = n.reason, updated_at = $1
FROM unnest($2::uuid[], $3::uuid[], $4::jsonb[]) n(segment, customer, reason)
WHERE m.segment_id = n.segment AND m.customer_id = n.customer AND m.left_at IS NULL
"""
COUNT = """
UPDATE segment s SET members = s.members + n.by FROM (
  SELECT g.id, w.by FROM segment g JOIN unnest($1::uuid[], $2::int[]) w(id, by) ON w.id = g.id
  ORDER BY g.id FOR NO KEY UPDATE OF g) n
WHERE s.id = n.id
"""
HELD = "SELECT segment_id, customer_id FROM segment_member WHERE customer_id = ANY($1) AND left_at IS NULL"
GONE = """
SELECT m.segment_id, m.customer_id FROM segment_member m JOIN segment g ON g.id = m.segment_id AND g.kind = 'rule'
WHERE m.customer_id = ANY($1) AND m.left_at IS NULL
"""
UNFILLED = "SELECT id FROM segment WHERE filled_at IS NULL AND archived_at IS NULL ORDER BY id"
FILL = """
SELECT brand_id, filling, filled_to FROM segment WHERE id = $1 AND filled_at IS NULL AND archived_at IS NULL
  AND pg_try_advisory_xact_lock(hashtextextended('segment/' || id, 0))
"""
CHUNK = """
SELECT id FROM customer WHERE brand_id = $1 AND ($2::uuid IS NULL OR id > $2) AND merged_into_id IS NULL
  AND erased_at IS NULL ORDER BY id LIMIT $3
"""
# begun anew meanwhile, it stays where that put it
FILLED = """
UPDATE segment SET filled_to = $3, filled_at = $4 WHERE id = $1 AND filling = $2 AND filled_at IS NULL
"""
A_CHUNK = 2000
"""Customers whom a new rule looks at in one transaction, or who are named in one event."""
PATIENCE = timedelta(minutes=1)
"""How long customers wait who could not be looked at."""


async def touch(brand_id: UUID, customer_ids: Sequence[UUID]) -> None:
    """Something happened to these customers: they are looked at within seconds. Joins the caller's transaction."""
    if customer_ids:
        await db.execute(TOUCH, brand_id, sorted(set(customer_ids)), clock.now())


async def members_held(customer_ids: Sequence[UUID]) -> set[Pair]:
    """In which segments these customers are, for `shift_members`."""
    return {(row[0], row[1]) for row in await db.fetch(HELD, list(customer_ids))}


async def shift_members(brand_id: UUID, before: set[Pair], after: set[Pair]) -> None:
    """Keeps the segments' counts true, and tells who has left, when customers were removed together with their
    memberships.
    """
    gone = sorted(before - after)
    by = Counter(segment for segment, _ in gone)
    if by:
        await db.execute(COUNT, list(by), [-many for many in by.values()])
    await tell_left(brand_id, gone)


async def hold_watched(customer_ids: Sequence[UUID]) -> None:
    """Waits for whoever looks at these customers, and keeps them from being looked at until the transaction's end; call
    it before anything of theirs is locked.
    """
    await db.fetch(WATCHED, list(customer_ids))


async def sweep_members(limit: int) -> int:
    """Looks at the customers whose time has come; how many there were. A brand whose rules cannot be asked keeps no
    other waiting: its customers come again later.
    """
    now = clock.now()
    async with db.tx():
        due = defaultdict(list)
        for brand_id, customer_id in await db.fetch(CLAIM, now, limit):
            due[brand_id].append(customer_id)
        for brand_id, ids in due.items():
            try:
                async with db.attempt():
                    await _look(brand_id, sorted(ids), await queries.plan(brand_id), now, whole=True)
            except Exception:
                log.exception("the rules of brand %s could not be asked", brand_id)
                await db.execute(PUT_OFF, ids, now + PATIENCE)
    return sum(map(len, due.values()))


async def sweep_fills(limit: int) -> int:
    """Lets a new rule, or a changed one, look at the next chunk of its brand's customers; how many there were. One that
    cannot be asked keeps no other waiting.
    """
    for row in await db.fetch(UNFILLED):
        try:
            if found := await _fill(row[0], limit, clock.now()):
                return found
        except Exception:
            log.exception("the rule of segment %s could not be asked", row[0])
    return 0


async def _fill(segment_id: UUID, limit: int, now: datetime) -> int:
    """0: it has looked at everybody meanwhile, or another worker is at it."""
    async with db.tx():
        row = await db.fetch_row(FILL, segment_id)
        if row is None:
            return 0
        brand_id, filling, done = row
        ids = [one[0] for one in await db.fetch(CHUNK, brand_id, done, max(limit, A_CHUNK))]
        await db.execute(HOLD, brand_id, ids)
        plan = await queries.plan(brand_id, segment_id)
        if ids and plan.live:
            await _look(brand_id, ids, plan, now, whole=False)
        await db.execute(FILLED, segment_id, filling, ids[-1] if ids else done, None if ids else now)
    return max(len(ids), 1)


async def _look(brand_id: UUID, ids: Sequence[UUID], plan: Plan, now: datetime, *, whole: bool) -> None:
    """Evaluates the plan's rules for customers whose watch rows are held, and puts down what changed.

    `whole`: these are all rules, so that the next moment replaces the one that stands there.
    """
    rows = await plan.ask(ids, now) if plan.live else []
    entered: list[Pair] = []
    left: list[Pair] = []
    for key, holds, inside, _ in rows:
        for segment, fits in zip(plan.live, holds, strict=True):
            if fits is not (segment.id in inside):
                (entered if fits else left).append((segment.id, key))
    asked = {row[0] for row in rows}
    if whole and (gone := [key for key in ids if key not in asked]):
        left += [tuple(row) for row in await db.fetch(GONE, gone)] if plan.live else []
    await _put_down(brand_id, plan, entered, left, now, filling=not whole)
    due = {row[0]: row[3] for row in rows}
    await db.execute(NEXT, list(ids), [due.get(key) for key in ids], whole)


async def _put_down(
    brand_id: UUID, plan: Plan, entered: Sequence[Pair], left: Sequence[Pair], now: datetime, *, filling: bool
) -> None:
    if not entered and not left:
        return
    reasons = await _reasons(brand_id, plan, [*entered, *left], now)
    in_use = {row[0] for row in await db.fetch(IN_USE, sorted({segment for segment, _ in (*entered, *left)}))}
    entered = [pair for pair in entered if pair[0] in in_use]
    left = [pair for pair in left if pair[0] in in_use]
    if entered:
        segments, people = zip(*entered, strict=True)
        told = [reasons[pair] for pair in entered]
        await db.execute(ENTER, brand_id, now, new_ids(len(entered)), list(segments), list(people), told)
    if left:
        segments, people = zip(*left, strict=True)
        await db.execute(LEAVE, now, list(segments), list(people), [reasons[pair] for pair in left])
    by: dict[UUID, int] = defaultdict(int)
    for pairs, step in ((entered, 1), (left, -1)):
        for segment, _ in pairs:
            by[segment] += step
    await db.execute(COUNT, list(by), list(by.values()))
    await _tell(brand_id, entered, left, filling=filling)


async def tell_left(brand_id: UUID, pairs: Sequence[Pair]) -> None:
    """These have left by something else than their rule. Joins the caller's transaction, which put it down."""
    for start in range(0, len(pairs), A_CHUNK):
        await _tell(brand_id, (), pairs[start : start + A_CHUNK], filling=False)


async def _tell(brand_id: UUID, entered: Sequence[Pair], left: Sequence[Pair], *, filling: bool) -> None:
    if entered or left:
        data = {"entered": _by_segment(entered), "left": _by_segment(left), "filling": filling}
        await events.record(brand_id, "segments.changed", events.SYSTEM, ("segment", None), data)


def _by_segment(pairs: Sequence[Pair]) -> dict[str, list[UUID]]:
    found: dict[str, list[UUID]] = defaultdict(list)
    for segment, customer in pairs:
        found[str(segment)].append(customer)
    return found


async def _reasons(brand_id: UUID, plan: Plan, pairs: Sequence[Pair], now: datetime) -> Mapping[Pair, str]:
    """What each condition of the rule sees, as JSON beside the rule's version."""
    versions = {one.id: one.version for one in plan.live}
    segments = sorted({segment for segment, _ in pairs if segment in versions})
    statement = Statement(plan.catalogue, brand_id, now)
    who = statement.arg([], "uuid[]")
    columns = ", ".join(f"{seen(statement, plan, key)}::text" for key in segments)
    told: dict[Pair, Any] = {}
    if columns:
        sql = f"SELECT c.id, {columns} {statement.people} AND c.id = ANY({who})"
        people = list({customer for _, customer in pairs})
        for row in await db.fetch(sql, brand_id, now, people, *statement.args[3:]):
            told |= {(segment, row[0]): text for segment, text in zip(segments, row[1:], strict=True)}
    return {
        pair: codec.dumps({"version": versions.get(pair[0], 0), "seen": codec.loads(told.get(pair) or "[]")})
        for pair in pairs
    }


def seen(statement: Statement, plan: Plan, segment_id: UUID) -> str:
    """SQL: what each condition of a segment's rule sees; null where it asks for another segment."""
    return statement.seen(
        [one if expanded(one, plan.trees) is one else None for one in conditions(plan.trees[segment_id])]
    )
