"""Long computing in a process of its own, while this one waits for the database."""

import asyncio
import atexit
import gc
import importlib
import pickle
import signal
import subprocess
import sys
from collections.abc import AsyncGenerator, Callable, Iterator
from contextlib import suppress
from typing import Any, TypeVar

T = TypeVar("T")

BUFFER = 1 << 20  # items are large

_warm: list[subprocess.Popen[bytes]] = []
_begun: dict[bytes, subprocess.Popen[bytes]] = {}


class Ended(RuntimeError):
    """The other process ended before it was done, as one does that wants more memory than it may have."""


def warm(module: str) -> None:
    """Starts the process of the next `aside` ahead of time, which loads the function's module meanwhile."""
    _warm.append(_start(module))


def begin(function: Callable[..., Iterator[Any]], *args: Any) -> None:
    """Lets that process begin with the very work that the next `aside` will ask for; it dies unasked with this one."""
    process = _warm.pop() if _warm else _start()
    atexit.register(process.kill)
    work = pickle.dumps((function, args))
    assert process.stdin
    with suppress(BrokenPipeError):
        process.stdin.write(work)
        process.stdin.flush()
    _begun[work] = process


def heard() -> Any:
    """In the other process: what the caller of `aside` tells, as soon as it does."""
    return pickle.load(sys.stdin.buffer)


def _start(*modules: str) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", __name__, *modules]
    return subprocess.Popen(command, bufsize=BUFFER, stdin=subprocess.PIPE, stdout=subprocess.PIPE)


class Words:
    """What the caller of `aside` tells the other process (`heard`), one by one, as it comes to know it."""

    def __init__(self, *words: Any) -> None:
        self._waiting: asyncio.Queue[Any] = asyncio.Queue()
        for word in words:
            self.say(word)

    def say(self, word: Any) -> None:
        self._waiting.put_nowait(word)

    async def next(self) -> bytes:
        return pickle.dumps(await self._waiting.get())


async def aside(function: Callable[..., Iterator[T]], *args: Any, told: Any = None) -> AsyncGenerator[T, None]:
    """What `function(*args)` yields in another process, one ahead of the caller; what it raises is raised here. `told`
    is there for what it may find out (`heard`) when it needs it, and not before: see `begin`; of `Words`, each.

    Raises Ended if that process dies before it is done.

    Everything that crosses is pickled; the function's module should be quick to import. The other process ends with
    the iteration or with this process, however that ends: it can no longer write.
    """
    work = pickle.dumps((function, args))
    process = _begun.pop(work, None)
    first = [] if process else [work]
    process = process or (_warm.pop() if _warm else _start())
    assert process.stdin and process.stdout
    words = told if isinstance(told, Words) else Words(told)
    telling = asyncio.create_task(_tell(process, first, words))  # it may be long in listening
    reading = asyncio.create_task(asyncio.to_thread(pickle.load, process.stdout))
    try:
        while (sent := await reading) is not None:
            if isinstance(sent, Exception):
                raise sent
            reading = asyncio.create_task(asyncio.to_thread(pickle.load, process.stdout))
            yield sent[0]
    except (EOFError, pickle.UnpicklingError) as error:
        raise Ended(f"the process beside this one ended with {process.wait()}") from error
    finally:
        process.kill()
        telling.cancel()
        await asyncio.gather(telling, reading, return_exceptions=True)  # whatever half an item was under way
        process.stdout.close()
        with suppress(BrokenPipeError):
            process.stdin.close()
        process.wait()


async def _tell(process: subprocess.Popen[bytes], first: list[bytes], words: Words) -> None:
    """Writes until it is stopped."""
    for work in first:
        await asyncio.to_thread(_write, process, work)
    while True:
        await asyncio.to_thread(_write, process, await words.next())


def _write(process: subprocess.Popen[bytes], word: bytes) -> None:
    assert process.stdin
    with suppress(BrokenPipeError):
        process.stdin.write(word)
        process.stdin.flush()


def _serve() -> None:
    """The other process."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches both; the caller decides
    pipe, sys.stdout = sys.stdout.buffer, sys.stderr
    gc.disable()
    for module in sys.argv[1:]:
        importlib.import_module(module)
    gc.freeze()  # what is loaded stays
    gc.enable()
    try:
        function, args = pickle.load(sys.stdin.buffer)
    except EOFError:
        return  # nobody needed it
    with suppress(BrokenPipeError):  # nobody listens any more
        for sent in _sent(function(*args)):
            pipe.write(pickle.dumps(sent, pickle.HIGHEST_PROTOCOL))
            pipe.flush()


def _sent(items: Iterator[Any]) -> Iterator[Any]:
    """Each item as a list of one, then None or what was raised."""
    try:
        for item in items:
            yield [item]
    except Exception as error:
        yield error
    else:
        yield None


if __name__ == "__main__":
    _serve()
