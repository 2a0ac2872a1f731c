"""The registry of tables that know a customer: none is missing, none is named that is gone, every answer leads on."""

from importlib import import_module
from typing import Any

import pytest

from shuke.app.wiring import WIRING
from shuke.domains.records.rules.fates import ByEvent, ByRoom, Fate, Goes, Holds, Nothing, Part, Rebuilt, Relink, Strip
from shuke.domains.records.rules.parts import PARTS
from shuke.kit import db

# by foreign key, or by a name that can mean nothing else: search tokens, keys of receipts and the like have none
REFERENCES = """
SELECT c.conrelid::regclass::text, a.attname FROM pg_constraint c
JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = ANY(c.conkey)
WHERE c.contype = 'f' AND c.confrelid = 'customer'::regclass
UNION
SELECT quote_ident(table_name), column_name FROM information_schema.columns
WHERE table_schema = 'public' AND udt_name IN ('uuid', '_uuid') AND column_name ~ '(^|_)customers?(_ids?)?$'
UNION SELECT 'customer', 'id'
"""
# references that the database has to check, row by row, before it lets go of a customer, or of a way of hers
UNINDEXED = """
SELECT c.conrelid::regclass::text, a.attname FROM pg_constraint c
JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = ANY(c.conkey)
WHERE c.contype = 'f' AND c.confrelid IN ('customer'::regclass, 'enrolment'::regclass)
  AND NOT EXISTS (SELECT FROM pg_index i WHERE i.indrelid = c.conrelid AND i.indkey[0] = a.attnum AND (
    i.indpred IS NULL OR pg_get_expr(i.indpred, i.indrelid) = format('(%I IS NOT NULL)', a.attname)))
ORDER BY 1, 2
"""
COLUMNS = "SELECT table_name, column_name FROM information_schema.columns WHERE table_schema = 'public'"


async def test_every_column_that_refers_to_a_customer_has_its_part(database: str) -> None:
    found = {(row[0].strip('"'), row[1]) for row in await db.fetch(REFERENCES)}
    assert ("task", "customer_id") in found and ("customer_stats", "id") in found
    assert {(part.table, part.column) for part in PARTS} == found
    assert len({(part.table, part.column) for part in PARTS}) == len(PARTS)


async def test_whoever_goes_is_looked_for_by_an_index(database: str) -> None:
    assert [tuple(row) for row in await db.fetch(UNINDEXED)] == []


async def test_a_table_that_nobody_told_of_is_missed(database: str) -> None:
    await db.execute("CREATE TABLE gift (id UUID PRIMARY KEY, giver UUID REFERENCES customer (id), to_customer UUID)")
    found = {(row[0], row[1]) for row in await db.fetch(REFERENCES)}
    assert {("gift", "giver"), ("gift", "to_customer")} <= found - {(part.table, part.column) for part in PARTS}


async def test_the_columns_that_are_named_exist(database: str) -> None:
    known = {tuple(row) for row in await db.fetch(COLUMNS)}
    for part in PARTS:
        named = part.erasure.columns if isinstance(part.erasure, Strip) else ()
        named += (part.merge.once or ()) if isinstance(part.merge, Relink) else ()
        assert {(part.table, column) for column in named} <= known, part.table


async def test_what_goes_with_an_import_is_told_in_sql(database: str) -> None:
    for part in PARTS:
        assert isinstance(part.import_undo, Goes | Holds | ByRoom), part.table
        if isinstance(part.import_undo, Goes):
            await db.fetch(f'SELECT FROM "{part.table}" t WHERE NOT ({part.import_undo.alone})')


def fates(part: Part) -> tuple[Fate, ...]:
    return part.merge, part.undo, part.erasure, part.hand_over, part.imports, part.import_undo, part.export


def found(name: str) -> Any:
    module, _, own = name.rpartition(".")
    return getattr(import_module(f"shuke.domains.{module}"), own)


@pytest.mark.parametrize("part", PARTS, ids=lambda part: f"{part.table}.{part.column}")
def test_every_answer_leads_to_a_use_case_or_says_why_there_is_none(part: Part) -> None:
    for fate in fates(part):
        if isinstance(fate, ByRoom | Rebuilt):
            assert callable(found(fate.use_case)), fate
        if isinstance(fate, ByEvent):
            for event, handler in fate.handlers.items():
                assert found(handler) in WIRING[event], fate
        if isinstance(fate, Nothing):
            assert len(fate.because.split()) > 3, fate
