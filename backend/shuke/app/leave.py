"""How the API stops: in order, so that no request that has reached this process is lost.

1. Told to stop, it says on /health/ready that it is leaving, ends live streams, asks clients to come back by another
   connection, and goes on answering for `drain` seconds: so long the proxy in front may take to notice.
2. It takes no new connections. Those that wait in the kernel's queue are still taken in; who knocks later is refused,
   and a proxy goes to the next process.
3. Requests under way get `GRACE` seconds to finish.
"""

import asyncio
import ctypes
import logging
import socket
import struct
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress

import uvicorn

from shuke.kit import leaving

log = logging.getLogger(__name__)

LAST_WORDS = 0.3  # seconds for the requests of connections that were just taken in
SO_ATTACH_FILTER = 26
DROP = struct.pack("HBBI", 0x06, 0, 0, 0)  # one instruction of a packet filter: keep nothing


class Server(uvicorn.Server):
    """uvicorn's server with the first two steps; the third is its own."""

    def __init__(self, config: uvicorn.Config, listener: socket.socket, drain: float) -> None:
        super().__init__(config)
        self._listener, self._drain = listener, drain

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """As uvicorn's, which sends itself the signal once more in the end: that would look like an accident."""
        with super().capture_signals():
            yield
            self._captured_signals.clear()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        leaving.begin()
        self.server_state.default_headers.append((b"connection", b"close"))
        until = time.monotonic() + self._drain
        while time.monotonic() < until and not self.force_exit:
            await asyncio.sleep(0.05)
        await self._close_door()
        if not self.force_exit:
            await asyncio.sleep(LAST_WORDS)
        await super().shutdown(sockets)

    async def _close_door(self) -> None:
        spare = self._listener.dup()  # keeps the queue while the server gives its own descriptor up
        spare.setblocking(False)
        _deafen(spare)
        for server in self.servers:
            server.close()
        loop = asyncio.get_running_loop()
        with suppress(BlockingIOError):
            while True:
                connection, _ = spare.accept()
                connection.setblocking(False)
                with suppress(ConnectionError):  # who has hung up meanwhile
                    await loop.connect_accepted_socket(self._protocol, connection)
        spare.close()

    def _protocol(self) -> asyncio.Protocol:
        return self.config.http_protocol_class(  # type: ignore[call-arg]
            config=self.config, server_state=self.server_state, app_state=self.lifespan.state
        )


def _deafen(listener: socket.socket) -> None:
    """Has the kernel drop whoever knocks from now on, instead of letting them in to be thrown out a moment later. They
    knock again after a second and are refused. Elsewhere than on Linux that moment stays.
    """
    if sys.platform == "linux":
        program = ctypes.create_string_buffer(DROP, len(DROP))
        with suppress(OSError):
            listener.setsockopt(socket.SOL_SOCKET, SO_ATTACH_FILTER, struct.pack("HP", 1, ctypes.addressof(program)))
