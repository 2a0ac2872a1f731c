"""Reading colleagues: one, or a list."""

from typing import Annotated

import strawberry

from shuke.api.context import Info
from shuke.api.pagination import After, First, decode_id, encode_cursor, make_page, optional_id, page_size
from shuke.api.people.types import StaffMember, StaffMemberConnection, staff_key
from shuke.domains.identity import queries


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
