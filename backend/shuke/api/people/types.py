"""A colleague as those see her who manage people; what she is called by and what she may be given."""

from datetime import datetime
from typing import Any
from uuid import UUID

import strawberry

from shuke.api.context import Info
from shuke.api.identity import Node, Session, StaffRole, node_id
from shuke.api.pagination import PageInfo, optional_id, split_id
from shuke.domains.identity import queries, types
from shuke.domains.identity.types import Post, Role
from shuke.domains.tasks import queries as tasks
from shuke.kit.errors import ErrorCode, Refusal


def staff_key(value: str, field: str = "staffId") -> UUID:
    """The key in the global id of a Staff or a StaffMember, who are the same person. Raises Refusal NOT_FOUND."""
    name, key = split_id(value, field)
    if name not in ("Staff", "StaffMember"):
        raise Refusal(ErrorCode.NOT_FOUND, field)
    return key


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


async def member(info: Info, key: UUID | None) -> Any:
    """For a payload: the colleague as she is now."""
    return await queries.staff_member(info.context.require(), key) if key else None
