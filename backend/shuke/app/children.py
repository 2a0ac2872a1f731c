"""Child processes that never outlive their parent, whatever kills it."""

import ctypes
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import IO, Any

PR_SET_PDEATHSIG = 1
_libc = ctypes.CDLL(None) if sys.platform == "linux" else None  # loaded here: nothing may be imported after fork


def spawn(
    command: Sequence[str | Path],
    *,
    death_signal: signal.Signals,
    account: tuple[int, int] | None = None,
    cwd: Path | None = None,
    env: Mapping[str, str] | None = None,
    output: IO[Any] | int | None = None,
    pass_fds: Sequence[int] = (),
) -> subprocess.Popen[bytes]:
    """Starts a child in its own process group (a terminal's Ctrl-C does not reach it) that gets `death_signal` from
    the kernel when the calling process ends. Call it from the main thread: the kernel means the thread, not the
    process.

    `account` is (uid, gid) to become before the program starts.
    """
    identity: dict[str, Any] = {"user": account[0], "group": account[1], "extra_groups": []} if account else {}
    return subprocess.Popen(
        [str(part) for part in command],
        cwd=cwd,
        env=env,
        stdin=subprocess.DEVNULL,
        stdout=output,
        stderr=output,
        pass_fds=pass_fds,
        process_group=0,
        preexec_fn=_tie_to_parent(os.getpid(), death_signal),
        **identity,
    )


def end_with_parent() -> None:
    """Has the kernel tell this process to end (SIGTERM) when its parent does."""
    _tie_to_parent(os.getppid(), signal.SIGTERM)()


def _tie_to_parent(parent: int, death_signal: signal.Signals) -> Callable[[], None]:
    def tie() -> None:
        # After the change of user (it would clear the setting); a parent that died meanwhile is seen by its changed
        # pid.
        if _libc is not None:
            _libc.prctl(PR_SET_PDEATHSIG, int(death_signal), 0, 0, 0)
            if os.getppid() != parent:
                os._exit(1)

    return tie


def stop(process: subprocess.Popen[bytes], steps: Sequence[tuple[signal.Signals, float]]) -> None:
    """Asks a child to end, each step (signal, seconds to wait) less politely than the one before."""
    for number, seconds in steps:
        if process.poll() is not None:
            return
        process.send_signal(number)
        try:
            process.wait(seconds)
        except subprocess.TimeoutExpired:
            continue
