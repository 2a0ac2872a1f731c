"""Logs: one line a record to stderr, times in UTC; nothing personal is ever passed to a logger."""

import logging
import time


def configure() -> None:
    formatter = logging.Formatter("%(asctime)sZ %(levelname)s %(name)s: %(message)s", "%Y-%m-%dT%H:%M:%S")
    formatter.converter = time.gmtime
    handler = logging.StreamHandler()
    handler.setFormatter(formatter)
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.INFO)
    for noisy in ("arq", "tortoise", "asyncio"):
        logging.getLogger(noisy).setLevel(logging.WARNING)
