"""Brand, stores, staff and sessions as GraphQL shows them."""

from datetime import datetime
from typing import Any

import strawberry

from shuke.api.context import Info
from shuke.api.pagination import global_id
from shuke.api.segments.cells import CellName, cell_names
from shuke.domains.identity import queries, service, types
from shuke.domains.identity.types import Actor, Locale, Role
from shuke.domains.notifications import queries as inbox
from shuke.domains.notifications import service as notifications

strawberry.enum(Role, description="What a staff member is in a store, a region or the brand.")


@strawberry.interface(description="Anything with a global id.")
class Node:
    id: strawberry.ID = strawberry.field(description='base64 of "Type:uuid"; a client may compute it.')


def node_id(type_name: str) -> Any:
    """The `id` field of a node type: made of the type's name and the `id` of the object behind it."""

    def resolve(self: Any) -> strawberry.ID:
        return global_id(type_name, self.id)

    return strawberry.field(resolver=resolve, description=f'base64 of "{type_name}:uuid".')


@strawberry.type(description="A chain of shops: the tenant.")
class Brand(Node):
    id: strawberry.ID = node_id("Brand")
    name: str = strawberry.field(description="As customers know it.")
    currency: str = strawberry.field(description="ISO 4217.")
    timezone: str = strawberry.field(description="IANA zone of head office.")

    @classmethod
    def is_type_of(cls, obj: object, info: Any) -> bool:
        return isinstance(obj, types.Brand)


@strawberry.type(description="A group of shops.")
class Region(Node):
    id: strawberry.ID = node_id("Region")
    name: str = strawberry.field(description="As the staff calls it, unique in the brand.")

    @classmethod
    def is_type_of(cls, obj: object, info: Any) -> bool:
        return isinstance(obj, types.Region)


@strawberry.type(description="A shop.")
class Store(Node):
    id: strawberry.ID = node_id("Store")
    name: str = strawberry.field(description="As the staff calls it.")
    code: str = strawberry.field(description="Its code at the till, unique in the brand.")
    region: str | None = strawberry.field(description="Name of its region; null: none.")
    timezone: str = strawberry.field(description="IANA zone in which its days begin and end.")

    @classmethod
    def is_type_of(cls, obj: object, info: Any) -> bool:
        return isinstance(obj, types.Store)


@strawberry.type(description="Somebody who works for the brand.")
class Staff(Node):
    id: strawberry.ID = node_id("Staff")
    name: str = strawberry.field(description="Full name.")

    @classmethod
    def is_type_of(cls, obj: object, info: Any) -> bool:
        return isinstance(obj, types.Staff)


@strawberry.type(description="A role and where it holds; store and region both null: in the whole brand.")
class StaffRole:
    role: Role = strawberry.field(description="The role.")
    store: Store | None = strawberry.field(description="The one store it holds in.")
    region: str | None = strawberry.field(description="Name of the region it holds in.")

    @strawberry.field(description="The region it holds in.")
    def region_id(self: Any) -> strawberry.ID | None:
        return global_id("Region", self.region_id) if self.region_id else None

    @classmethod
    def is_type_of(cls, obj: object, info: Any) -> bool:
        return isinstance(obj, types.StaffRole)


@strawberry.type(description="A device that is signed in.")
class Session(Node):
    id: strawberry.ID = node_id("Session")
    device: str = strawberry.field(description="What the device called itself.")
    created_at: datetime = strawberry.field(description="When it signed in.")
    last_seen_at: datetime = strawberry.field(description="When it was last seen, to a few minutes.")

    @strawberry.field(description="The device that asks.")
    def current(self, info: Info) -> bool:
        return bool(self.id == info.context.require().session_id)

    @classmethod
    def is_type_of(cls, obj: object, info: Any) -> bool:
        return isinstance(obj, types.Session)


@strawberry.type(description="Who is signed in, and what the app needs to know at its start.")
class Me:
    actor: strawberry.Private[Actor]

    @strawberry.field(description="The person.")
    def staff(self) -> Staff:
        return types.Staff(self.actor.id, self.actor.name)  # type: ignore[arg-type, return-value]

    @strawberry.field(description="Her brand.")
    async def brand(self) -> Brand:
        return await queries.brand(self.actor.brand_id)  # type: ignore[return-value]

    @strawberry.field(description="What her brand calls the eight RFM cells.")
    async def cells(self) -> list[CellName]:
        return await cell_names(self.actor.brand_id)

    @strawberry.field(description="Her roles.")
    async def roles(self) -> list[StaffRole]:
        return await queries.roles(self.actor.id)  # type: ignore[arg-type, return-value]

    @strawberry.field(description="The stores she works in.")
    async def stores(self) -> list[Store]:
        return await queries.stores(self.actor.brand_id, self.actor.store_ids)  # type: ignore[return-value]

    @strawberry.field(description="The language that her reminders are written in.")
    def locale(self) -> Locale:
        return self.actor.locale

    @strawberry.field(description="Public VAPID key for push subscriptions: base64url of the uncompressed point.")
    async def push_key(self) -> str:
        return await notifications.public_key()

    @strawberry.field(description="Unread inbox messages.")
    async def unread(self) -> int:
        return await inbox.unread(self.actor.id)  # type: ignore[arg-type]

    @strawberry.field(description="The session of this device.")
    def session_id(self) -> strawberry.ID:
        return global_id("Session", self.actor.session_id)  # type: ignore[arg-type]


@strawberry.type
class IdentityQuery:
    @strawberry.field(description="Who is signed in; null: nobody, or a partner's key.")
    def me(self, info: Info) -> Me | None:
        actor = info.context.actor
        return Me(actor=actor) if actor and actor.kind == "staff" else None

    @strawberry.field(description="The stores the caller may see, by region and code.")
    async def stores(self, info: Info) -> list[Store]:
        actor = info.context.require()
        service.allow(actor, "stores")
        return await queries.stores(actor.brand_id, actor.store_ids)  # type: ignore[return-value]

    @strawberry.field(description="The regions of the stores that the caller may see, by name.")
    async def regions(self, info: Info) -> list[Region]:
        actor = info.context.require()
        service.allow(actor, "regions")
        return await queries.regions(actor.brand_id, actor.store_ids)  # type: ignore[return-value]

    @strawberry.field(description="Who works in the stores that the caller may see, by name: to be chosen in a form.")
    async def colleagues(self, info: Info) -> list[Staff]:
        actor = info.context.require()
        service.allow(actor, "colleagues")
        return await queries.colleagues(actor.brand_id, actor.store_ids)  # type: ignore[return-value]

    @strawberry.field(description="The caller's own signed-in devices, the latest seen first.")
    async def sessions(self, info: Info) -> list[Session]:
        actor = info.context.require()
        service.allow(actor, "sessions")
        return await queries.sessions(actor.id)  # type: ignore[arg-type, return-value]
