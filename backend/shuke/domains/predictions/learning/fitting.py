"""Learning from windows of the past, and measuring on the newest one, which was held back."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import brier_score_loss, roc_auc_score
from sklearn.model_selection import GroupKFold, cross_val_predict
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from shuke.domains.predictions import rules
from shuke.domains.predictions.learning import Study
from shuke.domains.predictions.learning.packing import ANSWERED, features, payload
from shuke.domains.predictions.learning.shaping import NAMES, RECENCY, Matrix, chance, drawn, shaped
from shuke.domains.predictions.types import Bin, Learned, Line, ModelState, Report, Worth

PARTS = 10
FOLDS = 5
RFM = ("rfm",)


@dataclass(slots=True, frozen=True)
class Window:
    """What was known of customers on a day, and whether each did it in the days after."""

    people: Matrix
    """a number each, the same in every window"""
    shape: Matrix
    rfm: Matrix
    came: Matrix


def fitted(study: Study) -> list[Learned]:
    """For an order, and for what is new if the study is about that."""
    return [_learned(study, name) for name in ("ordered", "new")[: 1 + study.about_new]]


def _learned(study: Study, answer: str) -> Learned:
    held_on = study.as_of - timedelta(days=study.days)
    held = _window(study, held_on, answer)
    known = rules.windows(study.first, held_on - timedelta(days=study.days))
    before = [_window(study, day, answer) for day in known]
    lacks = [rules.lack_of_cases(len(one.came), int(one.came.sum())) for one in (held, *before[:1])]
    if missing := next(filter(None, lacks), None):
        return Learned(ModelState.TOO_LITTLE, lack=missing)
    model, recency, rfm = (_line([_of(one, names) for one in before], names) for names in (NAMES, RECENCY, RFM))
    chances = [chance(_odds(held, line)) for line in (model, recency, rfm)]
    mine, recent, sums = (worth(held.came, one) for one in chances)
    state = rules.judge(mine, recent)
    names = NAMES if state is ModelState.LIVE else RECENCY
    used = chances[0] if state is ModelState.LIVE else chances[1]
    report = Report(
        held_on, study.as_of, len(held.came), int(held.came.sum()), mine, recent, sums, bins(held.came, used)
    )
    # what goes live also knows the newest window, which has told what it is worth
    newest = [_window(study, day, answer) for day in rules.windows(study.first, held_on)]
    return Learned(state, report, _line([_of(one, names) for one in newest], names))


def _window(study: Study, day: date, answer: str) -> Window:
    rows = payload(study.windows[day], ANSWERED)
    found = features(rows)
    return Window(
        np.asarray(rows["id"]), shaped(found), _rfm(found)[:, None], np.asarray(rows[answer].astype(np.float64))
    )


def _of(window: Window, names: Sequence[str]) -> tuple[Matrix, Matrix, Matrix]:
    shape = window.rfm if names is RFM else window.shape[:, [NAMES.index(name) for name in names]]
    return shape, window.came, window.people


def _line(parts: Sequence[tuple[Matrix, Matrix, Matrix]], names: Sequence[str]) -> Line:
    """Logistic regression, calibrated by a sigmoid through the odds of customers whom each fold had left out."""
    shape, came = np.concatenate([part[0] for part in parts]), np.concatenate([part[1] for part in parts])
    _, groups = np.unique(np.concatenate([part[2] for part in parts]), return_inverse=True)
    model = make_pipeline(StandardScaler(), LogisticRegression())
    odds = cross_val_predict(model, shape, came, groups=groups, cv=GroupKFold(FOLDS), method="decision_function")
    sigmoid = LogisticRegression(C=1e6).fit(odds[:, None], came)
    steep, shift = float(sigmoid.coef_[0, 0]), float(sigmoid.intercept_[0])
    scaler, line = (step for _, step in model.fit(shape, came).steps)
    weights, bias = line.coef_[0] * steep, float(line.intercept_[0]) * steep + shift
    return Line(list(names), scaler.mean_.tolist(), scaler.scale_.tolist(), weights.tolist(), bias)


def _odds(window: Window, line: Line) -> Matrix:
    if line.names == list(RFM):
        return (window.rfm[:, 0] - line.means[0]) / line.scales[0] * line.weights[0] + line.bias
    return drawn(window.shape, line)[0]


def _rfm(found: Matrix) -> Matrix:
    """The classic sum: 1 to 5 each for recency, frequency and money, by fifths of the customers."""
    columns = (-found[:, 0], found[:, 1], found[:, 2]) if len(found) else ()
    fifths = [np.searchsorted(np.quantile(one, (0.2, 0.4, 0.6, 0.8)), one, side="right") + 1 for one in columns]
    return np.sum(fifths, axis=0).astype(np.float64) if fifths else np.empty(0)


def worth(came: Matrix, said: Matrix) -> Worth:
    tenths = bins(came, said)
    ece = sum(abs(one.said - one.came) * one.customers for one in tenths) / len(came)
    return Worth(float(roc_auc_score(came, said)), float(brier_score_loss(came, said)), ece)


def bins(came: Matrix, said: Matrix) -> list[Bin]:
    """Equal tenths by chance, the least first; those who tie stand together, so that there may be fewer."""
    edges = np.unique(np.quantile(said, np.linspace(0, 1, PARTS + 1)[1:-1]))
    places = np.searchsorted(edges, said, side="right")
    found = [places == place for place in range(len(edges) + 1)]
    return [Bin(float(said[one].mean()), float(came[one].mean()), int(one.sum())) for one in found if one.any()]
