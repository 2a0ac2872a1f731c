"""Photographed paper cards: what waits to be typed in. Photos come and go by /paper-cards."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

import strawberry

from shuke.api.context import Info
from shuke.api.customers.types import Customer
from shuke.api.errors import UserError, write
from shuke.api.identity import Node, Staff, Store, node_id
from shuke.api.pagination import (
    After,
    First,
    PageInfo,
    decode_id,
    encode_cursor,
    make_page,
    optional_id,
    page_size,
    parse_id,
)
from shuke.domains.customers import queries, service, types
from shuke.domains.customers.types.visits import PaperState

strawberry.enum(PaperState, description="What became of a photographed card.")


@strawberry.type(description="A photo of a paper card, until somebody has typed it in.")
class PaperCard(Node):
    id: strawberry.ID = node_id("PaperCard")
    state: PaperState = strawberry.field(description="Whether it still waits.")
    at: datetime = strawberry.field(description="When it was photographed.")
    closed_at: datetime | None = strawberry.field(description="When it was typed in or discarded.")
    store: Store = strawberry.field(description="Where it lies.")
    staff: Staff = strawberry.field(description="Who photographed it.")

    @strawberry.field(description="Path of the photo, for a browser that is signed in: GET, never to be stored.")
    def photo(self: Any) -> str:
        return f"/paper-cards/{self.id}/photo"

    @strawberry.field(description="Whose card it is; null: not typed in, or the caller may not open her.")
    async def customer(self: Any, info: Info) -> Customer | None:
        key = self.customer_id
        return await info.context.load(queries.customers_by_id, key) if key else None

    @classmethod
    def is_type_of(cls, obj: object, info: Any) -> bool:
        return isinstance(obj, types.visits.PaperCard)


@strawberry.type(description="A card in the queue.")
class PaperCardEdge:
    cursor: str = strawberry.field(description="Pass it as `after` to go on behind this card.")
    node: PaperCard = strawberry.field(description="The card.")


@strawberry.type(description="A page of the queue, the oldest first.")
class PaperCardConnection:
    edges: list[PaperCardEdge] = strawberry.field(description="The cards of this page.")
    page_info: PageInfo = strawberry.field(description="Where the page stands.")
    store_id: strawberry.Private[UUID | None] = None

    @strawberry.field(description="How many wait, up to 1,000; counted only where it is asked for.")
    async def total_count(self: Any, info: Info) -> int:
        return await queries.paper_waiting(info.context.require(), self.store_id)


@strawberry.input(description="The card is typed in.")
class FinishPaperCardInput:
    operation_id: UUID = strawberry.field(description="Made by the caller.")
    id: strawberry.ID = strawberry.field(description="The card.")
    customer_id: strawberry.ID = strawberry.field(description="Whose card it is: entered just now, or on file before.")


@strawberry.type(description="The card, as it is kept.")
class FinishPaperCardPayload:
    card: PaperCard | None = strawberry.field(default=None, description="As it is now.")
    user_errors: list[UserError] = strawberry.field(default_factory=list, description="Why not.")


@strawberry.input(description="Takes a card out of the queue, or puts it back.")
class DiscardPaperCardInput:
    operation_id: UUID = strawberry.field(description="Made by the caller.")
    id: strawberry.ID = strawberry.field(description="The card.")
    keep: bool = strawberry.field(default=False, description="Puts a discarded card back into the queue.")


@strawberry.type(description="The card, as it is kept.")
class DiscardPaperCardPayload:
    card: PaperCard | None = strawberry.field(default=None, description="As it is now.")
    user_errors: list[UserError] = strawberry.field(default_factory=list, description="Why not.")


@strawberry.type
class PaperQuery:
    @strawberry.field(description="Photographed cards that wait in the caller's stores, the oldest first.")
    async def paper_cards(
        self,
        info: Info,
        store_id: Annotated[strawberry.ID | None, strawberry.argument(description="Only of this store.")] = None,
        first: First = 20,
        after: After = None,
    ) -> PaperCardConnection:
        size, store = page_size(first), optional_id(store_id, "Store", "storeId")
        found = await queries.paper_cards(info.context.require(), store, size, decode_id(after))
        page: Any = make_page(found, size, [encode_cursor(card.id) for card in found], after)
        return PaperCardConnection(edges=page.edges, page_info=page.page_info, store_id=store)


@strawberry.type
class PaperMutation:
    @strawberry.mutation(description="Says whose card it is: it is typed in.")
    async def finish_paper_card(self, info: Info, input: FinishPaperCardInput) -> FinishPaperCardPayload:
        key, errors = await write(
            info,
            input,
            UUID,
            lambda actor: service.finish_paper(
                actor, parse_id(input.id, "PaperCard"), parse_id(input.customer_id, "Customer", "customerId")
            ),
        )
        card: Any = await queries.paper_card(info.context.require(), key) if key else None
        return FinishPaperCardPayload(card=card, user_errors=errors)

    @strawberry.mutation(description="Takes a card that nobody can read or needs out of the queue, or puts it back.")
    async def discard_paper_card(self, info: Info, input: DiscardPaperCardInput) -> DiscardPaperCardPayload:
        key, errors = await write(
            info,
            input,
            UUID,
            lambda actor: service.discard_paper(actor, parse_id(input.id, "PaperCard"), input.keep),
        )
        card: Any = await queries.paper_card(info.context.require(), key) if key else None
        return DiscardPaperCardPayload(card=card, user_errors=errors)
