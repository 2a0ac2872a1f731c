"""How complete customers' cards are, and the queue of those on which something is wrong."""

import datetime as dt
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

import strawberry

from shuke.api.board import NoRegionArg, RegionArg, StoreArg
from shuke.api.context import Info
from shuke.api.customers.types import Customer
from shuke.api.errors import UserError, write
from shuke.api.identity import Region, Staff, Store
from shuke.api.pagination import (
    After,
    First,
    Page,
    PageInfo,
    decode_id,
    encode_cursor,
    global_id,
    make_page,
    optional_id,
    page_size,
    parse_id,
)
from shuke.api.people import staff_key
from shuke.api.profile.values import CardProblem, problem_in_words
from shuke.domains.customers import queries, service
from shuke.domains.customers.types import profile, quality
from shuke.domains.tasks.types import BoardGrouping
from shuke.kit.errors import ErrorCode, Refusal
from shuke.kit.text import clean

MOST_DAYS = 366


@strawberry.type(description="Customers, counted by how complete their cards are.")
class QualityCounts:
    customers: int = strawberry.field(description="All of them.")
    average: float | None = strawberry.field(
        description="The mean of their completeness, 0 to 100, to one decimal; null: there is nobody."
    )
    full: int = strawberry.field(description="Whose card is complete: `fullFrom` or more.")
    full_share: float | None = strawberry.field(description="full / customers, 0 to 1; null: there is nobody.")
    flawed: int = strawberry.field(description="On whose card something is wrong: those of `problemCards`.")

    @classmethod
    def is_type_of(cls, obj: object, info: Any) -> bool:
        return isinstance(obj, quality.QualityCounts)


@strawberry.type(description="A region, a store, or the customers of a person in a store.")
class QualityRow:
    region: Region | None = strawberry.field(description="The region; null: a store without one.")
    store: Store | None = strawberry.field(description="The store; null in rows of regions.")
    staff: Staff | None = strawberry.field(description="Whose customers they are; null: the pool's, or other rows.")
    counts: QualityCounts = strawberry.field(description="Their numbers.")

    @strawberry.field(description="Unique in the answer, as `BoardRow.key`.")
    def key(self: Any) -> strawberry.ID:
        row: quality.QualityRow = self
        if row.grouping == "region":
            return global_id("Region", row.region.id) if row.region else strawberry.ID("none")
        assert row.store
        store = global_id("Store", row.store.id)
        if row.grouping == "store":
            return store
        return strawberry.ID(f"{global_id('Staff', row.staff.id) if row.staff else 'pool'}:{store}")

    @classmethod
    def is_type_of(cls, obj: object, info: Any) -> bool:
        return isinstance(obj, quality.QualityRow)


@strawberry.type(description="A day, as it stood in the night that began it, by the stores' clocks.")
class QualityDay:
    date: dt.date = strawberry.field(description="The day.")
    counts: QualityCounts = strawberry.field(description="Its numbers; complete is as the template said then.")

    @classmethod
    def is_type_of(cls, obj: object, info: Any) -> bool:
        return isinstance(obj, quality.QualityDay)


@strawberry.type(description="How complete the caller's customers' cards are: a guide's own, a manager's store's …")
class Quality:
    as_of: datetime = strawberry.field(description="When this was counted.")
    full_from: int = strawberry.field(description="The completeness from which on a card is complete, 1 to 100.")
    counts: QualityCounts = strawberry.field(description="Of everybody chosen, now.")
    rows: list[QualityRow] = strawberry.field(description="At most 200, those with most problems first.")
    days: list[QualityDay] = strawberry.field(description="The days that were kept, the first first.")

    @classmethod
    def is_type_of(cls, obj: object, info: Any) -> bool:
        return isinstance(obj, quality.Quality)


@strawberry.type(description="A customer on whose card something is wrong.")
class ProblemCard:
    customer: Customer = strawberry.field(description="The customer.")

    @strawberry.field(description="What is wrong, all of it.")
    async def problems(self: Any, info: Info) -> list[CardProblem]:
        template: profile.Template = await info.context.load(queries.templates_of, self.customer.brand_id)
        return [problem_in_words(template, code, info.context.locale) for code in self.problems]

    @classmethod
    def is_type_of(cls, obj: object, info: Any) -> bool:
        return isinstance(obj, quality.FlawedCard)


@strawberry.type(description="A card in the queue.")
class ProblemCardEdge:
    cursor: str = strawberry.field(description="Pass it as `after` to go on behind this card.")
    node: ProblemCard = strawberry.field(description="The card.")


@strawberry.type(description="How many cards have a problem.")
class ProblemKind:
    code: str = strawberry.field(description="The problem's, as `CardProblem.code`.")
    message: str = strawberry.field(description="What is wrong, in the caller's language.")
    count: int = strawberry.field(description="Cards with it.")


@strawberry.type(description="What somebody mended today, by the store's clock.")
class MendedToday:
    staff: Staff = strawberry.field(description="Who.")
    count: int = strawberry.field(description="Problems that were gone after an edit of hers and are still gone.")

    @classmethod
    def is_type_of(cls, obj: object, info: Any) -> bool:
        return isinstance(obj, quality.Mended)


@dataclass(slots=True)
class _Queue(Page[quality.FlawedCard]):
    scope: quality.FlawScope


@strawberry.type(description="A page of cards on which something is wrong, the newest customers first.")
class ProblemCardConnection:
    edges: list[ProblemCardEdge] = strawberry.field(description="The cards of this page.")
    page_info: PageInfo = strawberry.field(description="Where the page stands.")

    @strawberry.field(description="Problems by kind, the most frequent first, whichever `code` was asked for.")
    async def kinds(self: Any, info: Info) -> list[ProblemKind]:
        actor, locale = info.context.require(), info.context.locale
        template: profile.Template = await info.context.load(queries.templates_of, actor.brand_id)
        return [
            ProblemKind(code=one.code, message=problem_in_words(template, one.code, locale).message, count=one.count)
            for one in await queries.problem_counts(actor, self.scope)
        ]

    @strawberry.field(description="Who of the caller's stores mended how many today, the most first; at most 50.")
    async def mended(self: Any, info: Info) -> list[MendedToday]:
        return await queries.mended_today(info.context.require(), self.scope.store_id)  # type: ignore[return-value]


@strawberry.input(description="A problem that is none.")
class DismissProblemInput:
    operation_id: UUID = strawberry.field(description="Made by the caller.")
    customer_id: strawberry.ID = strawberry.field(description="The customer.")
    code: str = strawberry.field(description="The problem, as `CardProblem.code`.")


@strawberry.input(description="A dismissal to take back.")
class RestoreProblemInput:
    operation_id: UUID = strawberry.field(description="Made by the caller.")
    customer_id: strawberry.ID = strawberry.field(description="The customer.")
    code: str = strawberry.field(description="The problem, as `CardProblem.code`.")


@strawberry.type(description="The customer without it.")
class DismissProblemPayload:
    customer: Customer | None = strawberry.field(default=None, description="As she stands now.")
    user_errors: list[UserError] = strawberry.field(default_factory=list, description="Why not.")


@strawberry.type(description="The customer with it.")
class RestoreProblemPayload:
    customer: Customer | None = strawberry.field(default=None, description="As she stands now.")
    user_errors: list[UserError] = strawberry.field(default_factory=list, description="Why not.")


@strawberry.type
class QualityQuery:
    @strawberry.field(
        description="How complete the cards of the caller's customers are, now and day by day: of a guide her own, of "
        "who leads everybody of her stores."
    )
    async def quality(
        self,
        info: Info,
        by: Annotated[BoardGrouping, strawberry.argument(description="What a row is.")] = BoardGrouping.STORE,
        region_id: RegionArg = None,
        no_region: NoRegionArg = False,
        store_id: StoreArg = None,
        staff_id: Annotated[strawberry.ID | None, strawberry.argument(description="Her customers only.")] = None,
        days: Annotated[int, strawberry.argument(description="So many last days, 1 to 366.")] = 30,
        pool: Annotated[
            bool,
            strawberry.argument(
                description="Only those whom nobody in particular looks after: the stores' pools, a guide's too. "
                "Whose else is not asked then."
            ),
        ] = False,
    ) -> Quality:
        if not 1 <= days <= MOST_DAYS:
            raise Refusal(ErrorCode.INVALID, "days")
        region, store = optional_id(region_id, "Region", "regionId"), optional_id(store_id, "Store", "storeId")
        scope = quality.QualityScope(region, store, no_region, staff_key(staff_id) if staff_id else None, pool)
        return await queries.quality(info.context.require(), scope, by.value, days)  # type: ignore[return-value]

    @strawberry.field(
        description="Customers on whose card something is wrong and whom the caller may mend: at the counter her own "
        "and the pool's."
    )
    async def problem_cards(
        self,
        info: Info,
        code: Annotated[str | None, strawberry.argument(description="With this problem; null: with any.")] = None,
        store_id: StoreArg = None,
        mine: Annotated[bool, strawberry.argument(description="The caller's own customers only.")] = False,
        first: First = 30,
        after: After = None,
    ) -> ProblemCardConnection:
        size = page_size(first)
        known = code if code is None else clean(code) or ""
        scope = quality.FlawScope(known, optional_id(store_id, "Store", "storeId"), mine)
        found = await queries.flawed_cards(info.context.require(), scope, size, decode_id(after))
        page = make_page(found, size, [encode_cursor(card.customer.id) for card in found], after)
        return _Queue(page.edges, page.page_info, scope)  # type: ignore[return-value]


@strawberry.type
class QualityMutation:
    @strawberry.mutation(
        description="What looks wrong on a card is right, as it stands there now (somebody was born on 1 January): it "
        "is no problem until the value changes."
    )
    async def dismiss_problem(self, info: Info, input: DismissProblemInput) -> DismissProblemPayload:
        key, errors = await write(
            info,
            input,
            UUID,
            lambda actor: service.dismiss_problem(
                actor, parse_id(input.customer_id, "Customer", "customerId"), input.code
            ),
        )
        return DismissProblemPayload(customer=await _customer(info, key), user_errors=errors)

    @strawberry.mutation(description="Takes a dismissal back: the problem is one again.")
    async def restore_problem(self, info: Info, input: RestoreProblemInput) -> RestoreProblemPayload:
        key, errors = await write(
            info,
            input,
            UUID,
            lambda actor: service.restore_problem(
                actor, parse_id(input.customer_id, "Customer", "customerId"), input.code
            ),
        )
        return RestoreProblemPayload(customer=await _customer(info, key), user_errors=errors)


async def _customer(info: Info, key: UUID | None) -> Any:
    return await queries.customer(info.context.require(), key) if key else None
