"""How soon new customers are filed, for managers, with the visits behind each number."""

import datetime as dt
from datetime import datetime
from typing import Annotated, Any

import strawberry

from shuke.api.board import NoRegionArg, PeriodArg, RegionArg, StoreArg
from shuke.api.context import Info
from shuke.api.customers.visits import Visit
from shuke.api.identity import Region, Staff, Store
from shuke.api.pagination import (
    After,
    First,
    PageInfo,
    decode_moment,
    encode_cursor,
    make_page,
    optional_id,
    page_size,
)
from shuke.api.people import staff_key
from shuke.domains.customers import queries, types
from shuke.domains.customers.types.visits import FilingScope, FilingState
from shuke.domains.tasks.types import BoardGrouping, BoardPeriod

strawberry.enum(FilingState, description="How it stands with the record of a new customer who came in.")


@strawberry.type(description="New customers who came in, by how soon they were filed.")
class FilingCounts:
    visits: int = strawberry.field(description="New customers who came in or asked, as somebody in the shop put down.")
    on_time: int = strawberry.field(description="Filed within an hour of the visit.")
    late: int = strawberry.field(description="Filed later than that.")
    waiting: int = strawberry.field(description="Not filed yet, and the hour is not over.")
    missing: int = strawberry.field(description="Not filed, and the hour is over.")
    rate: float | None = strawberry.field(description="onTime / visits, 0 to 1; null: nobody new came in.")

    @classmethod
    def is_type_of(cls, obj: object, info: Any) -> bool:
        return isinstance(obj, types.visits.FilingCounts)


@strawberry.type(description="A region, a store, or a person in a store.")
class FilingRow:
    region: Region | None = strawberry.field(description="The region; null: a store without one.")
    store: Store | None = strawberry.field(description="The store; null in rows of regions.")
    staff: Staff | None = strawberry.field(description="Who put the visits down; null in other rows.")
    counts: FilingCounts = strawberry.field(description="Her numbers.")

    @classmethod
    def is_type_of(cls, obj: object, info: Any) -> bool:
        return isinstance(obj, types.visits.FilingRow)


@strawberry.type(description="A day by the stores' clocks.")
class FilingDay:
    date: dt.date = strawberry.field(description="The day.")
    counts: FilingCounts = strawberry.field(description="Its numbers.")

    @classmethod
    def is_type_of(cls, obj: object, info: Any) -> bool:
        return isinstance(obj, types.visits.FilingDay)


@strawberry.type(description="How soon new customers were filed in a period.")
class Filing:
    as_of: datetime = strawberry.field(description="When this was counted.")
    counts: FilingCounts = strawberry.field(description="Of all chosen stores.")
    rows: list[FilingRow] = strawberry.field(
        description="Where somebody new came in, those with most missing first; at most 200."
    )
    days: list[FilingDay] = strawberry.field(description="Days on which somebody new came in, the first first.")

    @classmethod
    def is_type_of(cls, obj: object, info: Any) -> bool:
        return isinstance(obj, types.visits.Filing)


@strawberry.type(description="A visit in a list.")
class VisitEdge:
    cursor: str = strawberry.field(description="Pass it as `after` to go on behind this visit.")
    node: Visit = strawberry.field(description="The visit.")


@strawberry.type(description="A page of visits, the latest first.")
class VisitConnection:
    edges: list[VisitEdge] = strawberry.field(description="The visits of this page.")
    page_info: PageInfo = strawberry.field(description="Where the page stands.")


def _scope(period: BoardPeriod, region_id: Any, no_region: bool, store_id: Any) -> FilingScope:
    region, store = optional_id(region_id, "Region", "regionId"), optional_id(store_id, "Store", "storeId")
    return FilingScope(period.value, region, store, no_region)


@strawberry.type
class FilingQuery:
    @strawberry.field(
        description="How many of the new customers who came in were filed within an hour, by the stores' clocks."
    )
    async def filing(
        self,
        info: Info,
        period: PeriodArg = BoardPeriod.TODAY,
        by: Annotated[BoardGrouping, strawberry.argument(description="What a row is.")] = BoardGrouping.STORE,
        region_id: RegionArg = None,
        no_region: NoRegionArg = False,
        store_id: StoreArg = None,
    ) -> Filing:
        scope = _scope(period, region_id, no_region, store_id)
        return await queries.filing(info.context.require(), scope, by.value)  # type: ignore[return-value]

    @strawberry.field(description="The visits behind a number of `filing`, for the same choice; the latest first.")
    async def filing_visits(
        self,
        info: Info,
        state: Annotated[FilingState | None, strawberry.argument(description="Which number; null: all.")] = None,
        period: PeriodArg = BoardPeriod.TODAY,
        region_id: RegionArg = None,
        no_region: NoRegionArg = False,
        store_id: StoreArg = None,
        staff_id: Annotated[strawberry.ID | None, strawberry.argument(description="Put down by her.")] = None,
        day: Annotated[dt.date | None, strawberry.argument(description="Of this day of the period.")] = None,
        first: First = 30,
        after: After = None,
    ) -> VisitConnection:
        scope = _scope(period, region_id, no_region, store_id)
        chosen = types.visits.FilingChoice(scope, state, staff_key(staff_id) if staff_id else None, day)
        size = page_size(first)
        found = await queries.filing_visits(info.context.require(), chosen, size, decode_moment(after))
        return make_page(found, size, [encode_cursor(row.at.isoformat(), row.id) for row in found], after)  # type: ignore[return-value]
