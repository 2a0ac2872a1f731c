"""What a merge did to the rows of two customers, table by table as the registry names them, and the way back.

Rows are taken as JSON, every column of them, so that a column that is added tomorrow takes part without a word.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from shuke.domains.records.rules import merging as rules
from shuke.domains.records.rules.fates import Relink, Restored
from shuke.domains.records.rules.parts import PARTS
from shuke.domains.records.types.merging import Change, Snapshot
from shuke.kit import codec, db

TABLES: Mapping[str, tuple[str, ...]] = {
    table: tuple(part.column for part in PARTS if part.table == table)
    for table in dict.fromkeys(part.table for part in PARTS if isinstance(part.undo, Restored))
}
"""Table -> the columns by which it knows a customer, of those that an undo restores."""

PRIMARY = """
SELECT c.relname, array_agg(a.attname::text ORDER BY array_position(i.indkey, a.attnum)) FROM pg_index i
JOIN pg_class c ON c.oid = i.indrelid JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = ANY(i.indkey)
WHERE i.indisprimary AND c.relname = ANY($1) AND c.relnamespace = 'public'::regnamespace GROUP BY 1
"""
# moments stand in a row's JSON by the session's clock; both ends of the comparison must use one
ONE_CLOCK = "SELECT set_config('TimeZone', 'UTC', true)"
ROWS = 'SELECT to_jsonb(t)::text FROM "{table}" t WHERE {where}'
CURRENT = """
SELECT to_jsonb(t)::text FROM "{table}" t JOIN jsonb_populate_recordset(NULL::"{table}", $1::jsonb) w USING ({key})
FOR UPDATE OF t
"""
SET = """
UPDATE "{table}" t SET {settings} FROM jsonb_populate_recordset(NULL::"{table}", $1::jsonb) w WHERE {same}
"""
REMOVE = 'DELETE FROM "{table}" t USING jsonb_populate_recordset(NULL::"{table}", $1::jsonb) w WHERE {same}'
BRING_BACK = """
INSERT INTO "{table}" SELECT * FROM jsonb_populate_recordset(NULL::"{table}", $1::jsonb) ON CONFLICT DO NOTHING
"""


TWICE = """
DELETE FROM "{table}" t WHERE t."{column}" = $2 AND {alone} AND EXISTS (
  SELECT FROM "{table}" w WHERE w."{column}" = $1 AND {alone} {same})
"""
RELINK = 'UPDATE "{table}" SET "{column}" = $1 WHERE "{column}" = $2'

Rows = dict[rules.Key, dict[str, Any]]


async def relink(winner_id: UUID, loser_id: UUID) -> None:
    """The loser's rows become the winner's in every table where that is all there is to it."""
    for part in PARTS:
        if not isinstance(part.merge, Relink):
            continue
        if part.merge.once is not None:
            same = "".join(f' AND w."{name}" IS NOT DISTINCT FROM t."{name}"' for name in part.merge.once)
            where = {"table": part.table, "column": part.column, "alone": part.merge.alone, "same": same}
            await db.execute(TWICE.format(**where), winner_id, loser_id)
        await db.execute(RELINK.format(table=part.table, column=part.column), winner_id, loser_id)


async def capture(customer_ids: Sequence[UUID]) -> Rows:
    """Every row that knows these customers, in the tables that an undo restores."""
    await db.execute(ONE_CLOCK)
    keys, found = await _keys(), Rows()
    for table, columns in TABLES.items():
        where = " OR ".join(f't."{column}" = ANY($1)' for column in columns)
        for row in await db.fetch(ROWS.format(table=table, where=where), list(customer_ids)):
            values = codec.loads(row[0])
            found[table, codec.dumps([values[name] for name in keys[table]])] = values
    return found


async def snapshot(before: Rows, after: Rows, winner_id: UUID) -> Snapshot:
    """What the merge did between the two, and whose rows were the winner's at its end."""
    keys, hers = await _keys(), str(winner_id)
    changes = [
        Change(table, dict(zip(keys[table], codec.loads(key), strict=True)), old, new)
        for (table, key), old, new in rules.diff(before, after)
    ]
    held: dict[str, list[str]] = defaultdict(list)
    for (table, key), row in after.items():
        if hers in (row[column] for column in TABLES[table]):
            held[table].append(key)
    return Snapshot(tuple(changes), {table: tuple(names) for table, names in held.items()})


async def come_since(taken: Snapshot, winner_id: UUID) -> list[tuple[str, dict[str, Any]]]:
    """The rows (table, columns) that are the winner's now and were not at the merge's end."""
    known = {(table, key) for table, names in taken.held.items() for key in names}
    now = await capture([winner_id])
    return [(table, row) for (table, key), row in now.items() if (table, key) not in known]


async def put_back(taken: Snapshot) -> dict[str, list[str]]:
    """Takes a merge's changes back, column by column; table -> columns that stay as somebody made them since.

    Rows that the merge made go, unless somebody changed them; those that it took away come back. Within a transaction.
    """
    await db.execute(ONE_CLOCK)
    keys, kept = await _keys(), dict[str, list[str]]()
    by_table: dict[str, list[Change]] = defaultdict(list)
    for change in taken.changes:
        by_table[change.table].append(change)
    order = [table for table in TABLES if table in by_table]
    for table in reversed(order):  # what refers to other rows goes before them
        made = [change for change in by_table[table] if change.before is None]
        current = await _current(table, keys[table], made)
        gone = [change.key for change in made if current.get(_key(change, keys[table])) == change.after]
        await _write(REMOVE, table, keys[table], gone)
    for table in order:
        taken_away = [change.before for change in by_table[table] if change.after is None]
        await _write(BRING_BACK, table, keys[table], taken_away)
        changed = [change for change in by_table[table] if change.before is not None and change.after is not None]
        kept[table] = await _restore(table, keys[table], changed)
    return kept


async def _restore(table: str, key: tuple[str, ...], changes: Sequence[Change]) -> list[str]:
    """Sets the columns of changed rows, those with the same columns in one statement."""
    current = await _current(table, key, changes)
    groups: dict[tuple[str, ...], list[dict[str, Any]]] = defaultdict(list)
    stay: list[str] = []
    for change in changes:
        row = current.get(_key(change, key))
        if row is None:
            continue  # it is gone: what is not there belongs to nobody
        values, kept = rules.restored(change, row)
        groups[tuple(sorted(values))].append({**change.key, **values})
        stay += kept
    for names, rows in groups.items():
        settings = ", ".join(f'"{name}" = w."{name}"' for name in names)
        await _write(SET, table, key, rows, settings=settings)
    return stay


async def _current(table: str, key: tuple[str, ...], changes: Sequence[Change]) -> dict[str, dict[str, Any]]:
    """The rows of these changes as they stand, locked."""
    if not changes:
        return {}
    columns = ", ".join(f'"{name}"' for name in key)
    wanted = codec.dumps([change.key for change in changes])
    rows = [codec.loads(row[0]) for row in await db.fetch(CURRENT.format(table=table, key=columns), wanted)]
    return {codec.dumps([row[name] for name in key]): row for row in rows}


async def _write(sql: str, table: str, key: tuple[str, ...], rows: Sequence[Any], **more: str) -> None:
    if rows:
        same = " AND ".join(f't."{name}" = w."{name}"' for name in key)
        await db.execute(sql.format(table=table, same=same, **more), codec.dumps(rows))


def _key(change: Change, names: tuple[str, ...]) -> str:
    return codec.dumps([change.key[name] for name in names])


async def _keys() -> dict[str, tuple[str, ...]]:
    """Table -> the columns of its primary key."""
    return {row[0]: tuple(row[1]) for row in await db.fetch(PRIMARY, list(TABLES))}
