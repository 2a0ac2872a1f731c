"""From a draft to what is written of it: her row, what stands in her timeline, what an import puts down."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from msgspec import Struct

from shuke.domains.customers.rules import PROFILE, Draft, schema_names
from shuke.domains.customers.rules.completeness import NOTHING
from shuke.domains.customers.types import RowChange, TimelineIn, TimelineKind

COLUMNS = frozenset((*PROFILE, "guide_id"))
CUSTOM = "values."
"""What the name of a field of head office's own begins with among a draft's values, its key behind."""


class Record(Struct, frozen=True):
    """A customer to be written, enums as values. `identity`: (kind, value, as typed), which decides a race."""

    id: UUID
    identity: tuple[str, str, str] | None
    store_id: UUID
    guide_id: UUID | None
    values: dict[str, Any]
    """name, alias, gender, birthday, level, source, note"""
    created_at: datetime
    custom: Mapping[str, Any] = msgspec.field(default_factory=dict)
    """field key -> value, of head office's own fields"""
    further: Sequence[tuple[str, str]] = ()
    """(kind, value) of numbers that are attached right after: they count in completeness"""

    def facts(self) -> dict[str, Any]:
        """What `queries.profile.FACTS` reads of her once she is on file."""
        said = {name: None if value in NOTHING.get(name, ()) else value for name, value in self.values.items()}
        numbers = [self.identity[:2], *self.further] if self.identity else self.further
        return {**said, **dict(numbers), "store": self.store_id, "guide": self.guide_id, "values": self.custom}


def record(draft: Draft, now: datetime) -> Record:
    first = draft.identities[0] if draft.identities else None
    more = [(kind, value) for kind, value, _ in draft.identities[1:]]
    return Record(
        draft.customer_id,
        first,
        draft.store_id,
        draft.guide_id,
        {name: draft.values[name] for name in PROFILE},
        draft.created_at or now,
        custom(draft),
        further=more,
    )


def custom(draft: Draft) -> dict[str, Any]:
    """What `customer.custom_values` is to hold."""
    said = {name.removeprefix(CUSTOM): value for name, value in draft.values.items() if name.startswith(CUSTOM)}
    return {key: value for key, value in said.items() if value is not None}


def change(draft: Draft) -> RowChange:
    """What an import puts down of her; of a new customer there is no before."""
    columns = [name for name in sorted(draft.changed) if name in COLUMNS or name.startswith(CUSTOM)]
    after = draft.values | {"guide_id": str(draft.guide_id) if draft.guide_id else None}
    return RowChange(
        draft.customer_id,
        draft.is_new,
        draft.version + 1,
        {} if draft.is_new else {name: draft.before.get(name) for name in columns},
        {name: after[name] for name in columns},
        [(kind, value) for kind, value, _ in draft.identities],
    )


def entry(draft: Draft, now: datetime, batch_id: UUID | None, key: UUID) -> TimelineIn:
    """What stands in her timeline of it; an import's entries say whose they are, and go with it when it is undone."""
    data: dict[str, object] = {"import": batch_id} if batch_id else {}
    if draft.is_new:
        data |= {"source": draft.values["source"]} | ({"author": draft.author} if draft.author else {})
        at = draft.created_at or now
        return TimelineIn(key, draft.customer_id, TimelineKind.CREATED, at, draft.author_id, data)
    data["fields"] = schema_names(draft.changed)
    return TimelineIn(key, draft.customer_id, TimelineKind.PROFILE, now, None, data)
