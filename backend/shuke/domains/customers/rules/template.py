"""Pure: what a new version of the profile template may be."""

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

import msgspec

from shuke.domains.customers.rules import values
from shuke.domains.customers.types.profile import (
    Document,
    Field,
    FieldKind,
    Group,
    Option,
    Rule,
    RuleCode,
    Sensitivity,
    Subject,
    Words,
)
from shuke.domains.identity.types import Role
from shuke.kit.errors import ErrorCode, Refusal
from shuke.kit.text import clean

LANGUAGES = ("zh-CN", "en")
MOST_GROUPS, MOST_FIELDS, MOST_OPTIONS, MOST_RULES, MOST_WORDS = 20, 200, 100, 8, 100
LABEL, HELP, MESSAGE, KEY = 40, 200, 100, 40
HEAVIEST = 100
FULL = 100
SLUG = re.compile(r"[a-z][a-z0-9_]*")
NEEDED = frozenset(("name", "phone", "source", "store", "guide"))
"""Built-in fields that the program cannot do without."""
OPEN = frozenset(("name", "alias", "phone", "store", "guide"))
"""Built-in fields that no role can work without: by them she is found, greeted, called and looked after."""
CHOOSING = (FieldKind.CHOICE, FieldKind.CHOICES)
_AMOUNTS = (FieldKind.NUMBER, FieldKind.MONEY)
FITTING: Mapping[RuleCode, tuple[FieldKind, ...]] = {
    RuleCode.MIN: (*_AMOUNTS, FieldKind.DATE),
    RuleCode.MAX: (*_AMOUNTS, FieldKind.DATE),
    RuleCode.DECIMALS: (FieldKind.NUMBER,),
    RuleCode.MIN_LENGTH: (FieldKind.TEXT,),
    RuleCode.MAX_LENGTH: (FieldKind.TEXT,),
    RuleCode.PATTERN: (FieldKind.TEXT,),
    RuleCode.MASK: (FieldKind.TEXT,),
    RuleCode.NOT_FUTURE: (FieldKind.DATE,),
    RuleCode.NOT_PAST: (FieldKind.DATE,),
    RuleCode.ONE_OF: (FieldKind.TEXT, FieldKind.NUMBER),
    RuleCode.MIN_COUNT: (FieldKind.CHOICES,),
    RuleCode.MAX_COUNT: (FieldKind.CHOICES,),
}
"""Rule -> the kinds of field that it can be asked of."""


def revise(
    current: Document, groups: Sequence[Group], fields: Sequence[Field], now: datetime, full_from: int | None = None
) -> Document:
    """The template as head office wants it (`full_from` None: as it was). A new group, field or option has an empty key
    and gets one made of its label; `#2` is the group in this place, counted from 0; `archived_at` says only whether.
    Raises Refusal INVALID, REQUIRED or NOT_FOUND with the place (`fields.3.label`).
    """
    if len(groups) > MOST_GROUPS or len(fields) > MOST_FIELDS:
        raise Refusal(ErrorCode.INVALID, "fields", "profile_too_big", groups=MOST_GROUPS, fields=MOST_FIELDS)
    full_from = current.full_from if full_from is None else full_from
    if not 1 <= full_from <= FULL:
        raise Refusal(ErrorCode.INVALID, "fullFrom", "full_range", most=FULL)
    made = _groups(current, groups)
    known = {field.key: field for field in current.fields}
    _each_once([field.key for field in fields if field.key], "fields")
    if gone := known.keys() - {field.key for field in fields}:
        raise Refusal(ErrorCode.INVALID, "fields", "field_missing", label=known[min(gone)].label)
    taken = set(known) | {field.key for field in fields}
    revised = []
    for place, wish in enumerate(fields):
        where = f"fields.{place}"
        before = known.get(wish.key)
        if before is None:
            wish = msgspec.structs.replace(wish, key=_key(wish.key, wish.label, taken, where))
        revised.append(_field(before, wish, made, now, where))
    return Document(tuple(made), tuple(revised), full_from)


def _groups(current: Document, wishes: Sequence[Group]) -> list[Group]:
    _each_once([group.key for group in wishes if group.key], "groups")
    taken = {group.key for group in current.groups} | {group.key for group in wishes}
    made = []
    for place, wish in enumerate(wishes):
        where = f"groups.{place}"
        known = any(group.key == wish.key for group in current.groups)
        key = wish.key if known else _key(wish.key, wish.label, taken, where)
        made.append(Group(key, _words(wish.label, LABEL, f"{where}.label", needed=True)))
    return made


def _field(before: Field | None, wish: Field, groups: Sequence[Group], now: datetime, where: str) -> Field:
    group = next((one.key for place, one in enumerate(groups) if wish.group in (one.key, f"#{place}")), None)
    if group is None:
        raise Refusal(ErrorCode.NOT_FOUND, f"{where}.group")
    if not 0 <= wish.weight <= HEAVIEST:
        raise Refusal(ErrorCode.INVALID, f"{where}.weight", "weight_range", most=HEAVIEST)
    field = msgspec.structs.replace(
        wish,
        group=group,
        label=_words(wish.label, LABEL, f"{where}.label", needed=True),
        help=_words(wish.help, HELP, f"{where}.help"),
        benefit=_words(wish.benefit, HELP, f"{where}.benefit"),
        options=_options(before, wish, now, where),
        rules=tuple(_rule(wish, place, f"{where}.rules.{place}") for place in range(len(wish.rules))),
        sees=_roles(wish.sees),
        edits=_roles(wish.edits),
        archived_at=wish.archived_at and ((before and before.archived_at) or now),
        built_in=bool(before and before.built_in),
        computed=bool(before and before.computed),
    )
    if before is not None:
        _keeps(before, field, where)
    _check_reach(field, where)
    return field


def _keeps(before: Field, field: Field, where: str) -> None:
    """Raises Refusal INVALID for what must not change in a field that stands."""
    if field.kind is not before.kind:
        raise Refusal(ErrorCode.INVALID, f"{where}.kind", "field_kind_stays", label=before.label)
    if field.subject is not before.subject:
        raise Refusal(ErrorCode.INVALID, f"{where}.subject", "field_kind_stays", label=before.label)
    if not before.built_in:
        return
    if field.archived_at and field.key in NEEDED:
        raise Refusal(ErrorCode.INVALID, f"{where}.archived", "field_needed", label=before.label)
    if not limitable(before) and (field.sees, field.edits) != (before.sees, before.edits):
        raise Refusal(ErrorCode.INVALID, where, "field_open", label=before.label)
    if (field.sensitivity, field.searchable) != (before.sensitivity, before.searchable):
        raise Refusal(ErrorCode.INVALID, where, "field_built_in", label=before.label)
    if [option.key for option in field.options] != [option.key for option in before.options]:
        raise Refusal(ErrorCode.INVALID, f"{where}.options", "field_built_in", label=before.label)
    if before.computed and (field.required or field.weight or field.rules):
        raise Refusal(ErrorCode.INVALID, where, "field_computed", label=before.label)
    if field.key == "phone" and not field.required:
        raise Refusal(ErrorCode.INVALID, f"{where}.required", "field_needed", label=before.label)


def limitable(field: Field) -> bool:
    """May head office say who sees and who changes it?"""
    return not field.built_in or not (field.computed or field.key in OPEN)


def _check_reach(field: Field, where: str) -> None:
    """Raises Refusal INVALID for a field that is found by those who do not see it, or filled in by them."""
    if field.subject is Subject.DEPENDANT and field.kind in values.REFERENCES:
        raise Refusal(ErrorCode.INVALID, f"{where}.kind", "field_not_for_children", label=field.label)
    if field.searchable and not field.built_in:
        open_to_all = field.sees is None and field.sensitivity is not Sensitivity.SENSITIVE
        if field.kind is not FieldKind.TEXT or field.subject is not Subject.CUSTOMER or not open_to_all:
            raise Refusal(ErrorCode.INVALID, f"{where}.searchable", "field_not_searchable", label=field.label)
    if field.sees is not None and not set(field.edits or field.sees) <= set(field.sees):
        raise Refusal(ErrorCode.INVALID, f"{where}.edits", "field_edits_unseen", label=field.label)


def _roles(roles: Sequence[Role] | None) -> tuple[Role, ...] | None:
    return None if roles is None else tuple(role for role in Role if role in roles)


def _options(before: Field | None, wish: Field, now: datetime, where: str) -> tuple[Option, ...]:
    if wish.kind not in CHOOSING:
        if wish.options:
            raise Refusal(ErrorCode.INVALID, f"{where}.options", "options_not_here", label=wish.label)
        return ()
    known = {option.key: option for option in before.options} if before else {}
    if gone := known.keys() - {option.key for option in wish.options}:
        raise Refusal(ErrorCode.INVALID, f"{where}.options", "option_missing", label=known[min(gone)].label)
    if len(wish.options) > MOST_OPTIONS or all(option.archived_at for option in wish.options):
        raise Refusal(ErrorCode.INVALID, f"{where}.options", "options_number", label=wish.label, most=MOST_OPTIONS)
    _each_once([option.key for option in wish.options if option.key], f"{where}.options")
    taken = set(known) | {option.key for option in wish.options}
    made = []
    for place, option in enumerate(wish.options):
        at, old = f"{where}.options.{place}", known.get(option.key)
        key = old.key if old else _key(option.key, option.label, taken, at)
        label = _words(option.label, LABEL, f"{at}.label", needed=True)
        made.append(Option(key, label, option.archived_at and ((old and old.archived_at) or now)))
    return tuple(made)


def _rule(field: Field, place: int, where: str) -> Rule:
    rule, codes = field.rules[place], [rule.code for rule in field.rules]
    fits = field.kind in FITTING[rule.code] and codes.index(rule.code) == place and len(codes) <= MOST_RULES
    if not fits or not _sound(rule, field.kind):
        raise Refusal(ErrorCode.INVALID, where, "rule_wrong", label=field.label)
    ends = {one.code: one.value or "" for one in field.rules}
    for least, most in PAIRS:
        paired = rule.code is most and least in ends and _sound(Rule(least, ends[least]), field.kind)
        if paired and _size(field.kind, least, ends[least]) > _size(field.kind, most, ends[most]):
            raise Refusal(ErrorCode.INVALID, where, "rule_ends_cross", label=field.label)
    return msgspec.structs.replace(rule, message=_words(rule.message, MESSAGE, f"{where}.message"))


PAIRS = (
    (RuleCode.MIN, RuleCode.MAX),
    (RuleCode.MIN_LENGTH, RuleCode.MAX_LENGTH),
    (RuleCode.MIN_COUNT, RuleCode.MAX_COUNT),
)


def _size(kind: FieldKind, code: RuleCode, text: str) -> Any:
    return values.bound(kind, text) if code in PAIRS[0] else int(text)


def _sound(rule: Rule, kind: FieldKind) -> bool:
    """Does the rule say something that can be checked?"""
    said = rule.value or ""
    if rule.code in (RuleCode.NOT_FUTURE, RuleCode.NOT_PAST):
        return rule.value is None and not rule.values
    if rule.code is RuleCode.ONE_OF:
        return rule.value is None and 0 < len(rule.values) <= MOST_WORDS and all(0 < len(w) <= 60 for w in rule.values)
    if rule.values:
        return False
    if rule.code is RuleCode.PATTERN:
        return said in values.PATTERNS
    if rule.code is RuleCode.MASK:
        return 0 < len(said) <= 60
    if rule.code in PAIRS[0]:
        try:
            values.bound(kind, said)
        except ValueError:
            return False
        return len(said) <= 20
    most = {RuleCode.DECIMALS: values.DECIMALS}.get(rule.code, values.LONGEST)
    return said.isdecimal() and said.isascii() and len(said) <= 4 and int(said) <= most


def _words(said: Words, most: int, where: str, *, needed: bool = False) -> Words:
    """Cleaned, languages in order. Raises Refusal REQUIRED or INVALID."""
    words = {language: text for language in LANGUAGES if (text := clean(said.get(language)))}
    if needed and not words:
        raise Refusal(ErrorCode.REQUIRED, where)
    if any(len(text) > most for text in words.values()):
        raise Refusal(ErrorCode.INVALID, where, "too_long", most=most)
    return words


def _each_once(keys: Sequence[str], where: str) -> None:
    if len(set(keys)) < len(keys):
        raise Refusal(ErrorCode.INVALID, where, "key_twice")


def _key(wished: str, label: Words, taken: set[str], where: str) -> str:
    """The wished key, or one made of the label: Latin letters, digits and _; added to `taken`."""
    if wished:
        if len(wished) > KEY or not SLUG.fullmatch(wished):
            raise Refusal(ErrorCode.INVALID, f"{where}.key", "key_form", most=KEY)
        return wished
    base = slug(label)
    key = next(key for key in _numbered(base) if key not in taken)
    taken.add(key)
    return key


def _numbered(base: str) -> Iterable[str]:
    yield base
    number = 2
    while True:
        yield f"{base[: KEY - 4]}_{number}"
        number += 1


def slug(label: Words) -> str:
    """居住社区 -> ju_zhu_she_qu; the English label where there is one."""
    said = clean(label.get("en")) or ""
    if not said.isascii() or not said:
        from pypinyin import lazy_pinyin  # a tenth of a second to load, for head office alone

        said = " ".join(lazy_pinyin(clean(label.get("zh-CN")) or said))
    parts = re.findall(r"[a-z0-9]+", said.lower())
    key = "_".join(parts)[: KEY - 4].strip("_")
    return key if key[:1].isalpha() else f"f_{key}".strip("_")
