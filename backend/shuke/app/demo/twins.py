"""A few archives that may be one person's, so that the queue of duplicates has something to show."""

from uuid import UUID

from shuke.domains.customers import service as customers
from shuke.domains.customers.types import CustomerRow
from shuke.domains.records import service as records
from shuke.kit import db

# of each store's first customers with a name and a number: the eldest and the one entered after her
FIRST = """
SELECT c.store_id, array_agg(c.id ORDER BY c.n), (array_agg(c.name ORDER BY c.n))[1],
  (array_agg(c.value ORDER BY c.n))[1]
FROM (
  SELECT c.store_id, c.id, c.name, i.value, row_number() OVER (PARTITION BY c.store_id ORDER BY i.value) AS n
  FROM customer c JOIN customer_identity i ON i.customer_id = c.id AND i.kind = 'phone'
  WHERE c.brand_id = $1 AND c.name IS NOT NULL) c
WHERE c.n <= 2 GROUP BY 1 HAVING count(*) = 2 ORDER BY 4 LIMIT $2
"""
PAIRS = 6


async def twin(brand_id: UUID) -> None:
    """Some customers were entered twice: by the same name, and a number with one digit mistyped."""
    ids: list[UUID] = []
    for store, (_, second), name, phone in await db.fetch(FIRST, brand_id, PAIRS):
        mistyped = phone[:-1] + str((int(phone[-1]) + 5) % 10)
        rows = [CustomerRow(store, id=second, name=name, phone=mistyped, raw_phone=mistyped)]
        await customers.upsert_many(brand_id, rows)
        ids.append(second)
    await records.look_for_duplicates(brand_id, ids)
