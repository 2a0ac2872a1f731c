"""Chances, the day by which she has probably come, and why, of a chunk of customers at once."""

import numpy as np
from numpy.typing import NDArray

from shuke.domains.predictions.learning.packing import ASKED, SCORED, features, packed, payload
from shuke.domains.predictions.learning.shaping import Matrix, chance, drawn, shaped
from shuke.domains.predictions.types import Line, Target

FAR = 365
"""Days: what lies further ahead is told of nobody."""
SHOWN = 3


def scored(chunk: bytes, lines: dict[Target, Line]) -> bytes:
    """Rows as SCORED lays them out. A chance that there is no model for is NaN."""
    rows = payload(chunk, ASKED)
    found = features(rows)
    shape, nobody = shaped(found), np.full(len(found), np.nan)
    chances, whys = dict.fromkeys(Target, nobody), dict[Target, NDArray[np.int16]]()
    for target, line in lines.items():
        odds, added = drawn(shape, line)
        chances[target], whys[target] = chance(odds), _why(added)
    soon, later = chances[Target.ORDER_30], chances[Target.ORDER_90]
    later = np.fmax(later, soon) if Target.ORDER_90 in lines else later  # who comes in 30 days comes in 90
    why = whys.get(Target.ORDER_90, whys.get(Target.ORDER_30, np.zeros((len(found), SHOWN), np.int16)))
    why_new = whys.get(Target.NEW_90, np.zeros((len(found), SHOWN), np.int16))
    silent, visits, minor, known, *_, refunds = found.T
    basket = np.rint(np.maximum(minor, 0) / np.maximum(visits, 1))
    figures = {"silent": silent, "visits": visits, "basket": basket, "known": known, "refunds": refunds}
    said = {"order_30": soon, "order_90": later, "new_90": chances[Target.NEW_90]}
    because = [(f"why_{place}", both) for place, both in enumerate(np.hstack([why, why_new]).T)]
    columns = [("id", rows["id"]), *figures.items(), *said.items(), ("next_in", next_in(soon, later)), *because]
    return packed(SCORED, columns)


def _why(added: Matrix) -> NDArray[np.int16]:
    """The three weightiest groups, numbered from 1, negative where they speak against; 0: it weighs nothing."""
    order = np.argsort(-np.abs(added), axis=1, kind="stable")[:, :SHOWN]
    weight = np.take_along_axis(added, order, axis=1)
    return (np.sign(np.where(np.abs(weight) < 1e-9, 0, weight)) * (order + 1)).astype(np.int16)


def next_in(soon: Matrix, later: Matrix) -> NDArray[np.int32]:
    """Days until it is as likely as not that she has come; -1: further than FAR, or nobody knows.

    Two straight lines through the logarithm of the chance that she has not: to 30 days, and from there through 90 on.
    """
    by_30, by_90 = (-np.log1p(-np.minimum(one, 0.9999)) for one in (soon, later))
    by_30 = np.where(np.isnan(by_30), by_90 / 3, by_30)
    rate = np.where(np.isnan(by_90), by_30 / 30, (by_90 - by_30) / 60)
    half = np.log(2)
    with np.errstate(divide="ignore", invalid="ignore"):
        days = np.where(by_30 >= half, 30 * half / by_30, 30 + (half - by_30) / rate)
    return np.where(days <= FAR, np.ceil(np.maximum(days, 1)), -1).astype(np.int32)
