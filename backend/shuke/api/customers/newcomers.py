"""Children as a form says them: entered with their mother, or by themselves."""

from datetime import date
from uuid import UUID

import strawberry

from shuke.api.profile.values import FieldValueInput, contents
from shuke.domains.customers.types import Gender
from shuke.domains.customers.types.dependants import NewDependant
from shuke.domains.identity.types import Actor


@strawberry.input
class ChildInput:
    """The fields that both inputs have; none of the schema's own."""

    id: UUID = strawberry.field(description="Its id, made by the caller (UUIDv7).")
    name: str | None = strawberry.field(default=None, description="As the family calls it, up to 120 characters.")
    gender: Gender | None = strawberry.field(default=None, description="As far as the shop knows.")
    born_on: date | None = strawberry.field(default=None, description="Not after today by the store's clock.")
    due_on: date | None = strawberry.field(default=None, description="From today on, within ten months.")
    values: list[FieldValueInput] | None = strawberry.field(
        default=None,
        description="What was typed into head office's fields about children; required ones are asked for.",
    )


@strawberry.input(description="A child that is entered with its mother: the day of its birth, or the day it is due.")
class NewChildInput(ChildInput):
    pass


async def newborn(actor: Actor, mother_id: UUID, child: ChildInput, template_version: int | None) -> NewDependant:
    """`template_version`: of the template that was typed into."""
    return NewDependant(
        id=child.id,
        customer_id=mother_id,
        name=child.name,
        gender=(child.gender or Gender.UNKNOWN).value,
        born_on=child.born_on,
        due_on=child.due_on,
        values=None if child.values is None else await contents(actor, child.values),
        template_version=template_version,
    )
