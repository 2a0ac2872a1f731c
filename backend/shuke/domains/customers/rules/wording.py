"""Pure: a value as machines take it back, and in words for people."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from shuke.domains.customers.types.profile import Field, FieldKind, Rule, RuleCode
from shuke.kit import i18n, phones
from shuke.kit.money import brief, digits, to_main

SIGNS = {"CNY": "¥", "JPY": "¥", "GBP": "£", "EUR": "€", "USD": "$"}


def words(field: Field, value: Any, locale: str, currency: str, named: Mapping[str, Sequence[Any]]) -> str:
    """What a person reads. `named`: uuid -> (name, …) of what values refer to."""
    if field.kind in (FieldKind.CHOICE, FieldKind.CHOICES):
        keys = value if isinstance(value, list) else [value]
        labels = {option.key: i18n.pick(option.label, locale) for option in field.options}
        return i18n.say(locale, "list_separator").join(labels.get(key) or str(key) for key in keys)
    if field.kind is FieldKind.YES_NO:
        return i18n.say(locale, "yes" if value else "no")
    if field.kind is FieldKind.PHONE:
        return phones.masked(value)
    if field.kind is FieldKind.MONEY:
        return amount(value, currency)
    if field.kind in (FieldKind.STAFF, FieldKind.STORE, FieldKind.CUSTOMER):
        found = named.get(value)
        return str(found[0]) if found and found[0] else "—"
    return str(value)


def amount(minor: int, currency: str) -> str:
    """¥1,280.00"""
    return f"{SIGNS.get(currency, currency + ' ')}{to_main(minor, currency):,.{digits(currency)}f}"


def briefly(minor: int, currency: str) -> str:
    """¥1,280: whole amounts without their decimals."""
    return brief(amount(minor, currency))


def bound(rule: Rule, kind: FieldKind, currency: str) -> str | None:
    """The bound of a rule as its sentence says it: of money in main units."""
    if kind is FieldKind.MONEY and rule.value and rule.code in (RuleCode.MIN, RuleCode.MAX):
        return amount(int(Decimal(rule.value)), currency)
    return rule.value


def content(field: Field, value: Any) -> list[str]:
    """As an input takes it back; nothing of a phone, which is not for showing."""
    if field.kind is FieldKind.PHONE:
        return []
    if isinstance(value, bool):
        return ["true" if value else "false"]
    return [str(item) for item in value] if isinstance(value, list) else [str(value)]
