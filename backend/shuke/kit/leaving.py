"""Whether this process has been told to stop: readiness says so, and what would last for ever ends itself."""

import asyncio

_waiting: set["asyncio.Future[None]"] = set()
_begun = False


def begin() -> None:
    """From now on the process is leaving; call it on the event loop."""
    global _begun
    _begun = True
    for waiter in _waiting:
        if not waiter.done():
            waiter.set_result(None)


def begun() -> bool:
    return _begun


def forget() -> None:
    """For a process that begins anew, as tests do."""
    global _begun
    _begun = False


async def wait() -> None:
    """Returns once the process is leaving."""
    if _begun:
        return
    waiter = asyncio.get_running_loop().create_future()
    _waiting.add(waiter)
    try:
        await waiter
    finally:
        _waiting.discard(waiter)
