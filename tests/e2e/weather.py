"""A bad connection: a gate between a phone and the shop that delays, refuses, or swallows answers as it is told."""

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from enum import StrEnum

BUSY = b"HTTP/1.1 503 Service Unavailable\r\ncontent-length: 0\r\nconnection: close\r\n\r\n"

WRITES = re.compile(rb'"query":"(?:\\n|\s)*mutation')


class Weather(StrEnum):
    FINE = "fine"
    LOST = "lost"
    """Every second answer of the API is lost after the server has acted."""
    BUSY = "busy"
    """Every second request to the API is refused with 503 before the server sees it."""
    DEAD = "dead"
    """Connections break; the phone does not know that it is offline."""
    SLOW = "slow"


class Gate:
    """One phone's way to the shop. `address`: the origin that the phone opens."""

    def __init__(self, upstream: int) -> None:
        self.weather = Weather.FINE
        self.address = ""
        self.suffered: dict[Weather, int] = dict.fromkeys(Weather, 0)
        """How many writes met which weather."""
        self._upstream = upstream
        self._asked = 0

    async def answer(self, phone: asyncio.StreamReader, back: asyncio.StreamWriter) -> None:
        """One request a connection: enough for a test, and nothing of one is left in the next."""
        with suppress(OSError, asyncio.IncompleteReadError):
            head = await phone.readuntil(b"\r\n\r\n")
            lines = [line for line in head.split(b"\r\n")[:-2] if not line.lower().startswith(b"connection:")]
            body = await phone.readexactly(_length(lines))
            await self._pass_on(b"\r\n".join([*lines, b"connection: close", b"", body]), back)
        back.close()

    async def _pass_on(self, request: bytes, back: asyncio.StreamWriter) -> None:
        api = request.startswith(b"POST /graphql")
        self._asked += api
        weather = (
            self.weather if (api and self._asked % 2) or self.weather in (Weather.DEAD, Weather.SLOW) else Weather.FINE
        )
        self.suffered[weather] += api and WRITES.search(request) is not None
        if weather is Weather.DEAD:
            return
        if weather is Weather.BUSY:
            back.write(BUSY)
            return await back.drain()
        if weather is Weather.SLOW:
            await asyncio.sleep(0.4)
        shop, there = await asyncio.open_connection("127.0.0.1", self._upstream)
        there.write(request)
        while piece := await shop.read(1 << 16):
            if weather is not Weather.LOST:
                back.write(piece)
                await back.drain()
        there.close()


def _length(lines: list[bytes]) -> int:
    found = [line for line in lines if line.lower().startswith(b"content-length:")]
    return int(found[0].split(b":")[1]) if found else 0


@asynccontextmanager
async def gate(upstream: int) -> AsyncIterator[Gate]:
    """A gate before the shop's port, open for as long as the test lasts."""
    made = Gate(upstream)
    server = await asyncio.start_server(made.answer, "127.0.0.1", 0)
    made.address = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    try:
        yield made
    finally:
        server.close()
