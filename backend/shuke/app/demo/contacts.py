"""The follow-ups of the past: thanks for a first purchase, a call three days later, a call after ninety silent days."""

from itertools import pairwise
from random import Random

from shuke.app.demo.calendar import Calendar
from shuke.app.demo.people import counter_of
from shuke.app.demo.shapes import Contact, Person, Receipt

SILENT = 90
KEPT = 0.9  # of the follow-ups that were due
THANKS = (("reached", 70), ("no_answer", 22), ("visit_booked", 8))
CALL = (("reached", 58), ("no_answer", 24), ("visit_booked", 12), ("refused", 6))
CAME_BACK = (("visit_booked", 60), ("reached", 40))
STAYED_AWAY = (("reached", 40), ("no_answer", 34), ("refused", 18), ("wrong_person", 5), ("visit_booked", 3))
NOTES = {
    "reached": (
        "说宝宝适应得很好",
        "问了换段怎么过渡，已说明",
        "微信里回的，说谢谢",
        "最近回老家了，回来再买",
        "囤货还没用完",
        "想等活动，已告诉她日期",
    ),
    "visit_booked": ("周末过来", "周六上午带宝宝来", "下班顺路来取"),
    "no_answer": ("响铃没人接", "改发了微信"),
    "refused": ("不想再接到电话", "换到离家近的店了"),
    "wrong_person": ("说打错了",),
}


def followed_up(
    rng: Random, calendar: Calendar, people: list[Person], receipts: list[Receipt], due: bool
) -> list[Contact]:
    """What was done before today; `due`: the last silence is still to be followed up."""
    contacts: list[Contact] = []
    for person in people:
        bought = [r for r in receipts if r.person is person and r.refund_of is None and not r.cancelled]
        agos = sorted({(calendar.today - receipt.day).days for receipt in bought}, reverse=True)
        if agos:
            contacts += _contacts(rng, calendar, person, agos, due)
    return contacts


def _contacts(rng: Random, calendar: Calendar, person: Person, agos: list[int], due: bool) -> list[Contact]:
    occasions = [(agos[0] - 1, THANKS), (agos[0] - 3, CALL)]
    occasions += [(a - SILENT, CAME_BACK) for a, b in pairwise(agos) if a - b > SILENT]
    if not due:
        occasions.append((agos[-1] - SILENT - (rng.random() < 0.2), STAYED_AWAY))
    return [
        _contact(rng, calendar, person, ago, outcomes)
        for ago, outcomes in occasions
        if ago >= 1 and rng.random() < KEPT
    ]


def _contact(
    rng: Random, calendar: Calendar, person: Person, ago: int, outcomes: tuple[tuple[str, int], ...]
) -> Contact:
    guide = rng.choice(counter_of(person.shop)) if person.guide is None else person.guide
    (outcome,) = rng.choices([name for name, _ in outcomes], [weight for _, weight in outcomes])
    note = rng.choice(NOTES[outcome]) if rng.random() < 0.4 else None
    return Contact(person, calendar.moment(ago, rng.randint(10 * 60, 18 * 60)), guide, outcome, note)
