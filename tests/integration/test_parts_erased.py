"""The registry against the database: of a customer of whom every table holds a row, an erasure leaves what it says."""

from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

import pytest

from shuke.domains.journeys import service as journeys
from shuke.domains.records import service as records
from shuke.domains.records.rules.fates import ByRoom, Delete, Nothing, Part, Rebuilt, Strip
from shuke.domains.records.rules.parts import PARTS
from shuke.kit import codec, db
from shuke.kit.ids import new_id
from tests.factories import World, make_world
from tests.factories.customers import make_customer

COLUMNS = """
SELECT c.column_name, c.udt_name, c.is_nullable = 'NO' AND c.column_default IS NULL AND c.is_generated = 'NEVER',
  (SELECT k.confrelid::regclass::text FROM pg_constraint k JOIN pg_attribute a ON a.attrelid = k.conrelid
   AND a.attnum = ANY(k.conkey) WHERE k.contype = 'f' AND k.conrelid = quote_ident($1::text)::regclass
   AND a.attname = c.column_name)
FROM information_schema.columns c WHERE c.table_schema = 'public' AND c.table_name = $1::text
"""
DEFAULTS = "SELECT column_name, column_default FROM information_schema.columns WHERE table_name = $1::text"
OF_A_TYPE: dict[str, Any] = {
    **dict.fromkeys(("text", "varchar"), "x"),
    **dict.fromkeys(("int2", "int4", "int8", "float4", "float8", "numeric"), 1),
    "bool": False,
    "timestamptz": datetime(2026, 11, 1, tzinfo=UTC),
    "date": date(2026, 11, 1),
    "jsonb": '{"x": 1}',
    "bytea": b"x",
}
SAID: dict[str, dict[str, Any]] = {
    "dependant": {"born_on": date(2026, 11, 1)},
    "order": {"kind": "sale", "status": "completed", "currency": "CNY"},
    "segment_membership": {"cell": "HHH"},
    "consent_entry": {"evidence": '{"how": "call", "note": "x"}'},
    "task": {"state": "open", "reasons": "[]"},
}
"""What a row needs to be one."""
ROWS = 'SELECT to_jsonb(t)::text FROM "{0}" t WHERE t.{1} = $1 ORDER BY 1'


class Filler:
    """Puts rows into tables of which it knows nothing but what the database says."""

    def __init__(self, world: World) -> None:
        self._of = {"brand": world.brand_id, "store": world.stores[1], "staff": world.staff["guide"].id}

    async def row(self, table: str, wanted: tuple[str, ...] = (), **given: Any) -> UUID | None:
        """Fills what a row must have, and `wanted`; its id, if it has one."""
        values = SAID.get(table, {}) | given
        for column, kind, needed, target in await db.fetch(COLUMNS, table):
            if column not in values and (needed or column in wanted):
                values[column] = await self._value(column, kind, target)
        places = ", ".join(f"${place}" for place in range(1, len(values) + 1))
        names = ", ".join(f'"{name}"' for name in values)
        await db.execute(f'INSERT INTO "{table}" ({names}) VALUES ({places})', *values.values())
        return values.get("id")

    async def _value(self, column: str, kind: str, target: str | None) -> Any:
        if kind.startswith("_"):
            return []
        if kind != "uuid":
            return OF_A_TYPE[kind]
        known = (target or column.removesuffix("_id")).strip('"')
        if known in self._of:
            return self._of[known]
        if target is None:
            return new_id()
        found = await db.fetch_value(f"SELECT id FROM {target} LIMIT 1")
        return found or await self.row(known)


async def rows(part: Part, key: UUID) -> list[dict[str, Any]]:
    return [codec.loads(row[0]) for row in await db.fetch(ROWS.format(part.table, part.column), key)]


async def check_emptied(part: Part, row: dict[str, Any]) -> None:
    """What is stripped is as by default."""
    assert isinstance(part.erasure, Strip)
    defaults = {row[0]: row[1] for row in await db.fetch(DEFAULTS, part.table)}
    for column in part.erasure.columns:
        told = defaults[column]
        blank = await db.fetch_value(f"SELECT to_jsonb({told})::text") if told else "null"
        assert row[column] == codec.loads(blank), (part.table, column)


@pytest.fixture
async def world(database: str) -> World:
    made = await make_world()
    await journeys.ensure_default_journeys(made.brand_id)
    return made


async def test_of_every_table_an_erasure_leaves_what_its_part_says(world: World) -> None:
    first, her, last = [await make_customer(world, name=name) for name in ("甲", "欧阳雨桐", "乙")]
    filler, parts = Filler(world), [part for part in PARTS if (part.table, part.column) != ("customer", "id")]
    others = {"a_id": first, "b_id": last, "winner_id": first, "loser_id": last}
    for part in parts:
        wanted = part.erasure.columns if isinstance(part.erasure, Strip) else ()
        beside = {one.column: others[one.column] for one in parts if one.table == part.table and one.column in others}
        if part.table == "identity_contact":
            sql = "SELECT id FROM customer_identity WHERE customer_id = $1"
            beside["identity_id"] = await db.fetch_value(sql, last)
        if not await rows(part, her):
            await filler.row(part.table, wanted, **beside | {part.column: her})
    before = {(part.table, part.column): await rows(part, her) for part in PARTS}
    assert all(before.values()), [place for place, found in before.items() if not found]
    await records.erase_customer(world.staff["hq"], her, "欧阳雨桐")
    for part in PARTS:
        was, now = before[part.table, part.column], await rows(part, her)
        match part.erasure:
            case Delete():
                assert now == [], part.table
            case Strip():
                assert len(now) == len(was), part.table
                for row in now:
                    await check_emptied(part, row)
            case Nothing():
                assert len(now) == len(was), (part.table, part.column)
            case ByRoom() | Rebuilt():
                assert all(row not in now for row in was), part.table
            case other:
                raise AssertionError(other)
