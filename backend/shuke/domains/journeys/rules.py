"""Pure decisions about journeys: who enters, when the next step is, what a timer that went off wants done."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from shuke.domains.customers.rules.consents import open_channels
from shuke.domains.journeys.types import (
    AddReason,
    Definition,
    End,
    Enrolment,
    Facts,
    Intent,
    Skip,
    Start,
    Step,
    Wait,
    WakeAt,
)
from shuke.domains.tasks.rules import DAY_BEGINS, DAY_ENDS
from shuke.kit import zones

WORKDAY_ENDS = 20
"""When a task is due that could not be made in time."""


def planned_at(definition: Definition, step: int, started_at: datetime, zone: str) -> datetime:
    """The moment of a step. Days are calendar days on the store's wall, hours are hours."""
    chosen = definition.steps[step]
    hours = timedelta(hours=chosen.after.hours)
    if chosen.at_hour is None:
        return started_at + hours
    day = zones.local_date(started_at, zone) + timedelta(days=definition.trigger.days + chosen.after.days)
    return zones.at_local(day, chosen.at_hour, zone) + hours


def due_at(step: Step, planned: datetime, now: datetime, zone: str) -> datetime:
    """When a step's task is due: brought forward out of the quiet hours, and never past at its birth."""
    due = _awake_before(_after(planned, step.due_in, zone), zone)
    if due > now:
        return due
    day = zones.local_date(now, zone)
    ends = zones.at_local(day, WORKDAY_ENDS, zone)
    return ends if ends > now else zones.at_local(day + timedelta(days=1), WORKDAY_ENDS, zone)


def _after(moment: datetime, wait: Wait, zone: str) -> datetime:
    """Days move the date and keep the hour, hours are hours."""
    if not wait.days:
        return moment + timedelta(hours=wait.hours)
    moved = moment.astimezone(ZoneInfo(zone)) + timedelta(days=wait.days)
    return moved.astimezone(UTC) + timedelta(hours=wait.hours)


def _awake_before(moment: datetime, zone: str) -> datetime:
    """The moment itself, or, within the quiet hours, the evening before them."""
    day = zones.local_date(moment, zone)
    if moment > zones.at_local(day, DAY_ENDS, zone):
        return zones.at_local(day, DAY_ENDS, zone)
    if moment < zones.at_local(day, DAY_BEGINS, zone):
        return zones.at_local(day - timedelta(days=1), DAY_ENDS, zone)
    return moment


def entry(definition: Definition, facts: Facts, follow_ups: bool, now: datetime) -> Start | None:
    """Does she enter the journey now? Without `follow_ups` (history was filed, an order was refunded or corrected) only
    what time brings later: nobody is thanked, and nobody woken who is silent already.

    First order: once in a lifetime, while all her counted orders are of one day. Silence: once for each last order.
    """
    last, first = facts.last_order_at, facts.first_order_at
    if last is None or first is None or facts.merged:
        return None
    if definition.trigger.on == "first_order":
        if not follow_ups or zones.local_date(first, facts.zone) != zones.local_date(last, facts.zone):
            return None
        return Start(facts.customer_id, "1", first, planned_at(definition, 0, first, facts.zone))
    wake_at = planned_at(definition, 0, last, facts.zone)
    if not follow_ups and wake_at <= now:
        return None
    return Start(facts.customer_id, silent_since(facts), last, wake_at)


def silent_since(facts: Facts) -> str:
    """The occurrence of a silence: the day of the last order; empty: nothing bought."""
    return zones.local_date(facts.last_order_at, facts.zone).isoformat() if facts.last_order_at else ""


def decide(definition: Definition, enrolment: Enrolment, facts: Facts, now: datetime) -> Iterator[Intent]:
    """What a timer that went off wants: the due steps in order, then the next timer or the end."""
    step = enrolment.step
    reason = over(definition, enrolment, facts)
    while reason is None and step < len(definition.steps):
        chosen = definition.steps[step]
        planned = planned_at(definition, step, enrolment.started_at, facts.zone)
        if planned > now:
            yield WakeAt(step, planned)
            return
        if chosen.skip_when_late and now > _after(planned, chosen.skip_when_late, facts.zone):
            yield Skip(step)
        elif not open_channels(facts.refusals, [chosen.purpose]):
            yield Skip(step, "refused")
        else:
            due = due_at(chosen, planned, now, facts.zone)
            yield AddReason(step, due, due + timedelta(days=chosen.expires_in_days))
        step += 1
    yield End(step, reason or "completed")


def over(definition: Definition, enrolment: Enrolment, facts: Facts) -> str | None:
    """Why an enrolment has nothing more to do, by what is true now; None: it goes on."""
    if facts.merged:
        return "merged"
    if facts.last_order_at is None:
        return "undone"
    if "ordered" in definition.exits and facts.last_order_at > enrolment.started_at:
        same_day = definition.trigger.on == "silent" and silent_since(facts) == enrolment.occurrence
        if not same_day:
            return "ordered"
    if definition.trigger.on == "silent" and silent_since(facts) < enrolment.occurrence:
        return "undone"
    return None
