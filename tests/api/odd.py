"""Odd values for every type of input the schema has, and where in an operation's variables they can be put."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from graphql import (
    GraphQLEnumType,
    GraphQLInputObjectType,
    GraphQLList,
    GraphQLNonNull,
    GraphQLObjectType,
    get_named_type,
    is_leaf_type,
)
from hypothesis import strategies as st

from shuke.api.pagination import encode_cursor, global_id
from shuke.api.schema import schema
from shuke.kit.ids import new_id
from shuke.kit.rules import Op

CORE = schema._schema
assert CORE.query_type and CORE.mutation_type
OPERATIONS = {name: kind for kind in (CORE.query_type, CORE.mutation_type) for name in sorted(kind.fields)}

TEXTS = [
    "",
    " ",
    "\0",
    "a\0b",
    "\x1b[31m",
    "\u202e",
    "'; DROP TABLE staff; --",
    "%",
    "_",
    "\\",
    "{days}",
    "{",
    "%s",
    "|",
]
TEXTS += [
    "𝟙𝟛𝟠",
    "１３８００００００００",
    "+86",
    "+8613800000000",
    "13800000000",
    "0",
    "-0",
    "1e400",
    "NaN",
    "٣",
    "null",
]
TEXTS += ["1" * 4500, "1,000", "0.000000000000001", "-12.5", "99999999999999999999", "é", "!", "QQ==", "Q3VzdG9tZXI6"]
LONG_TEXTS = ["😀" * 200, "\ufdfa" * 3000, "x" * 100_000, "\n" * 50, "周" * 3000]
DAYS = ["0001-01-01", "9999-12-31", "2024-02-29", "1900-01-01", "1899-12-31", "2026-11-22"]
MOMENTS = ["0001-01-01T00:00:00+23:59", "9999-12-31T23:59:59-23:59", "2026-11-22T10:00:00", "2026-11-22T10:00:00Z"]
MOMENTS += ["1970-01-01T00:00:00Z", "1969-12-31T23:59:59-14:00", "2026-11-22T10:00:00.123456+05:45"]
MOMENTS += ["2026-11-22T10:00:00+00:00:30", "9999-12-31T23:59:59Z", "0001-01-01T00:00:00Z"]
INTS = [-(2**31), -1, 0, 1, 2, 100, 101, 2**31 - 1]
PLACE = tuple[str | int, ...]


def cursors(key: UUID) -> list[str]:
    """Cursors of all our lists, with everything that may be wrong in them."""
    parts: list[tuple[object, ...]] = [(moment, key) for moment in [*MOMENTS, "2026-W47", "x", ""]]
    parts += [(key,), ("'; DROP TABLE staff; --",), (datetime.now(UTC).isoformat(), "x"), ("",), ("|", "|", "|")]
    return [encode_cursor(*part) for part in parts]


def trees() -> st.SearchStrategy[Any]:
    """Rules, most of them wrong somewhere."""
    words = st.sampled_from(["", "x", "\x00", "30", "2026-03-08", "HHH", "9" * 400])
    plain = st.none() | st.booleans() | st.integers() | st.floats() | words
    value = plain | st.lists(plain, max_size=3) | st.dictionaries(words, plain, max_size=2)
    facts = ("orders.count", "orders.last", "customer.name", "children.stage", "segments", "rfm.cell")
    told = {"fact": st.sampled_from(facts) | plain, "op": st.sampled_from([*(op.value for op in Op), "like"]) | plain}
    where = st.dictionaries(st.sampled_from(["days", "stores", "x"]), value, max_size=2) | value
    condition = st.fixed_dictionaries(told, optional={"value": value, "where": where})
    names = st.sampled_from(["all", "any", "not", "or"])
    return st.recursive(
        condition | value,
        lambda inner: st.dictionaries(names, inner | st.lists(inner, max_size=3), max_size=2),
        max_leaves=6,
    )


def odd(kind: Any, ids: list[str], uuids: list[UUID]) -> st.SearchStrategy[Any]:
    """Values that the leaf type lets through."""
    if isinstance(kind, GraphQLEnumType):
        return st.sampled_from(sorted(kind.values))
    text = st.text(st.characters(exclude_categories=["Cs"]), max_size=40)
    strangers = [global_id(name, new_id()) for name in ("Customer", "Task", "Session", "Order", "Store", "Nothing")]
    texts = st.sampled_from(TEXTS) | st.sampled_from(LONG_TEXTS) | st.sampled_from(cursors(uuids[0])) | text
    return {
        "String": texts,
        "ID": st.sampled_from([*ids, *strangers]) | texts,
        "Int": st.sampled_from(INTS) | st.integers(-(2**31), 2**31 - 1),
        "Boolean": st.booleans(),
        "UUID": st.sampled_from([*uuids, UUID(int=0), UUID(int=2**128 - 1)]).map(str) | st.uuids().map(str),
        "Date": st.sampled_from(DAYS) | st.dates().map(str),
        "RuleTree": trees(),
        "Float": st.floats(allow_nan=False, allow_infinity=False) | st.sampled_from([-0.0, 0.1, 1, 1e308]),
        "DateTime": st.sampled_from(MOMENTS) | st.datetimes(timezones=st.just(UTC)).map(datetime.isoformat),
    }[kind.name]


def leaves(kind: Any, place: PLACE) -> Iterator[tuple[PLACE, Any]]:
    """Every scalar and enum that an argument holds: its place and its type (as declared, nullability included)."""
    bare = kind.of_type if isinstance(kind, GraphQLNonNull) else kind
    if isinstance(bare, GraphQLList):
        yield from leaves(bare.of_type, (*place, 0))
    elif isinstance(bare, GraphQLInputObjectType):
        for name, field in bare.fields.items():
            yield from leaves(field.type, (*place, name))
    else:
        yield place, kind


def put(whole: Any, place: PLACE, value: Any) -> Any:
    """The variables with another value at that place; what lies between is made."""
    if not place:
        return value
    step, rest = place[0], place[1:]
    if isinstance(step, int):
        return [put(whole[0] if whole else None, rest, value), *(whole or [])[1:]]
    return {**(whole or {}), step: put((whole or {}).get(step), rest, value)}


def selection(kind: Any, depth: int) -> str:
    """Every field below, so many levels of them."""
    kind = get_named_type(kind)
    if is_leaf_type(kind):
        return ""
    if not isinstance(kind, GraphQLObjectType):
        return "{ __typename id }"
    inner = [
        f"{name} {selection(field.type, depth - 1)}"
        for name, field in kind.fields.items()
        if depth > 1 or is_leaf_type(get_named_type(field.type))
    ]
    return f"{{ __typename {' '.join(inner)} }}"


def document(name: str, depth: int = 4) -> str:
    """The operation with everything in it."""
    parent = OPERATIONS[name]
    field = parent.fields[name]
    declared = ", ".join(f"${arg}: {it.type}" for arg, it in field.args.items())
    passed = ", ".join(f"{arg}: ${arg}" for arg in field.args)
    head = f"{'mutation' if parent is CORE.mutation_type else 'query'} {f'({declared})' if declared else ''}"
    return f"{head} {{ {name} {f'({passed})' if passed else ''} {selection(field.type, depth)} }}"
