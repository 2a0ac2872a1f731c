"""Rows as PostgreSQL's binary COPY writes and takes them, all of one width, so that numpy reads them where they lie."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

HEAD = b"PGCOPY\n\xff\r\n\0" + bytes(8)
TAIL = b"\xff\xff"
FEATURES = ("silent", "visits", "minor", "known", "recent_30", "recent_90", "recent_180", "refunds")
"""Of a customer, as of the end of a day; see `queries.features`."""


def layout(*columns: tuple[str, str]) -> np.dtype[Any]:
    """Of a row: how many columns, then each with its length before it. A column: its name and kind."""
    parts: list[tuple[str, str]] = [("count", ">i2")]
    for name, kind in columns:
        parts += [(f"{name}_length", ">i4"), (name, kind)]
    return np.dtype(parts)


ASKED = layout(("id", "V16"), *((name, ">f8") for name in FEATURES))
ANSWERED = layout(("id", "V16"), *((name, ">f8") for name in (*FEATURES, "ordered", "new")))
SCORED = layout(
    ("id", "V16"),
    *((name, ">i8") for name in ("silent", "visits", "basket", "known", "refunds")),
    *((name, ">f8") for name in ("order_30", "order_90", "new_90")),
    ("next_in", ">i4"),
    *((f"why_{place}", ">i2") for place in range(6)),
)


def payload(rows: bytes, kind: np.dtype[Any]) -> NDArray[Any]:
    """The columns' values, without lengths."""
    found = np.frombuffer(rows, kind, offset=len(HEAD), count=(len(rows) - len(HEAD)) // kind.itemsize)
    return found[[name for name in kind.names or () if name != "count" and not name.endswith("_length")]]


def features(rows: NDArray[Any]) -> NDArray[np.float64]:
    """A row a customer, a column of FEATURES each."""
    return np.column_stack([rows[name].astype(np.float64) for name in FEATURES]) if len(rows) else np.empty((0, 8))


def packed(kind: np.dtype[Any], columns: Sequence[tuple[str, NDArray[Any]]]) -> bytes:
    """Rows for COPY."""
    count = len(columns[0][1])
    rows = np.zeros(count, kind)
    rows["count"] = len(columns)
    for name, values in columns:
        rows[name] = values
        rows[f"{name}_length"] = kind[name].itemsize
    return HEAD + rows.tobytes() + TAIL
