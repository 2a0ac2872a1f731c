"""Long jobs: a thin wrapper over arq, the only place that knows it by name apart from the worker.

Nothing that matters lives in the queue alone: a flushed Redis costs a repeat, never data.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import TYPE_CHECKING
from urllib.parse import unquote

from shuke.kit.errors import ErrorCode, Refusal

if TYPE_CHECKING:  # arq takes a third of a second to load, which commands that queue nothing are spared
    from arq import ArqRedis
    from arq.connections import RedisSettings

PATIENCE = 3.0  # seconds; whoever asks waits in a transaction

_url: str | None = None
_pool: "ArqRedis | None" = None


def configure(url: str) -> None:
    """Names the Redis (redis://, rediss:// or unix://); it is connected to when the first job comes."""
    global _url
    _url = url


def settings(url: str) -> "RedisSettings":
    """arq's settings of a URL, whose path and password may be percent-encoded."""
    from arq.connections import RedisSettings

    found = RedisSettings.from_dsn(url)
    path, password = found.unix_socket_path, found.password
    return replace(
        found, unix_socket_path=path and unquote(path), password=password and unquote(password), conn_retries=0
    )


async def enqueue(name: str, *args: object, job_id: str | None = None) -> bool:
    """Queues a job; arguments are plain values. False: a job of this id waits or runs already.

    Raises Refusal UNAVAILABLE when Redis does not answer within a moment.
    """
    from arq.constants import result_key_prefix

    async with _connected() as pool:
        if job_id is not None:  # the kept result of an earlier run, which nobody reads, would block the next one
            await pool.delete(result_key_prefix + job_id)
        return await pool.enqueue_job(name, *args, _job_id=job_id) is not None


async def ping() -> None:
    """Returns when Redis answers. Raises Refusal UNAVAILABLE."""
    async with _connected() as pool:
        await pool.ping()


@asynccontextmanager
async def _connected() -> "AsyncIterator[ArqRedis]":
    from arq import create_pool
    from redis.exceptions import RedisError

    global _pool
    if _url is None:
        raise RuntimeError("the queue was not configured")
    try:
        async with asyncio.timeout(PATIENCE):
            if _pool is None:
                _pool = await create_pool(settings(_url))
            yield _pool
    except (OSError, RedisError, TimeoutError) as error:
        await close()
        raise Refusal(ErrorCode.UNAVAILABLE, reason="queue_down") from error


async def close() -> None:
    """Closes the connections; the next job opens them again."""
    global _pool
    pool, _pool = _pool, None
    if pool is not None:
        await pool.aclose()
