"""Rules and what they saw, in the caller's words."""

from collections.abc import Iterable
from typing import Any

from shuke.api.context import Info
from shuke.domains.segments.types.rules import SEGMENTS
from shuke.kit import rules
from shuke.kit.rules import Catalogue, Condition, Node


def spoken(info: Info) -> tuple[str, str]:
    """The caller's language, and the currency of the brand."""
    return info.context.locale, info.context.require().currency


def told(info: Info, known: Catalogue, seen: Iterable[tuple[Node, Any]]) -> list[str]:
    """What each part saw; where there is nothing to name, what it asks."""
    says = (known, *spoken(info))
    return [
        rules.told(part, found, *says)
        if isinstance(part, Condition) and (found is not None or not _silent(part, known))
        else rules.sentence(part, *says)
        for part, found in seen
    ]


def _silent(asked: Condition, known: Catalogue) -> bool:
    return known[asked.fact].each or asked.fact == SEGMENTS
