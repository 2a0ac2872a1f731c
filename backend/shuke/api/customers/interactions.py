"""What passed between a customer and the shop, put down with a tap."""

from datetime import datetime
from typing import Any
from uuid import UUID

import strawberry

from shuke.api.context import Info
from shuke.api.customers.timeline import TimelineEntry
from shuke.api.errors import UserError, write
from shuke.api.pagination import parse_id
from shuke.domains.customers import queries, service
from shuke.domains.customers.types.visits import InteractionKind

strawberry.enum(InteractionKind, description="What passed; a visit or an inquiry is put down by `recordVisit`.")


@strawberry.input(description="A call, a message, what she likes, a complaint; with its id again: says it anew.")
class AddInteractionInput:
    operation_id: UUID = strawberry.field(description="Made by the caller.")
    customer_id: strawberry.ID = strawberry.field(description="The customer.")
    id: UUID = strawberry.field(description="The entry's id, made by the caller.")
    kind: InteractionKind = strawberry.field(description="What it was.")
    text: str | None = strawberry.field(default=None, description="Up to 2,000 characters; null: nothing said.")
    at: datetime | None = strawberry.field(
        default=None, description="When it was, within the last month; null: now. A clock that is ahead says now."
    )


@strawberry.type(description="The entry in her timeline.")
class AddInteractionPayload:
    entry: TimelineEntry | None = strawberry.field(default=None, description="The entry.")
    user_errors: list[UserError] = strawberry.field(default_factory=list, description="Why not.")


@strawberry.input(description="Takes back what `addInteraction` put down, within ten minutes.")
class UndoInteractionInput:
    operation_id: UUID = strawberry.field(description="Made by the caller.")
    id: strawberry.ID = strawberry.field(description="The entry, put down by the caller.")


@strawberry.type(description="Whether it was taken back.")
class UndoInteractionPayload:
    user_errors: list[UserError] = strawberry.field(default_factory=list, description="Why not.")


@strawberry.type
class InteractionMutation:
    @strawberry.mutation(description="Puts what passed into a customer's timeline; a complaint onto her card as well.")
    async def add_interaction(self, info: Info, input: AddInteractionInput) -> AddInteractionPayload:
        key, errors = await write(
            info,
            input,
            UUID,
            lambda actor: service.add_interaction(
                actor,
                parse_id(input.customer_id, "Customer", "customerId"),
                *(input.id, input.kind, input.text, input.at),
            ),
        )
        entry: Any = await queries.timeline_entry(info.context.require(), key) if key else None
        return AddInteractionPayload(entry=entry, user_errors=errors)

    @strawberry.mutation(description="Takes an interaction of the caller's back, within ten minutes.")
    async def undo_interaction(self, info: Info, input: UndoInteractionInput) -> UndoInteractionPayload:
        _, errors = await write(
            info,
            input,
            type(None),
            lambda actor: service.undo_interaction(actor, parse_id(input.id, "TimelineEntry")),
        )
        return UndoInteractionPayload(user_errors=errors)
