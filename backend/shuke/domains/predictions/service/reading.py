"""Everybody's features: gone through once, read ahead while what was read is used."""

import asyncio
from collections.abc import AsyncGenerator
from dataclasses import dataclass
from datetime import date
from uuid import UUID

import anyio
from anyio.streams.memory import MemoryObjectSendStream

from shuke.domains.identity.types import Brand
from shuke.domains.predictions.queries import features
from shuke.kit import db, pgcopy

CHUNK = 20_000
"""Customers of a chunk."""
NOBODY = UUID(int=0)
ID = slice(6, 22)
"""Where it stands in a row."""


class Busy(Exception):
    """Somebody else reads."""


@dataclass(slots=True, frozen=True)
class Features:
    """Of the customers whose ids come after one, up to another."""

    after: UUID
    to: UUID
    rows: bytes


async def everybody(
    brand: Brand, as_of: date, after: UUID, turn: tuple[object, ...] | None = None
) -> AsyncGenerator[Features, None]:
    """Chunk by chunk, in the order of ids, as things stood when reading began. `turn`: the name of a lock that is held
    meanwhile. Outside any transaction: it has its own.

    Raises Busy: somebody else has that lock.
    """
    sending, coming = anyio.create_memory_object_stream[bytes](1)
    reading = asyncio.create_task(_read(sending, turn, *features.asked(brand.id, as_of, brand.timezone, after)))
    try:
        async for rows in coming:
            to = UUID(bytes=rows[-features.WIDTH :][ID])
            yield Features(after, to, pgcopy.BEGIN + rows)
            after = to
        await reading
    finally:
        reading.cancel()
        await asyncio.gather(reading, return_exceptions=True)
        coming.close()


async def _read(
    sending: MemoryObjectSendStream[bytes], turn: tuple[object, ...] | None, sql: str, *args: object
) -> None:
    size, held, began = CHUNK * features.WIDTH, bytearray(), False

    async def take(data: bytes) -> None:
        nonlocal began
        held.extend(data)
        if not began and len(held) >= len(pgcopy.BEGIN):
            del held[: len(pgcopy.BEGIN)]
            began = True
        while began and len(held) > size:
            await sending.send(bytes(held[:size]))
            del held[:size]

    async with sending, db.tx():
        if turn and not await db.try_lock(*turn):
            raise Busy
        await db.roomy()
        await db.execute("SET LOCAL enable_nestloop = off")  # tables that were filled a minute ago are taken for small
        await db.copy_out_to(take, sql, *args)
        if rows := bytes(held.removesuffix(pgcopy.END)):
            await sending.send(rows)
