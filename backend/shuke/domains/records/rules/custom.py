"""Values of head office's own fields, as they stand in a spreadsheet."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any
from uuid import UUID

from shuke.domains.customers.rules import values
from shuke.domains.customers.rules.profile import may_edit
from shuke.domains.customers.types.profile import Document, Field, FieldKind, Subject
from shuke.domains.identity.types import Role
from shuke.domains.records.rules import numbers
from shuke.domains.records.rules.cells import day
from shuke.domains.records.rules.fields import CUSTOM
from shuke.kit import money

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
    """The value of a cell. Raises Refusal INVALID with a sentence about the field."""
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
        content = [str(asked.stores.get(text, text))]
    elif kind is FieldKind.STAFF:
        content = [str(asked.people.get(text) or text)]
    return values.read(asked.field, content, today, currency=asked.currency)


def _option(field: Field, said: str) -> str:
    """An option's key, by its label in whatever language or by itself."""
    return next((one.key for one in field.options if said in one.label.values()), said)


def _minor(text: str, currency: str) -> str:
    try:
        return str(money.to_minor(Decimal(text.replace(",", "").strip("¥￥$元 ")), currency))
    except (InvalidOperation, ValueError):
        return text
