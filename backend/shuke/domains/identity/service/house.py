"""The brand, its regions and stores."""

from uuid import UUID

from shuke.domains.identity import queries
from shuke.domains.identity.models import Brand, Region, Store
from shuke.domains.identity.types import Locale
from shuke.kit import db, events
from shuke.kit.errors import ErrorCode, Refusal
from shuke.kit.text import clean


def named(field: str, said: str, most: int = 120) -> str:
    """The cleaned name. Raises Refusal INVALID for an empty or too long one."""
    name = clean(said)
    if name is None or len(name) > most:
        raise Refusal(ErrorCode.INVALID, field, "name_wrong", most=most, name=(name or "")[:20])
    return name


async def create_brand(name: str, currency: str, timezone: str, locale: Locale) -> UUID:
    """Begins a brand. Raises Refusal INVALID for a name that is none."""
    name = named("brand", name)
    async with db.tx():
        brand = await Brand.create(name=name, currency=currency, timezone=timezone, locale=locale.value)
        await events.record(brand.id, "brand.created", events.SYSTEM, ("brand", brand.id))
        return brand.id


async def create_region(brand_id: UUID, name: str) -> UUID:
    return (await Region.create(brand_id=brand_id, name=named("region", name))).id


async def ensure_region(brand_id: UUID, name: str) -> UUID:
    """The region of this name, made when it is new."""
    return await queries.region_named(brand_id, name) or await create_region(brand_id, name)


async def create_store(brand_id: UUID, code: str, name: str, timezone: str, region_id: UUID | None = None) -> UUID:
    """Opens a store. Raises Refusal INVALID for a code or a name that is none."""
    code, name = named("code", code, 60), named("store", name)
    async with db.tx():
        store = await Store.create(brand_id=brand_id, code=code, name=name, timezone=timezone, region_id=region_id)
        await events.record(brand_id, "store.created", events.SYSTEM, ("store", store.id))
        return store.id
