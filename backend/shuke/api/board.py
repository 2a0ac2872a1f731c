"""The manager's board as GraphQL shows it: numbers, the people behind them, and what she does about them."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

import strawberry

from shuke.api.context import Info
from shuke.api.errors import UserError, write
from shuke.api.identity import Region, Staff, Store
from shuke.api.pagination import (
    First,
    decode_moment,
    encode_cursor,
    global_id,
    make_page,
    optional_id,
    page_size,
    parse_id,
)
from shuke.api.people import staff_key
from shuke.api.segments import SegmentCount
from shuke.api.tasks import Task, TaskConnection
from shuke.domains.segments import queries as segments
from shuke.domains.tasks import queries, service, types
from shuke.domains.tasks.types import BoardGrouping, BoardPeriod, BoardScope, BoardState, Reassigned
from shuke.kit import i18n
from shuke.kit.errors import ErrorCode, Refusal

strawberry.enum(BoardPeriod, description="By each store's own clock; a week begins on Monday.")
strawberry.enum(BoardGrouping, description="What a row of the board stands for.")
strawberry.enum(
    BoardState,
    description="DONE: closed with an outcome since the period began. LATE: open, its due time has passed. DUE: open, "
    "due from now to the end of the period.",
)

MOST_MOVED = 200
PeriodArg = Annotated[BoardPeriod, strawberry.argument(description="The period.")]
RegionArg = Annotated[strawberry.ID | None, strawberry.argument(description="Stores of this region only.")]
NoRegionArg = Annotated[bool, strawberry.argument(description="Stores without a region only.")]
StoreArg = Annotated[strawberry.ID | None, strawberry.argument(description="This store only.")]


@strawberry.type(description="Cards, counted. Each number has its list in `boardCards`.")
class BoardCounts:
    done: int = strawberry.field(description="Closed with an outcome since the period began, by whoever closed them.")
    due: int = strawberry.field(description="Open, due from now to the end of the period.")
    late: int = strawberry.field(description="Open, their due time has passed, whenever that was.")
    on_time: float | None = strawberry.field(
        description="Of what was closed in the period, the share (0 to 1) closed by its due time; null: nothing was."
    )

    @classmethod
    def is_type_of(cls, obj: object, info: Any) -> bool:
        return isinstance(obj, types.BoardCounts)


@strawberry.type(description="One region, one store, or one person in a store; a store's pool is a row without staff.")
class BoardRow:
    region: Region | None = strawberry.field(description="Its region; null: none.")
    store: Store | None = strawberry.field(description="The store; null on rows of regions.")
    staff: Staff | None = strawberry.field(description="The person; null: the pool, or no row of a person.")
    counts: BoardCounts = strawberry.field(
        description="Done is counted for who closed the card, the rest for whose it is."
    )
    last_seen_at: datetime | None = strawberry.field(
        description="Rows of persons: when one of her devices was last seen, to a few minutes; null: never."
    )
    nudged_at: datetime | None = strawberry.field(
        description="Rows of persons: when she was last nudged since the store's midnight; null: not today."
    )

    @strawberry.field(
        description="Unique in the answer: the global id of the region or store; of a person, hers, a colon and her "
        'store\'s; of a pool, "pool:" and the store\'s; "none" where stores have no region.'
    )
    def key(self: Any) -> strawberry.ID:
        row: types.BoardRow = self
        if row.grouping is BoardGrouping.REGION:
            return global_id("Region", row.region.id) if row.region else strawberry.ID("none")
        assert row.store
        store = global_id("Store", row.store.id)
        if row.grouping is BoardGrouping.STORE:
            return store
        return strawberry.ID(f"{global_id('Staff', row.staff.id) if row.staff else 'pool'}:{store}")

    @classmethod
    def is_type_of(cls, obj: object, info: Any) -> bool:
        return isinstance(obj, types.BoardRow)


@strawberry.type(description="Cards by follow-up rule; one with several reasons counts under each.")
class BoardReason:
    key: str = strawberry.field(description="Which rule, as in `Reason.key`.")
    counts: BoardCounts = strawberry.field(description="Its cards.")

    @strawberry.field(description="Its name in the caller's language; a rule without one shows its key.")
    def title(self: Any, info: Info) -> str:
        name = f"reason_{self.key}"
        return i18n.say(info.context.locale, name) if name in i18n.CATALOGUE[info.context.locale] else self.key

    @classmethod
    def is_type_of(cls, obj: object, info: Any) -> bool:
        return isinstance(obj, types.BoardReason)


@strawberry.type(description="Who is behind, while there is still time: the caller's stores, or those chosen of them.")
class Board:
    @strawberry.field(description="What it is of.")
    def period(self: Any) -> BoardPeriod:
        return self.scope.period

    as_of: datetime = strawberry.field(description="When it was counted.")
    counts: BoardCounts = strawberry.field(description="All chosen stores together.")
    before: BoardCounts | None = strawberry.field(
        description="By the same time of the day, week or month before: only `done` counts; null: no card had been "
        "closed before this period."
    )
    rows: list[BoardRow] = strawberry.field(description="At most 200, the most late first, then by name.")
    reasons: list[BoardReason] = strawberry.field(description="By follow-up rule, the most late first.")

    @strawberry.field(description="Customers of the chosen stores by RFM cell as last computed, all eight.")
    async def cells(self: Any, info: Info) -> list[SegmentCount]:
        scope: BoardScope = self.scope
        return await segments.board_cells(  # type: ignore[return-value]
            info.context.require(), scope.region_id, scope.no_region, scope.store_id
        )

    @classmethod
    def is_type_of(cls, obj: object, info: Any) -> bool:
        return isinstance(obj, types.Board)


@strawberry.input(description="Whom to nudge.")
class NudgeStaffInput:
    operation_id: UUID = strawberry.field(description="Made by the caller; the same again nudges once.")
    staff_id: strawberry.ID = strawberry.field(description="The person.")
    store_id: strawberry.ID = strawberry.field(
        description="Where she works: the message tells her cards of this store."
    )


@strawberry.type(description="On its way, or why not.")
class NudgeStaffPayload:
    user_errors: list[UserError] = strawberry.field(
        default_factory=list, description="TOO_MANY: she was nudged less than 30 minutes ago."
    )


@strawberry.input(description="Which open cards go to whom.")
class ReassignTasksInput:
    operation_id: UUID = strawberry.field(description="Made by the caller.")
    task_ids: list[strawberry.ID] = strawberry.field(description="1 to 200 cards; closed ones stay as they are.")
    assignee_id: strawberry.ID | None = strawberry.field(
        default=None, description="Somebody who works in the store of each card; null: the stores' pools."
    )


@strawberry.type(description="The cards as they stand now.")
class ReassignTasksPayload:
    reassignment_id: strawberry.ID | None = strawberry.field(
        default=None, description="What `undoReassign` takes; null: no card had to move."
    )
    tasks: list[Task] = strawberry.field(default_factory=list, description="Every card that was named.")
    user_errors: list[UserError] = strawberry.field(default_factory=list, description="Why not; then none moved.")


@strawberry.input(description="Which reassignment to take back.")
class UndoReassignInput:
    operation_id: UUID = strawberry.field(description="Made by the caller.")
    reassignment_id: strawberry.ID = strawberry.field(description="The caller's own, of the last 24 hours.")


@strawberry.type(description="The cards that went back.")
class UndoReassignPayload:
    tasks: list[Task] = strawberry.field(
        default_factory=list, description="One that moved on or was closed since stays and is left out."
    )
    user_errors: list[UserError] = strawberry.field(default_factory=list, description="Why not.")


async def _cards(info: Info, ids: Sequence[UUID]) -> Any:
    found = await queries.tasks_by_id(info.context.require(), ids) if ids else []
    return [view for view in found if view is not None]


def _task_ids(given: list[strawberry.ID]) -> list[UUID]:
    if not 1 <= len(given) <= MOST_MOVED:
        raise Refusal(ErrorCode.INVALID, "taskIds", "cards_count", most=MOST_MOVED)
    return [parse_id(value, "Task", "taskIds") for value in given]


def _scope(
    period: BoardPeriod, region_id: strawberry.ID | None, no_region: bool, store_id: strawberry.ID | None
) -> BoardScope:
    region, store = optional_id(region_id, "Region", "regionId"), optional_id(store_id, "Store", "storeId")
    return BoardScope(period, region, store, no_region)


@strawberry.type
class BoardQuery:
    @strawberry.field(description="The board of the caller's stores.")
    async def board(
        self,
        info: Info,
        period: PeriodArg = BoardPeriod.TODAY,
        by: Annotated[BoardGrouping, strawberry.argument(description="What a row is.")] = BoardGrouping.STORE,
        region_id: RegionArg = None,
        no_region: NoRegionArg = False,
        store_id: StoreArg = None,
    ) -> Board:
        scope = _scope(period, region_id, no_region, store_id)
        return await queries.board(info.context.require(), scope, by)  # type: ignore[return-value]

    @strawberry.field(
        description="The cards behind a number: of DONE the last closed first, else the most late first. As many as "
        "the board counts for the same choice."
    )
    async def board_cards(
        self,
        info: Info,
        state: Annotated[BoardState, strawberry.argument(description="Which number.")],
        period: PeriodArg = BoardPeriod.TODAY,
        region_id: RegionArg = None,
        no_region: NoRegionArg = False,
        store_id: StoreArg = None,
        staff_id: Annotated[
            strawberry.ID | None, strawberry.argument(description="Closed by her (DONE), else hers to do.")
        ] = None,
        pool: Annotated[bool, strawberry.argument(description="Those of no person: the stores' pools.")] = False,
        reason: Annotated[str | None, strawberry.argument(description="Those with a reason of this rule.")] = None,
        first: First = 30,
        after: Annotated[str | None, strawberry.argument(description="The cursor behind which to go on.")] = None,
    ) -> TaskConnection:
        scope = _scope(period, region_id, no_region, store_id)
        chosen = types.BoardChoice(scope, state, staff_key(staff_id) if staff_id else None, pool, reason)
        size = page_size(first)
        found = await queries.board_cards(info.context.require(), chosen, size, decode_moment(after))
        cursors = [encode_cursor(queries.place_of(view, state).isoformat(), view.id) for view in found]
        return make_page(found, size, cursors, after)  # type: ignore[return-value]


@strawberry.type
class BoardMutation:
    @strawberry.mutation(
        description="Tells a person how many of her cards are late and how many are due today, in her inbox and on her "
        "devices; once in 30 minutes."
    )
    async def nudge_staff(self, info: Info, input: NudgeStaffInput) -> NudgeStaffPayload:
        _, errors = await write(
            info,
            input,
            type(None),
            lambda actor: service.nudge(actor, staff_key(input.staff_id), parse_id(input.store_id, "Store", "storeId")),
        )
        return NudgeStaffPayload(user_errors=errors)

    @strawberry.mutation(description="Gives open cards to somebody else, all or none; her customers' guide stays.")
    async def reassign_tasks(self, info: Info, input: ReassignTasksInput) -> ReassignTasksPayload:
        done, errors = await write(
            info,
            input,
            Reassigned,
            lambda actor: service.reassign(
                actor,
                _task_ids(input.task_ids),
                staff_key(input.assignee_id, "assigneeId") if input.assignee_id else None,
            ),
        )
        if done is None:
            return ReassignTasksPayload(user_errors=errors)
        key = global_id("Reassignment", done.event_id) if done.event_id else None
        return ReassignTasksPayload(reassignment_id=key, tasks=await _cards(info, done.tasks))

    @strawberry.mutation(description="Gives cards back to whom a reassignment took them from, within a day.")
    async def undo_reassign(self, info: Info, input: UndoReassignInput) -> UndoReassignPayload:
        back, errors = await write(
            info,
            input,
            tuple[UUID, ...],
            lambda actor: service.undo_reassign(
                actor, parse_id(input.reassignment_id, "Reassignment", "reassignmentId")
            ),
        )
        return UndoReassignPayload(tasks=await _cards(info, back or ()), user_errors=errors)
