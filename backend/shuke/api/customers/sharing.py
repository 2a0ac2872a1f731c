"""Customers whom two stores serve: asking, answering, ending."""

from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any
from uuid import UUID

import strawberry

from shuke.api.context import Info
from shuke.api.customers.newcomers import NewChildInput, newborn
from shuke.api.errors import UserError, write
from shuke.api.identity import Node, Staff, Store, node_id
from shuke.api.pagination import optional_id, parse_id
from shuke.domains.customers import queries, service, types
from shuke.domains.customers.types import ShareState
from shuke.domains.identity.types import Actor

if TYPE_CHECKING:
    from shuke.api.customers.types import Customer, MaskedCustomer

strawberry.enum(ShareState, description="What became of a request to share a customer.")
CustomerNow = Annotated["Customer", strawberry.lazy("shuke.api.customers.types")]
HolderNow = Annotated["MaskedCustomer", strawberry.lazy("shuke.api.customers.types")]


@strawberry.type(description="A store asks that a customer of another one be shared with it.")
class ShareRequest(Node):
    id: strawberry.ID = node_id("ShareRequest")
    store: Store = strawberry.field(description="The store that asks.")
    asked_by: Staff = strawberry.field(description="Who asked.")
    state: ShareState = strawberry.field(description="What became of it.")
    created_at: datetime = strawberry.field(description="When it was asked.")
    answered_at: datetime | None = strawberry.field(description="When it was answered; null: not yet.")

    @strawberry.field(description="Whom it is about; null for whoever may not open her, as those who ask.")
    async def customer(self: Any, info: Info) -> CustomerNow | None:
        found: Any = await info.context.load(queries.customers_by_id, self.customer_id)
        return found

    @classmethod
    def is_type_of(cls, obj: object, info: Any) -> bool:
        return isinstance(obj, types.ShareRequest)


@strawberry.input(description="Asks the store that has a customer to share her.")
class AskToShareInput:
    operation_id: UUID = strawberry.field(description="Made by the caller.")
    phone: str = strawberry.field(description="Her number, as typed.")
    store_id: strawberry.ID | None = strawberry.field(
        default=None, description="The store that asks; left out: the caller's first store."
    )
    children: list[NewChildInput] | None = strawberry.field(
        default=None,
        description="Hers as soon as she is shared, and forgotten if she is not. One that cannot be entered by then is "
        "written into her timeline.",
    )
    referrer_id: strawberry.ID | None = strawberry.field(
        default=None, description="Who brought her, likewise; unless somebody did already."
    )
    template_version: int | None = strawberry.field(
        default=None, description="With `children`: version of the profile template that was typed into."
    )


@strawberry.type(description="The request, the one that was open already, or why there is nothing to ask for.")
class AskToSharePayload:
    request: ShareRequest | None = strawberry.field(default=None, description="As it is now.")
    existing: HolderNow | None = strawberry.field(
        default=None, description="With TAKEN on `phone`: whom the caller may open already."
    )
    user_errors: list[UserError] = strawberry.field(default_factory=list, description="Why not.")


@strawberry.input(description="The home store's word.")
class AnswerShareRequestInput:
    operation_id: UUID = strawberry.field(description="Made by the caller.")
    id: strawberry.ID = strawberry.field(description="The request.")
    accept: bool = strawberry.field(description="Whether the other store may open her from now on.")


@strawberry.type(description="The answered request.")
class AnswerShareRequestPayload:
    request: ShareRequest | None = strawberry.field(default=None, description="As it is now.")
    user_errors: list[UserError] = strawberry.field(default_factory=list, description="Why not.")


@strawberry.input(description="A store that is to open a customer no more.")
class EndShareInput:
    operation_id: UUID = strawberry.field(description="Made by the caller.")
    customer_id: strawberry.ID = strawberry.field(description="The customer.")
    store_id: strawberry.ID = strawberry.field(description="The store that she is shared with.")


@strawberry.type(description="The customer, as far as the caller may still open her.")
class EndSharePayload:
    customer: CustomerNow | None = strawberry.field(default=None, description="As she is now.")
    user_errors: list[UserError] = strawberry.field(default_factory=list, description="Why not.")


async def _party(actor: Actor, input: AskToShareInput) -> types.Party:
    nobody = UUID(int=0)  # who she is, is said when she is shared
    children = [await newborn(actor, nobody, child, input.template_version) for child in input.children or ()]
    return types.Party(tuple(children), optional_id(input.referrer_id, "Customer", "referrerId"))


@strawberry.type
class SharingQuery:
    @strawberry.field(description="A request that the caller may answer; null: none of this id.")
    async def share_request(
        self, info: Info, id: Annotated[strawberry.ID, strawberry.argument(description="The request.")]
    ) -> ShareRequest | None:
        found: Any = await queries.share_request(info.context.require(), parse_id(id, "ShareRequest"))
        return found


@strawberry.type
class SharingMutation:
    @strawberry.mutation(description="Asks another store to share the customer who has this phone.")
    async def ask_to_share(self, info: Info, input: AskToShareInput) -> AskToSharePayload:
        async def ask(actor: Actor) -> UUID:
            store_id = optional_id(input.store_id, "Store", "storeId")
            return await service.ask_to_share(actor, input.phone, store_id, await _party(actor, input))

        key, errors = await write(info, input, UUID, ask, service.telling_holders)
        request: Any = await queries.my_request(info.context.require(), key) if key else None
        holders = (error.subject for error in errors if isinstance(error.subject, types.MaskedCustomer))
        return AskToSharePayload(request=request, existing=next(holders, None), user_errors=errors)  # type: ignore[arg-type]

    @strawberry.mutation(description="Answers a request to share; whoever asked is told.")
    async def answer_share_request(self, info: Info, input: AnswerShareRequestInput) -> AnswerShareRequestPayload:
        key, errors = await write(
            info,
            input,
            UUID,
            lambda actor: service.answer_share_request(actor, parse_id(input.id, "ShareRequest"), input.accept),
        )
        request: Any = await queries.my_request(info.context.require(), key) if key else None
        return AnswerShareRequestPayload(request=request, user_errors=errors)

    @strawberry.mutation(description="Ends that a customer is shared with a store, from either side.")
    async def end_share(self, info: Info, input: EndShareInput) -> EndSharePayload:
        key, errors = await write(
            info,
            input,
            UUID,
            lambda actor: service.end_share(
                actor,
                parse_id(input.customer_id, "Customer", "customerId"),
                parse_id(input.store_id, "Store", "storeId"),
            ),
        )
        shown: Any = await info.context.load(queries.customers_by_id, key) if key else None
        return EndSharePayload(customer=shown, user_errors=errors)
