"""Files that are made here and fetched later: in the database, a mebibyte a row, until their day comes.

Whichever process answers finds them, a backup has them, and nothing is left on a disk.
"""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from uuid import UUID

from shuke.kit import clock, db
from shuke.kit.ids import new_id

PIECE = 1 << 20

BEGIN = """
INSERT INTO stored_file (id, brand_id, name, media_type, size, expires_at, created_at)
VALUES ($1, $2, $3, $4, $5, $6, $7)
"""
ADD = "INSERT INTO stored_piece (file_id, number, bytes) VALUES ($1, $2, $3)"
FIND = (
    "SELECT id, name, media_type, size, expires_at FROM stored_file WHERE brand_id = $1 AND id = $2 AND expires_at > $3"
)


@dataclass(slots=True, frozen=True)
class StoredFile:
    """What is known of a file beside its bytes; `size` in bytes."""

    id: UUID
    name: str
    media_type: str
    size: int
    expires_at: datetime


async def keep(brand_id: UUID, path: Path, name: str, media_type: str, expires_at: datetime) -> UUID:
    """Takes a file in whole, in the caller's transaction; its id."""
    file_id, number = new_id(), 0
    async with db.tx():
        await db.execute(BEGIN, file_id, brand_id, name, media_type, path.stat().st_size, expires_at, clock.now())
        with path.open("rb") as file:
            while piece := file.read(PIECE):
                await db.execute(ADD, file_id, number, piece)
                number += 1
    return file_id


async def find(brand_id: UUID, file_id: UUID) -> StoredFile | None:
    """A file of this brand whose day has not come."""
    row = await db.fetch_row(FIND, brand_id, file_id, clock.now())
    return StoredFile(*row) if row else None


async def pieces(file: StoredFile) -> AsyncIterator[bytes]:
    """Its bytes, piece by piece; none of the next while the last is still being sent."""
    number, sent = 0, 0
    while sent < file.size:
        piece = await db.fetch_value(
            "SELECT bytes FROM stored_piece WHERE file_id = $1 AND number = $2", file.id, number
        )
        if piece is None:
            raise FileNotFoundError(f"stored file {file.id} went while it was sent")
        yield piece
        number, sent = number + 1, sent + len(piece)


async def forget(file_id: UUID) -> None:
    """Takes a file away; one that is gone already is fine."""
    await db.execute("DELETE FROM stored_file WHERE id = $1", file_id)


async def purge() -> int:
    """Takes away every file whose day has come; the number."""
    return await db.execute("DELETE FROM stored_file WHERE expires_at <= $1", clock.now())
