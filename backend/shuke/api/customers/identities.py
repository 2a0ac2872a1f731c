"""What a customer is known by, as GraphQL shows it, and the mutations that change it."""

from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any
from uuid import UUID

import strawberry

from shuke.api.context import Info
from shuke.api.errors import UserError, write
from shuke.api.identity import Node, Store, node_id
from shuke.api.pagination import global_id, parse_id
from shuke.domains.customers import queries, service, types
from shuke.domains.customers.types import Claim, ContactRole, IdentityKind, IfTaken
from shuke.domains.identity.types import Actor
from shuke.domains.identity.types import Store as StoreView
from shuke.kit import identities

if TYPE_CHECKING:
    from shuke.api.customers.types import Customer, MaskedCustomer

strawberry.enum(
    IdentityKind,
    description="What a customer is known by. WECHAT: a WeChat id. MEMBER_NO: as the till has it. CARD: any other.",
)
strawberry.enum(ContactRole, description="What somebody who uses another person's number is in the family.")
strawberry.enum(
    IfTaken,
    description="What to do when somebody within reach has the number. REFUSE: say who. FAMILY: it stays hers, and the "
    "one who is entered uses it too. TAKE_OVER: it changed hands, so it is taken off her.",
)


@strawberry.type(description="The other one of two who use a number.")
class Relative:
    name: str | None = strawberry.field(description="Her name; masked (周••) where the caller may not open her.")
    role: ContactRole = strawberry.field(description="What the one who uses the other's number is in the family.")
    label: str | None = strawberry.field(description="The same in the shop's own words, where they say more.")

    @strawberry.field(description='base64 of "Customer:uuid"; null where the caller may not open her.')
    def customer_id(self: Any) -> strawberry.ID | None:
        return global_id("Customer", self.id) if self.id else None

    @strawberry.field(description="Of the two belonging together: what `removeContact` takes.")
    def contact_id(self: Any) -> strawberry.ID:
        return global_id("IdentityContact", self.contact_id)

    @classmethod
    def is_type_of(cls, obj: object, info: Any) -> bool:
        return isinstance(obj, types.Relative)


@strawberry.type(description="One of the things a customer is known by; no two customers of a brand have the same.")
class CustomerIdentity(Node):
    id: strawberry.ID = node_id("CustomerIdentity")
    kind: IdentityKind = strawberry.field(description="What it is.")
    verified_at: datetime | None = strawberry.field(description="When it was proved to be hers; null: never.")

    @strawberry.field(description="Phones, WeChat ids and e-mail addresses masked; member numbers and cards whole.")
    def value(self: Any) -> str:
        return identities.masked(self.kind.value, self.value)

    @strawberry.field(description="Others who use it too.")
    def used_by(self: Any, info: Info) -> list[Relative]:
        actor = info.context.require()
        return [queries.relative(actor, one) for one in self.used_by]  # type: ignore[misc]

    @classmethod
    def is_type_of(cls, obj: object, info: Any) -> bool:
        return isinstance(obj, types.Identity)


@strawberry.type(description="A number by which a customer is reached though it is somebody else's.")
class ReachedThrough:
    @strawberry.field(description="What it is.")
    def kind(self: Any) -> IdentityKind:
        return IdentityKind(self.kind)

    @strawberry.field(description="As in CustomerIdentity.")
    def value(self: Any) -> str:
        return identities.masked(self.kind, self.value)

    @strawberry.field(description="Whose it is.")
    def owner(self: Any, info: Info) -> Relative:
        return queries.relative(info.context.require(), self.owner)  # type: ignore[return-value]

    @classmethod
    def is_type_of(cls, obj: object, info: Any) -> bool:
        return isinstance(obj, types.Through)


@strawberry.type(description="A store beside her home store that may open a customer.")
class CustomerShare:
    at: datetime = strawberry.field(description="Since when.")

    @strawberry.field(description="The store.")
    def store(self: Any) -> Store:
        place: types.Share = self
        return StoreView(place.store_id, place.name, place.code, place.region, place.timezone)  # type: ignore[return-value]

    @classmethod
    def is_type_of(cls, obj: object, info: Any) -> bool:
        return isinstance(obj, types.Share)


@strawberry.input(description="Something more that a customer is known by.")
class AddIdentityInput:
    operation_id: UUID = strawberry.field(description="Made by the caller.")
    customer_id: strawberry.ID = strawberry.field(description="The customer.")
    kind: IdentityKind = strawberry.field(description="What it is.")
    value: str = strawberry.field(description="As typed, up to 120 characters.")
    if_taken: IfTaken | None = strawberry.field(default=IfTaken.REFUSE, description="When somebody has it already.")
    role: ContactRole | None = strawberry.field(default=ContactRole.OTHER, description="With FAMILY: what she is.")
    label: str | None = strawberry.field(default=None, description="With FAMILY: in own words, up to 40 characters.")


@strawberry.input(description="One of the things a customer is known by.")
class RemoveIdentityInput:
    operation_id: UUID = strawberry.field(description="Made by the caller.")
    customer_id: strawberry.ID = strawberry.field(description="The customer.")
    id: strawberry.ID = strawberry.field(description="The identity.")


@strawberry.input(description="A number of a customer's that turned out to be somebody else's.")
class DisownIdentityInput:
    operation_id: UUID = strawberry.field(description="Made by the caller.")
    customer_id: strawberry.ID = strawberry.field(description="The customer.")
    id: strawberry.ID = strawberry.field(description="The identity.")


@strawberry.input(description="The phone that is to be shown and called.")
class ChoosePhoneInput:
    operation_id: UUID = strawberry.field(description="Made by the caller.")
    customer_id: strawberry.ID = strawberry.field(description="The customer.")
    id: strawberry.ID = strawberry.field(description="One of her identities, a phone.")


@strawberry.input(description="Somebody who does not use another's number any more.")
class RemoveContactInput:
    operation_id: UUID = strawberry.field(description="Made by the caller.")
    customer_id: strawberry.ID = strawberry.field(description="Either of the two.")
    contact_id: strawberry.ID = strawberry.field(description="As `Relative.contactId` has it.")


CustomerNow = Annotated["Customer", strawberry.lazy("shuke.api.customers.types")]
HolderNow = Annotated["MaskedCustomer", strawberry.lazy("shuke.api.customers.types")]


@strawberry.type(description="The customer, or who has it already.")
class AddIdentityPayload:
    customer: CustomerNow | None = strawberry.field(default=None, description="As she is now.")
    existing: HolderNow | None = strawberry.field(
        default=None, description="With TAKEN and TAKEN_ELSEWHERE on `value`: whose it is."
    )
    user_errors: list[UserError] = strawberry.field(default_factory=list, description="Why not.")


@strawberry.type(description="The customer without it.")
class RemoveIdentityPayload:
    customer: CustomerNow | None = strawberry.field(default=None, description="As she is now.")
    user_errors: list[UserError] = strawberry.field(default_factory=list, description="Why not.")


@strawberry.type(description="The customer without it.")
class DisownIdentityPayload:
    customer: CustomerNow | None = strawberry.field(default=None, description="As she is now.")
    user_errors: list[UserError] = strawberry.field(default_factory=list, description="Why not.")


@strawberry.type(description="The customer with this number shown.")
class ChoosePhonePayload:
    customer: CustomerNow | None = strawberry.field(default=None, description="As she is now.")
    user_errors: list[UserError] = strawberry.field(default_factory=list, description="Why not.")


@strawberry.type(description="The customer without the other one.")
class RemoveContactPayload:
    customer: CustomerNow | None = strawberry.field(default=None, description="As she is now.")
    user_errors: list[UserError] = strawberry.field(default_factory=list, description="Why not.")


async def _changed(
    info: Info, input: Any, payload: Any, act: Callable[[Actor, UUID, UUID], Awaitable[UUID]], what: str
) -> Any:
    """Runs a use case about a customer and one of `what` beside her."""

    async def run(actor: Actor) -> UUID:
        customer_id = parse_id(input.customer_id, "Customer", "customerId")
        if what == "IdentityContact":
            return await act(actor, customer_id, parse_id(input.contact_id, what, "contactId"))
        return await act(actor, customer_id, parse_id(input.id, what))

    key, errors = await write(info, input, UUID, run)
    shown = await info.context.load(queries.customers_by_id, key) if key else None
    return payload(customer=shown, user_errors=errors)


@strawberry.type
class IdentitiesMutation:
    @strawberry.mutation(
        description="Adds something that a customer is known by; what is on file answers who has it, 30 times an hour."
    )
    async def add_identity(self, info: Info, input: AddIdentityInput) -> AddIdentityPayload:
        claim = Claim(input.if_taken or IfTaken.REFUSE, input.role or ContactRole.OTHER, input.label)

        async def run(actor: Actor) -> UUID:
            customer_id = parse_id(input.customer_id, "Customer", "customerId")
            return await service.add_identity(actor, customer_id, input.kind, input.value, claim)

        key, errors = await write(info, input, UUID, run, service.telling_holders)
        holders = (error.subject for error in errors if isinstance(error.subject, types.MaskedCustomer))
        shown: Any = await info.context.load(queries.customers_by_id, key) if key else None
        return AddIdentityPayload(customer=shown, existing=next(holders, None), user_errors=errors)  # type: ignore[arg-type]

    @strawberry.mutation(description="Takes something away from what she is known by; her family keeps it.")
    async def remove_identity(self, info: Info, input: RemoveIdentityInput) -> RemoveIdentityPayload:
        done: RemoveIdentityPayload = await _changed(
            info, input, RemoveIdentityPayload, service.remove_identity, "CustomerIdentity"
        )
        return done

    @strawberry.mutation(
        description="Says that a number is not hers any more: it is nobody's, and free for its new owner. Adding it "
        "again undoes that."
    )
    async def disown_identity(self, info: Info, input: DisownIdentityInput) -> DisownIdentityPayload:
        done: DisownIdentityPayload = await _changed(
            info, input, DisownIdentityPayload, service.disown_identity, "CustomerIdentity"
        )
        return done

    @strawberry.mutation(description="Of her numbers, has this one shown and called.")
    async def choose_phone(self, info: Info, input: ChoosePhoneInput) -> ChoosePhonePayload:
        done: ChoosePhonePayload = await _changed(
            info, input, ChoosePhonePayload, service.choose_phone, "CustomerIdentity"
        )
        return done

    @strawberry.mutation(description="Says that somebody uses another's number no more.")
    async def remove_contact(self, info: Info, input: RemoveContactInput) -> RemoveContactPayload:
        done: RemoveContactPayload = await _changed(
            info, input, RemoveContactPayload, service.remove_contact, "IdentityContact"
        )
        return done
