"""Links that customers fill in, as staff makes and reads them; and what the shop gives in return."""

from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any
from uuid import UUID

import segno
import strawberry

from shuke.api.context import Info
from shuke.api.errors import UserError, write
from shuke.api.identity import Node, Staff, Store, node_id
from shuke.api.pagination import global_id, optional_id, parse_id
from shuke.domains.customers import queries, service, types
from shuke.domains.customers.rules import links as rules
from shuke.domains.customers.rules import profile, wording
from shuke.domains.customers.types import IdentityKind
from shuke.domains.customers.types.links import AnswerState, LinkView, NewLink
from shuke.domains.customers.types.profile import FieldKind, Template
from shuke.domains.orders import queries as orders
from shuke.kit import i18n, identities
from shuke.kit.ids import effect_id

if TYPE_CHECKING:
    from shuke.api.customers.types import Customer, MaskedCustomer

CustomerNow = Annotated["Customer", strawberry.lazy("shuke.api.customers.types")]
HolderNow = Annotated["MaskedCustomer", strawberry.lazy("shuke.api.customers.types")]

strawberry.enum(AnswerState, description="What became of something that a customer filled in by a link.")

PATH = "/c/"
CONSENT, VALUES = "consent.", "values."


@strawberry.type(description="Something that came in by a link.")
class LinkAnswer:
    name: str = strawberry.field(
        description="The field: name, phone, gender, birthday, wechat, values.<key>, or consent.<purpose>."
    )
    state: AnswerState = strawberry.field(description="What became of it.")

    @strawberry.field(description="What it is called, in the caller's language.")
    async def label(self: Any, info: Info) -> str:
        if self.name.startswith(CONSENT):
            return i18n.say(info.context.locale, f"consent_{self.name.removeprefix(CONSENT)}")
        field = (await _template(info)).document.field(self.name.removeprefix(VALUES))
        return i18n.pick(field.label, info.context.locale) if field else self.name

    @strawberry.field(
        description="What she wrote, in the caller's language, numbers masked; null: it is decided, or not for the "
        "caller's eyes."
    )
    async def text(self: Any, info: Info) -> str | None:
        if self.value is None:
            return None
        context, actor = info.context, info.context.require()
        if self.name.startswith(CONSENT):
            return i18n.say(context.locale, "consent_granted" if self.value["granted"] else "consent_refused")
        field = (await _template(info)).document.field(self.name.removeprefix(VALUES))
        if field is None or not profile.may_see(field, queries.roles_at(actor)):
            return None
        if self.name in (IdentityKind.PHONE.value, IdentityKind.WECHAT.value):
            return identities.masked(self.name, self.value)
        if field.built_in and field.kind is FieldKind.DATE:
            return str(self.value)
        return wording.words(field, self.value, context.locale, actor.currency, {})


@strawberry.type(description="A link by which somebody fills in a card; what she sees never shows what is on it.")
class CustomerLink(Node):
    id: strawberry.ID = node_id("CustomerLink")
    store: Store = strawberry.field(description="The shop that it speaks for.")
    staff: Staff | None = strawberry.field(
        description="Who made it; null: a partner's program, or it came of a store's code that was scanned."
    )
    created_at: datetime = strawberry.field(description="When it was made.")
    unsure: bool = strawberry.field(
        description="Somebody who scanned a store's code gave this customer's number: all of it waits for a colleague."
    )
    answers: list[LinkAnswer] = strawberry.field(description="What came in by it, field by field.")

    @strawberry.field(description="Whose card it fills in; null: of whoever scans it.")
    async def customer(self: Any, info: Info) -> CustomerNow | None:
        key = self.customer_id
        found: Any = await info.context.load(queries.customers_by_id, key) if key else None
        return found

    @strawberry.field(description="The receipt that it is printed on; null: none.")
    def order_id(self: Any) -> strawberry.ID | None:
        return global_id("Order", self.order_id) if self.order_id else None

    @strawberry.field(description="Until when it can be used.")
    def expires_at(self: Any) -> datetime:
        found: datetime = self.standing.expires_at
        return found

    @strawberry.field(description="It is over once she has finished.")
    def single_use(self: Any) -> bool:
        found: bool = self.standing.single_use
        return found

    @strawberry.field(description="When she finished, the last time; null: not yet.")
    def used_at(self: Any) -> datetime | None:
        found: datetime | None = self.standing.used_at
        return found

    @strawberry.field(description="When it was ended by hand; null: it was not.")
    def revoked_at(self: Any) -> datetime | None:
        found: datetime | None = self.standing.revoked_at
        return found

    @strawberry.field(description="It can be used now.")
    def open(self: Any, info: Info) -> bool:
        return rules.over(self.standing, info.context.now) is None

    @strawberry.field(description="The whole address, as this server is reached by the caller.")
    async def url(self: Any, info: Info) -> str:
        return await _url(info, self.id)

    @strawberry.field(description="The address as a QR code: an SVG image, dark on nothing, with its quiet zone.")
    async def qr(self: Any, info: Info) -> str:
        drawn: str = segno.make_qr(await _url(info, self.id), error="m").svg_inline(omitsize=True, border=4)
        return drawn.replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" ', 1)

    @strawberry.field(description="What the page asks, in the caller's language, in its order.")
    async def asks(self: Any, info: Info) -> list[str]:
        document = (await _template(info)).document
        chosen = (await queries.offers_of(info.context.require().brand_id)).fields
        return [i18n.pick(field.label, info.context.locale) for field in rules.asks(document, chosen)]

    @strawberry.field(description="What she was given for filling it in, in the caller's language.")
    def offers(self: Any, info: Info) -> list[str]:
        return [i18n.pick(offer.label, info.context.locale) for offer in self.offers]

    @classmethod
    def is_type_of(cls, obj: object, info: Any) -> bool:
        return isinstance(obj, LinkView)


async def _template(info: Info) -> Template:
    found: Template = await info.context.load(queries.templates_of, info.context.require().brand_id)
    return found


async def _url(info: Info, link_id: UUID) -> str:
    """As the browser reached us; a proxy in front hands on the host and says whether it was https."""
    request = info.context.request
    host = request.headers.get("host", "")
    origin = f"{request.url.scheme}://{host}" if host else ""
    return f"{origin}{PATH}{await service.link_token(link_id)}"


@strawberry.input(description="A link: for a customer, a receipt's customer, or (both left out) whoever scans it.")
class CreateCustomerLinkInput:
    operation_id: UUID = strawberry.field(description="Made by the caller; the same again is the same link.")
    customer_id: strawberry.ID | None = strawberry.field(default=None, description="Whose card it is to fill in.")
    order_id: strawberry.ID | None = strawberry.field(
        default=None,
        description="The receipt that it is printed on: its customer's, else `customerId`'s, else whoever's has it.",
    )
    store_id: strawberry.ID | None = strawberry.field(
        default=None, description="Without customer and receipt: the store; left out: the caller's first store."
    )
    single_use: bool | None = strawberry.field(
        default=None, description="Over once she has finished; left out: only a receipt's. Not for a store's code."
    )
    days: int | None = strawberry.field(
        default=None,
        description="How long it lasts: a customer's up to 30 (usually 7), a receipt's 90 (30), a store's 730 (365).",
    )


@strawberry.type(description="The link.")
class CreateCustomerLinkPayload:
    link: CustomerLink | None = strawberry.field(default=None, description="As it is now.")
    user_errors: list[UserError] = strawberry.field(default_factory=list, description="Why not.")


@strawberry.input(description="A link that nobody is to use any more.")
class RevokeCustomerLinkInput:
    operation_id: UUID = strawberry.field(description="Made by the caller.")
    id: strawberry.ID = strawberry.field(description="The link.")


@strawberry.type(description="The link, ended.")
class RevokeCustomerLinkPayload:
    link: CustomerLink | None = strawberry.field(default=None, description="As it is now.")
    user_errors: list[UserError] = strawberry.field(default_factory=list, description="Why not.")


@strawberry.input(description="What becomes of the answers of a link that wait.")
class SettleLinkAnswersInput:
    operation_id: UUID = strawberry.field(description="Made by the caller.")
    id: strawberry.ID = strawberry.field(description="The link.")
    take: list[str] = strawberry.field(
        description="Names of the answers that go onto her card; of the others that wait, what stands there stays."
    )


@strawberry.type(description="The customer, as she is now.")
class SettleLinkAnswersPayload:
    customer: CustomerNow | None = strawberry.field(default=None, description="Hers.")
    link: CustomerLink | None = strawberry.field(default=None, description="The link, all decided.")
    existing: HolderNow | None = strawberry.field(
        default=None, description="With TAKEN or TAKEN_ELSEWHERE: who has the number."
    )
    user_errors: list[UserError] = strawberry.field(default_factory=list, description="Why not.")


async def _shown(info: Info, key: UUID | None) -> Any:
    return await queries.made_link(info.context.require(), key) if key else None


async def _new(info: Info, input: CreateCustomerLinkInput) -> NewLink:
    actor = info.context.require()
    customer_id = optional_id(input.customer_id, "Customer", "customerId")
    order_id, store_id = (
        optional_id(input.order_id, "Order", "orderId"),
        optional_id(input.store_id, "Store", "storeId"),
    )
    if order_id:
        store_id, hers = await orders.whose(actor, order_id)
        customer_id = hers or customer_id
    once = input.single_use if input.single_use is not None else order_id is not None
    return NewLink(
        effect_id("customer link", actor.id, input.operation_id), customer_id, store_id, order_id, once, input.days
    )


@strawberry.type
class LinkQuery:
    @strawberry.field(description="Links of a customer, or the codes of a store; the latest first, up to 20.")
    async def customer_links(
        self,
        info: Info,
        customer_id: Annotated[
            strawberry.ID | None, strawberry.argument(description="Of this customer; null: of a store.")
        ] = None,
        store_id: Annotated[
            strawberry.ID | None, strawberry.argument(description="Of this store, if no customer is named.")
        ] = None,
    ) -> list[CustomerLink]:
        actor = info.context.require()
        if customer_id is not None:
            return await queries.links_of(actor, parse_id(customer_id, "Customer", "customerId"))  # type: ignore[return-value]
        return await queries.store_links(actor, parse_id(store_id or "", "Store", "storeId"))  # type: ignore[return-value]


@strawberry.type
class LinkMutation:
    @strawberry.mutation(
        description="Makes a link by which somebody fills in a card; its page shows nothing of it. A partner's key "
        "needs the scope LINKS: for customers, receipts and codes of its stores; it is never told what came in."
    )
    async def create_customer_link(self, info: Info, input: CreateCustomerLinkInput) -> CreateCustomerLinkPayload:
        async def act(actor: Any) -> UUID:
            return await service.create_link(actor, await _new(info, input))

        key, errors = await write(info, input, UUID, act)
        return CreateCustomerLinkPayload(link=await _shown(info, key), user_errors=errors)

    @strawberry.mutation(description="Ends a link at once, and whatever came of it.")
    async def revoke_customer_link(self, info: Info, input: RevokeCustomerLinkInput) -> RevokeCustomerLinkPayload:
        key, errors = await write(
            info, input, UUID, lambda actor: service.revoke_link(actor, parse_id(input.id, "CustomerLink"))
        )
        return RevokeCustomerLinkPayload(link=await _shown(info, key), user_errors=errors)

    @strawberry.mutation(description="Decides what a customer filled in that differs from her card.")
    async def settle_link_answers(self, info: Info, input: SettleLinkAnswersInput) -> SettleLinkAnswersPayload:
        key, errors = await write(
            info,
            input,
            UUID,
            lambda actor: service.settle_answers(actor, parse_id(input.id, "CustomerLink"), set(input.take)),
            service.telling_holders,
        )
        shown: Any = await info.context.load(queries.customers_by_id, key) if key else None
        link = await _shown(info, parse_id(input.id, "CustomerLink")) if key else None
        holders = (error.subject for error in errors if isinstance(error.subject, types.MaskedCustomer))
        existing: Any = next(holders, None)
        return SettleLinkAnswersPayload(customer=shown, link=link, existing=existing, user_errors=errors)
