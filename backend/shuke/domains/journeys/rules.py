"""Pure decisions about journeys: who enters, when the next step is, what a timer that went off wants done."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from string import Formatter
from zoneinfo import ZoneInfo

from shuke.domains.customers.rules import dependants as ages
from shuke.domains.customers.rules.consents import open_channels
from shuke.domains.customers.types.consents import ConsentChannel, ConsentPurpose
from shuke.domains.customers.types.dependants import Dependant, LifeStage
from shuke.domains.journeys.types import (
    AddReason,
    Definition,
    End,
    Enrolment,
    Facts,
    Intent,
    Occasion,
    Skip,
    Start,
    Step,
    Wait,
    WakeAt,
)
from shuke.domains.tasks.rules import DAY_BEGINS, DAY_ENDS
from shuke.kit import zones
from shuke.kit.i18n import pick

CHILDREN_REFUSED = f"{ConsentPurpose.CHILDREN.value}/{ConsentChannel.ANY.value}"
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
    if last is None or first is None or facts.merged or definition.trigger.on == "milestone":
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
    if definition.trigger.on == "milestone":
        return None if facts.occasion else "undone"
    if facts.last_order_at is None:
        return "undone"
    if "ordered" in definition.exits and facts.last_order_at > enrolment.started_at:
        same_day = definition.trigger.on == "silent" and silent_since(facts) == enrolment.occurrence
        if not same_day:
            return "ordered"
    if definition.trigger.on == "silent" and silent_since(facts) < enrolment.occurrence:
        return "undone"
    return None


def speakable(facts: Facts, children: Sequence[Dependant]) -> tuple[Dependant, ...]:
    """Her children who may be spoken of: not silenced, and she has not refused that children's data be used."""
    if facts.merged or CHILDREN_REFUSED in facts.refusals:
        return ()
    return tuple(child for child in children if child.stopped_at is None)


def milestone_starts(
    definition: Definition, facts: Facts, children: Sequence[Dependant], stages: Sequence[LifeStage]
) -> Iterator[Start]:
    """The milestones of children who may be spoken of that are to be announced: nothing retroactive.

    The occurrence is the milestone and the day that it counts from, so that twins have one.
    """
    for child in children:
        for stage, day in ((one.stage, one.day) for one in ages.milestones(child, stages)):
            since = max(child.since, stage.since or child.since)
            if day >= zones.local_date(since, facts.zone):
                begins = zones.at_local(day, 0, facts.zone)
                wake_at = planned_at(definition, 0, begins, facts.zone)
                yield Start(facts.customer_id, f"{stage.key}:{child.anchor}", begins, wake_at)


def occasion(occurrence: str, day: date, children: Sequence[Dependant], stages: Sequence[LifeStage]) -> Occasion | None:
    """The milestone of an enrolment as it holds now; None: none of these children has it on that day."""
    base, _ = turn(occurrence)
    held = [
        (one.stage, child)
        for child in children
        for one in ages.milestones(child, stages)
        if f"{one.stage.key}:{child.anchor}" == base and one.day == day
    ]
    return Occasion(held[0][0], tuple(child for _, child in held)) if held else None


def turn(occurrence: str) -> tuple[str, int]:
    """The milestone and its day, and how often it had come before: a stop that was taken back lets it come again."""
    parts = occurrence.split(":")
    return ":".join(parts[:2]), int(parts[2]) if len(parts) > 2 else 1


def again(base: str, turns: int) -> str:
    """The occurrence that follows so many turns."""
    return f"{base}:{turns + 1}" if turns else base


def told(step: Step, occasion: Occasion | None, since: date) -> tuple[dict[str, str], dict[str, str], dict[str, str]]:
    """What a step's reason says: why and what to say as templates by language, and what fills them.

    Of a milestone the stage's own words go before the journey's; {days} count from the birth.
    """
    if occasion is None:
        return dict(step.why), dict(step.say), {"since": since.isoformat()}
    stage, anchor = occasion.stage, occasion.children[0].anchor
    why = _worded({**step.why, **stage.why}, stage.labels)
    return why, _worded({**step.say, **stage.say}, stage.labels), {"since": anchor.isoformat(), **called(occasion)}


def called(occasion: Occasion) -> dict[str, str]:
    """The children of an occasion as a reason keeps them: a name a line, empty for who has none."""
    return {"children": "\n".join(child.name or "" for child in occasion.children)}


def _worded(templates: Mapping[str, str], labels: Mapping[str, str]) -> dict[str, str]:
    """Templates with the milestone's name in them, which may hold braces of its own."""
    names = {language: pick(labels, language).replace("{", "{{").replace("}", "}}") for language in templates}
    return {language: words.replace("{milestone}", names[language]) for language, words in templates.items()}


NAMED = {"called": ("alias", "name"), "name": ("name", "alias"), "alias": ("alias", "name")}
"""Name in a step's words -> built-in fields that fill it."""
COUNTED = {"first_order": ("order_count",), "silent": ("last_order",), "milestone": ()}
"""Trigger -> built-in fields that it goes by."""


def fields_of(definition: Definition) -> dict[str, str]:
    """Key of a field of her card that a journey refers to -> the first step that does: names in its words, of head
    office's own fields too; what starts it, by its first step.
    """
    found = dict.fromkeys(COUNTED[definition.trigger.on], definition.steps[0].key)
    for step in definition.steps:
        words = "".join((*step.why.values(), *step.say.values()))
        names = [name for _, name, _, _ in Formatter().parse(words) if name]
        for key in (key for name in names for key in NAMED.get(name, (name,))):
            found.setdefault(key, step.key)
    return found
