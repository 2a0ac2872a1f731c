"""Use cases: customers entering and leaving journeys, the timers that take their steps, milestones of children."""

from shuke.domains.journeys.service.enrolments import (
    SHIPPED,
    enrol,
    ensure_default_journeys,
    forget,
    hold_enrolments,
    sweep_enrolments,
)
from shuke.domains.journeys.service.merging import absorb
from shuke.domains.journeys.service.milestones import (
    follow_all_children,
    follow_children,
    remove_dependant,
    restore_dependant,
    resume_milestones,
    stop_milestones,
)

__all__ = [
    "SHIPPED",
    "absorb",
    "enrol",
    "ensure_default_journeys",
    "follow_all_children",
    "follow_children",
    "forget",
    "hold_enrolments",
    "remove_dependant",
    "restore_dependant",
    "resume_milestones",
    "stop_milestones",
    "sweep_enrolments",
]
