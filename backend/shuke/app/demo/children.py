"""The children of the demo chain's mothers: of a seed of their own, so that nothing else changes with them."""

from datetime import date, timedelta
from random import Random

from shuke.app.demo import names
from shuke.app.demo.calendar import Calendar, sorted_id
from shuke.app.demo.people import SEED
from shuke.app.demo.shapes import Baby, Person

ON_FILE = 0.85  # of the families told about their child
TWINS, ELDER = 0.03, 0.16
GENDERS = ("female", "male", "unknown")


def children(mother: Person, day: date, calendar: Calendar) -> tuple[Baby, ...]:
    """The child that she buys for, born or due on this day; now and then a twin, or an elder one."""
    rng = Random(f"{SEED}/children {mother.id}")
    if rng.random() > ON_FILE:
        return ()
    called = (mother.alias or "").removesuffix("妈妈") or None
    found = [_baby(rng, mother, called if day <= calendar.day(0) else None, day)]
    if rng.random() < TWINS:
        found.append(_baby(rng, mother, rng.choice(names.NICKNAMES), day))
    if rng.random() < ELDER:
        elder = day - timedelta(days=rng.randint(500, 2200))
        found.append(_baby(rng, mother, rng.choice(names.NICKNAMES), elder))
    return tuple(found)


def _baby(rng: Random, mother: Person, name: str | None, day: date) -> Baby:
    return Baby(sorted_id(rng, mother.joined_at), name, rng.choice(GENDERS), day)
