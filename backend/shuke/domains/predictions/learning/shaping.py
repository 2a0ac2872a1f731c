"""What a line is drawn through: a customer's figures, each on a scale on which a step means about the same anywhere."""

import numpy as np
from numpy.typing import NDArray

from shuke.domains.predictions.types import Line

Matrix = NDArray[np.float64]

RECENCY = ("silent",)
NAMES = (*RECENCY, "visits", "basket", "known", "overdue", "once", "recent_30", "recent_90", "recent_180", "refunds")
GROUPS = (
    ("silent", "overdue", "recent_30", "recent_90", "recent_180"),
    ("visits", "once"),
    ("basket",),
    ("known",),
    ("refunds",),
)
"""What weighs together, in the order of `rules.REASONS`."""


def shaped(found: Matrix) -> Matrix:
    """Columns of NAMES from columns of `packing.FEATURES`."""
    silent, visits, minor, known, *recent, refunds = found.T
    once = (visits <= 1).astype(np.float64)
    # how long she stays away beside how long she usually does; nobody knows that of who came once
    gap = (known - silent) / np.maximum(visits - 1, 1)
    overdue = np.where(once > 0, 0.0, np.log1p(silent) - np.log1p(gap))
    basket = np.log1p(np.maximum(minor, 0) / visits)
    logs = [np.log1p(column) for column in recent]
    return np.column_stack(
        [np.log1p(silent), np.log(visits), basket, np.log1p(known), overdue, once, *logs, np.minimum(refunds, 3)]
    )


def drawn(found: Matrix, line: Line) -> tuple[Matrix, Matrix]:
    """Log odds of each customer, and what each of GROUPS adds to them beside an average customer."""
    columns = found[:, [NAMES.index(name) for name in line.names]]
    parts = (columns - np.array(line.means)) / np.array(line.scales) * np.array(line.weights)
    groups = [[place for place, name in enumerate(line.names) if name in group] for group in GROUPS]
    added = np.column_stack([parts[:, group].sum(axis=1) for group in groups])
    return parts.sum(axis=1) + line.bias, added


def chance(odds: Matrix) -> Matrix:
    return 1 / (1 + np.exp(-np.clip(odds, -30, 30)))
