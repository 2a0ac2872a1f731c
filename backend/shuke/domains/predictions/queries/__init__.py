"""Reads: models and what they are worth, what is thought of a customer, who has a label."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from shuke.domains.identity import queries as identity
from shuke.domains.identity.service import allow
from shuke.domains.identity.types import Actor, Locale, Staff
from shuke.domains.predictions import rules
from shuke.domains.predictions.types import (
    Chances,
    Label,
    Labelled,
    LabelView,
    Lack,
    Learned,
    Line,
    ModelState,
    ModelView,
    Page,
    Report,
    Seen,
    Target,
)
from shuke.kit import clock, codec, db

NEWEST = """
SELECT DISTINCT ON (target) id, target, number, state, as_of, created_at, report, lack, line FROM prediction_model
WHERE brand_id = $1 ORDER BY target, number DESC
"""
BARS = "SELECT label, bar FROM prediction_label WHERE brand_id = $1"
STATE = "SELECT known_as_of, known, due_at <= $2, due_at FROM prediction_state WHERE brand_id = $1"
# told while it is fresh, of whom does not mind
TOLD = """p.brand_id = $1 AND p.expires_at > $2 AND NOT c.refusals ? 'profiling/any' AND c.merged_into_id IS NULL"""
COUNTS = f"""
SELECT l.label, count(*)::int FROM customer_prediction p JOIN customer c ON c.id = p.customer_id
CROSS JOIN LATERAL unnest(p.labels) l(label)
WHERE {TOLD} AND p.labels <> '{{}}' AND ($3::uuid[] IS NULL OR c.store_id = ANY($3)) GROUP BY 1
"""
PEOPLE = f"""
SELECT p.customer_id FROM customer_prediction p JOIN customer c ON c.id = p.customer_id
WHERE {TOLD} AND p.labels @> ARRAY[$4::text] AND ($3::uuid[] IS NULL OR c.store_id = ANY($3))
ORDER BY {{order}}, p.customer_id LIMIT $5
"""
ORDERS = {Label.CHURN_RISK: "p.order_90", Label.LIKELY_BUYER: "p.order_90 DESC", Label.NEW_ITEM_BUYER: "p.new_90 DESC"}
# her guide, or who leads her store
CHANCES = f"""
SELECT p.customer_id, p.as_of, p.expires_at, p.order_30, p.order_90, p.new_90, p.next_on, p.labels, p.why, p.why_new,
  p.seen, p.numbers, o.id, o.name
FROM customer_prediction p JOIN customer c ON c.id = p.customer_id
LEFT JOIN LATERAL (
  SELECT st.id, st.name FROM staff st LEFT JOIN staff_role r ON r.staff_id = st.id AND r.store_id = c.store_id
    AND r.role = 'store_manager'
  WHERE st.left_at IS NULL AND (st.id = c.guide_id OR r.id IS NOT NULL)
  ORDER BY st.id = c.guide_id DESC NULLS LAST, st.id LIMIT 1) o ON true
WHERE {TOLD} AND p.customer_id = ANY($3)
"""

LABELS = """
SELECT DISTINCT unnest(labels) FROM customer_prediction
WHERE brand_id = $1 AND customer_id > $2 AND customer_id <= $3 AND labels <> '{}'
"""
LABELLED = f"""
SELECT p.customer_id, p.as_of, p.expires_at, p.order_30, p.order_90, p.new_90, p.next_on, p.labels, p.why, p.why_new,
  p.seen, p.numbers, NULL, NULL
FROM customer_prediction p JOIN customer c ON c.id = p.customer_id
WHERE {TOLD} AND p.customer_id = ANY($3) AND p.labels <> '{{}}' ORDER BY 1
"""


@dataclass(slots=True, frozen=True)
class Model:
    """A target's newest model, with its line."""

    number: int
    learned: Learned


async def newest(brand_id: UUID) -> dict[Target, Model]:
    """What scores are made by now."""
    found = {}
    for row in await db.fetch(NEWEST, brand_id):
        view, line = _model(row), codec.load(row[8], Line) if row[8] else None
        found[view.target] = Model(view.number, Learned(view.state, view.report, line, view.lack))
    return found


async def bars(brand_id: UUID) -> dict[Label, float]:
    """From which chance on customers of the brand are called what."""
    return {**rules.BARS, **{Label(row[0]): row[1] for row in await db.fetch(BARS, brand_id)}}


async def page(actor: Actor) -> Page:
    """What is foretold, how well, and of how many customers of the caller's stores."""
    stores = allow(actor, "predictions").all_stores
    now = clock.now()
    models = [_model(row) for row in await db.fetch(NEWEST, actor.brand_id)]
    counts = {row[0]: row[1] for row in await db.fetch(COUNTS, actor.brand_id, now, stores)}
    held = await bars(actor.brand_id)
    state = await db.fetch_row(STATE, actor.brand_id, now)
    return Page(
        sorted(models, key=lambda model: list(Target).index(model.target)),
        [LabelView(label, held[label], counts.get(label.value, 0)) for label in Label],
        *(state or (None, 0, False, None)),
    )


async def labelled(actor: Actor, label: Label, first: int) -> list[UUID]:
    """Customers of the caller's stores who have a label, the surest first."""
    stores = allow(actor, "predictedCustomers").all_stores
    sql = PEOPLE.format(order=ORDERS[label])
    return [row[0] for row in await db.fetch(sql, actor.brand_id, clock.now(), stores, label.value, first)]


async def chances_of(actor: Actor, ids: list[UUID]) -> list[Chances | None]:
    """A batch by customer, of those whom the caller has before her; None: nothing is thought of her, or a partner's key
    asks, or she refused to be profiled.
    """
    if actor.kind != "staff":
        return [None] * len(ids)
    found = {row[0]: _chances(row) for row in await db.fetch(CHANCES, actor.brand_id, clock.now(), ids)}
    return [found.get(key) for key in ids]


async def labels_between(brand_id: UUID, after: UUID, to: UUID) -> list[Label]:
    """Which labels there are among the customers whose ids lie between these, the last one included."""
    found = {row[0] for row in await db.fetch(LABELS, brand_id, after, to)}
    return [label for label in Label if label.value in found]


async def labelled_among(brand_id: UUID, ids: Sequence[UUID]) -> list[Labelled]:
    """The labels of these customers, a few thousand at a time, in the order of their ids; of none that is no longer
    told, nor of whom refused to be profiled.
    """
    currency = (await identity.brand(brand_id)).currency
    found = []
    for row in await db.fetch(LABELLED, brand_id, clock.now(), list(ids)):
        told = _chances(row)
        found += [_labelled(told, label, currency) for label in told.labels]
    return found


def _labelled(told: Chances, label: Label, currency: str) -> Labelled:
    target = Target.NEW_90 if label is Label.NEW_ITEM_BUYER else Target.ORDER_90
    chance = told.new_90 if target is Target.NEW_90 else told.order_90
    assert chance is not None  # there is no label without
    score = 1 - chance if label is Label.CHURN_RISK else chance
    said = [rules.reasons(told, currency, locale.value, label) for locale in Locale]
    reasons = [dict(zip((locale.value for locale in Locale), words, strict=True)) for words in zip(*said, strict=True)]
    version = f"{target.value}/{told.numbers[list(Target).index(target)]}"
    return Labelled(told.customer_id, label, score, reasons, version, told.expires_at)


def _model(row: Any) -> ModelView:
    report, lack = (codec.load(row[6], Report) if row[6] else None), (Lack(row[7]) if row[7] else None)
    return ModelView(row[0], Target(row[1]), row[2], ModelState(row[3]), row[4], row[5], report, lack)


def _chances(row: Any) -> Chances:
    labels = [label for label in Label if label.value in row[7]]
    owner = Staff(row[12], row[13]) if row[12] else None
    key, as_of, expires_at, soon, later, new, next_on = row[:7]
    seen, why, why_new, numbers = Seen(*row[10]), list(row[8]), list(row[9]), list(row[11])
    return Chances(
        key, as_of, expires_at, soon, later, new, next_on, labels, why, seen, numbers, owner=owner, why_new=why_new
    )
