"""The wire between the API and PostgreSQL, which a test may cut."""

import asyncio
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from urllib.parse import parse_qs, urlsplit, urlunsplit

SOCKET = ".s.PGSQL.5432"


class Wire:
    """Hands bytes on both ways. `cut` ends every connection and takes no new ones until `mend`.

    `freeze` lets connections be and hands on nothing, until `thaw`.
    """

    def __init__(self, here: Path, there: Path) -> None:
        self._here, self._there = here, there
        self._server: asyncio.Server | None = None
        self._ends: set[asyncio.StreamWriter] = set()
        self._flows = asyncio.Event()
        self._flows.set()
        self.lose_answer_to: bytes | None = None
        """A statement that arrives and is carried out, while its answer, and all that would follow, is lost."""

    async def mend(self) -> None:
        self._server = await asyncio.start_unix_server(self._joined, self._here / SOCKET)

    def freeze(self) -> None:
        self._flows.clear()

    def thaw(self) -> None:
        self._flows.set()

    async def cut(self) -> None:
        self.thaw()
        if self._server:
            self._server.close()
        self._hang_up()
        (self._here / SOCKET).unlink(missing_ok=True)
        await asyncio.sleep(0.05)

    def _hang_up(self) -> None:
        for end in self._ends:
            end.transport.abort()
        self._ends.clear()

    async def _joined(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        far_reader, far_writer = await asyncio.open_unix_connection(str(self._there / SOCKET))
        self._ends |= {writer, far_writer}
        lost = asyncio.Event()
        ways = (self._carry(reader, far_writer, lost, True), self._carry(far_reader, writer, lost, False))
        with suppress(OSError):
            await asyncio.gather(*ways)
        for end in (writer, far_writer):
            end.transport.abort()
            self._ends.discard(end)

    async def _carry(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, lost: asyncio.Event, asks: bool
    ) -> None:
        while data := await reader.read(65536):
            await self._flows.wait()
            if asks and self.lose_answer_to and self.lose_answer_to in data:
                self.lose_answer_to = None
                lost.set()
            elif not asks and lost.is_set():
                break
            writer.write(data)
        writer.transport.abort()
        reader.feed_eof() if not reader.at_eof() else None


@asynccontextmanager
async def wire(url: str) -> AsyncIterator[tuple[Wire, str]]:
    """A wire to the database of this URL, and the URL at its near end."""
    parts = urlsplit(url)
    (there,) = parse_qs(parts.query)["host"]
    with tempfile.TemporaryDirectory(prefix="shuke-wire-") as here:
        made = Wire(Path(here), Path(there))
        await made.mend()
        try:
            yield made, urlunsplit(parts._replace(query=f"host={here}"))
        finally:
            await made.cut()
