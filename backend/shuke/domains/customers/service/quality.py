"""What stands on a card and is right although it looks wrong; and how complete cards were, day by day."""

from collections.abc import Sequence
from uuid import UUID

from shuke.domains.customers import queries
from shuke.domains.customers.queries import profile
from shuke.domains.customers.rules import completeness as rules
from shuke.domains.customers.service.checks import reachable
from shuke.domains.customers.service.completeness import refresh_completeness
from shuke.domains.customers.types.quality import KeptDay
from shuke.domains.identity import queries as identity
from shuke.domains.identity.service import allow
from shuke.domains.identity.types import Actor
from shuke.kit import clock, db, events
from shuke.kit.errors import ErrorCode, Refusal
from shuke.kit.ids import new_id

CODE = 80
FACTS = f"SELECT {profile.FACTS_JSON} FROM customer c WHERE c.id = $1"
DISMISS = """
INSERT INTO dismissed_problem (id, brand_id, customer_id, problem, value, staff_id, created_at, updated_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $7) ON CONFLICT (customer_id, problem, value) DO NOTHING
"""
RESTORE = "DELETE FROM dismissed_problem WHERE customer_id = $1 AND problem = $2 AND value = $3"
AT_NIGHT = 3
"""The hour of the store's day from which on its figures are kept."""
# A store's customers by whose they are, once a day: who comes from one guide to another meanwhile is not counted twice.
KEEP = """
INSERT INTO quality_day (id, brand_id, store_id, guide_id, day, customers, score, complete, flawed, full_from)
SELECT gen_random_uuid(), s.brand_id, s.id, c.guide_id, s.day, count(*), sum(c.completeness),
  count(*) FILTER (WHERE c.completeness >= $3), count(*) FILTER (WHERE c.problems <> '{}'), $3
FROM (SELECT s.*, $2::timestamptz AT TIME ZONE s.timezone AS wall, ($2 AT TIME ZONE s.timezone)::date AS day
  FROM store s WHERE s.brand_id = $1) s
JOIN customer c ON c.store_id = s.id AND c.merged_into_id IS NULL AND c.erased_at IS NULL
WHERE extract(hour FROM s.wall) >= $4
  AND NOT EXISTS (SELECT FROM quality_day q WHERE q.store_id = s.id AND q.day = s.day)
GROUP BY s.brand_id, s.id, c.guide_id, s.day
"""


# what was kept in its night stays
RECALL = """
INSERT INTO quality_day (id, brand_id, store_id, guide_id, day, customers, score, complete, flawed, full_from)
SELECT gen_random_uuid(), $1, x.*, $2 FROM unnest($3::uuid[], $4::uuid[], $5::date[], $6::int[], $7::bigint[],
  $8::int[], $9::int[]) AS x (store_id, guide_id, day, customers, score, complete, flawed)
ON CONFLICT (store_id, day, guide_id) DO NOTHING
"""


async def dismiss_problem(actor: Actor, customer_id: UUID, code: str) -> UUID:
    """It is none, with the value that stands there now; with another it is one again. A problem that she does not have
    stays as it is. Who she is now.

    Raises Refusal NOT_FOUND, FORBIDDEN, INVALID for no code of ours.
    """
    return await _decide(actor, "dismissProblem", customer_id, code)


async def restore_problem(actor: Actor, customer_id: UUID, code: str) -> UUID:
    """Takes a dismissal back. Raises as `dismiss_problem`."""
    return await _decide(actor, "restoreProblem", customer_id, code)


async def _decide(actor: Actor, operation: str, customer_id: UUID, code: str) -> UUID:
    reach = allow(actor, operation)
    if len(code) > CODE or rules.field_of(code) is None:
        raise Refusal(ErrorCode.INVALID, "code", "problem_unknown")
    async with db.tx():
        view = await reachable(actor, reach, customer_id, "customerId", "FOR NO KEY UPDATE")
        facts = profile.facts(await db.fetch_value(FACTS, view.id))
        value, now = rules.subject(code, facts), clock.now()
        if operation == "restoreProblem":
            changed = await db.execute(RESTORE, view.id, code, value)
        elif code in await _problems(actor.brand_id, facts):
            changed = await db.execute(DISMISS, new_id(), actor.brand_id, view.id, code, value, actor.id, now)
        else:
            changed = 0
        if changed:
            await refresh_completeness(actor.brand_id, [view.id])
            kind = "restored" if operation == "restoreProblem" else "dismissed"
            data = {"problem": code}
            await events.record(actor.brand_id, f"customer.problem_{kind}", actor.ref, ("customer", view.id), data)
        return view.id


async def _problems(brand_id: UUID, facts: rules.Facts) -> tuple[str, ...]:
    return rules.completeness((await queries.latest(brand_id)).document, facts).problems


async def keep_quality(brand_id: UUID) -> int:
    """Keeps how complete the cards of each store are today, by its clock, where it is past its night and not kept yet;
    how many rows that made. Safe to repeat, and by two at once.
    """
    async with db.tx():
        await db.lock("quality", brand_id)
        full_from = (await queries.latest(brand_id)).document.full_from
        count = await db.execute(KEEP, brand_id, clock.now(), full_from, AT_NIGHT)
        if count:
            await events.record(brand_id, "quality.kept", events.SYSTEM, ("brand", brand_id), {"rows": count})
        return count


async def recall_quality(brand_id: UUID, days: Sequence[KeptDay]) -> int:
    """Puts down how complete cards were on days of which nothing was kept; how many rows are new. Joins the caller's
    transaction.
    """
    rows = [
        (one.store_id, one.guide_id, one.day, counts.customers, counts.score, counts.full, counts.flawed)
        for one in days
        for counts in (one.counts,)
    ]
    if not rows:
        return 0
    full_from = (await queries.latest(brand_id)).document.full_from
    return await db.execute(RECALL, brand_id, full_from, *(list(column) for column in zip(*rows, strict=True)))


async def keep_quality_where_it_is_day() -> None:
    """For every brand; call it once an hour. A day on which nothing ran is not made up for: what cards were is gone."""
    for brand in await identity.brands():
        await keep_quality(brand.id)
