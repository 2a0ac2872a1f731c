"""Reads: this room's answer to where a field is used."""

from shuke.domains.customers.types.profile import Field, FieldPlace, FieldUse
from shuke.domains.identity.types import Actor
from shuke.domains.records.rules.exports import OWN
from shuke.domains.records.rules.fields import CUSTOM
from shuke.kit import clock, db

MAPPED = "SELECT DISTINCT columns ->> $2 FROM import_mapping WHERE brand_id = $1 AND columns ? $2 ORDER BY 1"
# those that are still to be written, and those whose file can still be fetched
TAKEN_OUT = """
SELECT j.wish ->> 'reason' FROM export_job j LEFT JOIN stored_file f ON f.id = j.file_id AND f.expires_at > $3
WHERE j.brand_id = $1 AND j.wish -> 'fields' ? $2 AND (j.state IN ('waiting', 'running') OR f.id IS NOT NULL)
ORDER BY j.id DESC
"""


async def field_uses(actor: Actor, field: Field) -> list[FieldUse]:
    """Headings of columns that saved mappings lead to it; exports for which it was chosen, by what they are for."""
    column = field.key if field.built_in else f"{CUSTOM}{field.key}"
    mapped = await db.fetch(MAPPED, actor.brand_id, column)
    chosen = field.key if field.built_in else f"{OWN}{field.key}"
    exports = await db.fetch(TAKEN_OUT, actor.brand_id, chosen, clock.now())
    told = ((FieldPlace.IMPORT_MAPPING, mapped), (FieldPlace.EXPORT, exports))
    return [FieldUse(place, row[0]) for place, rows in told for row in rows]
