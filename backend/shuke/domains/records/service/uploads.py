"""Files on their way into an import: in the database, so that any worker on any machine finds them."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from uuid import UUID

from shuke.domains.identity.service import allow
from shuke.domains.identity.types import Actor
from shuke.domains.records.types import Upload
from shuke.kit import clock, db, throttle
from shuke.kit.errors import ErrorCode, Refusal
from shuke.kit.ids import new_id

MOST_BYTES = 128 << 20
PIECE = 1 << 20
KEPT = timedelta(days=7)
UPLOADS_AN_HOUR = 60

BEGIN = "INSERT INTO import_upload (id, brand_id, staff_id, file_name, created_at) VALUES ($1, $2, $3, $4, $5)"
ADD = "INSERT INTO import_piece (upload_id, number, bytes) VALUES ($1, $2, $3)"
# a file that waits, and one whose import may still be taken up again, stays
PURGE = """
DELETE FROM import_upload u WHERE u.created_at < $1 AND NOT EXISTS (
  SELECT FROM import_job j WHERE j.upload_id = u.id AND j.state IN ('waiting', 'running'))
"""

# cells of rows to be mended, and samples of columns
UNQUOTE = (
    """UPDATE import_verdict v SET cells = NULL FROM import_job j
      WHERE j.id = v.job_id AND j.ended_at < $1 AND v.cells IS NOT NULL""",
    "UPDATE import_job SET found = NULL WHERE ended_at < $1 AND found IS NOT NULL",
)


async def receive_upload(actor: Actor, name: str, pieces: AsyncIterator[bytes]) -> Upload:
    """Keeps a file piece by piece, however slowly it comes; nothing waits in memory or in an open transaction.

    Raises Refusal FORBIDDEN, TOO_MANY, or INVALID for a file that is empty or larger than 128 MiB. What had arrived of
    it goes with the other files that nobody imported.
    """
    allow(actor, "startImport")
    await throttle.hit(f"upload/{actor.id}", UPLOADS_AN_HOUR, timedelta(hours=1), "uploads_many")
    upload_id, number, size, held = new_id(), 0, 0, bytearray()
    await db.execute(BEGIN, upload_id, actor.brand_id, actor.id, plain_name(name), clock.now())
    try:
        async for piece in pieces:
            size += len(piece)
            if size > MOST_BYTES:
                raise Refusal(ErrorCode.INVALID, reason="upload_large", most=MOST_BYTES >> 20)
            held += piece
            while len(held) >= PIECE:
                await db.execute(ADD, upload_id, number, bytes(held[:PIECE]))
                del held[:PIECE]
                number += 1
        if not size:
            raise Refusal(ErrorCode.INVALID, reason="upload_empty")
        if held:
            await db.execute(ADD, upload_id, number, bytes(held))
        await db.execute("UPDATE import_upload SET size = $2 WHERE id = $1", upload_id, size)
    except BaseException:
        await db.execute("DELETE FROM import_upload WHERE id = $1", upload_id)
        raise
    return Upload(upload_id, size)


def plain_name(name: str) -> str:
    """A file's name as it is shown: without folders and control characters, at most 120 characters."""
    last = name.replace("\\", "/").rpartition("/")[2]
    shown = "".join(letter for letter in last if letter.isprintable()).strip()
    return shown[-120:] or "?"


async def fetch_upload(upload_id: UUID, target: Path) -> None:
    """Writes a kept file to disk. Raises Refusal NOT_FOUND when it is no longer kept."""
    size = await db.fetch_value("SELECT size FROM import_upload WHERE id = $1", upload_id)
    if size is None:
        raise Refusal(ErrorCode.NOT_FOUND, reason="upload_gone")
    with target.open("wb") as file:
        number = 0
        while piece := await db.fetch_value(
            "SELECT bytes FROM import_piece WHERE upload_id = $1 AND number = $2", upload_id, number
        ):
            file.write(piece)
            number += 1
    if target.stat().st_size != size:
        raise Refusal(ErrorCode.NOT_FOUND, reason="upload_gone")


async def purge_uploads() -> int:
    """Forgets files of more than a week ago, and what was quoted of them; the number of files."""
    before = clock.now() - KEPT
    for statement in UNQUOTE:
        await db.execute(statement, before)
    return await db.execute(PURGE, before)
