"""Staff and their roles."""

from uuid import UUID

from tortoise.exceptions import IntegrityError

from shuke.domains.identity.models import Staff, StaffRole
from shuke.domains.identity.service.door import allow
from shuke.domains.identity.service.house import named
from shuke.domains.identity.types import Actor, Locale, Role
from shuke.kit import clock, db, events, phones
from shuke.kit.errors import ErrorCode, Refusal


async def create_staff(
    brand_id: UUID,
    name: str,
    phone: str,
    password_hash: str,
    role: Role,
    *,
    store_id: UUID | None = None,
    region_id: UUID | None = None,
    locale: Locale = Locale.ZH_CN,
) -> UUID:
    """A staff member with one role. Raises Refusal INVALID for a phone that is none, TAKEN for a colleague's."""
    number = phones.normalise(phone)
    if number is None:
        raise Refusal(ErrorCode.INVALID, "phone", "phone_invalid")
    name = named("name", name)
    async with db.tx():
        try:
            staff = await Staff.create(
                brand_id=brand_id, name=name, phone=number, password_hash=password_hash, locale=locale.value
            )
        except IntegrityError as error:
            raise Refusal(ErrorCode.TAKEN, "phone", "staff_phone_taken") from error
        await add_role(brand_id, staff.id, role, store_id=store_id, region_id=region_id)
        await events.record(brand_id, "staff.created", events.SYSTEM, ("staff", staff.id))
        return staff.id


async def add_role(
    brand_id: UUID, staff_id: UUID, role: Role, *, store_id: UUID | None = None, region_id: UUID | None = None
) -> None:
    """A further role, in a store, a region or (both None) the brand."""
    await StaffRole.create(
        brand_id=brand_id, staff_id=staff_id, role=role.value, store_id=store_id, region_id=region_id
    )


async def update_me(actor: Actor, locale: Locale) -> None:
    """The language in which the caller is spoken to."""
    allow(actor, "updateMe")
    async with db.tx():
        await db.execute(
            "UPDATE staff SET locale = $2, updated_at = $3 WHERE id = $1", actor.id, locale.value, clock.now()
        )
        await events.record(actor.brand_id, "staff.updated", actor.ref, ("staff", actor.id), {"fields": ["locale"]})
