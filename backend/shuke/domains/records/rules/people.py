"""What a row says of a customer, as it goes from the process that reads to the one that stores."""

import hashlib
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from msgspec import Struct

from shuke.domains.customers.rules import MEMBER_NO, PHONE
from shuke.domains.customers.rules.newcomers import Newcomer, Newcomers
from shuke.domains.customers.types import Policy, RowChange, TimelineIn, TimelineKind
from shuke.domains.customers.types.profile import FieldKind, Template
from shuke.domains.records.rules import doubles, numbers
from shuke.domains.records.rules.custom import Sought
from shuke.domains.records.rules.customers import OTHERS, Child, CustomerReader, Note, NotTaken, Person
from shuke.domains.records.rules.fields import PHONES
from shuke.domains.records.types import Choices
from shuke.kit import codec, identities, pgcopy
from shuke.kit.ids import Ascending, effect_id

CHANGE = (
    *("id", "brand_id", "batch_id", "customer_id", "created", "version"),
    *("before", "after", "identities", "created_at"),
)
HEAD = pgcopy.row(len(CHANGE))


class PersonRow(Struct):
    """All that is asked of a customer whom nobody knows; the row of another is read again."""

    cells: list[str]
    """as they were laid out"""
    digest: bytes
    numbers: list[tuple[str, str]]
    """(kind, value)"""
    name: str | None
    """as it is compared; None: it says nothing"""
    birthday: str | None
    left: str
    """key of `kit.words` of what could not be taken over"""
    child: Child | None
    newcomer: Newcomer | None = None
    change: bytes = b""
    """row of `import_change`, columns CHANGE"""
    tags: tuple[UUID, ...] = ()
    sought: dict[str, Sought] = {}
    """key of a field of head office's own -> the customer whom its cell names"""


class People:
    """Rows of one import of customers. `template`: that of the brand as it began."""

    def __init__(
        self, reader: CustomerReader, brand_id: UUID, batch_id: UUID, choices: Choices, template: Template
    ) -> None:
        self._reader, self._batch_id, self._choices = reader, batch_id, choices
        self._newcomers = Newcomers(brand_id, batch_id, template.document)
        self._head = HEAD, pgcopy.uuid(brand_id), pgcopy.uuid(batch_id)
        self._ids, self.version = Ascending(), template.version
        own = (one for one in template.document.fields if one.kind is FieldKind.CUSTOMER and not one.built_in)
        self.labels = {one.key: one.label for one in own}
        """of the fields that name customers"""

    def read(self, cells: list[str], key: UUID, now: datetime) -> PersonRow | NotTaken:
        """What a row says. `key`: her id where nobody knows her, `now`: when she came then."""
        person = self._reader.customer(cells)
        if isinstance(person, NotTaken):
            return person
        row = person.row
        found = PersonRow(
            cells,
            digest_of(person, self._choices),
            numbers_of(person),
            doubles.same_name(row.name),
            str(row.birthday) if row.birthday else None,
            person.left[0] if person.left else "",
            person.child,
            tags=person.tags,
            sought={key: row.custom[key] for key in self.labels if key in row.custom},
        )
        if found.sought:
            return found  # only the database can tell whom she knows
        notes = [note_entry(key, person.note, self._batch_id, now)] if person.note else []
        if made := self._newcomers.one(row, key, now, notes):
            found.newcomer, found.change = made[0], self._change(made[1], now)
        return found

    def again(self, cells: list[str]) -> Person:
        """The same row, as it is stored of a customer who may be known."""
        person = self._reader.customer(cells)
        assert isinstance(person, Person)
        return person

    def _change(self, one: RowChange, now: datetime) -> bytes:
        head, brand, batch = self._head
        told = [pgcopy.jsonb(codec.dumps(said)) for said in (one.before, one.after, one.identities)]
        mine, at = pgcopy.uuid(one.customer_id), pgcopy.timestamptz(now)
        state = pgcopy.boolean(one.created), pgcopy.int4(one.version)
        return b"".join((head, pgcopy.next_uuid(self._ids), brand, batch, mine, *state, *told, at))


def digest_of(person: Person, choices: Choices) -> bytes:
    """What tells a row from every other: all that it says, and what was to become of it."""
    told: list[Any] = [person.row, person.note, person.child, choices.overwrite, choices.doubles]
    told += [person.tags] if person.tags else []
    told += [choices.otherwise] if choices.otherwise is not Policy.OWN else []  # as rows were told before there was one
    return hashlib.blake2b(codec.dumps(told).encode(), digest_size=16).digest()


def numbers_of(one: Person) -> list[tuple[str, str]]:
    """(kind, value) of what she can be known by."""
    said = [("member_no", one.row.member_no), ("phone", one.row.phone)]
    return [(kind, value) for kind, value in said if value] + [(kind, value) for kind, value, _ in one.row.further]


def numbers_in(cells: Mapping[str, str]) -> set[tuple[str, str]]:
    """The same of the cells of a row that was not taken, field -> what stood there, as far as they can be read."""
    found = {(PHONE, number) for name in PHONES if name in cells for number in numbers.all_phones(cells[name])}
    for kind in (MEMBER_NO, *OTHERS):
        if kind in cells and (value := identities.normalise(kind, cells[kind].lstrip(numbers.QUOTES))):
            found.add((kind, value))
    return found


def note_entry(customer_id: UUID, note: Note, batch_id: UUID, now: datetime) -> TimelineIn:
    """What was written down about her, for her timeline."""
    key = effect_id("imported note", customer_id, note.at, note.text)
    data = {"text": note.text, "import": batch_id} | ({"author": note.author} if note.author else {})
    return TimelineIn(key, customer_id, TimelineKind.NOTE, note.at or now, note.author_id, data)
