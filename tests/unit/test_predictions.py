"""Chances and days, by hand; reasons in a guide's words."""

from datetime import UTC, date, datetime
from uuid import UUID

import numpy as np
import pytest

from shuke.domains.predictions import rules
from shuke.domains.predictions.learning.fitting import bins, worth
from shuke.domains.predictions.learning.packing import SCORED, packed, payload
from shuke.domains.predictions.learning.scoring import next_in
from shuke.domains.predictions.learning.shaping import NAMES, drawn, shaped
from shuke.domains.predictions.types import Chances, Label, Line, Seen

FIRST = date(2026, 1, 1)


def test_a_window_needs_days_before_it() -> None:
    assert rules.windows(FIRST, date(2026, 6, 1)) == [
        date(2026, 6, 1),
        date(2026, 5, 2),
        date(2026, 4, 2),
        date(2026, 3, 3),
    ]
    assert rules.windows(FIRST, date(2026, 2, 15)) == [date(2026, 2, 15)]
    assert rules.windows(FIRST, date(2026, 2, 14)) == []


def test_the_next_order_is_the_day_by_which_half_of_such_customers_have_come() -> None:
    soon, later = np.array([0.5, 0.2, 0.1, 0.01, 0.9]), np.array([0.9, 0.5, 0.2, 0.02, 0.95])
    assert next_in(soon, later).tolist() == [30, 90, 330, -1, 10]


def test_of_one_chance_alone_the_day_follows_too() -> None:
    nobody = np.full(1, np.nan)
    assert next_in(np.array([0.5]), nobody).tolist() == [30]
    assert next_in(nobody, np.array([0.5])).tolist() == [90]
    assert next_in(nobody, nobody).tolist() == [-1]


def test_rows_cross_as_they_are() -> None:
    ids = np.array([UUID(int=1).bytes, UUID(int=2**127).bytes], "V16")
    columns = [
        (name, np.arange(2)) for name in SCORED.names or () if name not in ("count", "id") and "length" not in name
    ]
    found = payload(packed(SCORED, [("id", ids), *columns]), SCORED)
    assert [UUID(bytes=bytes(one)) for one in found["id"]] == [UUID(int=1), UUID(int=2**127)]
    assert found["why_5"].tolist() == [0, 1] and found["order_90"].tolist() == [0.0, 1.0]


def test_who_came_once_is_late_by_nothing() -> None:
    once, twice = [200.0, 1, 9900, 200, 0, 0, 0, 0], [200.0, 2, 9900, 220, 0, 0, 0, 0]
    late = shaped(np.array([once, twice]))[:, NAMES.index("overdue")]
    assert late[0] == 0 and late[1] == pytest.approx(np.log(201 / 21))


def test_what_speaks_for_and_against_adds_up_to_the_odds() -> None:
    line = Line(list(NAMES), [1.0] * 10, [2.0] * 10, [0.5] * 10, -1.0)
    odds, added = drawn(np.arange(30.0).reshape(3, 10), line)
    assert odds.tolist() == pytest.approx((added.sum(axis=1) - 1).tolist())


def test_chances_that_keep_their_word_have_no_error() -> None:
    came = np.array([0, 1, 0, 1, 1, 1, 1, 1.0])
    said = np.array([0.5, 0.5, 0.5, 0.5, 1, 1, 1, 1])
    assert [(one.said, one.came, one.customers) for one in bins(came, said)] == [(0.5, 0.5, 4), (1, 1, 4)]
    found = worth(came, said)
    assert found.ece == 0 and found.brier == 0.125 and found.auc == pytest.approx(10 / 12)


def test_reasons_say_what_is_known_in_both_languages() -> None:
    seen = Seen(silent=12, visits=1, basket=12_800, known=12, refunds=0)
    moment = datetime(2026, 11, 23, tzinfo=UTC)
    told = Chances(
        UUID(int=1), date(2026, 11, 22), moment, 0.1, 0.2, None, None, [], [1, -2, 5, 3], seen, [1, 1, 1], None
    )
    assert rules.reasons(told, "CNY", "zh-CN") == ["最近来过，上次是 2026-11-10", "只来过一次", "从没退过货"]
    assert rules.reasons(told, "CNY", "en")[1] == "Has come only once"
    assert rules.action([Label.NEW_ITEM_BUYER, Label.CHURN_RISK], "zh-CN").startswith("打个电话")
