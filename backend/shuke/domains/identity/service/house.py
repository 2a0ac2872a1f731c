"""The brand, its regions and stores."""

from uuid import UUID
from zoneinfo import available_timezones

from shuke.domains.identity import queries
from shuke.domains.identity.models import Brand, Region, Store
from shuke.domains.identity.service.door import allow
from shuke.domains.identity.types import Actor, Locale
from shuke.kit import clock, db, events
from shuke.kit.errors import ErrorCode, Refusal
from shuke.kit.ids import new_id
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


async def open_store(actor: Actor, code: str, name: str, region: str | None, timezone: str | None) -> UUID:
    """Opens a store, its region too where that is new. Raises Refusal INVALID, or TAKEN for another store's code."""
    allow(actor, "openStore")
    code, name, zone = named("code", code, 60), named("name", name), _zone(timezone) or actor.timezone
    async with db.tx():
        sql = """INSERT INTO store (id, brand_id, code, name, timezone, region_id) VALUES ($1, $2, $3, $4, $5, $6)
          ON CONFLICT (brand_id, code) DO NOTHING RETURNING id"""
        region_id = await _region(actor, region)
        key: UUID | None = await db.fetch_value(sql, new_id(), actor.brand_id, code, name, zone, region_id)
        if key is None:
            raise Refusal(ErrorCode.TAKEN, "code", "store_code_taken")
        await events.record(actor.brand_id, "store.created", actor.ref, ("store", key))
        return key


async def update_store(
    actor: Actor, store_id: UUID, name: str | None, region: str | None, timezone: str | None
) -> UUID:
    """Changes what is given (an empty region: none). Raises Refusal NOT_FOUND or INVALID."""
    allow(actor, "updateStore")
    changes: dict[str, object] = {}
    if name is not None:
        changes["name"] = named("name", name)
    if timezone is not None:
        changes["timezone"] = _zone(timezone)
    async with db.tx():
        if region is not None:
            changes["region_id"] = await _region(actor, region)
        settings = "".join(f", {column} = ${place}" for place, column in enumerate(changes, 4))
        sql = f"UPDATE store SET updated_at = $3{settings} WHERE brand_id = $1 AND id = $2"
        if not await db.execute(sql, actor.brand_id, store_id, clock.now(), *changes.values()):
            raise Refusal(ErrorCode.NOT_FOUND, "storeId")
        data = {"fields": list(changes)}
        await events.record(actor.brand_id, "store.updated", actor.ref, ("store", store_id), data)
        return store_id


async def _region(actor: Actor, name: str | None) -> UUID | None:
    """The region of this name, made when it is new; None for no name."""
    if name is None or not clean(name):
        return None
    await db.lock("regions", actor.brand_id)
    return await ensure_region(actor.brand_id, named("regionName", name))


def _zone(name: str | None) -> str | None:
    if name is not None and name not in available_timezones():
        raise Refusal(ErrorCode.INVALID, "timezone", "timezone_unknown")
    return name
