"""Words for people: sentences by key, in Chinese and English."""

from collections.abc import Mapping

from shuke.kit.words import EN, ZH_CN

CATALOGUE: Mapping[str, Mapping[str, str]] = {"zh-CN": ZH_CN, "en": EN}
DEFAULT = "zh-CN"


def negotiate(accept_language: str | None) -> str | None:
    """The first language of an Accept-Language header that we speak."""
    for part in (accept_language or "").split(","):
        tag = part.split(";")[0].strip().lower()
        if tag.startswith("zh"):
            return "zh-CN"
        if tag.startswith("en"):
            return "en"
    return None


def fill(template: str, params: Mapping[str, object]) -> str:
    """The template with its {names} replaced; a name without a value stays as it is."""
    return template.format_map(_Open(params))


class _Open(dict[str, object]):
    def __missing__(self, key: str) -> str:
        return "{" + key + "}"


def pick(words: Mapping[str, str], locale: str) -> str:
    """A shop's own words in this language, else in the one they are there in; "": there are none."""
    return words.get(locale) or next(iter(words.values()), "")


def say(locale: str, key: str, /, **params: object) -> str:
    """The sentence of this key, filled; a parameter that holds words by language says those of this one."""
    said = {name: pick(value, locale) if isinstance(value, Mapping) else value for name, value in params.items()}
    return fill(CATALOGUE[locale][key], said)
