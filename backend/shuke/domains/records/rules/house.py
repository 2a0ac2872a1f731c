"""What rows of customers may name, and what is asked of what they say."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from shuke.domains.customers.types.profile import Field
from shuke.domains.records.rules.custom import Asked


@dataclass(slots=True, frozen=True)
class Tag:
    """A tag that rows may name. `given`: it is set by hand or by files. `one_of`: the exclusive group it stands in."""

    id: UUID
    given: bool
    one_of: UUID | None


@dataclass(slots=True, frozen=True)
class House:
    """What rows may name: stores by code and by name, people by phone and by name (None: several of that name)."""

    stores: Mapping[str, UUID]
    default_store: UUID | None
    by_phone: Mapping[str, UUID]
    by_name: Mapping[str, UUID | None]
    today: date
    custom: Mapping[str, Asked] = field(default_factory=dict)
    """name of a field of head office's own -> the field"""
    widths: Mapping[str, int] = field(default_factory=dict)
    """field -> how long its numbers are that begin with 0"""
    tags: Mapping[str, Tag] = field(default_factory=dict)
    """name in lower case -> the tag"""
    ruled: Mapping[str, Field] = field(default_factory=dict)
    """key of a field of the program's own that has rules of head office's -> the field"""
