"""How rows become customers."""

import re
import unicodedata
from collections.abc import Iterator
from collections.abc import Mapping as AnyMapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, TypeVar
from uuid import UUID

from shuke.domains.customers.rules.dependants import wrong_dates
from shuke.domains.customers.rules.profile import check_ruled
from shuke.domains.customers.types import CustomerRow, CustomerSource, Gender
from shuke.domains.records.rules import custom, numbers
from shuke.domains.records.rules.cells import Cells, day
from shuke.domains.records.rules.fields import CUSTOM, PHONES
from shuke.domains.records.rules.house import House
from shuke.kit import birthdays, identities, phones
from shuke.kit.birthdays import BirthDate
from shuke.kit.errors import Refusal
from shuke.kit.sheets import bare

T = TypeVar("T")

OTHERS = ("wechat", "card", "email")
"""What she can be known by beside phones and member numbers."""
SEPARATORS = re.compile(r"[、,，;；|\n]")
"""What parts several tags in one cell."""
LONGEST_TAG = 40

GENDERS = {
    "女": Gender.FEMALE,
    "女士": Gender.FEMALE,
    "女性": Gender.FEMALE,
    "female": Gender.FEMALE,
    "f": Gender.FEMALE,
}
GENDERS |= {"男": Gender.MALE, "先生": Gender.MALE, "男性": Gender.MALE, "male": Gender.MALE, "m": Gender.MALE}
GENDERS |= {"未知": Gender.UNKNOWN, "unknown": Gender.UNKNOWN}
SOURCES = {source.value: source for source in CustomerSource}
SOURCES |= {"到店": CustomerSource.WALK_IN, "进店": CustomerSource.WALK_IN, "转介绍": CustomerSource.REFERRAL}
SOURCES |= {"老带新": CustomerSource.REFERRAL, "线上": CustomerSource.ONLINE, "活动": CustomerSource.EVENT}
SOURCES |= {"导入": CustomerSource.IMPORT, "其他": CustomerSource.OTHER, "其它": CustomerSource.OTHER}
LONGEST = {"name": 120, "alias": 120, "level": 60, "note": 2000, "member_no": 120, "follow_up": 2000, "author": 120}
SHORTEST = min(LONGEST.values())
RULED = ("name", "alias", "level", "note")
"""Texts that head office may have rules for, beside the WeChat id and the birthday."""


@dataclass(slots=True, frozen=True)
class Note:
    """Something that was written down about a customer long ago."""

    text: str
    at: datetime | None
    author_id: UUID | None
    author: str | None


@dataclass(slots=True, frozen=True)
class Child:
    """A child of hers, with the day of its birth or the day it is due."""

    name: str | None
    gender: Gender
    born_on: date | None
    due_on: date | None


@dataclass(slots=True)
class Person:
    """What a row says: the customer, what was written about her, and what of it could not be taken over."""

    row: CustomerRow
    note: Note | None = None
    child: Child | None = None
    left: list[str] = field(default_factory=list)
    """keys of `kit.words`"""
    cells: dict[str, str] = field(default_factory=dict)
    """field -> as it stood, for who mends the row"""
    tags: tuple[UUID, ...] = ()


@dataclass(slots=True)
class NotTaken:
    """A row that cannot be taken, why (a key of `kit.words`), and what stood in it."""

    reason: str
    cells: dict[str, str] = field(default_factory=dict)
    params: dict[str, object] = field(default_factory=dict)


@dataclass(slots=True)
class Idle:
    """A row that tells of nobody: blank, a sum, headings once more."""

    reason: str


class _Wrong(Exception):
    """Why a row cannot be taken."""

    def __init__(self, reason: str, **params: object) -> None:
        self.reason, self.params = reason, params


class CustomerReader:
    """Rows that were laid out: a mark, then a field a column."""

    def __init__(self, cells: Cells, house: House) -> None:
        self._cells, self._house = cells, house
        self._has_children = any(name.startswith("child_") for name in cells.places)

    def customer(self, row: list[str]) -> Person | NotTaken:
        """What this row tells of, or why it tells of nobody."""
        said = {name: bare(text) for name, text in self._cells.said(row).items()}
        try:
            return self._person(said)
        except _Wrong as wrong:
            return NotTaken(wrong.reason, said, wrong.params)

    def _person(self, said: dict[str, str]) -> Person:
        for name, text in said.items():
            if len(text) > SHORTEST and len(text) > LONGEST.get(name, 2000):
                raise _Wrong("text_long")
        left: list[str] = []
        numbers_ = list(self._phones(said))
        member_no = self._number(said, "member_no")
        others = tuple(self._others(said))
        if not (numbers_ or member_no or others):
            raise _Wrong("identity_missing")
        phone, raw = numbers_[0] if numbers_ else (None, None)
        author_id, author = self._author(said.get("created_by"))
        row = CustomerRow(
            store_id=self._store(said.get("store")),
            guide_id=self._guide(said, left),
            name=said.get("name"),
            alias=said.get("alias"),
            gender=_word(GENDERS, said.get("gender")),
            birthday=self._birthday(said.get("birthday")),
            level=said.get("level"),
            source=_word(SOURCES, said.get("source")),
            note=said.get("note"),
            phone=phone,
            raw_phone=raw,
            member_no=member_no,
            created_at=self._moment(said.get("created_at")),
            further=(*(("phone", value, typed) for value, typed in numbers_[1:]), *others),
            author_id=author_id,
            author=author,
            custom={name.removeprefix(CUSTOM): value for name, value in self._custom(said)},
        )
        if self._house.ruled:
            self._check(row)
        tags = self._tags(said.get("tags"), left)
        return Person(row, self._note(said), self._child(said, left), left, said, tags)

    def _tags(self, said: str | None, left: list[str]) -> tuple[UUID, ...]:
        """The tags of a cell. A name that nobody knows is no tag: a slip of the pen would become one."""
        found: dict[UUID, str] = {}
        groups: dict[UUID, str] = {}
        for name in (part.strip() for part in SEPARATORS.split(said or "")):
            tag = self._house.tags.get(name.lower()) if name else None
            if name and tag is None:
                raise _Wrong("tag_unknown", name=name[:LONGEST_TAG])
            if tag and tag.given:
                if tag.one_of and groups.setdefault(tag.one_of, name) != name:
                    raise _Wrong("tags_exclude", first=groups[tag.one_of], second=name)
                found[tag.id] = name
            elif tag:
                left.append("tag_left")
        return tuple(found)

    def _custom(self, said: dict[str, str]) -> Iterator[tuple[str, Any]]:
        for name, asked in self._house.custom.items():
            if name in said:
                try:
                    yield name, custom.read(asked, said[name], self._house.today)
                except Refusal as refusal:
                    raise _Wrong(refusal.reason, **refusal.params) from refusal

    def _check(self, row: CustomerRow) -> None:
        """Raises _Wrong for what breaks a rule of head office's; what a row leaves empty breaks none."""
        told = {name: getattr(row, name) for name in RULED} | {kind: value for kind, value, _ in row.further}
        told["birthday"] = str(row.birthday) if row.birthday else None
        try:
            check_ruled(self._house.ruled, told, self._house.today)
        except Refusal as refusal:
            raise _Wrong(refusal.reason, **refusal.params) from refusal

    def _others(self, said: dict[str, str]) -> Iterator[tuple[str, str, str]]:
        """What else she is known by: (kind, value, as it stood)."""
        for kind in OTHERS:
            if kind in said:
                if why := numbers.spoiled(said[kind], self._house.widths.get(kind)):
                    raise _Wrong(why)
                value = identities.normalise(kind, said[kind].lstrip(numbers.QUOTES))
                if value is None:
                    raise _Wrong("identity_wrong")
                yield kind, value, said[kind]

    def _child(self, said: dict[str, str], left: list[str]) -> Child | None:
        """Her child, where its day is told; what cannot be told of it is left, and she comes in without."""
        if not self._has_children or not any(name.startswith("child_") for name in said):
            return None
        today = self._house.today
        born_on, due_on = (day(said[name]) if name in said else None for name in ("child_birthday", "child_due"))
        if (born_on is None and due_on is None) or wrong_dates(born_on, None if born_on else due_on, today):
            left.append("child_left")
            return None
        gender = GENDERS.get(said.get("child_gender", "").lower(), Gender.UNKNOWN)
        return Child(said.get("child_name"), gender, born_on, None if born_on else due_on)

    def _phones(self, said: dict[str, str]) -> Iterator[tuple[str, str]]:
        seen = set()
        for name in PHONES:
            if name in said:
                number, why = numbers.phone(said[name])
                if number is None:
                    raise _Wrong(why or "phone_invalid")
                if number not in seen:
                    seen.add(number)
                    yield number, said[name]

    def _number(self, said: dict[str, str], name: str) -> str | None:
        if name not in said:
            return None
        text = unicodedata.normalize("NFKC", said[name]).lstrip(numbers.QUOTES).strip()
        if why := numbers.spoiled(text, self._house.widths.get(name)):
            raise _Wrong(why)
        return text or None

    def _store(self, said: str | None) -> UUID:
        if said is None:
            if self._house.default_store is None:
                raise _Wrong("store_missing")
            return self._house.default_store
        found = self._house.stores.get(said)
        if found is None:
            raise _Wrong("store_unknown")
        return found

    def _guide(self, said: dict[str, str], left: list[str]) -> UUID | None:
        if "guide_phone" in said:
            number = phones.normalise(numbers.tidy(said["guide_phone"]))
            found = self._house.by_phone.get(number or "")
            if found is None:
                raise _Wrong("guide_unknown")
            return found
        if "guide" in said:
            meant = self._staff(said["guide"])
            if meant is None:
                left.append("guide_left")
            return meant
        return None

    def _staff(self, said: str) -> UUID | None:
        """Who is meant by a name or a phone, if it can be but one."""
        found = self._house.by_name.get(said)
        number = None if found else phones.normalise(numbers.tidy(said))
        return found or (self._house.by_phone.get(number) if number else None)

    def _author(self, said: str | None) -> tuple[UUID | None, str | None]:
        found = self._staff(said) if said else None
        return found, None if found or not said else said[: LONGEST["author"]]

    def _note(self, said: dict[str, str]) -> Note | None:
        if "follow_up" not in said:
            return None
        at = self._moment(said.get("follow_up_at")) or self._moment(said.get("created_at"))
        return Note(said["follow_up"], at, *self._author(said.get("follow_up_by")))

    def _moment(self, said: str | None) -> datetime | None:
        if said is None:
            return None
        found = self._cells.moment(said)
        if found is None or found[1] > self._house.today:
            raise _Wrong("moment_wrong")
        return found[0]

    def _birthday(self, said: str | None) -> BirthDate | None:
        if said is None:
            return None
        found = _birthday(said)
        if found is None or (found.born_on or self._house.today) > self._house.today:
            raise _Wrong("birthday_wrong")
        return found


def _word(known: AnyMapping[str, T], said: str | None) -> T | None:
    if said is None:
        return None
    found = known.get(said.lower())
    if found is None:
        raise _Wrong("word_unknown")
    return found


def _birthday(text: str) -> BirthDate | None:
    """As a spreadsheet says a day, or as people say a birthday: 农历四月十五."""
    found = day(text)
    if found is None:
        return birthdays.read(text)
    return birthdays.of_day(found) if found.year in birthdays.YEARS else None
