"""Pure decisions about visits and leads: who counts as new, when she was filed, what is no inquiry."""

import re
from collections.abc import Sequence
from datetime import datetime, timedelta

FILE_WITHIN = timedelta(hours=1)
"""How soon after her visit a new customer is to be filed; entered so long before it, she is new all the same."""
UNDO_WITHIN = timedelta(minutes=10)
OLDEST = timedelta(days=31)
"""A phone without a connection delivers late, but not later than this."""

LINK = re.compile(r"https?://|www\.", re.IGNORECASE)
MOST_LINKS = 1
KEYPAD = ("01234567890123456789", "98765432109876543210")


def happened(said: datetime | None, now: datetime) -> datetime | None:
    """When something was put down: a clock that is ahead says now; None: longer ago than anybody waits for a signal."""
    if said is None or said > now:
        return now
    return said if now - said <= OLDEST else None


def is_new(entered_at: datetime, visit_at: datetime) -> bool:
    """Is she a new customer of this visit: entered after it, or at most an hour before?"""
    return entered_at >= visit_at - FILE_WITHIN


def filed_at(visit_at: datetime, said: datetime | None, now: datetime) -> datetime:
    """When her record was made, as the phone that was offline says it; never before the visit or after now."""
    return min(max(said or now, visit_at), now)


def keypad_number(e164: str) -> bool:
    """A number that nobody has but everybody types: one digit over and over, or the keypad in order."""
    tail = e164[-8:]
    return len(set(tail)) == 1 or any(tail in run for run in KEYPAD)


def is_junk(name: str | None, message: str | None) -> bool:
    """What no customer writes: a link for a name, links for a message, words without a letter or a digit in them."""
    texts: Sequence[str] = [text for text in (name, message) if text]
    if name and LINK.search(name):
        return True
    if message and len(LINK.findall(message)) > MOST_LINKS:
        return True
    return any(not any(char.isalnum() for char in text) for text in texts)
