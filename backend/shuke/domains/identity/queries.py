"""Reads: who is asking, and what the staff sees of its own house."""

from uuid import UUID

import msgspec

from shuke.domains.identity.types import Actor, Brand, Grant, Locale, Role, Session, Staff, StaffRole, Store
from shuke.kit import clock, db

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
SELECT k.id, k.last_used_at, k.name, k.scopes, b.id, b.locale, b.timezone, b.currency
FROM partner_key k JOIN brand b ON b.id = k.brand_id WHERE k.token_hash = $1 AND k.revoked_at IS NULL
"""
STORES = """
SELECT s.id, s.name, s.code, r.name, s.timezone FROM store s LEFT JOIN region r ON r.id = s.region_id
WHERE s.brand_id = $1 AND ($2::uuid[] IS NULL OR s.id = ANY($2)) ORDER BY r.name NULLS FIRST, s.code
"""
ROLES = """
SELECT r.role, s.id, s.name, s.code, sr.name, s.timezone, g.name
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


async def partner_by_key(token_hash: bytes) -> tuple[Actor, object] | None:
    """The actor of a live partner key and when it was last used."""
    row = await db.fetch_row(PARTNER, token_hash)
    if row is None:
        return None
    scopes = frozenset(row[3].split())
    return Actor("partner", row[0], row[4], row[2], Locale(row[5]), row[6], row[7], scopes=scopes), row[1]


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
    return [StaffRole(Role(row[0]), Store(*row[1:6]) if row[1] else None, row[6]) for row in rows]


async def sessions(staff_id: UUID) -> list[Session]:
    """Her live sessions, the latest seen first."""
    return await db.fetch_as(Session, SESSIONS, staff_id, clock.now())


async def staff(brand_id: UUID, staff_id: UUID) -> Staff | None:
    """Somebody who works for the brand, or did."""
    sql = "SELECT id, name FROM staff WHERE brand_id = $1 AND id = $2"
    return next(iter(await db.fetch_as(Staff, sql, brand_id, staff_id)), None)


async def staff_of_store(brand_id: UUID, store_id: UUID) -> list[Staff]:
    """Who works in this store, managers included."""
    return await db.fetch_as(
        Staff,
        "SELECT DISTINCT st.id, st.name FROM staff st JOIN staff_role r ON r.staff_id = st.id"
        " WHERE r.brand_id = $1 AND r.store_id = $2 AND st.left_at IS NULL ORDER BY st.id",
        brand_id,
        store_id,
    )
