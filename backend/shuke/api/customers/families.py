"""Entering and editing children, a birth, and what silences a child."""

from datetime import date
from typing import Any
from uuid import UUID

import strawberry
from strawberry import UNSET

from shuke.api.context import Info
from shuke.api.customers.dependants import Dependant
from shuke.api.customers.newcomers import ChildInput, newborn
from shuke.api.customers.writes import FieldConflict
from shuke.api.errors import UserError, write
from shuke.api.pagination import parse_id
from shuke.api.profile.values import FieldValueInput, contents
from shuke.domains.customers import queries, service
from shuke.domains.customers.types import Gender
from shuke.domains.customers.types.dependants import NewDependant
from shuke.domains.identity.types import Actor
from shuke.domains.journeys import service as journeys

EDITABLE = ("name", "gender", "born_on", "due_on")


@strawberry.input(description="A child: the day of its birth, or the day it is due.")
class AddDependantInput(ChildInput):
    operation_id: UUID = strawberry.field(description="Made by the caller; the same again enters nobody twice.")
    customer_id: strawberry.ID = strawberry.field(description="Its mother, or whoever buys for it.")
    template_version: int | None = strawberry.field(
        default=None, description="Version of the profile template that was typed into. Left out: the newest."
    )


@strawberry.input(description="A patch: what is left out stays. The two days are one: giving one empties the other.")
class UpdateDependantInput:
    operation_id: UUID = strawberry.field(description="Made by the caller.")
    id: strawberry.ID = strawberry.field(description="The child.")
    base_version: int = strawberry.field(description="The `version` that the caller had before her.")
    name: str | None = strawberry.field(default=UNSET, description="Up to 120 characters; null empties.")
    gender: Gender | None = strawberry.field(default=UNSET, description="Null: UNKNOWN.")
    born_on: date | None = strawberry.field(default=UNSET, description="Not after today by the store's clock.")
    due_on: date | None = strawberry.field(default=UNSET, description="From today on, within ten months.")
    values: list[FieldValueInput] | None = strawberry.field(
        default=UNSET, description="A patch of its values: fields that are left out stay."
    )
    template_version: int | None = strawberry.field(
        default=None, description="Version of the profile template that was typed into. Left out: the newest."
    )


@strawberry.input(description="A child that was due is born.")
class ConfirmBirthInput:
    operation_id: UUID = strawberry.field(description="Made by the caller.")
    id: strawberry.ID = strawberry.field(description="The child.")
    born_on: date | None = strawberry.field(default=None, description="Left out: today by the store's clock.")


@strawberry.input(description="Silences a child: no milestone of it is spoken of from now on.")
class StopMilestonesInput:
    operation_id: UUID = strawberry.field(description="Made by the caller.")
    id: strawberry.ID = strawberry.field(description="The child.")
    reason: str | None = strawberry.field(default=None, description="Up to 200 characters; nobody has to give one.")


@strawberry.input(description="Lets milestones be spoken of again.")
class ResumeMilestonesInput:
    operation_id: UUID = strawberry.field(description="Made by the caller.")
    id: strawberry.ID = strawberry.field(description="The child.")


@strawberry.input(description="Takes a child off the card.")
class RemoveDependantInput:
    operation_id: UUID = strawberry.field(description="Made by the caller.")
    id: strawberry.ID = strawberry.field(description="The child.")


@strawberry.input(description="Puts a child back that was removed.")
class RestoreDependantInput:
    operation_id: UUID = strawberry.field(description="Made by the caller.")
    id: strawberry.ID = strawberry.field(description="The child.")


@strawberry.type(description="A child as it is now.")
class AddDependantPayload:
    dependant: Dependant | None = strawberry.field(default=None, description="As it is now.")
    user_errors: list[UserError] = strawberry.field(default_factory=list, description="Why not.")


@strawberry.type(description="The edited child, or the fields that clash: then nothing was saved.")
class UpdateDependantPayload:
    dependant: Dependant | None = strawberry.field(default=None, description="As it is now.")
    conflicts: list[FieldConflict] = strawberry.field(
        default_factory=list, description="With CONFLICT: every field that clashes."
    )
    user_errors: list[UserError] = strawberry.field(default_factory=list, description="Why not.")


@strawberry.type(description="A child that is born.")
class ConfirmBirthPayload:
    dependant: Dependant | None = strawberry.field(default=None, description="As it is now.")
    user_errors: list[UserError] = strawberry.field(default_factory=list, description="Why not.")


@strawberry.type(description="A child that is not spoken of any more.")
class StopMilestonesPayload:
    dependant: Dependant | None = strawberry.field(default=None, description="As it is now.")
    user_errors: list[UserError] = strawberry.field(default_factory=list, description="Why not.")


@strawberry.type(description="A child that is spoken of again.")
class ResumeMilestonesPayload:
    dependant: Dependant | None = strawberry.field(default=None, description="As it is now.")
    user_errors: list[UserError] = strawberry.field(default_factory=list, description="Why not.")


@strawberry.type(description="Whose card the child was taken off.")
class RemoveDependantPayload:
    removed: bool = strawberry.field(default=False, description="It is off the card.")
    user_errors: list[UserError] = strawberry.field(default_factory=list, description="Why not.")


@strawberry.type(description="A child that is back.")
class RestoreDependantPayload:
    dependant: Dependant | None = strawberry.field(default=None, description="As it is now.")
    user_errors: list[UserError] = strawberry.field(default_factory=list, description="Why not.")


async def _child(info: Info, key: UUID | None) -> Any:
    return await queries.dependant(info.context.require(), key) if key else None


async def _new(actor: Actor, input: AddDependantInput) -> NewDependant:
    return await newborn(actor, parse_id(input.customer_id, "Customer", "customerId"), input, input.template_version)


async def _patch(actor: Actor, input: UpdateDependantInput) -> dict[str, Any]:
    patch = {name: value for name in EDITABLE if (value := getattr(input, name)) is not UNSET}
    if input.values:
        patch["values"] = await contents(actor, input.values)
    return patch | {"gender": patch["gender"].value if patch["gender"] else None} if "gender" in patch else patch


def _key(id: strawberry.ID) -> UUID:
    return parse_id(id, "Dependant")


@strawberry.type
class FamilyMutation:
    @strawberry.mutation(description="Enters a child of a customer's; milestones that are past are not announced.")
    async def add_dependant(self, info: Info, input: AddDependantInput) -> AddDependantPayload:
        async def enter(actor: Actor) -> UUID:
            return await service.add_dependant(actor, await _new(actor, input))

        key, errors = await write(info, input, UUID, enter)
        return AddDependantPayload(dependant=await _child(info, key), user_errors=errors)

    @strawberry.mutation(description="Edits a child: different fields merge, the same field answers a conflict.")
    async def update_dependant(self, info: Info, input: UpdateDependantInput) -> UpdateDependantPayload:
        async def edit(actor: Actor) -> UUID:
            patch = await _patch(actor, input)
            return await service.update_dependant(
                actor, _key(input.id), input.base_version, patch, input.template_version
            )

        key, errors = await write(info, input, UUID, edit)
        conflicts: Any = next((error.subject for error in errors if isinstance(error.subject, list)), [])
        if conflicts:
            key = _key(input.id)
        return UpdateDependantPayload(dependant=await _child(info, key), conflicts=conflicts, user_errors=errors)

    @strawberry.mutation(description="The due date becomes the birth date; the same day again changes nothing.")
    async def confirm_birth(self, info: Info, input: ConfirmBirthInput) -> ConfirmBirthPayload:
        key, errors = await write(
            info, input, UUID, lambda actor: service.confirm_birth(actor, _key(input.id), input.born_on)
        )
        return ConfirmBirthPayload(dependant=await _child(info, key), user_errors=errors)

    @strawberry.mutation(
        description="Silences a child's milestones at once: open cards lose what they say of it, nothing new comes, "
        "and nobody is told."
    )
    async def stop_milestones(self, info: Info, input: StopMilestonesInput) -> StopMilestonesPayload:
        key, errors = await write(
            info, input, UUID, lambda actor: journeys.stop_milestones(actor, _key(input.id), input.reason)
        )
        return StopMilestonesPayload(dependant=await _child(info, key), user_errors=errors)

    @strawberry.mutation(
        description="Milestones to come are announced again; within ten minutes of the stop, so is what it silenced."
    )
    async def resume_milestones(self, info: Info, input: ResumeMilestonesInput) -> ResumeMilestonesPayload:
        key, errors = await write(info, input, UUID, lambda actor: journeys.resume_milestones(actor, _key(input.id)))
        return ResumeMilestonesPayload(dependant=await _child(info, key), user_errors=errors)

    @strawberry.mutation(description="Takes a child off the card, milestones and all; `restoreDependant` puts it back.")
    async def remove_dependant(self, info: Info, input: RemoveDependantInput) -> RemoveDependantPayload:
        key, errors = await write(info, input, UUID, lambda actor: journeys.remove_dependant(actor, _key(input.id)))
        return RemoveDependantPayload(removed=key is not None, user_errors=errors)

    @strawberry.mutation(description="Puts a child back that was removed.")
    async def restore_dependant(self, info: Info, input: RestoreDependantInput) -> RestoreDependantPayload:
        key, errors = await write(info, input, UUID, lambda actor: journeys.restore_dependant(actor, _key(input.id)))
        return RestoreDependantPayload(dependant=await _child(info, key), user_errors=errors)
