"""Use cases of this room, one file a subject."""

from shuke.domains.tasks.service.arrivals import answer_complaint, answer_lead
from shuke.domains.tasks.service.calls import reveal_for_card
from shuke.domains.tasks.service.cards import (
    add_reason,
    add_reasons,
    follow_owner,
    withdraw_reasons,
    withdraw_unwanted,
)
from shuke.domains.tasks.service.forgetting import forget
from shuke.domains.tasks.service.merging import absorb, hold_cards
from shuke.domains.tasks.service.moves import hand_over, nudge, reassign, undo_reassign
from shuke.domains.tasks.service.outcomes import record_outcome, undo_outcome
from shuke.domains.tasks.service.renaming import rename_reasons
from shuke.domains.tasks.service.timers import sweep_expired, sweep_reminders

__all__ = [
    "absorb",
    "add_reason",
    "add_reasons",
    "answer_complaint",
    "answer_lead",
    "follow_owner",
    "forget",
    "hand_over",
    "hold_cards",
    "nudge",
    "reassign",
    "record_outcome",
    "rename_reasons",
    "reveal_for_card",
    "sweep_expired",
    "sweep_reminders",
    "undo_outcome",
    "undo_reassign",
    "withdraw_reasons",
    "withdraw_unwanted",
]
