"""Orders and purchase statistics as GraphQL shows them; the till's door."""

from datetime import date, datetime
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
    decode_moment,
    encode_cursor,
    global_id,
    make_page,
    page_size,
    parse_id,
)
from shuke.domains.orders import queries, service, types
from shuke.domains.orders.types import IngestVerdict, LinesIn, OrderIn, OrderKind, OrderStatus
from shuke.kit import i18n, money

strawberry.enum(OrderKind, description="A sale, or a refund, whose quantities and totals are negative.")
strawberry.enum(OrderStatus, description="Cancelled orders count nowhere.")
strawberry.enum(IngestVerdict, description="What became of an order that a till sent.")


@strawberry.type(description="An amount of money.")
class Money:
    currency: str = strawberry.field(description="ISO 4217.")

    @strawberry.field(description="Minor units (fen, pence): an integer, as text so that 64 bits survive.")
    def minor(self: Any) -> str:
        return str(self.minor)

    @classmethod
    def is_type_of(cls, obj: object, info: Any) -> bool:
        return isinstance(obj, money.Money)


@strawberry.type(description="What was spent in a calendar month of the home store, net of that month's refunds.")
class MonthSpend:
    month: str = strawberry.field(description="The month, as 2026-11.")
    net: Money = strawberry.field(description="Sales minus refunds.")

    @classmethod
    def is_type_of(cls, obj: object, info: Any) -> bool:
        return isinstance(obj, types.MonthSpend)


@strawberry.type(description="A customer's purchases, net of refunds.")
class PurchaseStats:
    order_count: int = strawberry.field(description="Completed sales above zero that were not refunded whole.")
    net: Money = strawberry.field(description="Completed sales minus refunds, of all time.")
    refunded: Money = strawberry.field(description="Refunds alone: zero or negative.")
    first_order_at: datetime | None = strawberry.field(description="The first counted order; null: never bought.")
    last_order_at: datetime | None = strawberry.field(description="The last counted order; null: never bought.")
    average_gap_days: int | None = strawberry.field(
        description="Calendar days between counted orders, rounded; null with fewer than two."
    )
    months: list[MonthSpend] = strawberry.field(description="The last twelve months, oldest first, zeros included.")

    @classmethod
    def is_type_of(cls, obj: object, info: Any) -> bool:
        return isinstance(obj, types.PurchaseStats)


@strawberry.type(description="One line of a receipt.")
class OrderLine:
    position: int = strawberry.field(description="Its place on the receipt, from 1.")
    sku: str | None = strawberry.field(description="Stock number; null: the source gave none.")
    name: str | None = strawberry.field(description="What was bought; null: the source gave none.")
    quantity: str = strawberry.field(description="Decimal, up to three places; negative on a refund.")
    unit_price: str | None = strawberry.field(description="Decimal, main units, up to six places; null: not given.")
    total: Money = strawberry.field(description="What the line came to.")

    @classmethod
    def is_type_of(cls, obj: object, info: Any) -> bool:
        return isinstance(obj, types.LineView)


@strawberry.type(description="A receipt: a sale or a refund, as the till said it.")
class Order(Node):
    id: strawberry.ID = node_id("Order")
    kind: OrderKind = strawberry.field(description="Sale or refund.")
    status: OrderStatus = strawberry.field(description="Whether it counts.")
    placed_at: datetime = strawberry.field(description="When it was rung up.")
    store: Store = strawberry.field(description="Where.")
    receipt_no: str = strawberry.field(description="Unique per store, terminal and business day.")
    total: Money = strawberry.field(description="The sum of its lines; a refund's is negative.")

    @strawberry.field(description="Its lines, in their places.")
    def lines(self: Any, info: Info) -> list[OrderLine]:
        return info.context.load(queries.lines_of, self.id)

    @strawberry.field(description="The sale that a refund takes back; null: a sale, or the source did not say.")
    def refund_of(self: Any) -> strawberry.ID | None:
        return global_id("Order", self.refund_of_id) if self.refund_of_id else None

    @classmethod
    def is_type_of(cls, obj: object, info: Any) -> bool:
        return isinstance(obj, types.OrderView)


@strawberry.type(description="An order in a list.")
class OrderEdge:
    cursor: str = strawberry.field(description="Pass it as `after` to go on behind this order.")
    node: Order = strawberry.field(description="The order.")


@strawberry.type(description="A page of orders, the latest first.")
class OrderConnection:
    edges: list[OrderEdge] = strawberry.field(description="The orders of this page.")
    page_info: PageInfo = strawberry.field(description="Where the page stands.")


@strawberry.input(description="A line of a receipt.")
class OrderLineInput:
    sku: str | None = strawberry.field(default=None, description="Stock number.")
    name: str | None = strawberry.field(default=None, description="What was bought.")
    quantity: str = strawberry.field(description="Decimal, up to three places; negative on a refund.")
    unit_price: str | None = strawberry.field(default=None, description="Decimal, main units, up to six places.")
    total_minor: str = strawberry.field(description="What the line came to, in minor units; negative on a refund.")


@strawberry.input(description="A receipt. Its key: source, store, terminal, business date, receipt number.")
class OrderInput:
    source: str = strawberry.field(description="Which system says so, for example the till's name.")
    store_code: str = strawberry.field(description="`Store.code`.")
    terminal: str = strawberry.field(default="", description="Which till of the store; empty: there is one.")
    business_date: date = strawberry.field(description="The store's day that the receipt belongs to.")
    receipt_no: str = strawberry.field(description="Unique per store, terminal and business date.")
    kind: OrderKind = strawberry.field(default=OrderKind.SALE, description="Sale or refund.")
    status: OrderStatus = strawberry.field(
        default=OrderStatus.COMPLETED, description="Send the same receipt again as CANCELLED to cancel it."
    )
    placed_at: datetime = strawberry.field(description="When it was rung up, with offset.")
    currency: str | None = strawberry.field(default=None, description="ISO 4217; left out: the brand's.")
    member_no: str | None = strawberry.field(
        default=None, description="Who bought; an unknown number makes a customer."
    )
    phone: str | None = strawberry.field(
        default=None, description="Who bought, as typed; an unknown one leaves the order anonymous."
    )
    refund_of_receipt_no: str | None = strawberry.field(default=None, description="The sale that a refund takes back.")
    refund_of_business_date: date | None = strawberry.field(default=None, description="Its day; left out: any.")
    refund_of_terminal: str | None = strawberry.field(default=None, description="Its till; left out: any.")
    lines: list[OrderLineInput] = strawberry.field(description="All lines; their order is their key.")


@strawberry.input(description="What `ingestOrders` takes.")
class IngestOrdersInput:
    operation_id: UUID = strawberry.field(description="Made by the caller; the same again changes nothing more.")
    orders: list[OrderInput] = strawberry.field(description="At most 500, and 20,000 values in all.")
    follow_ups: bool = strawberry.field(
        default=True, description="False for history: then nobody is contacted because of these orders."
    )


@strawberry.type(description="What became of one order of a batch.")
class IngestResult:
    index: int = strawberry.field(description="Its place in the batch, from 0.")
    verdict: IngestVerdict = strawberry.field(description="What became of it.")
    order_id: strawberry.ID | None = strawberry.field(description="The order; null: rejected.")
    errors: list[UserError] = strawberry.field(description="Why it was rejected, and what to mend.")


@strawberry.type(description="What `ingestOrders` answers.")
class IngestOrdersPayload:
    results: list[IngestResult] = strawberry.field(default_factory=list, description="A verdict for each order.")
    user_errors: list[UserError] = strawberry.field(
        default_factory=list, description="Why the whole batch was refused."
    )


def _order(said: OrderInput) -> OrderIn:
    plain = {name: value for name, value in vars(said).items() if name != "lines"}
    lines = LinesIn.of((line.sku, line.name, line.quantity, line.unit_price, line.total_minor) for line in said.lines)
    return OrderIn(**plain, lines=lines, total_is_minor=True)


def _result(found: types.IngestResult, locale: str) -> IngestResult:
    errors = [
        UserError(code=problem.code, field=_place(problem), message=i18n.say(locale, problem.reason, **problem.params))
        for problem in found.problems
    ]
    key = global_id("Order", found.order_id) if found.order_id else None
    return IngestResult(index=found.index, verdict=found.verdict, order_id=key, errors=errors)


def _place(problem: types.Problem) -> str | None:
    return problem.field if problem.line is None else f"lines.{problem.line}.{problem.field}"


@strawberry.type
class OrderQuery:
    @strawberry.field(description="Orders and refunds of the caller's stores, the latest first.")
    async def orders(
        self,
        info: Info,
        store_id: Annotated[strawberry.ID | None, strawberry.argument(description="Only this store's.")] = None,
        first: First = 50,
        after: After = None,
    ) -> OrderConnection:
        store = parse_id(store_id, "Store", "storeId") if store_id else None
        size, start = page_size(first), decode_moment(after)
        found = await queries.orders_page(info.context.require(), store_id=store, first=size, after=start)
        page: Any = make_page(found, size, [encode_cursor(row.placed_at.isoformat(), row.id) for row in found], after)
        return page


@strawberry.type
class OrderMutation:
    @strawberry.mutation(description="Takes a till's receipts: a verdict for each; sent again, they change nothing.")
    async def ingest_orders(self, info: Info, input: IngestOrdersInput) -> IngestOrdersPayload:
        answer, errors = await write(
            info,
            input,
            list[types.IngestResult],
            lambda actor: service.ingest_orders(
                actor, actor.brand_id, [_order(said) for said in input.orders], input.follow_ups
            ),
        )
        results = [_result(found, info.context.locale) for found in answer or []]
        return IngestOrdersPayload(results=results, user_errors=errors)
