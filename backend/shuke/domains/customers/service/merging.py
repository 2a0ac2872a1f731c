"""Two archives of one person become one: the loser's row stays and leads to the winner for ever."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from shuke.kit import codec, db

HOLD = "SELECT id FROM customer WHERE brand_id = $1 AND id = ANY($2) ORDER BY id FOR UPDATE"
# The version stands above both, so that what a phone says of the loser's older versions is told apart from hers.
WIN = """
UPDATE customer c SET version = greatest(c.version, l.version) + 1, updated_at = $4,
  field_versions = c.field_versions || (SELECT coalesce(jsonb_object_agg(f, greatest(c.version, l.version) + 1), '{{}}')
    FROM jsonb_array_elements_text($5) AS f){settings}
FROM customer l WHERE c.brand_id = $1 AND c.id = $2 AND l.id = $3
"""
LOSE = """
UPDATE customer SET merged_into_id = $2, updated_at = $4
WHERE brand_id = $1 AND (id = $3 OR merged_into_id = $3)
"""


async def hold_customers(brand_id: UUID, ids: Sequence[UUID]) -> None:
    """Locks customers in the order of their ids until the transaction's end; nothing that refers to them is written
    meanwhile.
    """
    await db.fetch(HOLD, brand_id, list(ids))


async def absorb(
    brand_id: UUID, winner_id: UUID, loser_id: UUID, values: Mapping[str, Any], fields: Sequence[str], now: datetime
) -> None:
    """The loser leads to the winner, and so do those who led to the loser: an id is one step from its winner, however
    often they were merged. `values`: columns of the winner that become something else; `fields`: what is shown of her
    otherwise than before.

    Joins the caller's transaction, which holds both.
    """
    settings = "".join(f", {name} = ${place}" for place, name in enumerate(values, 6))
    changed = codec.dumps(sorted(fields))
    await db.execute(WIN.format(settings=settings), brand_id, winner_id, loser_id, now, changed, *values.values())
    await db.execute(LOSE, brand_id, winner_id, loser_id, now)
