"""What needs numpy and scikit-learn: only processes beside the worker or the command load them (`kit.aside`)."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from shuke.domains.predictions.types import Learned, Line, Target
from shuke.kit import aside


@dataclass(slots=True, frozen=True)
class Study:
    """All that is learned from for one span of days, and for what."""

    first: date
    """of the first order"""
    as_of: date
    days: int
    windows: dict[date, bytes]
    """the day at whose end customers were looked at -> rows as `packing.Window` reads them"""
    about_new: bool
    """whether also for what is new"""


def learn() -> Iterator[list[Learned]]:
    """In the other process: of each study that is told, whether they order, and whether what is new (if asked)."""
    from shuke.domains.predictions.learning.fitting import fitted

    while (study := aside.heard()) is not None:
        yield fitted(study)


def score(lines: dict[Target, Line]) -> Iterator[bytes]:
    """In the other process: of each chunk of features that is told, rows as `packing.SCORED` lays them out."""
    from shuke.domains.predictions.learning.scoring import scored

    while (chunk := aside.heard()) is not None:
        yield scored(chunk, lines)


def score_plain(lines: dict[Target, Line]) -> Iterator[list[tuple[bytes, int, float, float]]]:
    """The same as plain rows: id, days of silence, chance of an order, chance of what is new (NaN: not known)."""
    from shuke.domains.predictions.learning.packing import SCORED, payload

    for rows in score(lines):
        found = payload(rows, SCORED)
        yield found[["id", "silent", "order_90", "new_90"]].tolist()
