"""What an outcome does to a card, when somebody is reminded, in which words."""

from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest

from shuke.domains.tasks import rules
from shuke.domains.tasks.types import Card, Outcome, Reason, Recorded, Said, Standing, TaskState
from shuke.kit.ids import new_id

SHANGHAI, LONDON = "Asia/Shanghai", "Europe/London"
LIN, WANG = new_id(), new_id()
NOON = datetime(2026, 11, 22, 4, tzinfo=UTC)  # 12:00 in Shanghai
CLOSING = (Outcome.REACHED, Outcome.VISIT_BOOKED, Outcome.REFUSED, Outcome.WRONG_PERSON)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)


def open_card(due: datetime = NOON) -> Card:
    return Card(new_id(), Standing(TaskState.OPEN, due, None, due + timedelta(days=1), 0))


def say(card: Card, outcome: Outcome, who: UUID = LIN, now: datetime = NOON, **said: object) -> Card:
    decided = decide(card, outcome, who, now, **said)
    assert decided is not None
    return Card(card.id, decided.standing, decided.last)


def decide(card: Card, outcome: Outcome, who: UUID = LIN, now: datetime = NOON, **said: object) -> Recorded | None:
    return rules.decide(card, Said(outcome, **said), who, new_id(), now, SHANGHAI)  # type: ignore[arg-type]


@pytest.mark.parametrize("outcome", CLOSING)
def test_a_closing_outcome_closes(outcome: Outcome) -> None:
    standing = say(open_card(), outcome, note="周六来").standing
    assert (standing.state, standing.outcome, standing.note) == (TaskState.DONE, outcome, "周六来")
    assert (standing.closed_at, standing.closed_by, standing.remind_at) == (NOON, LIN, None)


def test_later_puts_off_by_two_hours_or_to_the_time_that_was_said() -> None:
    assert say(open_card(), Outcome.LATER).standing.due_at == NOON + timedelta(hours=2)
    said = say(open_card(), Outcome.LATER, follow_up_at=NOON + timedelta(days=5))
    assert said.standing.due_at == NOON + timedelta(days=5) == said.standing.follow_up_at
    assert said.standing.state is TaskState.OPEN
    assert said.standing.expires_at >= said.standing.due_at + rules.KEEP_AFTER_DUE


@pytest.mark.parametrize(
    ("now", "due"),
    [
        ("2026-11-22T18:59+08:00", "2026-11-22T20:59+08:00"),
        ("2026-11-22T19:00+08:00", "2026-11-23T09:00+08:00"),
        ("2026-11-22T23:30+08:00", "2026-11-23T09:00+08:00"),
        ("2026-11-22T06:00+08:00", "2026-11-22T09:00+08:00"),
    ],
)
def test_later_never_falls_into_the_quiet_hours(now: str, due: str) -> None:
    assert say(open_card(), Outcome.LATER, now=at(now)).standing.due_at == at(due)


def test_a_call_that_nobody_answered_comes_back_tomorrow_at_ten_and_the_third_closes() -> None:
    card = open_card()
    for attempt in (1, 2):
        card = say(card, Outcome.NO_ANSWER, now=NOON + timedelta(days=attempt))
        assert card.standing.attempts == attempt and card.standing.state is TaskState.OPEN
        assert card.standing.due_at == at(f"2026-11-{23 + attempt}T10:00+08:00")
    card = say(card, Outcome.NO_ANSWER, now=NOON + timedelta(days=3))
    assert (card.standing.state, card.standing.attempts) == (TaskState.DONE, 3)


def test_adding_a_note_to_no_answer_is_not_a_second_attempt() -> None:
    card = say(say(open_card(), Outcome.NO_ANSWER), Outcome.NO_ANSWER, now=NOON + timedelta(minutes=2), note="关机")
    assert (card.standing.attempts, card.standing.note) == (1, "关机")


def test_another_call_after_a_while_is_a_second_attempt() -> None:
    later = NOON + rules.UNDO_WITHIN + timedelta(seconds=1)
    assert say(say(open_card(), Outcome.NO_ANSWER), Outcome.NO_ANSWER, now=later).standing.attempts == 2


def test_amending_keeps_what_it_does_not_say_and_the_time_of_closing() -> None:
    visit = NOON + timedelta(days=6)
    card = say(open_card(), Outcome.VISIT_BOOKED, follow_up_at=visit)
    card = say(card, Outcome.VISIT_BOOKED, now=NOON + timedelta(minutes=1), note="带宝宝")
    assert (card.standing.follow_up_at, card.standing.note, card.standing.closed_at) == (visit, "带宝宝", NOON)
    card = say(card, Outcome.VISIT_BOOKED, now=NOON + timedelta(minutes=2), note="")
    assert (card.standing.follow_up_at, card.standing.note) == (visit, None)


def test_amending_a_snooze_with_a_note_does_not_move_it() -> None:
    first = say(open_card(), Outcome.LATER)
    amended = say(first, Outcome.LATER, now=NOON + timedelta(minutes=5), note="在开车")
    assert amended.standing.due_at == first.standing.due_at


def test_amending_to_another_outcome_starts_from_before_the_first() -> None:
    card = say(say(open_card(), Outcome.NO_ANSWER), Outcome.REACHED, now=NOON + timedelta(minutes=1))
    assert (card.standing.attempts, card.standing.outcome) == (0, Outcome.REACHED)
    card = say(card, Outcome.LATER, now=NOON + timedelta(minutes=2))
    assert (card.standing.state, card.standing.closed_at, card.standing.closed_by) == (TaskState.OPEN, None, None)


def test_a_card_that_somebody_else_closed_stays() -> None:
    assert decide(say(open_card(), Outcome.REACHED, WANG), Outcome.REFUSED) is None


def test_somebody_else_may_go_on_with_a_card_that_stayed_open() -> None:
    card = say(say(open_card(), Outcome.NO_ANSWER, WANG), Outcome.NO_ANSWER)
    assert card.standing.attempts == 2 and not rules.undoable(card, WANG, NOON) and rules.undoable(card, LIN, NOON)


def test_undo_is_for_her_own_last_outcome_and_for_ten_minutes() -> None:
    card = say(open_card(), Outcome.REACHED)
    assert rules.undoable(card, LIN, NOON + rules.UNDO_WITHIN)
    assert not rules.undoable(card, LIN, NOON + rules.UNDO_WITHIN + timedelta(seconds=1))
    assert not rules.undoable(card, WANG, NOON)
    assert not rules.undoable(open_card(), LIN, NOON)


def test_the_same_operation_again_changes_nothing() -> None:
    card = say(open_card(), Outcome.REACHED)
    assert card.last is not None
    assert rules.decide(card, Said(Outcome.REFUSED), LIN, card.last.operation, NOON, SHANGHAI) is None


@pytest.mark.parametrize(
    ("due", "now", "remind", "zone"),
    [
        ("2026-11-22T18:00+08:00", "2026-11-22T09:00+08:00", "2026-11-22T17:30+08:00", SHANGHAI),
        ("2026-11-22T18:00+08:00", "2026-11-22T17:45+08:00", "2026-11-22T17:45+08:00", SHANGHAI),
        ("2026-11-22T09:10+08:00", "2026-11-21T12:00+08:00", "2026-11-22T09:00+08:00", SHANGHAI),
        ("2026-11-22T21:29+08:00", "2026-11-22T12:00+08:00", "2026-11-22T20:59+08:00", SHANGHAI),
        ("2026-11-22T21:31+08:00", "2026-11-22T12:00+08:00", "2026-11-23T09:00+08:00", SHANGHAI),
        # the night on which clocks are put forward, and the one on which they are put back
        ("2026-03-29T07:00+01:00", "2026-03-28T12:00+00:00", "2026-03-29T09:00+01:00", LONDON),
        ("2026-10-25T03:00+00:00", "2026-10-24T12:00+01:00", "2026-10-25T09:00+00:00", LONDON),
    ],
)
def test_reminders_come_half_an_hour_before_and_never_at_night(due: str, now: str, remind: str, zone: str) -> None:
    assert rules.remind_at(at(due), at(now), zone) == at(remind)


def test_times_beyond_a_year_or_without_an_offset_are_no_appointments() -> None:
    assert rules.within_reason(NOON - timedelta(days=30), NOON)
    assert not rules.within_reason(NOON + timedelta(days=400), NOON)
    assert not rules.within_reason(NOON.replace(tzinfo=None), NOON)


def test_reasons_are_spoken_in_the_readers_language_and_counted_up_to_her_today() -> None:
    why = {"zh-CN": "{days} 天没来了", "en": "{days} days"}
    reason = Reason(
        new_id(), "wake_up", why, {"zh-CN": "{called}您好", "en": "Hello {called}"}, {"since": "2026-08-22"}, NOON
    )
    (spoken,) = rules.spoken([reason], "zh-CN", date(2026, 11, 22), "周小满", "小满妈妈")
    assert (spoken.why, spoken.say) == ("92 天没来了", "小满妈妈您好")
    (spoken,) = rules.spoken([reason], "en", date(2026, 11, 23), None, None)
    assert (spoken.why, spoken.say) == ("93 days", "Hello there")
