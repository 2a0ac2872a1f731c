"""Logs: one line a record to stderr, times in UTC; nothing personal is ever passed to a logger."""

import logging
import time
from traceback import format_tb
from typing import Any


class _Reticent(logging.Formatter):
    """Says where something broke and by which exception; its text stays out, for a database puts the offending row
    into it, phone number and all.
    """

    def formatException(self, ei: Any) -> str:
        kind, error, place = ei
        chain: list[str] = []
        while (error := error.__cause__ or error.__context__) is not None and len(chain) < 5:
            chain.append(type(error).__qualname__)
        because = f" because of {', '.join(chain)}" if chain else ""
        return f"{''.join(format_tb(place))}{kind.__qualname__}{because}"


def configure() -> None:
    formatter = _Reticent("%(asctime)sZ %(levelname)s %(name)s: %(message)s", "%Y-%m-%dT%H:%M:%S")
    formatter.converter = time.gmtime
    handler = logging.StreamHandler()
    handler.setFormatter(formatter)
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.INFO)
    for noisy in ("arq", "tortoise", "asyncio"):
        logging.getLogger(noisy).setLevel(logging.WARNING)
