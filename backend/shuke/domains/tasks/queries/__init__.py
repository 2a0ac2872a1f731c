"""Reads: a person's day, cards by id, the open card of a customer, the managers' board."""

from shuke.domains.tasks.queries.boards import board, board_cards, place_of
from shuke.domains.tasks.queries.cards import open_cards_of, open_reasons, open_tasks_of, task, tasks_by_id
from shuke.domains.tasks.queries.day import done_today, today

__all__ = [
    "board",
    "board_cards",
    "done_today",
    "open_cards_of",
    "open_reasons",
    "open_tasks_of",
    "place_of",
    "task",
    "tasks_by_id",
    "today",
]
