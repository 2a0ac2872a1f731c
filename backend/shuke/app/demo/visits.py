"""Who came in and who asked in the last weeks: newcomers, filed in time or not; leads; others who only looked.

Of a seed of its own, so that nothing else changes with it.
"""

from collections.abc import Iterable, Iterator
from datetime import timedelta
from random import Random

from shuke.app.demo.calendar import OPENS, Calendar, sorted_id
from shuke.app.demo.people import SEED, counter_of
from shuke.app.demo.shapes import Batch, Call, Person, Receipt
from shuke.domains.customers.types.visits import VisitChannel, VisitKind

DAYS = 45
IN_TIME, TOO_LATE = (3, 40), (75, 280)
"""Minutes from the door until she was on file."""
LATE = 0.12  # of the newcomers
NAMELESS = 0.6  # of those who bought and did not say who they are
LOOKED = 0.07  # of the others
SOURCES = ("wechat", "miniprogram", "xiaohongshu", "douyin", "dianping")
"""Where leads come from, as partners' programs call it."""
QUESTIONS = (
    "3 段奶粉还有货吗？想周末来拿",
    "请问待产包都包括什么，能自己搭配吗",
    "婴儿推车可以到店试吗，孩子 8 个月",
    "想换一款薄一点的纸尿裤，有试用装吗",
    "安全座椅怎么选，家里是小车",
    "辅食机和辅食盒有套餐吗",
)
LOOKING = ("看了推车，想和家人商量", "要的尺码没有，到货告诉她", "比了两款睡袋，没定", None, None)


def came(batch: Batch, calendar: Calendar) -> Iterator[Call]:
    """Visits and inquiries of these people, and of those of the batch's customers whom nobody knows."""
    since = calendar.day(DAYS)
    for person, first in _firsts(batch.receipts).items():
        rng = Random(f"{SEED}/visits {person.phone}")
        if first.day >= since:
            yield from _newcomer(rng, calendar, person, first)
        elif not batch.due and rng.random() < LOOKED:
            yield _looked(rng, calendar, person)
    for number, receipt in enumerate(batch.receipts):
        rng = Random(f"{SEED}/nameless {receipt.shop} {receipt.number} {number}")
        if receipt.person is None and receipt.day >= since and rng.random() < NAMELESS:
            yield _nameless(rng, receipt)


def _firsts(receipts: Iterable[Receipt]) -> dict[Person, Receipt]:
    found: dict[Person, Receipt] = {}
    for receipt in receipts:
        if receipt.person and receipt.placed_at < found.get(receipt.person, receipt).placed_at:
            found[receipt.person] = receipt
        elif receipt.person:
            found.setdefault(receipt.person, receipt)
    return found


def _newcomer(rng: Random, calendar: Calendar, person: Person, first: Receipt) -> Iterator[Call]:
    """Her first visit, by which she was filed; whoever was won online had asked before."""
    late = rng.random() < LATE
    opened = calendar.moment((calendar.today - first.day).days, OPENS)
    wait = timedelta(minutes=rng.randint(*(TOO_LATE if late else IN_TIME)))
    at = min(person.joined_at, max(opened, person.joined_at - wait))
    if person.source == "online":
        asked = at - timedelta(minutes=rng.randint(120, 3000))
        yield Call(
            id=sorted_id(rng, asked),
            person=person,
            shop=person.shop,
            guide=None,
            kind=VisitKind.INQUIRY,
            channel=VisitChannel.ONLINE,
            at=asked,
            new=True,
            filed_at=asked,
            note=rng.choice(QUESTIONS),
            source=rng.choice(SOURCES),
        )
    yield Call(
        id=sorted_id(rng, at),
        person=person,
        shop=person.shop,
        guide=_served_by(rng, person),
        kind=VisitKind.VISIT,
        channel=VisitChannel.STORE,
        at=at,
        new=True,
        bought=not late,
        filed_at=person.joined_at,
    )


def _looked(rng: Random, calendar: Calendar, person: Person) -> Call:
    """She came and bought nothing, or asked by phone."""
    at = calendar.moment(rng.randint(1, DAYS - 1), rng.randint(10 * 60, 20 * 60))
    by_phone = rng.random() < 0.3
    return Call(
        id=sorted_id(rng, at),
        person=person,
        shop=person.shop,
        guide=_served_by(rng, person),
        kind=VisitKind.INQUIRY if by_phone else VisitKind.VISIT,
        channel=rng.choice((VisitChannel.PHONE, VisitChannel.WECHAT)) if by_phone else VisitChannel.STORE,
        at=at,
        bought=None if by_phone else False,
        note=rng.choice(QUESTIONS if by_phone else LOOKING),
    )


def _nameless(rng: Random, receipt: Receipt) -> Call:
    """Somebody new bought, and nobody asked her name."""
    at = receipt.placed_at - timedelta(minutes=rng.randint(2, 20))
    return Call(
        id=sorted_id(rng, at),
        person=None,
        shop=receipt.shop,
        guide=rng.choice(counter_of(receipt.shop)),
        kind=VisitKind.VISIT,
        channel=VisitChannel.STORE,
        at=at,
        new=True,
        bought=True,
    )


def _served_by(rng: Random, person: Person) -> int:
    return rng.choice(counter_of(person.shop)) if person.guide is None else person.guide
