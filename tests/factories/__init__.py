"""Small worlds for tests, made by the product's own services."""

import itertools
from dataclasses import dataclass
from uuid import UUID

from shuke.domains.identity import queries, service
from shuke.domains.identity.types import Actor, Grant, Locale, Role

PASSWORD = "correct horse battery"
_numbers = itertools.count(13800000000)
_hash = service.hash_password(PASSWORD)


@dataclass(slots=True)
class World:
    """A brand with two regions, three stores (two in the first region) and one person per role."""

    brand_id: UUID
    stores: list[UUID]
    regions: list[UUID]
    staff: dict[str, Actor]
    """guide, colleague (same store), stranger (second store), manager, regional, hq, admin"""
    phones: dict[str, str]


async def make_staff(
    brand_id: UUID, name: str, role: Role, store: UUID | None = None, region: UUID | None = None
) -> tuple[Actor, str]:
    """A staff member as an actor, and her phone number; the password is PASSWORD."""
    phone = f"+86{next(_numbers)}"
    staff_id = await service.create_staff(brand_id, name, phone, _hash, role, store_id=store, region_id=region)
    stores: tuple[UUID, ...] | None = (store,) if store else None
    if region:
        from shuke.kit import db

        rows = await db.fetch("SELECT id FROM store WHERE region_id = $1", region)
        stores = tuple(row[0] for row in rows)
    actor = Actor("staff", staff_id, brand_id, name, Locale.ZH_CN, "Asia/Shanghai", "CNY", (Grant(role, stores),))
    return actor, phone


async def make_world(name: str = "好孕来") -> World:
    brand_id = await service.create_brand(name, "CNY", "Asia/Shanghai", Locale.ZH_CN)
    regions = [await service.create_region(brand_id, f"{name}{which}区") for which in ("一", "二")]
    stores = [
        await service.create_store(brand_id, code, title, "Asia/Shanghai", regions[region])
        for code, title, region in (("S1", "文三路店", 0), ("S2", "滨江店", 0), ("S3", "城西店", 1))
    ]
    people = {
        "guide": (Role.GUIDE, stores[0], None),
        "colleague": (Role.GUIDE, stores[0], None),
        "stranger": (Role.GUIDE, stores[1], None),
        "manager": (Role.STORE_MANAGER, stores[0], None),
        "regional": (Role.REGIONAL_MANAGER, None, regions[0]),
        "hq": (Role.HQ, None, None),
        "admin": (Role.ADMIN, None, None),
    }
    staff, phones = {}, {}
    for who, (role, store, region) in people.items():
        staff[who], phones[who] = await make_staff(brand_id, who, role, store, region)
    return World(brand_id, stores, regions, staff, phones)


async def system(world: World) -> Actor:
    """The program itself."""
    return await queries.system_actor(world.brand_id)
