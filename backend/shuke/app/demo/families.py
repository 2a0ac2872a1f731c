"""A household of the demo chain: who belongs to it, when it came, what it bought, and how it was followed up."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from random import Random

from shuke.app.demo import names
from shuke.app.demo.baskets import basket, taken_back, taste
from shuke.app.demo.calendar import Calendar, opening_minute, sorted_id
from shuke.app.demo.children import children
from shuke.app.demo.contacts import followed_up
from shuke.app.demo.shapes import Contact, Person, Receipt

HISTORY = 545  # days, eighteen months
SETTLED = 5  # days: a family that came before that has had its first follow-ups
MOTHER, FATHER = "妈妈", "爸爸"
RELATIVES = ((FATHER, 0.5), ("奶奶", 0.24), ("外婆", 0.16))
GENERATIONS = {
    MOTHER: (names.MOTHERS, 1987, 2001),
    FATHER: (names.FATHERS, 1984, 1999),
    "奶奶": (names.GRANDMOTHERS, 1955, 1970),
    "外婆": (names.GRANDMOTHERS, 1956, 1972),
}
IN_A_HURRY = 17
"""Who was born on this day of a month has the first of January on her card: somebody did not ask."""
LEVELS = ((1_800_000, "钻石卡"), (800_000, "金卡"), (250_000, "银卡"))  # bought, in fen
SOURCES = ("walk_in",) * 11 + ("referral",) * 4 + ("online",) * 3 + ("event",) * 2
NOTES = (
    "宝宝乳糖不耐受，只喝羊奶粉",
    "上班族，晚上七点以后方便接电话",
    "喜欢发微信，不爱接电话",
    "对纸尿裤材质敏感，只用薄款",
    "怀二胎了，预产期还没定",
    "住得远，一次买够一个月",
    "价格敏感，有活动先告诉她",
    "奶奶来取货，付款找妈妈",
    "宝宝湿疹，推荐过无香面霜",
    "想了解推车以旧换新",
    "准备断夜奶，问过睡袋",
    "发票要开公司抬头",
    "小区团购群主，会带人来",
    "孩子对鸡蛋过敏，辅食要看配料",
)


@dataclass(slots=True, frozen=True)
class Place:
    """Where a family belongs: counts in people.SHOPS and people.STAFF; guide None: the shop's pool."""

    shop: int
    guide: int | None


@dataclass(slots=True, frozen=True)
class Story:
    """First and last visit, in days before today; `alone`: one customer, no relatives."""

    first: int
    last: int
    alone: bool = False
    due: bool = False


@dataclass(slots=True)
class Family:
    people: list[Person]
    receipts: list[Receipt]
    contacts: list[Contact]


def any_story(rng: Random) -> Story:
    """Some families have just come, some come on, some have stopped."""
    first = SETTLED + int(rng.random() * (HISTORY - SETTLED))
    alone = rng.random() < 0.3
    if first > 100 and rng.random() < 0.34:
        return Story(first, int(rng.uniform(95, first)), alone)
    return Story(first, min(first, 1 + int(rng.expovariate(1 / 13))), alone)


def family(rng: Random, calendar: Calendar, place: Place, story: Story, most: int) -> Family:
    """A household with at most about `most` receipts: the latest are kept."""
    people = _people(rng, calendar, place, story)
    born = calendar.day(story.first) - timedelta(days=int(rng.triangular(-110, 780, 60)))
    habits = taste(rng)
    receipts: list[Receipt] = []
    for ago in _visits(rng, calendar, story)[-most:]:
        buyer = _buyer(rng, people, ago, known=receipts[0].person if receipts else None)
        lines = basket(rng, _months(born, calendar.day(ago)), habits)
        sale = Receipt(buyer.shop, buyer, calendar.moment(ago, opening_minute(rng)), calendar.day(ago), lines)
        receipts.append(sale)
        if not story.due:
            receipts += _mishaps(rng, calendar, ago, sale)
    people[0].children = children(people[0], born, calendar)
    for person in people:
        _settle(rng, person, [receipt for receipt in receipts if receipt.person is person])
    return Family(people, receipts, followed_up(rng, calendar, people, receipts, story.due))


def _people(rng: Random, calendar: Calendar, place: Place, story: Story) -> list[Person]:
    """The mother first; relatives share the child's nickname, the shop and the guide."""
    roles = [MOTHER, *([] if story.alone else [role for role, share in RELATIVES if rng.random() < share])]
    baby = rng.choice(names.NICKNAMES) if rng.random() < 0.93 else None
    joined = calendar.moment(story.first, opening_minute(rng))
    return [_person(rng, place, role, f"{baby}{role}" if baby else None, joined) for role in roles]


def _person(rng: Random, place: Place, role: str, alias: str | None, joined: datetime) -> Person:
    given, since, until = GENERATIONS[role]
    birthday = date(rng.randint(since, until), rng.randint(1, 12), rng.randint(1, 28)) if rng.random() < 0.7 else None
    if birthday and birthday.day == IN_A_HURRY:
        birthday = date(1990, 1, 1)
    return Person(
        id=sorted_id(rng, joined),
        name=names.surname(rng) + names.pick(rng, given),
        alias=alias,
        gender="male" if role == FATHER else "female",
        birthday=birthday,
        level=None,
        source=rng.choice(SOURCES),
        note=rng.choice(NOTES) if rng.random() < 0.07 else None,
        phone="",
        shop=place.shop,
        guide=place.guide,
        joined_at=joined,
    )


def _visits(rng: Random, calendar: Calendar, story: Story) -> list[int]:
    """Days before today, the earliest first: a cycle of formula milk, and what is bought in between."""
    cycle = rng.choice((25, 25, 25, 30, 38))
    visits, ago = {story.first, story.last}, float(story.first)
    while (ago := ago - max(6.0, rng.gauss(cycle, 4))) > story.last:
        visits.add(max(calendar.busy(rng, int(ago)), story.last))
    for _ in range(int((story.first - story.last) / 50 * rng.random() * 2)):
        visits.add(int(rng.uniform(story.last, story.first)))
    return sorted(visits, reverse=True)


def _buyer(rng: Random, people: list[Person], ago: int, known: Person | None) -> Person:
    """Mostly the mother; nobody but who is `known` buys so late that a first purchase would still be followed up."""
    if known and ago < 2 * SETTLED:
        return known
    if len(people) == 1 or rng.random() < 0.62:
        return people[0]
    return rng.choice(people[1:])


def _months(born: date, day: date) -> int:
    return int((day - born).days / 30.44)


def _mishaps(rng: Random, calendar: Calendar, ago: int, sale: Receipt) -> list[Receipt]:
    """Now and then a receipt is cancelled at the till, or something is brought back within two weeks."""
    chance = rng.random()
    if chance < 0.004:
        sale.cancelled = True
    elif chance < 0.026 and ago > 1:
        back = max(1, ago - rng.randint(1, 14))
        at = calendar.moment(back, opening_minute(rng))
        return [Receipt(sale.shop, sale.person, at, calendar.day(back), taken_back(rng, sale.lines), refund_of=sale)]
    return []


def _settle(rng: Random, person: Person, receipts: list[Receipt]) -> None:
    """She is on file from her first receipt on; what she spent makes her level."""
    if receipts:
        person.joined_at = min(receipt.placed_at for receipt in receipts) - timedelta(minutes=rng.randint(2, 9))
        person.id = sorted_id(rng, person.joined_at)
    spent = sum(line.total for receipt in receipts if not receipt.cancelled for line in receipt.lines)
    person.level = next((name for least, name in LEVELS if spent >= least), None)
