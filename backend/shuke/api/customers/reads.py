"""Reading customers: one, or a list."""

from typing import Annotated

import strawberry

from shuke.api.context import Info
from shuke.api.customers.types import Customer, CustomerConnection, FilteredPage
from shuke.api.pagination import After, First, decode_id, encode_cursor, make_page, optional_id, page_size, parse_id
from shuke.domains.customers import queries
from shuke.domains.customers.types import Filters
from shuke.domains.segments import queries as segments
from shuke.domains.segments.types import RfmCell


@strawberry.type
class CustomerQuery:
    @strawberry.field(description="One customer; null: none of this id within the caller's reach.")
    async def customer(
        self, info: Info, id: Annotated[strawberry.ID, strawberry.argument(description="The customer.")]
    ) -> Customer | None:
        return await queries.customer(info.context.require(), parse_id(id, "Customer"))  # type: ignore[return-value]

    @strawberry.field(description="The customers of the caller's stores, the newest first; every filter narrows.")
    async def customers(
        self,
        info: Info,
        search: Annotated[
            str | None,
            strawberry.argument(
                description="Part of a name, its pinyin from any syllable on (yutong) or its initials (zyt); how a "
                "member number or card begins; a whole phone or its last four digits; a whole WeChat id or e-mail."
            ),
        ] = None,
        store_id: Annotated[strawberry.ID | None, strawberry.argument(description="Home store.")] = None,
        region_id: Annotated[strawberry.ID | None, strawberry.argument(description="Home store's region.")] = None,
        mine: Annotated[bool | None, strawberry.argument(description="Only those the caller looks after.")] = False,
        cell: Annotated[RfmCell | None, strawberry.argument(description="RFM cell.")] = None,
        segment_id: Annotated[
            strawberry.ID | None, strawberry.argument(description="Only those who are in this segment now.")
        ] = None,
        tag_id: Annotated[strawberry.ID | None, strawberry.argument(description="Only those with this tag.")] = None,
        shared: Annotated[
            bool | None,
            strawberry.argument(
                description="Only those of other stores that are shared with the caller's. Without it they are found "
                "by a search alone."
            ),
        ] = False,
        first: First = 30,
        after: After = None,
    ) -> CustomerConnection:
        filters = Filters(
            search,
            parse_id(store_id, "Store", "storeId") if store_id else None,
            bool(mine),
            await segments.among(
                info.context.require(),
                cell,
                optional_id(segment_id, "Segment", "segmentId"),
                optional_id(tag_id, "Tag", "tagId"),
            ),
            parse_id(region_id, "Region", "regionId") if region_id else None,
            bool(shared),
        )
        size = page_size(first)
        found = await queries.customers(info.context.require(), filters, size, decode_id(after))
        page = make_page(found, size, [encode_cursor(view.id) for view in found], after)
        return FilteredPage(page.edges, page.page_info, filters)  # type: ignore[return-value]
