"""What becomes of a colleague: her roles, her devices, her leaving."""

from uuid import UUID

import strawberry

from shuke.api.context import Info
from shuke.api.errors import UserError, write
from shuke.api.pagination import optional_id
from shuke.api.people.types import StaffMember, StaffRoleInput, member, staff_key
from shuke.domains.identity import service
from shuke.domains.records.service import people as handovers


@strawberry.input(description="All roles that a colleague has from now on.")
class SetStaffRolesInput:
    operation_id: UUID = strawberry.field(description="Made by the caller.")
    staff_id: strawberry.ID = strawberry.field(description="The colleague; never the caller.")
    roles: list[StaffRoleInput] = strawberry.field(
        description="1 to 50. What is added must be the caller's to give, what is taken away stand below her; the rest "
        "stays as it is. Where she no longer works, her cards and customers go to the store's pool."
    )


@strawberry.type(description="The colleague, or why not.")
class SetStaffRolesPayload:
    staff: StaffMember | None = strawberry.field(default=None, description="As she is now.")
    user_errors: list[UserError] = strawberry.field(default_factory=list, description="Why not.")


@strawberry.input(description="What is told of a colleague; what is left out stays.")
class UpdateStaffInput:
    operation_id: UUID = strawberry.field(description="Made by the caller.")
    staff_id: strawberry.ID = strawberry.field(description="The colleague; never the caller.")
    name: str | None = strawberry.field(default=None, description="Her name.")
    phone: str | None = strawberry.field(default=None, description="The phone that she signs in by from now on.")


@strawberry.type(description="The colleague, or why not.")
class UpdateStaffPayload:
    staff: StaffMember | None = strawberry.field(default=None, description="As she is now.")
    user_errors: list[UserError] = strawberry.field(default_factory=list, description="Why not.")


@strawberry.input(description="Who leaves, and who takes over.")
class EndStaffInput:
    operation_id: UUID = strawberry.field(description="Made by the caller.")
    staff_id: strawberry.ID = strawberry.field(description="The colleague; never the caller.")
    cards_to: strawberry.ID | None = strawberry.field(
        default=None,
        description="Who gets her open cards and customers in the stores where both work; null, and elsewhere: the "
        "store's pool.",
    )


@strawberry.type(description="The colleague, or why not.")
class EndStaffPayload:
    staff: StaffMember | None = strawberry.field(default=None, description="As she is now.")
    user_errors: list[UserError] = strawberry.field(default_factory=list, description="Why not.")


@strawberry.input(description="Which of a colleague's devices are signed out.")
class RevokeStaffSessionsInput:
    operation_id: UUID = strawberry.field(description="Made by the caller.")
    staff_id: strawberry.ID = strawberry.field(description="The colleague.")
    session_id: strawberry.ID | None = strawberry.field(default=None, description="The one device; null: all.")


@strawberry.type(description="The colleague, or why not.")
class RevokeStaffSessionsPayload:
    staff: StaffMember | None = strawberry.field(default=None, description="As she is now.")
    user_errors: list[UserError] = strawberry.field(default_factory=list, description="Why not.")


@strawberry.type
class ChangeMutation:
    @strawberry.mutation(description="Sets a colleague's roles; they hold from her next request on.")
    async def set_staff_roles(self, info: Info, input: SetStaffRolesInput) -> SetStaffRolesPayload:
        key, errors = await write(
            info,
            input,
            UUID,
            lambda actor: handovers.set_roles(actor, staff_key(input.staff_id), [role.post() for role in input.roles]),
        )
        return SetStaffRolesPayload(staff=await member(info, key), user_errors=errors)

    @strawberry.mutation(description="Changes a colleague's name, or the phone that she signs in by.")
    async def update_staff(self, info: Info, input: UpdateStaffInput) -> UpdateStaffPayload:
        key, errors = await write(
            info,
            input,
            UUID,
            lambda actor: service.update_staff(actor, staff_key(input.staff_id), input.name, input.phone),
        )
        return UpdateStaffPayload(staff=await member(info, key), user_errors=errors)

    @strawberry.mutation(description="Ends a colleague's work here: her devices are signed out, her cards handed over.")
    async def end_staff(self, info: Info, input: EndStaffInput) -> EndStaffPayload:
        key, errors = await write(
            info,
            input,
            UUID,
            lambda actor: handovers.end(
                actor,
                staff_key(input.staff_id),
                staff_key(input.cards_to, "cardsTo") if input.cards_to else None,
            ),
        )
        return EndStaffPayload(staff=await member(info, key), user_errors=errors)

    @strawberry.mutation(description="Signs a colleague's devices out: a phone that was lost.")
    async def revoke_staff_sessions(self, info: Info, input: RevokeStaffSessionsInput) -> RevokeStaffSessionsPayload:
        key, errors = await write(
            info,
            input,
            UUID,
            lambda actor: service.revoke_staff_sessions(
                actor, staff_key(input.staff_id), optional_id(input.session_id, "Session", "sessionId")
            ),
        )
        return RevokeStaffSessionsPayload(staff=await member(info, key), user_errors=errors)
