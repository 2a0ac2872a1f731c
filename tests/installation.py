"""Several API and worker processes on one PostgreSQL and one Valkey, and a client that spreads its requests over them
as a proxy does.
"""

import asyncio
import itertools
import json
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx

from shuke.api.context import COOKIE
from shuke.domains.identity import service as identity
from shuke.domains.identity.types import Actor
from tests.programs import Program, data_folder, free_port
from tests.servers import embedded_for_tests


class Slot:
    """A place for one process: the same port and settings for whoever runs there after the other."""

    def __init__(self, data: Path, command: str, database_url: str, **env: str) -> None:
        self.data, self.command, self.port, self.side = data, command, free_port(), free_port()
        self.env = {
            "SHUKE_DATABASE_URL": database_url,
            "SHUKE_REDIS_URL": embedded_for_tests().redis,
            "SHUKE_PORT": str(self.port),
            "SHUKE_LOG": "json",
            "SHUKE_METRICS": str(self.side - (command == "worker")),
            **env,
        }
        self.program: Program | None = None
        self.logs: list[str] = []

    async def start(self) -> None:
        self.program = Program(self.data, self.command, env=self.env)
        await self.until_ready()

    async def until_ready(self, seconds: float = 60) -> None:
        deadline = asyncio.get_running_loop().time() + seconds
        while await self.health() != 200:
            assert self.program and self.program.process.poll() is None, self.said()
            assert asyncio.get_running_loop().time() < deadline, self.said()
            await asyncio.sleep(0.1)

    async def health(self, path: str = "/health/ready") -> int:
        """The status at the side door; 0: nobody is there."""
        try:
            async with httpx.AsyncClient() as http:
                return (await http.get(f"http://127.0.0.1:{self.side}{path}", timeout=5)).status_code
        except httpx.TransportError:
            return 0

    async def figures(self) -> str:
        async with httpx.AsyncClient() as http:
            answer = await http.get(f"http://127.0.0.1:{self.side}/metrics", timeout=5)
            assert answer.status_code == 200
            return answer.text

    async def stop(self, number: signal.Signals = signal.SIGTERM) -> int:
        assert self.program
        status = await asyncio.to_thread(self.program.stop, number)
        self.logs.append(self.program.said())
        return status

    def said(self) -> str:
        return "".join(self.logs) + (self.program.said() if self.program else "")

    def lines(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.said().splitlines()]


@contextmanager
def slots(database_url: str, *commands: str, **env: str) -> Iterator[list[Slot]]:
    """A slot for each command, empty at first; whatever still runs in the end is killed."""
    with data_folder() as data:
        yield [Slot(data, command, database_url, **env) for command in commands]


class Proxy:
    """Hands each request to the next API; to the one after it only when the connection is refused."""

    def __init__(self, apis: list[Slot], token: str) -> None:
        self._ports, self._turn = [slot.port for slot in apis], itertools.count()
        self.http = httpx.AsyncClient(cookies={COOKIE: token}, headers={"accept-language": "en"}, timeout=30)
        self.refused = 0

    async def post(self, document: str, **variables: Any) -> Any:
        """The `data` of an answer without errors."""
        turn = next(self._turn)
        for place in range(len(self._ports)):
            port = self._ports[(turn + place) % len(self._ports)]
            try:
                answer = await self.http.post(
                    f"http://127.0.0.1:{port}/graphql", json={"query": document, "variables": variables}
                )
            except httpx.ConnectError:
                self.refused += 1
                continue
            assert answer.status_code == 200, (answer.status_code, answer.text)
            body = answer.json()
            assert "errors" not in body, body
            return body["data"]
        raise AssertionError("all refused")


async def token_of(actor: Actor) -> str:
    """A session of this person."""
    assert actor.id
    return (await identity.open_session(uuid4(), actor.id, actor.brand_id, "test")).token
