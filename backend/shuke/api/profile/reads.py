"""Reading the profile template, and where its fields are used."""

from collections.abc import Awaitable, Callable
from typing import Annotated, TypeAlias

import strawberry

from shuke.api.context import Info
from shuke.api.profile.types import FieldUsage, ProfileTemplate
from shuke.domains.customers import queries
from shuke.domains.customers.types.profile import Field, FieldUse
from shuke.domains.identity.types import Actor
from shuke.domains.journeys import queries as journeys
from shuke.domains.records import queries as records
from shuke.domains.segments import queries as segments

Asker: TypeAlias = Callable[[Actor, Field], Awaitable[list[FieldUse]]]
"""A room's answer to where a field is used: `field_uses` of its queries."""
USES: tuple[Asker, ...] = (queries.field_uses, segments.field_uses, journeys.field_uses, records.field_uses)
"""Every room that has one; `tests/api/test_field_uses.py` finds one that is not asked, and has each find a use."""


@strawberry.type
class ProfileQuery:
    @strawberry.field(
        description="What a customer's card asks for; for a partner's key public fields alone. A phone keeps it, and "
        "checks by it what is typed while it is away."
    )
    async def profile_template(self, info: Info) -> ProfileTemplate:
        return await queries.template(info.context.require())  # type: ignore[return-value]

    @strawberry.field(description="Where a field is used: what archiving it would touch.")
    async def field_usage(
        self, info: Info, key: Annotated[str, strawberry.argument(description="The field's key.")]
    ) -> FieldUsage:
        actor = info.context.require()
        field = await queries.field(actor, key)
        uses = [use for room in USES for use in await room(actor, field)]
        customers = 0 if field.built_in else await queries.customers_with(actor, key)
        return FieldUsage(uses=uses, customers=customers)  # type: ignore[arg-type]
