"""What is decided: whether there is enough to learn from, who goes live, what a chance means, and in which words."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta

from shuke.domains.predictions.types import Chances, Label, Lack, ModelState, Worth
from shuke.kit import i18n
from shuke.kit.money import to_main

LEAD = 45
"""Days of orders that a window needs before it, for what customers did to be seen in."""
LEAST_BUYERS, LEAST_CASES = 200, 30
STEP, WINDOWS = 30, 4
"""Learned from are so many windows, so many days apart, the newest first."""
SAMPLE = 20_000
"""Customers of a window that are learned from at most, chosen by their id."""
FRESH = timedelta(days=7)
"""So long is a chance told; then nobody knows any more."""
WORTH_SAVING = 365
"""Who has not come for longer is no risk of churn: she has left."""
BARS: Mapping[Label, float] = {Label.CHURN_RISK: 0.66, Label.LIKELY_BUYER: 0.66, Label.NEW_ITEM_BUYER: 0.5}
"""What brands begin with."""
REASONS = ("recency", "often", "basket", "known", "refunds")
"""What weights add up to, in the order in which `Chances.why` numbers them from 1."""
SHOWN = 3


def windows(first: date, newest: date) -> list[date]:
    """The days that a model learns from, newest first: what was known at the end of each, and what came after it."""
    found = [newest - timedelta(days=STEP * place) for place in range(WINDOWS)]
    return [day for day in found if (day - first).days >= LEAD]


def lack(first: date | None, as_of: date, days: int) -> Lack | None:
    """A window is held back, and one more is needed to learn from."""
    if first is None or (as_of - first).days < 2 * days + LEAD:
        return Lack.DAYS
    return None


def lack_of_cases(customers: int, came: int) -> Lack | None:
    """Whether a window says too little."""
    if customers < LEAST_BUYERS:
        return Lack.BUYERS
    return Lack.CASES if min(came, customers - came) < LEAST_CASES else None


def judge(model: Worth, recency: Worth) -> ModelState:
    """A model goes live only if it orders customers better than recency alone, and is nearer to what came."""
    better = model.auc > recency.auc and model.brier < recency.brier
    return ModelState.LIVE if better else ModelState.FALLBACK


def reasons(told: Chances, currency: str, locale: str, about: Label | None = None) -> list[str]:
    """What speaks for or against, the weightiest first, in a guide's words."""
    codes = told.why_new if about is Label.NEW_ITEM_BUYER else told.why
    return [_reason(code, told, currency, locale) for code in codes[:SHOWN]]


def _reason(code: int, told: Chances, currency: str, locale: str) -> str:
    seen = told.seen
    key = f"because_{REASONS[abs(code) - 1]}_{'for' if code > 0 else 'against'}"
    if key == "because_often_against" and seen.visits == 1:
        key = "because_once"
    if REASONS[abs(code) - 1] == "refunds" and not seen.refunds:
        key = "because_kept_all"
    params: dict[str, object] = {
        "silent": seen.silent,
        "last": told.as_of - timedelta(days=seen.silent),
        "visits": seen.visits,
        "known": seen.known,
    }
    basket = f"{round(to_main(seen.basket, currency)):,} {currency}"
    return i18n.say(locale, key, **params, refunds=seen.refunds, basket=basket)


def action(labels: Sequence[Label], locale: str) -> str:
    """The one thing to do: for the label that comes first."""
    first = next((label for label in Label if label in labels), None)
    return i18n.say(locale, f"act_{first.value}" if first else "act_none")


def label_name(label: Label, locale: str) -> str:
    return i18n.say(locale, f"label_{label.value}")
