"""Pure: is what somebody typed into a field a value of it? What a field asks is said by its kind and its rules."""

import unicodedata
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any, NoReturn
from uuid import UUID

from shuke.domains.customers.rules import wording
from shuke.domains.customers.types.profile import Field, FieldKind, Rule, RuleCode
from shuke.kit import phones
from shuke.kit.errors import ErrorCode, Refusal
from shuke.kit.text import clean

LONGEST = 2000
"""characters of a text without a rule of its own"""
LARGEST = Decimal(10) ** 11
DECIMALS = 4
EARLIEST, LATEST = date(1900, 1, 1), date(2199, 12, 31)
REFERENCES = {FieldKind.STAFF, FieldKind.STORE, FieldKind.CUSTOMER}
LATIN = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ")
DIGITS = frozenset("0123456789")
Checker = Callable[[Rule, Any, date], Mapping[str, object] | None]


def _email(text: str) -> bool:
    name, at, host = text.partition("@")
    labels = host.split(".")
    return bool(name and at and len(labels) > 1 and all(labels)) and not any(char in " @,;<>" for char in name + host)


def _address(text: str) -> bool:
    host = text.removeprefix("https://").removeprefix("http://").partition("/")[0]
    return "." in host.strip(".") and " " not in text and "@" not in host


PATTERNS: Mapping[str, Callable[[str], bool]] = {
    "digits": lambda text: set(text) <= DIGITS,
    "letters": lambda text: set(text) <= LATIN,
    "letters_and_digits": lambda text: set(text) <= LATIN | DIGITS,
    "chinese": lambda text: all("\u4e00" <= char <= "\u9fff" or char in "·㐀" for char in text),
    "no_digits": lambda text: not set(text) & DIGITS,
    "postcode": lambda text: len(text) == 6 and set(text) <= DIGITS,
    "email": _email,
    "web_address": _address,
}
"""Name -> test. There are no regular expressions of head office's own: each of these reads a text once."""


def fits_mask(mask: str, text: str) -> bool:
    """9 a digit, A a Latin letter, * any character; everything else stands for itself."""
    kinds: dict[str, frozenset[str]] = {"9": DIGITS, "A": LATIN}
    return len(mask) == len(text) and all(
        sign == "*" or char in kinds.get(sign, sign) for sign, char in zip(mask, text, strict=True)
    )


def read(field: Field, content: Sequence[str], today: date, before: Any = None, currency: str = "CNY") -> Any:
    """The value in what was typed; None empties. Raises Refusal INVALID with a sentence about this field.

    `before`: what stands there; what was chosen then may stay, even if it is no longer offered.
    `currency`: the brand's, for what is said of amounts.

    `content`: one text, or for CHOICES any number: option keys, `true` and `false`, money in minor units, dates as ISO,
    uuids of what is referred to, whose being there is the caller's to see to.
    """
    said = [words for item in content if (words := clean(item))]
    if not said:
        return None
    value: Any
    if field.kind in (FieldKind.CHOICE, FieldKind.CHOICES):
        had = before if isinstance(before, list) else [before]
        value = [key if key in had else _option(field, key) for key in dict.fromkeys(said)]
        if field.kind is FieldKind.CHOICE:
            value = value[0] if len(value) == 1 else _wrong(field, "value_one_only")
    elif len(said) > 1:
        _wrong(field, "value_one_only")
    else:
        value = READERS[field.kind](field, said[0])
    check(field, value, today, currency)
    return value


def check(field: Field, value: Any, today: date, currency: str = "CNY") -> None:
    """Raises Refusal INVALID where the value breaks one of head office's rules."""
    for rule in field.rules:
        broken = CHECKS[rule.code](rule, value, today)
        if broken is not None:
            if rule.message:
                _wrong(field, "value_says", says=rule.message)
            kind = f"_{rule.value}" if rule.code is RuleCode.PATTERN else ""
            if field.kind is FieldKind.MONEY:
                broken = dict.fromkeys(broken, wording.bound(rule, field.kind, currency))
            _wrong(field, f"value_{rule.code.value}{kind}", **broken)


def _wrong(field: Field, reason: str, **params: object) -> NoReturn:
    name = field.key if field.built_in else f"values.{field.key}"
    raise Refusal(ErrorCode.INVALID, name, reason, label=field.label, **params)


def _text(field: Field, said: str) -> str:
    if len(said) > LONGEST:
        _wrong(field, "value_max_length", most=LONGEST)
    return said


def _number(field: Field, said: str) -> int | float:
    try:
        number = Decimal(unicodedata.normalize("NFKC", said).replace(",", ""))
    except InvalidOperation:
        _wrong(field, "value_not_number")
    if not number.is_finite() or abs(number) > LARGEST:
        _wrong(field, "value_not_number")
    if -(_exponent(number)) > DECIMALS:
        _wrong(field, "value_decimals", most=DECIMALS)
    return int(number) if number == number.to_integral_value() else float(number)


def _exponent(number: Decimal) -> int:
    exponent = number.normalize().as_tuple().exponent
    return exponent if isinstance(exponent, int) else 0


def _money(field: Field, said: str) -> int:
    digits = said.removeprefix("-")
    if not digits or set(digits) - DIGITS or len(digits) > 15:
        _wrong(field, "value_not_money")
    return int(said)


def _date(field: Field, said: str) -> str:
    try:
        day = date.fromisoformat(said)
    except ValueError:
        _wrong(field, "value_not_date")
    if not EARLIEST <= day <= LATEST:
        _wrong(field, "value_not_date")
    return day.isoformat()


def _option(field: Field, said: str) -> str:
    if not any(option.key == said and option.archived_at is None for option in field.options):
        _wrong(field, "value_not_offered")
    return said


def _yes_no(field: Field, said: str) -> bool:
    if said not in ("true", "false"):
        _wrong(field, "value_not_yes_no")
    return said == "true"


def _phone(field: Field, said: str) -> str:
    number = phones.normalise(said)
    if number is None:
        _wrong(field, "value_not_phone")
    return number


def _reference(field: Field, said: str) -> str:
    try:
        return str(UUID(said))
    except ValueError:
        _wrong(field, "value_gone")


READERS: Mapping[FieldKind, Callable[[Field, str], Any]] = {
    FieldKind.TEXT: _text,
    FieldKind.NUMBER: _number,
    FieldKind.MONEY: _money,
    FieldKind.DATE: _date,
    FieldKind.YES_NO: _yes_no,
    FieldKind.PHONE: _phone,
    FieldKind.STAFF: _reference,
    FieldKind.STORE: _reference,
    FieldKind.CUSTOMER: _reference,
}


def _ordered(value: Any) -> Any:
    """As it is compared: dates as their text, numbers exactly."""
    return value if isinstance(value, str) else Decimal(str(value))


def bound(kind: FieldKind, text: str) -> Any:
    """The bound of a MIN or MAX. Raises ValueError for what is none of this kind."""
    if kind is FieldKind.DATE:
        return date.fromisoformat(text).isoformat()
    try:
        number = Decimal(text)
    except InvalidOperation as error:
        raise ValueError(text) from error
    if not number.is_finite() or (kind is FieldKind.MONEY and number != number.to_integral_value()):
        raise ValueError(text)
    return number


def _min(rule: Rule, value: Any, today: date) -> Mapping[str, object] | None:
    least = rule.value or ""
    below = value < least if isinstance(value, str) else _ordered(value) < Decimal(least)
    return {"least": least} if below else None


def _max(rule: Rule, value: Any, today: date) -> Mapping[str, object] | None:
    most = rule.value or ""
    above = value > most if isinstance(value, str) else _ordered(value) > Decimal(most)
    return {"most": most} if above else None


def _at_most(size: Callable[[Any], int]) -> Checker:
    return lambda rule, value, today: {"most": rule.value} if size(value) > int(rule.value or 0) else None


def _at_least(size: Callable[[Any], int]) -> Checker:
    return lambda rule, value, today: {"least": rule.value} if size(value) < int(rule.value or 0) else None


CHECKS: Mapping[RuleCode, Checker] = {
    RuleCode.MIN: _min,
    RuleCode.MAX: _max,
    RuleCode.DECIMALS: _at_most(lambda value: max(0, -_exponent(Decimal(str(value))))),
    RuleCode.MIN_LENGTH: _at_least(len),
    RuleCode.MAX_LENGTH: _at_most(len),
    RuleCode.PATTERN: lambda rule, value, today: None if PATTERNS[rule.value or ""](value) else {"pattern": rule.value},
    RuleCode.MASK: lambda rule, value, today: None if fits_mask(rule.value or "", value) else {"mask": rule.value},
    RuleCode.NOT_FUTURE: lambda rule, value, today: {} if value > today.isoformat() else None,
    RuleCode.NOT_PAST: lambda rule, value, today: {} if value < today.isoformat() else None,
    RuleCode.ONE_OF: lambda rule, value, today: (
        None if str(value) in rule.values else {"words": "、".join(rule.values)}
    ),
    RuleCode.MIN_COUNT: _at_least(len),
    RuleCode.MAX_COUNT: _at_most(len),
}
