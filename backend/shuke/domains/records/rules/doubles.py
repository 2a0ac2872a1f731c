"""Who is probably the same person. Pure, and a guess: nobody is made one by it."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

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


def same_name(name: str | None) -> str | None:
    """The name as it is compared; None: it says nothing."""
    text = "".join((name or "").lower().split())
    return text if len(text) > 1 and text not in NOBODY else None


def probably(one: Someone, other: Someone) -> str | None:
    """Why these two, who have the same name and share no number, are probably one person; None: they are not."""
    if one.phones & other.phones:
        return None
    if one.birthday and one.birthday == other.birthday and not one.birthday.startswith(("--", "lunar:--")):
        return "twin_birthday"
    if any(nearly(a, b) for a in one.phones for b in other.phones):
        return "twin_phone"
    return None


def nearly(one: str, other: str) -> bool:
    """Whether two numbers differ in one digit, or in two that changed places."""
    if len(one) != len(other):
        return False
    off = [place for place, (a, b) in enumerate(zip(one, other, strict=True)) if a != b]
    if len(off) == 1:
        return True
    return len(off) == 2 and off[1] == off[0] + 1 and one[off[0]] == other[off[1]] and one[off[1]] == other[off[0]]


def twin(one: Someone, others: Iterable[Someone]) -> tuple[Someone, str] | None:
    """Who of these is probably the same person, and why; the surest reason first."""
    found = [(other, why) for other in others if other.key != one.key and (why := probably(one, other))]
    return min(found, key=lambda pair: pair[1], default=None)
