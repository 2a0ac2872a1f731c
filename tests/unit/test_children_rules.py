"""Children's ages, stages and milestones: pure rules, and the list that is shipped."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from shuke.domains.customers.queries import SHIPPED
from shuke.domains.customers.rules import dependants as rules
from shuke.domains.customers.rules import stages as lists
from shuke.domains.customers.types.dependants import Age, AgeUnit, Dependant, LifeStageKind
from shuke.kit.ids import new_id

BORN = date(2026, 1, 31)
NOW = datetime(2026, 11, 22, 4, tzinfo=UTC)


def child(born_on: date | None = None, due_on: date | None = None, stopped: bool = False) -> Dependant:
    return Dependant(
        id=new_id(),
        customer_id=new_id(),
        name="小满",
        gender="unknown",
        born_on=born_on,
        due_on=due_on,
        stopped_at=NOW if stopped else None,
        stop_reason=None,
        since=NOW,
        version=1,
        zone="Asia/Shanghai",
    )


@pytest.mark.parametrize(
    ("day", "months", "then"),
    [
        (date(2026, 1, 31), 1, date(2026, 2, 28)),  # one month old on the last day of February
        (date(2024, 1, 31), 1, date(2024, 2, 29)),
        (date(2026, 1, 31), 2, date(2026, 3, 31)),  # and not a day less later on
        (date(2026, 8, 31), 6, date(2027, 2, 28)),
        (date(2024, 2, 29), 12, date(2025, 2, 28)),
        (date(2024, 2, 29), 48, date(2028, 2, 29)),
        (date(2026, 12, 15), 1, date(2027, 1, 15)),
        (date(2026, 1, 15), -1, date(2025, 12, 15)),
    ],
)
def test_months_follow_the_calendar(day: date, months: int, then: date) -> None:
    assert rules.add_months(day, months) == then


@pytest.mark.parametrize(
    ("day", "key"),
    [
        (BORN, "newborn"),
        (BORN + timedelta(days=27), "newborn"),
        (BORN + timedelta(days=28), "infant"),
        (date(2026, 7, 30), "infant"),
        (date(2026, 7, 31), "first_foods"),
        (date(2027, 1, 31), "toddler"),
        (date(2028, 1, 31), "preschool"),
        (date(2029, 1, 31), "preschool"),  # three today: not yet older than 36 months
        (date(2029, 2, 1), "graduated"),
    ],
)
def test_a_child_is_in_one_stage_at_a_time(day: date, key: str) -> None:
    stage = rules.stage_of(child(BORN), SHIPPED, day)
    assert stage is not None and stage.key == key
    assert rules.graduated(child(BORN), SHIPPED, day) is (key == "graduated")


def test_until_it_is_born_it_is_expected_however_late() -> None:
    due = child(due_on=date(2026, 12, 1))
    for day in (date(2026, 3, 1), date(2026, 12, 1), date(2026, 12, 20)):
        stage = rules.stage_of(due, SHIPPED, day)
        assert stage is not None and stage.key == "pregnancy"
    assert [rules.overdue(due, date(2026, 12, day)) for day in (1, 2)] == [False, True]
    assert not rules.overdue(child(BORN), NOW.date()) and not rules.graduated(due, SHIPPED, date(2040, 1, 1))


def test_a_family_graduates_with_the_youngest() -> None:
    elder, younger, due = child(date(2020, 1, 1)), child(date(2025, 1, 1)), child(due_on=date(2026, 12, 1))
    today = NOW.date()
    assert rules.family_graduated([elder], SHIPPED, today)
    assert not rules.family_graduated([elder, younger], SHIPPED, today)
    assert not rules.family_graduated([elder, due], SHIPPED, today)
    assert not rules.family_graduated([], SHIPPED, today)


def test_milestones_count_from_the_birth_or_the_due_date_and_only_active_ones() -> None:
    days = {one.stage.key: one.day for one in rules.milestones(child(BORN), SHIPPED)}
    assert days == {
        "day_42": date(2026, 3, 14),
        "day_100": date(2026, 5, 10),  # the day of birth is the first of the hundred
        "solids": date(2026, 7, 31),
        "first_birthday": date(2027, 1, 31),
        "third_birthday": date(2029, 1, 31),
    }
    days = {one.stage.key: one.day for one in rules.milestones(child(due_on=date(2026, 12, 31)), SHIPPED)}
    assert days == {"due_soon": date(2026, 12, 1)}


def test_the_next_milestone_may_be_today_and_none_of_a_silenced_child() -> None:
    found = rules.next_milestone(child(BORN), SHIPPED, date(2026, 7, 31))
    assert found and (found.stage.key, found.day) == ("solids", date(2026, 7, 31))
    found = rules.next_milestone(child(BORN), SHIPPED, date(2026, 8, 1))
    assert found and found.stage.key == "first_birthday"
    assert rules.next_milestone(child(BORN), SHIPPED, date(2030, 1, 1)) is None
    assert rules.next_milestone(child(BORN, stopped=True), SHIPPED, BORN) is None


@pytest.mark.parametrize(
    ("born_on", "due_on", "wrong"),
    [
        (date(2026, 11, 22), None, None),
        (None, date(2026, 11, 22), None),
        (None, date(2027, 9, 1), None),
        (None, None, ("bornOn", "one_date")),
        (BORN, date(2026, 12, 1), ("bornOn", "one_date")),
        (date(2026, 11, 23), None, ("bornOn", "birth_to_come")),
        (date(1920, 1, 1), None, ("bornOn", "birth_long_ago")),
        (None, date(2026, 11, 21), ("dueOn", "due_date_past")),
        (None, date(2027, 12, 1), ("dueOn", "due_date_far")),
    ],
)
def test_a_birth_is_past_and_a_due_date_ahead(
    born_on: date | None, due_on: date | None, wrong: tuple[str, str] | None
) -> None:
    assert rules.wrong_dates(born_on, due_on, NOW.date()) == wrong


@given(born=st.dates(date(2000, 1, 1), date(2030, 1, 1)), days=st.integers(0, 5000))
def test_every_born_child_has_a_stage_and_graduates_for_good(born: date, days: int) -> None:
    day = born + timedelta(days=days)
    assert rules.stage_of(child(born), SHIPPED, day) is not None
    if rules.graduated(child(born), SHIPPED, day):
        assert rules.graduated(child(born), SHIPPED, day + timedelta(days=1))


def test_what_is_shipped_holds_together_in_both_languages() -> None:
    assert lists.problem(SHIPPED) is None
    for stage in SHIPPED:
        assert lists.cleaned(stage) == stage
        assert set(stage.labels) == {"zh-CN", "en"}
        if stage.kind is LifeStageKind.MILESTONE:
            assert set(stage.why) == set(stage.say) == {"zh-CN", "en"}


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"key": "Newborn"}, "stage_key"),
        ({"labels": {}}, "stage_label"),
        ({"labels": {"zh-CN": "长" * 41}}, "stage_label"),
        ({"begins": Age(-301, AgeUnit.DAYS)}, "stage_age"),
        ({"begins": Age(1, AgeUnit.MONTHS)}, "stage_ends"),
        ({"why": {"zh-CN": "{called.name}"}}, "stage_braces"),
        ({"say": {"zh-CN": "{"}}, "stage_braces"),
        ({"say": {"zh-CN": "长" * 501}}, "stage_text"),
        ({"key": "infant"}, "stage_twice"),
        ({"kind": LifeStageKind.GRADUATION}, "graduation_one"),
    ],
)
def test_a_list_that_does_not_hold_together_says_why(change: dict[str, object], reason: str) -> None:
    place = next(n for n, stage in enumerate(SHIPPED) if stage.key == "newborn")
    found = lists.problem([*SHIPPED[:place], replace(SHIPPED[place], **change), *SHIPPED[place + 1 :]])
    assert found is not None and found.reason == reason


def test_a_milestone_counts_from_when_it_became_what_it_is() -> None:
    solids = next(stage for stage in SHIPPED if stage.key == "solids")
    assert lists.dated(solids, solids, NOW).since is None
    assert lists.dated(replace(solids, labels={"en": "Solids"}), solids, NOW).since is None
    assert lists.dated(replace(solids, begins=Age(5, AgeUnit.MONTHS)), solids, NOW).since == NOW
    assert lists.dated(solids, replace(solids, active=False), NOW).since == NOW
    assert lists.dated(solids, None, NOW).since == NOW
