"""Use cases of this room, one file a subject."""

from shuke.domains.tasks.service.cards import add_reason, add_reasons, follow_owner, withdraw_reasons
from shuke.domains.tasks.service.merging import absorb, hold_cards
from shuke.domains.tasks.service.moves import hand_over, nudge, reassign, undo_reassign
from shuke.domains.tasks.service.outcomes import record_outcome, undo_outcome
from shuke.domains.tasks.service.timers import sweep_expired, sweep_reminders

__all__ = [
    "absorb",
    "add_reason",
    "add_reasons",
    "follow_owner",
    "hand_over",
    "hold_cards",
    "nudge",
    "reassign",
    "record_outcome",
    "sweep_expired",
    "sweep_reminders",
    "undo_outcome",
    "undo_reassign",
    "withdraw_reasons",
]
