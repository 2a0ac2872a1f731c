"""Beginnings: a brand with its first administrator, its stores and staff, a key for a partner's program."""

from dataclasses import dataclass
from uuid import UUID
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from shuke.app.trouble import CannotRun
from shuke.domains.identity import queries, service
from shuke.domains.identity.types import Brand, Locale, Role, Store
from shuke.kit import db, events


@dataclass(slots=True, frozen=True)
class Founding:
    """What a new brand begins with; `timezone` and `currency` None: Asia/Shanghai and CNY."""

    brand: str
    admin: str
    phone: str
    password: str
    store: str
    timezone: str | None
    currency: str | None
    locale: str


async def found(wish: Founding) -> UUID:
    """Makes the brand, its administrator and, where named, its first store; all or nothing. Raises CannotRun.

    A brand of this name that an import has begun, and in which nobody can sign in yet, is taken over as it stands.
    """
    if wish.timezone:
        _check_zone(wish.timezone)
    if wish.currency and (len(wish.currency) != 3 or not wish.currency.isalpha()):
        raise CannotRun(f"{wish.currency!r} is no currency: give three letters like CNY.")
    if await events.happened("demo.seeded"):
        raise CannotRun("This data folder holds the demo chain: begin a real brand in another one (SHUKE_DATA).")
    begun = next((brand for brand in await queries.brands() if brand.name == wish.brand), None)
    locale = Locale(wish.locale)
    async with db.tx():
        if begun:
            await _check_takeover(begun, wish)
        zone, currency = wish.timezone or "Asia/Shanghai", (wish.currency or "CNY").upper()
        brand_id = begun.id if begun else await service.create_brand(wish.brand, currency, zone, locale)
        if wish.store and not await queries.stores(brand_id):
            await service.create_store(brand_id, "1", wish.store, begun.timezone if begun else zone)
        hashed = service.hash_password(wish.password)
        await service.create_staff(brand_id, wish.admin, wish.phone, hashed, Role.ADMIN, locale=locale)
        return brand_id


async def _check_takeover(brand: Brand, wish: Founding) -> None:
    """Raises CannotRun where somebody has this brand, or where the import said otherwise than is wished."""
    if await queries.has_staff(brand.id):
        raise CannotRun(f"There is a brand called {brand.name} already.")
    if (wish.currency or brand.currency).upper() != brand.currency:
        raise CannotRun(f"The import has begun {brand.name} in {brand.currency}: leave --currency out.")
    if (wish.timezone or brand.timezone) != brand.timezone:
        raise CannotRun(f"The import has begun {brand.name} in {brand.timezone}: leave --timezone out.")
    names = [store.name for store in await queries.stores(brand.id)]
    if wish.store and names and wish.store not in names:
        raise CannotRun(f"The import has opened {', '.join(names)}: leave --store out.")


def _check_zone(name: str) -> None:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError) as error:
        raise CannotRun(f"{name!r} is no time zone: give one like Asia/Shanghai.") from error


async def chosen_brand(name: str | None) -> Brand:
    """The brand of this name; the only one when none is named. Raises CannotRun."""
    brands = await queries.brands()
    found = [brand for brand in brands if name in (None, brand.name)]
    if len(found) == 1:
        return found[0]
    names = ", ".join(brand.name for brand in brands)
    if not brands:
        raise CannotRun("There is no brand yet: begin one with `shuke init`.")
    raise CannotRun(
        f"Say which brand with --brand: {names}." if name is None else f"No brand {name}; there are: {names}."
    )


async def open_store(code: str, name: str, region: str | None, timezone: str | None, brand: str | None) -> None:
    """A further store, in a region that is made when it is new. Raises CannotRun."""
    chosen = await chosen_brand(brand)
    zone = timezone or chosen.timezone
    _check_zone(zone)
    if any(store.code == code for store in await queries.stores(chosen.id)):
        raise CannotRun(f"There is a store with the code {code} already.")
    async with db.tx():
        region_id = await service.ensure_region(chosen.id, region) if region else None
        await service.create_store(chosen.id, code, name, zone, region_id)


@dataclass(slots=True, frozen=True)
class Joining:
    """A staff member to be: the role holds in the stores of these codes, in the region, or in the brand; the role
    says in which of them.
    """

    name: str
    phone: str
    password: str
    role: Role
    stores: tuple[str, ...]
    region: str | None
    brand: str | None


IN_STORES = (Role.GUIDE, Role.ADVISOR, Role.STORE_MANAGER)


async def join(wish: Joining) -> None:
    """A staff member with her sign-in. Raises CannotRun."""
    _check_place(wish)
    brand = await chosen_brand(wish.brand)
    known = {store.code: store for store in await queries.stores(brand.id)}
    if wish.role in IN_STORES and not wish.stores:
        raise CannotRun(
            f"Say in which store with --store: {', '.join(known) or 'there is none yet (`shuke store add`)'}."
        )
    if wish.role is Role.REGIONAL_MANAGER and not wish.region:
        raise CannotRun("Say which region with --region.")
    stores = [known_store(known, code) for code in wish.stores]
    async with db.tx():
        region = await queries.region_named(brand.id, wish.region) if wish.region else None
        if wish.region and region is None:
            raise CannotRun(f"There is no region called {wish.region}.")
        first = stores[0].id if stores else None
        hashed = service.hash_password(wish.password)
        staff_id = await service.create_staff(
            brand.id, wish.name, wish.phone, hashed, wish.role, store_id=first, region_id=region
        )
        for store in stores[1:]:
            await service.add_role(brand.id, staff_id, wish.role, store_id=store.id)


def _check_place(wish: Joining) -> None:
    """Raises CannotRun where more is said than the role means: who is given a store must not get the brand."""
    if wish.stores and wish.role not in IN_STORES:
        in_stores = ", ".join(role.value for role in IN_STORES)
        raise CannotRun(f"{wish.role.value} is no role in a store: leave --store out, or give one of {in_stores}.")
    if wish.region and wish.role is not Role.REGIONAL_MANAGER:
        raise CannotRun(f"{wish.role.value} is no role in a region: leave --region out, or give regional_manager.")


def known_store(known: dict[str, Store], code: str) -> Store:
    if code not in known:
        raise CannotRun(f"There is no store with the code {code}; there are: {', '.join(known)}.")
    return known[code]
