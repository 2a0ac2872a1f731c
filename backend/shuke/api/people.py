"""Colleagues, their invitations and roles, and stores, for those who manage them."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

import strawberry

from shuke.api.context import Info
from shuke.api.errors import UserError, user_error, write
from shuke.api.identity import Me, Node, Session, StaffRole, Store, node_id, signed_in
from shuke.api.pagination import (
    After,
    First,
    PageInfo,
    decode_id,
    encode_cursor,
    make_page,
    page_size,
    parse_id,
    split_id,
)
from shuke.domains.identity import queries, service, types
from shuke.domains.identity.types import Post, Role
from shuke.domains.records.service import people as handovers
from shuke.domains.tasks import queries as tasks
from shuke.kit.errors import ErrorCode, Refusal


def staff_key(value: str, field: str = "staffId") -> UUID:
    """The key in the global id of a Staff or a StaffMember, who are the same person. Raises Refusal NOT_FOUND."""
    name, key = split_id(value, field)
    if name not in ("Staff", "StaffMember"):
        raise Refusal(ErrorCode.NOT_FOUND, field)
    return key


def optional_id(value: str | None, kind: str, field: str) -> UUID | None:
    return parse_id(value, kind, field) if value else None


@strawberry.type(description="A colleague, as those see her who manage people.")
class StaffMember(Node):
    id: strawberry.ID = node_id("StaffMember")
    name: str = strawberry.field(description="Full name.")
    masked_phone: str = strawberry.field(description="What she signs in with, masked: 138 •••• 2047.")
    roles: list[StaffRole] = strawberry.field(description="Her roles; of who left, those she had.")
    invited_at: datetime | None = strawberry.field(
        description="When her invitation was made that she has not used yet; null: none is open."
    )
    left_at: datetime | None = strawberry.field(description="When she left; null: she works here.")
    last_seen_at: datetime | None = strawberry.field(
        description="When one of her devices was last seen, to a few minutes; null: never."
    )

    @strawberry.field(description="Her signed-in devices, the latest seen first.")
    async def sessions(self: Any, info: Info) -> list[Session]:
        return await info.context.load(queries.sessions_of, self.id)

    @strawberry.field(description="Open cards that are hers, in the caller's stores.")
    async def open_cards(self: Any, info: Info) -> int:
        return await info.context.load(tasks.open_cards_of, self.id)

    @classmethod
    def is_type_of(cls, obj: object, info: Any) -> bool:
        return isinstance(obj, types.StaffMember)


@strawberry.type(description="A colleague and where she stands in the list.")
class StaffMemberEdge:
    cursor: str = strawberry.field(description="Pass it as `after` to go on behind her.")
    node: StaffMember = strawberry.field(description="The colleague.")

    @classmethod
    def is_type_of(cls, obj: object, info: Any) -> bool:
        return True


@strawberry.type(description="A page of colleagues, by name.")
class StaffMemberConnection:
    edges: list[StaffMemberEdge] = strawberry.field(description="The colleagues of this page.")
    page_info: PageInfo = strawberry.field(description="Where the page stands.")

    @classmethod
    def is_type_of(cls, obj: object, info: Any) -> bool:
        return True


@strawberry.input(description="A role and its place: a store for the counter and its manager, a region, or the brand.")
class StaffRoleInput:
    role: Role = strawberry.field(description="At or below the caller's own.")
    store_id: strawberry.ID | None = strawberry.field(
        default=None, description="For guides, advisors and store managers; else null."
    )
    region_id: strawberry.ID | None = strawberry.field(
        default=None, description="For regional managers; else null. HQ and ADMIN have neither."
    )

    def post(self) -> Post:
        store = optional_id(self.store_id, "Store", "storeId")
        return Post(self.role, store, optional_id(self.region_id, "Region", "regionId"))


@strawberry.input(description="A new store.")
class OpenStoreInput:
    operation_id: UUID = strawberry.field(description="Made by the caller.")
    code: str = strawberry.field(description="Its code at the till, unique in the brand, up to 60 characters.")
    name: str = strawberry.field(description="As the staff calls it, up to 120 characters.")
    region_name: str | None = strawberry.field(default=None, description="Its region, made when it is new; null: none.")
    timezone: str | None = strawberry.field(default=None, description="IANA zone; null: head office's.")


@strawberry.input(description="A store's new name, region or zone; what is left out stays.")
class UpdateStoreInput:
    operation_id: UUID = strawberry.field(description="Made by the caller.")
    store_id: strawberry.ID = strawberry.field(description="The store.")
    name: str | None = strawberry.field(default=None, description="As the staff calls it, up to 120 characters.")
    region_name: str | None = strawberry.field(
        default=None, description="Its region, made when it is new; empty: none."
    )
    timezone: str | None = strawberry.field(default=None, description="IANA zone.")


@strawberry.type(description="The store, or why not.")
class OpenStorePayload:
    store: Store | None = strawberry.field(default=None, description="As it is now.")
    user_errors: list[UserError] = strawberry.field(default_factory=list, description="Why not.")


@strawberry.type(description="The store, or why not.")
class UpdateStorePayload:
    store: Store | None = strawberry.field(default=None, description="As it is now.")
    user_errors: list[UserError] = strawberry.field(default_factory=list, description="Why not.")


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


@strawberry.input(description="All roles that a colleague has from now on.")
class SetStaffRolesInput:
    operation_id: UUID = strawberry.field(description="Made by the caller.")
    staff_id: strawberry.ID = strawberry.field(description="The colleague; never the caller.")
    roles: list[StaffRoleInput] = strawberry.field(
        description="1 to 50. What is added or taken away must be the caller's to give; the rest stays as it is. Where "
        "she no longer works, her cards and customers go to the store's pool."
    )


@strawberry.type(description="The colleague, or why not.")
class SetStaffRolesPayload:
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


async def _member(info: Info, key: UUID | None) -> Any:
    return await queries.staff_member(info.context.require(), key) if key else None


async def _store(info: Info, key: UUID | None) -> Any:
    return next(iter(await queries.stores(info.context.require().brand_id, (key,))), None) if key else None


@strawberry.type
class PeopleQuery:
    @strawberry.field(description="The colleagues whom the caller may see, by name.")
    async def staff_members(
        self,
        info: Info,
        store_id: Annotated[strawberry.ID | None, strawberry.argument(description="Who works in this store.")] = None,
        search: Annotated[
            str | None, strawberry.argument(description="Part of a name, or the last four digits of a phone.")
        ] = None,
        left: Annotated[bool, strawberry.argument(description="Those who left, instead of those who work.")] = False,
        first: First = 50,
        after: After = None,
    ) -> StaffMemberConnection:
        store = optional_id(store_id, "Store", "storeId")
        size = page_size(first)
        found = await queries.staff_members(info.context.require(), store, search, left, size, decode_id(after))
        cursors = [encode_cursor(member.id) for member in found]
        return make_page(found, size, cursors, after)  # type: ignore[return-value]

    @strawberry.field(description="One colleague; null: none of this id whom the caller may see.")
    async def staff_member(
        self, info: Info, id: Annotated[strawberry.ID, strawberry.argument(description="StaffMember's or Staff's.")]
    ) -> StaffMember | None:
        return await queries.staff_member(info.context.require(), staff_key(id, "id"))  # type: ignore[return-value]


@strawberry.type
class PeopleMutation:
    @strawberry.mutation(description="Opens a store.")
    async def open_store(self, info: Info, input: OpenStoreInput) -> OpenStorePayload:
        key, errors = await write(
            info,
            input,
            UUID,
            lambda actor: service.open_store(actor, input.code, input.name, input.region_name, input.timezone),
        )
        return OpenStorePayload(store=await _store(info, key), user_errors=errors)

    @strawberry.mutation(description="Changes a store.")
    async def update_store(self, info: Info, input: UpdateStoreInput) -> UpdateStorePayload:
        key, errors = await write(
            info,
            input,
            UUID,
            lambda actor: service.update_store(
                actor, parse_id(input.store_id, "Store", "storeId"), input.name, input.region_name, input.timezone
            ),
        )
        return UpdateStorePayload(store=await _store(info, key), user_errors=errors)

    @strawberry.mutation(description="Invites a colleague: she chooses her password behind the link.")
    async def invite_staff(self, info: Info, input: InviteStaffInput) -> InviteStaffPayload:
        def post() -> Post:
            return StaffRoleInput(role=input.role, store_id=input.store_id, region_id=input.region_id).post()

        key, errors = await write(
            info, input, UUID, lambda actor: service.invite(actor, input.operation_id, input.name, input.phone, post())
        )
        link = await service.invitation_link(input.operation_id) if key else None
        return InviteStaffPayload(staff=await _member(info, key), link=link, user_errors=errors)

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
        return RenewInvitationPayload(staff=await _member(info, key), link=link, user_errors=errors)

    @strawberry.mutation(description="Uses a link: sets the password and signs this device in.")
    async def accept_invitation(self, info: Info, input: AcceptInvitationInput) -> AcceptInvitationPayload:
        try:
            signed = await service.accept_invitation(
                input.operation_id, input.token, input.password, input.device or "", info.context.device_token
            )
        except Refusal as refusal:
            return AcceptInvitationPayload(user_errors=[user_error(refusal, info.context.locale)])
        return AcceptInvitationPayload(me=await signed_in(info.context, signed))

    @strawberry.mutation(description="Sets a colleague's roles; they hold from her next request on.")
    async def set_staff_roles(self, info: Info, input: SetStaffRolesInput) -> SetStaffRolesPayload:
        key, errors = await write(
            info,
            input,
            UUID,
            lambda actor: handovers.set_roles(actor, staff_key(input.staff_id), [role.post() for role in input.roles]),
        )
        return SetStaffRolesPayload(staff=await _member(info, key), user_errors=errors)

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
        return EndStaffPayload(staff=await _member(info, key), user_errors=errors)

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
        return RevokeStaffSessionsPayload(staff=await _member(info, key), user_errors=errors)
