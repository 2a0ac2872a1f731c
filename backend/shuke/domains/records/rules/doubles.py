"""Who is probably the same person, of rows and customers with one name. Pure, and a guess: nobody is made one by it.

The rules are those of `rules.duplicates` that a row of a file can be asked before it is taken.
"""

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from shuke.domains.records.rules.duplicates import are_near, tells_apart
from shuke.domains.records.types.merging import Rule

NOBODY = ("先生", "女士", "小姐", "宝妈", "妈妈", "爸爸", "顾客", "客户", "会员", "匿名", "未知", "test", "测试")
"""Names that several people go by."""


@dataclass(slots=True, frozen=True)
class Someone:
    """What a guess goes by. `key`: whatever the caller knows her by; `birthday`: canonical, see kit.birthdays."""

    key: Any
    name: str
    birthday: str | None
    phones: frozenset[str]
    """E.164"""


RULES = {"twin_birthday": Rule.SAME_BIRTHDAY, "twin_phone": Rule.NEAR_PHONE}
"""Reason of a row's verdict -> the rule that the queue of pairs knows."""


def same_name(name: str | None) -> str | None:
    """The name as it is compared; None: it says nothing."""
    text = unicodedata.normalize("NFKC", name or "").replace(" ", "").lower()
    return text if len(text) > 1 and text not in NOBODY else None


def probably(one: Someone, other: Someone) -> str | None:
    """Why these two, who have the same name and share no number, are probably one person; None: they are not."""
    if one.phones & other.phones:
        return None
    if one.birthday and one.birthday == other.birthday and tells_apart(one.birthday):
        return "twin_birthday"
    if any(are_near(mine, hers) for mine in one.phones for hers in other.phones):
        return "twin_phone"
    return None


def twin(one: Someone, others: Iterable[Someone]) -> tuple[Someone, str] | None:
    """Who of these is probably the same person, and why; the surest reason first."""
    found = [(other, why) for other in others if other.key != one.key and (why := probably(one, other))]
    return min(found, key=lambda pair: pair[1], default=None)
