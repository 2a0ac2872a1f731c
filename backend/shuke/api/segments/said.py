"""Rules and what they saw, in the caller's words."""

from collections.abc import Iterable
from typing import Any

from shuke.api.context import Info
from shuke.kit import rules
from shuke.kit.rules import Catalogue, Condition


def spoken(info: Info) -> tuple[str, str]:
    """The caller's language, and the currency of the brand."""
    return info.context.locale, info.context.require().currency


def told(info: Info, known: Catalogue, seen: Iterable[tuple[Condition, Any]]) -> list[str]:
    """What each condition saw; where there is nothing to name, what it asks."""
    says = (known, *spoken(info))
    return [
        rules.sentence(asked, *says) if found in (None, []) else rules.told(asked, found, *says)
        for asked, found in seen
    ]
