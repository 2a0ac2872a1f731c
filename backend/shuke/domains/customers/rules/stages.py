"""Pure decisions about a list of stages and milestones: does it hold together, and what of it is new."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from string import Formatter

from msgspec.structs import replace

from shuke.domains.customers.types.dependants import Age, AgeUnit, LifeStage, LifeStageKind, Texts
from shuke.kit.text import clean

MOST_STAGES = 60
LONGEST_LABEL, LONGEST_TEXT = 40, 500
KEY = re.compile(r"[a-z][a-z0-9_]{0,39}", re.ASCII)
RANGES = {AgeUnit.DAYS: range(-300, 7301), AgeUnit.MONTHS: range(-9, 241)}
DAYS_A_MONTH = 30.44
"""for telling which of two ages of different units is the later"""


@dataclass(slots=True, frozen=True)
class Problem:
    """A key of `kit.words`, and what fills it."""

    reason: str
    params: dict[str, object] = field(default_factory=dict)


def cleaned(stage: LifeStage) -> LifeStage:
    """Texts without blanks around them, empty ones left out; only a milestone is active and has words to say."""
    milestone = stage.kind is LifeStageKind.MILESTONE
    return replace(
        stage,
        labels=_texts(stage.labels),
        ends=None if stage.kind is not LifeStageKind.STAGE else stage.ends,
        active=stage.active and milestone,
        why=_texts(stage.why) if milestone else {},
        say=_texts(stage.say) if milestone else {},
    )


def _texts(texts: Texts) -> Texts:
    return {language: words for language, said in texts.items() if (words := clean(said))}


def problem(stages: Sequence[LifeStage]) -> Problem | None:
    """What is wrong with a list; None: it holds together."""
    keys = [stage.key for stage in stages]
    if len(stages) > MOST_STAGES:
        return Problem("stages_many", {"most": MOST_STAGES})
    if len(set(keys)) < len(keys):
        return Problem("stage_twice")
    if sum(stage.kind is LifeStageKind.GRADUATION for stage in stages) != 1:
        return Problem("graduation_one")
    return next((found for stage in stages if (found := _problem(stage))), None)


def _problem(stage: LifeStage) -> Problem | None:
    name = next(iter(stage.labels.values()), stage.key)
    if not KEY.fullmatch(stage.key):
        return Problem("stage_key", {"key": stage.key})
    if not stage.labels or any(len(words) > LONGEST_LABEL for words in stage.labels.values()):
        return Problem("stage_label", {"most": LONGEST_LABEL})
    ages = [age for age in (stage.begins, stage.ends) if age]
    if any(age.value not in RANGES[age.unit] for age in ages):
        return Problem("stage_age", {"name": name})
    if stage.ends and _days(stage.ends) <= _days(stage.begins):
        return Problem("stage_ends", {"name": name})
    if stage.kind is LifeStageKind.GRADUATION and stage.begins.value <= 0:
        return Problem("stage_age", {"name": name})
    texts = [*stage.why.values(), *stage.say.values()]
    if any(len(words) > LONGEST_TEXT for words in texts):
        return Problem("stage_text", {"name": name, "most": LONGEST_TEXT})
    return None if all(map(plain, texts)) else Problem("stage_braces", {"name": name})


def _days(age: Age) -> float:
    return age.value * (DAYS_A_MONTH if age.unit is AgeUnit.MONTHS else 1)


def plain(template: str) -> bool:
    """Only {names} in braces, no attributes and no formats, so that filling it cannot fail."""
    try:
        pieces = list(Formatter().parse(template))
    except ValueError:
        return False
    return all(name is None or (name.isidentifier() and not how and not turn) for _, name, how, turn in pieces)


def dated(stage: LifeStage, before: LifeStage | None, now: datetime) -> LifeStage:
    """With `since`: a milestone that is new, was switched on, or lies on other days announces none of before now."""
    same = before is not None and (before.begins, before.active) == (stage.begins, stage.active)
    return replace(stage, since=before.since if same and before else now)
