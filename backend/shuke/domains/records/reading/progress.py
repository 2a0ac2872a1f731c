"""What every reading tells while it is under way."""

from dataclasses import dataclass


@dataclass(slots=True)
class Looked:
    """So many rows were looked at in the first reading; `all`: these are all there are."""

    rows: int
    all: bool = False
