"""Who enters the shop's own journeys, when their steps are, what ends them."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from importlib.resources import files

import msgspec
import pytest

from shuke.domains.journeys import rules
from shuke.domains.journeys.types import AddReason, Definition, End, Enrolment, Facts, Intent, Skip, WakeAt
from shuke.kit import codec, zones
from shuke.kit.ids import new_id

SHANGHAI, LONDON = "Asia/Shanghai", "Europe/London"


def shipped(key: str) -> Definition:
    return codec.load(files("shuke.domains.journeys").joinpath("shipped", f"{key}.json").read_bytes(), Definition)


FIRST, SILENT = shipped("first_purchase"), shipped("silent_90_days")


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)


def known(first: str | None, last: str | None = None, zone: str = SHANGHAI) -> Facts:
    begun, latest = (at(first) if first else None), (at(last or first) if first or last else None)  # type: ignore[arg-type]
    return Facts(new_id(), zone, 1 if first else 0, begun, latest)


def intents(definition: Definition, facts: Facts, now: str, started: str, step: int = 0) -> list[Intent]:
    occurrence = zones.local_date(at(started), facts.zone).isoformat() if definition is SILENT else "1"
    enrolment = Enrolment(new_id(), occurrence, step, at(started))
    return list(rules.decide(definition, enrolment, facts, at(now)))


@pytest.mark.parametrize(
    ("bought", "zone", "wakes"),
    [
        ("2026-08-01T23:59+08:00", SHANGHAI, "2026-10-30T09:00+08:00"),
        ("2026-08-02T00:00+08:00", SHANGHAI, "2026-10-31T09:00+08:00"),
        # in winter time and in summer time, across the change
        ("2026-01-10T12:00+00:00", LONDON, "2026-04-10T09:00+01:00"),
        ("2026-08-01T00:30+01:00", LONDON, "2026-10-30T09:00+00:00"),
        ("2026-07-27T23:30+00:00", LONDON, "2026-10-26T09:00+00:00"),
    ],
)
def test_a_silence_is_noticed_at_nine_of_the_day_on_which_ninety_days_have_passed(
    bought: str, zone: str, wakes: str
) -> None:
    start = rules.entry(SILENT, known(bought, zone=zone), True, at(bought))
    assert start is not None and start.wake_at == at(wakes)
    assert start.occurrence == zones.local_date(at(bought), zone).isoformat()


@pytest.mark.parametrize(
    ("ordered", "zone", "due", "call"),
    [
        ("2026-11-20T15:00+08:00", SHANGHAI, "2026-11-21T15:00+08:00", "2026-11-23T10:00+08:00"),
        # what would be due at night is due the evening before: still within 24 hours
        ("2026-11-20T22:30+08:00", SHANGHAI, "2026-11-21T21:00+08:00", "2026-11-23T10:00+08:00"),
        ("2026-11-20T07:30+08:00", SHANGHAI, "2026-11-20T21:00+08:00", "2026-11-23T10:00+08:00"),
        ("2026-03-28T15:00+00:00", LONDON, "2026-03-29T16:00+01:00", "2026-03-31T10:00+01:00"),
        ("2026-10-24T15:00+01:00", LONDON, "2026-10-25T14:00+00:00", "2026-10-27T10:00+00:00"),
    ],
)
def test_a_first_purchase_is_thanked_for_within_a_day_and_asked_about_after_three(
    ordered: str, zone: str, due: str, call: str
) -> None:
    thanks, next_step = intents(FIRST, known(ordered, zone=zone), ordered, ordered)
    assert isinstance(thanks, AddReason) and (thanks.step, thanks.due_at) == (0, at(due))
    assert thanks.due_at - at(ordered) <= timedelta(hours=24)
    assert next_step == WakeAt(1, at(call))
    asked, end = intents(FIRST, known(ordered, zone=zone), call, ordered, step=1)
    assert isinstance(asked, AddReason) and asked.due_at == at(call) + timedelta(hours=8)
    assert end == End(2, "completed")


def test_a_step_that_comes_too_late_is_left_out() -> None:
    ordered = "2026-11-01T12:00+08:00"
    facts = known(ordered)
    assert [type(one) for one in intents(FIRST, facts, "2026-11-04T11:59+08:00", ordered)] == [
        AddReason,
        AddReason,
        End,
    ]
    assert [type(one) for one in intents(FIRST, facts, "2026-11-04T12:01+08:00", ordered)] == [Skip, AddReason, End]
    assert [type(one) for one in intents(FIRST, facts, "2026-11-11T10:01+08:00", ordered)] == [Skip, Skip, End]


def test_a_task_is_never_late_at_its_birth() -> None:
    ordered = "2026-03-01T12:00+08:00"
    for now, due in (
        ("2026-11-22T09:30+08:00", "2026-11-22T20:00+08:00"),
        ("2026-11-22T20:30+08:00", "2026-11-23T20:00+08:00"),
    ):
        (wake_up, _) = intents(SILENT, known(ordered), now, ordered)
        assert isinstance(wake_up, AddReason) and wake_up.due_at == at(due)
        assert wake_up.expires_at == at(due) + timedelta(days=14)


def test_only_a_customers_first_day_counts_as_a_first_purchase() -> None:
    now = at("2026-11-22T12:00+08:00")
    twice = known("2026-11-22T10:00+08:00", "2026-11-22T11:00+08:00")
    again = known("2026-11-21T10:00+08:00", "2026-11-22T11:00+08:00")
    assert rules.entry(FIRST, twice, True, now) is not None
    assert rules.entry(FIRST, again, True, now) is None
    assert rules.entry(FIRST, twice, False, now) is None
    assert rules.entry(FIRST, known(None), True, now) is None
    assert rules.entry(SILENT, known(None), True, now) is None


def test_filed_history_wakes_nobody_who_is_silent_already() -> None:
    facts, now = known("2026-06-01T12:00+08:00"), at("2026-11-22T12:00+08:00")
    assert rules.entry(SILENT, facts, False, now) is None
    assert rules.entry(SILENT, facts, True, now) is not None
    assert rules.entry(SILENT, known("2026-11-01T12:00+08:00"), False, now) is not None


@pytest.mark.parametrize(
    ("last", "ends"),
    [
        ("2026-08-01T18:00+08:00", "completed"),  # the same day again
        ("2026-10-01T18:00+08:00", "ordered"),
        ("2026-07-01T18:00+08:00", "undone"),  # what the silence counted from was given back
        (None, "undone"),
    ],
)
def test_a_wake_up_asks_what_is_true_now(last: str | None, ends: str) -> None:
    facts = known("2026-07-01T12:00+08:00", last) if last else known(None)
    *steps, end = intents(SILENT, facts, "2026-10-30T09:00+08:00", "2026-08-01T12:00+08:00")
    assert isinstance(end, End) and end.reason == ends and len(steps) == (ends == "completed")


def test_a_merged_customer_is_left_alone() -> None:
    facts = replace(known("2026-08-01T12:00+08:00"), merged=True)
    assert intents(SILENT, facts, "2026-10-30T09:00+08:00", "2026-08-01T12:00+08:00") == [End(0, "merged")]
    assert rules.entry(SILENT, facts, True, at("2026-10-30T09:00+08:00")) is None


WRONG: dict[str, Callable[[dict[str, object]], object]] = {
    "no steps": lambda d: d.update(steps=[]),
    "an unknown trigger": lambda d: d.update(trigger={"on": "birthday"}),
    "a silence of no days": lambda d: d.update(trigger={"on": "silent"}),
    "an unknown exit": lambda d: d.update(exits=["moved"]),
    "a step at night": lambda d: d["steps"][0].update(at_hour=3),  # type: ignore[index]
    "days without an hour": lambda d: d["steps"][0].pop("at_hour"),  # type: ignore[index]
    "one language": lambda d: d["steps"][0].update(why={"en": "x"}),  # type: ignore[index]
    "a stray brace": lambda d: d["steps"][0]["say"].update(en="Hello {"),  # type: ignore[index]
    "code in words": lambda d: d["steps"][0]["say"].update(en="{called.__class__}"),  # type: ignore[index]
    "two steps of one key": lambda d: d.update(steps=[*d["steps"], *d["steps"]]),  # type: ignore[misc]
    "a negative wait": lambda d: d["steps"][0].update(after={"days": -1}),  # type: ignore[index]
}


@pytest.mark.parametrize("mistake", WRONG)
def test_a_wrong_definition_is_refused_when_it_is_read(mistake: str) -> None:
    definition = codec.loads(codec.dumps(SILENT))
    WRONG[mistake](definition)
    with pytest.raises(msgspec.ValidationError):
        codec.load(codec.dumps(definition), Definition)
