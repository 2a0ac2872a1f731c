"""Partners' keys and calls as head office sees them."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

import strawberry

from shuke.api.context import Info
from shuke.api.errors import UserError, write
from shuke.api.identity import Node, Store, node_id
from shuke.api.pagination import (
    After,
    First,
    PageInfo,
    decode_id,
    encode_cursor,
    global_id,
    make_page,
    page_size,
    parse_id,
)
from shuke.domains.identity import queries, service, types
from shuke.domains.identity.service import OVERLAP_HOURS
from shuke.domains.identity.types import Actor, PartnerScope

strawberry.enum(
    PartnerScope,
    description="What a partner's program may do: read the archive, hand in orders, send leads, or "
    "make links by which customers fill in their cards.",
)


@strawberry.type(description="A partner's program. Its bearer key is kept nowhere and changes by rotation.")
class PartnerKey(Node):
    id: strawberry.ID = node_id("PartnerKey")
    name: str = strawberry.field(description="What head office calls it.")
    scopes: list[PartnerScope] = strawberry.field(description="What it may do.")
    stores: list[Store] | None = strawberry.field(description="The stores it is limited to; null: all of the brand.")
    per_minute: int = strawberry.field(description="How many calls it may make in a minute.")
    created_at: datetime = strawberry.field(description="When it was made.")
    expires_at: datetime | None = strawberry.field(description="When it stops working; null: not by itself.")
    last_used_at: datetime | None = strawberry.field(
        description="When the present bearer key was last used, to a few minutes; null: never."
    )
    previous_until: datetime | None = strawberry.field(
        description="Until when the bearer key before the last rotation works as well; null: it does not."
    )
    previous_used_at: datetime | None = strawberry.field(
        description="When that one was last used: the partner has changed over once this stands still."
    )
    revoked_at: datetime | None = strawberry.field(description="When it was revoked; null: it was not.")

    @classmethod
    def is_type_of(cls, obj: object, info: Any) -> bool:
        return isinstance(obj, types.PartnerKey)


@strawberry.type(description="One call by a partner's key: neither its variables nor its answer is kept.")
class PartnerCall:
    key_name: str = strawberry.field(description="Name of the key.")
    at: datetime = strawberry.field(description="When it came in.")
    operation: str | None = strawberry.field(
        description="What the partner calls the operation; null: unnamed, or none."
    )
    root_fields: list[str] = strawberry.field(description="Queries or mutations it asked for.")
    status: int = strawberry.field(description="HTTP status of the answer.")
    code: str | None = strawberry.field(description="`extensions.code` of the first error; null: none.")
    duration_ms: int = strawberry.field(description="Milliseconds until the answer was sent.")
    cost: int = strawberry.field(description="What it cost: fields, those in a page of n rows counted n times.")

    @strawberry.field(description="Whose key: a `PartnerKey`.")
    def key_id(self: Any) -> strawberry.ID:
        return global_id("PartnerKey", self.key_id)

    @classmethod
    def is_type_of(cls, obj: object, info: Any) -> bool:
        return isinstance(obj, types.PartnerCall)


@strawberry.type(description="A call in a list.")
class PartnerCallEdge:
    cursor: str = strawberry.field(description="Pass it as `after` to go on behind this call.")
    node: PartnerCall = strawberry.field(description="The call.")


@strawberry.type(description="A page of calls, the latest first.")
class PartnerCallConnection:
    edges: list[PartnerCallEdge] = strawberry.field(description="The calls of this page.")
    page_info: PageInfo = strawberry.field(description="Where the page stands.")


@strawberry.input(description="What `createPartnerKey` takes.")
class CreatePartnerKeyInput:
    operation_id: UUID = strawberry.field(description="Made by the caller; the same again makes no second key.")
    name: str = strawberry.field(description="What to call it, up to 120 characters.")
    scopes: list[PartnerScope] = strawberry.field(description="What it may do; at least one.")
    store_ids: list[strawberry.ID] | None = strawberry.field(
        default=None, description="The stores it is limited to; null: all of the brand."
    )
    expires_in_days: int | None = strawberry.field(
        default=None, description="1 to 3650: after so many days it stops working; null: it does not."
    )
    per_minute: int = strawberry.field(default=600, description="How many calls it may make in a minute, 1 to 60000.")


@strawberry.type(description="What `createPartnerKey` answers.")
class CreatePartnerKeyPayload:
    key: PartnerKey | None = strawberry.field(default=None, description="The key.")
    bearer: str | None = strawberry.field(
        default=None, description="The bearer key, this once: null to a repeat. Rotate the key if it was lost."
    )
    user_errors: list[UserError] = strawberry.field(default_factory=list, description="Why not.")


@strawberry.input(description="What `rotatePartnerKey` takes.")
class RotatePartnerKeyInput:
    operation_id: UUID = strawberry.field(description="Made by the caller; the same again does not rotate twice.")
    id: strawberry.ID = strawberry.field(description="The key.")
    overlap_hours: int = strawberry.field(
        default=OVERLAP_HOURS,
        description="0 to 720: so long the present bearer key works beside the new one. The one before it stops now.",
    )
    expires_in_days: int | None = strawberry.field(
        default=None, description="1 to 3650: a new end for the key, from now; null: as it was."
    )


@strawberry.type(description="What `rotatePartnerKey` answers.")
class RotatePartnerKeyPayload:
    key: PartnerKey | None = strawberry.field(default=None, description="The key.")
    bearer: str | None = strawberry.field(
        default=None, description="The new bearer key, this once: null to a repeat. Rotate again if it was lost."
    )
    user_errors: list[UserError] = strawberry.field(default_factory=list, description="Why not.")


@strawberry.input(description="What `revokePartnerKey` takes.")
class RevokePartnerKeyInput:
    operation_id: UUID = strawberry.field(description="Made by the caller.")
    id: strawberry.ID = strawberry.field(description="The key.")


@strawberry.type(description="What `revokePartnerKey` answers.")
class RevokePartnerKeyPayload:
    key: PartnerKey | None = strawberry.field(default=None, description="The key, which works no more.")
    user_errors: list[UserError] = strawberry.field(default_factory=list, description="Why not.")


async def partner_key(actor: Actor, key: UUID) -> types.PartnerKey | None:
    """One of the brand's keys."""
    service.allow(actor, "partnerKeys")
    return next(iter(await queries.partner_keys(actor.brand_id, key)), None)


@strawberry.type
class PartnerQuery:
    @strawberry.field(description="The keys of partners' programs, the newest first, revoked ones behind them.")
    async def partner_keys(self, info: Info) -> list[PartnerKey]:
        actor = info.context.require()
        service.allow(actor, "partnerKeys")
        return await queries.partner_keys(actor.brand_id)  # type: ignore[return-value]

    @strawberry.field(description="What partners' programs asked for in the last 90 days, the latest first.")
    async def partner_calls(
        self,
        info: Info,
        key_id: Annotated[strawberry.ID | None, strawberry.argument(description="Only this key's.")] = None,
        first: First = 50,
        after: After = None,
    ) -> PartnerCallConnection:
        actor = info.context.require()
        service.allow(actor, "partnerCalls")
        key = parse_id(key_id, "PartnerKey", "keyId") if key_id else None
        size, start = page_size(first), decode_id(after)
        found = await queries.partner_calls(actor.brand_id, size, start, key)
        page: Any = make_page(found, size, [encode_cursor(row.id) for row in found], after)
        return page


@strawberry.type
class PartnerMutation:
    @strawberry.mutation(description="Makes a key for a partner's program.")
    async def create_partner_key(self, info: Info, input: CreatePartnerKeyInput) -> CreatePartnerKeyPayload:
        bearer: list[str] = []  # beside the answer, which is kept for repeats: the bearer key is kept nowhere

        async def act(actor: Actor) -> UUID:
            issued = await service.create_partner_key(actor, _wish(input))
            bearer.append(issued.token)
            return issued.key_id

        key_id, errors = await write(info, input, UUID, act)
        key = await _shown(info, key_id)
        return CreatePartnerKeyPayload(key=key, bearer=bearer[0] if bearer and key else None, user_errors=errors)

    @strawberry.mutation(description="Gives a key a new bearer key; the present one works on for the overlap.")
    async def rotate_partner_key(self, info: Info, input: RotatePartnerKeyInput) -> RotatePartnerKeyPayload:
        bearer: list[str] = []

        async def act(actor: Actor) -> UUID:
            key = parse_id(input.id, "PartnerKey")
            issued = await service.rotate_partner_key(actor, key, input.overlap_hours, input.expires_in_days)
            bearer.append(issued.token)
            return issued.key_id

        key_id, errors = await write(info, input, UUID, act)
        key = await _shown(info, key_id)
        return RotatePartnerKeyPayload(key=key, bearer=bearer[0] if bearer and key else None, user_errors=errors)

    @strawberry.mutation(description="Ends a key at once, the bearer key before the last rotation too.")
    async def revoke_partner_key(self, info: Info, input: RevokePartnerKeyInput) -> RevokePartnerKeyPayload:
        async def act(actor: Actor) -> UUID:
            key = parse_id(input.id, "PartnerKey")
            await service.revoke_partner_key(actor, key)
            return key

        key_id, errors = await write(info, input, UUID, act)
        return RevokePartnerKeyPayload(key=await _shown(info, key_id), user_errors=errors)


def _wish(said: CreatePartnerKeyInput) -> types.KeyWish:
    stores = None if said.store_ids is None else tuple(parse_id(one, "Store", "storeIds") for one in said.store_ids)
    return types.KeyWish(said.name, frozenset(said.scopes), stores, said.expires_in_days, said.per_minute)


async def _shown(info: Info, key_id: UUID | None) -> Any:
    return await partner_key(info.context.require(), key_id) if key_id else None
