"""Predictions as GraphQL shows them: models, what they are worth, and who has a label."""

from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

import strawberry

from shuke.api.context import Info
from shuke.api.customers.types import Customer
from shuke.api.errors import UserError, write
from shuke.api.pagination import First, page_size
from shuke.domains.customers import queries as customers
from shuke.domains.predictions import queries, rules, service, types
from shuke.domains.predictions.types import Label, Lack, ModelState, Target, Wanted
from shuke.kit import i18n

strawberry.enum(
    Target,
    name="PredictionTarget",
    description="What a model foretells: an order within 30 or 90 days; within 90 days her first of an article that "
    "the brand had not sold before, or of a category new to her.",
)
strawberry.enum(
    ModelState,
    name="PredictionState",
    description="LIVE: it tells more than recency alone. FALLBACK: it does not, and recency alone decides. TOO_LITTLE: "
    "there is too little history, and nobody is scored.",
)
strawberry.enum(Lack, name="PredictionLack", description="What there is too little of.")


@strawberry.type(description="How good chances were on the days that had been held back.")
class PredictionWorth:
    auc: float = strawberry.field(
        description="Of two customers, one of whom did it, how often she had the higher chance; 0.5 is a coin."
    )
    brier: float = strawberry.field(description="Mean square of chance less truth; 0 is perfect.")
    ece: float = strawberry.field(
        description="Expected calibration error: mean distance of a tenth's chance from its rate; 0 is perfect."
    )


@strawberry.type(description="A tenth of the customers, by their chance.")
class PredictionBin:
    said: float = strawberry.field(description="Their mean chance, 0 to 1.")
    came: float = strawberry.field(description="The part of them who did it, 0 to 1.")
    customers: int = strawberry.field(description="How many they are.")


@strawberry.type(description="What the newest days said, which the model had not seen when it was measured.")
class PredictionReport:
    features_on: date = strawberry.field(description="The day at whose end customers were looked at.")
    labels_to: date = strawberry.field(description="The last day on which they could do it.")
    customers: int = strawberry.field(description="Who had bought by the first of these days.")
    came: int = strawberry.field(description="Who of them did it.")
    model: PredictionWorth = strawberry.field(description="The model's.")
    recency: PredictionWorth = strawberry.field(description="Of the days since the last order alone.")
    rfm: PredictionWorth = strawberry.field(description="Of the sum of recency, frequency and money, 1 to 5 each.")
    bins: list[PredictionBin] = strawberry.field(description="Of what decides, the least chance first.")


@strawberry.type(description="What was learned for one target.")
class PredictionModel:
    target: Target = strawberry.field(description="What it foretells.")
    number: int = strawberry.field(description="Counts the target's models from 1.")
    state: ModelState = strawberry.field(description="What decides.")
    as_of: date = strawberry.field(description="The last day whose orders it knows.")
    trained_at: datetime = strawberry.field(description="When it was made.")
    report: PredictionReport | None = strawberry.field(description="Null: there is too little history.")
    lack: Lack | None = strawberry.field(description="What there is too little of; null: there is enough.")

    @strawberry.field(description="The same as a sentence in the caller's language.")
    def lack_said(self: Any, info: Info) -> str | None:
        return i18n.say(info.context.locale, f"lack_{self.lack.value}") if self.lack else None

    @classmethod
    def is_type_of(cls, obj: object, info: Any) -> bool:
        return isinstance(obj, types.ModelView)


@strawberry.type(description="What customers are called from a chance on.")
class PredictionLabel:
    label: Label = strawberry.field(description="Its key.")
    bar: float = strawberry.field(description="The chance, 0 to 1; of CHURN_RISK that of no order within 90 days.")
    customers: int = strawberry.field(description="Who has it now, within the caller's stores.")

    @strawberry.field(description="In the caller's language.")
    def name(self: Any, info: Info) -> str:
        return rules.label_name(self.label, info.context.locale)

    @strawberry.field(description="The one thing to do, in the caller's language.")
    def action(self: Any, info: Info) -> str:
        return rules.action([self.label], info.context.locale)

    @classmethod
    def is_type_of(cls, obj: object, info: Any) -> bool:
        return isinstance(obj, types.LabelView)


@strawberry.type(description="What is foretold, and how well.")
class Predictions:
    models: list[PredictionModel] = strawberry.field(description="The newest of each target; none before a first run.")
    labels: list[PredictionLabel] = strawberry.field(description="All labels.")
    as_of: date | None = strawberry.field(
        description="The last day whose orders the chances know; null: nobody was scored yet."
    )
    scored: int = strawberry.field(description="Customers of the brand with a chance, as of the last run.")
    running: bool = strawberry.field(description="Models are being made, or customers scored.")
    due_at: datetime | None = strawberry.field(description="When that happens next; null: within seconds.")

    @classmethod
    def is_type_of(cls, obj: object, info: Any) -> bool:
        return isinstance(obj, types.Page)


@strawberry.input(description="Asks for new models and chances.")
class RetrainPredictionsInput:
    operation_id: UUID = strawberry.field(description="Made by the caller; the same again asks once.")


@strawberry.type(description="Whether they are on their way.")
class RetrainPredictionsPayload:
    queued: bool = strawberry.field(default=False, description="True: within seconds, or under way already.")
    user_errors: list[UserError] = strawberry.field(default_factory=list, description="Why not.")


@strawberry.type
class PredictionQuery:
    @strawberry.field(description="What is foretold, and how well.")
    async def predictions(self, info: Info) -> Predictions:
        return await queries.page(info.context.require())  # type: ignore[return-value]

    @strawberry.field(description="Customers of the caller's stores with a label, the surest first.")
    async def predicted_customers(
        self,
        info: Info,
        label: Annotated[Label, strawberry.argument(description="The label.")],
        first: First = 20,
    ) -> list[Customer]:
        actor = info.context.require()
        keys = await queries.labelled(actor, label, page_size(first))
        found: Any = await customers.customers_by_id(actor, keys)
        return [one for one in found if one]


@strawberry.type
class PredictionMutation:
    @strawberry.mutation(description="Makes models anew and scores everybody, in the background.")
    async def retrain_predictions(self, info: Info, input: RetrainPredictionsInput) -> RetrainPredictionsPayload:
        answer, errors = await write(info, input, Wanted, lambda actor: service.retrain(actor))
        return RetrainPredictionsPayload(queued=answer is not None and answer.queued, user_errors=errors)
