"""Pure rules of likeness: which phones are one slip of a finger away, and how much reasons weigh together (ADR 22)."""

from collections.abc import Iterable

from shuke.domains.records.types.merging import Rule

WEIGHTS = {Rule.SAME_CHILD: 70, Rule.SAME_BIRTHDAY: 60, Rule.NEAR_PHONE: 50, Rule.SAME_ADDRESS: 40}
"""How likely each reason alone makes it that two are one, in per cent."""

ADDRESSES = ("address", "community", "living_area")
"""Keys of head office's own fields that say where somebody lives."""

COUNTRY = 3
"""Characters of an E.164 number that nobody mistypes, since nobody types them: +86."""


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
