"""A table of everybody's chances as of some day, taken out at once and kept nowhere."""

from collections.abc import AsyncIterator
from contextlib import aclosing
from dataclasses import dataclass
from datetime import date
from math import isnan
from uuid import UUID

from shuke.domains.identity import queries as identity
from shuke.domains.identity.service import allow
from shuke.domains.identity.types import Actor, Brand
from shuke.domains.predictions import learning, queries, rules
from shuke.domains.predictions.queries import features
from shuke.domains.predictions.service import studying
from shuke.domains.predictions.service.reading import NOBODY, everybody
from shuke.domains.predictions.types import Label, Learned, Target
from shuke.kit import aside, clock, db, zones
from shuke.kit.errors import ErrorCode, Refusal

LEAST, MOST = 7, 365
MEMBERS = """
SELECT customer_id, min(value) FROM customer_identity
WHERE brand_id = $1 AND kind = 'member_no' AND customer_id > $2 AND customer_id <= $3 GROUP BY 1
"""


@dataclass(slots=True, frozen=True)
class Taken:
    """What was learned, and everybody's rows: customer, member number, p_order, p_churn, labels."""

    as_of: date
    order: Learned
    new: Learned
    rows: AsyncIterator[tuple[UUID, str, float, float, list[Label]]]


async def taken_out(actor: Actor, as_of: date | None, days: int) -> Taken:
    """Chances of an order within `days` after the end of `as_of` (None: the last day with an order), by what happened
    until then and nothing later.

    Raises Refusal INVALID: the day has not begun, or the days are out of bounds.
    """
    allow(actor, "retrainPredictions")
    brand, now = await identity.brand(actor.brand_id), clock.now()
    if as_of and as_of > zones.local_date(now, brand.timezone):
        raise Refusal(ErrorCode.INVALID, "asOf", "as_of_future")
    if not LEAST <= days <= MOST:
        raise Refusal(ErrorCode.INVALID, "horizon", "predict_days", least=LEAST, most=MOST)
    end = features.end_of(as_of, brand.timezone) if as_of else now
    span = await studying.span(brand, end)
    day = as_of or (span.last if span else zones.local_date(now, brand.timezone))
    async with db.tx():
        ((order, new),) = await studying.study(brand, span.first if span else day, day, [(days, True)])
    # a line says nothing of days: these two are those of the horizon that was asked for
    found = {Target.ORDER_90: order, Target.NEW_90: new}
    return Taken(day, order, new, _rows(brand, day, found))


async def _rows(
    brand: Brand, day: date, found: dict[Target, Learned]
) -> AsyncIterator[tuple[UUID, str, float, float, list[Label]]]:
    if not found[Target.ORDER_90].line:
        return
    words, bars = aside.Words(), await queries.bars(brand.id)
    scored = aside.aside(learning.score_plain, studying.lines(found), told=words)
    async with aclosing(scored), aclosing(everybody(brand, day, NOBODY)) as chunks:
        async for chunk in chunks:
            words.say(chunk.rows)
            members = {row[0]: row[1] for row in await db.fetch(MEMBERS, brand.id, chunk.after, chunk.to)}
            for key, silent, order, new in await anext(scored):
                customer = UUID(bytes=key)
                yield customer, members.get(customer, ""), order, 1 - order, _labels(silent, order, new, bars)


def _labels(silent: int, order: float, new: float, bars: dict[Label, float]) -> list[Label]:
    holds = {
        Label.CHURN_RISK: 1 - order >= bars[Label.CHURN_RISK] and silent <= rules.WORTH_SAVING,
        Label.LIKELY_BUYER: order >= bars[Label.LIKELY_BUYER],
        Label.NEW_ITEM_BUYER: not isnan(new) and new >= bars[Label.NEW_ITEM_BUYER],
    }
    return [label for label in Label if holds[label]]
