"""Chinese names as they are typed on a keyboard: full pinyin and initials, from any syllable on."""

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import cache, lru_cache
from itertools import islice, product

MOST_READINGS = 4
"""A word with several readings is written in so many ways at most, the usual one first."""

MOST_SYLLABLES = 12
"""What begins at a syllable is written out so far; nobody types more of a name."""

LONGEST_SYLLABLE = 6  # zhuang

HAN = re.compile("[\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]+")
SURNAMES = {
    "单": "shan", "曾": "zeng", "解": "xie", "仇": "qiu", "朴": "piao", "区": "ou", "查": "zha", "盖": "ge",
    "乐": "yue", "缪": "miao", "翟": "zhai", "员": "yun", "洗": "xian", "覃": "qin", "折": "she", "种": "chong",
    "秘": "bi", "卜": "bu", "召": "shao", "句": "gou", "祭": "zhai", "隗": "wei", "薄": "bo", "重": "chong",
    "郇": "xun", "繁": "po", "阚": "kan", "牟": "mu", "都": "du",
}  # fmt: skip
"""How a surname is read whose character is usually read otherwise."""

DOUBLE_SURNAMES = {
    "尉迟": ("yu", "chi"), "万俟": ("mo", "qi"), "单于": ("chan", "yu"), "长孙": ("zhang", "sun"),
    "澹台": ("tan", "tai"), "皇甫": ("huang", "fu"), "宰父": ("zai", "fu"), "濮阳": ("pu", "yang"),
}  # fmt: skip
FURTHER = {
    "乐": "yue", "茜": "xi", "晟": "sheng", "行": "hang", "朝": "zhao", "长": "chang", "重": "chong", "柏": "bo",
    "薄": "bo", "车": "ju", "覃": "tan", "盛": "cheng", "单": "shan", "曾": "zeng", "解": "xie", "莎": "suo",
    "翟": "zhai", "牟": "mu", "藏": "zang", "觉": "jiao", "参": "shen", "还": "huan", "传": "zhuan", "大": "dai",
    "六": "lu", "绿": "lu", "吕": "lu", "女": "nu", "率": "shuai", "蔓": "wan", "尉": "yu", "区": "ou",
    "仇": "qiu", "盖": "ge", "降": "xiang", "朴": "piao",
}  # fmt: skip
"""A second reading that is heard in names, beside the dictionary's first."""


def spelled(text: str, most: int) -> set[str]:
    """What the Chinese words of a text are found by, each cut to `most` letters: 周雨桐 by zhouyutong, yutong, tong and
    by zyt, yt. A surname at its beginning is read as one. ü is v.
    """
    found: set[str] = set()
    for run in HAN.finditer(text):
        first, said = _surname(run[0]) if run.start() == 0 else (0, [])
        for place in range(first):
            found.update(_written((said[place:] + _syllables(run[0][first:]))[:MOST_SYLLABLES]))
        found |= _onwards(run[0][first:])
    return {word[:most] for word in found} if len(text) * LONGEST_SYLLABLE > most else found


def typed(text: str) -> str:
    """A search in lower case as its pinyin would stand in a token: zhou yu'tong is zhouyutong, lü is lv."""
    return re.sub("[ '’]", "", text.replace("ü", "v")) if re.fullmatch("[a-zü][a-zü '’]*", text) else text


def _surname(run: str) -> tuple[int, list[Sequence[str]]]:
    """Of how many characters the surname at the beginning is, and how each of them is read."""
    if run[:2] in DOUBLE_SURNAMES:
        return 2, [(one,) for one in DOUBLE_SURNAMES[run[:2]]]
    usual = _readings(run[0])
    said = tuple(dict.fromkeys((SURNAMES[run[0]], *usual))) if run[0] in SURNAMES else usual
    return (1, [said]) if said else (0, [])


def _syllables(run: str) -> list[Sequence[str]]:
    """The readings of each character, as far as they are known."""
    return [readings for char in run if (readings := _readings(char))]


@lru_cache(1 << 14)
def _onwards(run: str) -> frozenset[str]:
    """What is written from each syllable on. Many people share a given name."""
    syllables = _syllables(run)
    starts = range(len(syllables))
    return frozenset(word for place in starts for word in _written(syllables[place : place + MOST_SYLLABLES]))


def _written(syllables: Iterable[Sequence[str]]) -> Iterator[str]:
    for reading in islice(product(*syllables), MOST_READINGS):
        yield "".join(reading)
        if len(reading) > 1:  # one letter alone begins the full pinyin
            yield "".join(syllable[0] for syllable in reading)


@cache
def _readings(char: str) -> tuple[str, ...]:
    """How a character is read, the usual way first; nothing where no dictionary knows it."""
    from pypinyin import lazy_pinyin  # its dictionaries take a fifth of a second, and not every process needs them

    usual = lazy_pinyin(char, errors="ignore")
    return tuple(dict.fromkeys([*usual[:1], *FURTHER.get(char, "").split()])) if usual else ()
