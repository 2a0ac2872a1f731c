"""Pure decisions about children: how old, in which stage, which milestones on which days."""

from calendar import monthrange
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta

from shuke.domains.customers.types.dependants import Age, AgeUnit, Dependant, LifeStage, LifeStageKind, Milestone

LONGEST_WAIT = 301
"""Days: a due date lies no further ahead than that."""
OLDEST = 366 * 100
"""Days: a child of a customer's was born no longer ago."""


def add_months(day: date, months: int) -> date:
    """The same day so many months on, or the last of a month that lacks it: 31 January, one month on, is the last of
    February.
    """
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def at_age(anchor: date, age: Age) -> date:
    """The day of an age; `anchor` is the birth, or the due date for what lies before it."""
    return add_months(anchor, age.value) if age.unit is AgeUnit.MONTHS else anchor + timedelta(days=age.value)


def stage_of(child: Dependant, stages: Iterable[LifeStage], today: date) -> LifeStage | None:
    """The stage that a child is in: of those that have begun and not ended, the one that began last.

    Before the birth only what lies before it counts, so that a child that is late stays in the last of these.
    """
    born = child.born_on is not None
    now = today if born else min(today, child.anchor - timedelta(days=1))
    found: list[tuple[date, LifeStage]] = []
    for stage in stages:
        if stage.kind is LifeStageKind.MILESTONE or (stage.begins.value < 0) is born:
            continue
        if stage.kind is LifeStageKind.GRADUATION:
            if graduated(child, [stage], today):
                return stage
        elif at_age(child.anchor, stage.begins) <= now and not (stage.ends and at_age(child.anchor, stage.ends) <= now):
            found.append((at_age(child.anchor, stage.begins), stage))
    return max(found, key=lambda pair: pair[0])[1] if found else None


def graduated(child: Dependant, stages: Iterable[LifeStage], today: date) -> bool:
    """Older than the age of graduation; on the very day it is not yet."""
    if child.born_on is None:
        return False
    ages = (stage.begins for stage in stages if stage.kind is LifeStageKind.GRADUATION)
    return any(today > at_age(child.born_on, age) for age in ages)


def family_graduated(children: Sequence[Dependant], stages: Sequence[LifeStage], today: date) -> bool:
    """With the youngest; whoever has no child has nobody who could."""
    return bool(children) and all(graduated(child, stages, today) for child in children)


def overdue(child: Dependant, today: date) -> bool:
    """The due date has passed and nobody has said that it was born."""
    return child.due_on is not None and child.due_on < today


def milestones(child: Dependant, stages: Iterable[LifeStage]) -> Iterator[Milestone]:
    """The milestones that make cards, with their days; before the birth only those that count from the due date."""
    born = child.born_on is not None
    for stage in stages:
        if stage.kind is LifeStageKind.MILESTONE and stage.active and (stage.begins.value < 0) is not born:
            yield Milestone(stage, at_age(child.anchor, stage.begins))


def next_milestone(child: Dependant, stages: Iterable[LifeStage], today: date) -> Milestone | None:
    """The first that is still to come, today's included; None for a child whose milestones are stopped."""
    if child.stopped_at is not None:
        return None
    coming = (one for one in milestones(child, stages) if one.day >= today)
    return min(coming, key=lambda one: one.day, default=None)


def wrong_dates(born_on: date | None, due_on: date | None, today: date) -> tuple[str, str] | None:
    """The field that is wrong and why (a key of `kit.words`); None: they are fine."""
    if (born_on is None) is (due_on is None):
        return "bornOn", "one_date"
    if born_on is not None:
        if born_on > today:
            return "bornOn", "birth_to_come"
        return ("bornOn", "birth_long_ago") if (today - born_on).days > OLDEST else None
    assert due_on is not None
    if due_on < today:
        return "dueOn", "due_date_past"
    return ("dueOn", "due_date_far") if (due_on - today).days > LONGEST_WAIT else None
