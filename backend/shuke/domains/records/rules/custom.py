"""Values of head office's own fields, as they stand in a spreadsheet."""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any, TypeAlias
from uuid import UUID

from msgspec import Struct

from shuke.domains.customers.rules import values
from shuke.domains.customers.rules.profile import may_edit
from shuke.domains.customers.types.profile import Document, Field, FieldKind, Subject
from shuke.domains.identity.types import Role
from shuke.domains.records.rules import numbers
from shuke.domains.records.rules.cells import day
from shuke.domains.records.rules.fields import CUSTOM
from shuke.kit import money, phones
from shuke.kit.errors import ErrorCode, Refusal

YES = ("是", "有", "对", "√", "✓", "y", "yes", "true", "1")
NO = ("否", "无", "没有", "×", "✗", "n", "no", "false", "0")
BETWEEN = re.compile(r"[、,，;；/|\n]+")


@dataclass(slots=True, frozen=True)
class Asked:
    """A field, and what its values may name."""

    field: Field
    currency: str
    stores: Mapping[str, UUID]
    people: Mapping[str, UUID | None]
    """by name, code and id as text; None: several have the name"""


Way: TypeAlias = tuple[str, str]
"""(kind, value) by which a customer may be known: that of an identity, or `ID` and her id."""
ID = "id"


class Sought(Struct, frozen=True):
    """A customer whom a cell names, the surest way first. Who she is, and whether she is there, the archive knows."""

    ways: tuple[Way, ...]


def headings(document: Document) -> dict[str, tuple[str, ...]]:
    """Name of a field of head office's own -> headings under which it is found: its labels, its key."""
    return {f"{CUSTOM}{one.key}": (*one.label.values(), one.key) for one in fields(document)}


def fields(document: Document) -> list[Field]:
    """Fields of a customer that a file may tell of."""
    own = (one for one in document.fields if not one.built_in and not one.computed and one.archived_at is None)
    return [one for one in own if one.subject is Subject.CUSTOMER]


def closed(document: Document, roles: Iterable[Role]) -> frozenset[str]:
    """Names of fields that somebody of these roles does not fill in, neither by hand nor from a file."""
    chosen = set(roles)
    kept = (one for one in document.fields if not one.computed and not may_edit(one, chosen))
    return frozenset(one.key if one.built_in else f"{CUSTOM}{one.key}" for one in kept)


def read(asked: Asked, text: str, today: date) -> Any:
    """The value of a cell; of a customer whom it names, a Sought. Raises Refusal INVALID or NOT_FOUND with a sentence
    about the field.
    """
    kind = asked.field.kind
    content = [text]
    if kind in (FieldKind.CHOICE, FieldKind.CHOICES):
        parts = BETWEEN.split(text) if kind is FieldKind.CHOICES else [text]
        content = [_option(asked.field, part.strip()) for part in parts if part.strip()]
    elif kind is FieldKind.DATE:
        found = day(text)
        content = [found.isoformat() if found else text]
    elif kind is FieldKind.YES_NO:
        word = text.lower()
        content = ["true" if word in YES else "false" if word in NO else text]
    elif kind is FieldKind.MONEY:
        content = [_minor(text, asked.currency)]
    elif kind is FieldKind.PHONE:
        content = [numbers.tidy(text)]
    elif kind is FieldKind.STORE:
        content = [_there(asked.field, asked.stores, text)]
    elif kind is FieldKind.STAFF:
        content = [_there(asked.field, asked.people, text)]
    elif kind is FieldKind.CUSTOMER:
        return _sought(text)
    return values.read(asked.field, content, today, currency=asked.currency)


def _option(field: Field, said: str) -> str:
    """An option's key, by its label in whatever language or by itself."""
    return next((one.key for one in field.options if said in one.label.values()), said)


def _there(field: Field, known: Mapping[str, UUID | None], said: str) -> str:
    """The id of a store or a person of this house."""
    found = known.get(said) or known.get(said.lower())
    if found is None:
        raise Refusal(ErrorCode.NOT_FOUND, f"values.{field.key}", "value_gone", label=field.label)
    return str(found)


def _sought(said: str) -> Sought:
    try:
        return Sought(((ID, str(UUID(said))),))
    except ValueError:
        number = phones.normalise(numbers.tidy(said))
    plain = unicodedata.normalize("NFKC", said).lstrip(numbers.QUOTES).strip()
    return Sought((*([("phone", number)] if number else []), ("member_no", plain)))


def _minor(text: str, currency: str) -> str:
    try:
        return str(money.to_minor(Decimal(text.replace(",", "").strip("¥￥$元 ")), currency))
    except (InvalidOperation, ValueError):
        return text
