"""What passed between a customer and the shop, as it is put down and as it is read."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import Any
from uuid import UUID

from msgspec import Struct


class TimelineKind(Enum):
    """What an entry's `data` holds is said beside each; money in minor units, nothing is a sentence yet."""

    CREATED = "created"
    """{source}"""
    ORDER = "order"
    """{total, currency, items, store}: store is its name"""
    REFUND = "refund"
    """as ORDER; the total is negative"""
    CONTACT = "contact"
    """{outcome, note?, followUpAt?}"""
    NOTE = "note"
    """{text}"""
    PHONE_REVEALED = "phone_revealed"
    """{reason?, note?}: a RevealReason's value, what was written with it"""
    PROFILE = "profile"
    """{fields}: names of the fields that were changed"""
    CONSENT = "consent"
    """{purpose, channel, state}: values of the enums"""
    DISOWNED = "disowned"
    """{kind}: of the identity that turned out to be somebody else's"""
    SHARED = "shared"
    """{store}: the name of the store that may open her from now on"""
    UNSHARED = "unshared"
    """as SHARED: may no longer"""
    VISIT = "visit"
    """{channel, bought?, note?}; the entry has the visit's id"""
    INQUIRY = "inquiry"
    """as VISIT, and of a lead {source, left?, others?}: [kind, masked value] of contacts that did not become hers,
    being nobody's or another customer's
    """
    CALL = "call"
    """{text?}, as the three that follow"""
    MESSAGE = "message"
    PREFERENCE = "preference"
    COMPLAINT = "complaint"
    MERGED = "merged"
    """{merge}: another archive of hers became this one"""
    SELF_FILLED = "self_filled"
    """{fields, waiting, offers}: fields as PROFILE, how many answers wait, and by language what she was given"""


@dataclass(slots=True, frozen=True)
class TimelineEntry:
    """Something that touched a customer; `actor` is the name of the staff member, None: the program or the till."""

    id: UUID
    customer_id: UUID
    kind: TimelineKind
    at: datetime
    actor: str | None
    data: Mapping[str, Any]
    timezone: str
    """of the customer's home store, by whose clock a booked visit is told"""


class TimelineIn(Struct, frozen=True):
    """An entry to append; the id is the caller's when a repeat must land on the same entry."""

    id: UUID
    customer_id: UUID
    kind: TimelineKind
    at: datetime
    actor_id: UUID | None
    data: Mapping[str, Any]
