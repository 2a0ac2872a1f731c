"""What a rule may ask: facts, each with its kind, its SQL, and what changes it.

SQL here speaks of the customer `c`, of her home store `z`, and of `t.today`, the day there. A fact of a source speaks
of the source's rows.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from typing import TypeAlias

Words: TypeAlias = Mapping[str, str]
"""Language -> words."""


class Kind(Enum):
    """What a value is, which says by what it can be compared."""

    NUMBER = "number"
    MONEY = "money"
    """minor units of the brand's currency"""
    DATE = "date"
    """a day by the home store's calendar"""
    AGE = "age"
    """a day of birth, asked for by age in months"""
    TEXT = "text"
    CHOICE = "choice"
    """one of some keys"""
    SET = "set"
    """several of some keys; one of nothing is empty, not unknown"""
    FLAG = "flag"


class Op(Enum):
    """How a value is compared. Of a value that is not known nothing holds but `unknown`."""

    EQ = "eq"
    LT = "lt"
    LE = "le"
    GT = "gt"
    GE = "ge"
    BETWEEN = "between"
    """both ends included"""
    WITHIN = "within"
    """a day from n days ago until today"""
    AGO = "ago"
    """a day n days ago or earlier"""
    AHEAD = "ahead"
    """a day from today until n days on"""
    YEARLY = "yearly"
    """the day comes round within n days from today; 29 February on the 28th of a common year"""
    BEFORE = "before"
    AFTER = "after"
    CONTAINS = "contains"
    """in whatever case"""
    BEGINS = "begins"
    IN = "in"
    NOT_IN = "not_in"
    """known, and none of these"""
    ANY = "any"
    ALL = "all"
    NONE = "none"
    """none of these: also of an empty set"""
    IS = "is"
    KNOWN = "known"
    UNKNOWN = "unknown"


PRESENCE = (Op.KNOWN, Op.UNKNOWN)
AMOUNTS = (Op.GE, Op.LE, Op.BETWEEN, Op.EQ, Op.GT, Op.LT, *PRESENCE)
OPS: Mapping[Kind, tuple[Op, ...]] = {
    Kind.NUMBER: AMOUNTS,
    Kind.MONEY: AMOUNTS,
    Kind.DATE: (Op.WITHIN, Op.AGO, Op.AHEAD, Op.YEARLY, Op.BEFORE, Op.AFTER, Op.BETWEEN, *PRESENCE),
    Kind.AGE: (Op.BETWEEN, Op.GE, Op.LE, *PRESENCE),
    Kind.TEXT: (Op.EQ, Op.CONTAINS, Op.BEGINS, *PRESENCE),
    Kind.CHOICE: (Op.IN, Op.NOT_IN, *PRESENCE),
    Kind.SET: (Op.ANY, Op.ALL, Op.NONE, *PRESENCE),
    Kind.FLAG: (Op.IS,),
}
"""The first is the one that a builder offers."""
DAYS = (Op.WITHIN, Op.AGO, Op.AHEAD, Op.YEARLY)
"""Compared with a number of days."""


@dataclass(slots=True, frozen=True)
class Option:
    """Something to choose; `archived`: no longer offered, still understood."""

    key: str
    label: Words
    archived: bool = False


@dataclass(slots=True, frozen=True)
class Source:
    """A customer's rows of some table: FROM and WHERE. `day`: SQL of a row's day, for windows of time."""

    name: str
    rows: str
    day: str | None = None


@dataclass(slots=True, frozen=True)
class Arg:
    """Narrows the rows that a fact is computed of. `sql`: a condition on a row, `{}` for the value."""

    name: str
    kind: Kind
    """NUMBER: a window of so many days; SET: some of these keys; TEXT: some texts"""
    sql: str = ""
    options: tuple[Option, ...] = ()
    needed: bool = False

    @property
    def window(self) -> bool:
        return self.kind is Kind.NUMBER


@dataclass(slots=True, frozen=True)
class Fact:
    """Something that is so, or not, of a customer.

    `sql`: its value; of a source an aggregate of the rows that `rows` leaves, or, with `each`, a value of a row: then a
    condition holds if it holds for any row. `flip`: SQL of the next day on which time alone may change it, where the
    comparison does not tell. `empty`: SQL of its value where there is no such row (None: it is not known). `events`:
    kinds of event that may change it. `profiling`: it groups people by what they buy, which whoever refused that is
    spared. `presence`: whether it may be asked if anything is known of it.
    """

    key: str
    kind: Kind
    sql: str
    label: Words
    group: str
    events: frozenset[str]
    source: Source | None = None
    each: bool = False
    rows: str = "true"
    args: tuple[Arg, ...] = ()
    options: tuple[Option, ...] = ()
    flip: str | None = None
    empty: str | None = None
    profiling: bool = False
    archived: bool = False
    presence: bool = True

    @property
    def ops(self) -> tuple[Op, ...]:
        """How it can be compared; the first is the one that a builder offers."""
        return tuple(op for op in OPS[self.kind] if self.presence or op not in PRESENCE)


Catalogue: TypeAlias = Mapping[str, Fact]
"""key -> fact"""
