"""Reads: exports of the caller's own, and the columns that she may take out."""

from typing import Any
from uuid import UUID

import msgspec

from shuke.domains.customers import queries as customers
from shuke.domains.customers.types.profile import Field
from shuke.domains.identity.service import allow
from shuke.domains.identity.types import Actor
from shuke.domains.records.rules import exports as rules
from shuke.domains.records.types import ExportJob, ExportState, ExportWish
from shuke.kit import clock, codec, db
from shuke.kit.errors import ErrorCode, Refusal

# the file's own row tells whether it can still be fetched
EXPORTS = """
SELECT j.id, j.wish, j.state, j.staff_id, s.name, j.created_at, j.ended_at, j.rows, j.rows_total, f.id, f.name, f.size,
  f.expires_at, j.problem
FROM export_job j JOIN staff s ON s.id = j.staff_id
LEFT JOIN stored_file f ON f.id = j.file_id AND f.expires_at > $3
WHERE j.brand_id = $1 AND j.staff_id = $2
"""

_problem = msgspec.json.Decoder(tuple[str, dict[str, Any]])


async def offered(actor: Actor) -> dict[str, Field | None]:
    """Keys of the columns that the caller may take out, in order, with the field of head office's own."""
    document = (await customers.latest(actor.brand_id)).document
    return rules.columns(document, customers.roles_at(actor) or frozenset())


async def export_columns(actor: Actor, locale: str) -> list[tuple[str, str, bool]]:
    """The same as key, heading in this language, whether it is a field of head office's own."""
    allow(actor, "exportColumns")
    return [
        (key, rules.heading(key, field, locale), field is not None) for key, field in (await offered(actor)).items()
    ]


async def export(actor: Actor, export_id: UUID) -> ExportJob:
    """One export that the caller asked for. Raises Refusal FORBIDDEN, NOT_FOUND (somebody else's, too)."""
    allow(actor, "export")
    rows = await db.fetch(f"{EXPORTS} AND j.id = $4", actor.brand_id, actor.id, clock.now(), export_id)
    if not rows:
        raise Refusal(ErrorCode.NOT_FOUND, "id")
    return _job(rows[0])


async def exports(actor: Actor, first: int, after: UUID | None) -> list[ExportJob]:
    """What the caller asked for, the newest first; one more than asked for if there are more."""
    allow(actor, "exports")
    sql = f"{EXPORTS} AND ($4::uuid IS NULL OR j.id < $4) ORDER BY j.id DESC LIMIT $5"
    return [_job(row) for row in await db.fetch(sql, actor.brand_id, actor.id, clock.now(), after, first + 1)]


def _job(row: Any) -> ExportJob:
    last: list[Any] = [*row[3:13], _problem.decode(row[13]) if row[13] else None]
    return ExportJob(row[0], codec.load(row[1], ExportWish), ExportState(row[2]), *last)
