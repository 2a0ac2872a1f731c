"""Every comparison of every fact, compiled to SQL, against the same rule evaluated plainly; and when time flips it."""

import random
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from msgspec.structs import replace

from shuke.domains.customers.queries import latest, life_stages
from shuke.domains.customers.types.dependants import LifeStage
from shuke.domains.customers.types.profile import Field, FieldKind, Subject
from shuke.domains.customers.types.profile import Option as Choice
from shuke.domains.segments import queries
from shuke.kit import codec, db
from shuke.kit.ids import new_id
from shuke.kit.rules import OPS, Catalogue, Condition, Every, Fact, Kind, Node, Not, Op, Some, Statement, dump, read
from tests.factories import World as Brand
from tests.factories import make_world, naive
from tests.factories.naive import Child, Given, Receipt, Someone

NOW = datetime(2026, 3, 8, 3, tzinfo=UTC)
PEOPLE, TREES = 150, 400
ZONES = ("Asia/Shanghai", "America/Los_Angeles", "Pacific/Auckland")
WORDS = (None, "", "Gold", "gold card", "金卡", "银", "a_b%c")
ARTICLES = {"m1": "milk", "m2": "milk", "n1": "nappies", "x1": None}
OWN = [
    (FieldKind.TEXT, "community"),
    (FieldKind.NUMBER, "rooms"),
    (FieldKind.MONEY, "budget"),
    (FieldKind.DATE, "moved"),
    (FieldKind.YES_NO, "car"),
    (FieldKind.CHOICE, "size"),
    (FieldKind.CHOICES, "likes"),
]
CHOICES = ("small", "middle", "large")


async def own_fields(brand: Brand) -> None:
    """Fields of head office's own, of customers and of children."""

    def field(kind: FieldKind, key: str, subject: Subject) -> Field:
        options = tuple(Choice(one, {"en": one}) for one in CHOICES) if kind.value.startswith("choice") else ()
        return Field(key, {"en": key}, kind, "identity", options=options, subject=subject)

    document = (await latest(brand.brand_id)).document
    more = [field(kind, key, Subject.CUSTOMER) for kind, key in OWN]
    more += [field(kind, f"kid_{key}", Subject.DEPENDANT) for kind, key in OWN]
    told = codec.dumps(replace(document, fields=(*document.fields, *more)))
    row = {"id": new_id(), "brand_id": brand.brand_id, "version": 100, "document": told, "swept_at": NOW}
    await insert("profile_template", row)


class Maker:
    """People and rules by chance."""

    def __init__(self, seed: int, brand: Brand, catalogue: Catalogue) -> None:
        self.by, self.brand, self.catalogue = random.Random(seed), brand, catalogue
        self.stores = [str(key) for key in brand.stores]
        self.tags = [one.key for one in catalogue["tags"].options]
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
        )

    def given(self, tag: str) -> Given:
        how = self.by.choice(("staff", "import", "model"))
        until = self.maybe(lambda: NOW + timedelta(hours=self.by.randint(-200, 300))) if how == "model" else None
        return Given(tag, self.moment(), how, until, self.by.random() < 0.2)

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
                return self.by.choice(("gold", "GOLD", "金", "_", "%", "card"))
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
            return self.condition(fact, self.by.choice(OPS[fact.kind]))
        kind = self.by.choice((Every, Some, None))
        if kind is None:
            return Not(self.tree(depth + 1))
        return kind(tuple(self.tree(depth + 1) for _ in range(self.by.randint(0, 3))))


async def store(brand: Brand, people: list[Someone]) -> list[UUID]:
    """Writes them as the tables have them; their ids, in order."""
    keys = []
    for one in people:
        key = new_id()
        keys.append(key)
        columns = one.columns | {"id": key, "brand_id": brand.brand_id}
        columns |= {"custom_values": codec.dumps(one.values), "refusals": codec.dumps(one.refusals)}
        columns |= {name: columns[name] and UUID(columns[name]) for name in ("store_id", "guide_id")}
        await insert("customer", columns)
        for kind in one.numbers:
            told: dict[str, Any] = {"kind": kind, "value": key.hex, "raw_value": ""}
            await insert("customer_identity", told | {"id": new_id(), "brand_id": brand.brand_id, "customer_id": key})
        for child in one.children:
            told = {"born_on": child.born, "due_on": child.due, "gender": child.gender, "since": NOW}
            told |= {"removed_at": NOW if child.removed else None, "custom_values": codec.dumps(child.values)}
            await insert("dependant", told | {"id": new_id(), "brand_id": brand.brand_id, "customer_id": key})
        for kind, at in one.touches:
            told = {"kind": kind, "at": at, "data": "{}", "id": new_id(), "brand_id": brand.brand_id}
            await insert("timeline_entry", told | {"customer_id": key})
        if one.cell:
            told = {"cell": one.cell, "entered_at": NOW, "reason": "{}", "id": new_id(), "brand_id": brand.brand_id}
            await insert("segment_membership", told | {"customer_id": key})
        for given in one.tags:
            told = {"tag_id": UUID(given.tag), "set_how": given.how, "set_at": given.at, "expires_at": given.until}
            told |= {"removed_at": NOW if given.removed else None, "id": new_id(), "brand_id": brand.brand_id}
            await insert("customer_tag", told | {"customer_id": key})
        await store_receipts(brand, key, one)
    return keys


async def store_receipts(brand: Brand, key: UUID, one: Someone) -> None:
    ids = {id(receipt): new_id() for receipt in one.receipts}
    for receipt in one.receipts:
        order = ids[id(receipt)]
        told = {
            "id": order,
            "brand_id": brand.brand_id,
            "store_id": UUID(receipt.store),
            "customer_id": key,
            "source": "test",
            "business_date": receipt.at.date(),
            "receipt_no": order.hex,
            "currency": "CNY",
            "kind": "refund" if receipt.refund else "sale",
            "placed_at": receipt.at,
            "digest": b"",
            "status": "cancelled" if receipt.cancelled else "completed",
            "total_minor": receipt.minor,
            "refund_of_id": ids[id(receipt.of)] if receipt.of else None,
        }
        await insert('"order"', told)
        for place, (sku, pieces, minor) in enumerate(receipt.lines):
            line = {"order_id": order, "position": place, "sku": sku, "quantity": pieces, "total_minor": minor}
            await insert("order_line", line)


async def insert(table: str, columns: dict[str, Any]) -> None:
    places = ", ".join(f"${place}" for place in range(1, len(columns) + 1))
    await db.execute(f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({places})", *columns.values())


async def prepared(seed: int) -> tuple[Maker, list[Someone], list[UUID], tuple[LifeStage, ...]]:
    brand = await make_world()
    for number, zone in enumerate(ZONES):
        await db.execute("UPDATE store SET timezone = $2 WHERE id = $1", brand.stores[number], zone)
    await own_fields(brand)
    for sku, category in ARTICLES.items():
        await insert("product", {"id": new_id(), "brand_id": brand.brand_id, "sku": sku, "category": category})
    group = {"id": new_id(), "brand_id": brand.brand_id, "name": "all"}
    await insert("tag_group", group)
    for name in ("VIP", "twins", "allergic", "archived"):
        tag = {"id": new_id(), "brand_id": brand.brand_id, "group_id": group["id"], "name": name, "colour": "pine"}
        await insert("tag", tag | {"kind": "static", "archived_at": NOW if name == "archived" else None})
    maker = Maker(seed, brand, await queries.catalogue(brand.brand_id))
    people = [maker.someone() for _ in range(PEOPLE)]
    return maker, people, await store(brand, people), (await life_stages(brand.brand_id)).stages


async def asked(maker: Maker, trees: list[Node], now: datetime) -> dict[UUID, tuple[list[bool], datetime | None]]:
    statement = Statement(maker.catalogue, maker.brand.brand_id, now)
    columns = ", ".join(statement.holds(tree) for tree in trees)
    sql = f"SELECT c.id, ARRAY[{columns}], {statement.due} {statement.people}"
    return {row[0]: (row[1], row[2]) for row in await db.fetch(sql, *statement.args)}


@pytest.mark.parametrize("seed", range(3))
async def test_sql_and_plain_evaluation_agree_on_every_comparison(database: str, seed: int) -> None:
    maker, people, keys, stages = await prepared(seed)
    conditions: list[Node] = [
        maker.condition(fact, op)
        for fact in maker.catalogue.values()
        for op in OPS[fact.kind]
        for _ in range(3)
        if fact.options or fact.kind not in (Kind.SET, Kind.CHOICE)
    ]
    trees = conditions + [maker.tree() for _ in range(TREES)]
    world = naive.World(maker.catalogue, stages, ARTICLES, NOW)  # type: ignore[arg-type]
    told = set()
    for start in range(0, len(trees), 100):
        some = trees[start : start + 100]
        found = await asked(maker, some, NOW)
        for key, one in zip(keys, people, strict=True):
            for tree, holds in zip(some, found[key][0], strict=True):
                assert holds is naive.holds(tree, one, world), (dump(tree), one)
                told.add((id(tree), holds))
    assert len(told) > 1.5 * len(trees)  # most of them hold for some and not for others


async def test_time_changes_nothing_before_the_moment_that_was_told(database: str) -> None:
    maker, _, _, _ = await prepared(7)
    trees: list[Node] = [
        maker.condition(fact, op)
        for fact in maker.catalogue.values()
        for op in OPS[fact.kind]
        if fact.options or fact.kind not in (Kind.SET, Kind.CHOICE)
    ]
    changes = 0
    for start in range(0, len(trees), 10):
        some = trees[start : start + 10]
        before = await asked(maker, some, NOW)
        for hours in range(6, 24 * 20, 6):
            now = NOW + timedelta(hours=hours)
            after = await asked(maker, some, now)
            for key, (holds, _) in after.items():
                if holds != before[key][0]:
                    changes += 1
                    due = before[key][1]
                    assert due is not None and due <= now, [dump(tree) for tree in some]
            before = after
    assert changes > 100


async def test_a_rule_reads_as_it_was_written(database: str) -> None:
    maker, _, _, _ = await prepared(3)
    for _ in range(300):
        tree = maker.tree()
        assert read(codec.loads(codec.dumps(dump(tree))), maker.catalogue) == tree
