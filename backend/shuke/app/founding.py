"""Beginnings: a brand with its first administrator, a key for a partner's program."""

from dataclasses import dataclass
from uuid import UUID
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from shuke.app.trouble import CannotRun
from shuke.domains.identity import queries, service
from shuke.domains.identity.types import Brand, Locale, Role
from shuke.kit import db, i18n
from shuke.kit.errors import Refusal


@dataclass(slots=True, frozen=True)
class Founding:
    """What a new brand begins with."""

    brand: str
    admin: str
    phone: str
    password: str
    store: str
    timezone: str
    currency: str
    locale: str


async def found(wish: Founding) -> UUID:
    """Makes the brand, its administrator and, where named, its first store; all or nothing. Raises CannotRun."""
    try:
        ZoneInfo(wish.timezone)
    except (ZoneInfoNotFoundError, ValueError) as error:
        raise CannotRun(f"{wish.timezone!r} is no time zone: give one like Asia/Shanghai.") from error
    if len(wish.currency) != 3 or not wish.currency.isalpha():
        raise CannotRun(f"{wish.currency!r} is no currency: give three letters like CNY.")
    if any(brand.name == wish.brand for brand in await queries.brands()):
        raise CannotRun(f"There is a brand called {wish.brand} already.")
    locale = Locale(wish.locale)
    try:
        async with db.tx():
            brand_id = await service.create_brand(wish.brand, wish.currency.upper(), wish.timezone, locale)
            if wish.store:
                await service.create_store(brand_id, "1", wish.store, wish.timezone)
            hashed = service.hash_password(wish.password)
            await service.create_staff(brand_id, wish.admin, wish.phone, hashed, Role.ADMIN, locale=locale)
            return brand_id
    except Refusal as refusal:
        raise CannotRun(i18n.say("en", refusal.reason, **refusal.params)) from refusal


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


async def make_key(name: str, scopes: frozenset[str], brand: str | None) -> str:
    """A partner's bearer key. Raises CannotRun."""
    try:
        return await service.create_partner_key((await chosen_brand(brand)).id, name, scopes)
    except Refusal as refusal:
        raise CannotRun(i18n.say("en", refusal.reason, **refusal.params)) from refusal
