"""People and rules by chance, for holding compiled rules against plain ones."""

import random
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from shuke.domains.predictions.types import Label
from shuke.kit.rules import OPS, PRESENCE, Catalogue, Condition, Every, Fact, Kind, Node, Not, Op, Some
from tests.factories import World
from tests.factories.naive import Child, Foretold, Given, Receipt, Someone, Taken

NOW = datetime(2026, 3, 8, 3, tzinfo=UTC)
ZONES = ("Asia/Shanghai", "America/Los_Angeles", "Pacific/Auckland")
WORDS = (None, "", "Gold", "gold card", "金卡", "银", "a_b%c")
ARTICLES = {"m1": "milk", "m2": "milk", "n1": "nappies", "x1": None}
CHOICES = ("small", "middle", "large")


class Maker:
    """People and rules by chance. `meant`: what segments and tags mean that follow a rule."""

    def __init__(self, seed: int, brand: World, catalogue: Catalogue, meant: Mapping[UUID, Node]) -> None:
        self.by, self.brand, self.catalogue, self.meant = random.Random(seed), brand, catalogue, meant
        self.stores = [str(key) for key in brand.stores]
        self.tags = [one.key for one in catalogue["tags"].options if UUID(one.key) not in meant]
        self.lists = [one.key for one in catalogue["segments"].options if UUID(one.key) not in meant]
        self.guides = [str(brand.staff["guide"].id), str(brand.staff["stranger"].id), None]

    def day(self, back: int = 900, ahead: int = 60) -> date:
        return NOW.date() + timedelta(days=self.by.choice((-31, -30, -29, -7, -1, 0, 1, self.by.randint(-back, ahead))))

    def moment(self, back: int = 400) -> datetime:
        day = self.day(back, 0)
        return datetime(day.year, day.month, day.day, self.by.randint(0, 23), 59, tzinfo=UTC)

    def maybe(self, make: Callable[[], Any]) -> Any:
        return None if self.by.random() < 0.3 else make()

    def some(self, among: Any) -> list[Any]:
        return self.by.sample(list(among), self.by.randint(0, len(among)))

    def own(self, prefix: str = "") -> dict[str, Any]:
        made = {
            "community": self.maybe(lambda: self.by.choice(WORDS[2:])),
            "rooms": self.maybe(lambda: Decimal(self.by.randint(0, 40)) / 4),
            "budget": self.maybe(lambda: self.by.randint(-5, 5) * 100),
            "moved": self.maybe(lambda: self.day().isoformat()),
            "car": self.maybe(lambda: self.by.random() < 0.5),
            "size": self.maybe(lambda: self.by.choice(CHOICES)),
            "likes": self.maybe(lambda: self.some(CHOICES)),
            "sister": self.maybe(lambda: f"+86138{self.by.randint(0, 10**8 - 1):08}"),
            "friend": self.maybe(lambda: str(UUID(int=self.by.getrandbits(128)))),
            "adviser": self.maybe(lambda: self.by.choice(self.guides[:2])),
            "near": self.maybe(lambda: self.by.choice(self.stores)),
        }
        return {prefix + key: value for key, value in made.items() if value is not None}

    def birthday(self) -> str:
        day = date(1990, 1, 1) + timedelta(days=self.by.randint(0, 9000))
        moon = f"{self.by.randint(1, 12):02}-{self.by.randint(1, 29):02}"
        near = self.day(20, 20)
        return self.by.choice(
            (
                *(f"{day}", f"--{day:%m-%d}", f"lunar:--{moon}", "lunar:--leap-02-15", "1996-02-29", "--02-29"),
                *(f"1992-{near:%m-%d}", "lunar:--01-20", "lunar:2023-leap-02-15"),
            )
        )

    def child(self) -> Child:
        born, due = (self.day(1400, 0), None) if self.by.random() < 0.7 else (None, self.day(40, 250))
        return Child(born, due, self.by.choice(("female", "male")), self.by.random() < 0.15, self.own("kid_"))

    def receipts(self) -> list[Receipt]:
        made = []
        for _ in range(self.by.randint(0, 5)):
            lines = [(self.by.choice((*ARTICLES, None)), self.by.randint(1, 3), 100) for _ in range(2)]
            total = self.by.choice((0, 100, 300, 500))
            sale = Receipt(self.moment(), total, self.by.choice(self.stores), lines=lines)
            sale.cancelled = self.by.random() < 0.1
            made.append(sale)
            if self.by.random() < 0.4:
                back = self.by.choice((-total, -50, -total // 2))
                returned = [(sku, -pieces, -minor) for sku, pieces, minor in self.some(lines)]
                of = sale if self.by.random() < 0.8 else None
                made.append(Receipt(self.moment(), back, sale.store, of, True, self.by.random() < 0.1, returned))
        return made

    def someone(self) -> Someone:
        store = self.by.randrange(len(self.stores))
        columns = {
            "store_id": self.stores[store],
            "guide_id": self.by.choice(self.guides),
            "name": self.by.choice(WORDS),
            "level": self.by.choice(WORDS),
            "note": self.by.choice(WORDS),
            "gender": self.by.choice(("female", "male", "unknown")),
            "source": self.by.choice(("walk_in", "online", "other")),
            "birthday": self.maybe(self.birthday),
            "completeness": self.by.randint(0, 100),
            "created_at": self.moment(),
        }
        return Someone(
            ZoneInfo(ZONES[store]),
            columns,
            self.own(),
            self.some(("marketing/any", "marketing/phone", "profiling/any")),
            self.some(("phone", "wechat", "email")),
            [self.child() for _ in range(self.by.choice((0, 0, 1, 2)))],
            self.receipts(),
            [
                (self.by.choice(("call", "visit", "contact", "note")), self.moment())
                for _ in range(self.by.randint(0, 4))
            ],
            self.maybe(lambda: self.by.choice(("HHH", "LLL", "HLL"))),
            [self.given(tag) for tag in self.some(self.tags)],
            [Taken(key, self.by.random() < 0.2, self.by.random() < 0.3) for key in self.some(self.lists)],
            self.maybe(self.foretold),
        )

    def foretold(self) -> Foretold:
        chance = self.maybe(lambda: self.by.randint(0, 64) / 64)  # as the table holds it to the last digit
        return Foretold(chance, self.some([one.value for one in Label]), self.soon())

    def soon(self) -> datetime:
        """Expired some days ago, or not yet."""
        return NOW + timedelta(hours=self.by.randint(-200, 300))

    def given(self, tag: str) -> Given:
        how = self.by.choice(("staff", "import", "model"))
        until = self.maybe(self.soon) if how == "model" else None
        return Given(tag, self.moment(), how, until, self.by.random() < 0.2)

    def ops(self, fact: Fact) -> list[Op]:
        """What follows a rule is looked at where it is named: whether there is any at all is not asked of it here."""
        ruled = fact.key in ("segments", "tags")
        return [op for op in OPS[fact.kind] if not (ruled and op in PRESENCE)]

    def condition(self, fact: Fact, op: Op) -> Condition:
        where: dict[str, Any] = {}
        for arg in fact.args:
            if self.by.random() < 0.5:
                options = [option.key for option in arg.options] or list(ARTICLES)
                where[arg.name] = self.by.choice((0, 1, 7, 30, 365)) if arg.window else self.keys(options)
        value: Any = None
        if op is Op.BETWEEN:
            value = tuple(sorted(self.value(fact, op) for _ in range(2)))
        elif op not in (Op.KNOWN, Op.UNKNOWN):
            value = self.value(fact, op)
        return Condition(fact.key, op, value, where)

    def keys(self, among: list[str]) -> tuple[str, ...]:
        return tuple(self.by.sample(among, self.by.randint(1, min(3, len(among)))))

    def value(self, fact: Fact, op: Op) -> Any:
        if op in (Op.WITHIN, Op.AGO, Op.AHEAD, Op.YEARLY):
            return self.by.choice((0, 1, 7, 29, 30, 31, 200))
        match fact.kind:
            case Kind.NUMBER:
                return Decimal(self.by.choice(("0", "1", "2", "2.5", "50")))
            case Kind.MONEY:
                return self.by.choice((-100, 0, 50, 100, 300))
            case Kind.AGE:
                return self.by.choice((0, 1, 6, 12, 24, 36))
            case Kind.DATE:
                return self.day()
            case Kind.TEXT:
                return self.by.choice(("gold", "GOLD", "金", "_", "%", "card", "+86138", "7"))
            case Kind.FLAG:
                return self.by.random() < 0.5
            case _:
                return self.keys([option.key for option in fact.options])

    def tree(self, depth: int = 0) -> Node:
        if depth == 3 or self.by.random() < 0.4:
            facts = [
                fact for fact in self.catalogue.values() if fact.options or fact.kind not in (Kind.SET, Kind.CHOICE)
            ]
            fact = self.by.choice(facts)
            return self.condition(fact, self.by.choice(self.ops(fact)))
        kind = self.by.choice((Every, Some, None))
        if kind is None:
            return Not(self.tree(depth + 1))
        return kind(tuple(self.tree(depth + 1) for _ in range(self.by.randint(0, 3))))
