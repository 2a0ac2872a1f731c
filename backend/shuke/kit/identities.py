"""What a person can be known by, as typed and as stored: phones, WeChat ids, member numbers, cards, e-mail."""

import re
import unicodedata

from shuke.kit import phones
from shuke.kit.text import clean

LONGEST = 120
WECHAT = re.compile(r"[a-z][a-z0-9_-]{5,19}")
CARD = re.compile(r"[0-9A-Z]{4,40}")
EMAIL = re.compile(r"[^\s@<>()\[\],;:\"\\]{1,64}@(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+[a-z]{2,}")


def normalise(kind: str, typed: str) -> str | None:
    """The form that is compared and stored; None for what is none of this kind.

    phone: E.164. wechat: lower case, as WeChat compares them; 6 to 20 characters that begin with a letter. card: its
    characters without blanks and dashes. email: without regard to case. member_no: as the till says it.
    """
    text = clean(unicodedata.normalize("NFKC", typed))
    if text is None or len(text) > LONGEST:
        return None
    if kind == "phone":
        return phones.normalise(text)
    if kind == "wechat":
        return _if(WECHAT, text.lower())
    if kind == "email":
        return _if(EMAIL, text.casefold())
    if kind == "card":
        return _if(CARD, re.sub(r"[\s-]", "", text).upper())
    return text


def concealed(text: str) -> list[str]:
    """Every WeChat id or e-mail address that this may be, whole."""
    found = (normalise(kind, text) for kind in ("wechat", "email"))
    return [value for value in found if value]


def masked(kind: str, value: str) -> str:
    """As screens show it: enough to tell two apart. Member numbers and cards are shown whole, as the till has them."""
    if kind == "phone":
        return phones.masked(value)
    if kind == "wechat":
        return f"{value[:2]}••{value[-2:]}"
    if kind == "email":
        name, _, domain = value.partition("@")
        return f"{name[:1]}••@{domain}"
    return value


def _if(form: re.Pattern[str], text: str) -> str | None:
    return text if form.fullmatch(text) else None
