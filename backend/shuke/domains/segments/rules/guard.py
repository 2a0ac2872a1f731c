"""Which cuts divide nobody, and what to take instead; pure.

Cuts are judged by the part of the customers who would be high: with more than 95 % or less than 1 % there is nothing to
tell apart. With few customers, or a short history, a quantile says little: numbers are proposed, and taken as they are.
"""

from collections.abc import Mapping, Sequence
from decimal import Decimal

from shuke.domains.segments.rules.cuts import cut_text
from shuke.domains.segments.types import Cut, CutNote, Cuts, RfmCell
from shuke.domains.segments.types.rfm import Problem, Spread
from shuke.kit import i18n
from shuke.kit.money import digits

MOST, LEAST = 0.95, 0.01
FEW, SHORT = 50, 60
"""Customers who have bought; days since the first order."""
THIN = ("rfm_history_small", "rfm_history_short")
"""Reasons that say nothing against the cut-off itself."""
TRY: Mapping[str, tuple[float, ...]] = {"r": (90, 60, 30, 180, 365, 14, 7), "f": (2, 3, 4, 5, 6, 8, 10, 15, 20)}
"""Days and visits that are tried, the usual ones first."""
DEFAULTS = Cuts(m=Cut(Decimal(100)))


def highs(cells: Mapping[RfmCell, int]) -> list[float]:
    """The part of the customers who are high in R, F and M, by how many stand in each cell; nobody: zeros."""
    everybody = sum(cells.values()) or 1
    return [sum(many for cell, many in cells.items() if cell.value[at] == "H") / everybody for at in range(3)]


def divides(shares: Sequence[float], customers: int, days: int) -> bool:
    """Whether there is nothing that `judge` could say; `shares`: the parts of the customers who are high."""
    return not customers or (customers >= FEW and days >= SHORT and all(LEAST <= one <= MOST for one in shares))


def judge(cuts: Cuts, spreads: Mapping[str, Spread], customers: int, days: int, currency: str) -> list[Problem]:
    """What is wrong with cuts; `days`: since the first order. Nobody has bought: nothing to judge by."""
    if not customers:
        return []
    thin = "rfm_history_small" if customers < FEW else "rfm_history_short" if days < SHORT else None
    found = []
    for name, spread in spreads.items():
        one: Cut = getattr(cuts, name)
        proposal = cut_text(_proposed(name, spread, currency, thin is not None))
        params = {"customers": customers, "days": days, "proposal": proposal, "dimension": name.upper()}
        if thin:
            if one.quantile:
                found.append(Problem(name, thin, params, proposal))
        elif not LEAST <= spread.high <= MOST:
            reason = "rfm_cut_everybody" if spread.high > MOST else "rfm_cut_nobody"
            share = f"{spread.high * 100:.1f}".removesuffix(".0")
            shown = cut_text(_said(name, spread.cut_off, currency))
            found.append(Problem(name, reason, params | {"share": share, "cut": shown}, proposal))
    return found


def note_text(note: CutNote, locale: str) -> str:
    """What there is to say of a full run's cut, in words."""
    why = i18n.say(locale, note.reason, **note.params)
    return i18n.say(locale, "rfm_cut_held", why=why) if note.held else why


def _proposed(name: str, spread: Spread, currency: str, thin: bool) -> Cut:
    """The first cut of those tried that divides; with a thin history the first one."""
    fitting = [value for value, high in spread.others if thin or LEAST <= high <= MOST]
    fallback: Cut = getattr(DEFAULTS, name)
    return _said(name, fitting[0], currency) if fitting else fallback


def _said(name: str, value: float, currency: str) -> Cut:
    number = Decimal(str(value))
    return Cut(number.scaleb(-digits(currency)) if name == "m" else number)


def rounded(minor: float, currency: str) -> float:
    """An amount that people would name: two leading digits, whole in the main unit."""
    unit = 10 ** digits(currency)
    main = Decimal(str(minor)) / unit
    if main < 1:
        return float(unit)
    places = main.adjusted() - 1
    return float(round(main.scaleb(-places)) * Decimal(10) ** places * unit)
