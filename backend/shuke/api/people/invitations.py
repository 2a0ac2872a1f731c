"""Links by which a colleague chooses her password: made, made anew, used."""

from uuid import UUID

import strawberry

from shuke.api.account import signed_in
from shuke.api.context import Info
from shuke.api.errors import UserError, user_error, write
from shuke.api.identity import Me
from shuke.api.people.types import StaffMember, StaffRoleInput, member, staff_key
from shuke.domains.identity import service
from shuke.domains.identity.types import Post, Role
from shuke.kit.errors import Refusal


@strawberry.input(description="A new colleague.")
class InviteStaffInput:
    operation_id: UUID = strawberry.field(description="Made by the caller; the same again gives the same link.")
    name: str = strawberry.field(description="Full name, up to 120 characters.")
    phone: str = strawberry.field(description="What she will sign in with; as typed, +86 is assumed.")
    role: Role = strawberry.field(description="Her first role, at or below the caller's own.")
    store_id: strawberry.ID | None = strawberry.field(default=None, description="Where a role in a store holds.")
    region_id: strawberry.ID | None = strawberry.field(default=None, description="Where a role in a region holds.")


@strawberry.type(description="Who was invited, and the link to hand her.")
class InviteStaffPayload:
    staff: StaffMember | None = strawberry.field(default=None, description="The colleague.")
    link: str | None = strawberry.field(
        default=None, description="/join#token, behind the app's own address; good for seven days and one use."
    )
    user_errors: list[UserError] = strawberry.field(default_factory=list, description="Why not.")


@strawberry.input(description="Whose invitation, or password, is to be made anew.")
class RenewInvitationInput:
    operation_id: UUID = strawberry.field(description="Made by the caller; the same again gives the same link.")
    staff_id: strawberry.ID = strawberry.field(description="The colleague; never the caller.")


@strawberry.type(description="The new link; an older one is over.")
class RenewInvitationPayload:
    staff: StaffMember | None = strawberry.field(default=None, description="The colleague.")
    link: str | None = strawberry.field(
        default=None, description="/join#token, behind the app's own address; good for seven days and one use."
    )
    user_errors: list[UserError] = strawberry.field(default_factory=list, description="Why not.")


@strawberry.input(description="The link's token and the password she chose.")
class AcceptInvitationInput:
    operation_id: UUID = strawberry.field(description="Made by the caller; the same again opens the same session.")
    token: str = strawberry.field(description="What stands behind # in the link.")
    password: str = strawberry.field(description="Her new password, at least 8 characters.")
    device: str | None = strawberry.field(default=None, description="What to call this device in her list.")


@strawberry.type(description="Who is signed in now, as after signIn.")
class AcceptInvitationPayload:
    me: Me | None = strawberry.field(default=None, description="Who is signed in now; the session is in a cookie.")
    user_errors: list[UserError] = strawberry.field(default_factory=list, description="Why not.")


@strawberry.type
class InvitationMutation:
    @strawberry.mutation(description="Invites a colleague: she chooses her password behind the link.")
    async def invite_staff(self, info: Info, input: InviteStaffInput) -> InviteStaffPayload:
        def post() -> Post:
            return StaffRoleInput(role=input.role, store_id=input.store_id, region_id=input.region_id).post()

        key, errors = await write(
            info, input, UUID, lambda actor: service.invite(actor, input.operation_id, input.name, input.phone, post())
        )
        link = await service.invitation_link(input.operation_id) if key else None
        return InviteStaffPayload(staff=await member(info, key), link=link, user_errors=errors)

    @strawberry.mutation(
        description="A new link for an open invitation, or for a colleague who forgot her password: when she uses it, "
        "her other devices are signed out."
    )
    async def renew_invitation(self, info: Info, input: RenewInvitationInput) -> RenewInvitationPayload:
        key, errors = await write(
            info,
            input,
            UUID,
            lambda actor: service.renew_invitation(actor, input.operation_id, staff_key(input.staff_id)),
        )
        link = await service.invitation_link(input.operation_id) if key else None
        return RenewInvitationPayload(staff=await member(info, key), link=link, user_errors=errors)

    @strawberry.mutation(description="Uses a link: sets the password and signs this device in.")
    async def accept_invitation(self, info: Info, input: AcceptInvitationInput) -> AcceptInvitationPayload:
        try:
            signed = await service.accept_invitation(
                input.operation_id, input.token, input.password, input.device or "", info.context.device_token
            )
        except Refusal as refusal:
            return AcceptInvitationPayload(user_errors=[user_error(refusal, info.context.locale)])
        return AcceptInvitationPayload(me=await signed_in(info.context, signed))
