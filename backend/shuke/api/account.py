"""A person's own account: signing in and out, her devices, her language, her password."""

from dataclasses import replace
from uuid import UUID

import strawberry

from shuke.api.context import Context, Info
from shuke.api.errors import UserError, user_error, write
from shuke.api.identity import Me
from shuke.api.pagination import parse_id
from shuke.domains.identity import service, types
from shuke.domains.identity.types import Locale
from shuke.kit.errors import Refusal


@strawberry.input(description="What `signIn` takes.")
class SignInInput:
    operation_id: UUID = strawberry.field(description="Made by the caller; the same again opens the same session.")
    phone: str = strawberry.field(description="As typed; +86 is assumed.")
    password: str = strawberry.field(description="Her password.")
    device: str | None = strawberry.field(default=None, description="What to call this device in her list.")


@strawberry.type(description="What `signIn` answers.")
class SignInPayload:
    me: Me | None = strawberry.field(default=None, description="Who is signed in now; the session is in a cookie.")
    user_errors: list[UserError] = strawberry.field(default_factory=list, description="Why not.")


@strawberry.input(description="What `signOut` takes.")
class SignOutInput:
    operation_id: UUID = strawberry.field(description="Made by the caller.")


@strawberry.type(description="What `signOut` answers.")
class SignOutPayload:
    user_errors: list[UserError] = strawberry.field(default_factory=list, description="Why not.")


@strawberry.input(description="What `revokeSession` takes.")
class RevokeSessionInput:
    operation_id: UUID = strawberry.field(description="Made by the caller.")
    id: strawberry.ID = strawberry.field(description="One of the caller's own sessions.")


@strawberry.type(description="What `revokeSession` answers.")
class RevokeSessionPayload:
    user_errors: list[UserError] = strawberry.field(default_factory=list, description="Why not.")


@strawberry.input(description="What `updateMe` takes.")
class UpdateMeInput:
    operation_id: UUID = strawberry.field(description="Made by the caller.")
    locale: Locale = strawberry.field(description="The language that her reminders are written in.")


@strawberry.type(description="What `updateMe` answers.")
class UpdateMePayload:
    me: Me | None = strawberry.field(default=None, description="The caller, changed.")
    user_errors: list[UserError] = strawberry.field(default_factory=list, description="Why not.")


@strawberry.input(description="What `changePassword` takes.")
class ChangePasswordInput:
    operation_id: UUID = strawberry.field(description="Made by the caller.")
    current: str = strawberry.field(description="The password she has now.")
    new: str = strawberry.field(description="Her new password, at least 8 characters.")


@strawberry.type(description="What `changePassword` answers.")
class ChangePasswordPayload:
    user_errors: list[UserError] = strawberry.field(default_factory=list, description="Why not.")


async def signed_in(context: Context, signed: types.SignedIn) -> Me | None:
    """Puts the session, and that this device is known, into cookies; the rest of the request is hers."""
    context.keep_session(signed.token, signed.expires_at)
    context.keep_device(signed.device_token)
    context.actor = await service.by_session(signed.token)
    context.forget_reads()
    return Me(actor=context.actor) if context.actor else None


@strawberry.type
class AccountMutation:
    @strawberry.mutation(description="Opens a session for this device, by phone number and password.")
    async def sign_in(self, info: Info, input: SignInInput) -> SignInPayload:
        context: Context = info.context
        try:
            signed = await service.sign_in(
                *(input.operation_id, input.phone, input.password, input.device or "", context.address),
                known=context.device_token,
            )
        except Refusal as refusal:
            return SignInPayload(user_errors=[user_error(refusal, context.locale)])
        return SignInPayload(me=await signed_in(context, signed))

    @strawberry.mutation(description="Ends this device's session.")
    async def sign_out(self, info: Info, input: SignOutInput) -> SignOutPayload:
        if info.context.actor is None:  # a repeat, after the session ended
            return SignOutPayload()
        _, errors = await write(info, input, type(None), lambda actor: service.sign_out(actor))
        if not errors:
            info.context.keep_session("", info.context.now)
        return SignOutPayload(user_errors=errors)

    @strawberry.mutation(description="Ends the session of one of the caller's devices.")
    async def revoke_session(self, info: Info, input: RevokeSessionInput) -> RevokeSessionPayload:
        _, errors = await write(
            info, input, type(None), lambda actor: service.revoke_session(actor, parse_id(input.id, "Session"))
        )
        return RevokeSessionPayload(user_errors=errors)

    @strawberry.mutation(description="Changes the language in which the caller is reminded.")
    async def update_me(self, info: Info, input: UpdateMeInput) -> UpdateMePayload:
        _, errors = await write(info, input, type(None), lambda actor: service.update_me(actor, input.locale))
        if errors or info.context.actor is None:
            return UpdateMePayload(user_errors=errors)
        return UpdateMePayload(me=Me(actor=replace(info.context.actor, locale=input.locale)))

    @strawberry.mutation(
        description="Changes the caller's password. Her other devices are signed out, and a link to reset it is over."
    )
    async def change_password(self, info: Info, input: ChangePasswordInput) -> ChangePasswordPayload:
        context: Context = info.context
        try:
            await service.change_password(
                *(context.require(), input.operation_id, input.current, input.new, context.address),
                known=context.device_token,
            )
        except Refusal as refusal:
            return ChangePasswordPayload(user_errors=[user_error(refusal, context.locale)])
        context.forget_reads()
        return ChangePasswordPayload()
