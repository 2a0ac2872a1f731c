"""Stages and milestones of children's lives as GraphQL shows them, and head office's list of them."""

from typing import Any
from uuid import UUID

import strawberry

from shuke.api.context import Info
from shuke.api.errors import UserError, write
from shuke.domains.customers import queries, service
from shuke.domains.customers.types import dependants as types
from shuke.domains.customers.types.dependants import AgeUnit, LifeStageKind
from shuke.domains.identity.service import allow
from shuke.domains.identity.types import Locale
from shuke.kit import i18n

strawberry.enum(
    LifeStageKind,
    description="STAGE: a span of life, a child is in one at a time. MILESTONE: a day to be told of. GRADUATION: who "
    "is older than its beginning has outgrown the shop; a brand has exactly one.",
)
strawberry.enum(AgeUnit, description="Months are the calendar's: the 31st is the last day of a shorter month.")


@strawberry.type(description="How long after the birth; negative: before it, counted from the due date.")
class Age:
    value: int = strawberry.field(description="So many.")
    unit: AgeUnit = strawberry.field(description="Of these.")

    @classmethod
    def is_type_of(cls, obj: object, info: Any) -> bool:
        return isinstance(obj, types.Age)


@strawberry.type(description="What a stage is called, and what a milestone's card says, in one language.")
class LifeStageText:
    language: Locale = strawberry.field(description="The language.")
    label: str | None = strawberry.field(description="Its name: 辅食期.")
    why: str | None = strawberry.field(description="A milestone card's reason; null: the program's own words.")
    say: str | None = strawberry.field(description="What to say; null: the program's own words.")


@strawberry.type(description="A stage or a milestone of children's lives.")
class LifeStage:
    key: str = strawberry.field(description="What it is known by for ever.")
    kind: LifeStageKind = strawberry.field(description="A span, a day, or the graduation.")
    begins: Age = strawberry.field(description="From this age on; of a milestone: on its day.")
    ends: Age | None = strawberry.field(description="Before this age; null: until the next stage begins.")
    active: bool = strawberry.field(description="Whether a milestone makes a card on its day.")

    @strawberry.field(description="Its name in the caller's language, else in the one it has.")
    def label(self: Any, info: Info) -> str:
        return i18n.pick(self.labels, info.context.locale)

    @strawberry.field(description="Its words, language by language; why and say are templates: see `saveLifeStages`.")
    def texts(self: Any) -> list[LifeStageText]:
        return [
            LifeStageText(
                language=locale,
                label=self.labels.get(locale.value),
                why=self.why.get(locale.value),
                say=self.say.get(locale.value),
            )
            for locale in Locale
        ]

    @classmethod
    def is_type_of(cls, obj: object, info: Any) -> bool:
        return isinstance(obj, types.LifeStage)


@strawberry.type(description="The brand's stages and milestones.")
class LifeStages:
    version: int = strawberry.field(description="The `baseVersion` of the next change; 0: as they are shipped.")
    stages: list[LifeStage] = strawberry.field(description="In head office's order, without archived ones.")

    @classmethod
    def is_type_of(cls, obj: object, info: Any) -> bool:
        return isinstance(obj, types.LifeStages)


@strawberry.input(description="How long after the birth; negative: before it, counted from the due date.")
class AgeInput:
    value: int = strawberry.field(description="-300 to 7300 days, -9 to 240 months.")
    unit: AgeUnit = strawberry.field(description="Days or months.")


@strawberry.input(description="A stage's words in one language.")
class LifeStageTextInput:
    language: Locale = strawberry.field(description="The language.")
    label: str | None = strawberry.field(default=None, description="Up to 40 characters.")
    why: str | None = strawberry.field(default=None, description="Up to 500 characters.")
    say: str | None = strawberry.field(default=None, description="Up to 500 characters.")


@strawberry.input(description="A stage or a milestone as it is to be.")
class LifeStageInput:
    key: str = strawberry.field(description="Small letters, digits, underscores, up to 40; never changes its kind.")
    kind: LifeStageKind = strawberry.field(description="A span, a day, or the graduation.")
    begins: AgeInput = strawberry.field(description="From this age on; of a milestone: on its day.")
    ends: AgeInput | None = strawberry.field(default=None, description="Of a stage; null: until the next begins.")
    active: bool = strawberry.field(default=False, description="Whether a milestone makes a card on its day.")
    texts: list[LifeStageTextInput] = strawberry.field(description="A name in at least one language.")


@strawberry.input(description="The whole list, in its order; what is left out is archived.")
class SaveLifeStagesInput:
    operation_id: UUID = strawberry.field(description="Made by the caller.")
    base_version: int = strawberry.field(description="The `version` of the list that the caller had before her.")
    stages: list[LifeStageInput] = strawberry.field(description="Up to 60, one of them the graduation.")


@strawberry.type(description="The list as it is now.")
class SaveLifeStagesPayload:
    life_stages: LifeStages | None = strawberry.field(default=None, description="As saved.")
    user_errors: list[UserError] = strawberry.field(default_factory=list, description="Why not.")


def _age(said: AgeInput) -> types.Age:
    return types.Age(said.value, said.unit)


def _stage(said: LifeStageInput) -> types.LifeStage:
    def words(name: str) -> dict[str, str]:
        return {text.language.value: getattr(text, name) for text in said.texts if getattr(text, name)}

    return types.LifeStage(
        key=said.key,
        kind=said.kind,
        labels=words("label"),
        begins=_age(said.begins),
        ends=_age(said.ends) if said.ends else None,
        active=said.active,
        why=words("why"),
        say=words("say"),
    )


@strawberry.type
class LifeStageQuery:
    @strawberry.field(description="The stages and milestones of children's lives, as head office words them.")
    async def life_stages(self, info: Info) -> LifeStages:
        actor = info.context.require()
        allow(actor, "lifeStages")
        return await queries.life_stages(actor.brand_id)  # type: ignore[return-value]


@strawberry.type
class LifeStageMutation:
    @strawberry.mutation(
        description="Saves the brand's stages and milestones. Timers follow: nothing past is announced. Words are "
        "templates that know {called} (what the shop calls the mother), {name}, {alias}, {children}, {milestone} and "
        "{days} since the birth. CONFLICT: somebody else saved in between."
    )
    async def save_life_stages(self, info: Info, input: SaveLifeStagesInput) -> SaveLifeStagesPayload:
        stages = [_stage(one) for one in input.stages]
        version, errors = await write(
            info, input, int, lambda actor: service.save_life_stages(actor, input.base_version, stages)
        )
        now: Any = await queries.life_stages(info.context.require().brand_id) if version is not None else None
        return SaveLifeStagesPayload(life_stages=now, user_errors=errors)
