"""Pure: how much of a customer's card is filled in, and what is wrong with it. What stands in for an unknown value, a
default birthday or a number that rings nowhere, does not count.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Any, TypeAlias

from shuke.domains.customers.types.profile import Completeness, Document, Field, Subject

Facts: TypeAlias = Mapping[str, Any]
"""Key of a built-in field -> what is on file (None: nothing), and `values`: her custom values."""

NOTHING = {"gender": ("unknown",), "source": ("other", "import")}
"""Values of built-in fields that say as little as none."""
DEFAULT_BIRTHDAYS = frozenset(
    ("1899-12-30", "1899-12-31", "1900-01-01", "1970-01-01", "1980-01-01", "1990-01-01", "2000-01-01")
)
"""What forms, spreadsheets and people in a hurry put down: no day of birth."""
FAMOUS = frozenset(("+8613800138000", "+8613800138001", "+8613888888888", "+8613912345678", "+8613812345678"))
"""Numbers of no customer: an operator's own, and those of advertisements."""
ENDING = 8
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
    found = [pair for find in PROBLEMS for pair in find(facts)]
    unsound, values = {key for _, key in found}, facts.get("values") or {}
    missing, have, all_of_it = [], 0, 0
    problems = [code for code, _ in found]
    for field in fields:
        all_of_it += field.weight
        said = facts.get(field.key) if field.built_in else values.get(field.key)
        if said not in (None, "", []) and field.key not in unsound:
            have += field.weight
            continue
        missing.append(field.key)
        if field.required and field.key not in TOLD:
            problems.append(f"missing:{field.key}")
    score = 100 if not all_of_it else (200 * have + all_of_it) // (2 * all_of_it)
    return Completeness(score, tuple(missing), tuple(dict.fromkeys(problems)))


def junk_phone(number: str) -> bool:
    """Does the number (E.164) look like one that was made up?"""
    digits = number.lstrip("+")[-ENDING:]
    steps = {(int(after) - int(before)) % 10 for before, after in pairwise(digits)}
    return number in FAMOUS or (len(digits) == ENDING and len(steps) == 1 and steps <= {0, 1, 9})


def _phone(facts: Facts) -> Iterator[tuple[str, str]]:
    number = facts.get("phone")
    if not number:
        yield "no_phone", "phone"
    elif junk_phone(number):
        yield "junk_phone", "phone"


def _birthday(facts: Facts) -> Iterator[tuple[str, str]]:
    if facts.get("birthday") in DEFAULT_BIRTHDAYS:
        yield "default_birthday", "birthday"


PROBLEMS: list[Callable[[Facts], Iterable[tuple[str, str]]]] = [_phone, _birthday]
"""Each gives (code, key of the field that therefore does not count); a further one needs its fact in
`queries.profile.FACTS` and its sentence `problem_<code>` in `kit.words`."""
TOLD = frozenset(("phone",))
"""Required fields whose emptiness has a code of its own."""
