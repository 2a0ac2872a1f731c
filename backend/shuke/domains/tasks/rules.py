"""Pure decisions about cards: what an outcome does, when to remind, in which words; told the time and the zone."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from shuke.domains.customers.rules.consents import open_channels
from shuke.domains.tasks.types import (
    Card,
    LastOutcome,
    Outcome,
    Reason,
    Recorded,
    Said,
    SpokenReason,
    Standing,
    TaskState,
)
from shuke.kit import zones
from shuke.kit.i18n import DEFAULT, fill, say
from shuke.kit.ids import effect_id

DAY_BEGINS, DAY_ENDS = 9, 21
"""Between these hours on the store's wall somebody may be called or reminded."""

REMIND_BEFORE = timedelta(minutes=30)
SNOOZE = timedelta(hours=2)
CALL_AGAIN_AT = 10
MOST_ATTEMPTS = 3
UNDO_WITHIN = timedelta(minutes=10)
KEEP_AFTER_DUE = timedelta(days=2)
FURTHEST = timedelta(days=366)


def waking(moment: datetime, zone: str) -> datetime:
    """The moment itself, or, within the quiet hours, the next morning."""
    local = moment.astimezone(ZoneInfo(zone))
    if DAY_BEGINS <= local.hour < DAY_ENDS:
        return moment
    return zones.at_local(local.date() + timedelta(days=local.hour >= DAY_ENDS), DAY_BEGINS, zone)


def remind_at(due_at: datetime, now: datetime, zone: str) -> datetime:
    """Half an hour before a card is due, at once where that has passed, never within the quiet hours."""
    return waking(max(due_at - REMIND_BEFORE, now), zone)


def within_reason(moment: datetime, now: datetime) -> bool:
    """Can somebody have meant this time? A phone without a connection may deliver late, so the past is fine."""
    return moment.tzinfo is not None and abs(moment - now) <= FURTHEST


def decide(card: Card, said: Said, by: UUID | None, operation: UUID, now: datetime, zone: str) -> Recorded | None:
    """What recording an outcome does; None: the card stays, since somebody else closed it or this is a repeat."""
    last, standing = card.last, card.standing
    if last is not None and last.operation == operation:
        return None
    closed = standing.state is TaskState.DONE
    if closed and standing.closed_by != by:
        return None
    if last is None or last.by != by or not (closed or now - last.at <= UNDO_WITHIN):
        entry = effect_id("contact", card.id, operation)
        return Recorded(
            apply(standing, said, by, now, zone), LastOutcome(by, now, operation, entry, standing), amends=False
        )
    new = apply(last.before, _completed(said, standing), by, now, zone)
    if new.closed_at is not None and standing.closed_at is not None:
        new = replace(new, closed_at=standing.closed_at)
    return Recorded(new, replace(last, at=now, operation=operation), amends=True)


def _completed(said: Said, standing: Standing) -> Said:
    """An amendment with what it leaves unsaid taken from what it amends."""
    same = said.outcome is standing.outcome
    return Said(
        said.outcome,
        standing.note if said.note is None else said.note,
        said.follow_up_at or (standing.follow_up_at if same else None),
    )


def apply(standing: Standing, said: Said, by: UUID | None, now: datetime, zone: str) -> Standing:
    """A card after an outcome: closed, put off, or to be called again."""
    attempts = standing.attempts + (said.outcome is Outcome.NO_ANSWER)
    spoken = replace(standing, attempts=attempts, outcome=said.outcome, note=said.note or None)
    if said.outcome is Outcome.LATER:
        return _put_off(spoken, waking(max(said.follow_up_at or now + SNOOZE, now), zone), now, zone)
    if said.outcome is Outcome.NO_ANSWER and attempts < MOST_ATTEMPTS:
        tomorrow = zones.at_local(zones.local_date(now, zone) + timedelta(days=1), CALL_AGAIN_AT, zone)
        return _put_off(spoken, waking(max(said.follow_up_at or tomorrow, now), zone), now, zone)
    return replace(
        spoken,
        state=TaskState.DONE,
        remind_at=None,
        follow_up_at=said.follow_up_at,
        closed_at=now,
        closed_by=by,
    )


def _put_off(standing: Standing, due_at: datetime, now: datetime, zone: str) -> Standing:
    return replace(
        standing,
        state=TaskState.OPEN,
        due_at=due_at,
        remind_at=remind_at(due_at, now, zone),
        expires_at=max(standing.expires_at, due_at + KEEP_AFTER_DUE),
        follow_up_at=due_at,
        closed_at=None,
        closed_by=None,
    )


def undoable(card: Card, by: UUID | None, now: datetime) -> bool:
    """Only her own last outcome, and only for a while."""
    return card.last is not None and card.last.by == by and now - card.last.at <= UNDO_WITHIN


def wanted(reason: Reason, refusals: Collection[str]) -> bool:
    """May somebody still reach her about this, by any way at all?"""
    return bool(open_channels(refusals, [reason.purpose]))


def merged(reasons: Iterable[Reason]) -> tuple[Reason, ...]:
    """Reasons most urgent first, each once."""
    unique = {reason.id: reason for reason in reasons}
    return tuple(sorted(unique.values(), key=lambda reason: (reason.due_at, reason.key)))


def joined(standing: Standing, due_at: datetime, expires_at: datetime, now: datetime, zone: str) -> Standing:
    """A card that further reasons joined: due when the most urgent is."""
    due = min(standing.due_at, due_at)
    remind = standing.remind_at if due == standing.due_at else remind_at(due, now, zone)
    return replace(standing, due_at=due, remind_at=remind, expires_at=max(standing.expires_at, expires_at))


def spoken(
    reasons: Sequence[Reason], locale: str, today: date, name: str | None, alias: str | None
) -> list[SpokenReason]:
    """The reasons in a language, on a day. Whoever has no name is greeted without one."""
    called = alias or name or ("" if locale == DEFAULT else "there")
    person = {"called": called, "name": name or called, "alias": called}
    return [_spoken(reason, locale, today, person) for reason in reasons]


def _spoken(reason: Reason, locale: str, today: date, person: Mapping[str, str]) -> SpokenReason:
    params: dict[str, object] = {**person, **reason.params}
    since = reason.params.get("since")
    if since:
        params["days"] = (today - date.fromisoformat(since)).days
    if "children" in reason.params:
        params["children"] = named(reason.params["children"], locale)
    why, words = _in(locale, reason.why), _in(locale, reason.say)
    return SpokenReason(reason.key, fill(why, params), fill(words, params) or None, reason.due_at)


def named(children: str, locale: str) -> str:
    """Children (a name a line) as a sentence calls them: 小满和小树; those without a name together as the baby."""
    names = [name for name in children.split("\n") if name]
    if len(names) <= children.count("\n"):
        names.append(say(locale, "your_child"))
    return say(locale, "and").join(names)


def _in(locale: str, words: Mapping[str, str]) -> str:
    return words.get(locale) or words.get(DEFAULT) or next(iter(words.values()), "")
