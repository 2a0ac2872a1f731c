"""Articles as GraphQL takes them: what they are called and what they belong to."""

from typing import Any
from uuid import UUID

import strawberry

from shuke.api.context import Info
from shuke.api.errors import UserError, write
from shuke.domains.identity.service import allow
from shuke.domains.orders import queries, service, types


@strawberry.type(description="What articles belong to, in the shop's words.")
class ProductCategory:
    name: str = strawberry.field(description="The category; rules ask for it by this name.")
    products: int = strawberry.field(description="Articles in it.")

    @classmethod
    def is_type_of(cls, obj: object, info: Any) -> bool:
        return isinstance(obj, types.Category)


@strawberry.input(description="An article.")
class ProductInput:
    sku: str = strawberry.field(description="Its number, as receipts name it; at most 120 characters.")
    name: str | None = strawberry.field(default=None, description="What it is called; left out: as it was.")
    category: str | None = strawberry.field(
        default=None, description="What it belongs to, at most 60 characters; left out: to nothing."
    )


@strawberry.input(description="Articles to put down.")
class SaveProductsInput:
    operation_id: UUID = strawberry.field(description="Made by the caller.")
    products: list[ProductInput] = strawberry.field(
        description="At most 1,000; of one that comes twice, the last word holds."
    )


@strawberry.type(description="What became of the articles.")
class SaveProductsPayload:
    saved: int = strawberry.field(default=0, description="Articles that are new or were changed.")
    user_errors: list[UserError] = strawberry.field(default_factory=list, description="Why none was taken.")


@strawberry.type
class ProductQuery:
    @strawberry.field(description="What the brand's articles belong to, by name.")
    async def product_categories(self, info: Info) -> list[ProductCategory]:
        actor = info.context.require()
        allow(actor, "productCategories")
        return await queries.categories(actor.brand_id)  # type: ignore[return-value]


@strawberry.type
class ProductMutation:
    @strawberry.mutation(
        description="Says what articles are called and belong to, so that rules can ask who bought of a category."
    )
    async def save_products(self, info: Info, input: SaveProductsInput) -> SaveProductsPayload:
        told = [types.Product(one.sku, one.name, one.category) for one in input.products]
        saved, errors = await write(info, input, int, lambda actor: service.save_products(actor, told))
        return SaveProductsPayload(saved=saved or 0, user_errors=errors)
