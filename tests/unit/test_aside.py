"""A process beside this one: what it yields, raises, and how it ends."""

import asyncio
import os
import signal
import sys
from collections.abc import Iterator
from contextlib import aclosing
from pathlib import Path

import pytest

from shuke.kit.aside import aside, begin, heard
from shuke.kit.errors import ErrorCode, Refusal


def squares(most: int) -> Iterator[tuple[int, int]]:
    for number in range(most):
        yield os.getpid(), number * number


def stumbling() -> Iterator[int]:
    yield 1
    raise Refusal(ErrorCode.INVALID, "file", "file_quotes", row=7)


def dying() -> Iterator[int]:
    yield 1
    os.kill(os.getpid(), signal.SIGKILL)


def listening(mark: Path) -> Iterator[object]:
    mark.write_text(str(os.getpid()))
    yield heard()


def gone(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return True
    return False


async def test_another_process_does_the_work_and_ends() -> None:
    found = [item async for item in aside(squares, 5)]
    assert [square for _, square in found] == [0, 1, 4, 9, 16]
    assert found[0][0] != os.getpid() and gone(found[0][0])


async def test_it_ends_with_a_caller_that_has_enough() -> None:
    async with aclosing(aside(squares, 10**9)) as items:
        pid, _ = await anext(items)
        assert not gone(pid)
    assert gone(pid)


async def test_what_it_raises_is_raised_here_whole() -> None:
    found = []
    with pytest.raises(Refusal) as caught:
        async for item in aside(stumbling):
            found.append(item)
    refusal = caught.value
    assert found == [1] and (refusal.code, refusal.field, refusal.reason) == (ErrorCode.INVALID, "file", "file_quotes")
    assert refusal.params == {"row": 7}


async def test_it_does_not_outlive_a_caller_that_is_killed() -> None:
    program = "import asyncio; from tests.unit import test_aside as here; asyncio.run(here.endless())"
    caller = await asyncio.create_subprocess_exec(sys.executable, "-c", program, stdout=asyncio.subprocess.PIPE)
    assert caller.stdout
    pid = int(await caller.stdout.readline())
    caller.kill()
    async with asyncio.timeout(30):
        await caller.wait()
        while not gone(pid):
            await asyncio.sleep(0.05)


async def endless() -> None:
    async for pid, _ in aside(squares, 10**9):
        print(pid, flush=True)
        await asyncio.sleep(60)


async def test_its_death_is_told() -> None:
    with pytest.raises(RuntimeError, match="-9"):
        async with asyncio.timeout(30):
            assert [item async for item in aside(dying)]


async def test_it_is_told_when_it_asks_however_much_that_is(tmp_path: Path) -> None:
    much = "x" * 1_000_000  # more than a pipe takes
    assert [item async for item in aside(listening, tmp_path / "mark", told=much)] == [much]
    assert [item async for item in aside(squares, 3, told=much)][-1][1] == 4  # it never asked


async def test_work_that_was_begun_ahead_is_taken_up_and_other_work_is_not(tmp_path: Path) -> None:
    mark = tmp_path / "mark"
    begin(listening, mark)
    async with asyncio.timeout(20):
        while not (mark.exists() and mark.read_text()):
            await asyncio.sleep(0.01)
    begun = int(mark.read_text())
    assert begun not in {pid async for pid, _ in aside(squares, 2)}
    assert [item async for item in aside(listening, mark, told="now")] == ["now"]
    assert int(mark.read_text()) == begun and gone(begun)
