"""Children of a customer as GraphQL shows them."""

from datetime import date, datetime
from typing import Any

import strawberry

from shuke.api.context import Info
from shuke.api.customers.stages import LifeStage
from shuke.api.identity import Node, node_id
from shuke.api.profile.values import FieldValue, shown
from shuke.domains.customers import queries
from shuke.domains.customers.rules import dependants as rules
from shuke.domains.customers.types import Gender
from shuke.domains.customers.types import dependants as types
from shuke.kit import zones

strawberry.enum(Gender, description="As far as the shop knows.")


@strawberry.type(description="A milestone of one child.")
class ComingMilestone:
    stage: LifeStage = strawberry.field(description="Which one.")
    day: date = strawberry.field(description="When it is.")

    @classmethod
    def is_type_of(cls, obj: object, info: Any) -> bool:
        return isinstance(obj, types.Milestone)


@strawberry.type(
    description="A child of a customer's: it was born on a day, or is due on one. No partner's key sees any."
)
class Dependant(Node):
    id: strawberry.ID = node_id("Dependant")
    name: str | None = strawberry.field(description="As the family calls it; null: not known.")
    born_on: date | None = strawberry.field(description="Day of birth; null: not born yet.")
    due_on: date | None = strawberry.field(description="Due date; null: it is born.")
    stopped_at: datetime | None = strawberry.field(
        description="Its milestones are not spoken of since; null: they are."
    )
    stop_reason: str | None = strawberry.field(description="Why, in the words of who stopped them.")
    version: int = strawberry.field(description="Grows with every change; the `baseVersion` of the next edit.")

    @strawberry.field(description="As far as the shop knows.")
    def gender(self: Any) -> Gender:
        return Gender(self.gender)

    @strawberry.field(description="The due date has passed by the store's clock: is it born?")
    def overdue(self: Any, info: Info) -> bool:
        return rules.overdue(self, today_of(self, info))

    @strawberry.field(description="The stage that it is in today, by its store's clock; null: in none.")
    async def stage(self: Any, info: Info) -> LifeStage | None:
        found: Any = rules.stage_of(self, await stages_of(info), today_of(self, info))
        return found

    @strawberry.field(description="Older than the age of graduation; not yet on that very day.")
    async def graduated(self: Any, info: Info) -> bool:
        return rules.graduated(self, await stages_of(info), today_of(self, info))

    @strawberry.field(description="The next milestone that makes a card; null: none will, or they are stopped.")
    async def next_milestone(self: Any, info: Info) -> ComingMilestone | None:
        found: Any = rules.next_milestone(self, await stages_of(info), today_of(self, info))
        return found

    @strawberry.field(
        description="Its values in head office's fields about children, in the order of the form: of fields that are "
        "asked and that the caller may see."
    )
    async def values(self: Any, info: Info) -> list[FieldValue]:
        return await shown(info, self.custom_values, queries.roles_at(info.context.require(), self.store_id))

    @classmethod
    def is_type_of(cls, obj: object, info: Any) -> bool:
        return isinstance(obj, types.Dependant)


def today_of(child: types.Dependant, info: Info) -> date:
    """Today by the clock of the family's store."""
    return zones.local_date(info.context.now, child.zone)


async def stages_of(info: Info) -> tuple[types.LifeStage, ...]:
    """The brand's stages, read once a request."""
    found: types.LifeStages = await info.context.load(queries.stages_of_brands, info.context.require().brand_id)
    return found.stages


async def family_graduated(children: tuple[types.Dependant, ...], info: Info) -> bool:
    if not children:
        return False
    return rules.family_graduated(children, await stages_of(info), today_of(children[0], info))
