"""A sent form as the service takes it: names of inputs become fields, amounts minor units, three lists a birthday."""

from collections.abc import Mapping, Sequence
from decimal import Decimal, InvalidOperation
from uuid import UUID

from shuke.domains.customers.rules import links as rules
from shuke.domains.customers.types.consents import ConsentPurpose
from shuke.domains.customers.types.links import Filled
from shuke.domains.customers.types.profile import Field, FieldKind
from shuke.domains.identity.types import Locale
from shuke.kit.money import to_minor

Typed = Mapping[str, Sequence[str]]
LARGEST = Decimal(10) ** 12


def read(typed: Typed, locale: str, fields: Sequence[Field], currency: str, *, done: bool) -> Filled:
    """What she sent; what she left out is not in it."""
    texts = {field.key: _first(typed, field.key) for field in fields if field.built_in}
    texts["birthday"] = birthday(typed)
    values = {}
    for field in fields:
        content = [words for words in typed.get(f"v.{field.key}", ()) if words.strip()]
        if content and not field.built_in:
            money = field.kind is FieldKind.MONEY
            values[field.key] = [_minor(words, currency) for words in content] if money else content
    version = _first(typed, "template")
    return Filled(
        Locale(locale),
        texts,
        values,
        _consents(typed),
        int(version) if version.isdecimal() and len(version) < 9 else None,
        _uuid(_first(typed, "nonce")),
        done,
    )


def _first(typed: Typed, name: str) -> str:
    return next(iter(typed.get(name, ())), "")


def birthday(typed: Typed) -> str:
    """As `kit.birthdays` writes it, or something that it does not take; "": nothing was chosen."""
    year, month, day = (_first(typed, f"birthday.{part}") for part in ("year", "month", "day"))
    if not (year or month or day):
        return ""
    whole = f"{year or '-'}-{month.zfill(2)}-{day.zfill(2)}"
    return f"lunar:{whole}" if _first(typed, "birthday.calendar") == "lunar" else whole


def _minor(words: str, currency: str) -> str:
    """12.50 -> 1250; what is no amount stays as it is, to be refused by its field."""
    try:
        amount = Decimal(words.strip().replace(",", "").lstrip("¥￥$"))
    except InvalidOperation:
        return words
    return str(to_minor(amount, currency)) if amount.is_finite() and abs(amount) < LARGEST else words


def _consents(typed: Typed) -> dict[ConsentPurpose, tuple[bool, UUID]]:
    found = {}
    for purpose in rules.PURPOSES:
        said, text = _first(typed, f"c.{purpose.value}"), _uuid(_first(typed, f"t.{purpose.value}"))
        if said in ("yes", "no") and text is not None:
            found[purpose] = (said == "yes", text)
    return found


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
