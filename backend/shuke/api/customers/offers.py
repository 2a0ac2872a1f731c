"""What the shop gives whoever fills in her own card, as head office words it."""

from typing import Any
from uuid import UUID

import strawberry

from shuke.api.context import Info
from shuke.api.errors import UserError, write
from shuke.domains.customers import queries, service
from shuke.domains.customers.rules import links as rules
from shuke.domains.customers.types import links
from shuke.kit import i18n


@strawberry.type(description="Something that the shop gives in return, once a customer.")
class LinkOffer:
    key: str = strawberry.field(description="Stays the same, however it is worded.")

    @strawberry.field(description="In the caller's language; in another one where it was not written in that.")
    def label(self: Any, info: Info) -> str:
        return i18n.pick(self.label, info.context.locale)

    @strawberry.field(description="In Chinese; null: not written.")
    def zh(self: Any) -> str | None:
        words: dict[str, str] = self.label
        return words.get("zh-CN")

    @strawberry.field(description="In English; null: not written.")
    def en(self: Any) -> str | None:
        words: dict[str, str] = self.label
        return words.get("en")

    @classmethod
    def is_type_of(cls, obj: object, info: Any) -> bool:
        return isinstance(obj, links.Offer)


@strawberry.type(description="A field of head office's own that may be put before customers.")
class AskedField:
    key: str = strawberry.field(description="The field's key.")
    label: str = strawberry.field(description="What it is called, in the caller's language.")
    asked: bool = strawberry.field(description="The page asks it.")


@strawberry.type(
    description="What the shop gives for a name, a phone and a birthday filled in by the customer herself."
)
class LinkOffers:
    version: int = strawberry.field(description="`baseVersion` of the next edit; 0: nobody has written any.")
    offers: list[LinkOffer] = strawberry.field(description="In the order of the page.")

    @strawberry.field(
        description="Fields of head office's own that the page may ask, in the order of the form; beside them it asks "
        "name, phone, gender, birthday and WeChat."
    )
    async def fields(self: Any, info: Info) -> list[AskedField]:
        template = await info.context.load(queries.templates_of, info.context.require().brand_id)
        asked = {field.key for field in rules.asks(template.document, self.fields)}
        locale = info.context.locale
        return [
            AskedField(key=field.key, label=i18n.pick(field.label, locale), asked=field.key in asked)
            for field in rules.may_ask(template.document)
        ]

    @classmethod
    def is_type_of(cls, obj: object, info: Any) -> bool:
        return isinstance(obj, links.Offers)


@strawberry.input(description="An offer, in at least one language.")
class LinkOfferInput:
    key: str | None = strawberry.field(default=None, description="Of one that stands; left out: a new one.")
    zh: str | None = strawberry.field(default=None, description="In Chinese, up to 40 characters.")
    en: str | None = strawberry.field(default=None, description="In English, up to 40 characters.")


@strawberry.input(description="The whole list, up to 8; what is left out is offered no more, and stays whose it is.")
class SaveLinkOffersInput:
    operation_id: UUID = strawberry.field(description="Made by the caller.")
    base_version: int = strawberry.field(description="The version that it takes the place of.")
    offers: list[LinkOfferInput] = strawberry.field(description="In the order of the page.")
    fields: list[str] | None = strawberry.field(
        default=None, description="Keys of the fields of head office's own that the page asks; left out: as before."
    )


@strawberry.type(description="Answer to saveLinkOffers.")
class SaveLinkOffersPayload:
    offers: LinkOffers | None = strawberry.field(default=None, description="As they are now.")
    user_errors: list[UserError] = strawberry.field(default_factory=list, description="Why not.")


@strawberry.type
class OfferQuery:
    @strawberry.field(description="What the shop gives in return.")
    async def link_offers(self, info: Info) -> LinkOffers:
        return await queries.offers(info.context.require())  # type: ignore[return-value]


@strawberry.type
class OfferMutation:
    @strawberry.mutation(description="Changes what the shop gives in return, from now on.")
    async def save_link_offers(self, info: Info, input: SaveLinkOffersInput) -> SaveLinkOffersPayload:
        labels = [(one.key or "", {"zh-CN": one.zh or "", "en": one.en or ""}) for one in input.offers]
        done, errors = await write(
            info, input, int, lambda actor: service.save_offers(actor, input.base_version, labels, input.fields)
        )
        shown: Any = await queries.offers(info.context.require()) if done is not None else None
        return SaveLinkOffersPayload(offers=shown, user_errors=errors)
