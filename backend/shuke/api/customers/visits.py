"""Visits and inquiries: two taps at the counter, and what is said of them afterwards."""

from datetime import datetime
from typing import Any
from uuid import UUID

import strawberry
from strawberry import UNSET

from shuke.api.context import Info
from shuke.api.customers.types import Customer
from shuke.api.errors import UserError, write
from shuke.api.identity import Node, Staff, Store, node_id
from shuke.api.pagination import optional_id, parse_id
from shuke.domains.customers import queries, service
from shuke.domains.customers.types.visits import NewVisit, VisitChannel, VisitKind, VisitView

strawberry.enum(VisitKind, description="She stood in the shop (VISIT), or asked about something (INQUIRY).")
strawberry.enum(VisitChannel, description="By which way she came or asked.")


@strawberry.type(description="Somebody came in, or asked; who she is may be said later.")
class Visit(Node):
    id: strawberry.ID = node_id("Visit")
    kind: VisitKind = strawberry.field(description="A visit or an inquiry.")
    channel: VisitChannel = strawberry.field(description="By which way.")
    bought: bool | None = strawberry.field(description="Whether she bought; null: not said.")
    is_new: bool = strawberry.field(
        description="A new customer: entered at the earliest an hour before, or not named and not said to be known."
    )
    at: datetime = strawberry.field(description="When it was.")
    filed_at: datetime | None = strawberry.field(description="When a new customer's record was linked; null: not yet.")
    note: str | None = strawberry.field(description="What was said of it.")
    source: str | None = strawberry.field(description="Where a lead came from; null: the shop put it down.")
    store: Store = strawberry.field(description="Where it was.")
    staff: Staff | None = strawberry.field(description="Who put it down; null: a lead.")

    @strawberry.field(description="Who she is; null: nobody is named, or the caller may not open her.")
    async def customer(self: Any, info: Info) -> Customer | None:
        key = self.customer_id
        return await info.context.load(queries.customers_by_id, key) if key else None

    @classmethod
    def is_type_of(cls, obj: object, info: Any) -> bool:
        return isinstance(obj, VisitView)


@strawberry.input(description="A visit or an inquiry, of a customer or of somebody whom nobody has named yet.")
class RecordVisitInput:
    operation_id: UUID = strawberry.field(description="Made by the caller; the same again is put down once.")
    id: UUID = strawberry.field(description="The visit's id, made by the caller (UUIDv7).")
    kind: VisitKind = strawberry.field(description="A visit or an inquiry.")
    channel: VisitChannel | None = strawberry.field(default=None, description="Left out: in the shop.")
    bought: bool | None = strawberry.field(default=None, description="Whether she bought; null: not said.")
    is_new: bool | None = strawberry.field(
        default=None, description="False: a known customer, whom nobody names. Counts only where nobody is named."
    )
    customer_id: strawberry.ID | None = strawberry.field(default=None, description="Who she is; null: not said yet.")
    store_id: strawberry.ID | None = strawberry.field(default=None, description="Left out: the caller's first store.")
    at: datetime | None = strawberry.field(
        default=None, description="When it was, within the last month; null: now. A clock that is ahead says now."
    )
    note: str | None = strawberry.field(default=None, description="Up to 500 characters.")


@strawberry.type(description="The visit, as it is kept.")
class RecordVisitPayload:
    visit: Visit | None = strawberry.field(default=None, description="As it is now.")
    user_errors: list[UserError] = strawberry.field(default_factory=list, description="Why not.")


@strawberry.input(description="More about a visit: what is left out stays as it is.")
class UpdateVisitInput:
    operation_id: UUID = strawberry.field(description="Made by the caller.")
    id: strawberry.ID = strawberry.field(description="The visit.")
    channel: VisitChannel | None = strawberry.field(default=UNSET, description="Null: in the shop.")
    bought: bool | None = strawberry.field(default=UNSET, description="Null: not said.")
    is_new: bool | None = strawberry.field(
        default=UNSET, description="Whether she is a new customer, where nobody is named."
    )
    note: str | None = strawberry.field(default=UNSET, description="Up to 500 characters.")
    customer_id: strawberry.ID | None = strawberry.field(
        default=UNSET, description="Who she is; that settles whether she is new. Null: nobody after all."
    )
    filed_at: datetime | None = strawberry.field(
        default=None, description="When she was named, where the phone could not say so at once; null: now."
    )


@strawberry.type(description="The visit, as it is kept.")
class UpdateVisitPayload:
    visit: Visit | None = strawberry.field(default=None, description="As it is now.")
    user_errors: list[UserError] = strawberry.field(default_factory=list, description="Why not.")


@strawberry.input(description="Takes a visit back, within ten minutes.")
class UndoVisitInput:
    operation_id: UUID = strawberry.field(description="Made by the caller.")
    id: strawberry.ID = strawberry.field(description="The visit, put down by the caller.")


@strawberry.type(description="Whether it was taken back.")
class UndoVisitPayload:
    user_errors: list[UserError] = strawberry.field(default_factory=list, description="Why not.")


def _new(input: RecordVisitInput) -> NewVisit:
    return NewVisit(
        input.id,
        input.kind,
        input.channel or VisitChannel.STORE,
        input.bought,
        input.is_new,
        optional_id(input.customer_id, "Customer", "customerId"),
        optional_id(input.store_id, "Store", "storeId"),
        input.at,
        input.note,
    )


def _patch(input: UpdateVisitInput) -> dict[str, Any]:
    named = ("channel", "bought", "is_new", "note")
    patch = {name: value for name in named if (value := getattr(input, name)) is not UNSET}
    if "channel" in patch:
        patch["channel"] = patch["channel"] or VisitChannel.STORE
    if patch.get("is_new", False) is None:
        patch["is_new"] = True
    if input.customer_id is not UNSET:
        patch["customer_id"] = optional_id(input.customer_id, "Customer", "customerId")
    return patch


@strawberry.type
class VisitQuery:
    @strawberry.field(
        description="New customers of today whom the caller put down and who have no record yet, the latest first; at "
        "most 50."
    )
    async def open_visits(self, info: Info) -> list[Visit]:
        return await queries.open_visits(info.context.require())  # type: ignore[return-value]


@strawberry.type
class VisitMutation:
    @strawberry.mutation(description="Puts a visit or an inquiry down.")
    async def record_visit(self, info: Info, input: RecordVisitInput) -> RecordVisitPayload:
        key, errors = await write(info, input, UUID, lambda actor: service.record_visit(actor, _new(input)))
        visit: Any = await queries.visit(info.context.require(), key) if key else None
        return RecordVisitPayload(visit=visit, user_errors=errors)

    @strawberry.mutation(description="Says more of a visit: bought or not, new or known, who she is.")
    async def update_visit(self, info: Info, input: UpdateVisitInput) -> UpdateVisitPayload:
        key, errors = await write(
            info,
            input,
            UUID,
            lambda actor: service.update_visit(actor, parse_id(input.id, "Visit"), _patch(input), input.filed_at),
        )
        visit: Any = await queries.visit(info.context.require(), key) if key else None
        return UpdateVisitPayload(visit=visit, user_errors=errors)

    @strawberry.mutation(description="Takes a visit of the caller's back, within ten minutes.")
    async def undo_visit(self, info: Info, input: UndoVisitInput) -> UndoVisitPayload:
        _, errors = await write(
            info, input, type(None), lambda actor: service.undo_visit(actor, parse_id(input.id, "Visit"))
        )
        return UndoVisitPayload(user_errors=errors)
