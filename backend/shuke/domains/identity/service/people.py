"""Staff and their roles."""

from collections.abc import Sequence
from uuid import UUID

from tortoise.exceptions import IntegrityError

from shuke.domains.identity import queries
from shuke.domains.identity.models import Staff, StaffRole
from shuke.domains.identity.service import authority
from shuke.domains.identity.service.door import allow
from shuke.domains.identity.service.house import named
from shuke.domains.identity.service.passwords import nobodys
from shuke.domains.identity.types import Actor, Locale, Post, Role
from shuke.kit import clock, db, events, phones
from shuke.kit.errors import ErrorCode, Refusal
from shuke.kit.ids import new_id

MOST_ROLES = 50
UPDATE = "UPDATE staff SET name = coalesce($2, name), phone = coalesce($3, phone), updated_at = $4 WHERE id = $1"
END_SESSIONS = """
UPDATE session SET revoked_at = $2, updated_at = $2
WHERE staff_id = $1 AND revoked_at IS NULL AND ($3::uuid IS NULL OR id = $3)
"""


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


async def replace_roles(brand_id: UUID, staff_id: UUID, posts: Sequence[Post]) -> None:
    """These roles instead of whatever she had. Joins the caller's transaction."""
    await db.execute("DELETE FROM staff_role WHERE staff_id = $1", staff_id)
    rows = [(new_id(), brand_id, staff_id, post.role.value, post.store_id, post.region_id) for post in posts]
    sql = "INSERT INTO staff_role (id, brand_id, staff_id, role, store_id, region_id) VALUES ($1, $2, $3, $4, $5, $6)"
    await db.execute_many(sql, rows)


async def set_roles(actor: Actor, staff_id: UUID, posts: Sequence[Post]) -> None:
    """Her roles from now on. What is added must be the caller's to give, what is taken stand below her; the rest stays.

    Raises Refusal NOT_FOUND, FORBIDDEN, or INVALID for the caller herself, who left, no role, or a place that does
    not fit.
    """
    allow(actor, "setStaffRoles")
    wanted = list(dict.fromkeys(posts))
    if not 1 <= len(wanted) <= MOST_ROLES:
        raise Refusal(ErrorCode.INVALID, "roles", "roles_count", most=MOST_ROLES)
    async with db.tx():
        grants = await authority.standing(actor)
        member = await queries.staff_member(actor, staff_id, "setStaffRoles")
        if member is None:
            raise Refusal(ErrorCode.NOT_FOUND, "staffId")
        if staff_id == actor.id or member.left_at is not None:
            raise Refusal(ErrorCode.INVALID, "staffId", "not_yourself" if staff_id == actor.id else "has_left")
        before = authority.posts_of(member)
        added, taken = [post for post in wanted if post not in before], [post for post in before if post not in wanted]
        authority.check(grants, await authority.places(actor.brand_id, added))
        authority.check_above(grants, member, await authority.places(actor.brand_id, taken))
        await replace_roles(actor.brand_id, staff_id, wanted)
        data = {"added": [_told(post) for post in added], "taken": [_told(post) for post in taken]}
        await events.record(actor.brand_id, "staff.roles_set", actor.ref, ("staff", staff_id), data)


async def update_staff(actor: Actor, staff_id: UUID, name: str | None, phone: str | None) -> UUID:
    """A colleague's name and the phone that she signs in by; None: as it is.

    Raises Refusal NOT_FOUND, FORBIDDEN, TAKEN for the phone of another, or INVALID.
    """
    number = None if phone is None else phones.normalise(phone)
    if phone is not None and number is None:
        raise Refusal(ErrorCode.INVALID, "phone", "phone_invalid")
    name = None if name is None else named("name", name)
    async with db.tx():
        member = await authority.manageable(actor, "updateStaff", staff_id)
        if member.left_at is not None:
            raise Refusal(ErrorCode.INVALID, "staffId", "has_left")
        taken = "SELECT EXISTS (SELECT FROM staff WHERE brand_id = $1 AND phone = $2 AND id <> $3)"
        if number and await db.fetch_value(taken, actor.brand_id, number, staff_id):
            raise Refusal(ErrorCode.TAKEN, "phone", "staff_phone_taken")
        await db.execute(UPDATE, staff_id, name, number, clock.now())
        fields = [field for field, value in (("name", name), ("phone", number)) if value]
        await events.record(actor.brand_id, "staff.updated", actor.ref, ("staff", staff_id), {"fields": fields})
        return staff_id


def _told(post: Post) -> dict[str, object]:
    return {"role": post.role.value, "storeId": post.store_id, "regionId": post.region_id}


async def end_staff(actor: Actor, staff_id: UUID, cards_to: UUID | None) -> None:
    """She leaves: no sign-in any more, her sessions and links end. Her cards are the caller's to hand over.

    Joins the caller's transaction, which holds everything until then. Raises Refusal NOT_FOUND, FORBIDDEN or INVALID.
    """
    async with db.tx():
        member = await authority.manageable(actor, "endStaff", staff_id)
        if member.left_at is not None:
            raise Refusal(ErrorCode.INVALID, "staffId", "has_left")
        if cards_to is not None:
            heir = await queries.staff_member(actor, cards_to, "endStaff")
            if heir is None or heir.left_at is not None or cards_to == staff_id:
                raise Refusal(ErrorCode.NOT_FOUND, "cardsTo")
        now = clock.now()
        await db.execute(
            "UPDATE staff SET left_at = $2, password_hash = $3, updated_at = $2 WHERE id = $1", staff_id, now, nobodys()
        )
        await db.execute(END_SESSIONS, staff_id, now, None)
        await db.execute("UPDATE invitation SET ended_at = $2 WHERE staff_id = $1 AND ended_at IS NULL", staff_id, now)
        await db.execute("DELETE FROM known_device WHERE staff_id = $1", staff_id)


async def revoke_staff_sessions(actor: Actor, staff_id: UUID, session_id: UUID | None) -> UUID:
    """Signs a colleague's devices (None: all) out; one that is out stays so. Raises Refusal NOT_FOUND or FORBIDDEN."""
    async with db.tx():
        await authority.manageable(actor, "revokeStaffSessions", staff_id, herself=True)
        ended = await db.execute(END_SESSIONS, staff_id, clock.now(), session_id)
        if session_id is not None and not ended:
            sql = "SELECT EXISTS (SELECT FROM session WHERE id = $1 AND staff_id = $2)"
            if not await db.fetch_value(sql, session_id, staff_id):
                raise Refusal(ErrorCode.NOT_FOUND, "sessionId")
        data = {"sessions": ended}
        await events.record(actor.brand_id, "session.revoked", actor.ref, ("staff", staff_id), data)
        return staff_id
