"""How much memory a program and the processes below it hold together."""

import subprocess
import threading
from pathlib import Path


def peak(program: subprocess.Popen[str]) -> float:
    """Waits for its end; MB held at most, looked at every 200 ms. What processes share counts for each of them."""
    most = 0
    ended = threading.Event()

    def look() -> None:
        nonlocal most
        while not ended.wait(0.2):
            most = max(most, sum(map(_resident, _family(program.pid))))

    looking = threading.Thread(target=look)
    looking.start()
    program.wait()
    ended.set()
    looking.join()
    return most / 1024


def _family(pid: int) -> list[int]:
    try:
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    except OSError:  # gone meanwhile
        return []
    begun = [int(child) for child in children if _command(int(child)) != _command(pid)]  # others are on their way
    return [pid, *(one for child in begun for one in _family(child))]


def _command(pid: int) -> bytes:
    """How it was called; a process that is being started has its parent's until it is itself, and its memory."""
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return b""


def _resident(pid: int) -> int:
    """KB."""
    try:
        return int(Path(f"/proc/{pid}/status").read_text().partition("VmRSS:")[2].split()[0])
    except (OSError, IndexError):
        return 0
