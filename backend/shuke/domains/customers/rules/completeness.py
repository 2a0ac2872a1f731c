"""Pure: how much of a customer's card is filled in, and what is wrong with it. What stands in for an unknown value, a
default birthday or a number that rings nowhere, does not count.
"""

import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from functools import lru_cache
from typing import Any, TypeAlias

from shuke.domains.customers.types.profile import Completeness, Document, Field, Subject

Facts: TypeAlias = Mapping[str, Any]
"""Key of a built-in field -> what is on file (None: nothing); `values`: her custom values; `dismissed`: what somebody
said is no problem, as `stamp` has it; DUE: the earliest day on which a birth is
awaited, and `today`, both ISO."""

NOTHING = {"gender": ("unknown",), "source": ("other", "import")}
"""Values of built-in fields that say as little as none."""
DEFAULT_BIRTHDAYS = frozenset(
    ("1899-12-30", "1899-12-31", "1900-01-01", "1970-01-01", "1980-01-01", "1990-01-01", "2000-01-01")
)
"""What forms, spreadsheets and people in a hurry put down: no day of birth."""
FAMOUS = frozenset(("+8613800138000", "+8613800138001", "+8613888888888", "+8613912345678", "+8613812345678"))
"""Numbers of no customer: an operator's own, and those of advertisements."""
NOBODY = frozenset(
    (
        *(
            "测试",
            "test",
            "无",
            "无名",
            "暂无",
            "未知",
            "不详",
            "匿名",
            "姓名",
            "用户",
            "微信用户",
            "散客",
            "游客",
            "路人",
        ),
        *(
            "顾客",
            "客户",
            "新客户",
            "客人",
            "会员",
            "先生",
            "女士",
            "小姐",
            "美女",
            "帅哥",
            "none",
            "null",
            "n/a",
            "na",
        ),
        *("unknown", "customer", "guest", "name", "xx", "xxx", "aa", "aaa", "abc", "asd", "qwe"),
    )
)
"""Names that name nobody, without spaces and in small letters."""
DUE = "children.due"
FIELDS: Mapping[str, str] = {
    "no_phone": "phone",
    "junk_phone": "phone",
    "default_birthday": "birthday",
    "junk_name": "name",
    "overdue_birth": DUE,
}
"""Code of a problem -> key of the fact that it is about; DUE is no field of hers, but of a child of hers."""
MISSING = "missing"
OVERDUE = timedelta(days=21)
"""So long after the day it was due a child is born, whatever the card says: nobody has written it down."""
ENDING = 8
MADE_UP = frozenset(
    "".join(str((first + place * step) % 10) for place in range(ENDING)) for first in range(10) for step in (-1, 0, 1)
)
"""So many last digits that are all the same, or go up or down one by one, belong to nobody."""


def completeness(document: Document, facts: Facts) -> Completeness:
    """The score: the weights of the fields that are filled in, in hundredths of all weights. A field without weight
    counts nothing; one that is required and empty is a problem, whatever its weight.
    """
    return measure(asked(document), facts)


def asked(document: Document) -> list[Field]:
    """The fields that completeness is about."""
    return [
        field
        for field in document.fields
        if field.subject is Subject.CUSTOMER
        and field.archived_at is None
        and not field.computed
        and (field.weight or field.required)
    ]


def measure(fields: Sequence[Field], facts: Facts) -> Completeness:
    """As `completeness`, for many customers by the same `asked` fields."""
    dismissed = frozenset(facts.get("dismissed") or ())
    found = [code for find in PROBLEMS for code in find(facts)]
    problems = [code for code in found if stamp(code, facts) not in dismissed] if dismissed else found
    unsound, values = {FIELDS[code] for code in problems}, facts.get("values") or {}
    missing, have, all_of_it = [], 0, 0
    for field in fields:
        key, weight = field.key, field.weight
        all_of_it += weight
        said = facts.get(key) if field.built_in else values.get(key)
        if (said or said not in (None, "", [])) and key not in unsound:  # 0 and false say something
            have += weight
            continue
        missing.append(key)
        if field.required and key not in TOLD:
            code = f"{MISSING}:{key}"
            if stamp(code, facts) not in dismissed:
                problems.append(code)
    score = 100 if not all_of_it else (200 * have + all_of_it) // (2 * all_of_it)
    return Completeness(score, tuple(missing), tuple(dict.fromkeys(problems)))


def field_of(code: str) -> str | None:
    """Key of the field that a problem is about; None: no code of ours."""
    kind, _, key = code.partition(":")
    return (key or None) if kind == MISSING else FIELDS.get(code)


def subject(code: str, facts: Facts) -> str:
    """The value that a problem is about; empty: that there is none."""
    return str(facts.get(FIELDS.get(code, "")) or "")


def stamp(code: str, facts: Facts) -> str:
    """What is remembered of a problem that is none: it holds for this value, and for no other."""
    return f"{code}={subject(code, facts)}"


def junk_phone(number: str) -> bool:
    """Does the number (E.164) look like one that was made up?"""
    return number in FAMOUS or number[-ENDING:] in MADE_UP


@lru_cache(1 << 14)
def junk_name(name: str) -> bool:
    """Does it name nobody: a word for any customer, or nothing but digits and signs?"""
    plain = "".join(unicodedata.normalize("NFKC", name).lower().split())
    return bool(plain) and (plain in NOBODY or not any(sign.isalpha() for sign in plain))


def _phone(facts: Facts) -> Iterator[str]:
    number = facts.get("phone")
    if not number:
        yield "no_phone"
    elif junk_phone(number):
        yield "junk_phone"


def _birthday(facts: Facts) -> Iterator[str]:
    if facts.get("birthday") in DEFAULT_BIRTHDAYS:
        yield "default_birthday"


def _name(facts: Facts) -> Iterator[str]:
    if junk_name(facts.get("name") or ""):
        yield "junk_name"


def _birth(facts: Facts) -> Iterator[str]:
    if overdue(facts.get(DUE), facts.get("today")):
        yield "overdue_birth"


def overdue(due: str | None, today: str | None) -> bool:
    """Whether a child due on this day must be born by now (ISO days); it becomes so by time alone."""
    return bool(due and today) and date.fromisoformat(str(due)) <= overdue_since(date.fromisoformat(str(today)))


def overdue_since(today: date) -> date:
    """The last day on which a child that is overdue today can have been due."""
    return today - OVERDUE


PROBLEMS: list[Callable[[Facts], Iterable[str]]] = [_phone, _birthday, _name, _birth]
"""Each gives codes of what is wrong; the field of each (FIELDS) does not count. A further one needs its fact in
`queries.profile.FACTS`, and its sentences `problem_<code>` and `advice_<code>` in `kit.words`."""
TOLD = frozenset(("phone",))
"""Required fields whose emptiness has a code of its own."""
