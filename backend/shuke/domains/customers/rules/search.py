"""What a customer is found by, and what was looked for."""

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from shuke.kit import identities, phones, pinyin
from shuke.kit.text import clean

SEARCH_LENGTH = 40
"""Tokens are cut to so many characters, and so is what is looked for."""

ENDING = 4
"""How many last digits of a phone find it: those that its mask shows."""


@lru_cache(1 << 14)
def _parts(text: str) -> frozenset[str]:
    """What a text is found by. Two or three people have one name, and many one nickname."""
    found = {text[place : place + SEARCH_LENGTH] for place, char in enumerate(text) if char != " "}
    return frozenset(found | pinyin.spelled(text, SEARCH_LENGTH))


@dataclass(slots=True, frozen=True)
class Sought:
    """What a search looks for: any of these."""

    terms: list[str]
    """the beginning of a token, each in the form that tokens have"""
    numbers: list[str]
    """whole phones in E.164, WeChat ids and e-mail addresses"""
    ending: str | None
    """the last digits of a phone"""


def sought(typed: str | None) -> Sought | None:
    """What to look for; None: nothing was typed.

    A phone is found whole, however it was spaced, or by its last four digits. By no other part: who could ask for the
    beginning and one digit more would read what the mask hides, and nothing would be put down.
    """
    text = folded(typed)
    if text is None:
        return None
    if len(text) > SEARCH_LENGTH or text.strip("+0123456789 -()."):
        terms = dict.fromkeys(term[:SEARCH_LENGTH] for term in (text, pinyin.typed(text)))
        return Sought(list(terms), identities.concealed(text), None)
    digits = "".join(char for char in text if char.isdigit())
    return Sought([text], phones.readings(text), digits if len(digits) == ENDING else None)


def folded(text: str | None) -> str | None:
    """The form in which texts are compared: full-width and half-width alike, in lower case; None for nothing."""
    cleaned = clean(unicodedata.normalize("NFKC", text)) if text else None
    return cleaned.lower() if cleaned else None


def tokens(texts: Iterable[str | None], numbers: Iterable[str]) -> list[str]:
    """What a customer is found by, in order: each takes those whose beginning is what was typed.

    Every place in a text begins a token, so that any part of it is found as the beginning of one, and its Chinese words
    stand there in pinyin and by initials as well. A number is found from its first character. Phones are not among
    them: no part of one but its end is looked for, and that by an index of its own. What begins a longer token is
    found by that one.
    """
    found = {number[:SEARCH_LENGTH] for number in map(folded, numbers) if number}
    for text in filter(None, map(folded, texts)):
        found |= _parts(text)
    said = [*sorted(found), ""]  # a token's longer ones come right behind it
    return [token for token, then in pairwise(said) if not then.startswith(token)]
