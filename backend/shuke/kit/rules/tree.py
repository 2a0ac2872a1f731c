"""A rule as a tree: all of, any of, none of, and conditions on facts.

Its JSON is {"all": [...]}, {"any": [...]}, {"not": ...}, or a condition: {"fact": "orders.count", "op": "ge", "value":
2, "where": {"days": 30}}. A tree that was read is valid for its catalogue, to the last value.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any, TypeAlias

from shuke.kit.errors import ErrorCode, Refusal
from shuke.kit.rules.facts import DAYS, OPS, PRESENCE, Arg, Catalogue, Fact, Kind, Op

DEEPEST = 6
MOST_CONDITIONS = 60
MOST_CHOSEN = 200
LONGEST_TEXT = 100
MOST_DAYS = 36_500
MOST_MONTHS = 1200
A_YEAR = 366
UNFIT = re.compile("[\x00\ud800-\udfff]")
"""What no text of the database holds."""
MOST = Decimal(10) ** 15


@dataclass(slots=True, frozen=True)
class Condition:
    """`value`: as the comparison asks: a Decimal, an int (days, months, minor units), a date, a text, a bool, a tuple
    of two (between) or of keys; None for `known` and `unknown`.
    """

    fact: str
    op: Op
    value: Any = None
    where: Mapping[str, Any] = field(default_factory=dict)


@dataclass(slots=True, frozen=True)
class Every:
    """All of these; of none it holds."""

    nodes: "tuple[Node, ...]"


@dataclass(slots=True, frozen=True)
class Some:
    """Any of these; of none it does not hold."""

    nodes: "tuple[Node, ...]"


@dataclass(slots=True, frozen=True)
class Not:
    node: "Node"


Node: TypeAlias = Every | Some | Not | Condition


def conditions(node: Node) -> Iterator[Condition]:
    """The tree's conditions, from left to right."""
    match node:
        case Condition():
            yield node
        case Not(inner):
            yield from conditions(inner)
        case Every(nodes) | Some(nodes):
            for inner in nodes:
                yield from conditions(inner)


def deciding(node: Node, holds: Iterator[bool]) -> tuple[bool, list[bool]]:
    """Whether a tree holds, and of each condition, from left to right, whether it does or does not because of that one.

    `holds`: whether each condition does. Where all are asked for and some fail, those decide; where any would do and
    some hold, those do.
    """
    match node:
        case Condition():
            return next(holds), [True]
        case Not(inner):
            value, mine = deciding(inner, holds)
            return not value, mine
        case Every(nodes) | Some(nodes):
            found = [deciding(one, holds) for one in nodes]
            value = (all if isinstance(node, Every) else any)(one for one, _ in found)
            return value, [decides and one is value for one, mine in found for decides in mine]


def read(said: object, catalogue: Catalogue, *, stored: bool = False) -> Node:
    """The tree of a JSON value. Raises Refusal INVALID that names the place (`tree.all.0`) and what to do there.

    `stored`: it was valid once, and stays so when one of its choices has gone, which nobody has any more, or when it is
    no longer compared like that.
    """
    node = _Reader(catalogue, stored).node(said, "tree", 0)
    if sum(1 for _ in conditions(node)) > MOST_CONDITIONS:
        raise _wrong("tree", "rule_long", most=MOST_CONDITIONS)
    return node


def _wrong(where: str, reason: str, **params: object) -> Refusal:
    return Refusal(ErrorCode.INVALID, where, reason, **params)


def _many(said: object) -> Sequence[Any]:
    """What is meant as several; () for anything else."""
    return said if isinstance(said, Sequence) and not isinstance(said, str) else ()


class _Reader:
    def __init__(self, catalogue: Catalogue, stored: bool) -> None:
        self._catalogue, self._stored = catalogue, stored

    def node(self, said: object, where: str, depth: int) -> Node:
        if depth > DEEPEST:
            raise _wrong(where, "rule_deep", most=DEEPEST)
        if not isinstance(said, Mapping):
            raise _wrong(where, "rule_shape")
        if "fact" in said:
            return self._condition(said, where)
        name, inner = next(iter(said.items())) if len(said) == 1 else ("", None)
        if name == "not":
            return Not(self.node(inner, f"{where}.not", depth + 1))
        if name not in ("all", "any") or not isinstance(inner, list | tuple):
            raise _wrong(where, "rule_shape")
        nodes = tuple(self.node(one, f"{where}.{name}.{place}", depth + 1) for place, one in enumerate(inner))
        return Every(nodes) if name == "all" else Some(nodes)

    def _condition(self, said: Mapping[str, Any], where: str) -> Condition:
        fact = self._catalogue.get(str(said["fact"]))
        if fact is None:
            raise _wrong(where, "rule_fact_unknown")
        if said.keys() - {"fact", "op", "value", "where"}:
            raise _wrong(where, "rule_shape")
        ops = OPS[fact.kind] if self._stored else fact.ops
        op = next((op for op in ops if op.value == said.get("op")), None)
        if op is None:
            raise _wrong(where, "rule_op_unknown")
        value = self._value(fact, op, said.get("value"), where)
        return Condition(fact.key, op, value, self._narrowed(fact, said, where))

    def _narrowed(self, fact: Fact, said: Mapping[str, Any], where: str) -> Mapping[str, Any]:
        inner = said.get("where") or {}
        if not isinstance(inner, Mapping):
            raise _wrong(where, "rule_shape")
        told = {name: value for name, value in inner.items() if value not in (None, [])}
        if told.keys() - {arg.name for arg in fact.args}:
            raise _wrong(where, "rule_shape")
        return {arg.name: self._narrowing(arg, told[arg.name], where) for arg in fact.args if arg.name in told}

    def _narrowing(self, arg: Arg, said: object, where: str) -> Any:
        if arg.window:
            return _whole(said, where, least=0, most=MOST_DAYS)
        if arg.kind is Kind.TEXT:
            return tuple(dict.fromkeys(_text(one, where) for one in self._some(said, where)))
        return self._keys(said, {option.key for option in arg.options}, where)

    def _value(self, fact: Fact, op: Op, said: Any, where: str) -> Any:
        if op in PRESENCE:
            return None
        if said is None or said == []:
            raise _wrong(where, "rule_value_missing")
        if op is not Op.BETWEEN:
            return self._one(fact, op, said, where)
        pair = tuple(self._one(fact, op, one, where) for one in _many(said))
        if len(pair) != 2 or pair[0] > pair[1]:
            raise _wrong(where, "rule_pair")
        return pair

    def _one(self, fact: Fact, op: Op, said: Any, where: str) -> Any:
        if op in DAYS:
            return _whole(said, where, least=0, most=A_YEAR if op is Op.YEARLY else MOST_DAYS)
        match fact.kind:
            case Kind.NUMBER:
                return _number(said, where)
            case Kind.MONEY:
                return _whole(said, where, least=-int(MOST), most=int(MOST))
            case Kind.AGE:
                return _whole(said, where, least=0, most=MOST_MONTHS)
            case Kind.DATE:
                return _day(said, where)
            case Kind.TEXT:
                return _text(said, where)
            case Kind.CHOICE | Kind.SET:
                return self._keys(said, {option.key for option in fact.options}, where)
            case _:
                if not isinstance(said, bool):
                    raise _wrong(where, "rule_value_missing")
                return said

    def _some(self, said: object, where: str) -> Sequence[Any]:
        keys = _many(said)
        if not keys or len(keys) > MOST_CHOSEN:
            raise _wrong(where, "rule_value_missing")
        return keys

    def _keys(self, said: object, known: set[str], where: str) -> tuple[str, ...]:
        keys = self._some(said, where)
        if any(not isinstance(key, str) or not (self._stored or key in known) for key in keys):
            raise _wrong(where, "rule_choice_unknown")
        return tuple(dict.fromkeys(keys))


def _text(said: object, where: str) -> str:
    text = said.strip() if isinstance(said, str) else ""
    if not text or len(text) > LONGEST_TEXT or UNFIT.search(text):
        raise _wrong(where, "rule_text", most=LONGEST_TEXT)
    return text


def _whole(said: object, where: str, *, least: int, most: int) -> int:
    if isinstance(said, bool) or not isinstance(said, int) or not least <= said <= most:
        raise _wrong(where, "rule_whole", least=least, most=most)
    return said


def _number(said: object, where: str) -> Decimal:
    try:
        number = Decimal(str(said)) if not isinstance(said, bool) else Decimal("NaN")
    except InvalidOperation:
        number = Decimal("NaN")
    if not number.is_finite() or abs(number) > MOST or number != round(number, 4):
        raise _wrong(where, "rule_number")
    return number


def _day(said: object, where: str) -> date:
    try:
        return date.fromisoformat(str(said))
    except ValueError:
        raise _wrong(where, "rule_day") from None


def dump(node: Node) -> dict[str, Any]:
    """The JSON of a tree, which reads as the same tree."""
    match node:
        case Every(nodes):
            return {"all": [dump(one) for one in nodes]}
        case Some(nodes):
            return {"any": [dump(one) for one in nodes]}
        case Not(inner):
            return {"not": dump(inner)}
        case Condition(fact, op, value, where):
            said = {"fact": fact, "op": op.value}
            said |= {} if op in PRESENCE else {"value": _plain(value)}
            return said | ({"where": {name: _plain(one) for name, one in where.items()}} if where else {})


def _plain(value: Any) -> Any:
    if isinstance(value, tuple):
        return [_plain(one) for one in value]
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else str(value)
    return value.isoformat() if isinstance(value, date) else value
