"""Rules as one parameterised statement: any number of trees over the same customers, each fact computed once."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from shuke.kit.rules.facts import Catalogue, Fact, Kind, Op
from shuke.kit.rules.tree import Condition, Every, Node, Not, Some, conditions

CAST = {
    Kind.NUMBER: "numeric",
    Kind.MONEY: "bigint",
    Kind.DATE: "date",
    Kind.AGE: "int",
    Kind.TEXT: "text",
    Kind.CHOICE: "text[]",
    Kind.SET: "text[]",
    Kind.FLAG: "bool",
}
PEOPLE = """
FROM customer c JOIN store z ON z.id = c.store_id
CROSS JOIN LATERAL (SELECT ($2::timestamptz AT TIME ZONE z.timezone)::date AS today) t
"""
WHO = "c.brand_id = $1 AND c.merged_into_id IS NULL AND c.erased_at IS NULL"
WILLING = "NOT c.refusals ? 'profiling/any'"
NEVER = "DATE '9000-01-01'"
"""Beyond it Python has no moments."""
AMOUNT = {Op.EQ: "=", Op.LT: "<", Op.LE: "<=", Op.GT: ">", Op.GE: ">="}


@dataclass(slots=True)
class Statement:
    """Trees compiled together. `args` begin with the brand and the moment; what a caller adds comes behind."""

    catalogue: Catalogue
    brand_id: UUID
    now: datetime
    args: list[Any] = field(default_factory=list)
    _placed: dict[tuple[str, Any], str] = field(default_factory=dict)
    _columns: dict[str, dict[str, str]] = field(default_factory=dict)
    """source -> SQL of an aggregate -> the name of its column"""
    _flips: dict[str, None] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.args += [self.brand_id, self.now]

    def arg(self, value: Any, cast: str) -> str:
        """A placeholder; equal values of a type share one."""
        value = list(value) if isinstance(value, tuple) else value
        key = (cast, repr(value))
        if key not in self._placed:
            self.args.append(value)
            self._placed[key] = f"${len(self.args)}::{cast}"
        return self._placed[key]

    def holds(self, node: Node) -> str:
        """SQL: whether the tree holds; never NULL."""
        match node:
            case Condition():
                return self._condition(node)
            case Not(inner):
                return f"NOT {self.holds(inner)}"
            case Every(nodes):
                return "(" + " AND ".join(map(self.holds, nodes)) + ")" if nodes else "true"
            case Some(nodes):
                return "(" + " OR ".join(map(self.holds, nodes)) + ")" if nodes else "false"

    def finds(self, node: Node) -> str:
        """SQL: whether the tree finds her: it holds, and she has not refused to be found by what it asks."""
        profiling = any(self.catalogue[one.fact].profiling for one in conditions(node))
        return f"({self.holds(node)} AND {WILLING})" if profiling else self.holds(node)

    def seen(self, asked: Sequence[Condition | None]) -> str:
        """SQL: a JSON array of what each condition looks at; null where nothing is known, where a condition asks for
        any of several rows, and for None.
        """
        values = (self._value(one) if one else None for one in asked)
        return f"jsonb_build_array({', '.join(value or 'NULL' for value in values)})"

    @property
    def due(self) -> str:
        """SQL: the next moment at which time alone may change any of the trees; NULL: none. Ask for it last."""
        if not self._flips:
            return "NULL::timestamptz"
        day = f"nullif(least({NEVER}, {', '.join(self._flips)}), {NEVER})"
        return f"({day}::timestamp AT TIME ZONE z.timezone)"

    @property
    def people(self) -> str:
        """FROM and WHERE, without further conditions. Ask for it last."""
        parts = [PEOPLE]
        for name, columns in self._columns.items():
            source = next(fact.source for fact in self.catalogue.values() if fact.source and fact.source.name == name)
            chosen = ", ".join(f"{sql} AS {column}" for sql, column in columns.items())
            parts.append(f"CROSS JOIN LATERAL (SELECT {chosen} {source.rows}) {name}")
        return "\n".join(parts) + f"\nWHERE {WHO}"

    def _column(self, fact: Fact, sql: str) -> str:
        assert fact.source
        columns = self._columns.setdefault(fact.source.name, {})
        return f"{fact.source.name}.{columns.setdefault(sql, f'v{len(columns)}')}"

    def _rows(self, condition: Condition, fact: Fact) -> str:
        """SQL: which of the source's rows count."""
        assert fact.source
        parts = [fact.rows]
        for arg in fact.args:
            if arg.name in condition.where:
                value = self.arg(condition.where[arg.name], "int" if arg.window else "text[]")
                sql = arg.sql or f"{fact.source.day} >= t.today - {{}}"
                parts.append(sql.format(value))
                if arg.window:  # a row leaves the window on the day after its last
                    days = " AND ".join(parts)
                    last = self._column(fact, f"min({fact.source.day}) FILTER (WHERE {days})")
                    self._flips[f"{last} + {value} + 1"] = None
        return " AND ".join(parts)

    def _value(self, condition: Condition) -> str | None:
        fact = self.catalogue[condition.fact]
        if fact.each:
            return None
        if fact.source is None:
            return fact.sql
        value = self._column(fact, f"{fact.sql} FILTER (WHERE {self._rows(condition, fact)})")
        return f"coalesce({value}, {fact.empty})" if fact.empty else value

    def _condition(self, condition: Condition) -> str:
        fact = self.catalogue[condition.fact]
        value = fact.sql if fact.each else self._value(condition)
        assert value is not None
        sql, flips = self._compared(fact, condition, value)
        if fact.flip:
            flips = [*flips, fact.flip]
        later = [f"CASE WHEN {day} > t.today THEN {day} END" for day in flips]
        if not fact.each:
            self._flips |= dict.fromkeys(later)
            return f"coalesce({sql}, false)"
        rows = self._rows(condition, fact)
        for day in later:
            self._flips[self._column(fact, f"min({day}) FILTER (WHERE {rows})")] = None
        if condition.op is Op.UNKNOWN:  # of no row is anything known
            return f"NOT coalesce({self._column(fact, f'bool_or(NOT {sql}) FILTER (WHERE {rows})')}, false)"
        return f"coalesce({self._column(fact, f'bool_or({sql}) FILTER (WHERE {rows})')}, false)"

    def _compared(self, fact: Fact, condition: Condition, value: str) -> tuple[str, Sequence[str]]:
        """SQL of the comparison, which may be NULL where nothing is known; and the days on which time changes it."""
        op, said = condition.op, condition.value
        if op is Op.KNOWN or op is Op.UNKNOWN:
            known = f"cardinality({value}) > 0" if fact.kind is Kind.SET else f"{value} IS NOT NULL"
            return known if op is Op.KNOWN else f"NOT coalesce({known}, false)", ()
        if fact.kind is Kind.AGE:
            return self._aged(op, said, value)
        if fact.kind is Kind.DATE and op not in (Op.BEFORE, Op.AFTER, Op.BETWEEN):
            return self._dated(op, self.arg(said, "int"), value)
        if op is Op.BETWEEN:
            low, high = (self.arg(one, CAST[fact.kind]) for one in said)
            return f"{value} BETWEEN {low} AND {high}", ()
        return self._plain(fact.kind, op, said, value), ()

    def _plain(self, kind: Kind, op: Op, said: Any, value: str) -> str:
        if kind is Kind.TEXT:
            term = self.arg(said, "text")
            return {
                Op.EQ: f"lower({value}) = lower({term})",
                Op.CONTAINS: f"strpos(lower({value}), lower({term})) > 0",
                Op.BEGINS: f"starts_with(lower({value}), lower({term}))",
            }[op]
        other = self.arg(said, CAST[kind])
        if op in AMOUNT:
            return f"{value} {AMOUNT[op]} {other}"
        return {
            Op.BEFORE: f"{value} < {other}",
            Op.AFTER: f"{value} > {other}",
            Op.IS: f"{value} = {other}",
            Op.IN: f"{value} = ANY({other})",
            Op.NOT_IN: f"{value} <> ALL({other})",
            Op.ANY: f"{value} && {other}",
            Op.ALL: f"{value} @> {other}",
            Op.NONE: f"NOT coalesce({value} && {other}, false)",
        }[op]

    def _dated(self, op: Op, days: str, value: str) -> tuple[str, Sequence[str]]:
        if op is Op.WITHIN:
            return f"{value} BETWEEN t.today - {days} AND t.today", (value, f"({value} + {days} + 1)")
        if op is Op.AGO:
            return f"{value} <= t.today - {days}", (f"({value} + {days})",)
        if op is Op.YEARLY:
            value = f"next_yearly({value}, t.today)"
        return f"{value} BETWEEN t.today AND t.today + {days}", (f"({value} - {days})", f"({value} + 1)")

    def _aged(self, op: Op, said: Any, value: str) -> tuple[str, Sequence[str]]:
        """From the day on which an age is reached, until the day before the next month of life begins."""
        low = said[0] if op is Op.BETWEEN else said if op is Op.GE else None
        high = said[1] if op is Op.BETWEEN else said if op is Op.LE else None
        parts, flips = [f"{value} <= t.today"], [value]
        if low is not None:
            flips.append(self._birthday(value, low))
            parts.append(f"{flips[-1]} <= t.today")
        if high is not None:
            flips.append(self._birthday(value, high + 1))
            parts.append(f"{flips[-1]} > t.today")
        return " AND ".join(parts), flips

    def _birthday(self, value: str, months: int) -> str:
        return f"({value} + make_interval(months => {self.arg(months, 'int')}))::date"
