"""Rules and what they saw, and what a cell is made of, in the caller's words."""

from collections.abc import Iterable
from typing import Any

from shuke.api.context import Info
from shuke.domains.customers.rules.wording import briefly
from shuke.domains.segments.types.rules import SEGMENTS, Figures
from shuke.kit import i18n, rules, zones
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


def cell_reason(info: Info, figures: Figures) -> str:
    """86 天没来 · 4 次 · 共 ¥3,657"""
    locale, currency = spoken(info)
    days = (zones.local_date(info.context.now, info.context.require().timezone) - figures.last_on).days
    came = {0: "cell_today", 1: "cell_yesterday"}.get(days, "cell_silent")
    visits = i18n.say(locale, "cell_visit" if figures.visits == 1 else "cell_visits", visits=figures.visits)
    if figures.window:
        visits = i18n.say(locale, "cell_within", visits=visits, days=figures.window)
    money = i18n.say(locale, "cell_money", amount=briefly(figures.minor, currency))
    return " · ".join((i18n.say(locale, came, days=days), visits, money))


def _silent(asked: Condition, known: Catalogue) -> bool:
    return known[asked.fact].each or asked.fact == SEGMENTS
