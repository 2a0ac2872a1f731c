"""Every mutation carries an operation id and can be replayed: same input, same answer; other input, refused."""

import hashlib
from collections.abc import Awaitable, Callable
from typing import Any, TypeVar
from uuid import UUID

from shuke.kit import codec, db
from shuke.kit.errors import ErrorCode, Refusal

T = TypeVar("T")

CLAIM = """
INSERT INTO operation (id, brand_id, actor_id, name, request_hash) VALUES ($1, $2, $3, $4, $5)
ON CONFLICT (id) DO NOTHING RETURNING id
"""
FIND = "SELECT brand_id, actor_id, name, request_hash, answer FROM operation WHERE id = $1"


async def once(
    operation_id: UUID,
    brand_id: UUID,
    actor_id: UUID | None,
    name: str,
    request: Any,
    kind: type[T],
    act: Callable[[], Awaitable[T]],
) -> T:
    """Runs `act` and keeps its answer in the same transaction, or gives the kept answer of an earlier run.

    A refusal rolls back and keeps nothing, so a mended world may answer differently the next time.
    Raises Refusal OPERATION_REUSED when the id was used for something else.
    """
    digest = hashlib.sha256(f"{name}\0{codec.dumps(request)}".encode()).digest()
    async with db.tx():
        if await db.fetch_value(CLAIM, operation_id, brand_id, actor_id, name, digest) is None:
            row = await db.fetch_row(FIND, operation_id)
            if row is None or tuple(row)[:4] != (brand_id, actor_id, name, digest):
                raise Refusal(ErrorCode.OPERATION_REUSED, "operationId")
            return codec.load(row[4], kind)
        answer = await act()
        await db.execute("UPDATE operation SET answer = $2 WHERE id = $1", operation_id, codec.dumps(answer))
        return answer


async def purge(before: Any) -> int:
    """Forgets answers older than `before`; the number of rows."""
    return await db.execute("DELETE FROM operation WHERE created_at < $1", before)
