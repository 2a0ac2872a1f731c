"""Why a command cannot do its work, told to the person at the keyboard: one sentence that says what to do, no
traceback.
"""

import errno
import shutil
from pathlib import Path


class CannotRun(Exception):
    """Its text is the whole message; the command ends with exit status 1."""


HARDLY_ANYTHING = 1_000_000  # bytes


def disk_is_full(folder: Path) -> CannotRun | None:
    """The sentence for a full disk, if it is one: a server that could not even write its log says nothing."""
    try:
        free = shutil.disk_usage(folder).free
    except OSError:
        return None
    return about_folder(folder, OSError(errno.ENOSPC, "")) if free < HARDLY_ANYTHING else None


def about_folder(folder: Path, error: OSError, advice: str = "choose another folder with SHUKE_DATA") -> CannotRun:
    """The sentence for a file-system error met while using a folder."""
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return CannotRun(f"The disk that holds {folder} is full: make room and start again; nothing saved is lost.")
    if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
        return CannotRun(f"Cannot write in {folder}: {advice}, or change its permissions.")
    if error.errno in (errno.ENOTDIR, errno.EEXIST):
        return CannotRun(f"{folder} is not a folder: {advice}.")
    return CannotRun(f"Cannot use {folder} ({error.strerror or error}): {advice}.")
