"""Reads: who is asking, and what the staff sees of its own house."""

from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from shuke.domains.identity import rules
from shuke.domains.identity.types import (
    Actor,
    Brand,
    Grant,
    Locale,
    PartnerCall,
    PartnerKey,
    PartnerScope,
    Region,
    Role,
    Session,
    Staff,
    StaffMember,
    StaffRole,
    Store,
)
from shuke.kit import clock, codec, db, phones
from shuke.kit.errors import ErrorCode, Refusal
from shuke.kit.text import clean

AUTHENTICATE = """
SELECT s.id, s.last_seen_at, st.id, st.name, st.locale, b.id, b.timezone, b.currency, (
  SELECT jsonb_agg(jsonb_build_object('role', r.role, 'stores', CASE
    WHEN r.store_id IS NOT NULL THEN jsonb_build_array(r.store_id)
    WHEN r.region_id IS NOT NULL THEN coalesce(
      (SELECT jsonb_agg(x.id) FROM store x WHERE x.region_id = r.region_id), '[]'::jsonb) END))
  FROM staff_role r WHERE r.staff_id = st.id)
FROM session s JOIN staff st ON st.id = s.staff_id JOIN brand b ON b.id = s.brand_id
WHERE s.token_hash = $1 AND s.revoked_at IS NULL AND s.expires_at > $2 AND st.left_at IS NULL
"""
PARTNER = """
SELECT k.id, k.name, k.scopes, k.store_ids, b.id, b.locale, b.timezone, b.currency, k.per_minute,
  k.token_hash <> $1, CASE WHEN k.token_hash = $1 THEN k.last_used_at ELSE k.previous_used_at END
FROM partner_key k JOIN brand b ON b.id = k.brand_id
WHERE (k.token_hash = $1 OR (k.previous_hash = $1 AND k.previous_until > $2))
  AND k.revoked_at IS NULL AND (k.expires_at IS NULL OR k.expires_at > $2)
"""
PARTNER_KEYS = """
SELECT id, name, scopes, store_ids, per_minute, created_at, expires_at, last_used_at,
  CASE WHEN previous_until > $2 THEN previous_until END, previous_used_at, revoked_at
FROM partner_key WHERE brand_id = $1 AND ($3::uuid IS NULL OR id = $3) ORDER BY revoked_at IS NOT NULL, id DESC
"""
PARTNER_CALLS = """
SELECT c.id, c.key_id, k.name, c.at, c.operation, string_to_array(c.root_fields, ' '), c.status, c.code, c.duration_ms,
  c.cost
FROM partner_call c JOIN partner_key k ON k.id = c.key_id
WHERE c.brand_id = $1 AND ($2::uuid IS NULL OR c.key_id = $2) AND ($3::uuid IS NULL OR c.id < $3)
ORDER BY c.id DESC LIMIT $4
"""
STORES = """
SELECT s.id, s.name, s.code, r.name, s.timezone FROM store s LEFT JOIN region r ON r.id = s.region_id
WHERE s.brand_id = $1 AND ($2::uuid[] IS NULL OR s.id = ANY($2)) ORDER BY r.name NULLS FIRST, s.code
"""
REGIONS = """
SELECT r.id, r.name FROM region r WHERE r.brand_id = $1
  AND ($2::uuid[] IS NULL OR EXISTS (SELECT FROM store s WHERE s.region_id = r.id AND s.id = ANY($2))) ORDER BY r.name
"""
GRANTS = """
SELECT jsonb_agg(jsonb_build_object('role', r.role, 'stores', CASE
  WHEN r.store_id IS NOT NULL THEN jsonb_build_array(r.store_id)
  WHEN r.region_id IS NOT NULL THEN coalesce(
    (SELECT jsonb_agg(x.id) FROM store x WHERE x.region_id = r.region_id), '[]'::jsonb) END))
FROM staff st JOIN staff_role r ON r.staff_id = st.id WHERE st.brand_id = $1 AND st.id = $2 AND st.left_at IS NULL
"""
# Whom the caller may see: who has a role in her stores, or (where she stands so high) in a region or the whole brand.
MEMBERS = """
SELECT st.id, st.name, st.phone, coalesce(held.roles, '[]'), i.created_at, st.left_at,
  (SELECT max(x.last_seen_at) FROM session x WHERE x.staff_id = st.id)
FROM staff st LEFT JOIN LATERAL (
  SELECT jsonb_agg(jsonb_build_array(r.role, s.id, s.name, s.code, sr.name, s.timezone, g.name, g.id) ORDER BY r.id)
    AS roles
  FROM staff_role r LEFT JOIN store s ON s.id = r.store_id LEFT JOIN region sr ON sr.id = s.region_id
  LEFT JOIN region g ON g.id = r.region_id WHERE r.staff_id = st.id) held ON true
LEFT JOIN invitation i ON i.staff_id = st.id AND i.ended_at IS NULL AND i.kind = 'join'
WHERE st.brand_id = $1 AND ($2::uuid[] IS NULL OR EXISTS (
  SELECT FROM staff_role r WHERE r.staff_id = st.id AND (r.store_id = ANY($2) OR ($3 AND r.region_id IN (
    SELECT region_id FROM store WHERE id = ANY($2))))))
"""
MEMBER = f"{MEMBERS} AND st.id = $4"
LIST = f"""{MEMBERS} AND (st.left_at IS NOT NULL) = $4
AND ($5::uuid IS NULL OR EXISTS (SELECT FROM staff_role r WHERE r.staff_id = st.id AND r.store_id = $5))
AND ($6::text IS NULL OR strpos(lower(st.name), $6) > 0 OR (length($6) = 4 AND right(st.phone, 4) = $6))
AND ($7::uuid IS NULL OR (st.name, st.id) > (SELECT name, id FROM staff WHERE brand_id = $1 AND id = $7))
ORDER BY st.name, st.id LIMIT $8
"""
SESSIONS_OF = """
SELECT staff_id, id, device, created_at, last_seen_at FROM session
WHERE brand_id = $1 AND staff_id = ANY($2) AND revoked_at IS NULL AND expires_at > $3 ORDER BY last_seen_at DESC
"""
ROLES = """
SELECT r.role, s.id, s.name, s.code, sr.name, s.timezone, g.name, g.id
FROM staff_role r LEFT JOIN store s ON s.id = r.store_id LEFT JOIN region sr ON sr.id = s.region_id
LEFT JOIN region g ON g.id = r.region_id WHERE r.staff_id = $1 ORDER BY r.id
"""
SESSIONS = """
SELECT id, device, created_at, last_seen_at FROM session
WHERE staff_id = $1 AND revoked_at IS NULL AND expires_at > $2 ORDER BY last_seen_at DESC
"""

_grants = msgspec.json.Decoder(tuple[Grant, ...])


async def staff_by_session(token_hash: bytes) -> tuple[Actor, object] | None:
    """The actor of a live session and when she was last seen, in one statement."""
    row = await db.fetch_row(AUTHENTICATE, token_hash, clock.now())
    if row is None:
        return None
    grants = _grants.decode(row[8]) if row[8] else ()
    actor = Actor("staff", row[2], row[5], row[3], Locale(row[4]), row[6], row[7], grants, session_id=row[0])
    return actor, row[1]


async def partner_by_key(token_hash: bytes) -> tuple[Actor, int, bool, datetime | None] | None:
    """Of a live partner key: its actor, its calls a minute, whether it is the one before the last rotation, and when
    it was last used.
    """
    row = await db.fetch_row(PARTNER, token_hash, clock.now())
    if row is None:
        return None
    scopes, stores = frozenset(row[2].split()), _store_ids(row[3])
    actor = Actor("partner", row[0], row[4], row[1], Locale(row[5]), row[6], row[7], scopes=scopes, stores=stores)
    return actor, row[8], row[9], row[10]


async def partner_keys(brand_id: UUID, key_id: UUID | None = None) -> list[PartnerKey]:
    """The brand's keys, the newest first and the revoked ones behind them; `key_id`: only this one."""
    house = {store.id: store for store in await stores(brand_id)}
    return [
        PartnerKey(
            row[0],
            row[1],
            [PartnerScope(scope) for scope in row[2].split()],
            None if (ids := _store_ids(row[3])) is None else [house[key] for key in ids],
            *row[4:],
        )
        for row in await db.fetch(PARTNER_KEYS, brand_id, clock.now(), key_id)
    ]


async def partner_calls(
    brand_id: UUID, first: int, after: UUID | None = None, key_id: UUID | None = None
) -> list[PartnerCall]:
    """The latest first: `first` and, when there are more, one further. `after`: the last id of the page before."""
    return await db.fetch_as(PartnerCall, PARTNER_CALLS, brand_id, key_id, after, first + 1)


def _store_ids(kept: str | None) -> tuple[UUID, ...] | None:
    return None if kept is None else tuple(map(UUID, codec.loads(kept)))


async def system_actor(brand_id: UUID) -> Actor:
    """The program itself, acting for a brand."""
    row = await db.fetch_row("SELECT locale, timezone, currency FROM brand WHERE id = $1", brand_id)
    assert row
    return Actor("system", None, brand_id, "Shuke", Locale(row[0]), row[1], row[2])


async def brand(brand_id: UUID) -> Brand:
    (found,) = await db.fetch_as(Brand, "SELECT id, name, currency, timezone FROM brand WHERE id = $1", brand_id)
    return found


async def brands() -> list[Brand]:
    return await db.fetch_as(Brand, "SELECT id, name, currency, timezone FROM brand ORDER BY created_at, id")


async def has_staff(brand_id: UUID) -> bool:
    """Whether anybody was ever given a sign-in."""
    return bool(await db.fetch_value("SELECT EXISTS (SELECT FROM staff WHERE brand_id = $1)", brand_id))


async def stores(brand_id: UUID, ids: tuple[UUID, ...] | None = None) -> list[Store]:
    """The brand's stores, by region and code; `ids` None: all of them."""
    return await db.fetch_as(Store, STORES, brand_id, ids)


async def region_named(brand_id: UUID, name: str) -> UUID | None:
    found: UUID | None = await db.fetch_value("SELECT id FROM region WHERE brand_id = $1 AND name = $2", brand_id, name)
    return found


async def roles(staff_id: UUID) -> list[StaffRole]:
    rows = await db.fetch(ROLES, staff_id)
    return [_role(row) for row in rows]


def _role(row: Any) -> StaffRole:
    """Role, the five values of a store, name and id of a region."""
    return StaffRole(Role(row[0]), Store(*row[1:6]) if row[1] else None, *row[6:8])


async def sessions(staff_id: UUID) -> list[Session]:
    """Her live sessions, the latest seen first."""
    return await db.fetch_as(Session, SESSIONS, staff_id, clock.now())


async def staff(brand_id: UUID, staff_id: UUID, stores: tuple[UUID, ...] | None = None) -> Staff | None:
    """Somebody who works for the brand, or did; `stores`: only who has a role in one of these."""
    sql = """SELECT id, name FROM staff WHERE brand_id = $1 AND id = $2 AND ($3::uuid[] IS NULL
      OR EXISTS (SELECT FROM staff_role r WHERE r.staff_id = staff.id AND r.store_id = ANY($3)))"""
    return next(iter(await db.fetch_as(Staff, sql, brand_id, staff_id, stores)), None)


async def staff_of_store(brand_id: UUID, store_id: UUID) -> list[Staff]:
    """Who works in this store, managers included."""
    return await db.fetch_as(
        Staff,
        "SELECT DISTINCT st.id, st.name FROM staff st JOIN staff_role r ON r.staff_id = st.id"
        " WHERE r.brand_id = $1 AND r.store_id = $2 AND st.left_at IS NULL ORDER BY st.id",
        brand_id,
        store_id,
    )


async def colleagues(brand_id: UUID, stores: tuple[UUID, ...] | None = None) -> list[Staff]:
    """Who works for the brand, by name; `stores`: only in one of these."""
    sql = """SELECT id, name FROM staff WHERE brand_id = $1 AND left_at IS NULL AND ($2::uuid[] IS NULL
      OR EXISTS (SELECT FROM staff_role r WHERE r.staff_id = staff.id AND r.store_id = ANY($2))) ORDER BY name, id"""
    return await db.fetch_as(Staff, sql, brand_id, stores)


async def regions(brand_id: UUID, stores: tuple[UUID, ...] | None = None) -> list[Region]:
    """Regions by name; `stores`: only those of these."""
    return await db.fetch_as(Region, REGIONS, brand_id, stores)


async def stores_by_region(brand_id: UUID) -> dict[UUID | None, set[UUID]]:
    """Region (None: stores without one) -> its stores; regions without stores too."""
    sql = """SELECT r.id, s.id FROM region r LEFT JOIN store s ON s.region_id = r.id WHERE r.brand_id = $1
      UNION ALL SELECT NULL, id FROM store WHERE brand_id = $1 AND region_id IS NULL"""
    found: dict[UUID | None, set[UUID]] = {}
    for region_id, store_id in await db.fetch(sql, brand_id):
        found.setdefault(region_id, set()).update({store_id} - {None})
    return found


async def grants(brand_id: UUID, staff_id: UUID | None) -> tuple[Grant, ...] | None:
    """What she may now; None: nothing, since she has left or has no role."""
    found = await db.fetch_value(GRANTS, brand_id, staff_id)
    return _grants.decode(found) if found else None


async def reached_by(brand_id: UUID, staff_id: UUID) -> tuple[UUID, ...] | None:
    """The stores in which she may do anything now; None: all of the brand."""
    held = await grants(brand_id, staff_id) or ()
    if any(grant.stores is None for grant in held):
        return None
    return tuple({store for grant in held for store in grant.stores or ()})


def _view(actor: Actor, operation: str) -> tuple[UUID, tuple[UUID, ...] | None, bool]:
    """Brand, the stores whose people the caller sees (None: everybody), and whether their regions' people too."""
    reach = rules.reach(actor, operation)
    if reach is None:
        raise Refusal(ErrorCode.FORBIDDEN)
    high = any(grant.role is Role.REGIONAL_MANAGER for grant in actor.grants)
    return actor.brand_id, reach.all_stores, high


async def staff_members(
    actor: Actor, store_id: UUID | None, search: str | None, left: bool, first: int, after: UUID | None
) -> list[StaffMember]:
    """By name: `first` and, when there are more, one further. `after`: the last id of the page before."""
    sought = clean(search or "")
    said = sought.lower() if sought else None
    rows = await db.fetch(LIST, *_view(actor, "staffMembers"), left, store_id, said, after, first + 1)
    return [_member(row) for row in rows]


async def staff_member(actor: Actor, staff_id: UUID, operation: str = "staffMember") -> StaffMember | None:
    """One colleague whom this operation of the caller reaches, whether she left or not."""
    row = await db.fetch_row(MEMBER, *_view(actor, operation), staff_id)
    return _member(row) if row else None


def _member(row: Any) -> StaffMember:
    held = [_role([part[0], _key(part[1]), *part[2:7], _key(part[7])]) for part in codec.loads(row[3])]
    return StaffMember(row[0], row[1], phones.masked(row[2]), tuple(held), *row[4:7])


def _key(text: str | None) -> UUID | None:
    return UUID(text) if text else None


async def sessions_of(actor: Actor, ids: list[UUID]) -> list[list[Session]]:
    """A batch by staff: the live sessions of each, the latest seen first. For people whom the caller has before her."""
    found: dict[UUID, list[Session]] = {key: [] for key in ids}
    for row in await db.fetch(SESSIONS_OF, actor.brand_id, ids, clock.now()):
        found[row[0]].append(Session(*tuple(row)[1:]))
    return [found[key] for key in ids]
