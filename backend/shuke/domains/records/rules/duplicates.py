"""Pure rules of likeness: which phones are one slip of a finger away, and how much reasons weigh together (ADR 22)."""

from collections.abc import Iterable

from shuke.domains.customers.rules.completeness import DEFAULT_BIRTHDAYS
from shuke.domains.customers.types.profile import Field, FieldKind, Subject
from shuke.domains.records.types.merging import Rule
from shuke.kit import birthdays

WEIGHTS = {Rule.SAME_CHILD: 70, Rule.SAME_BIRTHDAY: 60, Rule.NEAR_PHONE: 50, Rule.SAME_ADDRESS: 40}
"""How likely each reason alone makes it that two are one, in per cent."""

ADDRESSES = ("address", "community", "living_area")
"""Keys of fields that say where somebody lives, whatever they are called."""
LIVES = ("地址", "住址", "社区", "小区", "楼盘", "address", "community", "residence")
"""What such a field of head office's own is called."""

COUNTRY = 3
"""Characters of an E.164 number that nobody mistypes, since nobody types them: +86."""


def addresses(fields: Iterable[Field]) -> list[str]:
    """The keys of the fields about herself that say where she lives; an archived one's values stay, and count."""
    named = (field for field in fields if field.subject is Subject.CUSTOMER and not field.built_in)
    texts = [field for field in named if field.kind in (FieldKind.TEXT, FieldKind.CHOICE)]
    return [field.key for field in texts if field.key in ADDRESSES or _lives(field)]


def _lives(field: Field) -> bool:
    called = " ".join(field.label.values()).lower()
    return any(word in called for word in LIVES)


def tells_apart(birthday: str) -> bool:
    """Whether a birthday, in its canonical text, says who somebody is: the year is known, and it is none of the days
    that are put down for an unknown one.
    """
    return birthday not in DEFAULT_BIRTHDAYS and birthdays.parse(birthday).year is not None


def near_phones(number: str) -> list[str]:
    """The numbers that differ from an E.164 number by one digit, or by two neighbouring digits swapped."""
    head, tail = number[:COUNTRY], number[COUNTRY:]
    if not tail.isdigit():
        return []
    places = range(len(tail))
    found = {tail[:place] + digit + tail[place + 1 :] for place in places for digit in "0123456789"}
    found |= {tail[:place] + tail[place + 1] + tail[place] + tail[place + 2 :] for place in places[:-1]}
    return [head + other for other in sorted(found - {tail})]


def are_near(one: str, other: str) -> bool:
    """Whether each is among the other's `near_phones`: for two that are at hand."""
    if len(one) != len(other) or one[:COUNTRY] != other[:COUNTRY] or not one[COUNTRY:].isdigit():
        return False
    off = [place for place, (mine, hers) in enumerate(zip(one, other, strict=True)) if mine != hers]
    if len(off) == 2:
        first, second = off
        return second == first + 1 and (one[first], one[second]) == (other[second], other[first])
    return len(off) == 1


def score(reasons: Iterable[Rule]) -> int:
    """0 to 100: reasons that hold together leave less room for chance than each alone."""
    chance = 1.0
    for rule in set(reasons):
        chance *= 1 - WEIGHTS[rule] / 100
    return round(100 * (1 - chance))


def ordered(reasons: Iterable[Rule]) -> list[Rule]:
    """The strongest first, each once."""
    return sorted(set(reasons), key=lambda rule: (-WEIGHTS[rule], rule.value))
