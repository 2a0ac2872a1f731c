"""Stores, opened and changed by head office."""

from typing import Any
from uuid import UUID

import strawberry

from shuke.api.context import Info
from shuke.api.errors import UserError, write
from shuke.api.identity import Store
from shuke.api.pagination import parse_id
from shuke.domains.identity import queries, service


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


async def _store(info: Info, key: UUID | None) -> Any:
    return next(iter(await queries.stores(info.context.require().brand_id, (key,))), None) if key else None


@strawberry.type
class StoreMutation:
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
