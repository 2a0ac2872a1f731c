"""Signs of life from within a long turn, so that whoever watches the worker's loops can tell work from a standstill."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from contextvars import ContextVar

EVERY = 10.0  # seconds

_heart: ContextVar[Callable[[], None] | None] = ContextVar("heart", default=None)


@contextmanager
def heard_by(heart: Callable[[], None]) -> Iterator[None]:
    """Inside, `heart` is called with every sign of life of this task and of tasks it starts."""
    token = _heart.set(heart)
    try:
        yield
    finally:
        _heart.reset(token)


def beat() -> None:
    """The work has come a step further; nothing where nobody listens."""
    if heart := _heart.get():
        heart()


@asynccontextmanager
async def patience(seconds: float) -> AsyncIterator[None]:
    """Inside is one step that may take so long: signs of life are given meanwhile, and no more once it takes longer."""
    beating = asyncio.create_task(_beat_for(seconds))
    try:
        yield
        beat()
    finally:
        beating.cancel()
        with suppress(asyncio.CancelledError):
            await beating


async def _beat_for(seconds: float) -> None:
    loop = asyncio.get_running_loop()
    until = loop.time() + seconds
    while loop.time() < until:
        beat()
        await asyncio.sleep(EVERY)
