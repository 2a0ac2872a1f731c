"""Somebody is erased: what this room knows of her by rules of its own. The rest goes table by table (records)."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from shuke.domains.customers.service import archive
from shuke.domains.customers.service.completeness import refresh_completeness
from shuke.domains.customers.service.ledger import ledger_open
from shuke.domains.customers.service.search import refresh_search
from shuke.domains.customers.service.suppressions import Number, suppress
from shuke.kit import db

# whoever begins to use one of them with her this moment is waited for
NUMBERS = """
SELECT kind, value FROM customer_identity WHERE brand_id = $1 AND customer_id = ANY($2) ORDER BY id FOR UPDATE
"""
# whether and when she said what stays, for the ledger's totals; in which words goes
STRIP = """
UPDATE consent_entry SET evidence = jsonb_build_object('how', evidence ->> 'how') WHERE customer_id = ANY($1)
"""
ERASE = """
UPDATE customer SET erased_at = $2, guide_id = NULL, version = version + 1, field_versions = '{}', updated_at = $2,
  completeness = 0, problems = '{}'
WHERE id = ANY($1)
"""


async def hold_numbers(brand_id: UUID, customer_ids: Sequence[UUID]) -> list[Number]:
    """What these customers are known by; nobody else comes to use it before the transaction's end."""
    return [(row[0], row[1]) for row in await db.fetch(NUMBERS, brand_id, list(customer_ids))]


async def hand_numbers_on(brand_id: UUID, customer_ids: Sequence[UUID]) -> list[UUID]:
    """What others use with these customers becomes theirs, by the same rule as when she gives it up; who has one now.
    Joins the caller's transaction, which holds all of them and the numbers.
    """
    kinds = sorted({kind for kind, _ in await hold_numbers(brand_id, customer_ids)})
    found = [await archive.hand_on(brand_id, key, kind) for key in customer_ids for kind in kinds]
    heirs = sorted({heir for group in found for heir in group})
    await refresh_search(heirs)
    await refresh_completeness(brand_id, heirs)
    return heirs


async def suppress_numbers(brand_id: UUID, customer_ids: Sequence[UUID], erasure_id: UUID) -> int:
    """Puts down, as keyed hashes, what these customers are known by and nobody else; how many numbers. Call it after
    `hand_numbers_on`, and before they go.
    """
    numbers = await hold_numbers(brand_id, customer_ids)
    return await suppress(brand_id, numbers, erasure_id) if numbers else 0


async def erase(customer_ids: Sequence[UUID], now: datetime) -> None:
    """Leaves of these customers a row that nobody finds, and a ledger without words.

    Joins the caller's transaction, which has taken everything personal off the rows and holds them.
    """
    async with ledger_open("erasing"):
        await db.execute(STRIP, list(customer_ids))
    await db.execute(ERASE, list(customer_ids), now)
    await refresh_search(list(customer_ids))
