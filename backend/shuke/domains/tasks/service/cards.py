"""A customer's card: opened by a first reason, joined by further ones, left when none holds any more."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from shuke.domains.tasks import rules
from shuke.domains.tasks.types import Card, LastOutcome, NewReason, Outcome, Reason, Standing, TaskState
from shuke.kit import clock, codec, db

# Whoever changes which card of a customer is open holds its lock, by the name that db.lock("card", id) takes too.
LOCK_CARDS = """
SELECT pg_advisory_xact_lock(hashtextextended('card/' || id, 0)) FROM (SELECT unnest($1::text[]) AS id ORDER BY 1) x
"""
HOMES = """
SELECT c.id, c.store_id, s.timezone, g.id, c.refusals FROM customer c JOIN store s ON s.id = c.store_id
LEFT JOIN staff g ON g.id = c.guide_id AND g.left_at IS NULL
WHERE c.brand_id = $1 AND c.id = ANY($2) AND c.merged_into_id IS NULL AND c.erased_at IS NULL
"""
CARDS = """
SELECT t.id, t.customer_id, t.store_id, t.assignee_id, s.timezone, t.reasons, t.state, t.due_at, t.remind_at,
  t.expires_at, t.attempts, t.outcome, t.note, t.follow_up_at, t.closed_at, t.closed_by_id, t.before
FROM task t JOIN store s ON s.id = t.store_id
"""
OPEN_CARDS = CARDS + "WHERE t.customer_id = ANY($1) AND t.state = 'open' ORDER BY t.id FOR UPDATE OF t"
ONE_CARD = CARDS + "WHERE t.id = $1 FOR UPDATE OF t"
KNOWN = """
SELECT (r ->> 'id')::uuid FROM task t, jsonb_array_elements(t.reasons) r WHERE t.customer_id = ANY($1)
"""
OPEN = """
INSERT INTO task (id, brand_id, customer_id, store_id, assignee_id, reasons, due_at, remind_at, expires_at, state)
SELECT x.id, $1, x.customer, x.store, x.assignee, x.reasons::jsonb, x.due, x.remind, x.expires, 'open'
FROM unnest($2::uuid[], $3::uuid[], $4::uuid[], $5::uuid[], $6::text[], $7::timestamptz[], $8::timestamptz[],
  $9::timestamptz[]) AS x (id, customer, store, assignee, reasons, due, remind, expires)
"""
SAVE = """
UPDATE task SET reasons = $2, state = $3, due_at = $4, remind_at = $5, expires_at = $6, attempts = $7, outcome = $8,
  note = $9, follow_up_at = $10, closed_at = $11, closed_by_id = $12, before = $13, version = version + 1,
  updated_at = $14
WHERE id = $1
"""
FOLLOW_OWNER = """
UPDATE task t SET assignee_id = g.id, store_id = c.store_id, moved_by = NULL, version = t.version + 1, updated_at = $3
FROM customer c LEFT JOIN staff g ON g.id = c.guide_id AND g.left_at IS NULL
WHERE t.state = 'open' AND t.customer_id = c.id AND c.brand_id = $1 AND c.id = ANY($2)
  AND (t.assignee_id IS DISTINCT FROM g.id OR t.store_id <> c.store_id)
"""


@dataclass(slots=True, frozen=True)
class CardRow:
    """A card locked for a change."""

    card: Card
    customer_id: UUID
    store_id: UUID
    assignee_id: UUID | None
    zone: str
    reasons: tuple[Reason, ...]


def card_row(row: Any) -> CardRow:
    state, due, remind, expires, attempts, outcome, note, follow_up, closed_at, closed_by, before = tuple(row)[6:]
    standing = Standing(
        *(TaskState(state), due, remind, expires, attempts, Outcome(outcome) if outcome else None),
        *(note, follow_up, closed_at, closed_by),
    )
    last = codec.load(before, LastOutcome) if before else None
    return CardRow(Card(row[0], standing, last), row[1], row[2], row[3], row[4], codec.load(row[5], tuple[Reason, ...]))


async def save(row: CardRow, standing: Standing, last: LastOutcome | None, reasons: tuple[Reason, ...]) -> None:
    await db.execute(
        SAVE,
        *(row.card.id, codec.dumps(reasons), standing.state.value, standing.due_at, standing.remind_at),
        *(standing.expires_at, standing.attempts, standing.outcome.value if standing.outcome else None),
        *(standing.note, standing.follow_up_at, standing.closed_at, standing.closed_by),
        *(codec.dumps(last) if last else None, clock.now()),
    )


async def add_reason(
    brand_id: UUID, customer_id: UUID, effect_id: UUID, reason: Reason, due_at: datetime, expires_at: datetime
) -> None:
    """One reason to contact a customer: `add_reasons` for a single one."""
    await add_reasons(brand_id, [NewReason(customer_id, replace(reason, id=effect_id, due_at=due_at), expires_at)])


async def add_reasons(brand_id: UUID, news: Sequence[NewReason]) -> None:
    """Opens each customer's card, or joins the one that is open; a reason whose id was ever used adds nothing, nor does
    one for which she wants to be reached by nobody.

    Joins the caller's transaction. A new card has its first reason's id and goes to the customer's guide, or, where
    she has none, to the store's pool. At most a few hundred at a time: each customer's card is locked.
    """
    by_customer: dict[UUID, list[NewReason]] = defaultdict(list)
    for new in news:
        by_customer[new.customer_id].append(new)
    ids = list(by_customer)
    async with db.tx():
        await db.fetch(LOCK_CARDS, [str(key) for key in ids])
        homes = {row[0]: (*row[1:4], codec.loads(row[4])) for row in await db.fetch(HOMES, brand_id, ids)}
        open_cards = {row[1]: card_row(row) for row in await db.fetch(OPEN_CARDS, ids)}
        known = {row[0] for row in await db.fetch(KNOWN, ids)}
        opened = []
        for customer_id, group in by_customer.items():
            if customer_id not in homes:
                continue
            *home, refusals = homes[customer_id]
            fresh = [new for new in group if new.reason.id not in known and rules.wanted(new.reason, refusals)]
            if not fresh:
                continue
            if customer_id in open_cards:
                await join(open_cards[customer_id], fresh)
            else:
                opened.append(_opening(customer_id, home, fresh))
        if opened:
            await db.execute(OPEN, brand_id, *map(list, zip(*opened, strict=True)))


def _opening(customer_id: UUID, home: Sequence[Any], fresh: Sequence[NewReason]) -> tuple[Any, ...]:
    """A new card's columns, as OPEN takes them."""
    store_id, zone, guide_id = home
    reasons = rules.merged(new.reason for new in fresh)
    due_at = reasons[0].due_at
    remind_at = rules.remind_at(due_at, clock.now(), zone)
    expires_at = max(new.expires_at for new in fresh)
    return reasons[0].id, customer_id, store_id, guide_id, codec.dumps(reasons), due_at, remind_at, expires_at


async def join(row: CardRow, fresh: Sequence[NewReason]) -> None:
    """Further reasons on an open card; undo of an earlier outcome does not lose them."""
    due_at, expires_at = min(new.reason.due_at for new in fresh), max(new.expires_at for new in fresh)
    now, last = clock.now(), row.card.last
    if last is not None:
        last = replace(last, before=rules.joined(last.before, due_at, expires_at, now, row.zone))
    standing = rules.joined(row.card.standing, due_at, expires_at, now, row.zone)
    await save(row, standing, last, rules.merged([*row.reasons, *(new.reason for new in fresh)]))


async def withdraw_reasons(brand_id: UUID, reasons: Mapping[UUID, Collection[UUID]]) -> None:
    """Takes reasons (ids by customer) that no longer hold off the open cards; a card without any leaves the lists."""
    if not reasons:
        return
    async with db.tx():
        await db.fetch(LOCK_CARDS, [str(key) for key in reasons])
        for found in await db.fetch(OPEN_CARDS, list(reasons)):
            row = card_row(found)
            left = tuple(reason for reason in row.reasons if reason.id not in reasons[row.customer_id])
            if len(left) == len(row.reasons):
                continue
            if left:
                due_at = max(row.card.standing.due_at, left[0].due_at)
                await save(row, replace(row.card.standing, due_at=due_at), row.card.last, left)
            else:
                gone = replace(row.card.standing, state=TaskState.EXPIRED, remind_at=None)
                await save(row, gone, None, row.reasons)


async def withdraw_unwanted(brand_id: UUID, customer_id: UUID) -> None:
    """Takes what she does not want to be contacted about off her open card, by what holds now."""
    async with db.tx():
        await db.lock("card", customer_id)
        refusals = codec.loads(await db.fetch_value("SELECT refusals FROM customer WHERE id = $1", customer_id))
        rows = [card_row(found) for found in await db.fetch(OPEN_CARDS, [customer_id])]
        unwanted = {reason.id for row in rows for reason in row.reasons if not rules.wanted(reason, refusals)}
        await withdraw_reasons(brand_id, {customer_id: unwanted})


async def follow_owner(brand_id: UUID, customer_ids: Sequence[UUID]) -> None:
    """Open cards go where their customers went: to the new guide, or to the pool of the new store."""
    await db.execute(FOLLOW_OWNER, brand_id, list(customer_ids), clock.now())
