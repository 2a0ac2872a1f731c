"""Rules evaluated the slow and plain way, on people who are Python objects: what the compiled SQL is held against."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from shuke.domains.customers.rules.dependants import add_months, stage_of
from shuke.domains.customers.types.dependants import Dependant, LifeStage
from shuke.kit import birthdays
from shuke.kit.ids import new_id
from shuke.kit.rules import Catalogue, Condition, Every, Kind, Node, Not, Op, Some, conditions


@dataclass(slots=True)
class Child:
    born: date | None
    due: date | None
    gender: str
    removed: bool
    values: dict[str, Any] = field(default_factory=dict)


@dataclass(slots=True)
class Receipt:
    """`of`: the sale that a refund takes back; `lines`: (article, pieces, minor units)."""

    at: datetime
    minor: int
    store: str
    of: "Receipt | None" = None
    refund: bool = False
    cancelled: bool = False
    lines: list[tuple[str | None, int, int]] = field(default_factory=list)


@dataclass(slots=True)
class Given:
    """A tag that was set; `until`: of a prediction, when it expires."""

    tag: str
    at: datetime
    how: str = "staff"
    until: datetime | None = None
    removed: bool = False


@dataclass(slots=True)
class Taken:
    """A place on a fixed list; `former`: under an archive that became hers later."""

    segment: str
    left: bool = False
    former: bool = False


@dataclass(slots=True)
class Foretold:
    """What is thought of her; `order_90` None: there was too little to say it."""

    order_90: float | None
    labels: list[str]
    until: datetime


@dataclass(slots=True)
class Someone:
    zone: ZoneInfo
    columns: dict[str, Any]
    """of the customer's row"""
    values: dict[str, Any]
    refusals: list[str]
    numbers: list[str]
    children: list[Child]
    receipts: list[Receipt]
    touches: list[tuple[str, datetime]]
    cell: str | None = None
    tags: list[Given] = field(default_factory=list)
    lists: list[Taken] = field(default_factory=list)
    foretold: Foretold | None = None


@dataclass(slots=True)
class World:
    """What evaluation knows beside the person."""

    catalogue: Catalogue
    stages: tuple[LifeStage, ...]
    categories: Mapping[str, str]
    """article -> what it belongs to"""
    now: datetime
    meant: Mapping[UUID, Node]
    """segments and tags that follow a rule -> what they mean"""


def finds(node: Node, one: Someone, world: World) -> bool:
    """Whether it holds, and she lets herself be found by what it asks."""
    return holds(node, one, world) and not ("profiling/any" in one.refusals and _profiles(node, world))


def _profiles(node: Node, world: World) -> bool:
    """Whether a rule asks what she buys, or asks for one that does."""
    return any(
        world.catalogue[asked.fact].profiling or any(_profiles(world.meant[key], world) for key in _ruled(asked, world))
        for asked in conditions(node)
    )


def _ruled(asked: Condition, world: World) -> list[UUID]:
    """What a condition names that follows a rule."""
    named = asked.value or () if asked.fact in ("segments", "tags") else ()
    return [UUID(key) for key in named if UUID(key) in world.meant]


def holds(node: Node, one: Someone, world: World) -> bool:
    match node:
        case Every(nodes):
            return all(holds(inner, one, world) for inner in nodes)
        case Some(nodes):
            return any(holds(inner, one, world) for inner in nodes)
        case Not(inner):
            return not holds(inner, one, world)
        case Condition():
            return _condition(node, one, world)


def _condition(asked: Condition, one: Someone, world: World) -> bool:
    fact, today = world.catalogue[asked.fact], world.now.astimezone(one.zone).date()
    if fact.each:
        values = [_of_child(fact.key, child, one, world, today) for child in one.children if not child.removed]
        if asked.op is Op.UNKNOWN:
            return all(value is None or value == [] for value in values)
        return any(_compare(fact.kind, asked, value, today) for value in values)
    return _compare(fact.kind, asked, _value(asked, one, world, today), today)


def _compare(kind: Kind, asked: Condition, value: Any, today: date) -> bool:
    op, said = asked.op, asked.value
    if kind is Kind.SET:
        have = set(value or ())
        answers = {
            Op.KNOWN: bool(have),
            Op.UNKNOWN: not have,
            Op.ANY: bool(have & set(said or ())),
            Op.ALL: have >= set(said or ()),
            Op.NONE: not have & set(said or ()),
        }
        return answers[op]
    if op in (Op.KNOWN, Op.UNKNOWN):
        return (value is None) is (op is Op.UNKNOWN)
    if value is None:
        return False
    if kind is Kind.AGE:
        return _aged(op, said, value, today)
    if kind is Kind.TEXT:
        text, term = value.lower(), said.lower()
        return {Op.EQ: text == term, Op.CONTAINS: term in text, Op.BEGINS: text.startswith(term)}[op]
    if op in (Op.WITHIN, Op.AGO, Op.AHEAD, Op.YEARLY):
        return _dated(op, said, value, today)
    plain: dict[Op, Callable[[], bool]] = {
        Op.EQ: lambda: value == said,
        Op.LT: lambda: value < said,
        Op.LE: lambda: value <= said,
        Op.GT: lambda: value > said,
        Op.GE: lambda: value >= said,
        Op.BETWEEN: lambda: said[0] <= value <= said[1],
        Op.BEFORE: lambda: value < said,
        Op.AFTER: lambda: value > said,
        Op.IN: lambda: value in said,
        Op.NOT_IN: lambda: value not in said,
        Op.IS: lambda: value is said,
    }
    return plain[op]()


def _dated(op: Op, days: int, value: date, today: date) -> bool:
    apart = (value - today).days
    if op is Op.WITHIN:
        return -days <= apart <= 0
    if op is Op.AGO:
        return apart <= -days
    if op is Op.YEARLY:
        return any(_same_day(value, today + timedelta(days=ahead)) for ahead in range(days + 1))
    return 0 <= apart <= days


def _same_day(value: date, day: date) -> bool:
    if (value.month, value.day) == (2, 29) and (day + timedelta(days=1)).day == 1:
        return day.month == 2
    return (value.month, value.day) == (day.month, day.day)


def _aged(op: Op, said: Any, born: date, today: date) -> bool:
    if born > today:
        return False
    months = 0
    while add_months(born, months + 1) <= today:
        months += 1
    low, high = said if op is Op.BETWEEN else (said, 10**6) if op is Op.GE else (0, said)
    return bool(low <= months <= high)


def _of_child(key: str, child: Child, one: Someone, world: World, today: date) -> Any:
    match key:
        case "children.age" | "children.born":
            return child.born
        case "children.due":
            return child.due
        case "children.gender":
            return child.gender
        case "children.stage":
            moment = datetime.min.replace(tzinfo=world.now.tzinfo)
            told = {"name": None, "gender": child.gender, "born_on": child.born, "due_on": child.due}
            kept = {"stopped_at": None, "stop_reason": None, "since": moment, "version": 1, "zone": str(one.zone)}
            stage = stage_of(Dependant(id=new_id(), customer_id=new_id(), **told, **kept), world.stages, today)  # type: ignore[arg-type]
            return stage.key if stage else None
        case _:
            return _custom(child.values.get(key.removeprefix("children.custom.")), world.catalogue[key].kind)


def _custom(value: Any, kind: Kind) -> Any:
    return date.fromisoformat(value) if value is not None and kind is Kind.DATE else value


def _value(asked: Condition, one: Someone, world: World, today: date) -> Any:
    key, columns = asked.fact, one.columns
    room, _, name = key.partition(".")
    if key in ("tags", "segments"):  # what follows a rule is looked at where it is named
        ruled = [str(named) for named in _ruled(asked, world) if holds(world.meant[named], one, world)]
        taken = [place.segment for place in one.lists if not place.left]
        return ruled + (_tagged(name, asked, one, world, today) if room == "tags" else taken)
    if room == "tags":
        return _tagged(name, asked, one, world, today)
    if room == "prediction":
        return _foretold(name, one, today)
    if room == "custom":
        return _custom(one.values.get(name), world.catalogue[key].kind)
    if room == "orders":
        return _bought(name, asked, one, today)
    if room == "products":
        return _kept(name, asked, one, world, today)
    if room == "contact":
        days = [at.astimezone(one.zone).date() for kind, at in one.touches if kind in _kinds(asked)]
        if name == "last":
            return max(days, default=None)
        since = today - timedelta(days=asked.where.get("days", 10**5))
        return sum(day >= since for day in days)
    birthday = birthdays.parse(columns["birthday"]) if columns["birthday"] else None
    return {
        "customer.numbers": one.numbers,
        "customer.refusals": one.refusals,
        "customer.born": birthday.solar if birthday else None,
        "customer.birthday": _next(birthday, today) if birthday else None,
        "customer.since": columns["created_at"].astimezone(one.zone).date(),
        "customer.store": columns["store_id"],
        "customer.guide": columns["guide_id"],
        "children.count": sum(not child.removed for child in one.children),
        "rfm.cell": one.cell,
    }.get(key, columns.get(name))


def _tagged(name: str, asked: Condition, one: Someone, world: World, today: date) -> Any:
    """Archived tags are not there, nor are expired predictions, nor any of who does not want to be grouped."""
    archived = {option.key for option in world.catalogue["tags"].options if option.archived}
    stand = [
        given
        for given in one.tags
        if not given.removed
        and given.tag not in archived
        and (given.until is None or given.until.astimezone(one.zone).date() >= today)
        and (given.how != "model" or "profiling/any" not in one.refusals)
        and given.tag in asked.where.get("tags", (given.tag,))
    ]
    if name == "set_on":
        return max((given.at.astimezone(one.zone).date() for given in stand), default=None)
    return [given.tag for given in stand]


def _foretold(name: str, one: Someone, today: date) -> Any:
    """Nothing from the day on which it expires; a chance in percent."""
    told = one.foretold
    if told is None or told.until.astimezone(one.zone).date() <= today:
        return None
    if name == "labels":
        return told.labels
    percent = None if told.order_90 is None else Decimal(told.order_90) * 100
    return percent and percent.quantize(Decimal(1), ROUND_HALF_UP)


def _next(birthday: birthdays.BirthDate, today: date) -> date:
    days = (birthday.in_year(year) for year in range(today.year - 1, today.year + 2))
    return min(day for day in days if day >= today)


def _kinds(asked: Condition) -> tuple[str, ...]:
    return asked.where.get("kinds", ("contact", "call", "message", "visit", "inquiry", "complaint"))


def _counts(sale: Receipt, one: Someone) -> bool:
    if sale.refund or sale.cancelled or sale.minor <= 0:
        return False
    return sale.minor + sum(back.minor for back in one.receipts if back.of is sale and not back.cancelled) > 0


def _bought(name: str, asked: Condition, one: Someone, today: date) -> Any:
    def day(receipt: Receipt) -> date:
        return (receipt.of or receipt).at.astimezone(one.zone).date()

    since = today - timedelta(days=asked.where.get("days", 10**5))
    among = [
        receipt
        for receipt in one.receipts
        if not receipt.cancelled
        and day(receipt) >= since
        and receipt.store in asked.where.get("stores", (receipt.store,))
    ]
    if name == "sum":
        return sum(receipt.minor for receipt in among)
    days = [day(receipt) for receipt in among if _counts(receipt, one)]
    return {"count": len(days), "last": max(days, default=None), "first": min(days, default=None)}[name]


def _kept(name: str, asked: Condition, one: Someone, world: World, today: date) -> Any:
    since = today - timedelta(days=asked.where.get("days", 10**5))
    rows: list[tuple[Receipt, date, int, int]] = []
    for sale in one.receipts:
        if sale.refund or sale.cancelled:
            continue
        day, kept = sale.at.astimezone(one.zone).date(), dict[str | None, list[int]]()
        for receipt in (sale, *(back for back in one.receipts if back.of is sale and not back.cancelled)):
            for sku, pieces, minor in receipt.lines:
                both = kept.setdefault(sku, [0, 0])
                both[0] += pieces
                both[1] += minor
        for sku, (pieces, minor) in kept.items():
            fits = sku in asked.where.get("products", (sku,))
            category = world.categories.get(sku or "")
            fits &= category in asked.where.get("categories", (category,))
            if pieces > 0 and day >= since and fits:
                rows.append((sale, day, pieces, minor))
    if name == "last":
        return max((day for _, day, _, _ in rows), default=None)
    return {
        "count": len({id(sale) for sale, *_ in rows}),
        "pieces": sum(pieces for *_, pieces, _ in rows),
        "sum": sum(minor for *_, minor in rows),
    }[name]
