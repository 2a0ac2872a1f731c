"""What stands around a request: live streams end when the process leaves, and operations that clients invent share a
label.
"""

import asyncio
from collections.abc import AsyncIterator, Iterator

import httpx
import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route

from shuke.app.watch import Watch
from shuke.kit import leaving, metrics


async def live(request: Request) -> Response:
    async def forever() -> AsyncIterator[str]:
        while True:
            yield ": still here\n\n"
            await asyncio.sleep(0.01)

    return StreamingResponse(forever(), media_type="text/event-stream")


async def slow(request: Request) -> Response:
    await asyncio.sleep(0.3)
    return JSONResponse({"body": (await request.body()).decode()})


@pytest.fixture
def http() -> Iterator[httpx.AsyncClient]:
    app = Starlette(
        routes=[Route("/live", live), Route("/slow/{phone}", slow, methods=["POST"])], middleware=[Middleware(Watch)]
    )
    yield httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://shop.example")
    leaving.forget()


async def test_live_streams_end_whole_when_the_process_leaves_and_other_requests_finish(
    http: httpx.AsyncClient,
) -> None:
    async def leave() -> None:
        await asyncio.sleep(0.1)
        leaving.begin()

    async with asyncio.timeout(5):
        stream, answer, _ = await asyncio.gather(http.get("/live"), http.post("/slow/1", content="said"), leave())
    assert stream.status_code == 200 and stream.text.startswith(": still here")
    assert answer.json() == {"body": "said"}
    assert "shuke_live_streams 0.0" in metrics.text().decode()


async def test_addresses_are_counted_by_their_template(http: httpx.AsyncClient) -> None:
    await http.post("/slow/13987654321")
    await http.get("/13987654321")
    said = metrics.text().decode()
    assert 'operation="/slow/{phone}"' in said and 'operation="nowhere"' in said and "13987654321" not in said


def test_what_clients_combine_is_bounded() -> None:
    labels = {metrics.operation(f"a{number}") for number in range(metrics.MOST_NAMES * 2)}
    assert len(labels) <= metrics.MOST_NAMES + 1 and metrics.OTHER in labels
    metrics._names.clear()
