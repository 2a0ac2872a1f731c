"""What rules may ask of this room: her chance of an order, and her labels; told while they are fresh."""

from collections.abc import Iterator

from shuke.domains.predictions import rules
from shuke.domains.predictions.types import Label
from shuke.kit.rules import Fact, Kind, Option

GROUP = "predictions"
SCORED = frozenset(("predictions.scored",))
HERS = (
    "FROM customer_prediction p WHERE p.customer_id = c.id AND (p.expires_at AT TIME ZONE z.timezone)::date > t.today"
)
FLIP = "(SELECT (p.expires_at AT TIME ZONE z.timezone)::date FROM customer_prediction p WHERE p.customer_id = c.id)"
CHANCE = f"(SELECT round((p.order_90 * 100)::numeric) {HERS})"
LABELS = f"ARRAY(SELECT unnest(p.labels) {HERS})"


def facts() -> Iterator[Fact]:
    """A chance is asked in percent."""
    words = {"zh-CN": "90 天内会来买的把握（%）", "en": "chance of an order within 90 days (%)"}
    yield Fact("prediction.p_order_90", Kind.NUMBER, CHANCE, words, GROUP, SCORED, flip=FLIP, profiling=True)
    options = tuple(
        Option(label.value, {locale: rules.label_name(label, locale) for locale in ("zh-CN", "en")}) for label in Label
    )
    words = {"zh-CN": "预测标签", "en": "predicted labels"}
    yield Fact("prediction.labels", Kind.SET, LABELS, words, GROUP, SCORED, options=options, flip=FLIP, profiling=True)
