"""Customers whom nobody knows yet: all that is written of one, as binary COPY takes it.

It is made where the rows are read, in a process of its own, so that storing is little more than sending bytes on. What
the rows say comes to the same as by `plan`.
"""

from collections.abc import Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any
from uuid import UUID

from msgspec import Struct

from shuke.domains.customers.rules import PROFILE, Draft, drafts, fresh, tokens
from shuke.domains.customers.rules.completeness import asked, measure
from shuke.domains.customers.types import CustomerRow, RowChange, TimelineIn
from shuke.domains.customers.types.profile import Document
from shuke.kit import codec, pgcopy, phones, pinyin
from shuke.kit.ids import Ascending

CUSTOMER = (
    *("id", "brand_id", "store_id", "guide_id", *PROFILE, "created_at", "updated_at", "custom_values"),
    *("completeness", "problems"),
)
IDENTITY = ("id", "brand_id", "customer_id", "kind", "value", "raw_value", "created_at", "updated_at")
TIMELINE = ("id", "brand_id", "customer_id", "kind", "at", "actor_id", "data")
TOKEN = ("store_id", "token", "customer_id")
NUMBERS = ("member_no", "card")
"""Kinds of numbers that are found from their first character."""

_text = lru_cache(1 << 14)(pgcopy.text)
_moment = lru_cache(1 << 12)(pgcopy.timestamptz)
_texts = lru_cache(1 << 10)(pgcopy.texts)


class Newcomer(Struct):
    """One of them."""

    key: bytes
    """of her id"""
    numbers: list[tuple[str, str]]
    """(kind, value)"""
    customer: bytes
    """her row, columns CUSTOMER; the others likewise"""
    identities: list[bytes]
    """rows of her numbers, in their order"""
    timeline: bytes
    tokens: bytes

    @property
    def id(self) -> UUID:
        return UUID(bytes=self.key)


class Newcomers:
    """Makes them for one import."""

    def __init__(self, brand_id: UUID, batch_id: UUID, document: Document) -> None:
        self._batch_id, self._asked = batch_id, asked(document)
        self._searchable = {one.key for one in document.fields if one.searchable and one.archived_at is None}
        self._brand, self._ids = pgcopy.uuid(brand_id), Ascending()

    def one(
        self, row: CustomerRow, key: UUID, now: datetime, entries: Sequence[TimelineIn] = ()
    ) -> tuple[Newcomer, RowChange] | None:
        """The customer of a row whose numbers nobody has, with what the import is to put down of her. `entries`: what
        else stands in her timeline. None: only the database can tell what she is found by.
        """
        found = [value for name, value in row.custom.items() if name in self._searchable]
        if not all(isinstance(value, str) for value in found):
            return None
        draft = fresh(row, key)
        mine, record = pgcopy.uuid(key), drafts.record(draft, now)
        told = [drafts.entry(draft, now, self._batch_id, next(self._ids)), *entries]
        newcomer = Newcomer(
            key.bytes,
            [(kind, value) for kind, value, _ in draft.identities],
            self._customer(record, mine, now),
            [self._identity(one, mine, now) for one in draft.identities],
            b"".join(self._entry(one, mine) for one in told),
            _tokens(draft, found, mine),
        )
        return newcomer, drafts.change(draft)

    def _customer(self, record: drafts.Record, mine: bytes, now: datetime) -> bytes:
        full, values = measure(self._asked, record.facts()), record.values
        return b"".join((
            *(HEADS[len(CUSTOMER)], mine, self._brand, pgcopy.uuid(record.store_id), pgcopy.uuid(record.guide_id)),
            *[_text(values[name]) for name in PROFILE],
            *(_moment(record.created_at), _moment(now)),
            pgcopy.jsonb(codec.dumps(record.custom)),
            *(pgcopy.int2(full.score), _texts(full.problems)),
        ))  # fmt: skip

    def _identity(self, number: tuple[str, str, str], mine: bytes, now: datetime) -> bytes:
        kind, value, raw = number
        at = _moment(now)
        said = (_text(kind), pgcopy.text(value), pgcopy.text(raw[:200]))
        return b"".join((HEADS[len(IDENTITY)], pgcopy.next_uuid(self._ids), self._brand, mine, *said, at, at))

    def _entry(self, one: TimelineIn, mine: bytes) -> bytes:
        said = (_text(one.kind.value), _moment(one.at), pgcopy.uuid(one.actor_id), pgcopy.jsonb(codec.dumps(one.data)))
        return b"".join((HEADS[len(TIMELINE)], pgcopy.uuid(one.id), self._brand, mine, *said))


HEADS = [pgcopy.row(fields) for fields in range(len(CUSTOMER) + 1)]


def _tokens(draft: Draft, found: Sequence[Any], mine: bytes) -> bytes:
    numbers = [value for kind, value, _ in draft.identities if kind in NUMBERS]
    head = HEADS[len(TOKEN)] + pgcopy.uuid(draft.store_id)
    said = tokens((draft.values["name"], draft.values["alias"], *found), numbers)
    return pgcopy.texts_after(head, said, mine)


def load() -> None:
    """Has the dictionaries of names and numbers at hand, which the first customer would wait for."""
    pinyin.spelled("王", 1)
    phones.normalise("13800000000")
