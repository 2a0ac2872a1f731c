"""Two archives of one person become one: the loser's row stays and leads to the winner for ever."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from shuke.kit import codec, db
from shuke.kit.ids import new_id

SHARED = "FOR KEY SHARE"
"""A lock that keeps merges away, and nobody else."""

STANDING = """
SELECT c.id, c.merged_into_id FROM customer asked JOIN customer c ON c.id = coalesce(asked.merged_into_id, asked.id)
WHERE asked.brand_id = $1 AND asked.id = $2 {lock} OF c
"""
HOLD_CHILDREN = "SELECT id FROM dependant WHERE customer_id = ANY($1) ORDER BY id FOR NO KEY UPDATE"
# of a child that both archives have, one is enough
JOIN_CHILDREN = """
UPDATE dependant d SET removed_at = $3, updated_at = $3 WHERE d.customer_id = $2 AND d.removed_at IS NULL AND EXISTS (
  SELECT FROM dependant h WHERE h.customer_id = $1 AND h.removed_at IS NULL AND h.born_on = d.born_on
    AND lower(replace(normalize(h.name, NFKC), ' ', '')) = lower(replace(normalize(d.name, NFKC), ' ', '')))
"""
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
GIVE_BACK = """
UPDATE customer c SET version = c.version + 1,
  field_versions = c.field_versions || (SELECT coalesce(jsonb_object_agg(f, c.version + 1), '{}')
    FROM jsonb_array_elements_text($3) AS f)
WHERE c.brand_id = $1 AND c.id = ANY($2)
"""
# nobody uses her own number with herself, and no store needs leave for a customer of its own
NOT_HERSELF = """
DELETE FROM identity_contact x USING customer_identity i
WHERE i.id = x.identity_id AND i.customer_id = $1 AND x.customer_id = $1
"""
NOT_AT_HOME = """
DELETE FROM customer_share x USING customer c WHERE c.id = $1 AND x.customer_id = $1 AND x.store_id = c.store_id
"""
# the store that knew the loser goes on knowing her
SHARE = """
INSERT INTO customer_share (id, brand_id, customer_id, store_id, created_at, updated_at)
SELECT $3, c.brand_id, c.id, l.store_id, $4, $4 FROM customer c JOIN customer l ON l.id = $2
WHERE c.id = $1 AND l.store_id <> c.store_id ON CONFLICT DO NOTHING
"""
SHOW_PHONE = """
UPDATE customer_identity SET chosen_at = $3 WHERE id = $2 AND customer_id = $1
"""


async def standing(brand_id: UUID, customer_id: UUID, lock: str = SHARED) -> UUID | None:
    """The customer as whom this id stands now, herself or whom she was merged into, and until the transaction's end:
    whoever merges her meanwhile waits. None: there is none.
    """
    while row := await db.fetch_row(STANDING.format(lock=lock), brand_id, customer_id):
        if row[1] is None:
            key: UUID = row[0]
            return key
        # she was merged the moment that this waited for
    return None


async def hold_customers(brand_id: UUID, ids: Sequence[UUID]) -> None:
    """Locks customers in the order of their ids, after their children as edits of these do; until the transaction's
    end nothing that refers to them is written.
    """
    await db.fetch(HOLD_CHILDREN, list(ids))
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
    await db.execute(JOIN_CHILDREN, winner_id, loser_id, now)


async def settle_merged(winner_id: UUID, loser_id: UUID, shown_phone: UUID | None, now: datetime) -> None:
    """Once both know what either knew: her numbers are no relative's, the loser's store goes on seeing her, and this
    number (its id) is the one that is shown. Joins the caller's transaction.
    """
    await db.execute(NOT_HERSELF, winner_id)
    await db.execute(NOT_AT_HOME, winner_id)
    await db.execute(SHARE, winner_id, loser_id, new_id(), now)
    if shown_phone:
        await db.execute(SHOW_PHONE, winner_id, shown_phone, now)


async def give_back(brand_id: UUID, ids: Sequence[UUID], fields: Sequence[str]) -> None:
    """Counts the versions on after a merge was taken back: whoever still has the merged archive before her, and edits
    it, is told that it says something else now. Joins the caller's transaction.
    """
    await db.execute(GIVE_BACK, brand_id, list(ids), codec.dumps([*fields, "phone"]))
