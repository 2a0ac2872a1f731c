"""What is thought of a customer, in a guide's words."""

from datetime import date, datetime
from typing import Any

import strawberry

from shuke.api.context import Info
from shuke.api.identity import Staff
from shuke.domains.predictions import rules
from shuke.domains.predictions.types import Chances, Label

strawberry.enum(
    Label,
    name="PredictionLabelKey",
    description="高流失风险: has come within a year, and probably not within 90 days; 潜在复购用户: probably within 90 "
    "days; 新品潜在买家: probably buys something new within 90 days.",
)


@strawberry.type(description="What a customer is called, and why.")
class PredictedLabel:
    label: Label = strawberry.field(description="Its key.")
    name: str = strawberry.field(description="In the caller's language.")
    action: str = strawberry.field(description="The one thing to do.")
    reasons: list[str] = strawberry.field(description="At most three, the weightiest first.")


@strawberry.type(description="What is thought of a customer; a guess, with what it rests on.")
class CustomerPrediction:
    as_of: date = strawberry.field(description="The last day whose orders it knows.")
    expires_at: datetime = strawberry.field(description="When it is no longer told, unless it is made anew.")
    order_30: float | None = strawberry.field(
        description="Chance of an order within 30 days, 0 to 1; null: too little history."
    )
    order_90: float | None = strawberry.field(
        description="Chance of an order within 90 days, 0 to 1; null: too little history."
    )
    new_90: float | None = strawberry.field(
        description="Chance that within 90 days she buys an article that is new to the brand, or from a category new "
        "to her; null: too little history."
    )
    next_on: date | None = strawberry.field(
        description="The day by which it is as likely as not that she has come; null: not within a year."
    )
    owner: Staff | None = strawberry.field(
        description="Whose it is to do something: her guide, else who leads her store."
    )

    @strawberry.field(description="Chance of no order within 90 days, 0 to 1.")
    def churn(self: Any) -> float | None:
        told: Chances = self
        return None if told.order_90 is None else 1 - told.order_90

    @strawberry.field(description="What speaks for or against an order, at most three, the weightiest first.")
    def reasons(self: Any, info: Info) -> list[str]:
        return rules.reasons(self, info.context.require().currency, info.context.locale)

    @strawberry.field(description="The one thing to do.")
    def action(self: Any, info: Info) -> str:
        return rules.action(self.labels, info.context.locale)

    @strawberry.field(description="What she is called.")
    def labels(self: Any, info: Info) -> list[PredictedLabel]:
        told: Chances = self
        locale, currency = info.context.locale, info.context.require().currency
        return [
            PredictedLabel(
                label=label,
                name=rules.label_name(label, locale),
                action=rules.action([label], locale),
                reasons=rules.reasons(told, currency, locale, label),
            )
            for label in told.labels
        ]

    @classmethod
    def is_type_of(cls, obj: object, info: Any) -> bool:
        return isinstance(obj, Chances)
