"""Logs: one line a record to stderr, times in UTC; nothing personal is ever passed to a logger.

`text` is for a person at a terminal; `json` is for a collector: one object a line, with the id, name and brand of the
piece of work (a request, a delivery, a job) that the line was written in, and a line for each request.
"""

import asyncio
import logging
import sys
import time
from traceback import format_tb
from types import TracebackType
from typing import Any

import msgspec

from shuke.kit import trace

REQUESTS = "shuke.request"
_encode = msgspec.json.Encoder().encode


class _Reticent(logging.Formatter):
    """Says where something broke and by which exception; its text stays out, for a database puts the offending row
    into it, phone number and all.
    """

    def formatException(self, ei: Any) -> str:
        kind, error, place = ei
        chain: list[str] = []
        while error is not None and (error := error.__cause__ or error.__context__) is not None and len(chain) < 5:
            chain.append(type(error).__qualname__)
        because = f" because of {', '.join(chain)}" if chain else ""
        return f"{''.join(format_tb(place))}{kind.__qualname__}{because}"


class _Json(_Reticent):
    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, Any] = {
            "at": f"{time.strftime('%Y-%m-%dT%H:%M:%S', time.gmtime(record.created))}.{int(record.msecs):03d}Z",
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
        }
        if work := trace.current():
            line |= {"id": work.id, "operation": work.name, "brand": work.brand}
        line |= getattr(record, "figures", {})
        if record.exc_info and record.exc_info[0]:
            line["error"] = self.formatException(record.exc_info)
        return _encode(line).decode()


def configure(style: str = "text") -> None:
    """Sets up this process's logging: `text` or `json`."""
    plain = _Reticent("%(asctime)sZ %(levelname)s %(name)s: %(message)s", "%Y-%m-%dT%H:%M:%S")
    plain.converter = time.gmtime
    handler = logging.StreamHandler()
    handler.setFormatter(_Json() if style == "json" else plain)
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.WARNING)  # what libraries tell beside that is theirs to word, and may hold anything
    logging.getLogger("shuke").setLevel(logging.INFO)
    # A failed job's line would carry the exception's text; the worker writes its own.
    logging.getLogger("arq").setLevel(logging.CRITICAL)
    logging.getLogger(REQUESTS).setLevel(logging.INFO if style == "json" else logging.WARNING)
    sys.excepthook = _ended


def mind(loop: asyncio.AbstractEventLoop) -> None:
    """Has the loop's own complaints told in our way: asyncio would write out the exception and all it holds."""
    loop.set_exception_handler(_complain)


def _complain(loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
    error = context.get("exception")
    told = (type(error), error, error.__traceback__) if error else None
    logging.getLogger("shuke.loop").error("%s", context.get("message", "the event loop stumbled"), exc_info=told)


def _ended(kind: type[BaseException], error: BaseException, place: TracebackType | None) -> None:
    if issubclass(kind, KeyboardInterrupt):
        return
    logging.getLogger("shuke").critical("ended by an error", exc_info=(kind, error, place))
