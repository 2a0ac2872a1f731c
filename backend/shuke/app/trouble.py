"""Why a command cannot do its work, told to the person at the keyboard: one sentence that says what to do, no
traceback.
"""

import errno
from pathlib import Path


class CannotRun(Exception):
    """Its text is the whole message; the command ends with exit status 1."""


def about_folder(folder: Path, error: OSError, advice: str = "choose another folder with SHUKE_DATA") -> CannotRun:
    """The sentence for a file-system error met while using a folder."""
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return CannotRun(f"The disk that holds {folder} is full: make room and start again; nothing saved is lost.")
    if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
        return CannotRun(f"Cannot write in {folder}: {advice}, or change its permissions.")
    if error.errno in (errno.ENOTDIR, errno.EEXIST):
        return CannotRun(f"{folder} is not a folder: {advice}.")
    return CannotRun(f"Cannot use {folder} ({error.strerror or error}): {advice}.")
