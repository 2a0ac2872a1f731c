"""Reads that imports need of the rooms below."""

from uuid import UUID

from shuke.kit import db


async def guides_by_phone(brand_id: UUID) -> dict[str, UUID]:
    """E.164 -> staff member, of those who work here now."""
    rows = await db.fetch("SELECT phone, id FROM staff WHERE brand_id = $1 AND left_at IS NULL", brand_id)
    return {row[0]: row[1] for row in rows}
